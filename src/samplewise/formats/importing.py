"""The border between files and us: whatever a reader raises names the file, in our words."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from samplewise.errors import FormatError, SamplewiseError, SchemaError
from samplewise.formats._image_files import is_text
from samplewise.formats.format import Format
from samplewise.records.fingerprint import Fingerprint

Read = tuple[Iterator[Any], Mapping[str, Any], Mapping[str, Any]]


def read_files(known: Format, path: Any, options: Mapping[str, Any]) -> Read:
    """What the reader of a format gives.

    Raises:
        FormatError: The files cannot be read.
    """
    assert known.reader is not None, "asked of formats that are read"
    with in_our_words(path):
        batches, schema, source = known.reader()(path, **options)
    return _batches(batches, path), schema, source


def fingerprint_files(known: Format, path: Any, options: Mapping[str, Any]) -> Fingerprint:
    """What a table of these files is made of.

    Raises:
        FormatError: The files are missing or cannot be read.
    """
    assert known.fingerprint is not None, "asked of formats that have one"
    with in_our_words(path):
        return known.fingerprint()(path, **options)


def _batches(batches: Any, path: Any) -> Iterator[Any]:
    remaining = iter(batches)
    while True:
        with in_our_words(path):
            batch = next(remaining, None)
        if batch is None:
            return
        yield batch


@contextmanager
def naming(path: Any) -> Iterator[None]:
    """Make errors about values, which know columns and rows only, name the file.

    Raises:
        SchemaError: What the file holds does not fit the columns that it says.
    """
    try:
        yield
    except SchemaError as error:
        if str(path) in error.message:
            raise
        raise SchemaError(f"`{path}` is no table: {error.message}", hint=error.hint) from None


@contextmanager
def in_our_words(path: Any) -> Iterator[None]:
    """Make errors of what is done in the block name the file.

    Raises:
        FormatError: The file cannot be read.
        SchemaError: What it holds does not fit the columns that it says.
    """
    if not is_text(str(path)):
        shown = str(path).encode(errors="backslashreplace").decode()
        raise FormatError(f"`{shown}` must have a name in UTF-8, but has other bytes.")
    try:
        with naming(path):
            yield
    except SamplewiseError:
        raise
    except UnicodeError as error:
        raise FormatError(f"`{path}` must be text that can be stored, but {error}.") from None
    except RecursionError:
        raise FormatError(f"`{path}` is nested too deeply to be read.") from None
    except MemoryError:
        raise FormatError(f"`{path}` needs more memory than there is.") from None
    except OSError as error:
        raise FormatError(f"`{path}` cannot be read: {error.strerror or error}.") from None
