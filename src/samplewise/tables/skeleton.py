"""What the schema of a column of keypoints says of its skeleton."""

from samplewise.errors import InvalidArgumentError
from samplewise.schema import Keypoints2DSchema, MapElement
from samplewise.schema.color import rainbow
from samplewise.tables.table import Table

KEYPOINTS = "keypoints_2d"


def oks_sigmas_of(table: Table, column: str = KEYPOINTS) -> list[float] | None:
    """Tolerance of each joint in COCO's OKS, `k` fractions; None where the schema has none.

    Raises:
        ColumnNotFoundError: The Table has no such column.
        InvalidArgumentError: It does not hold keypoints.
    """
    return list(_schema(table, column).oks_sigmas) or None


def flip_indices_of(table: Table, column: str = KEYPOINTS) -> list[int] | None:
    """Joint that takes each joint's place in a mirrored image; None where the schema has none.

    Raises:
        ColumnNotFoundError: The Table has no such column.
        InvalidArgumentError: It does not hold keypoints.
    """
    return list(_schema(table, column).flip_indices) or None


def lines_of(table: Table, column: str = KEYPOINTS) -> list[tuple[int, int]]:
    """Lines between joints, as pairs of 0-based joint indices.

    Raises:
        ColumnNotFoundError: The Table has no such column.
        InvalidArgumentError: It does not hold keypoints.
    """
    return [(start, stop) for start, stop in _schema(table, column).skeleton]


def joint_attributes_of(table: Table, column: str = KEYPOINTS) -> list[MapElement]:
    """Name and colour of each joint; colours that the schema does not name are chosen.

    Raises:
        ColumnNotFoundError: The Table has no such column.
        InvalidArgumentError: It does not hold keypoints.
    """
    schema = _schema(table, column)
    count = schema.num_joints
    names = schema.joint_names if len(schema.joint_names) == count else map(str, range(count))
    return _attributes(list(names), list(schema.point_colors))


def line_attributes_of(table: Table, column: str = KEYPOINTS) -> list[MapElement]:
    """Name (`left_knee-left_foot` without one) and colour of each line; colours as for joints.

    Raises:
        ColumnNotFoundError: The Table has no such column.
        InvalidArgumentError: It does not hold keypoints.
    """
    schema, lines = _schema(table, column), lines_of(table, column)
    joints = [joint.internal_name for joint in joint_attributes_of(table, column)]
    names = [f"{joints[start]}-{joints[stop]}" for start, stop in lines]
    if len(schema.line_names) == len(lines):
        names = list(schema.line_names)
    return _attributes(names, list(schema.line_colors))


def points_of(table: Table, column: str = KEYPOINTS) -> list[float] | None:
    """Where a drawing of the skeleton has each joint, flat `x, y`; None where the schema has none.

    Raises:
        ColumnNotFoundError: The Table has no such column.
        InvalidArgumentError: It does not hold keypoints.
    """
    return list(_schema(table, column).points) or None


def _attributes(names: list[str], colors: list[str]) -> list[MapElement]:
    shown = colors if len(colors) == len(names) else rainbow(len(names))
    return [MapElement(name, display_color=color) for name, color in zip(names, shown, strict=True)]


def _schema(table: Table, column: str) -> Keypoints2DSchema:
    name = column.partition(".")[0]
    schema = table.schema[name]
    if not isinstance(schema, Keypoints2DSchema):
        raise InvalidArgumentError(
            f"column `{name}` of table `{table.name}` must hold keypoints, but is {schema.kind}.",
            hint="name the column of keypoints",
        )
    return schema
