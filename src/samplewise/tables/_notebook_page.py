"""Pages of the dashboard inside a notebook."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote


def show_page(root_url: str, project: str, names: Sequence[str], height: int) -> Any:
    """The page of a run or a table, for a notebook; see `samplewise.server.notebook`.

    Args:
        root_url: Root of the store.
        project: Its project.
        names: What follows in the address: `runs` and a name, or `tables` and two.
        height: Of the frame, pixels.

    Raises:
        MissingDependencyError: The dashboard's packages are not installed.
    """
    from samplewise.server.notebook import show_in_notebook

    path = "/".join(quote(part, safe="") for part in ("p", project, *names))
    return show_in_notebook(root_url, f"/{path}", height)
