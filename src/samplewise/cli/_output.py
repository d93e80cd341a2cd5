"""The one door of what commands print: nothing in it is a command to the terminal."""

import json
import os
import sys
from typing import TYPE_CHECKING, Any

import click

from samplewise._visible import json_visible, visible

if TYPE_CHECKING:
    from rich.console import Console

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")

_ENDLESS = 10_000
"""Columns of a file or a pipe, so that nothing is wrapped or cut for those who read it."""


def say(text: str = "", *, err: bool = False, label: str = "", colour: str | None = None) -> None:
    """Lines on stdout, or on stderr; control characters in them are made visible.

    Args:
        text: The lines.
        err: Whether they go to stderr.
        label: A word before them, bold.
        colour: Its colour, on a terminal.
    """
    click.echo(click.style(label, fg=colour, bold=True) * bool(label) + visible(text), err=err)


def print_json(value: Any) -> None:
    """One JSON value on stdout; what is missing is null, and NaN is refused."""
    is_plain = not (sys.stdout.encoding or "").lower().startswith("utf")
    text = json.dumps(value, indent=2, ensure_ascii=is_plain, allow_nan=False, default=str)
    click.echo(json_visible(text))


def console() -> "Console":
    """Where tables and charts are printed: as wide as the terminal, in colour only on one.

    Names and descriptions are no markup, and control characters in them are made visible.
    """
    from rich.console import Console

    class VisibleConsole(Console):
        def render_str(self, text: str, **options: Any) -> Any:
            return super().render_str(visible(text), **options)

    is_bounded = sys.stdout.isatty() or "COLUMNS" in os.environ
    return VisibleConsole(
        width=None if is_bounded else _ENDLESS, markup=False, emoji=False, highlight=False
    )
