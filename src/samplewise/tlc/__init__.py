"""Names under which code written for the contract finds our things; no logic."""

from samplewise import data_types, schemas
from samplewise.schema import MapElement
from samplewise.tables import (
    Run,
    Table,
    TableWriter,
    active_run,
    close,
    init,
    log,
    set_active_run,
)
from samplewise.tables.url import Url
from samplewise.tlc import helpers

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
