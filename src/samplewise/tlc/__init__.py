"""Names under which code written for the contract finds our things; others say what to use."""

from typing import Any

from samplewise.schema import MapElement
from samplewise.tables import (
    Run,
    Table,
    TableWriter,
    active_run,
    close,
    init,
    set_active_run,
)
from samplewise.tables.url import Url
from samplewise.tlc import data_types, helpers, schemas
from samplewise.tlc.session import log

__all__ = [
    "MapElement",
    "Run",
    "Table",
    "TableWriter",
    "Url",
    "active_run",
    "close",
    "data_types",
    "helpers",
    "init",
    "log",
    "schemas",
    "set_active_run",
]

_INSTEAD = {
    "collect_metrics": "samplewise.collect_metrics(table, predictor, task=...)",
    "MetricsTableWriter": "Run.add_metrics(data, foreign_table_url=table.url)",
    "reduce_embeddings": "Run.reduce_embeddings",
    "join_tables": "Table.sql, or Table.from_arrow of what it gives",
    "register_url_alias": "Table.from_names(..., aliases={...}), or SAMPLEWISE_ALIAS_<NAME>",
    "active_project_name": "active_run().project_name",
}
"""Names of the contract that are not here, and what to use."""


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(f"module `samplewise.tlc` has no attribute {name!r}")
    from samplewise.errors import did_you_mean

    instead = _INSTEAD.get(name) or did_you_mean(name, __all__)
    raise AttributeError(
        f"`samplewise.tlc` has no `{name}`.\nHint: "
        + (f"use {instead}" if name in _INSTEAD else instead)
    )
