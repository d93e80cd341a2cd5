"""Every family that builds: the numbers of `model.predict`, and embeddings beside them."""

import warnings
from collections.abc import Callable
from contextlib import closing
from typing import Any

import numpy as np
import pytest
import torch
from super_gradients.training.utils.predict import ImagePrediction
from torch import nn

from samplewise.collect import infer, no_trace
from samplewise.integration.super_gradients.predictors import (
    PipelineParams,
    SuperGradientsPredictor,
    predictor_for,
)

NO_PREDICT = {"regseg48", "shelfnet18_lw"}
BROKEN_UNFUSED = {"stdc1_seg"}


@pytest.fixture(scope="module")
def model(family: Any, make_model: Callable[[str], nn.Module]) -> nn.Module:
    return make_model(family.name)


@pytest.fixture(scope="module")
def seen(
    family: Any, model: nn.Module, processing: dict[str, Any], pictures: list[str]
) -> dict[bool, list[Any]]:
    """Our predictions, without and with a fused copy."""
    return {
        fuse: collected(predictor(model, processing, fuse_model=fuse), pictures)
        for fuse in (False, True)
    }


@pytest.mark.parametrize("fuse_model", [False, True])
def test_predictions_are_those_of_predict_bit_for_bit(
    family: Any,
    model: nn.Module,
    processing: dict[str, Any],
    pictures: list[str],
    seen: dict[bool, list[Any]],
    fuse_model: bool,
):
    ours = seen[fuse_model]
    if family.name in NO_PREDICT or (family.name in BROKEN_UNFUSED and not fuse_model):
        assert all_equal(ours, by_hand(model, processing, pictures))
    else:
        with no_trace(model), warnings.catch_warnings():  # `predict` thaws and forgets
            warnings.simplefilter("ignore")  # about half precision on a CPU
            theirs = model.predict(pictures, batch_size=2, fuse_model=fuse_model)
        assert all_equal(ours, list(theirs))


def test_the_pictures_hold_something(family: Any, seen: dict[bool, list[Any]]):
    if family.task in ("detection", "pose"):
        counts = [len(each.prediction) for each in seen[False]]
        assert sum(counts) >= 10


def test_embeddings_come_from_the_named_layer_in_the_same_pass(
    family: Any, model: nn.Module, processing: dict[str, Any], pictures: list[str]
):
    asked = predictor(model, processing, fuse_model=False)
    assert asked.embedding_layer == family.layer
    passes, means = [], []
    watched = model.get_submodule(family.layer)
    with (
        watched.register_forward_hook(lambda _m, _i, output: means.append(deepest_mean(output))),
        model.register_forward_hook(lambda *_: passes.append(1)),
    ):
        chunks = list(infer(asked, pictures, batch_size=2, embeddings=True))
    assert len(passes) == 3
    ours = np.concatenate([chunk.embeddings for chunk in chunks])
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours, np.concatenate(means), rtol=1e-5, atol=1e-6)


def test_embeddings_change_no_prediction(
    model: nn.Module, processing: dict[str, Any], pictures: list[str], seen: dict[bool, list[Any]]
):
    asked = predictor(model, processing, fuse_model=True)
    assert all_equal(seen[True], collected(asked, pictures, embeddings=True))


def test_every_module_stays_in_its_mode(
    model: nn.Module, processing: dict[str, Any], pictures: list[str]
):
    next(each for each in model.modules() if isinstance(each, nn.BatchNorm2d)).eval()
    modes = [each.training for each in model.modules()]
    before = {name: each.clone() for name, each in model.state_dict().items()}
    collected(predictor(model, processing), pictures[:2])
    assert [each.training for each in model.modules()] == modes
    assert all(torch.equal(before[name], each) for name, each in model.state_dict().items())


def predictor(
    model: nn.Module, processing: dict[str, Any], **params: Any
) -> SuperGradientsPredictor:
    return predictor_for(model, params=PipelineParams(**params), processing=processing)


def collected(asked: SuperGradientsPredictor, urls: list[str], **kwargs: Any) -> list[Any]:
    args = {"num_workers": 0}
    with closing(infer(asked, urls, batch_size=2, dataloader_args=args, **kwargs)) as chunks:
        return [each for chunk in chunks for each in chunk.predictions]


def all_equal(ours: list[ImagePrediction], theirs: list[ImagePrediction]) -> bool:
    pairs = [(vars(a.prediction), vars(b.prediction)) for a, b in zip(ours, theirs, strict=True)]
    return all(
        a.keys() == b.keys() and all(equal(a[name], b[name]) for name in a) for a, b in pairs
    ) and all(np.array_equal(a.image, b.image) for a, b in zip(ours, theirs, strict=True))


def equal(a: Any, b: Any) -> bool:
    return np.array_equal(a, b) and np.asarray(a).dtype == np.asarray(b).dtype


def deepest_mean(output: Any) -> np.ndarray:
    maps = [output] if torch.is_tensor(output) else [each for each in output if each is not None]
    return maps[-1].float().mean(dim=(2, 3)).numpy()


def by_hand(model: nn.Module, processing: dict[str, Any], urls: list[str]) -> list[Any]:
    """Segmentation as `predict` would do it, one batch of two after the other."""
    from super_gradients.training.pipelines.pipelines import SegmentationPipeline

    class First(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = model

        def forward(self, inputs: torch.Tensor) -> torch.Tensor:
            output = self.inner(inputs)
            return output if torch.is_tensor(output) else output[0]

    with no_trace(model):
        return list(
            SegmentationPipeline(First(), fuse_model=False, fp16=False, **processing)(urls, 2)
        )
