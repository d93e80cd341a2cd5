"""`if_exists="reuse"`: a stored Table stands for a new one only where both are of one source."""

import os

import pyarrow as pa

from samplewise._notes import note, warn
from samplewise.errors import AlreadyExistsError
from samplewise.records.fingerprint import Fingerprint, find_differences
from samplewise.records.table_document import TableDocument
from samplewise.schema import TableSchema


def reuse(
    document: TableDocument,
    given: Fingerprint,
    columns: pa.Schema | None = None,
    row_count: int | None = None,
) -> None:
    """See to it that a stored Table is what is to be made now, and say that it is reused.

    Args:
        document: The stored Table.
        given: What is to be made now.
        columns: Its columns, where the rows were read.
        row_count: Their number, likewise.

    Raises:
        AlreadyExistsError: It is made of something else; says what differs, and the ways out.
    """
    known = document.fingerprint
    differences = (
        find_differences(document.source, given) if known is None else known.differences(given)
    )
    if columns is not None and (known is None or known.kind == given.kind):
        differences = _row_differences(document, columns, row_count) or differences
    if differences:
        raise AlreadyExistsError(
            f"table `{document.name}` exists in dataset `{document.dataset}` and is made of "
            f"something else: {'; '.join(differences)}.",
            hint='pass another table_name or dataset_name, or if_exists="overwrite" or "rename"',
        )
    note(f'table `{document.name}` exists and is reused as it is (if_exists="reuse").')
    if known is None:
        warn(
            f"table `{document.name}` was stored by a version that did not note what tables are "
            "made of: where it comes from was compared, its contents were not."
        )
    elif (before := known.earlier_folder(given)) is not None:
        is_gone = "://" not in before and not os.path.isdir(before)
        warn(
            f"table `{document.name}` is made of the same files at another place: its images are "
            f"those in `{before}`{', which is not there any more' if is_gone else ''}; "
            'if_exists="overwrite" reads it anew.'
        )


def _row_differences(
    document: TableDocument, columns: pa.Schema, row_count: int | None
) -> list[str]:
    stored = document.schema
    if stored.names != columns.names:
        return [f"it has the columns {', '.join(stored.names)}, not {', '.join(columns.names)}"]
    if document.row_count != row_count:
        return [f"it has {document.row_count} rows, not {row_count}"]
    before, now = TableSchema.from_arrow(stored), TableSchema.from_arrow(columns)
    return [
        f"column `{name}` is of another kind, or has other classes"
        for name in before
        if before[name] != now[name]
    ]
