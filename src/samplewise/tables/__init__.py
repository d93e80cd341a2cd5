"""The user's nouns: Table, TableWriter, Run, and the active run."""

from samplewise.tables.run import Run
from samplewise.tables.session import active_run, close, init, log, set_active_run
from samplewise.tables.table import Table
from samplewise.tables.table_writer import TableWriter

__all__ = ["Run", "Table", "TableWriter", "active_run", "close", "init", "log", "set_active_run"]
