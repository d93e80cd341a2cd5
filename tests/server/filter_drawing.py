"""Filters at random, and what they mean: a loop over rows as plain Python."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from hypothesis import strategies as st

NUMBER = st.floats(-5, 70, allow_nan=False) | st.integers(-2, 30)
NUMBERS = [
    "f1",
    "true_positives",
    "ap_50_95",
    "embedding_pca.0",
    "bbs.count",
    "width",
    "example_id",
]
LABELS = st.lists(st.sampled_from([3, 7, 12, 18, 31, 44, None]), min_size=1, max_size=4)

ranges = st.fixed_dictionaries(
    {
        "kind": st.just("range"),
        "column": st.sampled_from(NUMBERS),
        "low": st.none() | NUMBER,
        "high": st.none() | NUMBER,
    }
)
one_of = st.fixed_dictionaries(
    {
        "kind": st.just("one_of"),
        "column": st.sampled_from(["true_positives", "epoch", "image_id"]),
        "values": st.lists(st.none() | st.integers(0, 6), max_size=4),
    }
)
texts = st.fixed_dictionaries(
    {
        "kind": st.just("text"),
        "column": st.sampled_from(["image", "split"]),
        "contains": st.sampled_from(
            ["0001", "VAL", "%", "'; drop table hot; --", "\\", '"""', "é"]
        ),
    }
)
instances = st.fixed_dictionaries(
    {
        "kind": st.just("instances"),
        "column": st.sampled_from(["bbs", "bbs_predicted"]),
        "property": st.just("label"),
        "values": LABELS,
    }
) | st.fixed_dictionaries(
    {
        "kind": st.just("instances"),
        "column": st.just("bbs_predicted"),
        "property": st.sampled_from(["label", "error_kind"]),
        "values": st.lists(st.sampled_from([0, 1, 2, 5, 3, 7, None]), max_size=3),
        "confidence": st.none() | st.floats(0, 1),
    }
)
kinds = st.fixed_dictionaries(
    {
        "kind": st.just("instances"),
        "column": st.just("ground_truth_kind"),
        "property": st.just(""),
        "values": st.lists(st.sampled_from([0, 1, 2]), max_size=2),
    }
)
polygons = st.fixed_dictionaries(
    {
        "kind": st.just("polygon"),
        "x": st.just("embedding_pca.0"),
        "y": st.sampled_from(["embedding_pca.1", "f1"]),
        "points": st.lists(st.tuples(NUMBER, NUMBER), min_size=3, max_size=7),
    }
)
FACTORS = st.tuples(*[st.floats(-3, 3, allow_nan=False)] * 3)
projected = st.fixed_dictionaries(
    {
        "kind": st.just("projected"),
        "x": st.just("embedding_pca.0"),
        "y": st.sampled_from(["embedding_pca.1", "width"]),
        "z": st.sampled_from(["f1", "true_positives"]),
        "across": FACTORS,
        "up": FACTORS,
        "points": st.lists(st.tuples(NUMBER, NUMBER), min_size=3, max_size=7),
    }
)
ids = st.fixed_dictionaries(
    {"kind": st.just("rows"), "example_ids": st.lists(st.integers(-3, 99), max_size=9)}
)
simple = ranges | one_of | texts | instances | kinds | polygons | projected | ids
together = st.fixed_dictionaries({"kind": st.just("all"), "filters": st.lists(simple, max_size=3)})
filters = st.lists(
    simple
    | together
    | st.fixed_dictionaries({"kind": st.just("not"), "filter": simple | together}),
    max_size=3,
)


def is_taken(row: Mapping[str, Any], each: Mapping[str, Any]) -> bool:
    """Whether a filter takes a row."""
    return _MEANING[each["kind"]](row, each)


def _value(row: Mapping[str, Any], name: str) -> Any:
    whole, _, element = name.partition(".")
    if element == "count":
        return len(row[whole]["instances"])
    return row[whole][int(element)] if element else row[whole]


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
    across, up = (np.cumsum(np.multiply(each[by], place))[-1] for by in ("across", "up"))
    return _is_inside(across, up, each["points"])


def _is_inside(x: float | None, y: float | None, corners: Sequence[tuple[float, float]]) -> bool:
    if x is None or y is None:
        return False
    odd = False
    for (x0, y0), (x1, y1) in zip(corners, [*corners[1:], *corners[:1]], strict=True):
        if (y0 > y) != (y1 > y) and x < (x1 - x0) * (y - y0) / (y1 - y0) + x0:
            odd = not odd
    return odd


def _has_instance(row: Mapping[str, Any], each: Mapping[str, Any]) -> bool:
    value = row[each["column"]]
    if not each["property"]:
        return any(item in each["values"] for item in value)
    properties = value["instances_additional_data"]
    least = each.get("confidence")
    sure = [1.0] * len(value["instances"]) if least is None else properties["confidence"]
    pairs = zip(properties[each["property"]], sure, strict=True)
    return any(item in each["values"] and (least is None or c >= least) for item, c in pairs)


_MEANING = {
    "range": _in_range,
    "one_of": lambda row, each: row[each["column"]] in each["values"],
    "text": lambda row, each: each["contains"].lower() in row[each["column"]].lower(),
    "instances": _has_instance,
    "polygon": _in_polygon,
    "projected": _is_projected,
    "rows": lambda row, each: row["example_id"] in each["example_ids"],
    "all": lambda row, each: all(is_taken(row, one) for one in each["filters"]),
    "not": lambda row, each: not is_taken(row, each["filter"]),
}
