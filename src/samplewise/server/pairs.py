"""One metric of the same samples in several collections: of two runs, or of many epochs."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from samplewise.errors import InvalidArgumentError, NotFoundError
from samplewise.server import wire
from samplewise.server.catalog import Catalog
from samplewise.server.source import OpenSource
from samplewise.tables.metric_rows import EXAMPLE_ID
from samplewise.tables.stored_table import StoredTable


def compare(catalog: Catalog, asked: wire.CompareRequest) -> pa.Table:
    """The difference of a metric, sample by sample; see `wire.CompareRequest`.

    Raises:
        NotFoundError: A source or the metric is not there.
        InvalidArgumentError: The two are about different Tables, or the metric is no number.
    """
    left, right = catalog.open(asked.left), catalog.open(asked.right)
    first, second = _identities(catalog, asked, left, right)
    _, i, j = np.intersect1d(first, second, return_indices=True)
    order = np.argsort(right.example_ids[j], kind="stable")
    i, j = i[order], j[order]
    before, after = left.numbers(asked.metric)[i], right.numbers(asked.metric)[j]
    return pa.table(
        {
            EXAMPLE_ID: right.example_ids[j].astype(np.int32),
            f"left_{EXAMPLE_ID}": left.example_ids[i].astype(np.int32),
            "left": before.astype(np.float32),
            "right": after.astype(np.float32),
            "difference": (after - before).astype(np.float32),
        }
    )


def history(catalog: Catalog, asked: wire.SampleHistoryRequest) -> pa.Table:
    """A metric of every sample in every epoch; see `wire.SampleHistoryRequest`.

    Raises:
        NotFoundError: There are no such collections, or they lack the metric.
        InvalidArgumentError: The metric is no number.
    """
    wanted = (asked.stream, asked.split, asked.input_table_id)
    found = [
        row.source
        for row in catalog.sources_of(catalog.run(asked.project, asked.run))
        if (row.source.stream, row.source.split, row.source.input_table_id) == wanted
        and row.source.epoch is not None
    ]
    if not found:
        raise NotFoundError(f"run `{asked.run}` has no such collections with an epoch.")
    opened = {source.epoch: catalog.open(source) for source in found}
    ids = np.unique(np.concatenate([source.example_ids for source in opened.values()]))
    columns: dict[str, np.ndarray] = {EXAMPLE_ID: ids.astype(np.int32)}
    for epoch in sorted(opened, key=lambda epoch: epoch or 0):
        values = np.full(len(ids), np.nan, np.float32)
        rows = np.searchsorted(ids, opened[epoch].example_ids)
        values[rows] = opened[epoch].numbers(asked.metric)
        columns[str(epoch)] = values
    return pa.table(columns)


def _identities(
    catalog: Catalog, asked: wire.CompareRequest, left: OpenSource, right: OpenSource
) -> Sequence[np.ndarray]:
    """What tells the samples of both sides: ids of one Table, or rows that its revisions share."""
    inputs = [
        catalog.stored_input(side.project, side.run, side.input_table_id)
        for side in (asked.left, asked.right)
    ]
    documents = [None if each is None else each.document.id for each in inputs]
    if documents[0] == documents[1]:
        return left.example_ids, right.example_ids
    if None in inputs or _data(inputs[0]) != _data(inputs[1]):
        raise InvalidArgumentError(
            "`left` and `right` must be about one Table, or about revisions of one, "
            f"but are about {_named(inputs[0])} and {_named(inputs[1])}."
        )
    sides = zip(inputs, (left, right), strict=True)
    return [
        each.reader.row_numbers()[source.example_ids] for each, source in sides if each is not None
    ]


def _data(table: StoredTable | None) -> tuple[str, str] | None:
    return None if table is None else (table.store.root, table.document.stored_rows.path)


def _named(table: StoredTable | None) -> str:
    if table is None:
        return "no table"
    return f"`{table.document.dataset}/{table.document.name}`"
