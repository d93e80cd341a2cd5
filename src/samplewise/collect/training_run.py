"""The Run that a training writes to."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from samplewise._notes import note, warn
from samplewise.collect.collection import CollectionRecord
from samplewise.collect.ranks import Ranks
from samplewise.collect.write_queue import WriteQueue
from samplewise.errors import AlreadyExistsError, InvalidArgumentError
from samplewise.records.run_document import CANCELLED, COMPLETED, FAILED
from samplewise.schema import Better
from samplewise.storage.limits import store_timeout_s
from samplewise.tables import Run, active_run, init, set_active_run
from samplewise.tables.run import DEFAULT_PROJECT
from samplewise.tables.session import last_run

SETTINGS = "samplewise"
"""Hyperparameter of a run that a training was logged to: the arguments of its callback."""


@dataclass(frozen=True)
class Ending:
    """How a training ended.

    Args:
        status: `completed`, `cancelled` or `failed`.
        error: Why it failed.
    """

    status: str
    error: str | None = None

    @classmethod
    def by(cls, error: BaseException) -> "Ending":
        """How a training ended that an exception ended."""
        status = CANCELLED if isinstance(error, KeyboardInterrupt) else FAILED
        return cls(status, f"{type(error).__name__}: {error}")


@dataclass
class OpenRun:
    """A run while it is written to.

    Attributes:
        run: The run.
        is_alone: Whether it was made for this training, and not in the place of one that ended.
        streams: Paths of the streams that each callback has written, by its `id`.
        writers: How many callbacks of the training write to it.
        ending: How the training ended, for those that have left.
        queue: What writes beside the training; None on a local disk, where nothing hangs.
    """

    run: Run
    is_alone: bool = False
    writers: int = 1
    streams: dict[int, set[str]] = field(default_factory=dict)
    ending: Ending = field(default_factory=lambda: Ending(COMPLETED))
    queue: WriteQueue | None = None

    def leave(self, ending: Ending) -> bool:
        """One writer has ended; says whether it was the last one."""
        self.writers -= 1
        if self.ending.status == COMPLETED:
            self.ending = ending
        return self.writers <= 0


class TrainingRun:
    """The active run, or one that is made for a training; rank 0 writes to it.

    Args:
        project_name: Project of a run that is made.
        run_name: Name of a run that is made.
        description: Description of a run that is made.
        root_url: Store of a run that is made.

    Attributes:
        run: The run of the current or last training; None before the first.
        ranks: The processes of the training.
        replaces: Whether epochs that are there already are replaced: those of a training that is
            resumed.
        waits: Whether what is noted is written before the training goes on, so that an error can
            end it.
        leads: Whether this is the first callback that writes to its run in this training.
    """

    def __init__(
        self,
        project_name: str | None,
        run_name: str | None,
        description: str | None,
        root_url: str | Path | None,
    ) -> None:
        self._project_name = project_name
        self._run_name = run_name
        self._description = description
        self._root_url = None if root_url is None else str(root_url)
        self.run: Run | None = None
        self.ranks = Ranks()
        self._open: OpenRun | None = None
        self.leads = True
        self.replaces = False
        self.waits = False
        self._was_given = False
        self._said: dict[str, Mapping[str, int]] = {}

    def __getstate__(self) -> dict[str, Any]:
        # For spawned processes: what was told, not what was opened.
        return self.__dict__ | {"run": None, "ranks": Ranks(), "_open": None}

    @property
    def is_first(self) -> bool:
        """Whether this process is the one that writes."""
        return self.ranks.rank == 0

    @property
    def place(self) -> tuple[str, str | None]:
        """Project and store of the run that is, or that would be made."""
        run = active_run() if self._open is None else self._open.run
        if run is not None:
            return run.project_name, run.root_url
        return self._place_of_new

    def check_active(self) -> None:
        """Refuse to write to an active run of another name.

        Raises:
            InvalidArgumentError: `project_name` or `run_name` was given and is not that of the
                active run (a `ValueError` too).
        """
        run = active_run()
        if run is None:
            return
        for given, name, actual in (
            (self._project_name, "project_name", run.project_name),
            (self._run_name, "run_name", run.name),
        ):
            if given is not None and given != actual:
                raise InvalidArgumentError(
                    f"`{name}` must be that of the active run ({actual!r}), but is {given!r}.",
                    hint=f"leave `{name}` out, or end the active run with samplewise.close()",
                )

    def open(self, companions: Iterable["TrainingRun"] = ()) -> str:
        """Use the active run, or make one; returns its URL, with which other ranks `join`.

        Args:
            companions: Those of other callbacks in the same training, which may write to it too.
        """
        run = active_run()
        shared = next((c._open for c in companions if c._open and c._open.run == run), None)  # noqa: SLF001  # of this class
        self.leads = shared is None
        if shared is not None:
            shared.writers += 1
        else:
            self._was_given = run is not None or last_run() is not None
            shared = OpenRun(run or self._make_run(), is_alone=not self._was_given)
            if shared.run.status != "running":
                shared.run.reopen()
            if shared.run.stored.store.is_remote:
                shared.queue = WriteQueue(shared.run.name)
            note(f"logging to run `{shared.run.name}`: samplewise show '{shared.run.url}'")
        self.run, self._open = shared.run, shared
        self._said = {}
        return shared.run.url

    def join(self, url: str) -> None:
        """Use the run that rank 0 has opened."""
        if self._open is None:
            self.run = Run.from_url(url)
            self._open = OpenRun(self.run)
            if active_run() not in (None, self.run):
                warn("every process has made a run of its own: call samplewise.init on rank 0 only")

    def run_outside_training(self) -> Run:
        """The run of a training that goes on, else the active run, else a new one."""
        if self._open is None:
            self.ranks = Ranks()  # those of a training that is over
        if self.run is None or self.run.status != "running":
            # The user's own run goes on to be his; one that was made for a training is over.
            given = self.run if self._was_given else None
            self.run = active_run() or given or self._make_run()
        return self.run

    @property
    def beside(self) -> set[str]:
        """Streams that other callbacks of this training have written."""
        written = {} if self._open is None else self._open.streams
        return {path for writer, paths in written.items() if writer != id(self) for path in paths}

    def refuse_second(self) -> None:
        """Refuse to train into a run that holds a training already.

        Raises:
            AlreadyExistsError: It holds one, and its epochs are not to be replaced.
        """
        run = active_run()
        if run is None or self.replaces or not run.parameters.get(SETTINGS):
            return
        document = run.stored.document.read()
        told = [*document.get("last_aggregates", ()), *document["collections"]]
        epochs = [each["epoch"] for each in told if each["split"] in ("train", "val")]
        last = max((epoch for epoch in epochs if epoch is not None), default=None)
        if last is not None:
            raise AlreadyExistsError(
                f"the active run must be without a training, but `{run.name}` has one, up to epoch "
                f"{last}.",
                hint="start a new run with samplewise.init(...), or end the active one with "
                "samplewise.close(); to go on with that training, resume it (`resume`); to write "
                "over its epochs, give the callback replace=True",
            )

    def log(
        self,
        values: Mapping[str, float],
        epoch: int | None,
        split: str,
        better: Mapping[str, Better],
    ) -> None:
        """Log aggregates, once for all ranks and callbacks."""
        run = self.run or active_run()
        if self.is_first and self.leads and run is not None:
            told = {"epoch": epoch, "split": split, "better": better, "replace": self.replaces}
            self._write(partial(run.log, dict(values), **told))

    def _write(self, write: Callable[[], object]) -> None:
        """Now, or beside the training where it might have to wait for the network."""
        queue = None if self._open is None else self._open.queue
        if queue is None or self.waits:
            write()
        else:
            queue.put(write)

    def set_parameters(self, parameters: Mapping[str, Any]) -> None:
        """Note hyperparameters, once for all ranks."""
        if self.is_first and self.run is not None:
            self.run.set_parameters(parameters)

    def note_collection(self, record: CollectionRecord, *, counted_in: str = "") -> None:
        """Note what a collection did, once for all ranks, and say it.

        Args:
            record: Of the collection.
            counted_in: What `classes_left_out` counts, such as `pixels`; empty: labels.
        """
        if self.is_first and self.run is not None:
            kept = {name: value for name, value in vars(record).items() if name != "streams"}
            self._write(partial(self.run.add_collection, kept))
            if self._open is not None:
                self._open.streams.setdefault(id(self), set()).update(record.streams)
            note(_describe(record))
            self._say_left_out(record, f"{counted_in} of".strip())

    def _say_left_out(self, record: CollectionRecord, of: str) -> None:
        """Once for each table, as long as it is the same."""
        if record.classes_left_out and self._said.get(record.table) != record.classes_left_out:
            self._said[record.table] = record.classes_left_out
            warn(
                f"the network does not have all classes of table "
                f"`{record.table.rpartition('/')[2]}`; labels of these count in no metric: "
                + ", ".join(f"{n} {of} {name}" for name, n in record.classes_left_out.items())
                + "."
            )

    def note_failure(self, where: Mapping[str, Any], error: Exception) -> None:
        """Note a collection that failed: its `split`, `epoch` and `table`; never fails itself."""
        table = where.get("table")
        if table is None or self.run is None or not self.is_first:
            return
        record = CollectionRecord(
            where["split"], where["epoch"], table.url, error=f"{type(error).__name__}: {error}"
        )
        try:
            self._write(partial(self.run.add_collection, vars(record)))
        except Exception as second:  # noqa: BLE001  # the store itself is gone
            warn(f"and the run could not note it: {second}")

    def close(self, ending: Ending) -> None:
        """End the run as the training ended, once the last callback that writes to it is done."""
        opened, self._open = self._open, None
        if opened is None or not opened.leave(ending):
            return
        run, ending = opened.run, opened.ending
        if opened.queue is not None:
            opened.queue.close(2 * store_timeout_s())
        try:
            if self.is_first:
                run.close(ending.status, error=ending.error)
                note(f"run `{run.name}` {ending.status}: samplewise show '{run.url}'")
                if run.collection_failures is not None:
                    warn(f"run `{run.name}` {run.collection_failures}")
        finally:
            if opened.is_alone and run in {active_run(), last_run()}:
                set_active_run(None)

    @property
    def _place_of_new(self) -> tuple[str, str | None]:
        """Project and store of a run that is made: as told, or those of the one that has ended."""
        ended = last_run()
        if ended is None or self._project_name or self._root_url:
            return self._project_name or DEFAULT_PROJECT, self._root_url
        return ended.project_name, ended.root_url

    def _make_run(self) -> Run:
        (project_name, root_url), ended = self._place_of_new, last_run()
        if ended is not None:
            note(f"run `{ended.name}` has ended; a new run takes what follows.")
        return init(project_name, self._run_name, self._description, root_url=root_url)


def _describe(record: CollectionRecord) -> str:
    where = "" if record.epoch is None else f" after epoch {record.epoch}"
    failed = f", {record.failed_rows} unreadable" if record.failed_rows else ""
    replaced = f", replacing {record.replaced_rows} rows" if record.replaced_rows else ""
    done = record.rows + record.failed_rows
    of_all = f" of {record.table_rows}" if record.table_rows not in (None, done) else ""
    return (
        f"collected {record.rows}{of_all} images of "
        f"{record.split or record.table.rpartition('/')[2]}"
        f"{where} in {record.duration_s:.1f} s{failed}{replaced}"
    )
