"""Projects: what they hold, what is saved of them, what changes in them."""

from typing import Literal

from samplewise.server.message import Wire
from samplewise.server.wire.runs import RunRow
from samplewise.server.wire.tables import TableRow


class ProjectRow(Wire):
    """A project in the list of projects."""

    name: str
    runs: int
    tables: int
    running: int
    changed: str | None


class Projects(Wire):
    """All projects of the store."""

    root: str
    version: str
    projects: list[ProjectRow]


class Project(Wire):
    """What a project holds: runs, the youngest first; tables by dataset, the oldest first."""

    name: str
    runs: list[RunRow]
    tables: list[TableRow]


class View(Wire):
    """A saved view: a name for the address of a page."""

    name: str
    path: str


class Views(Wire):
    """Saved views of a project."""

    views: list[View]


class Event(Wire):
    """Something in the store changed; sent as server-sent events.

    Args:
        what: `project` (something in it came or went), `run` (its document, aggregates or rows) or
            `table`.
        name: Name of the run, or `dataset/table`.
    """

    what: Literal["project", "run", "table"]
    project: str
    name: str | None = None
