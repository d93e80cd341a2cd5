"""DuckDB: every database that is asked is opened here, where it reaches nothing but our rows."""

import contextlib
import math
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from samplewise.errors import InvalidArgumentError, SamplewiseError, StoreError

if TYPE_CHECKING:
    import duckdb

TIMEOUT_S = 300.0

_CONTAINER = Path("/sys/fs/cgroup/memory.max")
_GIB = 2**30
_BATCH = 16_384  # rows
_AGAIN_S = 0.1  # an interrupt that meets no running step of DuckDB is lost, so it is repeated

# A name in a query is a view of ours, never a variable of some Python function.
_ALWAYS = {"python_enable_replacements": "false"}
_CLOSED = {
    "enable_external_access": "false",  # no files, URLs, databases, extensions
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_persistent_secrets": "false",
    "temp_directory": "",  # nothing is spilled into the working folder
    "lock_configuration": "true",  # and no query undoes any of this
}


def _is_positive(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and math.isfinite(value) and value > 0


@dataclass(frozen=True)
class QueryBounds:
    """What a query may take.

    Args:
        timeout_s: Seconds after which it is stopped.
        memory_bytes: Memory of DuckDB, and of the answer; None takes half of what this machine or
            container has.
        allow_files: Whether it may read and write files and URLs, attach databases and load
            extensions.

    Raises:
        InvalidArgumentError: An argument breaks its rule.
    """

    timeout_s: float = TIMEOUT_S
    memory_bytes: int | None = None
    allow_files: bool = False

    def __post_init__(self) -> None:
        if not _is_positive(self.timeout_s):
            raise InvalidArgumentError(
                f"`timeout_s` must be a number of seconds above 0, but is {self.timeout_s!r}."
            )
        if self.memory_bytes is not None and not _is_positive(self.memory_bytes):
            raise InvalidArgumentError(
                f"`memory_bytes` must be a number above 0, but is {self.memory_bytes!r}."
            )
        if not isinstance(self.allow_files, bool):
            raise InvalidArgumentError(
                f"`allow_files` must be true or false, but is {self.allow_files!r}."
            )

    @property
    def memory(self) -> int:
        """The bound of memory, bytes."""
        return int(self.memory_bytes or _half_of_memory())


DEFAULT = QueryBounds()


def open_database(bounds: QueryBounds = DEFAULT) -> "duckdb.DuckDBPyConnection":
    """An empty database in memory."""
    import duckdb

    config: dict[str, Any] = _ALWAYS if bounds.allow_files else {**_ALWAYS, **_CLOSED}
    return duckdb.connect(":memory:", config={**config, "memory_limit": f"{bounds.memory}B"})


def query_database(
    connection: "duckdb.DuckDBPyConnection",
    query: str,
    parameters: Iterable[Any] = (),
    bounds: QueryBounds = DEFAULT,
) -> pa.Table:
    """The answer to a query, within bounds.

    Raises:
        InvalidArgumentError: The query is wrong, or needs more than the bounds allow.
        StoreError: Rows that it asks for are damaged.
    """
    import duckdb

    if not isinstance(query, str):
        raise InvalidArgumentError(f"`query` must be a string, but is a {type(query).__name__}.")
    try:
        with _stopping(connection, bounds.timeout_s):
            relation = connection.sql(query, params=list(parameters) or None)
            return pa.table({}) if relation is None else _read_answer(relation, bounds)
    except SamplewiseError:
        raise
    except (duckdb.Error, OSError, pa.ArrowException) as error:
        raise _explain(str(error), bounds) from error


def _read_answer(relation: Any, bounds: QueryBounds) -> pa.Table:
    """The rows of an answer, which DuckDB does not count as its memory."""
    reader = relation.to_arrow_reader(_BATCH)
    batches, size = [], 0
    for batch in reader:
        batches.append(batch)
        size += batch.nbytes
        if size > bounds.memory:
            raise _too_large(bounds)
    return pa.Table.from_batches(batches, reader.schema)


@contextlib.contextmanager
def _stopping(connection: "duckdb.DuckDBPyConnection", seconds: float) -> Iterator[None]:
    """Interrupts what the connection does when the time is over."""
    is_done = threading.Event()

    def watch() -> None:
        wait = min(seconds, threading.TIMEOUT_MAX)
        while not is_done.wait(wait):
            connection.interrupt()
            wait = _AGAIN_S

    watcher = threading.Thread(target=watch, name="samplewise-query", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        is_done.set()
        watcher.join()


def _explain(said: str, bounds: QueryBounds) -> SamplewiseError:
    """What DuckDB says, in our words."""
    if "INTERRUPT Error" in said:
        return InvalidArgumentError(
            f"the query must end within {bounds.timeout_s:g} s, but was stopped then.",
            hint="ask for less, or allow more time: `timeout_s=`, on the command line `--timeout`",
        )
    if "Out of Memory Error" in said:
        return _too_large(bounds)
    if "LanceError" in said:
        return StoreError(
            "the rows that the query asks for cannot be read: they are damaged, or gone.",
            hint="samplewise check tells which files are",
        )
    if not bounds.allow_files and ("Permission Error" in said or " extension" in said):
        return InvalidArgumentError(
            "the query must not use files, URLs, other databases or extensions, but does.",
            hint="`allow_files=True`, on the command line `--allow-files`, allows it to a query "
            "that you trust",
        )
    if "configuration has been locked" in said:
        return InvalidArgumentError(
            "the query must not change settings of the database, but does.",
            hint="`timeout_s=`, `memory_bytes=` and `allow_files=` are arguments, "
            "on the command line `--timeout`, `--memory` and `--allow-files`",
        )
    return InvalidArgumentError(
        f"the query must be valid SQL: {_mistake(said)}\nDuckDB says: {said.strip()}"
    )


def _mistake(said: str) -> str:
    if said.startswith("Parser Error"):
        return "its grammar is wrong."
    if said.startswith(("Binder Error", "Catalog Error")):
        return "it names something that is not there, or uses it for what it is not."
    if said.startswith("Conversion Error"):
        return "a value cannot become one of the type that is asked for."
    return "it cannot be answered."


def _too_large(bounds: QueryBounds) -> InvalidArgumentError:
    return InvalidArgumentError(
        f"the query and its answer must fit into {bounds.memory / _GIB:.3g} GiB of memory, "
        "but need more.",
        hint="ask for fewer rows or columns, or allow more: `memory_bytes=`, on the command line "
        "`--memory`",
    )


@lru_cache(maxsize=1)
def _half_of_memory() -> int:
    import psutil

    total = psutil.virtual_memory().total
    with contextlib.suppress(OSError, ValueError):  # no container, or one without a bound
        total = min(total, int(_CONTAINER.read_text()))
    return total // 2
