"""What is damaged in local Lance data, to the last byte, and mending what can be mended."""

import json
import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from samplewise.errors import StoreError
from samplewise.storage._lance import load_lance, open_lance, saying_store_error
from samplewise.storage._sync import make_folder, sync_folder
from samplewise.storage.checksums import append_checksums, checksum
from samplewise.storage.commits import commit
from samplewise.storage.rows import Rows, protect
from samplewise.storage.store import Store
from samplewise.storage.versions import (
    data_files,
    data_problems,
    load_checksums,
    manifest_path,
    manifest_problem,
    versions_in,
)
from samplewise.storage.whole_rows import version_problem
from samplewise.storage.working_copy import DAMAGED, set_aside, set_damaged_aside

TAGS = "_refs/tags"


def rows_problems(store: Store, path: str, versions: set[int] | None) -> Iterator[str]:
    """What is wrong with some Lance data; every byte that has a checksum is read.

    Args:
        store: Where it lies.
        path: The data.
        versions: Those that are named; None: the latest one is what counts.
    """
    folder = store.url(path)
    there = versions_in(folder)
    if not there:
        yield f"`{folder}` is missing, or holds no rows"
        return
    seen: set[str] = set()
    for version in sorted({*there, *(versions or ())}, reverse=True):
        for problem in _version_problems(store, path, version, versions, there[-1]):
            if problem not in seen:
                seen.add(problem)
                yield problem
    for line in load_checksums(folder).damaged_lines:
        yield f"line {line} of `{folder}/checksums.txt` is damaged"
    yield from find_damaged_tags(store, path)


def _version_problems(
    store: Store, path: str, version: int, named: set[int] | None, latest: int
) -> Iterator[str]:
    folder = store.url(path)
    problem = manifest_problem(folder, version)
    if problem is not None:
        yield problem
        return
    is_needed = version == latest if named is None else version in named
    if is_needed:
        with saying_store_error(store, path, f"opened at version {version}"):
            yield from data_problems(open_lance(store, path, version), folder, all_bytes=True)


def find_damaged_tags(store: Store, path: str) -> Iterator[str]:
    """Tags that Lance cannot read, in words."""
    for tag in sorted(Path(store.url(path), TAGS).glob("*.json")):
        if not isinstance(_version_of(tag), int):
            yield f"`{tag}` is damaged"


def mend_rows(store: Store, path: str, names: dict[str, int]) -> list[str]:
    """Bring some Lance data back to where it is read and written; says what was done.

    Nothing is deleted: what is damaged is kept in the folder `damaged` of the data.

    Args:
        store: Where it lies.
        path: The data.
        names: Versions that are named, by tag; empty for a stream of a run.
    """
    done = [*_mend_tags(store, path, names), *_mend_manifests(store, path, names)]
    if not names:
        done += _leave_out_damaged(store, path)
    return [*done, *_mend_checksums(store, path)]


def _mend_tags(store: Store, path: str, names: dict[str, int]) -> Iterator[str]:
    folder = Path(store.url(path), TAGS)
    for tag in sorted(folder.glob("*.json")):
        if not isinstance(_version_of(tag), int):
            kept = set_aside(store, path, f"{TAGS}/{tag.name}")
            yield f"`{tag}` is now `{store.url(kept)}`"
            if tag.stem in names:
                protect(store, Rows(path, names[tag.stem]), tag.stem)


def _mend_manifests(store: Store, path: str, names: dict[str, int]) -> Iterator[str]:
    """Set damaged versions aside that nothing names: the last whole one is the latest then."""
    for kept in set_damaged_aside(store, path, set(names.values())):
        yield f"a damaged version of `{store.url(path)}` is now `{store.url(kept)}`"


def _leave_out_damaged(store: Store, path: str) -> Iterator[str]:
    folder = store.url(path)
    versions = versions_in(folder)
    if not versions:
        return
    latest = open_lance(store, path, versions[-1])
    damaged = {name for name in data_files(latest) if any(_problems_of(latest, folder, name))}
    if not damaged:
        return
    before = next((v for v in versions[-2:-1] if version_problem(store, path, v) is None), None)
    if before is not None and not damaged & set(data_files(open_lance(store, path, before))):
        kept = set_aside(store, path, manifest_path(versions[-1]))
        yield f"version {versions[-1]} of `{folder}` is now `{store.url(kept)}`"
        return
    for name in damaged:
        _keep_copy(Path(folder), name)
    operation = load_lance().LanceOperation.Delete(
        [], [f.fragment_id for f in latest.get_fragments() if _has(f, damaged)], "damaged"
    )
    gone = sum(f.count_rows() for f in latest.get_fragments() if _has(f, damaged))
    commit(store, path, operation, latest)
    yield f"{gone} rows of `{folder}` are damaged and left out; their files are in `{DAMAGED}`"


def _problems_of(dataset: Any, folder: str, name: str) -> Iterator[str]:
    for problem in data_problems(dataset, folder, all_bytes=True):
        if f"/{name}`" in problem:
            yield problem


def _has(fragment: Any, names: set[str]) -> bool:
    return any(f"data/{file.path}" in names for file in fragment.metadata.files)


def _keep_copy(folder: Path, name: str) -> None:
    if (folder / name).exists():
        make_folder(folder / DAMAGED)
        copy = f"{name.replace('/', '-')}-{uuid.uuid4().hex[:8]}"
        os.link(folder / name, folder / DAMAGED / copy)
        sync_folder(folder / DAMAGED)


def _mend_checksums(store: Store, path: str) -> Iterator[str]:
    """Write them anew where lines are damaged, for the files whose checksums went with them."""
    folder = Path(store.url(path))
    sums = load_checksums(folder)
    if not sums.damaged_lines:
        return
    kept = set_aside(store, path, "checksums.txt")
    for name, each in sums.by_path.items():
        for one in each:
            append_checksums(folder, {name: one})
    lost = [manifest_path(v) for v in versions_in(folder)]
    lost += data_files(open_lance(store, path))
    new = {name: checksum(folder / name) for name in lost if name not in sums.by_path}
    store.sync(f"{path}/{append_checksums(folder, new).name}")
    yield f"`{folder}/checksums.txt` is written anew; the old one is `{store.url(kept)}`"


def _version_of(tag: Path) -> Any:
    try:
        return json.loads(tag.read_bytes())["version"]
    except (ValueError, KeyError, TypeError):
        return None
    except OSError as error:
        raise StoreError(f"`{tag}` cannot be read: {error.strerror}") from error
