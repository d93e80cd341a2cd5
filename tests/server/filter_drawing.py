"""Filters at random over the store of `filter_store.py`, and what they mean: loops in plain Python.

A new kind of filter gets a strategy and a meaning here, and is then tested everywhere.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from hypothesis import strategies as st

# What single precision holds: the browser's columns have no more digits.
EIGHTHS = st.integers(-20, 30).map(lambda i: i / 8)
NUMBERS = ["f1", "hits", "weight", "place.0", "bbs.count", "bbs_predicted.count", "example_id"]
IDS = st.sampled_from([3, 7, 12])
PLACES = ["place.0", "place.1", "place.2", "f1", "hits"]
CORNERS = st.lists(st.tuples(EIGHTHS, EIGHTHS), min_size=3, max_size=7)
FACTORS = st.tuples(*[st.floats(-3, 3, allow_nan=False)] * 3)
WORDS = st.sampled_from(
    ["0001", "val", "%", "'; drop table hot; --", "\\", '"cat"', "it's_a", "é", "犬;[x]=1", "ß", ""]
)


def _kind(kind: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"kind": st.just(kind), **fields})


def _one_of(column: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return _kind(
        "one_of",
        column=st.just(column),
        values=st.lists(st.none() | values, max_size=4),
    )


def _instances(
    column: str, path: str, ids: st.SearchStrategy[int], *, is_sure: bool = True
) -> st.SearchStrategy[dict[str, Any]]:
    return _kind(
        "instances",
        column=st.just(column),
        property=st.just(path),
        values=st.lists(st.none() | ids, max_size=3),
        confidence=st.none() | EIGHTHS if is_sure else st.none(),
    )


SIMPLE: Mapping[str, st.SearchStrategy[dict[str, Any]]] = {
    "range": _kind(
        "range",
        column=st.sampled_from(NUMBERS),
        low=st.none() | EIGHTHS,
        high=st.none() | EIGHTHS,
    ),
    "one_of": _one_of("hits", st.integers(0, 6))
    | _one_of("f1", EIGHTHS)
    | _one_of("place.1", EIGHTHS)
    | _one_of("group", IDS)
    | _one_of("flag", st.booleans())
    | _one_of("name", WORDS | st.sampled_from(["0001_VAL", "null", "50%", "Straße"])),
    "text": _kind("text", column=st.sampled_from(["name", "split"]), contains=WORDS),
    "instances": _instances("bbs", "label", IDS, is_sure=False)
    | _instances("bbs_predicted", "label", IDS)
    | _instances("bbs_predicted", "error_kind", st.integers(0, 3))
    | _instances("truth_kind", "", st.integers(0, 2), is_sure=False),
    "polygon": _kind(
        "polygon", x=st.sampled_from(PLACES), y=st.sampled_from(PLACES), points=CORNERS
    ),
    "projected": _kind(
        "projected",
        x=st.sampled_from(PLACES),
        y=st.sampled_from(PLACES),
        z=st.sampled_from(PLACES),
        across=FACTORS,
        up=FACTORS,
        points=CORNERS,
    ),
    # An address has them in order, each once.
    "rows": _kind(
        "rows", example_ids=st.lists(st.integers(0, 99), max_size=9).map(set).map(sorted)
    ),
    "confusion": _kind(
        "confusion", truth=st.none() | IDS, predicted=st.none() | IDS, confidence=EIGHTHS.map(abs)
    ),
}
simple = st.sampled_from(sorted(SIMPLE)).flatmap(SIMPLE.__getitem__)
COMPOUND: Mapping[str, st.SearchStrategy[dict[str, Any]]] = {
    "not": _kind("not", filter=simple | _kind("not", filter=simple)),
    "all": _kind("all", filters=st.lists(simple | _kind("not", filter=simple), max_size=3))
    | _kind("all", filters=st.lists(SIMPLE["instances"], min_size=2, max_size=4)),
}
BY_KIND = {**SIMPLE, **COMPOUND}


def parts(each: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The filters that a filter is made of."""
    return each["filters"] if "filters" in each else [each["filter"]] if "filter" in each else []


