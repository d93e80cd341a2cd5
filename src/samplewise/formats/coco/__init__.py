"""COCO annotation files in and out."""

from samplewise.formats.coco._reading import read
from samplewise.formats.coco._results import write_results
from samplewise.formats.coco._writing import write

__all__ = ["read", "write", "write_results"]
