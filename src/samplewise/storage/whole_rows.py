"""Opening local Lance data: a version that is whole, or the last one that is."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from samplewise._notes import warn
from samplewise.errors import StoreError
from samplewise.storage._lance import open_lance
from samplewise.storage.store import Store
from samplewise.storage.versions import data_problems, manifest_problem, versions_in

if TYPE_CHECKING:
    import lance

MENDING = "samplewise check --repair tells what else is damaged, and mends what can be mended"


def open_whole(store: Store, path: str, version: int) -> "lance.LanceDataset":
    """A version, of which nothing is known to be damaged.

    Raises:
        StoreError: Something is, or the version is gone.
    """
    dataset, problem = _inspect(store, path, version)
    if problem is not None or dataset is None:
        raise StoreError(
            f"`{store.url(path)}` cannot be opened at version {version}: {problem}.", hint=MENDING
        )
    return dataset


def open_latest(store: Store, path: str) -> Any:
    """The latest version, or where a power loss damaged it the one before; says so once.

    Data that is damaged in the version before, too, was not lost with its commit: then nothing is
    left out, and it is an error.

    Raises:
        StoreError: There is no version, or none that is whole.
    """
    problems: list[str] = []
    for version in reversed(versions_in(store.url(path))):
        dataset, problem = _inspect(store, path, version)
        if problem is None:
            if problems:
                _say_once(f"{problems[0]}: what was written before is read. {MENDING}.")
            return dataset
        if dataset is not None and any(problem == each for each in problems):
            break
        problems.append(problem)
    what = problems[-1] if problems else "it is missing, or holds no rows"
    raise StoreError(f"`{store.url(path)}` cannot be opened: {what}.", hint=MENDING)


def version_problem(store: Store, path: str, version: int) -> str | None:
    """What is wrong with a version; None if nothing is known to be."""
    return _inspect(store, path, version)[1]


def _inspect(
    store: Store, path: str, version: int
) -> tuple["lance.LanceDataset | None", str | None]:
    """A version, unless its manifest is damaged, and what is wrong with it."""
    problem = manifest_problem(store.url(path), version)
    if problem is not None:
        return None, problem
    dataset = open_lance(store, path, version)
    return dataset, next(data_problems(dataset, store.url(path)), None)


@lru_cache(maxsize=256)
def _say_once(message: str) -> None:
    warn(message)
