"""The version of this package, for the front door and for rooms below it."""

__version__ = "0.1.0.dev0"
