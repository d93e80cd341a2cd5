"""The active run: the one piece of global state, asked for by the public contract."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from samplewise._arguments import check_arguments
from samplewise._notes import note
from samplewise.errors import NotFoundError
from samplewise.records.if_exists import IfExists
from samplewise.records.run_document import COMPLETED
from samplewise.schema import Better
from samplewise.tables.run import Run

_active: Run | None = None
_ended: Run | None = None  # that was active until it ended, while no other one is


@check_arguments
def init(
    project_name: str | None = None,
    run_name: str | None = None,
    description: str | None = None,
    parameters: Mapping[str, Any] | None = None,
    if_exists: IfExists = "rename",
    root_url: str | Path | None = None,
) -> Run:
    """Start a run and make it the active one.

    Args:
        project_name: Name of its project; None takes `default`.
        run_name: Its name; None takes the time of day.
        description: What a person should know about it.
        parameters: Hyperparameters, nested, of any type.
        if_exists: Where the name is taken: `rename` (a free suffix), `reuse` (go on with the
            stored run), `overwrite`, `raise`.
        root_url: Where the store lies; None takes `SAMPLEWISE_ROOT` or the user's data folder.

    Raises:
        InvalidArgumentError: A name cannot be a folder, or `if_exists` is unknown.
        AlreadyExistsError: The name is taken and `if_exists` is `raise`.
        StoreError: The store cannot be written.
    """
    run = Run.create(project_name, run_name, description, parameters, if_exists, root_url)
    if run_name is not None and run.name != run_name:
        note(f"run `{run_name}` exists; the new one is named `{run.name}`.")
    set_active_run(run)
    return run


def active_run() -> Run | None:
    """The run that `init` or `set_active_run` made active; None if there is none.

    A run is active until this process ends it: `close`, or the end of the training that logs to it.
    """
    global _active, _ended  # the public contract asks for an active run
    if _active is not None and _active.is_closed_here:
        _active, _ended = None, _active
    return _active


def last_run() -> Run | None:
    """The run that was active until it ended; None after `close`, and where another was made so."""
    return _ended if active_run() is None else None


@check_arguments
def set_active_run(run: Run | None) -> None:
    """Make a run the active one; None leaves no run active. The run that was is not closed.

    A run that has ended can be made active, too: a training goes on with it.
    """
    global _active, _ended  # the public contract asks for an active run
    if run is not None:
        run.is_closed_here = False
    _active, _ended = run, None


@check_arguments
def log(
    values: Mapping[str, Any],
    *,
    epoch: int | None = None,
    split: str | None = None,
    better: Mapping[str, Better] | None = None,
) -> None:
    """Log aggregate values to the active run, see `Run.log`.

    Raises:
        NotFoundError: There is no active run.
    """
    run = active_run()
    if run is None:
        hint = "call samplewise.init(...) first"
        if _ended is not None:
            hint += f"; run `{_ended.name}`, which has ended, takes values by its own `log`"
        raise NotFoundError("there is no active run.", hint=hint)
    run.log(values, epoch=epoch, split=split, better=better)


@check_arguments
def close(status: str = COMPLETED) -> None:
    """End the active run; nothing happens if there is none."""
    run = active_run()
    if run is not None:
        run.close(status)
    set_active_run(None)
