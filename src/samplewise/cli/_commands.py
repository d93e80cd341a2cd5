"""The table of commands, and the group that imports a command when it is called.

Start-up has a budget of 0.4 s, and Lance alone takes longer to import than that.
"""

from collections.abc import Callable
from types import MappingProxyType
from typing import Any, NamedTuple

import click

from samplewise.errors import did_you_mean


class Entry(NamedTuple):
    """Where a command is, and its line in the overview."""

    load: Callable[[], click.Command]
    """Imports the command's module when called."""
    summary: str
    """First sentence of the command's own help (a test compares them)."""


def _demo() -> click.Command:
    from samplewise.cli.demo import command

    return command


def _import_table() -> click.Command:
    from samplewise.cli.import_table import command

    return command


def _ls() -> click.Command:
    from samplewise.cli.ls import command

    return command


def _show() -> click.Command:
    from samplewise.cli.show import command

    return command


def _ui() -> click.Command:
    from samplewise.cli.ui import command

    return command


def _sql() -> click.Command:
    from samplewise.cli.sql import command

    return command


def _issues() -> click.Command:
    from samplewise.cli.issues import command

    return command


def _export() -> click.Command:
    from samplewise.cli.export import command

    return command


def _rm() -> click.Command:
    from samplewise.cli.rm import command

    return command


def _vacuum() -> click.Command:
    from samplewise.cli.vacuum import command

    return command


def _check() -> click.Command:
    from samplewise.cli.check import command

    return command


def _collect() -> click.Command:
    from samplewise.cli.collect import command

    return command


def _doctor() -> click.Command:
    from samplewise.cli.doctor import command

    return command


COMMANDS = MappingProxyType(
    {
        "demo": Entry(_demo, "Draw a dataset, train on it, and show the worst images."),
        "import": Entry(_import_table, "Make a table from label files or from rows."),
        "ls": Entry(_ls, "List projects, or the tables and runs of a project."),
        "show": Entry(_show, "Show a run or a table."),
        "ui": Entry(_ui, "Open the dashboard in a browser."),
        "sql": Entry(_sql, "Ask a question in SQL about a run or a table."),
        "issues": Entry(_issues, "List labels that are probably wrong, and what they should be."),
        "export": Entry(_export, "Write a table as COCO, YOLO, CSV or Parquet."),
        "rm": Entry(_rm, "Delete a run, a table, a dataset or a project."),
        "vacuum": Entry(_vacuum, "Free the room on disk that no table and no run needs."),
        "check": Entry(_check, "Look for what is damaged, missing or left over in a store."),
        "collect": Entry(_collect, "Collect metrics of a stored checkpoint on tables."),
        "doctor": Entry(_doctor, "Check this installation and say how to mend it."),
    }
)
"""Every command by its name, in the order in which people meet them."""


class LazyGroup(click.Group):
    """The commands of the table, each imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        return COMMANDS[cmd_name].load()

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the first word names; a wrong word is answered with the closest one."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(f"there is no command `{args[0]}`.\nHint: {did_you_mean(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: Any) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])
