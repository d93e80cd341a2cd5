"""Tables and runs in a notebook: HTML without scripts."""

import json
from html import escape
from typing import TYPE_CHECKING, Any

from samplewise.errors import AliasError
from samplewise.schema import BoundingBoxes2DSchema, ImageSchema
from samplewise.tables.sparkline import sparkline
from samplewise.tables.thumbnail import boxes_of, thumbnail_url

if TYPE_CHECKING:
    from samplewise.tables.run import Run
    from samplewise.tables.table import Table

_ROWS = 8
_THUMB = 112  # pixels
_CELL = "padding:4px 8px;text-align:left;vertical-align:top;border-bottom:1px solid #8884"
_LONGEST = 120
_CURVES = 60


class Html(str):
    """Text that is HTML already. All other text is escaped where it enters a page."""

    __slots__ = ()


def table_html(table: "Table") -> str:
    """The first rows of a table with thumbnails of its images, on which its boxes are drawn."""
    head = _row(["", *table.columns], "th")
    rows = [_row([i, *_cells(table, i)], "td") for i in range(min(_ROWS, len(table)))]
    more = f"<p>and {len(table) - _ROWS:,} more rows</p>" if len(table) > _ROWS else ""
    place = _html(f"{table.project_name} / {table.dataset_name}")
    title = f"{place} / <b>{_html(table.name)}</b>: {len(table):,} rows"
    return f"<p>{title}</p><table>{head}{''.join(rows)}</table>{more}"


def run_html(run: "Run") -> str:
    """A run: status, the curves of its aggregates, hyperparameters."""
    series: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in run.history.to_pylist():
        series.setdefault((row["split"] or "", row["name"]), []).append(row)
    rows = [
        _row([split, name, *_curve(values)], "td")
        for (split, name), values in sorted(series.items())[:_CURVES]
    ]
    head = _row(["split", "metric", "last value", "epoch", "curve"], "th")
    more = f"<p>and {len(series) - _CURVES:,} more</p>" if len(series) > _CURVES else ""
    state = _html(f"{run.status}: {run.error}" if run.error else run.status)
    parameters = _html(json.dumps(run.parameters, indent=1, ensure_ascii=False))
    return (
        f"<p>{_html(run.project_name)} / <b>{_html(run.name)}</b>: {state}</p>"
        f"<table>{head}{''.join(rows)}</table>{more}"
        f"<details><summary>hyperparameters</summary><pre>{parameters}</pre></details>"
    )


def _curve(rows: list[dict[str, Any]]) -> list[Any]:
    last = rows[-1]
    epoch = "" if last["epoch"] is None else last["epoch"]
    return [_number(last["value"]), epoch, Html(sparkline([row["value"] for row in rows]))]


def _cells(table: "Table", index: int) -> list[Any]:
    try:
        row = table.row(index)
    except AliasError as error:  # a table can be looked at where its images are not
        return [_italic(error.message)]
    return [_cell(table, row, name) for name in row]


def _cell(table: "Table", row: dict[str, Any], name: str) -> str:
    value, kind = row[name], table.schema[name]
    if value is None:
        return _italic("none")
    if isinstance(kind, ImageSchema):
        return _image(table, row, value)
    if isinstance(value, dict) and "instances" in value:
        names = table.get_simple_value_map(f"{name}.instances_additional_data.label") or {}
        labels = value["instances_additional_data"]["label"] or []
        shown = ", ".join(names.get(label, str(label)) for label in labels)
        return _shorten(f"{len(labels)}: {shown}" if labels else "0")
    if kind.value_map is not None and isinstance(value, int) and value in kind.value_map:
        return f"{kind.value_map[value]} ({value})"
    return _number(value) if isinstance(value, float) else _shorten(str(value))


def _image(table: "Table", row: dict[str, Any], url: str) -> Html:
    boxes = labels = None
    for name, kind in table.schema.items():
        if isinstance(kind, BoundingBoxes2DSchema) and row[name] is not None:
            boxes, labels = boxes_of(row[name])
            break
    thumbnail = thumbnail_url(url, _THUMB, boxes, labels)
    picture = f'<img src="{_html(thumbnail)}">' if thumbnail else _italic("cannot be read")
    caption = "" if url.startswith("data:") else url.rpartition("/")[2]
    return Html(f"{picture}<br><small>{_html(caption)}</small>")


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:.5g}"


def _shorten(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def _italic(text: str) -> Html:
    return Html(f"<i>{_html(text)}</i>")


def _row(cells: list[Any], tag: str) -> str:
    return "<tr>" + "".join(f'<{tag} style="{_CELL}">{_html(c)}</{tag}>' for c in cells) + "</tr>"


def _html(value: Any) -> str:
    """A value as HTML: the one place where text becomes part of a page."""
    return value if isinstance(value, Html) else escape(str(value))
