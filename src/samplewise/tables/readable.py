"""Hyperparameters as JSON values that a person can read: never a pickle, never an address."""

import dataclasses
import enum
import inspect
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_DEEPEST = 8
_LONGEST = 200


def readable(value: Any, depth: int = 0) -> Any:
    """The value as JSON: numbers, text, lists and dicts stay; other objects become class and arguments.

    A loss module becomes `{"class": "torch.nn.CrossEntropyLoss", "label_smoothing": 0.1}`: the
    arguments of its constructor that it kept as attributes. NaN and infinities become text.

    Examples:
        >>> readable({"lr": 1e-3, "path": Path("a"), "shape": (3, 4)})
        {'lr': 0.001, 'path': 'a', 'shape': [3, 4]}
    """
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, enum.Enum):
        return value.name
    if hasattr(value, "item") and getattr(value, "size", None) == 1:
        return readable(value.item(), depth)  # NumPy scalars and arrays of one
    if hasattr(value, "item") and hasattr(value, "numel") and value.numel() == 1:
        return readable(value.item(), depth)  # tensors of one
    if depth >= _DEEPEST:
        return _name(value)
    return _readable_container(value, depth)


def _readable_container(value: Any, depth: int) -> Any:
    if isinstance(value, Mapping):
        return {str(key): readable(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        shown = [readable(item, depth + 1) for item in list(value)[:_LONGEST]]
        return shown if len(value) <= _LONGEST else [*shown, f"... {len(value)} in all"]
    if inspect.isclass(value) or inspect.isroutine(value):
        return _name(value)
    if dataclasses.is_dataclass(value):
        fields = {f.name: getattr(value, f.name, None) for f in dataclasses.fields(value)}
        return {"class": _name(type(value))} | readable(fields, depth + 1)
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        return f"{_name(type(value))} of {value.dtype}, shape {tuple(value.shape)}"
    if hasattr(value, "to_dict") and callable(value.to_dict):
        try:
            return readable(dict(value.to_dict()), depth + 1)
        except Exception:  # somebody else's method, with arguments or a mood of its own
            return {"class": _name(type(value))}
    return {"class": _name(type(value))} | _arguments(value, depth)


def _arguments(value: Any, depth: int) -> dict[str, Any]:
    try:
        names = [p for p in inspect.signature(type(value)).parameters if p != "self"]
    except (TypeError, ValueError):
        return {}
    kept = vars(value) if hasattr(value, "__dict__") else {}
    return {name: readable(kept[name], depth + 1) for name in names if name in kept}


def _name(value: Any) -> str:
    kind = value if inspect.isclass(value) or inspect.isroutine(value) else type(value)
    module = getattr(kind, "__module__", None)
    name = getattr(kind, "__qualname__", getattr(kind, "__name__", repr(kind)))
    return name if module in (None, "builtins", "__main__") else f"{module}.{name}"
