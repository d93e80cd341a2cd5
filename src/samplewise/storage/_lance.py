"""Lance, loaded when first used: it costs two CPU-seconds. No other module calls it by name."""

import contextlib
import os
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, TypeVar

from samplewise.errors import ForkError, SamplewiseError, StoreError
from samplewise.storage._watch import watch
from samplewise.storage.limits import remote_error
from samplewise.storage.store import Store

Result = TypeVar("Result")

_PLACE = re.compile(r",? ?(at )?/\S+\.rs:\d+(:\d+)?")
_NAME = re.compile(r"(External error: |LanceError\(\w+\): )")

_process: int | None = None


def load_lance() -> Any:
    """The package `lance`, in the process that used it first.

    Raises:
        ForkError: This process was forked from one that used Lance, whose threads are not here.
    """
    global _process  # noqa: PLW0603  # its threads belong to one process
    if _process is None:
        _process = os.getpid()
        return _quiet_lance()
    if _process != os.getpid():
        raise ForkError(
            "tables and metrics cannot be read or written here: they were opened before this "
            "process forked, and their reader does not survive that.",
            hint='pass multiprocessing_context="spawn" to the DataLoader, or give its workers '
            "plain values: list(table.table_rows)",
        )
    import lance

    return lance


def open_lance(store: Store, path: str, version: int | None = None) -> Any:
    """Lance data at a version, or the latest one, without a look at what it consists of.

    What it raises when it is read later is a `StoreError`, too.
    """
    load_lance()
    store.check_place(path)
    url, options = store.lance_url(path), store.lance_options
    opened = call_lance(
        store,
        path,
        "opened",
        lambda: _dataset_class()(url, version=version, storage_options=options),
    )
    opened.samplewise_place = (store, path)
    return opened


def call_lance(store: Store, path: str, what: str, work: Callable[[], Result]) -> Result:
    """What a call of Lance returns; one to an object store that hangs is given up.

    Args:
        store: Where the data lies.
        path: The data.
        what: What is done to it, such as `read`.
        work: The call.

    Raises:
        StoreError: The store does not answer any more.
    """
    return watch(store.root, store.url(path), what, work) if store.is_remote else work()


def _quiet_lance() -> Any:
    import lance

    # Lance warns at every fork of the process, such as those of a DataLoader, whose workers need
    # not touch it. Those that do get a ForkError, so the warning says nothing that helps.
    warn = vars(lance).get("__warn_on_fork")
    if warn is not None:
        warn.__code__ = (lambda: None).__code__
    return lance


@contextlib.contextmanager
def saying_store_error(store: Store, path: str, what: str) -> Iterator[None]:
    """Turns what Lance raises, panics of its Rust code among it, into a `StoreError`."""
    try:
        yield
    except SamplewiseError:
        raise
    except BaseException as error:
        if not isinstance(error, OSError | ValueError | RuntimeError) and not _is_panic(error):
            raise
        if store.is_remote:
            raise remote_error(store.url(path), what, _readable(error)) from error
        raise StoreError(f"`{store.url(path)}` cannot be {what}: {_readable(error)}") from error


@lru_cache(maxsize=1)
def _dataset_class() -> Any:
    """The class of Lance data that says what is wrong in our words, whoever reads it."""
    import lance

    class StoredDataset(lance.LanceDataset):  # type: ignore[misc]
        samplewise_place: tuple[Store, str]

        def to_table(self, *given: Any, **named: Any) -> Any:
            return self._read(lambda: super(StoredDataset, self).to_table(*given, **named))

        def take(self, *given: Any, **named: Any) -> Any:
            return self._read(lambda: super(StoredDataset, self).take(*given, **named))

        def count_rows(self, *given: Any, **named: Any) -> Any:
            return self._read(lambda: super(StoredDataset, self).count_rows(*given, **named))

        def to_batches(self, *given: Any, **named: Any) -> Any:
            batches = self._read(lambda: super(StoredDataset, self).to_batches(*given, **named))
            while (batch := self._read(lambda: next(batches, None))) is not None:
                yield batch

        def _read(self, work: Callable[[], Any]) -> Any:
            with saying_store_error(*self.samplewise_place, "read"):
                return call_lance(*self.samplewise_place, "read", work)

    return StoredDataset


def _readable(error: BaseException) -> str:
    """What Lance says, without the places in its source code and the names of its errors."""
    said = getattr(error, "strerror", None) or str(error)
    first = _PLACE.sub("", said.strip().partition("\n")[0])
    return _NAME.sub("", first)


def _is_panic(error: BaseException) -> bool:
    return type(error).__name__ == "PanicException"
