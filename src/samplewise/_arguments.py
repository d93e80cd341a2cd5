"""Arguments of public functions, compared with their annotations before anything is done.

What is wrong with a value that has the right type, each function says itself.
"""

import dataclasses
import functools
import inspect
import os
import types
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Any, Literal, NamedTuple, ParamSpec, TypeVar, Union, get_args, get_origin

from samplewise.errors import InvalidArgumentError, SchemaError

_P = ParamSpec("_P")
_T = TypeVar("_T")


class _Rule(NamedTuple):
    """What values of an annotation are."""

    must: str
    holds: Callable[[Any], bool]


def check_arguments(function: Callable[_P, _T]) -> Callable[_P, _T]:
    """Refuse arguments of another type than the signature says, in our words."""
    signature = inspect.signature(function)

    @functools.wraps(function)
    def call(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        try:
            bound = signature.bind(*args, **kwargs)
        except TypeError as error:
            raise TypeError(f"{function.__qualname__}() {error}") from None
        check_bound(bound)
        return function(*args, **kwargs)

    return call


def check_bound(bound: inspect.BoundArguments) -> None:
    """Refuse arguments of another type than their signature says.

    Raises:
        InvalidArgumentError: One is.
    """
    for name, value in bound.arguments.items():
        parameter = bound.signature.parameters[name]
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        check_value(name, value, parameter.annotation)


def check_fields(instance: Any, error: type[InvalidArgumentError] = InvalidArgumentError) -> None:
    """Refuse fields of a dataclass of another type than they are declared.

    Raises:
        InvalidArgumentError: One is.
    """
    for field in dataclasses.fields(instance):
        check_value(field.name, getattr(instance, field.name), field.type, error)


def check_value(
    name: str,
    value: Any,
    annotation: Any,
    error: type[InvalidArgumentError] = InvalidArgumentError,
) -> None:
    """Refuse a value that is not what an annotation says.

    Raises:
        InvalidArgumentError: It is not.
    """
    rule = _rule(annotation)
    if rule is not None and not rule.holds(value):
        is_one = rule.must.startswith("a sequence") and isinstance(value, int | float | str)
        raise error(
            f"`{name}` must be {rule.must}, but is {shorten(value)}.",
            hint=f"write [{shorten(value)}] for one alone" if is_one else None,
        )
    if isinstance(value, str | os.PathLike) and _names_path(annotation):
        _check_path(name, value)
    elif isinstance(value, str) and not is_text(value):
        raise error(f"`{name}` must be text, but {value!r} has characters that are none.")
    elif isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise error(f"`{name}` must be a number of 64 bits, but is {shorten(value)}.")
    elif isinstance(value, Mapping):
        _check_values(name, value, annotation)


def _check_values(name: str, value: Mapping[Any, Any], annotation: Any) -> None:
    """Refuse a mapping with values that are of no class of ours, where they must be."""
    for part in _parts(annotation):
        kind = (get_args(part) or (None,))[-1]
        if isinstance(kind, type) and _is_ours(kind):
            for key, each in value.items():
                if not isinstance(each, kind):
                    raise SchemaError(
                        f"`{name}` must have a {kind.__name__} for each name, "
                        f"but for {key!r} has {shorten(each)}."
                    )


def _names_path(annotation: Any) -> bool:
    return any(_is_path(get_origin(each) or each) for each in _parts(annotation))


def _is_path(kind: Any) -> bool:
    return kind is os.PathLike or (isinstance(kind, type) and issubclass(kind, PurePath))


def _check_path(name: str, value: Any) -> None:
    try:
        is_path = b"\0" not in os.fsencode(value)
    except UnicodeEncodeError:
        is_path = False
    if not is_path:
        raise InvalidArgumentError(
            f"`{name}` must be a path, but {os.fspath(value)!r} has characters that no path has."
        )


@functools.cache
def _rule(annotation: Any) -> _Rule | None:
    """None where any value may be right."""
    rules = [_rule_of_part(part) for part in _parts(annotation)]
    if not rules or None in rules:
        return None
    known = [rule for rule in rules if rule is not None]
    return _Rule(
        " or ".join(dict.fromkeys(rule.must for rule in known if rule is not _NONE)),
        lambda value: any(rule.holds(value) for rule in known),
    )


def _parts(annotation: Any) -> tuple[Any, ...]:
    is_union = get_origin(annotation) in (Union, types.UnionType)
    return get_args(annotation) if is_union else (annotation,)


def _rule_of_part(part: Any) -> _Rule | None:
    origin = get_origin(part) or part
    if origin is Literal:
        words = get_args(part)
        return _Rule(f"one of {', '.join(map(str, words))}", _is_one_of(words))
    if origin in _SIMPLE:
        return _SIMPLE[origin]
    if origin in (Sequence, Iterable, list, tuple):
        return _Rule(*_of_many(get_args(part)))
    return _rule_of_class(origin) if isinstance(origin, type) else None


def _rule_of_class(kind: type) -> _Rule | None:
    if issubclass(kind, Mapping):
        return _Rule("a mapping", lambda value: isinstance(value, Mapping))
    if _is_path(kind):
        return _Rule("a path", lambda value: isinstance(value, os.PathLike))
    if kind.__module__ == "numpy":
        return _Rule("an array", _is_many)
    if _is_ours(kind):
        return _Rule(f"a {kind.__name__}", lambda value: isinstance(value, kind))
    return None


def _is_ours(kind: type) -> bool:
    return kind.__module__.partition(".")[0] == __package__


def is_text(value: str) -> bool:
    """Whether all characters are some: what Python makes of bytes that are no UTF-8 is not."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_one_of(words: tuple[Any, ...]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and value in words


def _of_many(items: tuple[Any, ...]) -> tuple[str, Callable[[Any], bool]]:
    inner = _rule(items[0]) if items else None
    if inner is None or items[0] is not str:
        return "a sequence", _is_many

    def holds(value: Any) -> bool:
        # What can be gone through only once is looked at by whoever goes through it.
        return _is_many(value) and (
            not isinstance(value, Collection) or all(map(inner.holds, value))
        )

    return "a sequence of strings", holds


def _is_many(value: Any) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping)


def is_integer(value: Any) -> bool:
    """Whether it is an integer of any library, and no truth value."""
    if isinstance(value, type) or type(value).__name__ in ("bool", "bool_"):
        return False
    try:
        value.__index__()
    except Exception:  # noqa: BLE001  # a foreign value may answer with any
        return False
    return True


def _is_number(value: Any) -> bool:
    if isinstance(value, bool | str | bytes):
        return False
    try:
        float(value)
    except OverflowError:
        return True
    except Exception:  # noqa: BLE001  # a foreign value may answer with any
        return False
    return True


def _is_switch(value: Any) -> bool:
    is_plain = isinstance(value, bool) or type(value).__name__ in ("bool", "bool_")
    return is_plain or (isinstance(value, int) and value in (0, 1))


_NONE = _Rule("None", lambda value: value is None)
"""What may be left out; not told to those who gave something."""

_SIMPLE = types.MappingProxyType(
    {
        str: _Rule("a string", lambda value: isinstance(value, str)),
        int: _Rule("an integer", is_integer),
        float: _Rule("a number", _is_number),
        bool: _Rule("true or false", _is_switch),
        type(None): _NONE,
    }
)


def shorten(value: Any) -> str:
    """A value as a message has it: short, and without an address in memory."""
    if value is None or isinstance(value, bool | int | float | str | bytes):
        text = repr(value)
        return text if len(text) <= 60 else f"{text[:57]}..."
    text = repr(value) if isinstance(value, list | tuple | dict) else ""
    return text if 0 < len(text) <= 30 and " at 0x" not in text else f"a {type(value).__name__}"
