import datetime as dt
import decimal
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch
from PIL import Image

import samplewise as sw
from samplewise import schemas as s
from samplewise.errors import FormatError, InvalidArgumentError, SchemaError
from samplewise.schema import AnyArrow

NOW = dt.datetime(2026, 1, 2, 3, 4, 5)  # noqa: DTZ001  # as files have it


@pytest.fixture
def names(root: str) -> dict[str, str]:
    return {"dataset_name": "d", "project_name": "p", "root_url": root}


def test_columns_of_every_library_stand_side_by_side(make_table):
    table = make_table(
        {
            "list": [1, 2],
            "numpy": np.array([[1.0, 2.0], [3.0, 4.0]]),
            "torch": torch.tensor([[1, 2], [3, 4]]),
            "pandas": pd.Series(["b", "a"], dtype="category"),
            "polars": pl.Series([1, None]),
            "arrow": pa.chunked_array([["x"], ["y"]]),
            "ragged": [[1], [2, 3]],
            "image": [Image.new("L", (2, 3)), np.zeros((3, 2), np.uint8)],
        }
    )
    assert table[1]["numpy"].tolist() == [3.0, 4.0]
    assert table[1]["torch"].tolist() == [3, 4]
    assert table.get_simple_value_map("pandas") == {0: "a", 1: "b"}
    assert [row["pandas"] for row in table.table_rows] == [1, 0]
    assert [row["polars"] for row in table.table_rows] == [1, None]
    assert table[1]["ragged"] == [2, 3]
    assert [sample["image"].size for sample in table] == [(2, 3), (2, 3)]
    assert table.row(0)["image"].startswith("data:image/png;base64,")


def test_a_schema_for_some_columns_leaves_the_others_to_be_guessed(make_table):
    table = make_table(
        {"label": ["b", "a"], "x": [1, 2]}, {"label": s.CategoricalLabelSchema(["a", "b"])}
    )
    assert table.to_arrow().to_pydict() == {"label": [1, 0], "x": [1, 2]}


def test_columns_that_differ_in_length_are_refused_before_anything_is_written(make_table, root):
    with pytest.raises(SchemaError, match="must have one length, but have"):
        make_table({"x": [1, 2], "y": [1]})
    with pytest.raises(SchemaError, match="a row must have the columns x, z, but lacks `z`"):
        make_table({"x": [1]}, {"z": s.Int()})
    assert not Path(root).exists()


def test_a_pandas_frame_keeps_what_it_means(names):
    frame = pd.DataFrame(
        {
            "animal": pd.Categorical(["dog", None, "cat"], categories=["cat", "dog", "cow"]),
            "count": pd.array([1, None, 3], dtype="Int64"),
            "score": [0.5, np.nan, 1.5],
            "when": pd.to_datetime(["2026-01-02", None, "2026-01-03"]),
            "flag": pd.array([True, None, False], dtype="boolean"),
            "text": ["a", None, "b"],
            "small": np.array([1, 2, 3], np.int8),
            "vector": [np.zeros(2), None, np.ones(2)],
            7: [1, 2, 3],
        },
        index=["i", "j", "k"],
    )
    table = sw.Table.from_pandas(frame, **names)
    assert table.get_simple_value_map("animal") == {0: "cat", 1: "dog", 2: "cow"}
    assert table.to_arrow().slice(1, 1).to_pylist() == [
        dict.fromkeys(list(frame)[:6]) | {"small": 2, "vector": None, "7": 2}
    ]
    assert table.row(0)["animal"] == 1
    assert table.row(0)["when"].isoformat() == "2026-01-02T00:00:00"
    assert table[2]["vector"].tolist() == [1.0, 1.0]


