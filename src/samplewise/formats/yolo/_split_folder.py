"""The files of one split: written aside, then put in the place of those of an earlier export.

`data.yaml` decides what a split is. It names a folder that is whole at any moment:

1. everything is written into folders aside (`images/.train.writing-...`, `labels/...`);
2. where `data.yaml` has the split already, it now names the folder aside;
3. `images/train` and `labels/train`, which nothing names, lose the files of the earlier export
   and get the new ones;
4. `data.yaml` names `images/train`, and the folders aside are removed.

A list of the files that exports wrote lies beside `data.yaml`; others are never touched.
"""

import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from samplewise.errors import FormatError
from samplewise.formats._image_files import is_image_name
from samplewise.formats._written import (
    WRITING,
    explain_write_errors,
    find_leftovers,
    replace_file,
)

LIST = ".samplewise-export.json"
"""Name of the list of files that exports wrote."""

_KINDS = ("images", "labels")


class SplitFolder:
    """The folders of one split in the folder of a dataset.

    Args:
        root: The folder of `data.yaml`.
        split: Name of the split, one that can be the name of a folder.
    """

    def __init__(self, root: Path, split: str) -> None:
        self._root = root
        self._split = split
        self._checked: set[Path] = set()

    def is_taken(self) -> bool:
        """Whether an earlier export wrote it."""
        return bool(self._own())

    def _check(self, names: list[str]) -> None:
        """See that files can be written without touching others."""
        own = {path.casefold() for path in self._own()}
        for name in names:
            for path in (f"images/{self._split}/{name}", self._label_of(name, self._split)):
                self._refuse_outside(self._root / path)
                if os.path.lexists(self._root / path) and path.casefold() not in own:
                    raise FormatError(
                        f"`{self._root / path}` is there, and no export wrote it.",
                        hint="export into another folder, or move it away",
                    )

    def write(
        self,
        names: list[str],
        files: Iterable[tuple[str, list[str]]],
        place: Callable[[str, Path], None],
        name_folder: Callable[[str, bool], None],
    ) -> None:
        """Write all files of the split, in the place of those of an earlier export.

        Args:
            names: Names of the images below the folder.
            files: The file and the lines of each image.
            place: Puts an image where it belongs.
            name_folder: Makes `data.yaml` name a folder of images as the split; the second
                argument says whether only where it has the split already.

        Raises:
            FormatError: A file is there that no export wrote, or a link leads out of the folder.
            StoreError: A file cannot be written.
        """
        self._check(names)
        with explain_write_errors(self._root):
            self._remove_remains()
            aside = f".{self._split}{WRITING}{os.getpid()}-{uuid.uuid4().hex[:8]}"
            try:
                self._write_aside(aside, names, files, place)
                name_folder(f"images/{aside}", True)
                self._replace(aside, names)
                name_folder(f"images/{self._split}", False)
            except BaseException:
                # Where `data.yaml` names it by now, it stays what there is of the split.
                if not self._is_named(aside):
                    self._remove_aside(aside)
                raise
            self._remove_aside(aside)
            self._remove_remains()

    def count_others(self) -> int:
        """How many images lie in the folder that no export wrote."""
        own = set(self._own())
        folder = self._root / "images" / self._split
        return sum(
            is_image_name(name) and self._relative_name(Path(at, name)) not in own
            for at, _, names in os.walk(folder)
            for name in names
        )

    def _write_aside(
        self,
        aside: str,
        names: list[str],
        files: Iterable[tuple[str, list[str]]],
        place: Callable[[str, Path], None],
    ) -> None:
        for kind in _KINDS:
            self._refuse_outside(self._root / kind / aside)
            (self._root / kind / aside).mkdir(parents=True)
        for name, (image, lines) in zip(names, files, strict=True):
            target = self._root / "images" / aside / name
            target.parent.mkdir(parents=True, exist_ok=True)
            place(image, target)
            label = self._root / self._label_of(name, aside)
            label.parent.mkdir(parents=True, exist_ok=True)
            label.write_bytes(b"".join(line.encode() + b"\n" for line in lines))

    def _replace(self, aside: str, names: list[str]) -> None:
        """Put the files that lie aside into the folder as well, and remove earlier ones."""
        before = self._own()
        after = [
            path
            for name in names
            for path in (f"images/{self._split}/{name}", self._label_of(name, self._split))
        ]
        # The list is never shorter than what is there, wherever this ends.
        self._write_list([*before, *(path for path in after if path not in set(before))])
        for path in before:
            (self._root / path).unlink(missing_ok=True)
        self._remove_empty(before)
        for kind in _KINDS:
            (self._root / kind / self._split).mkdir(exist_ok=True)
        for path in after:
            kind, _, name = path.split("/", 2)
            (self._root / path).parent.mkdir(parents=True, exist_ok=True)
            _copy(self._root / kind / aside / name, self._root / path)
        self._write_list(after)

    def _remove_empty(self, paths: list[str]) -> None:
        folders = {
            folder for path in paths for folder in Path(path).parents if len(folder.parts) > 2
        }
        for folder in sorted(folders, key=lambda folder: -len(folder.parts)):
            with suppress(OSError):  # one that holds files of others
                (self._root / folder).rmdir()

    def _own(self) -> list[str]:
        """The files of this split that exports wrote, relative to the root; only those inside."""
        found = self._lists().get(self._split, [])
        paths = [path for path in found if isinstance(path, str)] if isinstance(found, list) else []
        return [path for path in paths if self._is_ours(path)]

    def _is_ours(self, path: str) -> bool:
        """A list may be somebody else's: what it names outside of the split is not ours."""
        parts = path.split("/")
        inside = len(parts) > 2 and parts[0] in _KINDS and parts[1] == self._split
        return inside and not {"", ".", ".."} & set(parts) and self._is_inside(self._root / path)

    def _lists(self) -> dict[str, Any]:
        try:
            lists = json.loads((self._root / LIST).read_bytes())["splits"]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return {}
        return lists if isinstance(lists, dict) else {}

    def _write_list(self, paths: list[str]) -> None:
        lists = {**self._lists(), self._split: paths}
        with replace_file(self._root / LIST) as file:
            file.write(json.dumps({"splits": lists}, indent=0).encode())

    def _refuse_outside(self, path: Path) -> None:
        if not self._is_inside(path):
            raise FormatError(
                f"`{path.parent}` is a link that leads out of `{self._root}`.",
                hint="export into another folder",
            )

    def _is_inside(self, path: Path) -> bool:
        if path.parent not in self._checked:
            real, root = os.path.realpath(path.parent), os.path.realpath(self._root)
            if os.path.commonpath([real, root]) != root:
                return False
            self._checked.add(path.parent)
        return True

    def _label_of(self, name: str, folder: str) -> str:
        return f"labels/{folder}/{os.path.splitext(name)[0]}.txt"

    def _relative_name(self, path: Path) -> str:
        return path.relative_to(self._root).as_posix()

    def _is_named(self, aside: str) -> bool:
        yaml_files = [*self._root.glob("*.yaml"), *self._root.glob("*.yml")]
        return any(aside.encode() in file.read_bytes() for file in yaml_files if file.is_file())

    def _remove_remains(self) -> None:
        """Folders aside of exports that were killed, unless `data.yaml` names them."""
        start = f".{self._split}{WRITING}"
        for kind in _KINDS:
            if (self._root / kind).is_dir():
                for folder in find_leftovers(self._root / kind, start):
                    if not self._is_named(folder.name):
                        self._remove_aside(folder.name)

    def _remove_aside(self, aside: str) -> None:
        for kind in _KINDS:
            if self._is_inside(self._root / kind / aside):
                shutil.rmtree(self._root / kind / aside, ignore_errors=True)


def _copy(source: Path, target: Path) -> None:
    """The same file under a second name: a link where the file system has them."""
    if source.is_symlink():
        target.symlink_to(source.readlink())
        return
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copy2(source, target)
