"""Annotations of a COCO file: one pass over all of them that keeps numbers, not polygons."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from msgspec import Raw

from samplewise.formats._box_forms import to_xywh
from samplewise.formats.coco._boxes import read_boxes
from samplewise.formats.coco._categories import Categories
from samplewise.formats.coco._entry import KNOWN, Annotation, BareAnnotation, something
from samplewise.formats.coco._file import CocoFile, decoded, other_fields, shown_id
from samplewise.formats.coco._images import Images
from samplewise.formats.import_report import Findings

_FACTS = np.dtype(
    [
        ("row", np.int64),  # place of the image
        ("label", np.int64),
        ("box", np.float64, (4,)),  # xyxy
        ("crowd", np.int64),
        ("area", np.float64),  # NaN where the file has none
        ("score", np.float64),  # likewise
        ("labelled", np.float64),  # `num_keypoints`, likewise
    ]
)
_LISTED = re.compile(rb'\s*\{(?:"size"\s*:\s*\[[^]]*\]\s*,\s*)?\s*"counts"\s*:\s*\[')
_NOWHERE, _DROPPED = -1, -2
_NO_CLASS = np.iinfo(np.int64).min


@dataclass(frozen=True)
class Annotations:
    """The annotations of a file, in its order.

    Args:
        items: Those with a box, undecoded, `t` of them.
        masks: Their masks, undecoded; None where there is none.
        joints: Their keypoints, likewise.
        ids: Their ids, int64 or texts (object), shape `(t,)`.
        facts: What is known of each, a structured array of shape `(t,)`.
        others: Place of the image and the entry of those without a box: captions and the like.
        have_other_fields: Whether any of `items` has fields that we have no place for.
        have_lists: Whether any run lengths are lists and not texts.
        shortest_sizes: Whether widths and heights are short decimals, see `to_xywh`.
    """

    items: list[Raw]
    masks: list[Raw | None]
    joints: list[Raw | None]
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
        self._unlike = np.zeros(2, np.int64)
        self._items: list[Raw] = []
        self._masks: list[Raw | None] = []
        self._joints: list[Raw | None] = []
        self._ids: list[Any] = []
        self._facts = [np.zeros(0, _FACTS)]
        self._others: list[tuple[int, Raw]] = []

    def add(self, items: list[Raw]) -> None:
        """Read the next part.

        Raises:
            FormatError: An annotation names an unknown image or category, or a value is no such
                value; names the file, the annotation and the reason.
        """
        bare, entries = self._decoded(items)
        facts = np.zeros(len(items), _FACTS)
        facts["row"] = self._rows(items, entries)
        facts["label"] = self._labels(items, entries)
        facts["box"] = read_boxes(self._file, items, entries, self._findings)
        boxed = np.isfinite(facts["box"]).all(axis=1) & (facts["row"] != _DROPPED)
        self._refuse_without_class(items, facts["label"] == _NO_CLASS, boxed)
        self._set_aside(items, entries, facts["row"], boxed)
        _fill(facts, entries)
        kept = np.flatnonzero(boxed).tolist()
        self._count_odd(facts[boxed], [entries[i] for i in kept])
        self._compare_sizes(facts["box"][boxed], [entries[i].bbox for i in kept])
        self._items += [items[i] for i in kept]
        self._masks += [something(entries[i].segmentation) for i in kept]
        self._joints += [something(entries[i].keypoints) for i in kept]
        self._lists = self._lists or any(map(_has_list, self._masks[len(self._ids) :]))
        self._ids += [entries[i].id for i in kept]
        self._facts.append(facts[boxed])
        if not bare and self._bare:
            self._bare = not any(other_fields(items[i], KNOWN) for i in kept)

    def result(self) -> Annotations:
        """All that was read."""
        return Annotations(
            self._items,
            self._masks,
            self._joints,
            _unique_ids(self._ids, self._findings),
            np.concatenate(self._facts),
            self._others,
            not self._bare,
            self._lists,
            bool(self._unlike[0] <= self._unlike[1]),
        )

    def _decoded(self, items: list[Raw]) -> tuple[bool, list[Annotation]]:
        """Annotations, and whether none has a field that we have no place for."""
        if self._bare:
            decode = msgspec.json.Decoder(BareAnnotation).decode
            try:
                return True, [decode(item) for item in items]
            except (msgspec.DecodeError, UnicodeDecodeError):
                pass
        return False, decoded(self._file, items, Annotation, "annotation")

    def _rows(self, items: list[Raw], entries: list[Annotation]) -> np.ndarray:
        rows = np.array([self._row_of.get(e.image_id, _NOWHERE) for e in entries], np.int64)
        for i in np.flatnonzero(rows == _NOWHERE).tolist():
            rows[i] = self._found(items[i], entries[i].image_id, self._row_of, "image")
        return rows

    def _labels(self, items: list[Raw], entries: list[Annotation]) -> np.ndarray:
        labels = np.array([self._label_of.get(e.category_id, _NO_CLASS) for e in entries], np.int64)
        for i in np.flatnonzero(labels == _NO_CLASS).tolist():
            if entries[i].category_id is not None:
                labels[i] = self._found(
                    items[i], entries[i].category_id, self._label_of, "category"
                )
        return labels

    def _found(self, item: Raw, given: Any, known: dict[Any, int], what: str) -> int:
        """What an id stands for that is a text here and a number there, or the other way round."""
        for twin in _twins(given):
            if twin in known:
                self._findings.repair(
                    f"{what} ids that are a text here and a number there: taken as the same",
                    shown_id(item),
                )
                return known[twin]
        plural = {"image": "images", "category": "categories"}[what]
        raise self._file.error(
            f"is wrong in annotation {shown_id(item)}: it names no {what}."
            if given is None
            else f"is wrong in annotation {shown_id(item)}: it names {what} {given!r}, "
            f"which is not in `{plural}`."
        )

    def _refuse_without_class(
        self, items: list[Raw], without_class: np.ndarray, boxed: np.ndarray
    ) -> None:
        for i in np.flatnonzero(without_class & boxed)[:1].tolist():
            raise self._file.error(
                f"is wrong in annotation {shown_id(items[i])}: it has a box and names no category."
            )

    def _set_aside(
        self, items: list[Raw], entries: list[Annotation], rows: np.ndarray, boxed: np.ndarray
    ) -> None:
        for i in np.flatnonzero(~boxed & (rows != _DROPPED)).tolist():
            self._others.append((int(rows[i]), items[i]))
            if entries[i].bbox:
                self._findings.repair(
                    "annotations without a usable `bbox`, mask or keypoints: "
                    "moved to `other_annotations`",
                    shown_id(items[i]),
                )
            else:
                self._findings.keep(
                    "annotations that have no box, in `other_annotations`", shown_id(items[i])
                )
        dropped = np.flatnonzero(rows == _DROPPED).tolist()
        self._findings.repair(
            "annotations of images that were left out: left out",
            *[shown_id(items[i]) for i in dropped[:5]],
            count=len(dropped),
        )

    def _compare_sizes(self, boxes: np.ndarray, given: list[Any]) -> None:
        """Count boxes that would be written otherwise than they are, for either way of writing."""
        xywh = np.array([box or [np.nan] * 4 for box in given], np.float64).reshape(-1, 4)
        for way, shortest in enumerate((True, False)):
            unlike = to_xywh(boxes, shortest=shortest) != xywh
            self._unlike[way] += np.count_nonzero(unlike.any(axis=1))

    def _count_odd(self, facts: np.ndarray, entries: list[Annotation]) -> None:
        boxes = facts["box"]
        sizes = self._sizes[facts["row"]]
        outside = (boxes[:, :2] < 0).any(axis=1) | (boxes[:, 2:] > sizes + 1e-6).any(axis=1)
        flat = (boxes[:, 2:] <= boxes[:, :2]).any(axis=1)
        without_crowd = [e.iscrowd is None for e in entries]
        findings = self._findings
        for tell, reason, which in (
            (findings.keep, "boxes that reach outside their image", outside),
            (findings.keep, "boxes without an area", flat),
            (findings.repair, "annotations without `iscrowd`: read as 0", without_crowd),
            (
                findings.repair,
                "annotations without `area`: that of the mask, else of the box",
                ~np.isfinite(facts["area"]),
            ),
        ):
            places = np.flatnonzero(which)
            tell(reason, *[str(entries[i].id) for i in places[:5].tolist()], count=len(places))


def _fill(facts: np.ndarray, entries: list[Annotation]) -> None:
    facts["crowd"] = [0 if e.iscrowd is None else int(e.iscrowd) for e in entries]
    facts["area"] = np.array([e.area for e in entries], np.float64)  # None becomes NaN
    facts["score"] = np.array([e.score for e in entries], np.float64)
    facts["labelled"] = np.array([e.num_keypoints for e in entries], np.float64)


def _twins(given: Any) -> list[Any]:
    """The same id as a number, or as a text."""
    if isinstance(given, str):
        return [int(given)] if given.strip().isdecimal() else []
    return [] if given is None else [str(given)]


def _has_list(mask: Raw | None) -> bool:
    """Whether a mask is run lengths in a list."""
    return mask is not None and _LISTED.match(mask) is not None


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
