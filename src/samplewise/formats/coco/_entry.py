"""One annotation of a COCO file, as msgspec reads it."""

import msgspec
from msgspec import UNSET, Raw, UnsetType

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

_NOTHING = frozenset((b"", b"null", b"[]", b"[[]]", b"{}", b'""'))


class Annotation(msgspec.Struct, gc=False):
    """One annotation, its mask and keypoints undecoded."""

    id: int | str | float | None = None
    image_id: int | str | float | None = None
    category_id: int | str | float | None = None
    bbox: list[float | None] | None = None
    area: float | None = None
    iscrowd: float | bool | None = None
    segmentation: Raw | UnsetType = UNSET
    keypoints: Raw | UnsetType = UNSET
    num_keypoints: int | None = None
    score: float | None = None


class BareAnnotation(Annotation, gc=False, forbid_unknown_fields=True):
    """An annotation without any other field."""


def something(value: Raw | UnsetType) -> Raw | None:
    """An undecoded value, or None if it is not there, null or empty."""
    if value is UNSET:
        return None
    text = bytes(value)
    return value if len(text) > 16 or text.translate(None, b" \t\r\n") not in _NOTHING else None
