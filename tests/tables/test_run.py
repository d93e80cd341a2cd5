import os
import pickle
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import torch
from inline_snapshot import snapshot

import samplewise as sw
from samplewise import schemas as s
from samplewise.errors import (
    InvalidArgumentError,
    NewerFormatError,
    NotFoundError,
    SchemaError,
    StoreError,
)
from samplewise.records.run_document import RunDocument
from samplewise.records.stream import streams_of
from samplewise.tables import Run


def history(run: Run) -> list[tuple]:
    rows = run.history.to_pylist()
    return [(row["epoch"], row["split"], row["name"], row["value"]) for row in rows]


def test_a_new_run_says_what_it_is(root):
    run = Run.create("p", "r", "why", {"lr": 0.1}, root_url=root)
    assert (run.name, run.project_name, run.description) == ("r", "p", "why")
    assert run.status == "running"
    assert run.created.endswith("+00:00")
    assert run.ended is run.error is None
    assert run.root_url == root
    assert repr(run) == snapshot("Run(p/r: running)")
    assert run.input_tables == run.metric_streams == run.collections == []
    assert run.history.num_rows == run.metrics().num_rows == 0
    assert run.metrics().schema.names == ["example_id", "input_table_id", "epoch", "split"]


def test_where_a_run_came_from_is_noted(run):
    noted = run.provenance
    assert noted["packages"]["numpy"] == np.__version__
    assert noted["command"][0].endswith(Path(os.sys.executable).name)
    assert set(noted) == {"command", "folder", "python", "platform", "packages", "git"}


def test_a_run_opens_by_name_and_by_url(run, root):
    run.close()
    assert Run.from_names("r", "p", root) == run == Run.from_url(run.url)
    assert Run.from_url(run.url + "/run.json").status == "completed"
    assert hash(Run.from_url(run.url)) == hash(run)


def test_a_run_that_does_not_exist_is_an_error_with_the_closest_name(run, root):
    with pytest.raises(NotFoundError) as caught:
        Run.from_names("s", "p", root)
    assert caught.value.hint == snapshot("there is: r.")
    with pytest.raises(InvalidArgumentError, match="must end with <project>/runs/<run>"):
        Run.from_url("/x")


def test_a_run_without_names_is_named_by_the_time(root):
    runs = [Run.create(root_url=root) for _ in range(2)]
    assert runs[0].project_name == "default"
    assert runs[0].name != runs[1].name
    assert runs[0].name[:8].isdigit()


def test_aggregates_have_any_name_and_come_in_order(run):
    run.log({"mAP@0.50": 0.5, "AP/class 'dog' (ü)": np.float32(0.25)}, epoch=0, split="val")
    run.log({"loss": torch.tensor(1.5)}, epoch=np.int64(1), split="train")
    run.log({"": 1, "flag": True, "missing": None, "x" * 500: -1})
    assert history(run) == [
        (0, "val", "mAP@0.50", 0.5),
        (0, "val", "AP/class 'dog' (ü)", 0.25),
        (1, "train", "loss", 1.5),
        (None, None, "", 1.0),
        (None, None, "flag", 1.0),
        (None, None, "missing", None),
        (None, None, "x" * 500, -1.0),
    ]
    run.close()
    assert len(history(run)) == 7


def test_class_wise_aggregates_are_one_commit(run):
    run.log({f"AP@0.50:0.95 class {i}": i / 80 for i in range(80)}, epoch=3, split="val")
    assert len(history(run)) == 80
    assert (
        len(
            streams_of(run.stored.store, run.stored.folder, "aggregates")[0].dataset.get_fragments()
        )
        == 1
    )


def test_numbers_that_are_none_are_kept_and_the_last_values_stay_json(run):
    run.log({"loss": float("nan"), "best": float("inf")}, epoch=0)
    run.log({"loss": 0.5}, epoch=1)
    assert np.isnan(history(run)[0][3])
    assert run.stored.document.read()["last_aggregates"] == [
        {"split": None, "name": "loss", "epoch": 1, "value": 0.5},
        {"split": None, "name": "best", "epoch": 0, "value": None},
    ]


def error_of(use) -> str:
    with pytest.raises((InvalidArgumentError, NotFoundError)) as caught:
        use()
    return str(caught.value)


def test_an_aggregate_that_is_no_number_is_refused(run):
    assert error_of(lambda: run.log({"a": 1, "b": "2"})) == snapshot(
        "`values` must have numbers, but `b` is '2'."
    )
    assert error_of(lambda: run.log({"a": {"b": 1}})) == snapshot(
        "`values` must have numbers, but `a` is {'b': 1}."
    )
    assert error_of(lambda: run.log({"a": 1}, epoch=0.5)) == snapshot(
        "`epoch` must be an integer, but is 0.5."
    )
    assert run.history.num_rows == 0


