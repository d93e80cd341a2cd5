"""Label issues turned into edits: each takes the suggestion, if the label is still what it was."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from samplewise.errors import InvalidArgumentError
from samplewise.metrics.boxes import pairwise_iou
from samplewise.records.box_issues import find_label_column
from samplewise.records.class_issues import find_class_column
from samplewise.records.revision import ancestors
from samplewise.records.stored_table import StoredTable
from samplewise.records.suspects import check_kinds
from samplewise.schema.ragged import ADDITIONAL, EXTENT, LABEL

INSTANCES = "instances"
_SAME_OBJECT = 0.5  # IoU
_NEEDED = ("table_id", "example_id", "kind", "score", "label_index", "label", "box")
_SUGGESTIONS = ("suggested_label", "suggested_box")


@dataclass
class LabelFixes:
    """What to change.

    Args:
        column: Column of labels.
        values: New values in stored form by row.
        made: How many fixes by kind.
        changed_since: How many suspects are about labels that are not there any more as they were.
    """

    column: str
    values: dict[int, Any] = field(default_factory=dict)
    made: Counter[str] = field(default_factory=Counter)
    changed_since: int = 0


def plan_fixes(
    table: StoredTable, issues: pa.Table, kinds: Collection[str] | None, min_score: float
) -> LabelFixes:
    """The edits that follow the suggestions of some suspects.

    Args:
        table: Whose rows they are about.
        issues: As of `Run.label_issues`, or some of its rows.
        kinds: Which kinds; None for all.
        min_score: Least score.

    Raises:
        InvalidArgumentError: They are no label issues, or about another table.
    """
    check_kinds(kinds)
    if not isinstance(issues, pa.Table):
        raise InvalidArgumentError(
            f"`issues` must be an Arrow table, but is a {type(issues).__name__}.",
            hint="pass run.label_issues(), or some of its rows",
        )
    lacking = [n for n in (*_NEEDED, *_SUGGESTIONS) if n not in issues.column_names]
    if lacking:
        raise InvalidArgumentError(
            f"`issues` must be label issues, but lack the column `{lacking[0]}`.",
            hint="pass run.label_issues(), or some of its rows",
        )
    by_row, lost = _by_row_of(table, issues, kinds, min_score)
    if not by_row:
        return LabelFixes("", changed_since=lost)
    are_boxes = any(s["box"] or s["suggested_box"] for part in by_row.values() for s in part)
    fixes = LabelFixes(find_label_column(table) if are_boxes else find_class_column(table))
    fixes.changed_since = lost
    rows = sorted(by_row)
    stored = table.take(rows, [fixes.column]).column(0).to_pylist()
    for row, value in zip(rows, stored, strict=True):
        fix = _fix_boxes if are_boxes else _fix_class
        fixed = fix(value, by_row[row], fixes)
        if fixed is not None:
            fixes.values[row] = fixed
    return fixes


def _by_row_of(
    table: StoredTable, issues: pa.Table, kinds: Collection[str] | None, min_score: float
) -> tuple[dict[int, list[Mapping[str, Any]]], int]:
    """Suspects by the row that they are about, and how many are about rows that are gone.

    Raises:
        InvalidArgumentError: They are about other tables, or about a revision that is gone.
    """
    places: dict[str, np.ndarray] = {}
    by_row: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    lost = 0
    for suspect in issues.select([*_NEEDED, *_SUGGESTIONS]).to_pylist():
        if suspect["score"] < min_score or (kinds is not None and suspect["kind"] not in kinds):
            continue
        found_on = suspect["table_id"]
        if found_on not in places:
            places[found_on] = _places(table, found_on)
        there, number = places[found_on], suspect["example_id"]
        row = int(there[number]) if number is not None and 0 <= number < len(there) else -1
        if row < 0:
            lost += 1
        else:
            by_row[row].append(suspect)
    return by_row, lost


def _places(table: StoredTable, found_on: str | None) -> np.ndarray:
    """Where each row of the table that issues were found on is now; -1 for one that is gone."""
    if found_on == table.id:
        return np.arange(len(table))
    earlier = next((each for each in ancestors(table) if each.id == found_on), None)
    if earlier is None:
        raise InvalidArgumentError(
            f"`issues` must be about `{table.name}` or a revision that it was made of, but some "
            "are about another table.",
            hint="pass run.label_issues(table), of the table that the run collected on",
        )
    then, now = earlier.reader.row_numbers(), table.reader.row_numbers()
    order = np.argsort(now)
    found = np.searchsorted(now[order], then).clip(max=max(len(now) - 1, 0))
    if not len(now):
        return np.full(len(then), -1)
    return np.where(now[order][found] == then, order[found], -1)


def _fix_boxes(
    value: dict[str, Any] | None, suspects: list[Mapping[str, Any]], fixes: LabelFixes
) -> dict[str, Any] | None:
    """The labels of one image after the fixes; None where there are none to make."""
    if value is None:
        fixes.changed_since += len(suspects)
        return None
    boxes = [dict(box) for box in value[INSTANCES]]
    properties = {name: list(values) for name, values in value[ADDITIONAL].items()}
    before, gone = sum(fixes.made.values()), set()
    for suspect in suspects:
        kind, place = suspect["kind"], suspect["label_index"]
        if kind == "missing":
            box = _inside(suspect["suggested_box"], value)
            if _has_label(suspect["suggested_label"], box, boxes, properties[LABEL]):
                fixes.changed_since += 1
                continue
            boxes.append(box)
            for name, values in properties.items():
                values.append(suspect["suggested_label"] if name == LABEL else None)
        elif not _is_still(suspect, boxes, properties[LABEL]):
            fixes.changed_since += 1
            continue
        elif kind == "wrong_class":
            properties[LABEL][place] = suspect["suggested_label"]
        elif kind == "badly_placed":
            boxes[place] = _inside(suspect["suggested_box"], value)
        else:
            gone.add(place)
        fixes.made[kind] += 1
    if sum(fixes.made.values()) == before:
        return None
    kept = [i for i in range(len(boxes)) if i not in gone]
    return {
        **value,
        INSTANCES: [boxes[i] for i in kept],
        ADDITIONAL: {name: [values[i] for i in kept] for name, values in properties.items()},
    }


def _fix_class(
    value: int | None, suspects: list[Mapping[str, Any]], fixes: LabelFixes
) -> int | None:
    (suspect,) = suspects[:1]
    if suspect["suggested_label"] is None:
        return None  # the label is doubted, and no other class is likelier
    if value != suspect["label"]:
        fixes.changed_since += 1
        return None
    fixes.made[suspect["kind"]] += 1
    return suspect["suggested_label"]


def _has_label(label: int, box: Mapping[str, float], boxes: list, labels: list) -> bool:
    """Whether an object has got its label meanwhile: a box of its class that is mostly the same."""
    same = [
        list(each.values()) for each, known in zip(boxes, labels, strict=True) if known == label
    ]
    overlap = pairwise_iou(np.array([list(box.values())]), np.reshape(same, (-1, 4)))
    return bool((overlap >= _SAME_OBJECT).any())


def _is_still(suspect: Mapping[str, Any], boxes: list, labels: list) -> bool:
    place = suspect["label_index"]
    suggestion = {"wrong_class": "suggested_label", "badly_placed": "suggested_box"}
    name = suggestion.get(suspect["kind"])
    return (
        place is not None
        and place < len(boxes)
        and boxes[place] == suspect["box"]
        and labels[place] == suspect["label"]
        and (name is None or suspect[name] is not None)
    )


def _inside(box: Mapping[str, float], value: Mapping[str, Any]) -> dict[str, float]:
    """A predicted box, cut at the edges of its image."""
    low = {"x": value[EXTENT[0]], "y": value[EXTENT[1]]}
    high = {"x": value[EXTENT[2]], "y": value[EXTENT[3]]}

    def cut(side: str, number: float) -> float:
        least, most = low[side[0]], high[side[0]]
        inside = number if least is None else max(number, least)
        return inside if most is None else min(inside, most)

    return {side: cut(side, number) for side, number in box.items()}
