"""Annotations of a COCO file, as msgspec reads them."""

from typing import Any, NamedTuple, Self

import msgspec
import numpy as np
from msgspec import Raw

from samplewise.formats.coco._file import CocoFile, decode_items

KNOWN = frozenset(
    (
        "id",
        "image_id",
        "category_id",
        "bbox",
        "area",
        "iscrowd",
        "segmentation",
        "keypoints",
        "num_keypoints",
        "score",
    )
)
"""Fields that a Table has a place for."""

_NULL = Raw(b"null")
_NOTHING = frozenset((b"null", b"[]", b"[[]]", b"{}", b'""'))
_LONGEST_NOTHING = 16


class _Annotation(msgspec.Struct, gc=False):
    """One annotation, its mask and keypoints undecoded."""

    id: int | str | float | None = None
    image_id: int | str | float | None = None
    category_id: int | str | float | None = None
    bbox: list[float | None] | None = None
    area: float | None = None
    iscrowd: float | bool | None = None
    segmentation: Raw = _NULL
    keypoints: Raw = _NULL
    num_keypoints: float | bool | None = None
    score: float | None = None


class _BareAnnotation(_Annotation, gc=False, forbid_unknown_fields=True):
    """An annotation without any other field."""


class Entries(NamedTuple):
    """Some annotations, field by field; None where an annotation has no such field."""

    id: tuple[Any, ...]
    image_id: tuple[Any, ...]
    category_id: tuple[Any, ...]
    bbox: tuple[list[float | None] | None, ...]
    area: tuple[float | None, ...]
    iscrowd: tuple[float | None, ...]
    segmentation: tuple[Raw, ...]
    keypoints: tuple[Raw, ...]
    num_keypoints: tuple[float | None, ...]
    score: tuple[float | None, ...]

    @classmethod
    def bare(cls, items: list[Raw]) -> Self | None:
        """Annotations that have no other field; None if one has, or is wrong."""
        decode = msgspec.json.Decoder(_BareAnnotation).decode
        try:
            return cls._of(list(map(decode, items)))
        except (msgspec.DecodeError, UnicodeDecodeError):
            return None

    @classmethod
    def of(cls, file: CocoFile, items: list[Raw]) -> Self:
        """Annotations that may have other fields.

        Raises:
            FormatError: One is wrong; names its id and the reason.
        """
        return cls._of(decode_items(file, items, _Annotation, "annotation"))

    @classmethod
    def _of(cls, annotations: list[Any]) -> Self:
        return cls(*zip(*map(msgspec.structs.astuple, annotations), strict=True))

    def numbers(self, field: str) -> np.ndarray:
        """A field as float64, NaN where there is none."""
        return np.array(getattr(self, field), np.float64)


def holding(values: tuple[Raw, ...]) -> np.ndarray:
    """Which undecoded values are neither null nor empty, bool."""
    texts = list(map(bytes, values))
    holds = np.fromiter(map(len, texts), np.int64, len(texts)) > _LONGEST_NOTHING
    for i in np.flatnonzero(~holds).tolist():
        holds[i] = texts[i].translate(None, b" \t\r\n") not in _NOTHING
    return holds
