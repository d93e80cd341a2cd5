"""The folder or bucket that Tables and Runs lie in."""

import shutil
import uuid
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from samplewise.cli._doctor.diagnosis import Diagnosis
from samplewise.cli._doctor.mend import Line
from samplewise.errors import SamplewiseError

if TYPE_CHECKING:
    from samplewise.storage import Store

NAME = "Store"
LITTLE_BYTES, TOO_LITTLE_BYTES = 5_000_000_000, 200_000_000

_ELSEWHERE = Line("export SAMPLEWISE_ROOT=$HOME/samplewise")


def check_store_root(root: str | None = None) -> Diagnosis:
    """Can be written to, creates documents exclusively (by hard links), and has room.

    Args:
        root: Folder or URL of the store, which need not exist yet; None takes the usual one.
    """
    try:
        # Imported here, because it may be what is broken.
        from samplewise.storage import Store, default_root
    except ImportError as error:
        return Diagnosis(
            NAME, "note", "not looked at, because a package is missing.", (str(error),)
        )
    try:
        store = Store(root)
        return _remote(store) if store.is_remote else _local(Path(store.root))
    except SamplewiseError as error:
        summary = f"`{root or default_root()}` cannot be used."
        return Diagnosis(NAME, "broken", summary, (error.message,), (_ELSEWHERE,))


def _local(root: Path) -> Diagnosis:
    from samplewise.storage import Store

    # Nothing is left behind: where there is no root yet, the nearest folder above it is tried.
    nearest = next(folder for folder in (root, *root.parents) if folder.exists())
    _create_exclusively(Store(nearest))
    where = str(root) if nearest == root else f"{root} (made when first used)"
    return _with_room(where, shutil.disk_usage(nearest).free)


def _create_exclusively(store: "Store") -> None:
    """Create one document twice, as two writers that race would."""
    folder = f".doctor-{uuid.uuid4().hex}"
    try:
        outcomes = [store.create(f"{folder}/probe.json", {}) for _ in range(2)]
    finally:
        with suppress(OSError):  # what could not be created cannot always be removed
            store.remove(folder)
    if outcomes != [True, False]:
        raise SamplewiseError(f"`{store.root}` lets two writers create one document.")


def _remote(store: "Store") -> Diagnosis:
    try:
        _create_exclusively(store)
    except SamplewiseError:
        raise
    except Exception as error:  # noqa: BLE001 -- every cloud fails in its own way
        summary = f"`{store.root}` cannot be used."
        return Diagnosis(NAME, "broken", summary, (str(error).strip(),), (_ELSEWHERE,))
    return Diagnosis(NAME, "ok", f"{store.root}, writable, with conditional puts")


def _with_room(where: str, free: int) -> Diagnosis:
    shown = f"{where}, {free / 1e9:,.1f} GB free"
    if free < TOO_LITTLE_BYTES:
        return Diagnosis(NAME, "broken", f"{shown}: too little to work with.", mend=(_ELSEWHERE,))
    if free < LITTLE_BYTES:
        return Diagnosis(NAME, "note", f"{shown}: that is soon full.", mend=(_ELSEWHERE,))
    return Diagnosis(NAME, "ok", shown)
