"""Tables on the terminal."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from samplewise._visible import visible

STATUS_STYLES = {
    "running": "cyan",
    "completed": "green",
    "cancelled": "yellow",
    "failed": "red",
    "unreadable": "red",
}


def grid(
    columns: Sequence[str], rows: Iterable[Sequence[Any]], *, numbers: Collection[str] = ()
) -> Table:
    """A table that wraps its text, and keeps its numbers whole, where the terminal is narrow.

    Args:
        columns: Headings.
        rows: One value per column; text, numbers, or renderables of rich. None shows as `-`.
        numbers: Headings of the columns with numbers.
    """
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for name in columns:
        is_number = name in numbers
        table.add_column(
            name,
            justify="right" if is_number else "left",
            no_wrap=is_number,
            overflow="fold",
        )
    for row in rows:
        table.add_row(*map(as_text, row))
    return table


def pairs(rows: Iterable[tuple[str, Any]]) -> Table:
    """Names and their values, without headings."""
    table = Table(box=None, pad_edge=False, show_header=False, show_edge=False)
    table.add_column(style="bold", overflow="fold")
    table.add_column(overflow="fold")
    for name, value in rows:
        table.add_row(name, as_text(value))
    return table


def as_text(value: Any) -> Any:
    """A value as a cell: floats by four digits, integers with commas, None as `-`."""
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return value if isinstance(value, Text) or hasattr(value, "__rich_console__") else str(value)


def status_text(status: str) -> Text:
    """A run's status in its colour."""
    return Text(visible(status), STATUS_STYLES.get(status, ""))