def test_hyperparameters_are_added_to(run):
    run.set_parameters({"optimizer": torch.optim.SGD([torch.zeros(1)], lr=0.5)})
    run.set_parameters({"loss": torch.nn.CrossEntropyLoss(label_smoothing=0.1)})
    assert run.parameters["loss"]["class"] == "torch.nn.modules.loss.CrossEntropyLoss"
    assert run.parameters["loss"]["label_smoothing"] == 0.1
    assert run.parameters["optimizer"]["lr"] == 0.5


@pytest.fixture
def table(make_table) -> sw.Table:
    return make_table({"x": [10, 11, 12], "iou": [1.0, 2.0, 3.0]})


def test_metrics_stand_beside_the_columns_of_their_input_table(run, table):
    run.add_metrics({"iou": [0.1, 0.2, 0.3]}, foreign_table_url=table.url, epoch=0, split="val")
    run.add_metrics(
        {"example_id": [2, 0], "iou": [0.5, None]}, None, table.url, epoch=1, split="val"
    )
    columns = ["example_id", "input_table_id", "epoch", "split", "iou", "x", "input_iou"]
    assert run.metrics().to_pylist() == [
        dict(zip(columns, row, strict=True))
        for row in [
            (0, 0, 0, "val", 0.1, 10, 1.0),
            (1, 0, 0, "val", 0.2, 11, 2.0),
            (2, 0, 0, "val", 0.3, 12, 3.0),
            (0, 0, 1, "val", None, 10, 1.0),
            (2, 0, 1, "val", 0.5, 12, 3.0),
        ]
    ]
    assert run.metrics(["x"], epoch=1).to_pydict() == {"x": [10, 12]}
    assert run.sql("select max(iou) as best from metrics").to_pydict() == {"best": [0.5]}


def test_two_splits_of_one_table_stay_apart(run, table):
    for split in ("train", "val"):
        run.add_metrics({"n": [len(split)] * 3}, foreign_table_url=table.url, split=split)
    assert len(run.input_tables) == 1
    assert set(run.metrics(["n"], split="train").to_pydict()["n"]) == {5}
    assert run.metrics(table=table).num_rows == 6


def test_metrics_on_two_tables_know_theirs(run, table, make_table):
    derived = table.edit({"x": {2: 22}}, delete=[0])
    run.add_metrics({"m": [1, 2, 3]}, foreign_table_url=table.url)
    run.add_metrics({"m": [4, 5]}, foreign_table_url=derived.url)
    assert [t.name for t in run.input_tables] == ["initial", "initial_0000"]
    assert run.metrics(["m", "x"], table=derived).to_pydict() == {"m": [4, 5], "x": [11, 22]}
    assert run.metrics(table=make_table(table_name="other")).num_rows == 0


@pytest.mark.parametrize(
    "data",
    [
        {"a": [1, 2], "b": [0.5, None]},
        pa.table({"a": [1, 2], "b": [0.5, None]}),
        pa.record_batch({"a": [1, 2], "b": [0.5, None]}),
        pd.DataFrame({"a": [1, 2], "b": [0.5, np.nan]}),
        pl.DataFrame({"a": [1, 2], "b": [0.5, None]}),
        {"a": torch.tensor([1, 2]), "b": np.ma.masked_array([0.5, 0], mask=[False, True])},
    ],
)
def test_metrics_of_every_library_go_in(run, data):
    run.add_metrics(data)
    assert run.metrics(["example_id", "a", "b"]).to_pylist() == [
        {"example_id": 0, "a": 1, "b": 0.5},
        {"example_id": 1, "a": 2, "b": None},
    ]


def test_metrics_of_every_kind_store(run, image_folder):
    data = {
        "vector": np.eye(2),
        "crop": [np.zeros((2, 2), np.uint8), None],
        "path": [str(image_folder / "0.png"), None],
        "nested": [[[1], [2, 3]], []],
        "label": [0, 1],
        "text": ["a", None],
    }
    kinds = {
        "vector": s.EmbeddingSchema(2),
        "label": s.CategoricalLabelSchema(["cat", "dog"]),
        "crop": s.ImageSchema(),
    }
    run.add_metrics(data, kinds)
    back = run.metrics().to_pylist()
    assert back[1]["vector"] == [0.0, 1.0]
    assert back[0]["nested"] == [[1], [2, 3]]
    assert back[0]["crop"].startswith("data:image/png")
    assert run.metric_streams[0].arrow_schema.field("label").type == pa.int64()


