r"""Fitted reducers as files: numbers and words, from which our own code builds them again.

Nothing of a file is run, so that a Run which somebody sent can be opened. Up to 0.1 a file was a
pickle, which runs what its writer likes; those are refused from their first line.

```
samplewise-reducer 2\n     format version
{"method": ..., ...}\n     what it is and its arguments
<npz>                      what the fit found: float arrays, not compressed
```
"""

import hashlib
import importlib.metadata
import io
import os
import tempfile
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np

from samplewise.embeddings._fitted_arrays import FittedArrays
from samplewise.embeddings._methods import make_reducer
from samplewise.embeddings.reducer import Reducer, ReductionWarning
from samplewise.errors import (
    FormatError,
    MissingDependencyError,
    NewerFormatError,
    NotFoundError,
    SamplewiseError,
    StoreError,
)

_FORMAT = 2
_MAGIC = b"samplewise-reducer "
_NPY = b"\x93NUMPY\x01\x00"


class _Head(msgspec.Struct):
    """What stands before the arrays.

    Args:
        method: As of `make_reducer`.
        used_method: The method that made the coordinates.
        n_components: Coordinates a row.
        seed: Of the fit.
        notes: What went another way than asked.
        packages: Versions with which it was fitted.
        options: Further arguments of the method.
    """

    method: str
    used_method: str
    n_components: int
    seed: int
    notes: list[str]
    packages: dict[str, str | None]
    options: dict[str, Any] = {}


def save_reducer(reducer: Reducer, path: str | os.PathLike[str]) -> str:
    """Write a fitted reducer to a file, whole or not at all.

    The file holds the embeddings it was fitted on (PaCMAP and UMAP look neighbours up in them).

    Args:
        reducer: Any reducer that is fitted.
        path: Local file; its folder is made where it is missing.

    Returns:
        SHA-256 of the file, hexadecimal.

    Raises:
        InvalidArgumentError: The reducer is not fitted.
        StoreError: The file cannot be written.
    """
    path = Path(path)
    arrays = io.BytesIO()
    np.savez(arrays, allow_pickle=False, **reducer.to_arrays())
    head = msgspec.json.encode(_describe(reducer))
    content = b"%s%d\n%s\n%s" % (_MAGIC, _FORMAT, head, arrays.getvalue())
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


def load_reducer(path: str | os.PathLike[str], expected_sha256: str | None = None) -> Reducer:
    """Read a reducer. Nothing of the file is run, whoever wrote it.

    It places rows as it did before, to the last bit with the same package versions: PaCMAP's and
    UMAP's searches for neighbours are seeded, and are made anew of the stored rows.

    Args:
        path: Local file that `save_reducer` wrote.
        expected_sha256: Its hash, as `save_reducer` returned it; None takes any.

    Raises:
        NotFoundError: There is no such file.
        FormatError: The content is another than expected, damaged, of the old format, which had
            to be run, or no reducer.
        NewerFormatError: It was written by a newer Samplewise.
        MissingDependencyError: The package of its method is not installed.
    """
    path = Path(path)
    content = _read(path)
    found = hashlib.sha256(content).hexdigest()
    if expected_sha256 is not None and found != expected_sha256.lower():
        raise FormatError(
            f"`{path}` must have the SHA-256 {expected_sha256}, but has {found}.",
            hint="the file was changed or exchanged after it was saved.",
        )
    head, body = _split_head(path, content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ReductionWarning)  # it was said when it was fitted
            reducer = make_reducer(head.method, head.n_components, head.seed, **head.options)
        reducer.notes = head.notes
        reducer.restore(FittedArrays(_read_arrays(body)))
    except MissingDependencyError:
        raise
    except (SamplewiseError, ValueError, TypeError) as error:
        raise FormatError(
            f"`{path}` is a damaged reducer: {getattr(error, 'message', error)}.".replace(
                "..", "."
            ),
            hint=f"it was written with {_show_packages(head)}; fit the map again.",
        ) from error
    return reducer


def describe_reducer(path: str | os.PathLike[str]) -> dict[str, object]:
    """What a stored reducer says it is.

    Returns:
        `method`, `used_method`, `n_components`, `seed`, `notes`, `packages` with their versions,
        and `options`.

    Raises:
        NotFoundError: There is no such file.
        FormatError: It is no reducer, or of the old format.
        NewerFormatError: It was written by a newer Samplewise.
    """
    path = Path(path)
    return msgspec.structs.asdict(_split_head(path, _read(path))[0])


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise NotFoundError(
            f"there is no reducer at `{path}`.", hint="`save_reducer` writes one."
        ) from None
    except OSError as error:
        raise StoreError(f"`{path}` cannot be read: {error}.") from error


def _split_head(path: Path, content: bytes) -> tuple[_Head, bytes]:
    version, _, rest = content.partition(b"\n")
    number = version.removeprefix(_MAGIC)
    if not version.startswith(_MAGIC) or not (number.isdigit() and len(number) < 9):
        raise FormatError(f"`{path}` is no stored reducer.")
    if int(number) > _FORMAT:
        raise NewerFormatError(
            f"`{path}` has format {int(number)}, but this Samplewise reads up to {_FORMAT}.",
            hint="pip install -U samplewise",
        )
    if int(number) < _FORMAT:
        raise FormatError(
            f"`{path}` is a reducer of format {int(number)}, a program that could do anything "
            "when it is loaded, and is not loaded any more.",
            hint="fit the map again: run.reopen(), run.reduce_embeddings(...). The coordinates "
            "that are stored stay as they are.",
        )
    head, _, body = rest.partition(b"\n")
    try:
        return msgspec.json.decode(head, type=_Head), body
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise FormatError(f"`{path}` is a damaged reducer: {error}.") from error


def _read_arrays(body: bytes) -> dict[str, np.ndarray]:
    """Arrays of an npz file that cannot claim more than is there.

    `numpy.load` makes room for what a header says before it reads; here a header must fit its
    member, and a member, since it is not compressed, the file.
    """
    try:
        return dict(_iterate_arrays(body))
    except Exception as error:  # zipfile raises a dozen kinds for what is no zip file
        raise ValueError(f"its arrays cannot be read ({error})") from error


def _iterate_arrays(body: bytes) -> Iterator[tuple[str, np.ndarray]]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        for member in archive.infolist():
            if member.compress_type != zipfile.ZIP_STORED:
                raise ValueError(f"`{member.filename}` is compressed")
            data = io.BytesIO(archive.read(member))
            if data.read(len(_NPY)) != _NPY:
                raise ValueError(f"`{member.filename}` is no array")
            shape, by_column, dtype = np.lib.format.read_array_header_1_0(data)
            if dtype.kind != "f":
                raise ValueError(f"`{member.filename}` must hold floats, not {dtype}")
            order: Literal["F", "C"] = "F" if by_column else "C"
            array = np.frombuffer(data.read(), dtype).reshape(shape, order=order)
            yield member.filename.removesuffix(".npy"), array.copy(order="C")


def _describe(reducer: Reducer) -> _Head:
    return _Head(
        method=reducer.method,
        used_method=reducer.used_method,
        n_components=reducer.n_components,
        seed=reducer.seed,
        notes=reducer.notes,
        packages={name: _version(name) for name in reducer.packages},
        options=reducer.options,
    )


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _show_packages(head: _Head) -> str:
    return ", ".join(f"{name} {version}" for name, version in head.packages.items()) or "others"
