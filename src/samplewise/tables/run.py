"""Run: one training run, its hyperparameters, aggregates and per-sample metrics."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from samplewise._arguments import check_arguments
from samplewise._notes import note, warn
from samplewise.errors import InvalidArgumentError, StoreError
from samplewise.records.collection_failures import describe_failures
from samplewise.records.if_exists import IfExists, check_if_exists
from samplewise.records.liveness import Owner
from samplewise.records.map_commit import take_back_half_made_maps
from samplewise.records.ownership import Ownership, describe_error
from samplewise.records.readable import readable
from samplewise.records.run_document import (
    CANCELLED,
    COMPLETED,
    FAILED,
    RUNNING,
    RunDocument,
    create_run,
)
from samplewise.records.stored_run import StoredRun
from samplewise.records.stream import streams_of
from samplewise.storage import Store, remember_aliases
from samplewise.tables._run_maps import RunMaps

DEFAULT_PROJECT = "default"


class Run(RunMaps):
    """One training run.

    Made with `samplewise.init(...)`, opened with `Run.from_names(...)` or `Run.from_url(...)`.
    """

    def __init__(self, document: RunDocument, *, is_owner: bool = False) -> None:
        self.stored = StoredRun(document)
        self._ownership = Ownership(document, self._close_at_exit) if is_owner else None
        self.is_closed_here = False
        """Whether this process ended it: then it is not the active one any more."""

    def __getstate__(self) -> RunDocument:
        return self.stored.document

    def __setstate__(self, state: RunDocument) -> None:
        self.__init__(state)  # the process it came from owns it

    @classmethod
    @check_arguments
    def create(
        cls,
        project_name: str | None = None,
        run_name: str | None = None,
        description: str | None = None,
        parameters: Mapping[str, Any] | None = None,
        if_exists: IfExists = "rename",
        root_url: str | Path | None = None,
    ) -> Self:
        """Make a run that this process owns; see `samplewise.init`."""
        store, project = Store(root_url), project_name or DEFAULT_PROJECT
        document, is_new = create_run(
            store,
            project,
            run_name,
            description or "",
            readable(parameters or {}),
            check_if_exists(if_exists),
        )
        remember_aliases(store, project)
        if not is_new:
            _go_on(document, description, readable(parameters or {}))
        return cls(document, is_owner=True)

    @classmethod
    @check_arguments
    def from_names(
        cls, run_name: str, project_name: str, root_url: str | Path | None = None
    ) -> Self:
        """Open a stored run.

        Raises:
            NotFoundError: There is no such run; the hint names those that there are.
        """
        return cls(RunDocument.open(Store(root_url), project_name, run_name))

    @classmethod
    @check_arguments
    def from_url(cls, url: str | Path) -> Self:
        """Open a stored run by its URL, `<root>/<project>/runs/<run>`.

        Raises:
            InvalidArgumentError: The URL has another form.
            NotFoundError: There is no such run.
        """
        parts = str(url).rstrip("/").removesuffix("/run.json").split("/")
        if len(parts) < 4 or parts[-2] != "runs":
            raise InvalidArgumentError(
                f"`url` must end with <project>/runs/<run>, but is {str(url)!r}."
            )
        return cls.from_names(parts[-1], parts[-3], "/".join(parts[:-3]) or "/")

    @property
    def project_name(self) -> str:
        """Name of its project."""
        return self.stored.document.project

    @property
    def url(self) -> str:
        """Where it lies; opens it again with `Run.from_url`."""
        return self.stored.url

    @property
    def root_url(self) -> str:
        """Where its store lies."""
        return self.stored.store.root

    @property
    def id(self) -> str:
        """Unique id of this run."""
        return self.stored.document.run_id

    @property
    def data_url(self) -> str:
        """Folder of what belongs to it; for code that keeps more with a run, such as reducers."""
        return self.stored.store.url(self.stored.folder)

    @property
    def status(self) -> str:
        """`running`, `completed`, `cancelled` or `failed`.

        A run that says `running` and whose process is gone has failed.
        """
        return self.stored.document.status()

    @property
    def description(self) -> str:
        """What a person wrote about it."""
        return self.stored.document.read()["description"]

    @property
    def created(self) -> str:
        """When it began, UTC, ISO 8601."""
        return self.stored.document.read()["created"]

    @property
    def ended(self) -> str | None:
        """When it ended, UTC, ISO 8601; None while it runs."""
        return self.stored.document.read()["ended"]

    @property
    def error(self) -> str | None:
        """Why it failed, if it did and said so."""
        return self.stored.document.read()["error"]

    @property
    def parameters(self) -> dict[str, Any]:
        """Hyperparameters, nested."""
        return self.stored.document.read()["parameters"]

    @property
    def provenance(self) -> dict[str, Any]:
        """Command, code revision, package versions, machine."""
        return self.stored.document.read()["provenance"]

    @property
    def collections(self) -> list[dict[str, Any]]:
        """What was collected when, and what failed: epoch, split, rows, seconds, error."""
        return self.stored.document.read()["collections"]

    @property
    def collection_failures(self) -> str | None:
        """Which collections failed, in a sentence; `collected nothing: ...` where all did."""
        return describe_failures(self.collections)

    @check_arguments
    def set_parameters(self, parameters: Mapping[str, Any]) -> None:
        """Add hyperparameters; nested and of any type, see `readable`."""
        new = readable(parameters)
        self.stored.document.update(parameters=lambda stored: {**stored, **new})

    @check_arguments
    def set_description(self, description: str) -> None:
        """Replace the description."""
        self.stored.document.update(description=description)

    @check_arguments
    def annotate(
        self,
        *,
        description: str | None = None,
        notes: str | None = None,
        tags: Sequence[str] | None = None,
    ) -> None:
        """Replace what people wrote about the run; None leaves it as it is.

        Args:
            description: What it is.
            notes: What was learned from it.
            tags: Words to find it by; each is kept once.
        """
        self.stored.annotate(description=description, notes=notes, tags=tags)

    @property
    def notes(self) -> str:
        """What a person wrote was learned from it."""
        return self.stored.document.read().get("notes", "")

    @property
    def tags(self) -> list[str]:
        """Words to find it by."""
        return self.stored.document.read().get("tags", [])

    @check_arguments
    def close(self, status: str = COMPLETED, *, error: str | None = None) -> None:
        """End the run; further calls change nothing.

        Args:
            status: `completed`, `cancelled` or `failed`.
            error: Why it failed.

        Raises:
            InvalidArgumentError: `status` is another word.
        """
        if status not in (COMPLETED, CANCELLED, FAILED):
            raise InvalidArgumentError(
                f"`status` must be {COMPLETED}, {CANCELLED} or {FAILED}, but is {status!r}."
            )
        self._release()
        self.is_closed_here = True
        if self.stored.document.read()["status"] != RUNNING:
            return
        ended = datetime.now(UTC).isoformat()
        self.stored.document.update(status=status, ended=ended, error=error)
        try:
            with self.stored.store.exclusive(self.stored.folder):
                take_back_half_made_maps(self.stored)
            for stream in streams_of(self.stored.store, self.stored.folder):
                stream.compact()
        except StoreError as failure:  # it reads slower, and nothing is lost
            warn(f"run `{self.name}` was not compacted: {failure.message}")

    def reopen(self) -> None:
        """Go on with a run that has ended; this process owns it from now on."""
        _go_on(self.stored.document, None, {})
        self._release()
        self.is_closed_here = False
        self._ownership = Ownership(self.stored.document, self._close_at_exit)

    def delete(self) -> None:
        """Remove the run and everything in it from the disk."""
        self.stored.store.remove(self.stored.document.path)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Run) and other.url == self.url

    def __hash__(self) -> int:
        return hash(self.url)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: object, value: BaseException | None, __: object) -> None:
        if value is None or (isinstance(value, SystemExit) and not value.code):
            self.close()
        elif isinstance(value, KeyboardInterrupt):
            self.close(CANCELLED)
        else:
            self.close(FAILED, error=describe_error(value))

    def __repr__(self) -> str:
        failures = self.collection_failures
        about = self.status if failures is None else f"{self.status}, {failures}"
        return f"Run({self.project_name}/{self.name}: {about})"

    def _repr_html_(self) -> str:
        from samplewise.tables.html import run_html

        return run_html(self)

    def _release(self) -> None:
        if self._ownership is not None:
            self._ownership.release()
            self._ownership = None

    def _close_at_exit(self, status: str, error: str | None) -> None:
        self.close(status, error=error)


def _go_on(document: RunDocument, description: str | None, parameters: Mapping[str, Any]) -> None:
    """Own a stored run and go on with it."""
    this_process = Owner.this_process().to_json()
    if document.status() == RUNNING and document.read()["owner"] != this_process:
        note(f"run `{document.name}` is running in another process.")
    document.update(
        status=RUNNING,
        ended=None,
        error=None,
        owner=this_process,
        parameters=lambda stored: {**stored, **parameters},
        description=lambda stored: description or stored,
    )
