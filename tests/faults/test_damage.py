"""Every file of a small store is cut, emptied, flipped and taken away: `check` names it."""

import random
import shutil
from pathlib import Path

import numpy as np
import pytest

import samplewise as sw
from samplewise.errors import SamplewiseError
from samplewise.records.check import check_store
from samplewise.storage import Store
from samplewise.tables import Run

EVERYTHING = {"first", "second", "metrics", "history"}
HOLDS_NOTHING = (".lock", "heartbeat", ".left", ".txn", "latest_version_hint.json")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a table, its revision, and a run with two streams, one of which has a map."""
    root = tmp_path_factory.mktemp("damage") / "root"
    names = {"dataset_name": "d", "project_name": "p", "root_url": str(root)}
    table = sw.Table.from_dict({"x": np.arange(50)}, table_name="first", **names)
    table.edit({"x": {0: -1}}, delete=[-1], table_name="second")
    assert check_store(Store(root)) == []
    run = Run.create("p", "run", root_url=str(root))
    for epoch in range(2):
        values = np.random.default_rng(epoch).normal(size=(50, 8)).astype(np.float32)
        columns = {"m": np.arange(50.0), "embedding": list(values)}
        kinds = {"embedding": sw.schemas.EmbeddingSchema(8)}
        run.add_metrics(columns, kinds, table.url, epoch=epoch)
        run.log({"loss": 1.0}, epoch=epoch)
    run.reduce_embeddings("pca", progress=False)
    run.close()
    assert check_store(Store(root)) == []
    return root


def files_of(root: Path) -> list[Path]:
    """Files that hold something."""
    found = [path for path in root.rglob("*") if path.is_file()]
    return sorted(path for path in found if not path.name.endswith(HOLDS_NOTHING))


def damage(path: Path, how: str) -> None:
    """Do it."""
    content = bytearray(path.read_bytes())
    if how == "flipped":
        content[random.randrange(len(content))] ^= 1 << random.randrange(8)
    elif how == "cut":
        del content[len(content) // 2 :]
    elif how == "emptied":
        content.clear()
    path.unlink() if how == "removed" else path.write_bytes(content)


def read_everything(root: Path) -> set[str]:
    """What can be read; anything else than an error of ours is a failure of the test."""
    read = set()
    for name in ("first", "second"):
        try:
            rows = sw.Table.from_names(name, "d", "p", str(root)).to_arrow().column("x").to_pylist()
            assert rows == (list(range(50)) if name == "first" else [-1, *range(1, 49)])
            read.add(name)
        except SamplewiseError:
            pass
    for what in ("metrics", "history"):
        try:
            run = Run.from_names("run", "p", str(root))
            found = (run.metrics() if what == "metrics" else run.history).to_pylist()
            assert all(row["m"] == row["example_id"] for row in found if what == "metrics")
            read.add(what)
        except SamplewiseError:
            pass
    return read


@pytest.mark.parametrize("how", ["flipped", "cut", "emptied", "removed"])
def test_it_is_found_and_named_and_the_rest_is_read(how: str, whole: Path, rounds, place: Path):
    files = files_of(whole)
    chosen = random.sample(files, min(len(files), rounds(8)))
    for number, each in enumerate(chosen):
        root = place / str(number)
        shutil.copytree(whole, root)
        damaged = root / each.relative_to(whole)
        damage(damaged, how)
        found = check_store(Store(root))
        read = read_everything(root)
        assert found or read == EVERYTHING, damaged  # a copy, say, that nobody needs now
        assert len(read) >= 2, damaged


@pytest.mark.parametrize("how", ["flipped", "cut", "emptied"])
def test_what_can_be_mended_is_and_the_rest_stays_where_it_is(
    how: str, whole: Path, rounds, place: Path
):
    files = files_of(whole)
    for number, each in enumerate(random.sample(files, min(len(files), rounds(6)))):
        root = place / str(number)
        shutil.copytree(whole, root)
        damage(root / each.relative_to(whole), how)
        before, count = read_everything(root), len(files_of(root))
        first = check_store(Store(root), repair=True)
        assert len(files_of(root)) >= count
        assert read_everything(root) >= before
        left = [x for x in check_store(Store(root)) if x.is_loss]
        assert len(left) <= len([x for x in first if x.is_loss and x.mended is None])
