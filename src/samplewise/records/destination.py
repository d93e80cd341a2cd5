"""Where a new table goes and what is said of it: arguments that many functions share."""

import functools
import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import ParamSpec, Required, TypedDict, TypeVar, get_type_hints

from samplewise._arguments import check_bound
from samplewise.records.if_exists import IfExists

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Keeping(TypedDict, total=False):
    """How a new table is kept.

    Args:
        root_url: Where the store lies; None takes `SAMPLEWISE_ROOT` or the user's data folder.
        if_exists: What to do where the name is taken: `reuse` the stored table as it is,
            `overwrite` it, `rename` the new one, or `raise`.
        description: What a person should know about the table.
        aliases: Folders by alias name: images inside are stored as `<NAME>/...`.
    """

    root_url: str | Path | None
    if_exists: IfExists
    description: str
    aliases: Mapping[str, str] | None


class Destination(Keeping, total=False):
    """Where a new table goes, and how it is kept.

    Args:
        table_name: Name of the table.
        dataset_name: Name of its dataset.
        project_name: Name of its project.
    """

    table_name: str
    dataset_name: Required[str]
    project_name: Required[str]


_NEEDED = inspect.Parameter.empty
_DEFAULTS: dict[str, object] = {
    "table_name": "initial",
    "dataset_name": _NEEDED,
    "project_name": _NEEDED,
    "root_url": None,
    "if_exists": "reuse",
    "description": "",
    "aliases": None,
}
"""In the order in which `help()` shows them."""


def takes(arguments: type, **defaults: object) -> Callable[[Callable[_P, _T]], Callable[_P, _T]]:
    """Write out `**arguments: Unpack[...]` for those who read `help()`, and check the names.

    Type checkers see through `Unpack` by themselves; `inspect` and `help` do not, and a wrong
    keyword would be noticed only by the function that it is handed on to.

    Args:
        arguments: The TypedDict that the last parameter of the function unpacks.
        defaults: Defaults of the function that are not the usual ones.
    """

    def decorate(function: Callable[_P, _T]) -> Callable[_P, _T]:
        signature = _write_out(inspect.signature(function), arguments, defaults)

        @functools.wraps(function)
        def call(*args: _P.args, **kwargs: _P.kwargs) -> _T:
            try:
                bound = signature.bind(*args, **kwargs)
            except TypeError as error:
                raise TypeError(f"{function.__qualname__}() {error}") from None
            check_bound(bound)
            return function(*args, **{**defaults, **kwargs})  # type: ignore[arg-type]

        call.__signature__ = signature  # type: ignore[attr-defined]
        call.__doc__ = _write_docstring(function.__doc__ or "", arguments)
        return call

    return decorate


def _write_out(
    signature: inspect.Signature, arguments: type, defaults: Mapping[str, object]
) -> inspect.Signature:
    *own, last = signature.parameters.values()
    assert last.kind is last.VAR_KEYWORD, "the last parameter unpacks the arguments"
    hints = get_type_hints(arguments)
    shared = [
        inspect.Parameter(name, last.KEYWORD_ONLY, default=default, annotation=hints[name])
        for name, default in {**_DEFAULTS, **defaults}.items()
        if name in hints
    ]
    return signature.replace(parameters=[*own, *shared])


def _write_docstring(text: str, arguments: type) -> str:
    """The docstring with a line for each of the arguments in place of the one for all of them."""
    lines = inspect.cleandoc(text).splitlines()
    places = [i for i, line in enumerate(lines) if line.startswith("    destination: ")]
    for place in places:  # a constructor has none: its class says it
        lines[place : place + 1] = _lines_of(arguments)
    return "\n".join(lines)


def _lines_of(arguments: type) -> list[str]:
    """The `Args:` of a TypedDict and of the one that it extends."""
    names = arguments.__annotations__.keys()
    kinds = [kind for kind in (Destination, Keeping) if kind.__annotations__.keys() <= names]
    return [
        line
        for kind in kinds
        for line in inspect.cleandoc(kind.__doc__ or "").partition("Args:\n")[2].splitlines()
    ]
