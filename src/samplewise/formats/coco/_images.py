"""Images of a COCO file: ids, URLs, sizes."""

import os
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import numpy as np
from msgspec import Raw

from samplewise.formats._image_files import (
    MissingImages,
    handle_missing,
    is_remote,
    is_there,
    join_url,
    upright_size,
)
from samplewise.formats.coco._file import CocoFile, decode_items, other_fields, show_id
from samplewise.formats.import_report import SIZE_READ, SIZE_UNKNOWN, TWICE, Findings

WEIGHT = "sample_weight"
"""Field that a Table's weights are written to and read from."""

_LARGEST_SIDE = 2**31  # pixels: no image is larger, and no format has room for it
_KNOWN = frozenset(("id", "file_name", "width", "height", WEIGHT))


class _CocoImage(msgspec.Struct, gc=False):
    id: int | str | float | None = None
    file_name: str | None = None
    width: float | None = None
    height: float | None = None
    coco_url: str | None = None
    sample_weight: float | None = None


@dataclass(frozen=True)
class Images:
    """The images of a file, in its order.

    Args:
        items: The file's own entries, undecoded, `n` of them.
        ids: Their ids, all integers or all texts.
        urls: Where they lie: absolute paths or URLs.
        sizes: Width and height in pixels, NaN where unknown, shape `(n, 2)`.
        weights: How much each counts in training, NaN where the file does not say, shape `(n,)`.
        dropped: Ids of images that were left out.
    """

    items: list[Raw]
    ids: list[Any]
    urls: list[str]
    sizes: np.ndarray
    weights: np.ndarray
    dropped: frozenset[Any] = frozenset()

    def __len__(self) -> int:
        return len(self.items)

    @property
    def extents(self) -> np.ndarray:
        """`x_min, y_min, x_max, y_max` of each image, NaN where unknown, shape `(n, 4)`."""
        return np.hstack([self.sizes * 0, self.sizes])

    def has_other_fields(self) -> bool:
        """Whether any entry has fields that we have no place for."""
        return any(other_fields(item, _KNOWN) for item in self.items)

    def other_fields(self, start: int, stop: int) -> list[str | None]:
        """Those fields as JSON texts."""
        return [other_fields(item, _KNOWN) for item in self.items[start:stop]]

    def where(self, kept: np.ndarray) -> "Images":
        """Some of them; the ids of the others are `dropped`."""
        places = np.flatnonzero(kept).tolist()
        return replace(
            self,
            items=[self.items[i] for i in places],
            ids=[self.ids[i] for i in places],
            urls=[self.urls[i] for i in places],
            sizes=self.sizes[kept],
            weights=self.weights[kept],
            dropped=frozenset(self.ids[i] for i in np.flatnonzero(~kept).tolist()),
        )


def read_images(file: CocoFile, folder: str, missing: MissingImages, findings: Findings) -> Images:
    """The images of a file.

    Args:
        file: The file.
        folder: Where its images lie.
        missing: What to do with those whose file is missing.
        findings: Counts what is repaired.

    Raises:
        FormatError: An entry has no id or no file name, two entries have one id and differ, or a
            file is missing and `missing` is `raise`.
    """
    items = file.items("images")
    entries = decode_items(file, items, _CocoImage, "image")
    items, entries = _once(file, items, entries, findings)
    pairs = zip(items, entries, strict=True)
    urls = [_url(file, item, entry, folder, findings) for item, entry in pairs]
    sizes = np.array([(e.width, e.height) for e in entries], np.float64).reshape(-1, 2)
    weights = np.array([e.sample_weight for e in entries], np.float64)
    images = Images(items, _ids(entries, findings), urls, sizes, weights)
    there = np.array([is_there(url) for url in urls], bool)
    absent = [urls[i] for i in np.flatnonzero(~there)]
    handle_missing(absent, len(urls), missing, findings, file=file.path)
    if missing == "drop":
        images = images.where(there)
    return _with_sizes(images, findings)


def _once(
    file: CocoFile, items: list[Raw], entries: list[_CocoImage], findings: Findings
) -> tuple[list[Raw], list[_CocoImage]]:
    first: dict[Any, int] = {}
    again = []
    for i, entry in enumerate(entries):
        if entry.id is None:
            raise file.error(f"has an image without `id`: `{entry.file_name}`.")
        known = first.setdefault(entry.id, i)
        if known != i:
            if msgspec.json.decode(items[known]) != msgspec.json.decode(items[i]):
                raise file.error(
                    f"has two images with id {entry.id!r}: `{entries[known].file_name}` and "
                    f"`{entry.file_name}`.",
                    hint="labels of that id could belong to either; give each image its own id",
                )
            again.append(str(entry.id))
    findings.repair(TWICE, *again)
    places = list(first.values())
    return [items[i] for i in places], [entries[i] for i in places]


def _ids(entries: list[_CocoImage], findings: Findings) -> list[Any]:
    ids = [int(e.id) if isinstance(e.id, float) and e.id.is_integer() else e.id for e in entries]
    if all(isinstance(number, int) and -(2**63) <= number < 2**63 for number in ids):
        return ids
    others = [repr(number) for number in ids if not isinstance(number, str)]
    findings.repair("image ids that are no texts, beside others that are: made texts", *others)
    return [str(number) for number in ids]


def _url(file: CocoFile, item: Raw, entry: _CocoImage, folder: str, findings: Findings) -> str:
    name = entry.file_name or entry.coco_url
    if not name:
        raise file.error(f"has no `file_name` for image {show_id(item)}.")
    if not entry.file_name:
        findings.repair("images without `file_name`: their `coco_url` is taken", str(entry.id))
    url = join_url(folder, name)
    if "\\" in name and os.sep == "/" and not is_remote(url) and not os.path.isfile(url):
        findings.repair("file names with backslashes: written with slashes", name)
        url = join_url(folder, name.replace("\\", "/"))
    return url


def _with_sizes(images: Images, findings: Findings) -> Images:
    """Sizes that are missing, from the headers of the files."""
    possible = (images.sizes > 0) & (images.sizes < _LARGEST_SIDE)
    sizes = np.where(possible, images.sizes, np.nan)
    repaired, unknown = [], []
    for i in np.flatnonzero(np.isnan(sizes).any(axis=1)).tolist():
        size = upright_size(images.urls[i])
        (unknown if size is None else repaired).append(str(images.ids[i]))
        sizes[i] = (np.nan, np.nan) if size is None else size
    findings.repair(SIZE_READ, *repaired)
    findings.keep(SIZE_UNKNOWN, *unknown)
    return replace(images, sizes=sizes)
