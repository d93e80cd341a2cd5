"""Which Table is behind a dataset that is not ours? One is made of it."""

from samplewise.integration.super_gradients.datasets.stock._dispatch import (
    StockTable,
    stock_table,
)
from samplewise.integration.super_gradients.datasets.stock._naming import Place

__all__ = ["Place", "StockTable", "stock_table"]
