"""A walk through a store: what is damaged, missing, orphaned, newer or half removed."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from samplewise.errors import NewerFormatError, SamplewiseError
from samplewise.records.input_tables import INPUTS
from samplewise.records.stream import STREAMS
from samplewise.records.table_document import COPIES, DOCUMENT
from samplewise.storage import Store
from samplewise.storage.lance_check import mend_rows, rows_problems
from samplewise.storage.layout import run_path, table_path

DAMAGED, MISSING, ORPHANED = "damaged", "missing", "orphaned"
NEWER, HALF_REMOVED = "newer", "half-removed"

_ID = re.compile(r"[0-9a-f]{32}")
_ROWS = re.compile(r"[0-9a-f]{32}\.lance")


@dataclass(frozen=True)
class Defect:
    """One thing that is not as it should be.

    Args:
        kind: `damaged`, `missing`, `orphaned`, `newer` or `half-removed`.
        path: Where, below the root.
        what: In words.
        mended: What was done about it; None where nothing was, or can be.
    """

    kind: str
    path: str
    what: str
    mended: str | None = None

    @property
    def is_loss(self) -> bool:
        """Whether something is wrong; what is orphaned or half removed only takes room."""
        return self.kind in (DAMAGED, MISSING, NEWER)


def check_store(
    store: Store, *, repair: bool = False, progress: Callable[[str], None] = lambda _: None
) -> list[Defect]:
    """Look at every document of a store and at every byte of its rows that has a checksum.

    On an object store, which keeps checksums of its own, the documents are looked at alone.

    Args:
        store: Which store.
        repair: Whether to mend what can be mended without a loss, and to go back to the last
            whole version where that is all there is. What is damaged is moved aside, into a
            folder `damaged` beside it, and never deleted. Nobody should be writing meanwhile.
        progress: Told each thing that is looked at.

    Raises:
        StoreError: The store cannot be listed.
    """
    walk = _Walk(store, repair, progress)
    for project in store.children(""):
        if "project" in store.documents(project):
            walk.project(project)
    return walk.findings


class _Walk:
    def __init__(self, store: Store, repair: bool, progress: Callable[[str], None]) -> None:
        self._store = store
        self._repair = repair
        self._progress = progress
        self.findings: list[Defect] = []
        self._named: dict[str, dict[str, int]] = defaultdict(dict)

    def project(self, project: str) -> None:
        """Everything in a project: tables and runs first, then what they name."""
        self._document(f"{project}/project.json", lambda: self._without_aliases(project))
        for path in self._tables(project):
            self._table(path)
        streams = [
            s for run in self._store.children(f"{project}/runs") for s in self._run(project, run)
        ]
        for dataset in self._store.children(f"{project}/datasets"):
            self._all_rows(f"{project}/datasets/{dataset}/rows")
        for stream in streams:
            self._rows(stream, {})
        for path in self._store.leftovers(project):
            self._add(HALF_REMOVED, path, "a killed process left it; `samplewise vacuum` frees it")

    def _without_aliases(self, project: str) -> str:
        path = f"{project}/project.json"
        self._store.write_file(f"{path}.damaged", self._store.read_file(path))
        self._store.replace(path, {"aliases": {}})
        return "written anew without aliases; the damaged one is `project.json.damaged`"

    def _tables(self, project: str) -> Iterator[str]:
        for dataset in self._store.children(f"{project}/datasets"):
            for table in self._store.children(f"{project}/datasets/{dataset}/tables"):
                yield table_path(project, dataset, table)

    def _table(self, path: str) -> None:
        dataset = path.rpartition("/tables/")[0]
        if "table" not in self._store.documents(path):
            self._add(HALF_REMOVED, path, "it has no document")
            return
        if not self._document(f"{path}/{DOCUMENT}", lambda: self._restore_document(dataset, path)):
            return
        document = self._store.read(f"{path}/{DOCUMENT}")
        if document is not None:
            self._named[f"{dataset}/{document['rows']}"][document["id"]] = document["version"]

    def _restore_document(self, dataset: str, path: str) -> str | None:
        """Put the copy of a table's document in its place, if it is clear which one is its."""
        text = self._store.read_file(f"{path}/{DOCUMENT}")
        copies = self._copies_in(dataset)
        taken = {tag for names in self._named.values() for tag in names}
        fitting = [name for name in copies if name not in taken]
        fitting = [name for name in fitting if name.encode() in text] or fitting
        copy = self._store.read(copies[fitting[0]]) if len(fitting) == 1 else None
        if copy is None:
            return None
        self._store.write_file(f"{path}/{DOCUMENT}.damaged", text)
        self._store.replace(f"{path}/{DOCUMENT}", copy)
        return f"written anew from its copy; the damaged one is `{DOCUMENT}.damaged`"

    def _run(self, project: str, run: str) -> list[str]:
        """Look at a run; returns the paths of its streams."""
        path = run_path(project, run)
        if "run" not in self._store.documents(path):
            self._add(HALF_REMOVED, path, "it has no document")
            return []
        name = f"{path}/run.json"
        is_whole = self._document(name, lambda: self._restore_run(name))
        document = self._store.read(name) if is_whole else None
        streams = []
        for folder in filter(_ID.fullmatch, self._store.children(path)):
            if document is not None and folder != document["id"]:
                self._add(ORPHANED, f"{path}/{folder}", "no run names it")
                continue
            if document is not None:
                self._inputs(f"{path}/{folder}", document["input_tables"])
            streams += self._contents(f"{path}/{folder}")
        return streams

    def _restore_run(self, path: str) -> str | None:
        """Put what a run's document was before its last change in its place."""
        last = self._store.read_last(path)
        if last is None:
            return None
        self._store.write_file(f"{path}.damaged", self._store.read_file(path))
        self._store.replace(path, last)
        return "as it was before its last change; the damaged one is `run.json.damaged`"

    def _inputs(self, folder: str, entries: list[dict[str, Any]]) -> None:
        """The run's copies of the documents of its input tables, and the rows that they name."""
        for entry in entries:
            path = f"{folder}/{INPUTS}/{entry['id']}.json"
            dataset = f"{entry['project']}/datasets/{entry['dataset']}"

            def mend(
                path: str = path, dataset: str = dataset, name: str = entry["id"]
            ) -> str | None:
                copy = self._copies_in(dataset).get(name)
                stored = None if copy is None else self._store.read(copy)
                if stored is None:
                    return None
                self._store.replace(path, stored)
                return "written anew from the copy beside the rows"

            if entry["id"] not in self._store.documents(f"{folder}/{INPUTS}"):
                done = mend() if self._repair else None
                what = f"the document of input table `{entry['name']}` of the run"
                self._add(MISSING, path, what, done)
            elif self._document(path, mend) and entry.get("root") is None:
                stored = self._store.read(path)
                if stored is not None:
                    self._named[f"{dataset}/{stored['rows']}"][entry["id"]] = stored["version"]

    def _copies_in(self, dataset: str) -> dict[str, str]:
        """Copies of documents of tables beside their rows, by id."""
        return {
            name: f"{dataset}/rows/{rows}/{COPIES}/{name}.json"
            for rows in self._store.children(f"{dataset}/rows")
            for name in self._store.documents(f"{dataset}/rows/{rows}/{COPIES}")
        }

    def _contents(self, folder: str) -> Iterator[str]:
        for name in self._store.documents(f"{folder}/{STREAMS}"):
            path = f"{folder}/{STREAMS}/{name}.json"
            document = self._store.read(path) if self._document(path) else None
            if document is not None:
                yield f"{folder}/{document['rows']}"
        for file in list(self._store.files(f"{folder}/reducers")):
            self._reducer(file.path)

    def _reducer(self, path: str) -> None:
        wanted = path.rpartition("/")[2].partition(".")[0]
        if len(wanted) == 64 and hashlib.sha256(self._store.read_file(path)).hexdigest() != wanted:
            self._add(DAMAGED, path, "a fitted reducer is not what was written")

    def _all_rows(self, folder: str) -> None:
        for name in filter(_ROWS.fullmatch, self._store.children(folder)):
            path = f"{folder}/{name}"
            self._copies(path)
            if path in self._named:
                self._rows(path, self._named[path])
            else:
                self._add(ORPHANED, path, "no table names it; `samplewise vacuum` frees it")
        for path in self._named:
            there = path.rpartition("/")[2] in self._store.children(folder)
            if path.startswith(f"{folder}/") and not there:
                self._add(MISSING, path, "a table names these rows")

    def _copies(self, path: str) -> None:
        for name in self._store.documents(f"{path}/{COPIES}"):
            self._document(f"{path}/{COPIES}/{name}.json")

    def _rows(self, path: str, names: dict[str, int]) -> None:
        if self._store.is_remote:
            return
        self._progress(path)
        problems = self._problems(path, names)
        if not problems:
            return
        done = mend_rows(self._store, path, names) if self._repair else []
        left = self._problems(path, names) if done else problems
        for what in problems:
            kind = MISSING if what.endswith("is missing") else DAMAGED
            mended = "; ".join(done) or None if what not in left else None
            self._add(kind, path, what, mended)

    def _problems(self, path: str, names: dict[str, int]) -> list[str]:
        try:
            return list(rows_problems(self._store, path, set(names.values()) or None))
        except SamplewiseError as error:
            return [error.message]

    def _document(self, path: str, mend: Callable[[], str | None] = lambda: None) -> bool:
        """Whether a document can be read; what is wrong with it is noted."""
        self._progress(path)
        try:
            problem = self._store.problem(path)
            if problem is None:
                return True
            done = mend() if self._repair else None
            self._add(DAMAGED, path, problem, done)
            return done is not None or self._is_readable(path)
        except NewerFormatError as error:
            self._add(NEWER, path, error.message)
        return False

    def _is_readable(self, path: str) -> bool:
        try:
            return self._store.read(path) is not None
        except SamplewiseError:
            return False

    def _add(self, kind: str, path: str, what: str, mended: str | None = None) -> None:
        self.findings.append(Defect(kind, path, what, mended))
