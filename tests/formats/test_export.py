"""Tables out: which format, and Parquet and CSV."""

import csv
import json
import os

import pyarrow.parquet as pq
import pytest

from samplewise.errors import InvalidArgumentError, StoreError


@pytest.fixture
def table(read_coco, make_box, tmp_path):
    ring = [1, 2, 3, 4, 5, 6]
    return read_coco([make_box(segmentation=[ring])], options={"aliases": {"DATA": str(tmp_path)}})


def test_parquet_holds_rows_and_column_kinds(read, table, tmp_path):
    again = read("parquet", table.export(tmp_path / "rows.parquet"))
    assert again.schema.to_json() == table.schema.to_json()
    assert again.table_rows[0] == table.table_rows[0]


def test_files_hold_paths_and_no_aliases(table, tmp_path):
    rows = pq.read_table(table.export(tmp_path / "rows.parquet"))
    assert rows["image"].to_pylist() == [str(tmp_path / "1.jpg")]


def test_csv_holds_nested_values_as_json(table, tmp_path):
    with table.export(tmp_path / "rows.csv").open() as file:
        (row,) = csv.DictReader(file)
    assert (row["image"], row["width"]) == (str(tmp_path / "1.jpg"), "64")
    assert json.loads(row["bbs"]) == table.table_rows[0]["bbs"]


@pytest.mark.parametrize(
    ("name", "given"),
    [("a.json", None), ("a.PARQUET", None), ("a.txt", "csv"), ("a.txt", "coco"), ("a.pq", None)],
)
def test_the_format_is_that_of_the_ending_or_the_given_one(table, tmp_path, name, given):
    assert table.export(tmp_path / "new" / name, given) == tmp_path / "new" / name


def test_a_format_that_is_not_known_is_refused(table, tmp_path):
    with pytest.raises(InvalidArgumentError, match=r"must end with \.json, \.yaml"):
        table.export(tmp_path / "rows.xlsx")
    with pytest.raises(InvalidArgumentError, match=r"did you mean `coco`"):
        table.export(tmp_path / "rows", "cocco")


def test_a_folder_that_cannot_be_written_is_said(table, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be written"):
        table.export(tmp_path / "file" / "rows.csv")


def test_an_empty_table_is_exported(read_coco, tmp_path):
    table = read_coco(images=[])
    for name in ("a.json", "a.csv", "a.parquet", "out/data.yaml"):
        assert table.export(tmp_path / name).exists()


@pytest.mark.parametrize("url", ["s3://bucket/rows.csv", "https://host/rows.csv", ""])
def test_a_path_that_is_not_of_this_machine_is_refused(table, tmp_path, monkeypatch, url):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InvalidArgumentError, match="must be a path of this machine"):
        table.export(url, "csv")
    assert not list(tmp_path.glob("s3*"))


def test_a_folder_in_the_place_of_the_file_is_said(table, tmp_path):
    (tmp_path / "rows.csv").mkdir()
    with pytest.raises(StoreError, match=r"rows\.csv` cannot be written: "):
        table.export(tmp_path / "rows.csv")
    assert list(tmp_path.glob(".rows*")) == []


def test_what_a_killed_export_left_goes_with_the_next(table, tmp_path):
    (tmp_path / ".rows.csv.writing-4194999-x").write_text("half")
    (tmp_path / f".rows.csv.writing-{os.getpid()}-x").write_text("of a thread")
    table.export(tmp_path / "rows.csv")
    names = [path.name for path in tmp_path.glob(".rows*")]
    assert names == [f".rows.csv.writing-{os.getpid()}-x"]


@pytest.mark.parametrize("threshold", ["1", None, True])
def test_a_threshold_is_a_number(table, tmp_path, threshold):
    with pytest.raises(InvalidArgumentError, match="`weight_threshold` must be a number"):
        table.export(tmp_path / "rows.csv", weight_threshold=threshold)
