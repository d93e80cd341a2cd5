"""What an importer says of the image files themselves: turned by EXIF, or not readable."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pyarrow as pa

from samplewise.errors import ImageError
from samplewise.formats._image_files import is_remote
from samplewise.formats.import_report import Findings
from samplewise.records.stored_table_writer import Batch, Read
from samplewise.schema import ImageSchema
from samplewise.schema.foreign import as_column
from samplewise.schema.image_reader import Traits, read_size, read_traits
from samplewise.schema.image_url import UPRIGHT, Reader, reader_of, with_reader

TURNED = "images that EXIF turns: shown, trained and collected upright"
NOT_TURNED = "images that EXIF would turn: shown, trained and collected as they are stored"
UNTURNED_SIZE = (
    "images that EXIF turns, whose width and height are those before the turn: labels may lie "
    "beside what they mean"
)
DEEP = "images of 16 bits: shown, trained and collected with the upper 8"
UNKNOWN_WHITE = "images of 32 bits, of which nobody knows what is white: cannot be trained on"
CUT = (
    "images of more than 8 bits, cut at 0 and 255 as Pillow reads them: shown, trained and "
    "collected so, mostly white or black"
)
UNREADABLE = "images that cannot be read"

_QUARTER_TURNS = (5, 6, 7, 8)
_AT_A_TIME = 256  # files a thread looks at; on a network each waits for an answer
_THREADS = 8


def describe_images(urls: Sequence[str | None]) -> str:
    """What is to say of images before they are trained on, such as `7 images that ...`; or ''."""
    findings = Findings("")
    for url, traits in zip(urls, traits_of(urls), strict=True):
        _count(findings, url, traits)
    return ", ".join(f"{entry['count']} {reason}" for reason, entry in findings.kept.items())


def traits_of(urls: Sequence[str | None]) -> list[Traits | None]:
    """What is unusual about each image; None for a file that cannot be read.

    What is missing or not on this machine counts as usual.
    """
    parts = [urls[start : start + _AT_A_TIME] for start in range(0, len(urls), _AT_A_TIME)]
    with ThreadPoolExecutor(_THREADS) as threads:
        return [each for part in threads.map(_traits_of_part, parts) for each in part]


def scan_images_of(read: Read, name: str, reader: Reader | None = None) -> Read:
    """Rows of an importer that count, while they are read, what is to say of their files.

    Args:
        read: Batches, column kinds, and the source, whose findings grow.
        name: Of the file that is imported, for the note at the end.
        reader: How its images are read; None: as the importer says.
    """
    batches, kinds, described = read
    schema, source = dict(kinds), dict(described)
    column = next((key for key, kind in schema.items() if isinstance(kind, ImageSchema)), None)
    if column is None:
        return batches, schema, source
    if reader is not None:
        schema[column] = replace(schema[column], reader=reader)  # pyright: ignore[reportCallIssue]
    return _scan(batches, column, reader or UPRIGHT, source, name), schema, source


def _scan(
    batches: Iterable[Batch], column: str, reader: Reader, source: dict[str, Any], name: str
) -> Iterator[Batch]:
    findings = Findings(name)
    for batch in batches:
        values: Any = as_column(batch[column])
        urls = [
            url if url is None else with_reader(url, reader)
            for url in (values.to_pylist() if isinstance(values, pa.Array) else values)
        ]
        for row, (url, traits) in enumerate(zip(urls, traits_of(urls), strict=True)):
            _count(findings, url, traits)
            if url and traits and traits.orientation in _QUARTER_TURNS:
                findings.keep(UNTURNED_SIZE, *[url] * _is_size_unturned(batch, row, url))
        yield batch
    known = source.get("kept", {})
    for reason in findings.kept.keys() & known.keys():
        del findings.kept[reason]  # the reader of the format has counted them
    if findings.kept:
        source["kept"] = {**known, **findings.kept}
        findings.tell()


def _count(findings: Findings, url: str | None, traits: Traits | None) -> None:
    if url is None:
        return
    if traits is None:
        findings.keep(UNREADABLE, url)
    elif traits.orientation != 1:
        is_turned = reader_of(url) in ("upright", "opencv")
        findings.keep(TURNED if is_turned else NOT_TURNED, url)
    if traits is not None and traits.depth != 8:
        deep = DEEP if traits.depth == 16 else UNKNOWN_WHITE
        findings.keep(CUT if reader_of(url) == "pillow" else deep, url)


def _is_size_unturned(batch: Batch, row: int, url: str) -> bool:
    names = batch.keys() if isinstance(batch, Mapping) else batch.schema.names
    if "width" not in names or "height" not in names:
        return False
    declared = tuple(as_column(batch[side])[row] for side in ("width", "height"))
    width, height = read_size(url)
    return width != height and tuple(map(_plain, declared)) == (height, width)


def _plain(value: Any) -> Any:
    return value.as_py() if isinstance(value, pa.Scalar) else value


def _traits_of_part(urls: Sequence[str | None]) -> list[Traits | None]:
    return [_traits(url) for url in urls]


def _traits(url: str | None) -> Traits | None:
    if url is None or is_remote(url):
        return Traits()
    try:
        return read_traits(url)
    except ImageError:
        return None if os.path.exists(url) else Traits()
