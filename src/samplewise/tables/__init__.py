"""The user's nouns: Table, TableWriter, Run, and the active run."""

from samplewise.tables.table import Table
from samplewise.tables.table_writer import TableWriter

__all__ = ["Table", "TableWriter"]
