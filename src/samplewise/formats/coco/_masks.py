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
from samplewise.formats._polygons import Polygons, parse_polygons
from samplewise.schema import SegmentationMasksSchema

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
            return rle.expand(self.counts)
        return np.asarray(self.counts, np.int64)


class _Annotation(msgspec.Struct, gc=False):
    segmentation: Raw


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
        present = np.flatnonzero(self.present)
        is_rle = np.isin(present, list(self.rles))
        polygons = self.polygons.to_arrow(null=~self.present | self._is_rle)
        chosen = polygons if len(present) == len(polygons) else polygons.take(pa.array(present))
        rles = [self.rles.get(place) for place in present.tolist()]
        return pa.StructArray.from_arrays(
            [chosen, _rles_to_arrow(rles, is_rle)], fields=list(_TYPE)
        )

    @property
    def _is_rle(self) -> np.ndarray:
        return np.isin(np.arange(len(self.polygons.offsets) - 1), list(self.rles))


def read_masks(items: list[Raw], repair: Note, keep: Note) -> Masks:
    """The masks of undecoded annotations, each of which has a `segmentation`.

    Args:
        items: The annotations.
        repair: Is told of masks that had to be read in another way.
        keep: Is told of masks that look odd.
    """
    text = b"[" + b",".join(items) + b"]"
    texts = [bytes(a.segmentation) for a in msgspec.json.decode(text, type=list[_Annotation])]
    lists = [text.lstrip() if text.lstrip()[:1] == b"[" else b"[]" for text in texts]
    rles: dict[int, Rle] = {}
    for place, mask in enumerate(texts):
        if lists[place] == b"[]":
            found = _as_rle(mask, place, repair, keep)
            if found is not None:
                rles[place] = found
    return Masks(parse_polygons(lists, repair, keep), rles)


def box_around(item: Raw) -> list[float] | None:
    """Smallest box around the mask of one undecoded annotation, `xyxy` pixels; None without one."""
    masks = read_masks([item], lambda *_: None, lambda *_: None)
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
    if text.strip() in (b"[]", b"null", b"{}", b'""'):
        return None
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


def _rles_to_arrow(masks: list[Rle | None], present: np.ndarray) -> pa.StructArray:
    texts = iter(_texts([mask for mask in masks if mask is not None]))
    counts = [None if mask is None else next(texts) for mask in masks]
    sizes = [(None, None) if mask is None else mask.size for mask in masks]
    sides = [pa.array([size[i] for size in sizes], pa.int32()) for i in range(2)]
    return pa.StructArray.from_arrays(
        [*sides, pa.array(counts, pa.string())], fields=list(_RLE), mask=pa.array(~present)
    )


def _texts(masks: list[Rle]) -> list[str]:
    """Their counts as texts; lists are compressed all at once."""
    lists = [mask.counts for mask in masks if not isinstance(mask.counts, str)]
    offsets = np.concatenate([[0], np.cumsum([len(counts) for counts in lists])]).astype(np.int64)
    flat = np.fromiter(chain.from_iterable(lists), np.int64, count=int(offsets[-1]))
    compressed = iter(rle.compress(flat, offsets))
    return [m.counts if isinstance(m.counts, str) else next(compressed) for m in masks]