def test_what_does_not_fit_is_refused_and_nothing_is_written(run, table):
    def add(data, schema=None, url=table.url):
        return error_of(lambda: run.add_metrics(data, schema, url))

    assert add({"m": [1, 2]}) == snapshot(
        "metrics without `example_id` must have one row per sample (3), but have 2."
    )
    assert add({"example_id": [0, 3], "m": [1, 2]}) == snapshot(
        "`example_id` must be the index of a row of the input table (0 to 3 - 1), but row 1 has 3."
    )
    assert add({"example_id": [-1], "m": [1]}) == snapshot(
        "`example_id` must be the index of a row of the input table (0 to 3 - 1), but row 0 has -1."
    )
    assert add({"example_id": [None], "m": [1]}) == snapshot(
        "`example_id` must be the index of a row of the input table (0 to 3 - 1), "
        "but row 0 has None."
    )
    assert add({"m": [1, 2, "x"]}, {"m": s.Float()}) == snapshot(
        "column `m`, row 2: must be a number, but is 'x'."
    )
    assert add({"m": [1], "n": [1, 2]}) == snapshot(
        "all metric columns must have one length, but have {'m': 1, 'n': 2}."
    )
    assert add({}) == snapshot("all metric columns must have one length, but there is none.")
    assert add({"m": [1, 2, 3]}, {"n": s.Float()}) == snapshot(
        "`schema` must name columns of the data, but there is no column `n`."
    )
    assert add({"m": [1, 2, 3], "input_table_id": [5, 5, 5]}) == snapshot("""\
`data` must not have the column `input_table_id`: a run numbers its input tables.
Hint: pass foreign_table_url=table.url\
""")
    assert add({"m.AP": [1, 2, 3]}) == snapshot("""\
a column must have a name that can be stored, but 'm.AP' has a dot in it.
Hint: name it `m_AP`\
""")
    assert add("metrics") == snapshot("""\
`data` must hold columns, but is a str.
Hint: pass a dict with one sequence per column, or an Arrow table\
""")
    assert "there is no table `nix`" in add({"m": [1]}, url=table.url[:-7] + "nix")
    assert run.metrics().num_rows == 0
    assert [stream.name for stream in run.metric_streams] == []


def test_a_metric_that_changes_its_kind_goes_to_a_stream_of_its_own(run):
    run.add_metrics({"m": [1, 2]}, epoch=0)
    run.add_metrics({"m": [0.5]}, epoch=1)
    run.add_metrics({"m": [3], "new": ["a"]}, epoch=2)
    run.add_metrics({"m": [4]}, epoch=3)
    names = [stream.name for stream in run.metric_streams]
    assert names == ["metrics", "metrics_0000", "metrics_0001"]
    assert run.metrics(["m", "new"]).to_pydict() == {
        "m": [1.0, 2.0, 0.5, 3.0, 4.0],
        "new": [None, None, None, "a", None],
    }


def test_a_metric_that_is_nothing_throughout_is_of_the_kind_it_had(run):
    run.add_metrics({"m": [0.5]}, epoch=0)
    run.add_metrics({"m": [None]}, epoch=1)
    assert len(run.metric_streams) == 1
    assert run.metrics(["m"]).to_pydict() == {"m": [0.5, None]}


def test_metrics_of_no_rows_are_nothing(run, make_table):
    empty = make_table({"x": []}, {"x": s.Int()})
    run.add_metrics({"m": []}, {"m": s.Float()}, empty.url)
    assert run.metrics().num_rows == 0


def test_a_run_keeps_the_rows_of_a_table_that_was_overwritten_or_removed(run, table, make_table):
    run.add_metrics({"m": [1, 2, 3]}, foreign_table_url=table.url)
    make_table({"x": [7]}, if_exists="overwrite")
    assert run.metrics(["m", "x"]).to_pydict() == {"m": [1, 2, 3], "x": [10, 11, 12]}
    sw.Table.from_url(table.url).delete()
    opened = Run.from_url(run.url)
    assert opened.input_tables[0][1] == {"x": 11, "iou": 2.0}


def test_metrics_can_be_read_when_the_rows_of_their_table_are_gone(run, table, root, capfd):
    run.add_metrics({"m": [1, 2, 3]}, foreign_table_url=table.url)
    shutil.rmtree(Path(root, "p", "datasets", "d"))
    assert Run.from_url(run.url).metrics().to_pydict()["m"] == [1, 2, 3]
    assert "the rows of input table `initial` are gone" in capfd.readouterr().err


