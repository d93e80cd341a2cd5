"""Value maps: what the integers of a categorical column stand for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from samplewise.errors import InvalidArgumentError


@dataclass(frozen=True, slots=True)
class MapElement:
    """One category.

    Args:
        internal_name: Its name in files and code.
        display_name: Its name on screen; `""` shows the internal name.
        display_color: Its colour as `#rrggbb`; `""` leaves the choice to the view.
    """

    internal_name: str
    display_name: str = ""
    display_color: str = ""

    def __str__(self) -> str:
        return self.display_name or self.internal_name


ValueMap = dict[int, MapElement]
Classes = Iterable[str] | Mapping[int, str | MapElement]


def as_value_map(classes: Classes, *, name: str = "classes") -> ValueMap:
    """Categories by their stored integer, ascending.

    Args:
        classes: Names in the order of their ids from 0 on, or a mapping from id to name or
            `MapElement`. Ids may have gaps.
        name: What the argument is called in an error.

    Raises:
        InvalidArgumentError: An id is not an integer, or a name is not a string.
    """
    if isinstance(classes, str):
        raise InvalidArgumentError(
            f"`{name}` must be a list of names or a mapping from id to name, but is a string.",
            hint=f"write [{classes!r}] for a single class",
        )
    items = classes.items() if isinstance(classes, Mapping) else enumerate(classes)
    return dict(sorted((_as_id(key, name), _as_element(value, name)) for key, value in items))


def simple_value_map(value_map: ValueMap) -> dict[int, str]:
    """Names by id, without display names and colours."""
    return {key: element.internal_name for key, element in value_map.items()}


def _as_id(key: object, name: str) -> int:
    try:
        as_int = int(key)  # type: ignore[call-overload]
    except (TypeError, ValueError):
        as_int = None
    if as_int is None or as_int != (int(key) if isinstance(key, str) else key):
        raise InvalidArgumentError(f"`{name}` must have integers as ids, but has {key!r}.")
    return as_int


def _as_element(value: object, name: str) -> MapElement:
    if isinstance(value, MapElement):
        return value
    if isinstance(value, str):
        return MapElement(value)
    raise InvalidArgumentError(
        f"`{name}` must have strings or MapElements as names, but has {value!r}."
    )
