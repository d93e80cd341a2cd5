"""Masks of a COCO file: polygons and run lengths, in the shapes that files have them in."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
from msgspec import Raw

from samplewise.formats import rle
from samplewise.formats._polygons import parse_polygons
from samplewise.schema import SegmentationMasksSchema
from samplewise.schema.polygons import Polygons
from samplewise.schema.run_lengths import compress, expand

_TYPE: Any = SegmentationMasksSchema().instance_type
_RLE = _TYPE.field("rle").type

Note = Callable[[str, int], None]
"""Takes what was found, and the place of the mask."""


class Rle(msgspec.Struct, gc=False):
    """Run lengths of one mask.

    Args:
        size: Height and width in pixels.
        counts: COCO's list or text.
    """

    size: tuple[int, int]
    counts: list[int] | str

    @property
    def runs(self) -> np.ndarray:
        """The counts, int64.

        Raises:
            ValueError: The text is no run lengths.
        """
        if isinstance(self.counts, str):
            return expand(self.counts)
        return np.asarray(self.counts, np.int64)


@dataclass(frozen=True)
class Masks:
    """Masks of some annotations: polygons, run lengths, or neither.

    Args:
        polygons: Polygons of each, none where it has run lengths.
        rles: Run lengths by place.
    """

    polygons: Polygons
    rles: dict[int, Rle]

    @property
    def present(self) -> np.ndarray:
        """Which are masks at all, bool, shape `(n,)`."""
        present = np.diff(self.polygons.offsets) > 0
        present[list(self.rles)] = True
        return present

    def areas(self) -> np.ndarray:
        """Area of each mask in square pixels; NaN where there is none, shape `(n,)`."""
        areas = np.where(self.present, self.polygons.areas(), np.nan)
        for place, mask in self.rles.items():
            areas[place] = _area(mask)
        return areas

    def to_arrow(self) -> pa.StructArray:
        """Those that are masks, as the geometry of a `SegmentationMasksSchema`."""
        is_rle = np.zeros(len(self.polygons.offsets) - 1, bool)
        is_rle[list(self.rles)] = True
        present = self.present
        polygons = self.polygons.to_arrow(null=~present | is_rle)
        if not present.all():
            polygons = polygons.take(pa.array(np.flatnonzero(present)))
        rles = _rles_to_arrow(self.rles, np.flatnonzero(present), is_rle[present])
        return pa.StructArray.from_arrays([polygons, rles], fields=list(_TYPE))


def read_masks(masks: list[Raw], repair: Note, keep: Note) -> Masks:
    """The masks of annotations.

    Args:
        masks: Their values of `segmentation`, undecoded.
        repair: Is told of masks that had to be read in another way, by their place.
        keep: Is told of masks that look odd.
    """
    texts = list(map(bytes, masks))
    others = [place for place, text in enumerate(texts) if not text.startswith(b"[")]
    found = {place: _as_rle(texts[place], place, repair, keep) for place in others}
    for place in others:
        texts[place] = b"[]"
    rles = {place: mask for place, mask in found.items() if mask is not None}
    return Masks(parse_polygons(texts, repair, keep), rles)


def box_around(mask: Raw) -> list[float] | None:
    """Smallest box around an undecoded mask, `xyxy` pixels; None if it is empty or no mask."""
    masks = read_masks([mask], lambda *_: None, lambda *_: None)
    if masks.rles:
        try:
            return rle.box_around(masks.rles[0].runs, masks.rles[0].size[0])
        except ValueError:
            return None
    points = masks.polygons.numbers
    points = points[: len(points) // 2 * 2].reshape(-1, 2)
    if not len(points):
        return None
    return [*points.min(axis=0).tolist(), *points.max(axis=0).tolist()]


def _as_rle(text: bytes, place: int, repair: Note, keep: Note) -> Rle | None:
    try:
        mask = msgspec.json.decode(text, type=Rle)
    except msgspec.DecodeError:
        repair("masks that are neither polygons nor run lengths: left out", place)
        return None
    if not isinstance(mask.counts, str) and sum(mask.counts) != mask.size[0] * mask.size[1]:
        keep("masks whose run lengths do not fill their image", place)
    return mask


def _area(mask: Rle) -> float:
    try:
        return rle.area(mask.runs)
    except ValueError:
        return np.nan


def _rles_to_arrow(
    masks: dict[int, Rle], places: np.ndarray, present: np.ndarray
) -> pa.StructArray:
    """The masks at some places, null where not `present`."""
    chosen = [masks[place] for place in places[present].tolist()]
    values = [
        *(pa.array([mask.size[i] for mask in chosen], pa.int32()) for i in range(2)),
        pa.array(_texts(chosen), pa.string()),
    ]
    rank = pa.array(np.cumsum(present) - 1, mask=~present)  # null where there is none
    columns = [column.take(rank) for column in values]
    return pa.StructArray.from_arrays(columns, fields=list(_RLE), mask=pa.array(~present))


def _texts(masks: list[Rle]) -> list[str]:
    """Their counts as texts; lists are compressed all at once."""
    lists = [mask.counts for mask in masks if not isinstance(mask.counts, str)]
    offsets = np.concatenate([[0], np.cumsum([len(counts) for counts in lists])]).astype(np.int64)
    flat = np.fromiter(chain.from_iterable(lists), np.int64, count=int(offsets[-1]))
    compressed = iter(compress(flat, offsets))
    return [m.counts if isinstance(m.counts, str) else next(compressed) for m in masks]
