"""What a query in SQL reaches, and what it may take."""

import time
from pathlib import Path

import numpy as np
import pytest

from samplewise.errors import InvalidArgumentError
from samplewise.records.database import QueryBounds

REACHING = [
    "from read_csv('{file}')",
    "from read_text('{file}')",
    "from read_blob('{file}')",
    "from glob('{folder}/*')",
    "from sniff_csv('{file}')",
    "from '{file}'",
    "from 'https://127.0.0.1:1/x.parquet'",
    "copy rows to '{folder}/out.csv'",
    "copy (select 1) to '{folder}/out.parquet'",
    "export database '{folder}/out'",
    "import database '{folder}/out'",
    "attach '{folder}/out.db'",
    "install httpfs",
    "load httpfs",
    "load '{folder}/out.duckdb_extension'",
    "create persistent secret s (type s3)",
    "call enable_logging(storage = 'file', storage_path = '{folder}/out')",
]
SETTINGS = [
    "set enable_external_access = true",
    "set memory_limit = '99GB'",
    "reset memory_limit",
    "set temp_directory = '/tmp'",
    "set lock_configuration = false",
    "pragma enable_profiling",
    "pragma profiling_output = '/tmp/out'",
    "select 1; set global enable_external_access = true; from read_csv('{file}')",
]
WRONG = [
    "selec 1",
    "select nothing from rows",
    "from nowhere",
    "select 'a'::int",
    "select error('x')",
    "select getenv('HOME')",
    "select ?",
    "\0",
    "(" * 5000,
]
ENDLESS = "with recursive r(i) as (select 1 union all select i + 1 from r) select {} from r"


@pytest.fixture
def place(tmp_path: Path) -> dict[str, str]:
    """A folder with a file that no query may see."""
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "file").write_text("a,b\nsecret,1\n")
    return {"folder": str(tmp_path / "own"), "file": str(tmp_path / "own" / "file")}


@pytest.mark.parametrize("query", REACHING)
def test_nothing_outside_is_read_or_written(query: str, make_table, run, place):
    for source in (make_table(), run):
        with pytest.raises(InvalidArgumentError) as error:
            source.sql(query.format(**place))
        assert "secret" not in str(error.value)
    assert [path.name for path in Path(place["folder"]).iterdir()] == ["file"]


@pytest.mark.parametrize("query", SETTINGS)
def test_no_query_changes_a_setting(query: str, make_table, place):
    with pytest.raises(InvalidArgumentError, match="must not change settings"):
        make_table().sql(query.format(**place))


@pytest.mark.parametrize("query", WRONG)
def test_a_wrong_query_is_said_in_our_words_with_those_of_duckdb(query: str, make_table):
    with pytest.raises(InvalidArgumentError, match=r"must be valid SQL: .*\.\nDuckDB says: "):
        make_table().sql(query)


def test_files_are_open_to_a_query_that_is_trusted(make_table, place):
    table, query = make_table(), f"select a from read_csv('{place['file']}')"
    assert table.sql(query, allow_files=True).to_pylist() == [{"a": "secret"}]
    with pytest.raises(InvalidArgumentError, match="--allow-files"):
        table.sql(query)


@pytest.mark.parametrize("what", ["count(*)", "*"])
def test_a_query_without_an_end_is_stopped(what: str, make_table):
    start = time.monotonic()
    with pytest.raises(InvalidArgumentError, match=r"within 0\.3 s.*\nHint: .*`timeout_s=`"):
        make_table().sql(ENDLESS.format(what), timeout_s=0.3)
    assert time.monotonic() - start < 20


@pytest.mark.parametrize(
    "query",
    [
        "select * from range(1000000) a, range(1000000) b",
        "select list(a.range) from range(1000000) a, range(1000) b",
        "select * from range(1000000) a, range(1000) b order by a.range * b.range % 7",
    ],
)
def test_a_query_that_needs_more_memory_than_it_may_take_is_refused(query: str, make_table):
    with pytest.raises(InvalidArgumentError, match=r"0\.0596 GiB.*\nHint: .*`memory_bytes=`"):
        make_table().sql(query, memory_bytes=64_000_000)


def test_the_connection_is_used_again_after_a_query_was_stopped(make_table):
    table = make_table()
    with pytest.raises(InvalidArgumentError):
        table.sql(ENDLESS.format("count(*)"), timeout_s=0.05)
    assert table.sql("select sum(x) as s from rows").to_pylist() == [{"s": 10}]


def test_metrics_of_a_run_are_not_bounded_like_a_question(make_table, run):
    table = make_table({"x": np.arange(30_000)})
    run.add_metrics({"m": np.arange(30_000.0)}, None, table.url, epoch=0)
    assert len(run.metrics()) == 30_000
    with pytest.raises(InvalidArgumentError, match="must fit into"):
        run.sql("select *, repeat('x', 999) from metrics", memory_bytes=16_000_000)


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf"), "1", None, True])
def test_a_time_that_is_none_is_refused(seconds):
    with pytest.raises(InvalidArgumentError, match="`timeout_s` must be a number of seconds"):
        QueryBounds(timeout_s=seconds)


@pytest.mark.parametrize("query", [None, 1, b"select 1", ["select 1"]])
def test_a_query_that_is_no_text_is_refused(query, make_table):
    with pytest.raises(InvalidArgumentError, match="`query` must be a string"):
        make_table().sql(query)


def test_every_database_is_opened_at_this_one_place(repository: Path):
    source = repository / "src" / "samplewise"
    found = [path for path in source.rglob("*.py") if "duckdb.connect" in path.read_text()]
    assert found == [source / "records" / "database.py"]
