"""What every message is, and the smallest of them."""

from msgspec import Struct


class Wire(Struct, forbid_unknown_fields=True):
    """Base of all messages: unknown fields are refused."""


class Count(Wire):
    """How many samples."""

    count: int


class Code(Wire):
    """Python that does the same."""

    code: str


class Problem(Wire):
    """An error, in the words of `samplewise.errors`."""

    title: str
    detail: str
    hint: str | None = None
