"""Label issues of a run: what its stored predictions say against the labels of its tables."""

from collections.abc import Collection, Sequence

import pyarrow as pa

from samplewise.errors import NotFoundError
from samplewise.records.box_issues import find_predicted_boxes, rank_boxes
from samplewise.records.class_issues import find_predicted_classes, rank_classes
from samplewise.records.metric_rows import EXAMPLE_ID, INPUT_TABLE_ID
from samplewise.records.stored_run import StoredRun
from samplewise.records.suspects import Groups, check_kinds, pc, read_groups
from samplewise.schema import TableSchema

_RANKINGS = ((find_predicted_boxes, rank_boxes), (find_predicted_classes, rank_classes))
"""Which columns of metrics a ranking needs, None where they are not there, and the ranking."""


def label_issues(
    run: StoredRun,
    *,
    table_id: int | None,
    split: str | None,
    epochs: str | int | Sequence[int],
    kinds: Collection[str] | None,
    min_score: float,
) -> pa.Table:
    """Rank the suspects of a run; see `Run.label_issues`."""
    check_kinds(kinds)
    inputs, found = run.inputs, []
    for find_columns, rank in _RANKINGS:
        groups: Groups = {}
        for stream in run.metric_streams:
            columns = find_columns(TableSchema.from_arrow(stream.arrow_schema))
            if columns is not None:
                read_groups(groups, stream, columns, table_id=table_id, split=split)
        for number, part in sorted(groups, key=lambda key: (key[0], key[1] or "")):
            group = groups[number, part]
            found.append(rank(inputs[number], group, group.choose_epochs(epochs)))
    if not found:
        raise NotFoundError(
            f"run `{run.name}` has no predicted boxes or classes with confidences there.",
            hint="collect with DetectionMetricsCollectionCallback or its sibling for "
            "classification, or add `bbs_predicted` with run.add_metrics(...)",
        )
    suspects = pa.concat_tables(found)
    keep = pc.greater_equal(suspects["score"], min_score)
    if kinds is not None:
        keep = pc.and_(keep, pc.is_in(suspects["kind"], pa.array(list(kinds), pa.string())))
    return suspects.filter(keep).sort_by(
        [("score", "descending"), (INPUT_TABLE_ID, "ascending"), (EXAMPLE_ID, "ascending")]
    )
