"""Which Table is behind a loader? One is made of SuperGradients' own datasets."""

from samplewise.integration.super_gradients.datasets.stock._dispatch import tables_of

__all__ = ["tables_of"]
