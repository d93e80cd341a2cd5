"""Samplewise: see what a vision model does to every single sample.

```python
import samplewise as sw

table = sw.Table.from_coco("train.json", "images", dataset_name="coco", project_name="demo")
run = sw.init("demo", "first")
```
"""

from typing import TYPE_CHECKING, Any

from samplewise._version import __version__

if TYPE_CHECKING:
    from samplewise import data_types, schemas
    from samplewise.collect import collect_metrics
    from samplewise.tables import (
        Run,
        Table,
        TableWriter,
        active_run,
        close,
        init,
        log,
        set_active_run,
    )

__all__ = [
    "Run",
    "Table",
    "TableWriter",
    "__version__",
    "active_run",
    "close",
    "collect_metrics",
    "data_types",
    "init",
    "log",
    "schemas",
    "set_active_run",
]


def __getattr__(name: str) -> Any:
    # Loaded when asked for, so that `import samplewise` costs no more than it must. Whole modules
    # are imported by their full name: `from samplewise import ...` would ask this function again.
    if name == "data_types":
        import samplewise.data_types

        return samplewise.data_types
    if name == "schemas":
        import samplewise.schemas

        return samplewise.schemas
    if name == "collect_metrics":
        import samplewise.collect

        return samplewise.collect.collect_metrics
    if name in __all__:
        import samplewise.tables

        return getattr(samplewise.tables, name)
    raise AttributeError(f"module 'samplewise' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