def test_a_polars_frame_keeps_what_it_means(names):
    frame = pl.DataFrame(
        {
            "s": ["a", None],
            "c": pl.Series(["x", "y"], dtype=pl.Categorical),
            "e": pl.Series(["q", "p"], dtype=pl.Enum(["p", "q"])),
            "l": [[1], [2, 3]],
            "a": pl.Series([[1.0, 2.0], [3.0, 4.0]], dtype=pl.Array(pl.Float32, 2)),
            "u": pl.Series([1, 2], dtype=pl.UInt8),
            "t": [NOW, None],
            "n": [{"b": [1]}, None],
        }
    )
    table = sw.Table.from_arrow(frame, **names)
    assert table.get_simple_value_map("c") == {0: "x", 1: "y"}
    assert table.get_simple_value_map("e") == {0: "p", 1: "q"}
    assert table.to_arrow().drop_columns(["c", "e"]).to_pylist() == [
        {"s": "a", "l": [1], "a": [1.0, 2.0], "u": 1, "t": NOW, "n": {"b": [1]}},
        {"s": None, "l": [2, 3], "a": [3.0, 4.0], "u": 2, "t": None, "n": None},
    ]


def test_a_duckdb_relation_a_reader_and_a_table_go_in(names):
    with duckdb.connect() as connection:
        relation = connection.sql("select 1 as x, 'b'::enum('a', 'b') as e, [1, 2] as l")
        first = sw.Table.from_arrow(relation, table_name="duckdb", **names)
    assert first.to_arrow().to_pydict() == {"x": [1], "e": [1], "l": [[1, 2]]}
    assert first.get_simple_value_map("e") == {0: "a", 1: "b"}
    again = sw.Table.from_arrow(first, table_name="again", **names)
    assert again.schema["e"] == first.schema["e"]
    reader = pa.table({"x": [1, 2]}).to_reader()
    assert len(sw.Table.from_arrow(reader, table_name="reader", **names)) == 2


TYPES = {
    "float16": pa.array([1.0, None], pa.float16()),
    "uint64": pa.array([1, None], pa.uint64()),
    "decimal": pa.array([decimal.Decimal("1.25"), None]),
    "date": pa.array([NOW.date(), None]),
    "time": pa.array([NOW.time(), None]),
    "timestamp": pa.array([NOW.replace(tzinfo=dt.UTC), None]),
    "duration": pa.array([dt.timedelta(1), None]),
    "binary": pa.array([b"x", None], pa.large_binary()),
    "map": pa.array([[("a", 1)], None], pa.map_(pa.string(), pa.int64())),
    "null": pa.nulls(2),
    "halves": pa.array([[1.0, 2.0], None], pa.list_(pa.float16(), 2)),
    "dictionary": pa.array([5, None]).dictionary_encode(),
    "nested": pa.array([[{"a": [1], "b": "x"}], None]),
    "list of dictionaries": pa.array(
        [["a"], None], pa.list_(pa.dictionary(pa.int32(), pa.string()))
    ),
}


@pytest.mark.parametrize("name", TYPES)
def test_every_arrow_type_is_stored_and_can_be_queried(name, names):
    table = sw.Table.from_arrow(pa.table({"v": TYPES[name]}), **names)
    assert table.to_arrow().column("v").to_pylist() == TYPES[name].to_pylist()
    assert table.sql("select v from rows").num_rows == 2


def test_integers_that_do_not_fit_into_64_bits_are_refused_by_name(names):
    with pytest.raises(SchemaError, match="column `v` must have an Arrow type that can be stored"):
        sw.Table.from_arrow(pa.table({"v": pa.array([2**64 - 1], pa.uint64())}), **names)


def test_what_gives_no_arrow_data_is_refused(names):
    with pytest.raises(InvalidArgumentError, match="`data` must give Arrow data, but is a dict"):
        sw.Table.from_arrow({"x": 3}, **names)


def test_dictionaries_that_differ_between_chunks_are_one_set_of_classes(names):
    chunks = [pa.array(c).dictionary_encode() for c in (["a", "b"], ["c", "b", None])]
    table = sw.Table.from_arrow(pa.table({"v": pa.chunked_array(chunks)}), **names)
    classes = table.get_simple_value_map("v")
    values = table.get_column_as_pyarrow_array("v").to_pylist()
    assert [classes.get(v) for v in values] == ["a", "b", "c", "b", None]


