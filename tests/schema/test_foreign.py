import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import torch

from samplewise.schema.foreign import as_column, as_lists, as_plain, join_chunks

COLUMNS = {
    "a list": [1, 2, 3],
    "a tuple": (1, 2, 3),
    "a generator": (number for number in (1, 2, 3)),
    "NumPy": np.array([1, 2, 3]),
    "PyTorch": torch.tensor([1, 2, 3]),
    "pandas": pd.Series([1, 2, 3], index=[7, 8, 9]),
    "Polars": pl.Series([1, 2, 3]),
    "Arrow": pa.array([1, 2, 3]),
    "Arrow in chunks": pa.chunked_array([[1], [2, 3]]),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_of_any_library_holds_the_same_values(name: str):
    column = as_column(COLUMNS[name])
    assert (column.to_pylist() if isinstance(column, pa.Array) else list(column)) == [1, 2, 3]


@pytest.mark.parametrize(
    "missing",
    [
        pd.Series([1, None], dtype="Int64"),
        pd.Series([1.0, np.nan]),
        pd.Series(["a", None], dtype="category"),
        pd.Series(pd.to_datetime(["2026-01-01", None])),
        pd.Series(["a", None], dtype=object),
        pl.Series([1, None]),
        np.ma.masked_array([1, 2], mask=[False, True]),
    ],
)
def test_what_another_library_calls_missing_is_null(missing: object):
    column = as_column(missing)
    values = column.to_pylist() if isinstance(column, pa.Array) else column
    assert values[0] is not None
    assert values[1] is None


def test_a_tensor_with_a_gradient_becomes_an_array():
    assert as_plain(torch.ones(2, requires_grad=True)).tolist() == [1.0, 1.0]
    assert as_plain(torch.tensor(3)) == 3


def test_arrays_deep_inside_a_value_become_lists():
    value = {"a": [np.array([1, 2]), torch.tensor([3])], "b": (np.float32(0.5),)}
    assert as_lists(value) == {"a": [[1, 2], [3]], "b": [0.5]}


def test_chunks_with_dictionaries_of_their_own_are_joined():
    chunks = [pa.array(["a", "b"]).dictionary_encode(), pa.array(["b", "c"]).dictionary_encode()]
    assert join_chunks(pa.chunked_array(chunks)).to_pylist() == ["a", "b", "b", "c"]
    assert join_chunks(pa.chunked_array([], pa.int64())).to_pylist() == []
