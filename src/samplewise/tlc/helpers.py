"""What the contract calls helpers."""

from collections.abc import Callable
from typing import TypeVar

from samplewise.schema.color import hex_of, rgb_of
from samplewise.tables import Table
from samplewise.tables.skeleton import (
    KEYPOINTS,
    flip_indices_of,
    joint_attributes_of,
    line_attributes_of,
    lines_of,
    oks_sigmas_of,
    points_of,
)

Value = TypeVar("Value")


def _name_column(read: Callable[[Table, str], Value]) -> Callable[..., Value]:
    def read_column(
        table: Table, label_column_name: str = KEYPOINTS, *, column: str | None = None
    ) -> Value:
        return read(table, column or label_column_name)

    read_column.__doc__ = read.__doc__
    return read_column


class KeypointHelper:
    """The skeleton of a Table's column of keypoints, see `samplewise.tables.skeleton`."""

    get_oks_sigmas_from_table = staticmethod(_name_column(oks_sigmas_of))
    get_flip_indices_from_table = staticmethod(_name_column(flip_indices_of))
    get_lines_from_table = staticmethod(_name_column(lines_of))
    get_points_from_table = staticmethod(_name_column(points_of))
    get_keypoint_attributes_from_table = staticmethod(_name_column(joint_attributes_of))
    get_line_attributes_from_table = staticmethod(_name_column(line_attributes_of))


class ColorHelper:
    """Colours as texts and as numbers, see `samplewise.schema.color`."""

    hex_to_rgb = staticmethod(rgb_of)
    rgb_to_hex = staticmethod(hex_of)
    hex_to_rgb_tuple = staticmethod(rgb_of)
    rgb_tuple_to_hex = staticmethod(hex_of)
