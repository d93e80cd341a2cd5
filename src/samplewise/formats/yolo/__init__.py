"""Datasets in YOLO's layout in and out."""

from samplewise.formats.yolo._reading import read
from samplewise.formats.yolo._writing import write

__all__ = ["read", "write"]
