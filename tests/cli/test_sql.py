"""`samplewise sql`."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest


@pytest.fixture(autouse=True)
def _store(root: Path) -> None:
    """Every test here asks the drawn store."""


RUN, TABLE = ("--run", "demo/first"), ("--table", "demo/drawn/initial")


def test_an_answer_is_a_table_on_the_terminal(samplewise):
    code, out, _ = samplewise("sql", "select example_id, kind from rows limit 2", *TABLE)
    assert code == 0
    assert [line.split() for line in out.splitlines() if "─" not in line] == [
        ["example_id", "kind"],
        ["0", "0"],
        ["1", "1"],
    ]


def test_sums_times_bytes_and_nested_values_are_json(samplewise):
    query = """
        select sum(example_id) as total, 'nan'::double as nan, [1, null] as list,
               'x'::blob as bytes, date '2026-01-02' as day, 0.5::decimal(3, 1) as half
        from rows
    """
    told = json.loads(samplewise("sql", query, *TABLE, "--json")[1])
    assert told == [
        {
            "total": 15,
            "nan": None,
            "list": [1, None],
            "bytes": "eA==",
            "day": "2026-01-02",
            "half": 0.5,
        }
    ]


def test_columns_of_one_name_are_told_apart(samplewise):
    told = json.loads(samplewise("sql", "select 1 as a, 2 as a, 3 as b", *TABLE, "--json")[1])
    assert [list(row.values()) for row in told] == [[1, 2, 3]]


def test_csv_can_hold_boxes(samplewise):
    out = samplewise("sql", "select example_id, bbs from rows order by 1", *TABLE, "--csv")[1]
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["example_id"] for row in rows] == [str(i) for i in range(6)]
    assert len(json.loads(rows[2]["bbs"])["instances"]) == 2


@pytest.mark.parametrize("ending", ["parquet", "csv", "json"])
def test_a_file_has_all_rows_and_nothing_is_printed(samplewise, tmp_path: Path, ending: str):
    path = tmp_path / f"answer.{ending}"
    query = "select example_id, f1 from metrics"
    code, out, said = samplewise("sql", query, *RUN, "-o", str(path))
    assert (code, out, said) == (0, "", f"12 rows in {path}\n")
    if ending == "parquet":
        assert pq.read_table(path).num_rows == 12
    elif ending == "json":
        assert len(json.loads(path.read_text())) == 12
    else:
        assert len(path.read_text().splitlines()) == 13


def test_a_long_answer_is_cut_for_people_only(samplewise):
    query = "select * from range(99)"
    _, out, said = samplewise("sql", query, *TABLE, "--limit", "3")
    assert len(out.splitlines()) == 5
    assert said == "3 of 99 rows; --limit 0 prints all.\n"
    assert len(samplewise("sql", query, *TABLE, "--limit", "0")[1].splitlines()) == 101
    assert len(json.loads(samplewise("sql", query, *TABLE, "--json")[1])) == 99


def test_wrong_sql_is_said_in_the_words_of_duckdb(samplewise):
    code, out, said = samplewise("sql", "select nothing from rows", *TABLE)
    assert (code, out) == (1, "")
    assert said.startswith("Error: the query must be valid SQL:")
    assert "nothing" in said


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        (*RUN, *TABLE),
        (*RUN, "--json", "--csv"),
        (*RUN, "--csv", "-o", "x.csv"),
        (*RUN, "--limit", "-1"),
    ],
)
def test_a_wrong_call_ends_with_2(samplewise, arguments: tuple[str, ...]):
    assert samplewise("sql", "select 1", *arguments)[0] == 2


def test_a_file_of_another_ending_is_refused_before_anything_is_asked(samplewise):
    code, _, said = samplewise("sql", "no sql", *RUN, "-o", "answer.txt")
    assert code == 1
    assert "`--output` must end with .parquet, .csv, .json, but is 'answer.txt'." in said


def test_a_folder_that_is_not_there_is_said_in_plain_words(samplewise, tmp_path: Path):
    path = tmp_path / "gone" / "answer.csv"
    code, _, said = samplewise("sql", "select 1", *RUN, "-o", str(path))
    assert (code, said) == (1, f"Error: `{path}` cannot be written: No such file or directory\n")


def test_a_query_may_come_through_a_pipe():
    command = [sys.executable, "-m", "samplewise.cli", "sql", "-", *TABLE, "--json"]
    done = subprocess.run(
        command, input="select 'ü' as letter", capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == [{"letter": "ü"}]


def test_a_query_reaches_files_only_where_it_is_allowed_to(samplewise, tmp_path: Path):
    (tmp_path / "own.csv").write_text("a\n1\n")
    query = f"select a from read_csv('{tmp_path / 'own.csv'}')"
    code, out, said = samplewise("sql", query, *TABLE, "--json")
    assert (code, out) == (1, "")
    assert "--allow-files" in said
    told = samplewise("sql", query, *TABLE, "--json", "--allow-files")[1]
    assert json.loads(told) == [{"a": 1}]


def test_time_and_memory_of_a_query_are_bounded(samplewise):
    endless = "with recursive r(i) as (select 1 union all select i + 1 from r) select max(i) from r"
    code, _, said = samplewise("sql", endless, *TABLE, "--timeout", "0.2")
    assert code == 1
    assert "within 0.2 s" in said
    large = "select * from range(1000000) a, range(1000000) b"
    code, _, said = samplewise("sql", large, *RUN, "--memory", "0.05")
    assert code == 1
    assert "0.05 GiB" in said
