"""The names of things on disk: projects, datasets, tables, runs, and what may be a name."""

import re

from samplewise._arguments import is_text
from samplewise.errors import InvalidArgumentError

_FORBIDDEN = re.compile(r'[/\\:*?"<>|\x00-\x1f]')
_MOST_BYTES = 200  # file systems stop at 255 bytes; endings of ours must fit too
_SUFFIX = re.compile(r"_\d{4}$")


def check_name(name: str, argument: str) -> str:
    """The name, if it can be a folder on every system.

    Raises:
        InvalidArgumentError: It cannot.
    """
    if not isinstance(name, str):
        raise InvalidArgumentError(
            f"`{argument}` must be a string, but is a {type(name).__name__}."
        )
    why = why_no_name(name)
    if why is not None:
        raise InvalidArgumentError(
            f"`{argument}` must be a name that can be a folder, but {name!r} {why}.",
            hint="use letters, digits, spaces, `-`, `_` and `.`",
        )
    return name


def why_no_name(name: str) -> str | None:
    """Why a text cannot be the name of a folder on every system; None if it can."""
    if not name:
        return "is empty"
    if not is_text(name):
        return "has characters that are none"
    if match := _FORBIDDEN.search(name):
        return f"has {match[0]!r} in it"
    if name.startswith(".") or name != name.strip() or name.endswith("."):
        return "starts with a dot, or starts or ends with a space, or ends with a dot"
    if len(_SUFFIX.sub("", name).encode(errors="replace")) > _MOST_BYTES:
        return f"is longer than {_MOST_BYTES} bytes"
    return None


def project_path(project: str) -> str:
    """Folder of a project."""
    return check_name(project, "project_name")


def dataset_path(project: str, dataset: str) -> str:
    """Folder of a dataset."""
    return f"{project_path(project)}/datasets/{check_name(dataset, 'dataset_name')}"


def table_path(project: str, dataset: str, table: str) -> str:
    """Folder of a table."""
    return f"{dataset_path(project, dataset)}/tables/{check_name(table, 'table_name')}"


def run_path(project: str, run: str) -> str:
    """Folder of a run."""
    return f"{project_path(project)}/runs/{check_name(run, 'run_name')}"


def with_suffix(name: str, number: int) -> str:
    """The name that `if_exists="rename"` tries: `name_0000`, `name_0001`, ..."""
    return f"{name}_{number:04d}"
