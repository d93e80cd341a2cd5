"""Annotations of a COCO file: one pass over all of them that keeps numbers, not polygons."""

import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import compress, repeat
from typing import Any

import numpy as np
from msgspec import Raw

from samplewise.formats._box_forms import to_xywh
from samplewise.formats._box_report import report_boxes
from samplewise.formats.coco._boxes import read_boxes
from samplewise.formats.coco._categories import Categories
from samplewise.formats.coco._entry import KNOWN, Entries, holding
from samplewise.formats.coco._file import CocoFile, other_fields, show_id
from samplewise.formats.coco._images import Images
from samplewise.formats.import_report import LABELS_LEFT_OUT, Findings

_FACTS = np.dtype(
    [
        ("row", np.int64),  # place of the image
        ("label", np.int64),
        ("box", np.float64, (4,)),  # xyxy
        ("crowd", np.float64),
        ("area", np.float64),  # NaN where the file has none
        ("score", np.float64),  # likewise
        ("labelled", np.float64),  # `num_keypoints`, likewise, or `COUNTED`
        ("mask", bool),  # whether it has one
        ("joints", bool),
    ]
)
_LISTED = re.compile(rb'\s*\{(?:"size"\s*:\s*\[[^]]*\]\s*,\s*)?\s*"counts"\s*:\s*\[')
_COMPARED = 100_000  # boxes that tell how a file writes widths
_NOWHERE, _DROPPED = -1, -2
COUNTED = -1.0
"""In place of a number of labelled joints that has to be counted, and was told."""
_NO_CLASS = np.iinfo(np.int64).min


@dataclass(frozen=True)
class Annotations:
    """The annotations of a file, in its order.

    Args:
        items: Those with a box, undecoded, `t` of them.
        masks: Their values of `segmentation`, undecoded.
        joints: Their values of `keypoints`, undecoded.
        ids: Their ids, int64 or texts (object), shape `(t,)`.
        facts: What is known of each, a structured array of shape `(t,)`.
        others: Place of the image and the entry of those without a box: captions and the like.
        have_other_fields: Whether any of `items` has fields that we have no place for.
        have_lists: Whether any run lengths are lists and not texts.
        shortest_sizes: Whether widths and heights are short decimals, see `to_xywh`.
    """

    items: list[Raw]
    masks: list[Raw]
    joints: list[Raw]
    ids: np.ndarray
    facts: np.ndarray
    others: list[tuple[int, Raw]]
    have_other_fields: bool
    have_lists: bool
    shortest_sizes: bool


