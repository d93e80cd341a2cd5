"""The smallest messages."""

from samplewise.server.message import Wire


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
