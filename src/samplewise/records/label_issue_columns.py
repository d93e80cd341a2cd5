"""Label issues as columns of a run: which images to look at, beside their other metrics."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from samplewise.metrics.label_issues import KINDS
from samplewise.records.label_issues import label_issues
from samplewise.records.metric_rows import EPOCH, EXAMPLE_ID, INPUT_TABLE_ID, SPLIT
from samplewise.records.stored_run import StoredRun
from samplewise.schema import CategoricalLabelSchema, ColumnSchema, Float

SCORE, KIND = "label_issue", "label_issue_kind"
_LEAST = 0.05
_KEYS = (INPUT_TABLE_ID, SPLIT, EPOCH, EXAMPLE_ID)

COLUMNS: dict[str, ColumnSchema] = {
    SCORE: Float(
        description="probability that one of the labels is wrong; see docs/label_issues.md",
        minimum=0.0,
        maximum=1.0,
        better="lower",
        prominence=5,
        title="Label issue",
        writable=False,
    ),
    KIND: CategoricalLabelSchema(
        list(KINDS),
        description=f"of its likeliest label issue; null where that is below {_LEAST}",
        writable=False,
    ),
}


def add_label_issues(
    run: StoredRun, *, table_id: int | None, split: str | None, epochs: str | int | Sequence[int]
) -> list[str]:
    """Compute and store them; see `Run.add_label_issues`."""
    issues = label_issues(
        run, table_id=table_id, split=split, epochs=epochs, kinds=None, min_score=0.0
    )
    worst: dict[tuple, tuple[float, str]] = {}
    groups: set[tuple] = set()
    for row in issues.select([*_KEYS, "score", "image_score", "kind"]).to_pylist():
        key = tuple(row[name] for name in _KEYS)
        groups.add(key[:-1])
        worst.setdefault(key, (row["image_score"], row["kind"]))  # the likeliest comes first
    for stream in run.metric_streams:
        there = set(stream.arrow_schema.names)
        if not set(_KEYS) <= there:
            continue
        stored = stream.dataset.to_table(
            columns=[*_KEYS, *(name for name in COLUMNS if name in there)], scan_in_order=True
        ).to_pylist()
        keys = [tuple(row[name] for name in _KEYS) for row in stored]
        if not any(key[:-1] in groups for key in keys):
            continue
        scores, kinds = (np.array([row.get(n) for row in stored], object) for n in COLUMNS)
        for place, key in enumerate(keys):
            if key[:-1] in groups:
                score, kind = worst.get(key, (0.0, None))
                scores[place] = score
                kinds[place] = KINDS.index(kind) if kind and score >= _LEAST else None
        for name, values in ((SCORE, scores), (KIND, kinds)):
            kind_of = COLUMNS[name]
            array = pa.array(values.tolist(), kind_of.arrow_type)
            stream.put_column(kind_of.to_field(name), array)
    return list(COLUMNS)
