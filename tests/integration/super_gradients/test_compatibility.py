"""Patches that are asked for, and gone afterwards."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
import torch
from super_gradients.training import Trainer, models
from super_gradients.training.metrics import Accuracy
from super_gradients.training.utils.visualization.utils import generate_color_mapping
from torch.utils.data import DataLoader, TensorDataset

from samplewise.integration.super_gradients.compatibility import patched_super_gradients


def test_colours_are_there_inside_only():
    with patched_super_gradients():
        assert len(generate_color_mapping(7)) == 7
    with pytest.raises(AttributeError):
        generate_color_mapping(7)


@pytest.mark.filterwarnings("ignore:.*row_stack.* is deprecated")  # NumPy 2.0 to 2.4 have it
def test_names_of_numpy_are_there_inside_only():
    before = set(dir(np))
    with patched_super_gradients():
        assert np.Inf == float("inf")
        assert np.row_stack([[1], [2]]).shape == (2, 1)
    assert set(dir(np)) == before


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    """Numbers of NumPy beside weights, as SuperGradients saves them."""
    path = tmp_path / "average.pth"
    numbers = [
        np.float64(0.5),
        np.float32(1),
        np.int64(3),
        np.bool_(True),
        np.arange(3),
        np.str_("a"),
    ]
    torch.save({"net": torch.nn.Linear(2, 2).state_dict(), "numbers": numbers}, path)
    return path


def test_numbers_in_checkpoints_load_inside_only(checkpoint: Path):
    with patched_super_gradients():
        assert torch.load(checkpoint)["numbers"][0] == 0.5
    with pytest.raises(Exception, match="Weights only load failed"):
        torch.load(checkpoint)


@pytest.mark.filterwarnings("ignore")  # of torch, about what SuperGradients calls
def test_a_training_averages_its_best_models_inside(tmp_path: Path):
    model = models.get("resnet18_cifar", num_classes=2)
    loader = DataLoader(TensorDataset(torch.rand(4, 3, 8, 8), torch.tensor([0, 1, 0, 1])), 4)
    params = {
        "max_epochs": 1,
        "initial_lr": 1e-3,
        "loss": "CrossEntropyLoss",
        "train_metrics_list": [Accuracy()],
        "valid_metrics_list": [Accuracy()],
        "metric_to_watch": "Accuracy",
        "average_best_models": True,
        "silent_mode": True,
    }
    before = sys.excepthook, sys.stdout, sys.stderr
    with patched_super_gradients():
        Trainer("averaged", ckpt_root_dir=str(tmp_path)).train(model, params, loader, loader)
    sys.excepthook, sys.stdout, sys.stderr = before
    assert list(tmp_path.rglob("average_model.pth"))


def test_patches_may_be_nested_and_survive_an_error(checkpoint: Path):
    with patched_super_gradients():
        with pytest.raises(KeyError), patched_super_gradients():
            raise KeyError("inside")
        assert torch.load(checkpoint)["numbers"][2] == 3
        assert hasattr(mpl.cm, "get_cmap")
    assert not hasattr(mpl.cm, "get_cmap")


def test_what_the_user_allowed_stays_allowed(checkpoint: Path):
    from numpy._core.multiarray import scalar

    with torch.serialization.safe_globals([scalar]):
        with patched_super_gradients():
            pass
        assert scalar in torch.serialization.get_safe_globals()


class Dangerous:
    """Runs a function when it is unpickled."""

    def __init__(self, work: Callable[[str], Any], word: str) -> None:
        self.work, self.word = work, word

    def __reduce__(self) -> tuple[Any, ...]:
        return self.work, (self.word,)


def test_loading_stays_safe(tmp_path: Path):
    torch.save({"x": Dangerous(os.mkdir, str(tmp_path / "made"))}, tmp_path / "dangerous.pth")
    with (
        patched_super_gradients(),
        pytest.raises(Exception, match="Weights only load failed"),
    ):
        torch.load(tmp_path / "dangerous.pth")
    assert not (tmp_path / "made").exists()