def test_an_input_table_may_lie_in_another_store(run, make_table, tmp_path):
    far = make_table({"x": [7, 8]}, root_url=str(tmp_path / "far"))
    run.add_metrics({"m": [1, 2]}, foreign_table_url=far.url)
    opened = Run.from_url(run.url)
    assert opened.input_tables[0].url == far.url
    assert opened.metrics(["m", "x"]).to_pydict() == {"m": [1, 2], "x": [7, 8]}


def test_the_same_table_is_noted_once_also_by_many_at_once(run, table):
    others = [Run.from_url(run.url) for _ in range(3)]
    assert [each.add_input_table(table) for each in (run, *others)] == [0] * 4
    assert len(run.input_tables) == 1


def test_collections_are_noted(run):
    run.add_collection({"epoch": 0, "rows": np.int64(5), "error": ValueError("x")})
    run.add_collection({"epoch": 1})
    assert run.collections[0] == {"epoch": 0, "rows": 5, "error": {"class": "ValueError"}}
    assert run.collections[1] == {"epoch": 1}


def test_all_there_is_can_be_asked_for_in_sql(run, table):
    run.log({"loss": 1.0}, epoch=0)
    run.add_metrics({"m": [1, 2, 3]}, foreign_table_url=table.url)
    query = """
        select (select count(*) from aggregates) as a, (select count(*) from input_0) as i,
               (select count(*) from stream_metrics) as s, (select count(*) from metrics) as m
    """
    assert run.sql(query).to_pylist() == [{"a": 1, "i": 3, "s": 3, "m": 3}]


def test_a_closed_run_stays_closed_and_small_commits_are_merged(run):
    for epoch in range(12):
        run.log({"loss": epoch}, epoch=epoch)
    run.close()
    assert [row[0] for row in history(run)] == list(range(12))
    ended = run.ended
    run.close("failed")
    assert (run.status, run.ended) == ("completed", ended)
    assert (
        len(
            streams_of(run.stored.store, run.stored.folder, "aggregates")[0].dataset.get_fragments()
        )
        == 1
    )
    with pytest.raises(InvalidArgumentError, match="`status` must be completed, cancelled or"):
        run.close("done")


def test_a_closed_run_can_be_opened_again(run):
    run.close("failed", error="boom")
    run.reopen()
    assert (run.status, run.ended, run.error) == ("running", None, None)


def test_a_removed_run_is_gone_and_does_not_come_back(run, root):
    run.log({"loss": 1.0})
    run.delete()
    with pytest.raises(NotFoundError):
        Run.from_url(run.url)
    with pytest.raises(NotFoundError, match="run `r` of project `p` is gone"):
        _ = run.status
    assert not Path(root, "p", "runs").exists()


def test_a_pickled_run_is_the_same_run_and_not_its_owner(run):
    again = pickle.loads(pickle.dumps(run))
    assert again == run
    assert again._ownership is None
    again.log({"loss": 1.0})
    assert history(run) == [(None, None, "loss", 1.0)]


def test_half_a_run_does_not_stand_in_the_way(root):
    folder = Path(root, "p", "runs", "r")
    folder.mkdir(parents=True)
    (folder / ".writing-abc").write_text("{")
    with pytest.raises(NotFoundError):
        Run.from_names("r", "p", root)
    assert Run.create("p", "r", root_url=root).name == "r"


def test_a_run_of_a_newer_format_is_refused(run):
    document = Path(run.url, "run.json")
    document.write_text(document.read_text().replace('"format": 1', '"format": 9'))
    with pytest.raises(NewerFormatError, match="has format 9"):
        Run.from_url(run.url)


def test_a_damaged_run_is_a_store_error(run):
    Path(run.url, "run.json").write_text("{")
    with pytest.raises(StoreError, match=r"run\.json"):
        Run.from_url(run.url)


def test_updates_of_several_processes_are_all_there(run, run_python):
    program = (
        "from samplewise.tables import Run\n"
        f"run = Run.from_url({run.url!r})\n"
        "for i in range(10): run.add_collection({{'n': {n}, 'i': i}})"
    )
    run_python(program.format(n=1), program.format(n=2))
    assert len(run.collections) == 20


def test_the_document_of_another_run_is_not_taken_for_this_one(run, root):
    document = RunDocument(run.stored.store, "p", "r", "0" * 32)
    for use in (document.read, document.status, lambda: document.update(error="x")):
        with pytest.raises(NotFoundError, match="was overwritten by another one"):
            use()
    assert run.error is None


def test_columns_are_checked_against_their_schema(run):
    with pytest.raises(SchemaError, match="row 1: must be the id of a class, but 5"):
        run.add_metrics({"label": [0, 5]}, {"label": s.CategoricalLabelSchema(["a", "b"])})
