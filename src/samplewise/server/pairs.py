"""One metric of the same samples in several collections: of two runs, or of many epochs."""

import numpy as np
import pyarrow as pa

from samplewise.errors import NotFoundError
from samplewise.records.metric_rows import EXAMPLE_ID
from samplewise.server import wire
from samplewise.server.catalog import Catalog
from samplewise.server.same_samples import of_collections

LABELS_CHANGED = "labels_changed"
NO_EPOCH = "none"


def compare(catalog: Catalog, asked: wire.CompareRequest) -> pa.Table:
    """The difference of a metric, sample by sample; see `wire.CompareRequest`.

    Raises:
        NotFoundError: A source or the metric is not there.
        InvalidArgumentError: The two are about different Tables, or the metric is no number.
    """
    left, right = catalog.open(asked.left), catalog.open(asked.right)
    same = of_collections(catalog, asked.left, asked.right)
    i, j = same.places(left.example_ids, right.example_ids)
    before, after = left.numbers(asked.metric)[i], right.numbers(asked.metric)[j]
    ids = right.example_ids[j]
    compared = pa.table(
        {
            EXAMPLE_ID: ids.astype(np.int32),
            f"left_{EXAMPLE_ID}": left.example_ids[i].astype(np.int32),
            "left": before.astype(np.float32),
            "right": after.astype(np.float32),
            "difference": (after - before).astype(np.float32),
        }
    )
    if not same.are_revisions:
        return compared
    return compared.append_column(LABELS_CHANGED, [np.isin(ids, same.with_other_labels())])


def history(catalog: Catalog, asked: wire.SampleHistoryRequest) -> pa.Table:
    """A metric of every sample in every epoch; see `wire.SampleHistoryRequest`.

    Raises:
        NotFoundError: There are no such collections, or they lack the metric.
        InvalidArgumentError: The metric is no number, or `beside` is about another Table.
    """
    wanted = (asked.stream, asked.split, asked.input_table_id)
    found = [
        row.source
        for row in catalog.sources_of(catalog.run(asked.project, asked.run))
        if (row.source.stream, row.source.split, row.source.input_table_id) == wanted
    ]
    if not found:
        raise NotFoundError(f"run `{asked.run}` has no such collections.")
    opened = {source.epoch: catalog.open(source) for source in found}
    ids = np.unique(np.concatenate([source.example_ids for source in opened.values()]))
    columns: dict[str, np.ndarray] = {}
    for epoch in sorted(opened, key=lambda epoch: (epoch is None, epoch)):
        values = np.full(len(ids), np.nan, np.float32)
        rows = np.searchsorted(ids, opened[epoch].example_ids)
        values[rows] = opened[epoch].numbers(asked.metric)
        columns[NO_EPOCH if epoch is None else str(epoch)] = values
    if asked.beside is None:
        return pa.table({EXAMPLE_ID: ids.astype(np.int32), **columns})
    same = of_collections(catalog, found[0], asked.beside)
    other = same.all_right(ids)
    i, j = same.places(ids, other)
    columns = {epoch: values[i] for epoch, values in columns.items()}
    if same.are_revisions:
        columns[LABELS_CHANGED] = np.isin(other[j], same.with_other_labels())
    return pa.table({EXAMPLE_ID: other[j].astype(np.int32), **columns})