def leaves(each: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A filter and all inside of it that are made of none."""
    for part in parts(each):
        yield from leaves(part)
    if not parts(each):
        yield each


def joint(filters: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Conditions on one object, among filters and inside of them, each group as one filter."""
    by_column: dict[str, list[Mapping[str, Any]]] = {}
    for each in filters:
        yield from joint(parts(each))
        if each["kind"] == "instances":
            by_column.setdefault(each["column"], []).append(each)
    for group in by_column.values():
        if len(group) > 1:
            yield {"kind": "all", "filters": group}


def is_taken(row: Mapping[str, Any], each: Mapping[str, Any]) -> bool:
    """Whether a filter takes a row."""
    return MEANING[each["kind"]](row, each)


def _value(row: Mapping[str, Any], name: str) -> Any:
    """NaN is missing, as null is."""
    whole, _, element = name.partition(".")
    value = row[whole]
    if element:
        value = value and (len(value["instances"]) if element == "count" else value[int(element)])
    return None if isinstance(value, float) and math.isnan(value) else value


def _in_range(row: Mapping[str, Any], each: Mapping[str, Any]) -> bool:
    value = _value(row, each["column"])
    low, high = each["low"], each["high"]
    return value is not None and (low is None or value >= low) and (high is None or value <= high)


def _in_polygon(row: Mapping[str, Any], each: Mapping[str, Any]) -> bool:
    return _is_inside(_value(row, each["x"]), _value(row, each["y"]), each["points"])


def _is_projected(row: Mapping[str, Any], each: Mapping[str, Any]) -> bool:
    place = [_value(row, each[axis]) for axis in "xyz"]
    if None in place:
        return False
    with np.errstate(invalid="ignore"):
        across, up = (np.cumsum(np.multiply(each[by], place))[-1] for by in ("across", "up"))
    return _is_inside(float(across), float(up), each["points"])


def _is_inside(x: float | None, y: float | None, corners: Sequence[tuple[float, float]]) -> bool:
    """Edge by edge; corners lie where columns do, so a point on an edge must count as theirs do."""
    if x is None or y is None or not math.isfinite(x) or not math.isfinite(y):
        return False
    lows, highs = np.min(corners, axis=0), np.max(corners, axis=0)
    if not (lows[0] <= x <= highs[0] and lows[1] <= y <= highs[1]):
        return False
    odd = False
    for (x0, y0), (x1, y1) in zip(corners, [corners[-1], *corners[:-1]], strict=True):
        if (y0 > y) != (y1 > y):
            run, rise = (x1 - x0) * (y - y0), (x - x0) * (y1 - y0)
            odd ^= rise < run if y1 > y0 else rise > run
    return odd


def _chosen(row: Mapping[str, Any], each: Mapping[str, Any]) -> list[bool]:
    """Which instances of a row are such."""
    value = row[each["column"]]
    if value is None:
        return []
    if not each["property"]:
        return [item in each["values"] for item in value]
    properties = value["instances_additional_data"]
    least = each["confidence"]
    sure = [1.0] * len(value["instances"]) if least is None else properties["confidence"]
    pairs = zip(properties[each["property"]], sure, strict=True)
    return [
        item in each["values"] and (least is None or (c is not None and c >= least))
        for item, c in pairs
    ]


def _all_hold(row: Mapping[str, Any], each: Mapping[str, Any]) -> bool:
    """Conditions on one column are about one and the same instance."""
    on: dict[str, list[list[bool]]] = {}
    for one in each["filters"]:
        if one["kind"] == "instances":
            on.setdefault(one["column"], []).append(_chosen(row, one))
        elif not is_taken(row, one):
            return False
    return all(any(map(all, zip(*chosen, strict=True))) for chosen in on.values())


def _is_confused(row: Mapping[str, Any], each: Mapping[str, Any]) -> bool:
    """A label and a prediction in one cell of the grid are a pair, others stand alone."""
    least = each["confidence"]
    truth, predicted = _cells(row["bbs"], 0), _cells(row["bbs_predicted"], least)
    pairs = [(truth.get(cell), predicted.get(cell)) for cell in truth.keys() | predicted.keys()]
    return (each["truth"], each["predicted"]) in pairs


def _cells(boxes: Mapping[str, Any] | None, least: float) -> dict[float, Any]:
    if boxes is None:
        return {}
    properties = boxes["instances_additional_data"]
    sure = properties.get("confidence") or [1.0] * len(boxes["instances"])
    return {
        box["x_min"]: label
        for box, label, c in zip(boxes["instances"], properties["label"], sure, strict=True)
        if least == 0 or (c is not None and c >= least)
    }


MEANING = {
    "range": _in_range,
    "one_of": lambda row, each: _value(row, each["column"]) in each["values"],
    "text": lambda row, each: (
        row[each["column"]] is not None and each["contains"].lower() in row[each["column"]].lower()
    ),
    "instances": lambda row, each: any(_chosen(row, each)),
    "polygon": _in_polygon,
    "projected": _is_projected,
    "rows": lambda row, each: row["example_id"] in each["example_ids"],
    "confusion": _is_confused,
    "all": _all_hold,
    "not": lambda row, each: not is_taken(row, each["filter"]),
}
