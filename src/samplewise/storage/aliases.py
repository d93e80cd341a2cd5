"""Aliases: `<DATA>/img.jpg` stands for a file in a folder that may move.

Known from, first one wins: an argument, the environment (`SAMPLEWISE_ALIAS_DATA=/folder`), the
project's file (`project.json`).
"""

import os
import re
from collections.abc import Mapping
from typing import Any

from samplewise.errors import AliasError, InvalidArgumentError
from samplewise.storage.layout import project_path
from samplewise.storage.store import Store

_PREFIX = "SAMPLEWISE_ALIAS_"
_NAME = re.compile(r"[A-Z][A-Z0-9_]*")
_USED = re.compile(r"<([A-Za-z][A-Za-z0-9_]*)>(?=/|$)")


class Aliases:
    """Folders by alias.

    Args:
        folders: Folder (or URL) by alias name, without the angle brackets.
    """

    def __init__(self, folders: Mapping[str, str]) -> None:
        self.folders = {_checked(name): _normal(folder) for name, folder in folders.items()}

    def resolve(self, url: str) -> str:
        """The URL with its alias replaced by the folder.

        Raises:
            AliasError: No folder is known under the alias.
        """
        match = _USED.match(url)
        if match is None:
            return url
        folder = self.folders.get(match[1])
        if folder is None:
            known = ", ".join(sorted(self.folders)) or "none"
            raise AliasError(
                f"`{url}` starts with the alias <{match[1]}>, and no folder is known under it "
                f"(known: {known}).",
                hint=f"set {_PREFIX}{match[1].upper()}=/the/folder, or pass "
                f"aliases={{'{match[1]}': '/the/folder'}}",
            )
        return folder + url[match.end() :]

    def shorten(self, url: str) -> str:
        """The URL with the longest folder that it starts with replaced by its alias."""
        inside = [
            (len(folder), name)
            for name, folder in self.folders.items()
            if url == folder or url.startswith(folder + "/")
        ]
        if not inside:
            return url
        length, name = max(inside)
        return f"<{name}>{url[length:]}"


def known_aliases(store: Store, project: str, given: Mapping[str, str] | None = None) -> Aliases:
    """All aliases that hold in a project, from the argument, the environment and the project."""
    document = store.read(f"{project_path(project)}/project.json") or {}
    environment = {
        key.removeprefix(_PREFIX): value
        for key, value in os.environ.items()
        if key.startswith(_PREFIX)
    }
    return Aliases({**document.get("aliases", {}), **environment, **(given or {})})


def remember_aliases(store: Store, project: str, given: Mapping[str, str] | None) -> None:
    """Write aliases into the project's file, where it does not have them yet.

    A table that was written with an alias must open without the argument that made it.
    """
    path = f"{project_path(project)}/project.json"
    store.create(path, {"aliases": {}})
    document: dict[str, Any] = store.read(path) or {"aliases": {}}
    added = Aliases(given or {}).folders
    missing = {name: folder for name, folder in added.items() if name not in document["aliases"]}
    if missing:
        store.replace(path, {**document, "aliases": {**document["aliases"], **missing}})


def _checked(name: str) -> str:
    bare = name.strip("<>")
    if not _NAME.fullmatch(bare):
        raise InvalidArgumentError(
            f"an alias must be capitals, digits and `_`, but is {name!r}.", hint="such as DATA"
        )
    return bare


def _normal(folder: Any) -> str:
    text = str(folder)
    return text.rstrip("/") if "://" in text else os.path.abspath(os.path.expanduser(text))
