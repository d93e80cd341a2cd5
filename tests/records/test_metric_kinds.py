"""What a column of a run means travels with its rows."""

from samplewise import Table, init, schemas, set_active_run
from samplewise.schema import TableSchema


def test_metrics_carry_the_kinds_of_their_columns_and_of_the_input_tables(tmp_path):
    names = {"dataset_name": "d", "project_name": "p", "root_url": str(tmp_path)}
    label = schemas.CategoricalLabelSchema({3: "cat"})
    table = Table.from_dict({"label": [3, 3], "loss": [1.0, 2.0]}, {"label": label}, **names)
    run = init("p", root_url=str(tmp_path))
    run.add_metrics(
        {"loss": [0.5, 0.1], "guess": [3, 3]}, {"guess": label}, foreign_table_url=table.url
    )
    kinds = TableSchema.from_arrow(run.metrics().schema)
    run.close()
    set_active_run(None)
    assert kinds["guess"] == kinds["label"] == label
    assert isinstance(kinds["input_loss"], schemas.Float)
