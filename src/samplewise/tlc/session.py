"""`log` as the contract has it: the epoch stands among the values."""

from collections.abc import Mapping
from typing import Any

from samplewise import tables
from samplewise._arguments import is_integer, shorten
from samplewise.errors import InvalidArgumentError

_AXES = ("epoch", "iteration")


def log(values: Mapping[str, Any], **options: Any) -> None:
    """Log aggregate values to the active run, see `samplewise.log`.

    `epoch` among the values is the epoch that the others belong to, and no value itself; where it
    is missing, `iteration` is.

    Args:
        values: Numbers by name.
        options: Of `samplewise.log`.

    Raises:
        NotFoundError: There is no active run.
        InvalidArgumentError: A value is not a number, or two epochs are named.
    """
    named = next((name for name in _AXES if values.get(name) is not None), None)
    if named is not None:
        epoch = _whole_number(named, values[named])
        if options.get("epoch", epoch) != epoch:
            raise InvalidArgumentError(
                f"`{named}` must be named once, but is {epoch} among the values and "
                f"{options['epoch']} beside them."
            )
        options["epoch"] = epoch
    tables.log({name: value for name, value in values.items() if name not in _AXES}, **options)


def _whole_number(name: str, value: Any) -> int:
    if is_integer(value) or (isinstance(value, float) and value.is_integer()):
        return int(value)
    raise InvalidArgumentError(f"`{name}` must be a 0-based number, but is {shorten(value)}.")
