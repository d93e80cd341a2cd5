"""How often each class occurs in a table."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from samplewise.records.stored_table import StoredTable
from samplewise.schema import CategoricalLabelSchema, ColumnSchema, ListSchema
from samplewise.schema.value_map import ValueMap
from samplewise.tables import Table


@dataclass(frozen=True)
class ClassBalance:
    """Counts of the classes of one column.

    Args:
        path: Such as `label` or `bbs.instances_additional_data.label`.
        counts: Class id (None: no label), its name and how often it occurs; the frequent ones
            first. Classes that never occur are there with 0.
    """

    path: str
    counts: list[tuple[int | None, str, int]]

    @property
    def total(self) -> int:
        """How many labels there are."""
        return sum(count for *_, count in self.counts)

    def to_json(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "path": self.path,
            "classes": [
                {"id": label, "name": name, "count": count} for label, name, count in self.counts
            ],
        }


def class_balances(table: Table) -> list[ClassBalance]:
    """One for each column that has classes, in the order of the columns."""
    return [
        _balance(table, path, value_map, is_list=is_list)
        for path, value_map, is_list in label_columns(table)
    ]


def label_columns(table: Table | StoredTable) -> Iterator[tuple[str, ValueMap, bool]]:
    """Paths of all labels of a table, their classes, and whether a row has a list of them."""
    for name, column in table.schema.items():
        yield from _labels(name, column)


def _labels(name: str, column: ColumnSchema) -> Iterator[tuple[str, ValueMap, bool]]:
    if isinstance(column, CategoricalLabelSchema):
        yield name, column.value_map or {}, False
    elif isinstance(column, ListSchema) and isinstance(column.item, CategoricalLabelSchema):
        yield name, column.item.value_map or {}, True
    else:
        for key, child in column.children.items():
            if isinstance(child, CategoricalLabelSchema):
                yield f"{name}.{key}", child.value_map or {}, True


def _balance(table: Table, path: str, value_map: ValueMap, *, is_list: bool) -> ClassBalance:
    column, _, rest = path.partition(".")
    value = f"r.{_quote(column)}" + "".join(f".{_quote(part)}" for part in rest.split(".") if part)
    each = f"unnest({value})" if is_list else value
    answer = table.sql(
        f"select label, count(*) as n from (select {each} as label from rows r) group by label"  # noqa: S608
    ).to_pylist()
    found = {row["label"]: row["n"] for row in answer}
    found = {**dict.fromkeys(value_map, 0), **found}
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0] is None, item[0]))
    return ClassBalance(path, [(label, _name_of(label, value_map), n) for label, n in ordered])


def _name_of(label: int | None, value_map: ValueMap) -> str:
    if label is None:
        return "(no label)"
    return str(value_map[label]) if label in value_map else str(label)


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
