"""Where bytes lie: the layout of a project, Lance data, commits, format versions."""

from samplewise.storage.aliases import Aliases, load_aliases, remember_aliases
from samplewise.storage.store import FORMAT_VERSION, Store, default_root

__all__ = [
    "FORMAT_VERSION",
    "Aliases",
    "Store",
    "default_root",
    "load_aliases",
    "remember_aliases",
]
