"""The ten lines of the README run as they stand, once the rest of a training is there."""

import re
from pathlib import Path

import pytest
from super_gradients.training import Trainer, models
from super_gradients.training.losses import PPYoloELoss
from super_gradients.training.transforms.transforms import (
    DetectionPaddedRescale,
    DetectionStandardize,
    DetectionTargetsFormatTransform,
)
from super_gradients.training.utils.collate_fn import DetectionCollateFN
from torch.utils.data import DataLoader

from samplewise import Table, set_active_run
from samplewise.demo.scenes import draw_detection_dataset

README = Path(__file__).parents[2] / "README.md"
SIZE = (64, 64)


@pytest.fixture
def written(tmp_path, monkeypatch):
    """What the reader has: `train.json`, `images`, and a script that trains."""
    monkeypatch.setenv("SAMPLEWISE_ROOT", str(tmp_path / "store"))
    monkeypatch.chdir(tmp_path)
    train = draw_detection_dataset(tmp_path / "drawn", train=20, val=1, size=SIZE[0]).splits[0]
    train.images.rename("images")
    train.labels.rename("train.json")
    classes = 6
    set_active_run(None)
    yield {
        "transforms": [
            DetectionPaddedRescale(input_dim=SIZE),
            DetectionStandardize(max_value=255.0),
            DetectionTargetsFormatTransform(input_dim=SIZE, output_format="LABEL_CXCYWH"),
        ],
        "trainer": Trainer("readme", ckpt_root_dir=str(tmp_path)),
        "model": models.get("yolo_nas_s", num_classes=classes),
        "training_params": {
            "max_epochs": 6,
            "initial_lr": 1e-3,
            "optimizer": "AdamW",
            "loss": PPYoloELoss(use_static_assigner=False, num_classes=classes, reg_max=16),
            "valid_metrics_list": [],
            "metric_to_watch": "PPYoloELoss/loss",
            "greater_metric_to_watch_is_better": False,
            "silent_mode": True,
        },
    }
    set_active_run(None)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.filterwarnings("ignore")  # of torch, about what SuperGradients calls
def test_the_ten_lines_learn_their_images_by_heart(written):
    written["training_params"] |= {
        "max_epochs": 150,
        "lr_mode": "CosineLRScheduler",
        "cosine_final_lr_ratio": 0.05,
        "average_best_models": False,
        "save_model": False,
    }
    follow_the_ten_lines(written)
    query = "select avg(f1) f from metrics where epoch = 149 and split = 'train'"
    reached = written["callback"].run.sql(query).column("f")[0].as_py()
    print(f"README.md: mean f1 {reached:.3f}")  # noqa: T201
    assert reached >= 0.4


@pytest.mark.filterwarnings("ignore")  # of torch, about what SuperGradients calls
def test_the_ten_lines_leave_a_run_and_a_revision(written):
    follow_the_ten_lines(written)
    assert written["callback"].run.status == "completed"
    assert [c["epoch"] for c in written["callback"].run.collections] == [0, 0, 5, 5]
    better: Table = written["better"]
    assert len(better) == 18
    assert better.lineage()[0] == written["table"]


def follow_the_ten_lines(written):
    lines = re.search(r"## Ten lines\n+```python\n(.*?)```", README.read_text(), re.DOTALL)
    before, training, after = re.split(r"(trainer\.train.*\n)", lines[1])
    exec(before, written)
    loader = DataLoader(written["train_set"], batch_size=10, collate_fn=DetectionCollateFN())
    exec(training, written, {"train_loader": loader, "val_loader": loader})
    exec(after, written)
