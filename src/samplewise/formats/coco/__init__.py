"""COCO annotation files in and out."""

from samplewise.formats.coco._reading import read
from samplewise.formats.coco._results import write_results
from samplewise.formats.coco._writing import write, write_annotations

__all__ = ["read", "write", "write_annotations", "write_results"]
