"""Every example of the pages on tasks runs; with `make test-docs`, until it has learnt."""

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

    def run(page, *changes):
        names = {}
        text = (repository / "docs" / page).read_text()
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
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


# By heart: the pictures of the training are those of the validation, drawn and few, so that minutes
# are enough. What is not labelled, scaled, matched or decoded as it was trained stays near 0.
BY_HEART = [
    ("train=8, val=4", "train=16, val=1"),
    ("    train,\n    val,\n", "    train,\n    train,\n"),
]
SETTLING = """"lr_mode": "CosineLRScheduler", "cosine_final_lr_ratio": 0.05, "save_model": False,
    "average_best_models": False, "run_validation_freq": 10, "max_epochs": """
FLOORS = {
    "detection.md": (100, "mAP@0.50", 0.5, "f1", 0.4),
    "pose.md": (150, "AP", 0.1, "f1", 0.4),
    "segmentation.md": (40, "PixelAccuracy", 0.85, "pixel_accuracy", 0.85),
    "classification.md": (40, "Accuracy", 0.75, "correct", 0.75),
}


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("page", FLOORS)
def test_a_documented_training_learns_by_heart(run_examples, page):
    epochs, aggregate, floor, column, sample_floor = FLOORS[page]
    few = 2 if page == "classification.md" else 1
    changes = BY_HEART[1:] if page == "classification.md" else BY_HEART
    run = run_examples(page, *changes, (f'"max_epochs": {few}', f"{SETTLING}{epochs}"))[
        "callback"
    ].run
    logged = run.sql(
        f"select value from aggregates where split = 'val' and name = '{aggregate}' "
        "order by epoch desc limit 1"
    )
    mean = run.sql(
        f"select avg(cast({column} as double)) m from metrics where epoch = {epochs - 1}"
    )
    reached = logged.column("value")[0].as_py(), mean.column("m")[0].as_py()
    print(f"{page}: {aggregate} {reached[0]:.3f}, mean {column} {reached[1]:.3f}")  # noqa: T201
    assert reached[0] >= floor
    assert reached[1] >= sample_floor
