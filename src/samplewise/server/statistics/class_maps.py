"""Class maps: how many pixels each class has, which maps are hardly right."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from samplewise.schema.masks import SemanticSegmentationSchema
from samplewise.schema.run_lengths import expand
from samplewise.server import wire
from samplewise.server.statistics.counting import MOST_NAMED, drop_empty, tally

MOST_MAPS = 500
"""Maps that are read: most lie in files, one for each sample."""


def thin_out(rows: np.ndarray) -> np.ndarray:
    """At most `MOST_MAPS` of some rows, evenly spread."""
    if len(rows) <= MOST_MAPS:
        return rows
    return rows[np.linspace(0, len(rows) - 1, MOST_MAPS).round().astype(int)]


def class_maps(
    maps: Sequence[Mapping[str, Any] | None],
    example_ids: np.ndarray,
    schema: SemanticSegmentationSchema,
) -> wire.Statistics:
    """What can be said of class maps, as run lengths; pixels that are ignored are left out."""
    pixels = [_pixels(each, schema.ignore_label) for each in maps]
    ids = sorted({label for each in pixels for label in each or ()})
    totals = {i: sum((each or {}).get(i, 0) for each in pixels) for i in ids}
    having = {i: sum(i in (each or ()) for each in pixels) for i in ids}
    classes = [wire.ClassCount(i, totals[i], having[i]) for i in ids]
    return wire.Statistics(
        samples=len(maps),
        instances=sum(totals.values()),
        classes=sorted(classes, key=lambda one: -one.instances),
        histograms={"classes": tally(np.array([len(each) for each in pixels if each], int))},
        checks=drop_empty(_checks(pixels, maps, example_ids, set(schema.value_map))),
    )


def _pixels(value: Mapping[str, Any] | None, ignored: int | None) -> dict[int, int] | None:
    """Pixels by class id; None for a map that is not there or cannot be read."""
    if value is None or value["classes"] is None:
        return None
    try:
        counts = {each["label"]: expand(each["counts"]) for each in value["classes"]}
    except ValueError:
        return None
    areas = {label: int(runs[1::2].sum()) for label, runs in counts.items() if label != ignored}
    return {label: area for label, area in areas.items() if area}


def _checks(
    pixels: Sequence[dict[int, int] | None],
    maps: Sequence[Mapping[str, Any] | None],
    example_ids: np.ndarray,
    known: set[int],
) -> list[wire.Check]:
    def check(name: str, why: str, wrong: Sequence[bool]) -> wire.Check:
        ids = example_ids[np.array(wrong, bool)]
        return wire.Check(name, why, 0, ids[:MOST_NAMED].tolist())

    return [
        check(
            "Not readable",
            "A class map that is not there, or is no image of class ids.",
            [each is None and value is not None for each, value in zip(pixels, maps, strict=True)],
        ),
        check(
            "No class",
            "Pixels with a value that is no class and is not ignored.",
            [bool(known) and not set(each or ()) <= known for each in pixels],
        ),
        check(
            "One class only",
            "Every pixel that counts is of one class: perhaps nothing was labelled.",
            [each is not None and len(each) <= 1 for each in pixels],
        ),
        check(
            "Without a class map",
            "Samples in which nothing is labelled.",
            [value is None for value in maps],
        ),
    ]
