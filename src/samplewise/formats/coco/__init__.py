"""COCO annotation files in and out."""

from samplewise.formats.coco._reading import read

__all__ = ["read"]
