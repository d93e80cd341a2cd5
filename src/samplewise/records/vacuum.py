"""Deleting what no table and no run has any more."""

import re
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from samplewise.errors import NotFoundError, SamplewiseError, StoreError
from samplewise.records.catalog import project_names, run_names
from samplewise.records.input_tables import open_input_table
from samplewise.records.map_commit import list_unused_reducers, take_back_half_made_maps
from samplewise.records.run_document import RunDocument
from samplewise.records.stored_run import REPLACING, StoredRun
from samplewise.records.stream import STREAMS, streams_of
from samplewise.records.table_document import DOCUMENT, LEFT, TableDocument
from samplewise.storage import Store
from samplewise.storage.layout import run_path, table_path
from samplewise.storage.rows import expire

DEFAULT_AGE_H = 24.0

_ID = re.compile(r"[0-9a-f]{32}")
_ROWS = re.compile(r"[0-9a-f]{32}\.lance")


@dataclass
class Vacuumed:
    """What was deleted.

    Args:
        paths: Files and folders below the root, whole ones.
        size_bytes: How much room they took; old versions of data that is still in use count, too.
        problems: What is damaged. All that it may name was left alone.
    """

    paths: list[str] = field(default_factory=list)
    size_bytes: int = 0
    problems: list[str] = field(default_factory=list)


def vacuum(
    store: Store, *, older_than_h: float = DEFAULT_AGE_H, is_dry_run: bool = False
) -> Vacuumed:
    """Delete data that no table and no run names.

    That is what killed imports, removed or overwritten tables and runs, and attempts that others
    forestalled have left behind. Whatever changed, or lost its name, within the last
    `older_than_h` hours stays: a writer may be about to name it, and a reader may have it open. A
    table that a run collected metrics on is named by that run, also after it was removed. Only
    what Samplewise wrote itself is ever deleted, whatever else lies below the root.

    Args:
        store: Which store.
        older_than_h: How old it must be, in hours; 0 only where nobody else uses the store.
        is_dry_run: Whether to tell only what would be deleted.

    Raises:
        StoreError: The store cannot be read or written.
    """
    sweep = _Sweep(store, time.time() - 3600 * older_than_h, 3600 * older_than_h, is_dry_run)
    kept = sweep.list_kept_versions()
    for project in project_names(store):
        for dataset in store.children(f"{project}/datasets"):
            if f"{project}/datasets/{dataset}" not in sweep.unknown:
                sweep.all_rows(f"{project}/datasets/{dataset}/rows", kept)
        for run in store.children(f"{project}/runs"):
            sweep.run(project, run)
        for path in store.leftovers(project):
            sweep.remove_if_old(path)
    return sweep.done


