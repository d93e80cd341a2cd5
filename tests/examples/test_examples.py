"""The examples run to their end, on drawn scenes in place of COCO128."""

import runpy
import sys
from pathlib import Path

import pytest

from samplewise import Run, set_active_run
from samplewise.demo.scenes import draw_detection_dataset

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Thirty-two scenes: `annotations.json` and `images`, as the examples want them."""
    drawn = draw_detection_dataset(tmp_path_factory.mktemp("drawn"), train=32, val=1, size=64)
    train = drawn.splits[0]
    (train.images.parent / "annotations.json").write_bytes(train.labels.read_bytes())
    assert train.images.name == "images"
    return train.images.parent


@pytest.fixture
def run_example(folder, tmp_path, monkeypatch):
    """Runs one for an epoch in this process, where SuperGradients is imported already."""
    monkeypatch.setenv("SAMPLEWISE_ROOT", str(tmp_path / "store"))
    monkeypatch.chdir(tmp_path)
    streams = sys.stdout, sys.stderr, sys.excepthook

    def run(name, project):
        words = [name, str(folder), "--epochs", "1", "--image-size", "64"]
        monkeypatch.setattr(sys, "argv", words)
        runpy.run_path(str(EXAMPLES / name), run_name="__main__")
        (url,) = (tmp_path / "store" / project / "runs").iterdir()
        return Run.from_url(str(url))

    set_active_run(None)
    yield run
    set_active_run(None)
    sys.stdout, sys.stderr, sys.excepthook = streams


COUNTS = "select split, count(*) n from metrics where epoch = 0 group by split order by split"


@pytest.mark.filterwarnings("ignore")  # of torch, about what SuperGradients calls
def test_a_script_with_one_added_line_leaves_a_run(run_example):
    run = run_example("existing_script.py", "default")
    assert run.status == "completed", run.error
    assert run.sql(COUNTS).to_pydict() == {"split": ["train", "val"], "n": [32, 32]}


@pytest.mark.filterwarnings("ignore")  # of torch, about what SuperGradients calls
def test_fine_tuning_from_tables_leaves_a_run_with_a_map_and_prints_the_worst(run_example, capsys):
    run = run_example("finetune_coco128.py", "coco128")
    assert run.status == "completed", run.error
    assert run.sql(COUNTS).to_pydict() == {"split": ["train", "val"], "n": [16, 16]}
    assert "false_negatives" in capsys.readouterr().out
