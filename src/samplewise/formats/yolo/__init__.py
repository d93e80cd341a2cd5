"""Datasets in YOLO's layout in and out."""

from samplewise.formats.yolo._layout import label_file, read_layout
from samplewise.formats.yolo._reading import read
from samplewise.formats.yolo._writing import existing_split, write, write_split

__all__ = ["existing_split", "label_file", "read", "read_layout", "write", "write_split"]
