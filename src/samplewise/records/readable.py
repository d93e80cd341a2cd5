"""Hyperparameters as JSON values that a person can read: never a pickle, never an address."""

import dataclasses
import datetime as dt
import enum
import functools
import inspect
import math
import os
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

_DEEPEST = 8
_LONGEST = 200  # items of one list or mapping
_MOST = 20_000  # values in all
_LONGEST_TEXT = 10_000  # characters


def readable(value: Any) -> Any:
    """The value as JSON: numbers, text, lists and dicts stay, other objects are described.

    A loss module becomes `{"class": "torch.nn.CrossEntropyLoss", "label_smoothing": 0.1}`: the
    arguments of its constructor that it kept as attributes. NaN and infinities become text, and so
    does what refers to itself. Nothing that an object does can make this fail.

    Examples:
        >>> from pathlib import Path
        >>> readable({"lr": 1e-3, "path": Path("a"), "shape": (3, 4)})
        {'lr': 0.001, 'path': 'a', 'shape': [3, 4]}
    """
    return _Reading().read(value)


class _Reading:
    """One walk through a value."""

    def __init__(self) -> None:
        self._inside: list[int] = []
        self._count = 0

    def read(self, value: Any) -> Any:
        """A value, or what stands for it where it is too deep, too much, or within itself."""
        self._count += 1
        try:
            plain = _plain(value)
            if plain is not _NOT_PLAIN:
                return plain
            if id(value) in self._inside:
                return f"... {_name(value)} again"
            if len(self._inside) >= _DEEPEST or self._count > _MOST:
                return _name(value)
            return self._read_inside(value)
        except Exception:  # noqa: BLE001  # somebody else's object, with a mood of its own
            return {"class": _name(type(value))}

    def _read_inside(self, value: Any) -> Any:
        self._inside.append(id(value))
        try:
            if isinstance(value, Mapping):
                return self._read_mapping(value)
            if isinstance(value, Sequence | AbstractSet):
                return self._read_items(value)
            if dataclasses.is_dataclass(value):
                kept = {f.name: getattr(value, f.name, None) for f in dataclasses.fields(value)}
                return {"class": _name(value)} | self._read_mapping(kept)
            if callable(getattr(value, "to_dict", None)):
                return self._read_mapping(dict(value.to_dict()))
            return {"class": _name(value)} | self._read_mapping(dict(_arguments(value)))
        finally:
            self._inside.pop()

    def _read_mapping(self, value: Mapping[Any, Any]) -> dict[str, Any]:
        shown = {}
        for key in list(value)[:_LONGEST]:
            shown[_key(key)] = self.read(value[key])
        if len(value) > _LONGEST:
            shown["..."] = f"{len(value)} in all"
        return shown

    def _read_items(self, value: Any) -> list[Any]:
        shown = []
        for item in value:
            if len(shown) == _LONGEST:
                return [*shown, f"... {len(value)} in all"]
            shown.append(self.read(item))
        return shown


_NOT_PLAIN = object()


def _plain(value: Any) -> Any:
    """A value that is read at a glance; `_NOT_PLAIN` for all others."""
    if isinstance(value, enum.Enum):
        return value.name
    if value is None or isinstance(value, bool | int):
        return value
    for kinds, shown in _SHOWN:
        if isinstance(value, kinds):
            return shown(value)
    if inspect.isclass(value) or inspect.isroutine(value):
        return _name(value)
    return _plain_array(value)


def _plain_array(value: Any) -> Any:
    """Arrays and tensors by shape, those of one number by that number; their types by name."""
    if type(value).__name__.endswith(("dtype", "DType", "device")):
        return str(value)
    if not (hasattr(value, "shape") and hasattr(value, "dtype")):
        return _NOT_PLAIN
    if math.prod(value.shape) == 1 and hasattr(value, "item"):
        return _plain(value.item())
    return f"{_name(value)} of {value.dtype}, shape {tuple(value.shape)}"


def _text(value: Any) -> str:
    text = str(value)
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}... {len(text)} in all"


_SHOWN: tuple[tuple[Any, Any], ...] = (
    (str, _text),
    (float, lambda value: float(value) if math.isfinite(value) else str(value)),
    (complex, str),
    (os.PathLike, os.fspath),
    (bytes | bytearray, lambda value: f"{len(value)} bytes"),
    (dt.date | dt.time, lambda value: value.isoformat()),
    (dt.timedelta, str),
    (functools.partial, lambda value: f"partial {_name(value.func)}"),
)


def _arguments(value: Any) -> Iterator[tuple[str, Any]]:
    """What its constructor was given, as far as it kept it."""
    try:
        names = list(inspect.signature(type(value)).parameters)
    except (TypeError, ValueError):
        return
    own = vars(value) if hasattr(value, "__dict__") else {}
    # Modules of PyTorch keep modules and buffers apart; its optimizers keep `defaults`.
    parts = [own.get(part) for part in ("_modules", "_buffers", "defaults")]
    places = [own, *(part for part in parts if isinstance(part, Mapping))]
    for name in names:
        for key, place in ((k, p) for k in (name, f"_{name}") for p in places):
            if key in place:
                yield name, place[key]
                break


def _key(key: Any) -> str:
    return str(key) if isinstance(key, str | int | float | tuple) else str(_plain_or_name(key))


def _plain_or_name(value: Any) -> Any:
    plain = _plain(value)
    return _name(value) if plain is _NOT_PLAIN else plain


def _name(value: Any) -> str:
    kind = value if inspect.isclass(value) or inspect.isroutine(value) else type(value)
    module = getattr(kind, "__module__", None)
    name = getattr(kind, "__qualname__", None) or getattr(kind, "__name__", "?")
    return name if module in (None, "builtins", "__main__") else f"{module}.{name}"
