"""Every mode of `if_exists`, for tables and for runs, alone and when many come at once."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from inline_snapshot import snapshot

import samplewise as sw
from samplewise.errors import AlreadyExistsError, InvalidArgumentError, NotFoundError
from samplewise.records.catalog import run_names, table_names
from samplewise.storage import Store
from samplewise.tables import Run

MODES = ["reuse", "overwrite", "rename", "raise"]


def values(table: sw.Table) -> list[int]:
    return table.get_column_as_pyarrow_array("x").to_pylist()


def test_an_unknown_mode_is_refused(make_table, root):
    with pytest.raises(InvalidArgumentError) as caught:
        make_table(if_exists="append")
    assert str(caught.value) == snapshot(
        "`if_exists` must be one of reuse, overwrite, rename, raise, but is 'append'."
    )
    with pytest.raises(InvalidArgumentError, match="`if_exists` must be one of"):
        Run.create("p", "r", if_exists="append", root_url=root)


@pytest.mark.parametrize("mode", MODES)
def test_a_free_name_is_taken_in_every_mode(make_table, root, mode):
    assert make_table(if_exists=mode).name == "initial"
    assert Run.create("p", "r", if_exists=mode, root_url=root).name == "r"


def test_reuse_returns_the_stored_table_untouched_and_says_so(make_table, capfd):
    first = make_table()
    second = make_table(if_exists="reuse")
    assert second == first
    assert values(second) == [0, 1, 2, 3, 4]
    assert "table `initial` exists and is reused as it is" in capfd.readouterr().err


def test_reuse_refuses_another_source_with_the_ways_out(make_table):
    first = make_table()
    with pytest.raises(AlreadyExistsError) as caught:
        make_table({"x": [0, 1, 2, 3, 5]}, if_exists="reuse")
    assert str(caught.value) == snapshot("""\
table `initial` exists in dataset `d` and is made of something else: its rows are others.
Hint: pass another table_name or dataset_name, or if_exists="overwrite" or "rename"\
""")
    assert sw.Table.from_url(first.url) == first


def test_rename_takes_the_first_free_number_and_says_so(make_table, capfd):
    names = [make_table({"x": [i]}, if_exists="rename").name for i in range(3)]
    assert names == ["initial", "initial_0000", "initial_0001"]
    assert "table `initial` exists; the new one is named `initial_0001`" in capfd.readouterr().err


def test_raise_refuses_and_leaves_nothing(make_table, root):
    first = make_table()
    with pytest.raises(AlreadyExistsError) as caught:
        make_table({"x": [7]}, if_exists="raise")
    assert str(caught.value) == snapshot("""\
table `initial` exists in dataset `d`.
Hint: pass if_exists="reuse", "overwrite" or "rename", or another table_name\
""")
    assert Store(root).children("p/datasets/d/rows") == [
        first.stored.document.rows.path.split("/")[1]
    ]


def test_overwrite_leaves_the_old_revision_to_those_who_have_it_open(make_table, root):
    old = make_table()
    assert old[0] == {"x": 0}
    unread = sw.Table.from_url(old.url)
    new = make_table({"x": [7]}, if_exists="overwrite")
    assert values(sw.Table.from_url(new.url)) == [7]
    assert [sample["x"] for sample in old] == values(unread) == [0, 1, 2, 3, 4]
    assert old != new


def test_a_run_is_reused_with_its_metrics_and_goes_on(root, capfd):
    with Run.create("p", "r", "first", {"lr": 1, "a": 1}, root_url=root) as first:
        first.log({"loss": 1.0})
    second = Run.create("p", "r", None, {"lr": 2}, if_exists="reuse", root_url=root)
    second.log({"loss": 0.5})
    assert second.name == "r"
    assert second.status == "running"
    assert second.ended is None
    assert second.description == "first"
    assert second.parameters == {"lr": 2, "a": 1}
    assert second.history.column("value").to_pylist() == [1.0, 0.5]


def test_a_run_is_renamed(root):
    assert [Run.create("p", "r", root_url=root).name for _ in range(3)] == [
        "r",
        "r_0000",
        "r_0001",
    ]


def test_a_run_that_exists_is_refused(root):
    Run.create("p", "r", root_url=root)
    with pytest.raises(AlreadyExistsError, match="run `r` exists in project `p`"):
        Run.create("p", "r", if_exists="raise", root_url=root)


def test_an_overwritten_run_starts_empty_and_its_old_owner_writes_beside_it(root):
    old = Run.create("p", "r", root_url=root)
    old.log({"loss": 1.0})
    new = Run.create("p", "r", if_exists="overwrite", root_url=root)
    with pytest.raises(NotFoundError, match="was overwritten by another one"):
        old.log({"loss": 2.0})
    with pytest.raises(NotFoundError, match="was overwritten by another one"):
        old.set_parameters({"a": 1})
    assert new.history.num_rows == 0
    assert new.parameters == {}
    assert old.history.num_rows == 1  # from before, there until `vacuum`


@pytest.fixture(scope="module")
def contended(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[tuple[str, str], list]]:
    """A store that three processes wrote to at once, and what each of them got by kind and mode."""
    root = str(tmp_path_factory.mktemp("contended") / "root")
    script = str(Path(__file__).with_name("contenders.py"))
    processes = [
        subprocess.Popen([sys.executable, script, root, str(n), "3"], stdout=subprocess.PIPE)
        for n in range(3)
    ]
    got: dict[tuple[str, str], list] = {}
    for process in processes:
        out, _ = process.communicate()
        assert process.returncode == 0
        for kind, mode, result in map(json.loads, out.splitlines()):
            got.setdefault((kind, mode), []).append(result)
    return root, got


@pytest.mark.parametrize("mode", MODES)
def test_of_processes_that_import_one_name_at_once_none_is_mixed(contended, mode):
    root, got = contended
    names = table_names(Store(root), "p", mode)
    assert names == (
        ["initial", "initial_0000", "initial_0001"] if mode == "rename" else ["initial"]
    )
    for name in names:
        table = sw.Table.from_names(name, mode, "p", root)
        assert len(table) == 200
        assert len(set(values(table))) == 1
    one_wins = ["AlreadyExistsError", "AlreadyExistsError", "initial"]
    expected = {
        "raise": one_wins,
        "reuse": one_wins,  # the rows of each process are others
        "rename": names,
    }
    assert sorted(got["make_table", mode]) == expected.get(mode, ["initial"] * 3)


@pytest.mark.parametrize("mode", MODES)
def test_of_processes_that_start_one_run_at_once_none_is_mixed(contended, mode):
    root, got = contended
    runs = [Run.from_names(name, mode, root) for name in run_names(Store(root), mode)]
    logged = [sorted(run.history.column("value").to_pylist()) for run in runs]
    given = [sorted(run.parameters.values()) for run in runs]
    assert logged == given
    assert max(got["make_run", mode]) == runs[-1].name
    if mode == "raise":
        assert sorted(got["make_run", mode]) == ["AlreadyExistsError", "AlreadyExistsError", "r"]
    if mode == "reuse":
        assert logged == [[0, 1, 2]]
    if mode == "rename":
        assert sorted(value for run in logged for value in run) == [0, 0, 0, 0, 1, 2]
