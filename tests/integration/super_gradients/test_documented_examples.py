"""Every example of the pages on tasks runs."""

import re

import pytest

from samplewise import set_active_run
from samplewise.integration.super_gradients import DetectionMetricsCollectionCallback


@pytest.fixture
def run_examples(repository, tmp_path, monkeypatch):
    """Runs all Python of a page in an empty folder; returns what it has defined."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SAMPLEWISE_ROOT", str(tmp_path / "store"))
    set_active_run(None)

    def run(page):
        names = {}
        text = (repository / "docs" / page).read_text()
        # SuperGradients writes there once more when the process ends, in another folder.
        text = text.replace('"checkpoints"', f'"{tmp_path}/checkpoints"')
        for example in re.findall(r"```python\n(.*?)```", text, re.DOTALL):
            exec(compile(example, page, "exec"), names)
        return names

    yield run
    set_active_run(None)


def test_detection(run_examples):
    names = run_examples("detection.md")
    assert names["callback"].run.status == "completed"
    assert names["worst"].num_rows == 5
    assert issubclass(names["Mine"], DetectionMetricsCollectionCallback)


def test_classification(run_examples):
    names = run_examples("classification.md")
    assert names["callback"].run.status == "completed"
    assert names["sure_and_wrong"].num_rows == 5


def test_segmentation(run_examples):
    names = run_examples("segmentation.md")
    assert names["callback"].run.status == "completed"
    iou = names["iou_of_the_split"].to_pydict()
    assert set(iou["class"]) <= set(names["drawn"].classes)
    assert all(0 <= each <= 1 for each in iou["iou"])


def test_pose(run_examples):
    names = run_examples("pose.md")
    assert names["callback"].run.status == "completed"
    assert names["worst"].num_rows == 5
    assert names["table"].schema["keypoints_2d"].num_joints == 3
