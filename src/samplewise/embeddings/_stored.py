r"""Fitted reducers as files.

A fitted reducer is a pickle, and a pickle is a program: who loads it runs it. So a file is loaded
only if the caller knows its hash from a place of his own (a Run that he wrote), or says in so many
words that he trusts it. A hash that came along with the file proves nothing.

```
samplewise-reducer 1\n     format version
{"method": ..., ...}\n     what it is, readable without running anything
<pickle>
```
"""

import hashlib
import importlib.metadata
import json
import os
import pickle
import tempfile
from pathlib import Path

from samplewise.embeddings.reducer import Reducer
from samplewise.errors import (
    FormatError,
    InvalidArgumentError,
    NewerFormatError,
    NotFoundError,
    SamplewiseError,
    StoreError,
)

_FORMAT = 1
_MAGIC = b"samplewise-reducer "


def save_reducer(reducer: Reducer, path: str | os.PathLike[str]) -> str:
    """Write a reducer to a file, whole or not at all.

    The file holds the embeddings it was fitted on (PaCMAP and UMAP look neighbours up in them).

    Args:
        reducer: Any reducer, fitted to be of use.
        path: Local file; its folder is made where it is missing.

    Returns:
        SHA-256 of the file, hexadecimal: what `load_reducer` wants to be told.

    Raises:
        StoreError: The file cannot be written.
    """
    path = Path(path)
    head = json.dumps(_description(reducer)).encode()
    content = b"%s%d\n%s\n%s" % (_MAGIC, _FORMAT, head, pickle.dumps(reducer, protocol=5))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, fresh = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(fresh, path)
        except BaseException:
            Path(fresh).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise StoreError(f"the reducer cannot be written to `{path}`: {error}.") from error
    return hashlib.sha256(content).hexdigest()


def load_reducer(
    path: str | os.PathLike[str], expected_sha256: str | None = None, *, trust: bool = False
) -> Reducer:
    """Read a reducer. This runs what is in the file, so say why it may.

    Args:
        path: Local file that `save_reducer` wrote.
        expected_sha256: Its hash, as you noted it when it was saved. Another content is refused
            before anything of it runs.
        trust: Load it without a hash. Only for a file whose maker you would let run programs here.

    Raises:
        InvalidArgumentError: Neither a hash nor `trust` was given.
        NotFoundError: There is no such file.
        FormatError: The content is another than expected, or no reducer.
        NewerFormatError: It was written by a newer Samplewise.
        SamplewiseError: It cannot be read with the package versions installed here.
    """
    path = Path(path)
    if expected_sha256 is None and not trust:
        raise InvalidArgumentError(
            "`expected_sha256` must be given, because a stored reducer is a program.",
            hint="pass the hash that `save_reducer` returned, or `trust=True` for a file whose "
            "maker you trust.",
        )
    content = _content(path)
    found = hashlib.sha256(content).hexdigest()
    if expected_sha256 is not None and found != expected_sha256.lower():
        raise FormatError(
            f"`{path}` must have the SHA-256 {expected_sha256}, but has {found}.",
            hint="the file was changed or exchanged after it was saved: do not load it.",
        )
    head, body = _split_head(path, content)
    try:
        reducer = pickle.loads(body)  # noqa: S301 - guarded by the hash or by the caller's word
    except Exception as error:
        raise SamplewiseError(
            f"`{path}` cannot be read here: {type(error).__name__}: {error}",
            hint=f"it was written with {_show_head(head)}.",
        ) from error
    if not isinstance(reducer, Reducer):
        raise FormatError(f"`{path}` must hold a reducer, but holds a {type(reducer).__name__}.")
    return reducer


def describe_reducer(path: str | os.PathLike[str]) -> dict[str, object]:
    """What a stored reducer says it is; runs nothing of it.

    Returns:
        `method`, `used_method`, `n_components`, `seed`, `notes` and `packages` with their
        versions.

    Raises:
        NotFoundError: There is no such file.
        FormatError: It is no reducer.
        NewerFormatError: It was written by a newer Samplewise.
    """
    path = Path(path)
    return _split_head(path, _content(path))[0]


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise NotFoundError(
            f"there is no reducer at `{path}`.", hint="`save_reducer` writes one."
        ) from None
    except OSError as error:
        raise StoreError(f"`{path}` cannot be read: {error}.") from error


def _split_head(path: Path, content: bytes) -> tuple[dict[str, object], bytes]:
    version, _, rest = content.partition(b"\n")
    head, _, body = rest.partition(b"\n")
    number = version.removeprefix(_MAGIC)
    if not version.startswith(_MAGIC) or not number.isdigit():
        raise FormatError(f"`{path}` is no stored reducer.")
    if int(number) > _FORMAT:
        raise NewerFormatError(
            f"`{path}` has format {int(number)}, but this Samplewise reads up to {_FORMAT}.",
            hint="pip install -U samplewise",
        )
    try:
        return json.loads(head), body
    except ValueError as error:
        raise FormatError(f"`{path}` is a damaged reducer: {error}.") from error


def _description(reducer: Reducer) -> dict[str, object]:
    return {
        "method": reducer.method,
        "used_method": reducer.used_method,
        "n_components": reducer.n_components,
        "seed": reducer.seed,
        "notes": reducer.notes,
        "packages": {name: _version(name) for name in reducer.packages},
    }


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _show_head(head: dict[str, object]) -> str:
    packages = head.get("packages")
    known = packages if isinstance(packages, dict) else {}
    return ", ".join(f"{name} {version}" for name, version in known.items()) or "other packages"