def test_a_parquet_file_of_ours_keeps_what_its_columns_mean(make_table, names, tmp_path: Path):
    kinds = {"label": s.CategoricalLabelSchema(["cat"], description="what it is")}
    table = make_table({"label": [0, None], "v": np.zeros((2, 3))}, kinds)
    pq.write_table(table.to_arrow(), tmp_path / "t.parquet")
    again = sw.Table.from_parquet(tmp_path / "t.parquet", table_name="again", **names)
    assert dict(again.schema) == dict(table.schema)
    assert again.schema["label"].description == "what it is"
    assert again.to_arrow() == table.to_arrow()
    assert again.source["file"] == str(tmp_path / "t.parquet")


def test_a_csv_file_with_images_and_labels(names, image_folder: Path, tmp_path: Path):
    lines = ["image,label,score", f"{image_folder}/1.png,0,0.5", f"{image_folder}/2.png,1,"]
    (tmp_path / "t.csv").write_text("\n".join(lines))
    kinds = {"label": s.CategoricalLabelSchema(["cat", "dog"])}
    table = sw.Table.from_csv(tmp_path / "t.csv", kinds, add_weight_column=True, **names)
    assert table.columns == ["image", "label", "score", "weight"]
    assert isinstance(table.schema["image"], s.ImageSchema)
    assert table[1]["image"].getpixel((0, 0)) == (2, 2, 2)
    assert table[1]["score"] is None


@pytest.mark.parametrize("read", [sw.Table.from_parquet, sw.Table.from_csv])
def test_a_file_that_is_missing_or_broken_is_named(read, names, tmp_path: Path):
    with pytest.raises(FormatError, match=r"nothing.* cannot be read"):
        read(tmp_path / "nothing", **names)
    (tmp_path / "broken").write_bytes(b"")
    with pytest.raises(FormatError, match=r"broken.* must be a (CSV|Parquet) file"):
        read(tmp_path / "broken", **names)


class Pictures(torch.utils.data.Dataset):
    """Tuples of a picture, a label, and a vector."""

    def __len__(self) -> int:
        return 600

    def __getitem__(self, i: int) -> tuple:
        return Image.new("L", (2, 2), i % 256), torch.tensor(i % 3), torch.full((2,), float(i))


def test_a_torch_dataset_of_tuples(names):
    table = sw.Table.from_torch_dataset(Pictures(), ["image", "label", "v"], **names)
    assert len(table) == 600
    assert table[599]["image"].getpixel((0, 0)) == 599 % 256
    assert table[599]["v"].tolist() == [599.0, 599.0]
    assert table.source == {"kind": "torch_dataset", "class": "Pictures"}
    with pytest.raises(SchemaError, match="sample 0 must have 2 parts"):
        sw.Table.from_torch_dataset(Pictures(), ["image", "label"], table_name="x", **names)


def test_a_torch_dataset_of_dicts_or_of_single_values(names):
    samples = [{"x": 1, "y": 2}, {"x": 3, "y": 4}]
    table = sw.Table.from_torch_dataset(samples, ["y"], {"y": s.Float()}, **names)
    assert table.to_arrow().to_pydict() == {"y": [2.0, 4.0]}
    assert len(sw.Table.from_torch_dataset([5, 6], ["z"], table_name="z", **names)) == 2
    with pytest.raises(SchemaError, match="sample 0 must have `q`"):
        sw.Table.from_torch_dataset(samples, ["q"], table_name="q", **names)


def test_an_empty_torch_dataset_gives_an_empty_table(names):
    table = sw.Table.from_torch_dataset([], ["x"], {"x": s.Int()}, **names)
    assert len(table) == 0
    assert table.columns == ["x"]


def test_what_has_no_kind_of_its_own_is_kept_as_arrow_has_it(make_table):
    table = make_table({"when": [NOW, None]})
    assert table.schema["when"] == AnyArrow(pa.timestamp("us"))
    assert table[0]["when"] == NOW