class AnnotationScan:
    """Reads annotations part by part.

    Args:
        file: Their file, for errors.
        images: Its images.
        categories: Its categories.
        findings: Counts what is repaired.
    """

    def __init__(
        self, file: CocoFile, images: Images, categories: Categories, findings: Findings
    ) -> None:
        self._file = file
        self._findings = findings
        self._row_of: dict[Any, int] = {number: i for i, number in enumerate(images.ids)}
        self._row_of |= dict.fromkeys(images.dropped, _DROPPED)
        self._label_of: dict[Any, int] = dict(categories.label_of)
        self._sizes = images.sizes
        self._bare = True
        self._lists = False
        self._compared = 0
        self._unlike = np.zeros(2, np.int64)
        self._items: list[Raw] = []
        self._masks: list[Raw] = []
        self._joints: list[Raw] = []
        self._ids: list[Any] = []
        self._facts = [np.zeros(0, _FACTS)]
        self._others: list[tuple[int, Raw]] = []

    def add(self, items: list[Raw]) -> None:
        """Read the next part, at least one.

        Raises:
            FormatError: An annotation names an unknown image or category, or a value is no such
                value; names the file, the annotation and the reason.
        """
        entries = Entries.bare(items) if self._bare else None
        is_bare, entries = entries is not None, entries or Entries.of(self._file, items)
        facts = _facts(entries)
        facts["row"] = self._rows(items, entries)
        facts["label"] = self._labels(items, entries)
        sizes = self._image_sizes(facts["row"])
        facts["box"] = read_boxes(self._file, items, entries, sizes, self._findings)
        boxed = np.isfinite(facts["box"]).all(axis=1) & (facts["row"] != _DROPPED)
        self._refuse_without_class(items, facts["label"] == _NO_CLASS, boxed)
        self._set_aside(items, entries, facts["row"], boxed)
        self._keep(items, entries, facts, boxed)
        if self._bare and not is_bare:
            self._bare = not any(other_fields(item, KNOWN) for item in compress(items, boxed))

    def _image_sizes(self, rows: np.ndarray) -> np.ndarray:
        """Of the images at some rows, NaN for those that were left out, shape `(n, 2)`."""
        sizes = np.full((len(rows), 2), np.nan)
        sizes[rows >= 0] = self._sizes[rows[rows >= 0]]
        return sizes

    def _keep(
        self, items: list[Raw], entries: Entries, facts: np.ndarray, boxed: np.ndarray
    ) -> None:
        """Take in those that have a box."""
        facts, ids = facts[boxed], list(compress(entries.id, boxed))
        self._repair(facts, ids, list(compress(entries.iscrowd, boxed)))
        self._compare_sizes(facts["box"], compress(entries.bbox, boxed))
        masks = list(compress(entries.segmentation, boxed))
        self._lists = self._lists or any(map(_LISTED.match, masks))
        self._items += compress(items, boxed)
        self._masks += masks
        self._joints += compress(entries.keypoints, boxed)
        self._ids += ids
        self._facts.append(facts)

    def result(self) -> Annotations:
        """All that was read; counts what is odd about the boxes of all of it."""
        facts = np.concatenate(self._facts)
        report_boxes(
            self._findings,
            facts["box"],
            self._sizes[facts["row"]],
            facts["row"],
            facts["label"],
            lambda place: str(self._ids[place]),
        )
        return Annotations(
            self._items,
            self._masks,
            self._joints,
            _unique_ids(self._ids, self._findings),
            facts,
            self._others,
            not self._bare,
            self._lists,
            bool(self._unlike[0] <= self._unlike[1]),
        )

    def _rows(self, items: list[Raw], entries: Entries) -> np.ndarray:
        rows = _look_up(self._row_of, entries.image_id, _NOWHERE)
        for i in np.flatnonzero(rows == _NOWHERE).tolist():
            rows[i] = self._find_twin(items[i], entries.image_id[i], self._row_of, "image")
        return rows

    def _labels(self, items: list[Raw], entries: Entries) -> np.ndarray:
        labels = _look_up(self._label_of, entries.category_id, _NO_CLASS)
        for i in np.flatnonzero(labels == _NO_CLASS).tolist():
            given = entries.category_id[i]
            if given is not None:
                labels[i] = self._find_twin(items[i], given, self._label_of, "category")
        return labels

    def _find_twin(self, item: Raw, given: Any, known: dict[Any, int], what: str) -> int:
        """What an id stands for that is a text here and a number there, or the other way round."""
        for twin in _twins(given):
            if twin in known:
                self._findings.repair(
                    f"{what} ids that are a text here and a number there: taken as the same",
                    show_id(item),
                )
                return known[twin]
        plural = {"image": "images", "category": "categories"}[what]
        raise self._file.error(
            f"is wrong in annotation {show_id(item)}: it names no {what}."
            if given is None
            else f"is wrong in annotation {show_id(item)}: it names {what} {given!r}, "
            f"which is not in `{plural}`."
        )

    def _refuse_without_class(
        self, items: list[Raw], without_class: np.ndarray, boxed: np.ndarray
    ) -> None:
        for i in np.flatnonzero(without_class & boxed)[:1].tolist():
            raise self._file.error(
                f"is wrong in annotation {show_id(items[i])}: it has a box and names no category."
            )

    def _set_aside(
        self, items: list[Raw], entries: Entries, rows: np.ndarray, boxed: np.ndarray
    ) -> None:
        """Keep those without a box beside the others."""
        for i in np.flatnonzero(~boxed & (rows != _DROPPED)).tolist():
            self._others.append((int(rows[i]), items[i]))
            if entries.bbox[i]:
                self._findings.repair(
                    "annotations without a usable `bbox`, mask or keypoints: "
                    "moved to `other_annotations`",
                    show_id(items[i]),
                )
            else:
                self._findings.keep(
                    "annotations that have no box, in `other_annotations`", show_id(items[i])
                )
        dropped = np.flatnonzero(rows == _DROPPED).tolist()
        self._findings.repair(
            LABELS_LEFT_OUT,
            *[show_id(items[i]) for i in dropped[:5]],
            count=len(dropped),
        )

    def _compare_sizes(self, boxes: np.ndarray, given: Iterable[Any]) -> None:
        """Count boxes that would be written otherwise than they are, for either way of writing."""
        if self._compared < _COMPARED:
            self._compared += len(boxes)
            xywh = np.array([box or [np.nan] * 4 for box in given], np.float64).reshape(-1, 4)
            for way, shortest in enumerate((True, False)):
                unlike = to_xywh(boxes, shortest=shortest) != xywh
                self._unlike[way] += np.count_nonzero(unlike.any(axis=1))

    def _repair(self, facts: np.ndarray, ids: list[Any], crowd: list[Any]) -> None:
        """Numbers that the schema has no place for, as every reader of COCO understands them."""
        tell = partial(_tell, self._findings.repair, ids=ids)
        if None in crowd:
            unsaid = np.array([said is None for said in crowd])
            tell("annotations without `iscrowd`: read as 0", unsaid)
        strange = ~np.isin(facts["crowd"], (0, 1))
        tell("`iscrowd` other than 0 and 1: read as 1", strange)
        facts["crowd"][strange] = 1
        tell(
            "annotations without `area`: that of the mask, else of the box", np.isnan(facts["area"])
        )
        negative = facts["area"] < 0
        tell("negative `area`: that of the mask, else of the box", negative)
        facts["area"][negative] = np.nan
        labelled = facts["labelled"]
        strange = ~np.isnan(labelled) & ((labelled < 0) | (labelled > 2**31) | (labelled % 1 != 0))
        tell("`num_keypoints` that is no count: counted", strange)
        facts["labelled"][strange] = COUNTED


