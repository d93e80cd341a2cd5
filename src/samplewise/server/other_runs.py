"""One sample in the other runs of its project: on the same Table, or on revisions of it."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from samplewise.errors import NotFoundError, SamplewiseError
from samplewise.records.catalog import run_names
from samplewise.records.difference import columns_that_differ
from samplewise.records.stored_table import StoredTable
from samplewise.server import wire
from samplewise.server.catalog import Catalog, table_source
from samplewise.server.class_maps import with_class_maps
from samplewise.server.same_samples import is_same, share_rows
from samplewise.server.sample_values import values_of
from samplewise.storage.layout import run_path

MOST_RUNS = 12
MOST_LOOKS = 60
"""Runs that are opened at most, the youngest first."""


def other_runs(catalog: Catalog, asked: wire.OtherRunsRequest) -> wire.OtherRuns:
    """A sample in the other runs of its project; see `wire.OtherRunsRequest`.

    Raises:
        NotFoundError: There is no such source or sample.
    """
    table = catalog.table_of(asked.source)
    if table is None:
        return wire.OtherRuns(runs=[], more=0)
    here = table
    if not 0 <= asked.example_id < here.document.row_count:
        raise NotFoundError(f"there is no sample {asked.example_id} here.")
    names = list(_candidates(catalog, asked.source, here))
    found: list[wire.InOtherRun] = []
    looks = 0
    for name in names[:MOST_LOOKS]:
        if len(found) == MOST_RUNS:
            break
        looks += 1
        try:
            one = _in_run(catalog, asked.source.project, name, here, asked.example_id)
        except SamplewiseError:  # damaged, or gone in this moment: the others are worth a look
            continue
        if one is not None:
            found.append(one)
    return wire.OtherRuns(runs=found, more=len(names) - looks)


def _candidates(catalog: Catalog, source: wire.Source, here: StoredTable) -> Iterator[str]:
    """Other runs that may know a revision of the Table, the youngest first."""
    project, store = source.project, catalog.store
    without = source.run if isinstance(source, wire.MetricsSource) else None
    documents: list[tuple[str, str, Any]] = []
    for name in run_names(store, project):
        try:
            document = store.read(f"{run_path(project, name)}/run.json")
        except SamplewiseError:
            continue
        if document is not None and name != without:
            documents.append((document["created"], name, document["input_tables"]))
    place = (here.document.project, here.document.dataset, here.store.root)
    for _, name, inputs in sorted(documents, key=lambda each: each[0], reverse=True):
        if any((i["project"], i["dataset"], i["root"] or store.root) == place for i in inputs):
            yield name


def _in_run(
    catalog: Catalog, project: str, name: str, here: StoredTable, example_id: int
) -> wire.InOtherRun | None:
    """The sample in one run; None if that has not collected on a revision of the Table."""
    source, table = _last_collection(catalog, project, name, here)
    if source is None or table is None:
        return None
    there = _row_there(catalog, here, table, example_id)
    found = wire.InOtherRun(
        source=source,
        table=table_source(table),
        is_revision=not is_same(here, table),
        example_id=there,
        changed=[],
        info=None,
        values={},
    )
    if there is None:
        return found
    opened = catalog.open(source)
    found.values = with_class_maps(values_of(opened, there), catalog, opened, source)
    found.info = opened.outline
    if found.is_revision:
        pair = np.array([[example_id, there]])
        found.changed = next(columns_that_differ(here, table, pair))
    return found


def _last_collection(
    catalog: Catalog, project: str, name: str, here: StoredTable
) -> tuple[wire.MetricsSource | None, StoredTable | None]:
    """The last collection of a run on a revision of a Table; on that very one where both are."""
    run = catalog.run(project, name)
    inputs = run.inputs
    related = {number for number, table in enumerate(inputs) if share_rows(table, here)}
    if not related:
        return None, None
    sources = [
        row.source for row in catalog.sources_of(run) if row.source.input_table_id in related
    ]

    def interest(source: wire.MetricsSource) -> tuple[float, bool]:
        epoch = float("inf") if source.epoch is None else source.epoch
        return epoch, is_same(inputs[source.input_table_id or 0], here)

    last = max(sources, key=interest, default=None)
    if last is None:
        return None, None
    return last, catalog.input_table(project, name, last.input_table_id or 0)


def _row_there(
    catalog: Catalog, here: StoredTable, there: StoredTable, example_id: int
) -> int | None:
    """Which sample of a revision is the same; None if it has none."""
    if is_same(here, there):
        return example_id
    number = catalog.row_numbers(here)[example_id]
    numbers = catalog.row_numbers(there)
    place = int(np.searchsorted(numbers, number))
    return place if place < len(numbers) and numbers[place] == number else None
