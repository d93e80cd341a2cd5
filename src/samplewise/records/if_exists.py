"""What happens when something of that name is stored already."""

from collections.abc import Collection, Iterator
from typing import Literal, get_args

from samplewise.errors import InvalidArgumentError
from samplewise.storage.layout import with_suffix

IfExists = Literal["reuse", "overwrite", "rename", "raise"]


def check_if_exists(value: str) -> IfExists:
    """The mode, if it is one.

    Raises:
        InvalidArgumentError: It is not.
    """
    if value not in get_args(IfExists):
        raise InvalidArgumentError(
            f"`if_exists` must be one of {', '.join(get_args(IfExists))}, but is {value!r}."
        )
    return value  # type: ignore[return-value]


def candidate_names(
    name: str, taken: Collection[str] = (), *, is_bare_allowed: bool = True
) -> Iterator[str]:
    """The name, then the names that `rename` tries: `name_0000`, `name_0001`, ...

    Args:
        name: The name.
        taken: Names that need not be tried.
        is_bare_allowed: Whether the name itself is the first one.
    """
    if is_bare_allowed and name not in taken:
        yield name
    for number in range(10_000):
        if (suffixed := with_suffix(name, number)) not in taken:
            yield suffixed
