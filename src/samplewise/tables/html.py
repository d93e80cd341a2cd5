"""Tables and runs in a notebook: HTML without scripts."""

import base64
import io
from html import escape
from typing import TYPE_CHECKING, Any

from samplewise.schema import ImageSchema
from samplewise.schema.image import open_image

if TYPE_CHECKING:
    from samplewise.tables.run import Run
    from samplewise.tables.table import Table

_ROWS = 8
_THUMB = 112
_CELL = "padding:4px 8px;text-align:left;vertical-align:top;border-bottom:1px solid #8884"
_LONGEST = 120


def table_html(table: "Table") -> str:
    """The first rows of a table with thumbnails of its images."""
    head = _row(["", *table.columns], "th")
    rows = [
        _row([str(i), *(_cell(table, name, value) for name, value in table.row(i).items())], "td")
        for i in range(min(_ROWS, len(table)))
    ]
    more = f"<p>and {len(table) - _ROWS:,} more rows</p>" if len(table) > _ROWS else ""
    title = f"{table.project_name} / {table.dataset_name} / <b>{escape(table.name)}</b>"
    return f"<p>{title}: {len(table):,} rows</p><table>{head}{''.join(rows)}</table>{more}"


def run_html(run: "Run") -> str:
    """A run: status, last aggregates, hyperparameters."""
    history = run.history.to_pylist()
    last = {(row["split"] or "", row["name"]): row for row in history}
    rows = [
        _row([escape(split), escape(name), f"{row['value']:.5g}", str(row["epoch"])], "td")
        for (split, name), row in sorted(last.items())
    ]
    head = _row(["split", "metric", "last value", "epoch"], "th")
    parameters = escape(_shortened(run.parameters, 2_000))
    return (
        f"<p>{escape(run.project_name)} / <b>{escape(run.name)}</b>: {run.status}</p>"
        f"<table>{head}{''.join(rows)}</table>"
        f"<details><summary>hyperparameters</summary><pre>{parameters}</pre></details>"
    )


def thumbnail_url(url: str, size: int = _THUMB) -> str | None:
    """A small WebP of an image as a `data:` URL; None where it cannot be read.

    Args:
        url: Resolved URL of the image.
        size: Longest side in pixels.
    """
    try:
        image = open_image(url).convert("RGB")
    except (OSError, ValueError, SyntaxError):  # what Pillow raises on broken files
        return None
    image.thumbnail((size, size))
    buffer = io.BytesIO()
    image.save(buffer, format="WEBP", quality=80)
    return "data:image/webp;base64," + base64.b64encode(buffer.getvalue()).decode()


def _cell(table: "Table", name: str, value: Any) -> str:
    if value is None:
        return "<i>none</i>"
    if isinstance(table.schema[name], ImageSchema):
        thumbnail = thumbnail_url(value)
        picture = f'<img src="{thumbnail}">' if thumbnail else "<i>cannot be read</i>"
        caption = "" if value.startswith("data:") else escape(value.rpartition("/")[2])
        return f"{picture}<br><small>{caption}</small>"
    if isinstance(value, dict) and "instances" in value:
        names = table.get_simple_value_map(f"{name}.instances_additional_data.label") or {}
        labels = value["instances_additional_data"]["label"] or []
        shown = ", ".join(names.get(label, str(label)) for label in labels)
        return escape(_shortened(f"{len(labels)}: {shown}" if labels else "0"))
    value_map = table.schema[name].value_map
    if value_map is not None and value in value_map:
        return escape(f"{value_map[value]} ({value})")
    return escape(_shortened(value))


def _shortened(value: Any, most: int = _LONGEST) -> str:
    text = f"{value:.5g}" if isinstance(value, float) else str(value)
    return text if len(text) <= most else text[: most - 3] + "..."


def _row(cells: list[str], tag: str) -> str:
    return "<tr>" + "".join(f'<{tag} style="{_CELL}">{c}</{tag}>' for c in cells) + "</tr>"
