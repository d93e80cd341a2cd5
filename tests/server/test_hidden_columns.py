"""Columns that views leave out by default, such as embeddings of objects."""

from samplewise.schemas import EmbeddingSchema, ListSchema
from samplewise.tables import Run

VECTORS = {"epoch": 9, "split": "val"}


def test_a_hidden_column_is_known_and_travels_only_when_it_is_named(make_browser, own_root):
    run = Run.from_names("first", "demo", str(own_root))
    table = next(table for table in run.input_tables if table.name == "val")
    kinds = {"vectors": ListSchema(EmbeddingSchema(4), hidden=True)}
    run.add_metrics({"vectors": [[[0.5] * 4]] * len(table)}, kinds, table.url, **VECTORS)
    stream = next(s for s in run.metric_streams if "vectors" in s.arrow_schema.names)
    source = {"kind": "metrics", "project": "demo", "run": "first", "stream": stream.name}
    source |= VECTORS | {"input_table_id": run.input_tables.index(table)}
    browser = make_browser(own_root)
    info = browser.post("/api/source", source=source)
    assert {each["name"]: each["hidden"] for each in info["columns"]}["vectors"] is True
    sample = browser.post("/api/sample", source=source, example_id=0)
    assert "vectors" not in sample["values"]
    assert sample["values"]["example_id"] == 0
