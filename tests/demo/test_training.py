"""A very short training: everything in place, nothing learned (`make demo` learns)."""

import logging
import sys

import numpy as np
import pytest

from samplewise.demo.scenes import draw_detection_dataset
from samplewise.demo.training import EpochResult, train

SIZE = 64


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scenes")
    return draw_detection_dataset(folder, train=16, val=4, size=SIZE)


@pytest.fixture(scope="module")
def lines():
    return []


@pytest.fixture(scope="module")
def hook():
    return sys.excepthook  # other tests of this process train without our manners


@pytest.fixture(scope="module")
def trained(drawn, lines, hook, tmp_path_factory):
    return train(
        drawn,
        folder=tmp_path_factory.mktemp("out"),
        epochs=2,
        image_size=SIZE,
        batch_size=8,
        on_epoch=lambda result: lines.append(str(result)),
    )


def test_the_line_of_an_epoch_says_what_it_reached():
    result = EpochResult(
        number=3,
        epochs=10,
        train_loss=1.5,
        val_loss=1.25,
        average_precision=0.5,
        duration_s=12.3,
    )
    assert str(result) == "epoch  3/10  train loss 1.500  val loss 1.250  mAP@0.50 0.500  12 s"


def test_each_epoch_is_recorded_and_reported_once(trained, lines):
    assert [(each.number, each.epochs) for each in trained.history] == [(1, 2), (2, 2)]
    assert [str(each) for each in trained.history] == lines
    assert all(each.train_loss > 0 and each.duration_s > 0 for each in trained.history)


def test_the_checkpoint_holds_the_returned_model(trained):
    import torch
    from super_gradients.training import models

    stored = models.get("yolo_nas_s", num_classes=6, checkpoint_path=str(trained.checkpoint))
    weights = stored.state_dict()
    assert weights.keys() == trained.model.state_dict().keys()
    for name, value in trained.model.state_dict().items():
        assert torch.equal(weights[name], value)


def test_the_model_predicts_with_the_names_of_the_classes(trained, drawn):
    image = np.full((SIZE, SIZE, 3), 128, dtype=np.uint8)
    shown = trained.model.predict(image, fuse_model=False, fp16=False, conf=0.0)
    assert list(shown.class_names) == [drawn.classes[key] for key in sorted(drawn.classes)]


def test_training_leaves_no_hook_and_no_log_behind(trained, hook):
    assert sys.excepthook is hook
    assert logging.getLogger("super_gradients").level == logging.NOTSET
    files = [path.name for path in trained.checkpoint.parent.iterdir() if path.is_file()]
    assert files == ["model.pth"]
