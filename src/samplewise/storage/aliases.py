"""Aliases: `<DATA>/img.jpg` stands for a file in a folder that may move.

Known from, first one wins: an argument, the environment (`SAMPLEWISE_ALIAS_DATA=/folder`), the
project's file (`project.json`).
"""

import os
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlparse

from samplewise._arguments import check_value
from samplewise._notes import warn
from samplewise.errors import AliasError, InvalidArgumentError, NewerFormatError, StoreError
from samplewise.storage.layout import project_path
from samplewise.storage.store import Store

_PREFIX = "SAMPLEWISE_ALIAS_"
_NAME = re.compile(r"[A-Z][A-Z0-9_]*")
_USED = re.compile(r"<([A-Za-z][A-Za-z0-9_]*)>(?=/|$)")


class Aliases:
    """Folders by alias.

    Args:
        folders: Folder (or URL) by alias name, without the angle brackets.

    Raises:
        InvalidArgumentError: A name is no alias.
    """

    def __init__(self, folders: Mapping[str, Any]) -> None:
        self.folders = {_check_alias(name): _normal(folder) for name, folder in folders.items()}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Aliases) and other.folders == self.folders

    def __hash__(self) -> int:
        return hash(frozenset(self.folders.items()))

    def __repr__(self) -> str:
        return f"Aliases({self.folders!r})"

    def resolve(self, url: str) -> str:
        """The URL with its alias replaced by the folder.

        Raises:
            AliasError: No folder is known under the alias.
        """
        match = _USED.match(url)
        if match is None:
            return url
        name = match[1].upper()
        if name not in self.folders:
            known = ", ".join(sorted(self.folders)) or "none"
            raise AliasError(
                f"`{url}` starts with the alias <{name}>, and no folder is known under it "
                f"(known: {known}).",
                hint=f"set {_PREFIX}{name}=/the/folder, "
                f"or pass aliases={{'{name}': '/the/folder'}}",
            )
        return self.folders[name].rstrip("/") + url[match.end() :]

    def shorten(self, url: str) -> str:
        """The URL with the longest folder that it starts with replaced by its alias."""
        inside = [
            (len(prefix), name)
            for name, folder in self.folders.items()
            if f"{url}/".startswith((prefix := folder.rstrip("/")) + "/")
        ]
        if not inside:
            return url
        length, name = max(inside)
        return f"<{name}>{url[length:]}"

    def to_stored(self, url: str | os.PathLike[str]) -> str:
        """The URL of a file as a table keeps it: absolute, and with an alias where one fits."""
        text = os.fspath(url)
        if text.startswith("data:") or _USED.match(text):
            return text
        return self.shorten(_normal(text))


def load_aliases(store: Store, project: str, given: Mapping[str, Any] | None = None) -> Aliases:
    """All aliases that hold in a project, from the argument, the environment and the project.

    Raises:
        InvalidArgumentError: A name is no alias.
        NewerFormatError: The project was written by a newer Samplewise.
    """
    environment = {
        key.removeprefix(_PREFIX).upper(): value
        for key, value in os.environ.items()
        if key.startswith(_PREFIX) and value
    }
    return Aliases({**_read_stored(store, project), **environment, **Aliases(given or {}).folders})


def _read_stored(store: Store, project: str) -> dict[str, Any]:
    """Those of the project's file; none where it is damaged: rows can be read without them."""
    try:
        return (store.read(_path(project)) or {}).get("aliases") or {}
    except NewerFormatError:
        raise
    except StoreError as error:
        warn(f"no alias of project `{project}` is known: {error.message}")
        return {}


def remember_aliases(store: Store, project: str, given: Mapping[str, Any] | None = None) -> None:
    """Make the project's file, and write aliases into it where it does not have them yet.

    A table that was written with an alias must open without the argument that made it. An alias
    that the project knows already, for another folder, stays what it is, and a note says so.

    Raises:
        StoreError: The store cannot be written.
    """
    added = Aliases(given or {}).folders
    stored = store.read(_path(project))
    if stored is None:
        store.create(_path(project), {"aliases": {}})
        stored = {"aliases": {}}
    if not added.keys() <= stored.get("aliases", {}).keys():
        updated = store.update(
            _path(project), lambda old: {**old, "aliases": {**added, **old.get("aliases", {})}}
        )
        stored = updated or stored
    for name, folder in added.items():
        kept = stored.get("aliases", {}).get(name, folder)
        if kept != folder:
            warn(
                f"alias <{name}> is {folder} here, and {kept} for all who open project "
                f"`{project}` without saying so: set {_PREFIX}{name}, or edit "
                f"{store.url(_path(project))}."
            )


def _path(project: str) -> str:
    return f"{project_path(project)}/project.json"


def _check_alias(name: str) -> str:
    check_value("an alias", name, str)
    bare = name.strip("<>")
    if not _NAME.fullmatch(bare):
        raise InvalidArgumentError(
            f"an alias must be capitals, digits and `_`, but is {name!r}.", hint="such as DATA"
        )
    return bare


def _normal(folder: Any) -> str:
    text = os.fspath(folder)
    if text.startswith("file://"):
        text = unquote(urlparse(text).path)
    if "://" in text:
        return text.rstrip("/")
    return os.path.abspath(os.path.expanduser(text))
