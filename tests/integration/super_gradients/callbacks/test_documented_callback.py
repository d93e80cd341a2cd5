"""What docs/callback.md says is so."""

import inspect
import re

import pytest
from super_gradients.training import Trainer, models

import samplewise as sw
from samplewise.integration.super_gradients import (
    DetectionMetricsCollectionCallback,
    MetricsCollectionCallback,
)


@pytest.fixture(scope="module")
def text(repository):
    return (repository / "docs" / "callback.md").read_text()


def test_every_argument_is_explained_with_its_default(text):
    rows = re.findall(r"^\| `(\w+)` \| `([^`]+)` \|", text, re.MULTILINE)
    told = {name: eval(default) for name, default in rows}
    signature = inspect.signature(MetricsCollectionCallback.__init__).parameters
    known = {name: each.default for name, each in signature.items() if name != "self"}
    assert list(told.items()) == list(known.items())


def test_its_examples_run(
    text, tables, make_loader, detection_params, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("SAMPLEWISE_ROOT", str(tmp_path / "store"))
    model = models.get("yolox_n", num_classes=6)
    names = {
        "sw": sw,
        "DetectionMetricsCollectionCallback": DetectionMetricsCollectionCallback,
        "model": model,
        "trainer": Trainer("documented", ckpt_root_dir=str(tmp_path)),
        "training_params": {**detection_params("yolox_n", 6), "max_epochs": 2, "save_model": True},
        "train_loader": make_loader(tables[0]),
        "val_loader": make_loader(tables[1]),
        "val_table": tables[1],
    }
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    for block in blocks:
        exec(block, names)
    assert len(names["worst"]) == 12
    assert "1 val 4 32 None" in capsys.readouterr().out
    first = sw.Run.from_names("first", "fruit")
    assert [record["epoch"] for record in first.collections] == [0, 0, 1, 1, 2, 2]
    rows = names["callback"].run.sql("select distinct epoch, split, fold from metrics")
    assert rows.to_pylist() == [{"epoch": 9, "split": "val", "fold": 2}]