def _facts(entries: Entries) -> np.ndarray:
    """What the entries say themselves."""
    facts = np.zeros(len(entries.id), _FACTS)
    facts["crowd"] = np.nan_to_num(entries.numbers("iscrowd"))
    facts["area"] = entries.numbers("area")
    facts["score"] = entries.numbers("score")
    facts["labelled"] = entries.numbers("num_keypoints")
    facts["mask"] = holding(entries.segmentation)
    facts["joints"] = holding(entries.keypoints)
    return facts


def _look_up(known: dict[Any, int], ids: tuple[Any, ...], default: int) -> np.ndarray:
    return np.fromiter(map(known.get, ids, repeat(default)), np.int64, len(ids))


def _tell(tell: Callable[..., None], reason: str, which: Any, ids: list[Any]) -> None:
    places = np.flatnonzero(which)
    tell(reason, *[str(ids[i]) for i in places[:5].tolist()], count=len(places))


def _twins(given: Any) -> list[Any]:
    """The same id as a number, or as a text."""
    if isinstance(given, str):
        return [int(given)] if given.strip().isdecimal() else []
    return [] if given is None else [str(given)]


def _unique_ids(ids: list[Any], findings: Findings) -> np.ndarray:
    try:
        numbers = np.array(ids, np.int64) if _are_integers(ids) else None
    except OverflowError:
        numbers = None
    if numbers is not None and (np.diff(np.sort(numbers)) > 0).all():
        return numbers
    whole = [int(n) if isinstance(n, float) and n.is_integer() else n for n in ids]
    if all(n is None or (isinstance(n, int) and abs(n) < 2**63) for n in whole):
        return np.array(_own(whole, findings, is_text=False), np.int64)
    texts = [None if n is None else str(n) for n in whole]
    return np.array([*_own(texts, findings, is_text=True), None], object)[:-1]


def _are_integers(ids: list[Any]) -> bool:
    return set(map(type, ids)) <= {int}


def _own(ids: list[Any], findings: Findings, *, is_text: bool) -> list[Any]:
    """Ids with a fresh one where there is none, or one that came before."""
    taken = set(ids)
    free = itertools.count(1 if is_text else max(taken - {None}, default=0) + 1)
    fresh: Iterator[Any] = map(str, free) if is_text else free
    seen: set[Any] = {None}
    own = []
    for number in ids:
        if number in seen:
            findings.repair(
                "annotations without an `id` of their own: given a new one",
                "without `id`" if number is None else str(number),
            )
            own.append(next(n for n in fresh if n not in taken))
        else:
            own.append(number)
        seen.add(number)
    return own
