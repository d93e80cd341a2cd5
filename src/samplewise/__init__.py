"""Samplewise: see what a vision model does to every single sample.

```python
import samplewise as sw

table = sw.Table.from_coco("train.json", "images", dataset_name="coco", project_name="demo")
run = sw.init("demo", "first")
```
"""

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0.dev0"

if TYPE_CHECKING:
    from samplewise import data_types, schemas
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
    "data_types",
    "init",
    "log",
    "schemas",
    "set_active_run",
]

_MODULES = {"data_types", "schemas"}


def __getattr__(name: str) -> Any:
    # Loaded when asked for, so that `import samplewise` costs no more than it must.
    if name in _MODULES:
        return importlib.import_module(f"samplewise.{name}")
    if name in __all__:
        return getattr(importlib.import_module("samplewise.tables"), name)
    raise AttributeError(f"module 'samplewise' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
