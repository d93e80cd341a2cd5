"""Masks of a COCO file: polygons and run lengths, in the shapes that files have them in."""

import ast
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
from msgspec import Raw

from samplewise.formats import rle
from samplewise.formats._box_forms import around
from samplewise.formats._polygons import parse_polygons
from samplewise.schema import SegmentationMasksSchema
from samplewise.schema.polygons import Polygons
from samplewise.schema.run_lengths import compress, expand, measure_run_lengths

_TYPE: Any = SegmentationMasksSchema().instance_type
_RLE = _TYPE.field("rle").type

_MOST_PIXELS = 2**33  # more than a run of COCO's can have: refused for that
Note = Callable[[str, int], None]
"""Takes what was found, and the place of the mask."""


@dataclass(frozen=True)
class Rle:
    """Run lengths of one mask that can be read and fill their image.

    Args:
        height: Of the image in pixels.
        width: Of the image in pixels.
        text: COCO's compressed form.
        area: Pixels of the mask.
    """

    height: int
    width: int
    text: str
    area: int


class _WrittenRle(msgspec.Struct, gc=False):
    """Run lengths as they stand in a file; `size` is height and width, floats are allowed."""

    size: tuple[float, float]
    counts: list[float] | str


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
            areas[place] = mask.area
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


def read_masks(masks: list[Raw], sizes: np.ndarray, repair: Note) -> Masks:
    """The masks of annotations.

    Args:
        masks: Their values of `segmentation`, undecoded, `n` of them.
        sizes: Width and height of the image of each, NaN where unknown, shape `(n, 2)`.
        repair: Is told of masks that are left out or had to be read in another way, by their place.
    """
    texts = list(map(bytes, masks))
    others = [place for place, text in enumerate(texts) if not text.startswith(b"[")]
    found = {place: _decode_rle(texts[place], place, repair) for place in others}
    for place in others:
        texts[place] = b"[]"
    written = {place: mask for place, mask in found.items() if mask is not None}
    return Masks(parse_polygons(texts, repair), _keep_readable(written, sizes, repair))


def box_around(mask: Raw, size: np.ndarray) -> list[float] | None:
    """Smallest box around an undecoded mask, `xyxy` pixels; None if it is empty or no mask.

    Args:
        mask: The value of `segmentation`.
        size: Width and height of its image, NaN where unknown.
    """
    masks = read_masks([mask], size[None], lambda *_: None)
    if masks.rles:
        return rle.box_around(expand(masks.rles[0].text), masks.rles[0].height)
    return around(masks.polygons.numbers.reshape(-1, 2))


def _decode_rle(text: bytes, place: int, repair: Note) -> _WrittenRle | None:
    try:
        mask = msgspec.json.decode(text, type=_WrittenRle)
    except msgspec.DecodeError:
        repair("masks that are neither polygons nor run lengths: left out", place)
        return None
    if isinstance(mask.counts, str):
        mask.counts = _without_python_quotes(mask.counts, place, repair)
    elif not all(map(float.is_integer, mask.counts)):
        repair("run lengths that are no whole numbers: cut to whole ones", place)
    return mask


def _without_python_quotes(text: str, place: int, repair: Note) -> str:
    """What `str` made of bytes, as bytes would be written: no run length has an apostrophe."""
    if not text.startswith(("b'", 'b"')):
        return text
    try:
        counts = ast.literal_eval(text).decode("ascii")
    except (SyntaxError, ValueError, AttributeError):
        return text  # cannot be read, and is left out for that
    repair("run lengths written as Python's bytes (`b'...'`): read as the text inside", place)
    return counts


def _keep_readable(
    written: dict[int, _WrittenRle], sizes: np.ndarray, repair: Note
) -> dict[int, Rle]:
    """Those that pycocotools can read, too, and that are of the size of their image."""
    if not written:
        return {}
    places = np.array(list(written))
    texts = _compress_all(list(written.values()))
    height, width = np.trunc([mask.size for mask in written.values()]).T
    areas, totals = measure_run_lengths(pa.array(texts, pa.string()))
    fills = (totals >= 0) & (totals == height * width) & (height >= 0)
    image = sizes[places]
    unlike = (np.isfinite(image) & (np.rint(image) != np.stack([width, height], axis=1))).any(1)
    for place in places[~fills].tolist():
        repair("run lengths that cannot be read or do not fill their image: left out", place)
    for place in places[fills & unlike].tolist():
        repair("run lengths of another size than their image: left out", place)
    return {
        int(places[i]): Rle(int(height[i]), int(width[i]), texts[i], int(areas[i]))
        for i in np.flatnonzero(fills & ~unlike).tolist()
    }


def _rles_to_arrow(
    masks: dict[int, Rle], places: np.ndarray, present: np.ndarray
) -> pa.StructArray:
    """The masks at some places, null where not `present`."""
    chosen = [masks[place] for place in places[present].tolist()]
    values = [
        pa.array([mask.height for mask in chosen], pa.int32()),
        pa.array([mask.width for mask in chosen], pa.int32()),
        pa.array([mask.text for mask in chosen], pa.string()),
    ]
    rank = pa.array(np.cumsum(present) - 1, mask=~present)  # null where there is none
    columns = [column.take(rank) for column in values]
    return pa.StructArray.from_arrays(columns, fields=list(_RLE), mask=pa.array(~present))


def _compress_all(masks: list[_WrittenRle]) -> list[str]:
    """Their counts as texts; lists are compressed all at once."""
    lists = [mask.counts for mask in masks if not isinstance(mask.counts, str)]
    offsets = np.concatenate([[0], np.cumsum([len(counts) for counts in lists])]).astype(np.int64)
    flat = np.fromiter(chain.from_iterable(lists), np.float64, count=int(offsets[-1]))
    compressed = iter(compress(np.clip(flat, -1, _MOST_PIXELS).astype(np.int64), offsets))
    return [m.counts if isinstance(m.counts, str) else next(compressed) for m in masks]