class _Sweep:
    """One walk through a store."""

    def __init__(self, store: Store, oldest: float, age_s: float, is_dry_run: bool) -> None:
        self._store = store
        self._oldest = oldest
        self._age_s = age_s
        self._is_dry_run = is_dry_run
        self.done = Vacuumed()
        self.unknown: set[str] = set()
        """Datasets of which it is not known what names their rows: a document is damaged."""

    def list_kept_versions(self) -> dict[str, set[str]]:
        """Tags of the versions that tables and runs name, by the path of their Lance data."""
        kept: dict[str, set[str]] = defaultdict(set)
        for project in project_names(self._store):
            for path, dataset, name in _documents_of_tables(self._store, project):
                try:
                    stored = self._store.read(path)
                    if stored is not None:
                        document = TableDocument.from_json(stored, project, dataset, name)
                        kept[document.stored_rows.path].add(document.id)
                except StoreError as error:
                    self._leave(f"{project}/datasets/{dataset}", error)
            for folder in _runs(self._store, project):
                self._add_inputs(folder, kept)
        return kept

    def _add_inputs(self, folder: str, kept: dict[str, set[str]]) -> None:
        """What a run names: tables of its store, also those that were removed since."""
        try:
            run = self._store.read(f"{folder}/run.json")
            if run is None:
                return
            for entry in run["input_tables"]:
                if entry["root"] is None:
                    document = open_input_table(
                        self._store, f"{folder}/{run['id']}", entry
                    ).document
                    kept[document.stored_rows.path].add(document.id)
        except (StoreError, NotFoundError) as error:
            # It may name rows of any dataset.
            for project in project_names(self._store):
                for dataset in self._store.children(f"{project}/datasets"):
                    self.unknown.add(f"{project}/datasets/{dataset}")
            self._leave(folder, error)

    def _leave(self, path: str, error: SamplewiseError) -> None:
        self.unknown.add(path)
        if error.message not in self.done.problems:
            self.done.problems.append(error.message)

    def all_rows(self, folder: str, kept: Mapping[str, set[str]]) -> None:
        """Delete Lance data that nothing names, or versions of it that nothing names."""
        for name in self._store.children(folder):
            if _ROWS.fullmatch(name):
                self._rows(f"{folder}/{name}", kept.get(f"{folder}/{name}"))

    def _rows(self, path: str, tags: set[str] | None) -> None:
        left = self._store.touch_time(f"{path}{LEFT}") or 0.0
        if max(left, self._newest(path) or 0.0) > self._oldest:
            return
        if tags is None:
            self.remove_if_old(path)
            self.remove_if_old(f"{path}{LEFT}")
        elif not self._is_dry_run:
            try:
                self.done.size_bytes += expire(self._store, path, tags, self._age_s)
            except StoreError as error:
                self._leave(path, error)

    def run(self, project: str, run: str) -> None:
        """Delete what an overwritten or half-made run left, and old versions of its streams."""
        folder = run_path(project, run)
        if folder in self.unknown:
            return
        document = self._store.read(f"{folder}/run.json")
        run_id = None if document is None else document["id"]
        for name in self._store.children(folder):
            if _ID.fullmatch(name) and name != run_id:
                self.remove_if_old(f"{folder}/{name}")
        if run_id is not None:
            self._half_made_maps(StoredRun(RunDocument(self._store, project, run, run_id)))
            streams = streams_of(self._store, f"{folder}/{run_id}")
            kept: dict[str, set[str]] = {stream.path: set() for stream in streams}
            self.all_rows(f"{folder}/{run_id}/{STREAMS}", kept)

    def _half_made_maps(self, run: StoredRun) -> None:
        """What a process left that ended while it stored a map."""
        if not list_unused_reducers(run) and run.document.read().get(REPLACING) is None:
            return
        with self._store.exclusive(run.folder):  # a map that is stored now is not half made
            if not self._is_dry_run:
                take_back_half_made_maps(run)
            for path in list_unused_reducers(run):
                self.remove_if_old(path)

    def remove_if_old(self, path: str) -> None:
        """Delete a file or a folder in which nothing changed lately."""
        newest = self._newest(path)
        if newest is None or newest > self._oldest:
            return
        size_bytes = sum(file.size_bytes for file in self._store.files(path))
        if not self._is_dry_run:
            try:
                self._store.remove(path)
            except StoreError as error:
                self._leave(path, error)
                return
        self.done.paths.append(path)
        self.done.size_bytes += size_bytes

    def _newest(self, path: str) -> float | None:
        """When something changed there last, seconds since the epoch; None if nothing is there."""
        times = [file.changed for file in self._store.files(path)]
        return max(times) if times else self._store.touch_time(path)


def _documents_of_tables(store: Store, project: str) -> Iterator[tuple[str, str, str]]:
    """Where they are, and the names of their datasets and tables."""
    for dataset in store.children(f"{project}/datasets"):
        for name in store.children(f"{project}/datasets/{dataset}/tables"):
            yield f"{table_path(project, dataset, name)}/{DOCUMENT}", dataset, name


def _runs(store: Store, project: str) -> list[str]:
    return [run_path(project, name) for name in run_names(store, project)]
