"""The YAML file of a dataset that exports go on with."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from samplewise.errors import FormatError

_SPLITS = ("train", "val", "validation", "valid", "test", "minival")
NO_SPLITS = ("path", "names", "nc", "channels", "download", "kpt_shape", "flip_idx", "kpt_names")
"""What else has a meaning there."""


def read_dataset_file(file: Path) -> dict[str, Any]:
    """What it says, without `path`; empty where there is none. `names` are classes by number.

    Raises:
        FormatError: It cannot be read, or its images lie below another folder.
    """
    # PyYAML takes a while to load.
    import yaml

    from samplewise.formats.yolo._yaml import read_yaml

    if not file.exists():
        return {}
    checked = read_yaml(file)  # within bounds, so that what follows is too
    document = {str(key): value for key, value in yaml.safe_load(file.read_bytes()).items()}
    path = str(document.pop("path", None) or ".")
    if (file.parent / path).resolve() != file.parent.resolve():
        raise FormatError(
            f"`{file}` must have its images beside it, but has them in {path}.",
            hint="export into another folder",
        )
    if "names" in document:
        document["names"] = _by_number(checked["names"])
    return document


def splits_of(document: dict[str, Any]) -> dict[str, Any]:
    """The splits that it has, and where they are."""
    return {
        name: value
        for name, value in document.items()
        if value and (name in _SPLITS or (name not in NO_SPLITS and _is_folder(value)))
    }


def _is_folder(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("images/")


def _by_number(names: Any) -> Any:
    if isinstance(names, list):
        return dict(enumerate(names))
    if isinstance(names, dict):
        with suppress(ValueError):
            return {int(key): name for key, name in names.items()}
    return names
