"""What every command that prints has in common."""

import json
import os
import sys
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")

_ENDLESS = 10_000
"""Columns of a file or a pipe, so that nothing is wrapped or cut for those who read it."""


def print_json(value: Any) -> None:
    """One JSON value on stdout; what is missing is null, and NaN is refused."""
    is_plain = not (sys.stdout.encoding or "").lower().startswith("utf")
    click.echo(json.dumps(value, indent=2, ensure_ascii=is_plain, allow_nan=False, default=str))


def console() -> "Console":
    """Where tables and charts are printed: as wide as the terminal, in colour only on one.

    Text is printed as it is: names and descriptions are no markup.
    """
    from rich.console import Console

    is_bounded = sys.stdout.isatty() or "COLUMNS" in os.environ
    return Console(
        width=None if is_bounded else _ENDLESS, markup=False, emoji=False, highlight=False
    )
