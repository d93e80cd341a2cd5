"""Every public entry with wrong values: nothing but errors of the house comes out.

The entries are found by looking at what is public, and what each takes by its signature; one
parameter at a time gets a value that is drawn from all that people hand over by mistake. With
`SAMPLEWISE_FAULT_ROUNDS=20` there are more.
"""

import inspect
import random
import shutil
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import samplewise as sw
from samplewise.errors import SamplewiseError
from samplewise.records.suspects import SCHEMA as LABEL_ISSUES
from samplewise.tables import Run, TableWriter

NAMES: dict[str, Any] = {"table_name": "new", "dataset_name": "d", "project_name": "p"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """A table, and a run with metrics, embeddings and a map; files to import."""
    place = tmp_path_factory.mktemp("wrong")
    root = str(place / "root")
    Image.new("RGB", (8, 6)).save(place / "0.png")
    (place / "labels").mkdir()
    (place / "labels" / "x.csv").write_text("x,y\n1,2\n")
    (place / "labels" / "coco.json").write_text('{"images": [], "annotations": []}')
    kinds = {"bbs": sw.schemas.BoundingBoxes2DSchema(["a"])}
    data = {"x": [*range(5)], "image": [str(place / "0.png")] * 5, "bbs": [None] * 5}
    names = {**NAMES, "table_name": "first", "root_url": root}
    table = sw.Table.from_dict(data, kinds, **names)
    run = Run.create("p", "run", root_url=root)
    vectors = np.random.default_rng(0).normal(size=(5, 4)).astype(np.float32)
    for epoch in range(2):
        columns = {"m": [0.5] * 5, "embedding": list(vectors)}
        embedding = {"embedding": sw.schemas.EmbeddingSchema(4)}
        run.add_metrics(columns, embedding, table.url, epoch=epoch, split="val")
    run.reduce_embeddings("pca", progress=False)
    run.close()
    return SimpleNamespace(place=place, root=root, table=table, run=run)


def right_arguments(store: SimpleNamespace, owner: str, name: str) -> dict[str, Any]:
    """Values of the parameters that an entry must have."""
    place = store.place
    right: dict[str, Any] = {
        **NAMES,
        "run_name": "run",
        "root_url": store.root,
        "data": {"x": [1, 2, 3, 4, 5]},
        "dataset": [{"x": 1}],
        "frame": pd.DataFrame({"x": [1, 2]}),
        "structure": ["x"],
        "path": place / "labels" / "x.csv",
        "annotations_file": place / "labels" / "coco.json",
        "folder": place / "labels",
        "dataset_yaml": place / "labels" / "none.yaml",
        "format": "csv",
        "url": store.table.url,
        "indices": [0],
        "predictor": lambda images: [],
        "issues": LABEL_ISSUES.empty_table(),
        "changes": {"x": {0: 1}},
        "name": "x",
        "index": 0,
        "query": "select 1",
        "values": {"loss": 1.0},
        "record": {},
        "table": store.table,
        "first_epoch": 0,
        "second_epoch": 1,
        "example_id": 0,
        "embeddings": np.zeros((1, 4), np.float32),
        "description": "",
        "parameters": {},
        "run": store.run,
        "batch": {"x": [1]},
        "row": {"x": 1},
        "schema": {"x": sw.schemas.Int()},
        "source": {},
        "extent": (0, 0, 8, 6),
        "image_width": 8,
        "image_height": 6,
        "box": [0, 0, 1, 1],
        "keypoints": [[0, 0]],
        "internal_name": "a",
        "column": "image" if name == "image_urls" else None,
    }
    if name == "from_pandas":
        right["data"] = right["frame"]
    if name == "export":
        right["path"] = place / "out.csv"
    if name == "from_names" and owner == "Table":
        right["table_name"] = "first"
    if name == "from_parquet":
        right["path"] = place / "labels" / "x.parquet"
    if name == "get_simple_value_map":
        right["path"] = "x"
    if owner == "Run" and name == "from_url":
        right["url"] = store.run.url
    return right


LEFT_OUT = {
    ("Table", "show"),  # serves until the process ends; tests/server has it
    ("Run", "show"),
    ("Table", "delete"),
    ("Run", "delete"),
    ("Run", "add_embedding_metrics"),  # rewrites; its arguments are those of `neighbours`
}


def entries(store: SimpleNamespace) -> Iterator[tuple[str, str, Callable[..., Any]]]:
    """What is public, as (owner, name, function)."""
    for name in sw.__all__:
        if inspect.isfunction(getattr(sw, name)):
            yield "", name, getattr(sw, name)
    writer = TableWriter(**NAMES, root_url=store.root)
    for instance in (store.table, store.run, writer):
        owner = type(instance).__name__
        for name, _ in inspect.getmembers(type(instance), callable):
            if not name.startswith("_") and (owner, name) not in LEFT_OUT:
                yield owner, name, getattr(instance, name)
    yield "", "TableWriter", TableWriter
    for module in (sw.schemas, sw.data_types):
        for name in module.__all__:
            kind = getattr(module, name)
            yield "", name, kind
            for made in ("create_empty", "from_array"):
                if hasattr(kind, made):
                    yield name, made, getattr(kind, made)
    boxes = sw.data_types.BoundingBoxes2D.create_empty(8, 6)
    yield "BoundingBoxes2D", "add_instance", boxes.add_instance
    points = sw.data_types.Keypoints2D.create_empty(8, 6)
    yield "Keypoints2D", "add_instance", points.add_instance


def spoiled(
    store: SimpleNamespace, owner: str, name: str, function: Callable[..., Any], wrong_values: dict
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every parameter with every wrong value: (parameter, what, arguments)."""
    right = right_arguments(store, owner, name)
    parameters = [
        each
        for each in inspect.signature(function).parameters.values()
        if each.kind in (each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY)
    ]
    needed = {
        each.name: right[each.name]
        for each in parameters
        if each.default is each.empty or each.name == "root_url"
    }
    if name == "reduce_embeddings":
        needed["method"] = "pca"
    for each in parameters:
        for what, value in wrong_values.items():
            yield each.name, what, {**needed, each.name: value(store.place)}


def outcome(function: Callable[..., Any], arguments: dict[str, Any]) -> BaseException | None:
    """What a call raises that it should not."""
    try:
        answer = function(**arguments)
        if inspect.isgenerator(answer):
            list(answer)
    except SamplewiseError as error:
        message = str(error)
        return error if " at 0x" in message or "object at" in message else None
    except Exception as error:  # noqa: BLE001  # that is the question
        return error
    finally:
        sw.set_active_run(None)
    return None


def test_nothing_but_errors_of_the_house_comes_out(
    store, wrong_values, tmp_path, monkeypatch, rounds, capfd
):
    monkeypatch.chdir(tmp_path)
    drawing = random.Random(rounds(1))
    wrong = []
    for owner, name, function in entries(store):
        calls = list(spoiled(store, owner, name, function, wrong_values))
        for parameter, what, arguments in drawing.sample(calls, min(len(calls), rounds(12))):
            error = outcome(function, arguments)
            if error is not None:
                where = f"{owner}.{name}({parameter}={what})"
                wrong.append(f"{where}: {type(error).__name__}: {str(error)[:100]}")
    shutil.rmtree(store.place / "root" / "p" / "datasets" / "d" / "new", ignore_errors=True)
    assert wrong == []
