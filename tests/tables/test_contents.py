import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from inline_snapshot import snapshot

from samplewise.errors import InvalidArgumentError
from samplewise.schema.column import FIELD_KEY


@pytest.fixture(params=["original", "derived"])
def table(request, make_table):
    """The same rows, in a table as it was written and in one with a history."""
    if request.param == "original":
        return make_table({"x": [0, 1, 2, 3], "v": np.eye(4), "s": list("abcd")})
    vectors = np.eye(4)[[0, 0, 0, 2, 3]]
    first = make_table({"x": [0, 9, 9, 2, 3], "v": vectors, "s": list("aXXcd")})
    changes = {"x": {1: 1}, "s": {1: "b"}, "v": {1: [0, 1, 0, 0]}}
    return first.edit(changes, delete=[2])  # Lance has the row 1 after the row 3 now


def test_rows_go_out_to_every_library(table):
    expected = table.to_arrow().to_pylist()
    assert [row["x"] for row in expected] == [0, 1, 2, 3]
    assert pa.table(table).to_pylist() == expected
    assert table.to_polars().to_dicts() == expected
    assert pl.DataFrame(table).to_dicts() == expected
    frame = table.to_pandas()
    assert isinstance(frame, pd.DataFrame)
    assert frame["s"].tolist() == list("abcd")
    with duckdb.connect() as connection:
        rows = table  # noqa: F841  # DuckDB finds it by its name
        assert connection.sql("select * from rows order by x").to_arrow_table().to_pylist() == (
            expected
        )


def test_a_column_comes_as_an_arrow_array(table):
    array = table.get_column_as_pyarrow_array("s")
    assert isinstance(array, pa.Array)
    assert array.to_pylist() == list("abcd")
    assert len(array) == 4


def test_what_columns_mean_goes_out_with_them(table):
    assert FIELD_KEY in table.to_arrow().schema.field("v").metadata
    assert FIELD_KEY in next(table.to_batches()).schema.field("v").metadata


def test_rows_are_taken_in_the_order_asked_for(table):
    assert table.take([3, 0, 0, -1], ["x"]).to_pydict() == {"x": [3, 0, 0, 3]}
    assert table.take(np.array([True, False, False, True]), ["s"]).to_pydict() == {"s": ["a", "d"]}
    assert table.take([]).num_rows == 0


def test_batches_have_the_size_asked_for_at_most(table):
    sizes = [len(batch) for batch in table.to_batches(["x"], 3)]
    assert max(sizes) <= 3
    assert sum(sizes) == 4


def test_sql_knows_the_index_of_each_row(table):
    answer = table.sql("select example_id, s from rows where x > 1 order by 1 desc")
    assert answer.to_pydict() == {"example_id": [3, 2], "s": ["d", "c"]}


def test_a_wrong_query_is_an_error_in_our_words(table):
    with pytest.raises(InvalidArgumentError, match="the query must be valid SQL"):
        table.sql("select nothing from rows")
    with pytest.raises(InvalidArgumentError, match="the query must be valid SQL"):
        table.sql("select * from table")


def test_a_query_sees_no_variable_of_the_program(table):
    secret = pa.table({"x": [1]})
    with pytest.raises(InvalidArgumentError, match="secret"):
        table.sql("select * from secret")
    assert secret.num_rows == 1


def test_a_column_named_as_ours_is_there_under_another_name(make_table):
    table = make_table({"Example_ID": [7, 8], "select": [1, 2], 'a"b': [3, 4]})
    assert table.sql("select * from rows").to_pydict() == snapshot(
        {"example_id": [0, 1], "input_Example_ID": [7, 8], "select": [1, 2], 'a"b': [3, 4]}
    )


def test_a_program_that_asked_in_sql_ends_quietly(root, run_python):
    program = (
        "import samplewise as sw, sys\n"
        f"names = dict(dataset_name='d', project_name='p', root_url={root!r})\n"
        "t = sw.Table.from_dict({'x': [1]}, **names)\n"
        "t.sql('select * from rows')\n"
        "r = sw.init('p', 'r', root_url=t.root_url)\n"
        "r.add_metrics({'y': [1]}, foreign_table_url=t.url)\n"
        "print(r.sql('select * from metrics').num_rows)"
    )
    assert run_python(program) == ["1\n"]
