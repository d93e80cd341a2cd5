"""What is stored before columns said which way is better, and says so now."""

import json

import pyarrow as pa

from samplewise.metrics.columns import CLASSIFICATION, DETECTION, POSE, SAMPLE_LOSS, SEGMENTATION
from samplewise.records.declared import declare_own_metrics
from samplewise.schema import ColumnSchema, Float, TableSchema
from samplewise.schema.column import FIELD_KEY


def as_stored_before(columns: dict[str, ColumnSchema]) -> pa.Schema:
    """An Arrow schema as the versions wrote it that knew no `better`."""
    fields = []
    for name, column in columns.items():
        told = column.to_json()
        kept = {key: told[key] for key in told if key not in ("better", "title", "prominence")}
        metadata = {FIELD_KEY: json.dumps(kept).encode()}
        fields.append(pa.field(name, column.arrow_type, metadata=metadata))
    return pa.schema(fields)


def test_our_own_metrics_of_an_old_store_mean_what_they_declare_today():
    for task in (DETECTION, POSE, SEGMENTATION, CLASSIFICATION, SAMPLE_LOSS):
        read = TableSchema.from_arrow(declare_own_metrics(as_stored_before(dict(task))))
        assert dict(read) == dict(task)


def test_somebodys_own_metric_of_the_same_name_is_left_alone():
    own = {"f1": Float(description="mine"), "loss": Float(), "recall": Float(better="lower")}
    schema = TableSchema(own).to_arrow()
    assert declare_own_metrics(schema).equals(schema, check_metadata=True)
