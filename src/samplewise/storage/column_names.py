"""Which names a stored column can have."""

from collections.abc import Iterable

from samplewise._arguments import is_text
from samplewise.errors import SchemaError

ROW = "_row"
"""Hidden column: place of the row in its table, ascending. Lance moves updated rows to the end."""


def check_column_names(names: Iterable[str]) -> None:
    """Refuse columns that cannot be stored or cannot be told apart.

    Raises:
        SchemaError: There is no column; a name is empty, has a dot (which separates the parts of
            a path such as `bbs.instances`) or a backtick, starts with `_row`, or differs from
            another one in upper and lower case only (SQL knows no such difference).
    """
    seen: dict[str, str] = {}
    for name in names:
        why = _why_not(name)
        if why is not None:
            raise SchemaError(
                f"a column must have a name that can be stored, but {name!r} {why}.",
                hint=_other_name(name),
            )
        if name.lower() in seen:
            raise SchemaError(
                f"columns must differ by more than upper and lower case, "
                f"but there are `{seen[name.lower()]}` and `{name}`."
            )
        seen[name.lower()] = name
    if not seen:
        raise SchemaError("a table must have at least one column, but has none.")


def _why_not(name: str) -> str | None:
    if not isinstance(name, str):
        return "is no string"
    if not name:
        return "is empty"
    for character, word in ((".", "a dot"), ("`", "a backtick"), ("\0", "a null character")):
        if character in name:
            return f"has {word} in it"
    if not is_text(name):
        return "has characters that are none in it"
    return f"starts with {ROW!r}" if name.startswith(ROW) else None


def _other_name(name: str) -> str | None:
    if not isinstance(name, str):
        return f"name it {str(name)!r}"
    other = name.replace(".", "_").replace("`", "_").replace("\0", "").removeprefix("_")
    return f"name it `{other}`" if other else None
