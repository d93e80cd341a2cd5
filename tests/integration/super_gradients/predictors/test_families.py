"""Every family that builds: the numbers of `model.predict`, and embeddings beside them."""

import warnings
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from super_gradients.training.losses import (
    DEKRLoss,
    PPYoloELoss,
    YoloNASPoseLoss,
    YoloXDetectionLoss,
)
from super_gradients.training.utils.predict import ImagePrediction
from torch import nn

from samplewise import Table, init, set_active_run
from samplewise.collect import infer, no_trace
from samplewise.data_types import BoundingBoxes2D, Keypoints2D
from samplewise.errors import CollectionError
from samplewise.formats.skeletons import COCO_JOINTS
from samplewise.integration.super_gradients import (
    ClassificationMetricsCollectionCallback,
    DetectionMetricsCollectionCallback,
    PoseEstimationMetricsCollectionCallback,
    SegmentationMetricsCollectionCallback,
)
from samplewise.integration.super_gradients.datasets.selected_rows import SelectedRows
from samplewise.integration.super_gradients.predictors import (
    PipelineParams,
    SuperGradientsPredictor,
    predictor_for,
)
from samplewise.metrics.keypoints import COCO_SIGMAS
from samplewise.schemas import (
    BoundingBoxes2DSchema,
    CategoricalLabelSchema,
    ImageSchema,
    Keypoints2DSchema,
    SemanticSegmentationSchema,
)

PREDICTED = {
    "detection": "bbs_predicted",
    "pose": "keypoints_2d_predicted",
    "segmentation": "segmentation_predicted",
    "classification": "predicted_label",
}
IGNORES_NUM_CLASSES = {"shufflenet_v2_x0_5"}  # it has a thousand, whatever it is told
NO_LOSS = {"dekr_w32_no_dc"}  # its targets are heat maps, made by a generator of its dataset
NO_PREDICT = {"regseg48", "shelfnet18_lw"}
BROKEN_UNFUSED = {"stdc1_seg"}


def size_of(url: str) -> tuple[int, int]:
    with Image.open(url) as image:
        return image.size


class CrossEntropyOfTheFirst(nn.CrossEntropyLoss):
    """Of networks with auxiliary heads, too."""

    def forward(self, output: Any, target: torch.Tensor) -> torch.Tensor:
        return super().forward(output if torch.is_tensor(output) else output[0], target)


def boxes(url: str) -> BoundingBoxes2D:
    value = BoundingBoxes2D.create_empty(*size_of(url))
    value.add_instance([10, 10, 60, 50], label=2)
    return value


def poses(url: str) -> Keypoints2D:
    value = Keypoints2D.create_empty(*size_of(url))
    value.add_instance(np.full((17, 3), [30, 30, 2]), 0, bounding_box=[10, 10, 60, 50])
    return value


def class_map(url: str) -> np.ndarray:
    width, height = size_of(url)
    return np.arange(width * height).reshape(height, width) % 5


def loss_of_boxes(model: nn.Module, family: Any) -> nn.Module:
    if family.name.startswith("yolox"):
        return YoloXDetectionLoss(strides=[8, 16, 32], num_classes=5)
    return PPYoloELoss(num_classes=5, use_static_assigner=False)


NAMES = ["ant", "bee", "cat", "dog", "emu"]
TASKS: dict[str, Any] = {
    "detection": (
        DetectionMetricsCollectionCallback,
        loss_of_boxes,
        BoundingBoxes2DSchema(NAMES),
        boxes,
    ),
    "pose": (
        PoseEstimationMetricsCollectionCallback,
        lambda model, family: YoloNASPoseLoss(COCO_SIGMAS) if "nas" in family.name else DEKRLoss(),
        Keypoints2DSchema(["person"], joint_names=COCO_JOINTS),
        poses,
    ),
    "segmentation": (
        SegmentationMetricsCollectionCallback,
        lambda model, family: CrossEntropyOfTheFirst(ignore_index=255),
        SemanticSegmentationSchema(NAMES),
        class_map,
    ),
    "classification": (
        ClassificationMetricsCollectionCallback,
        lambda model, family: nn.CrossEntropyLoss(),
        CategoricalLabelSchema(NAMES),
        lambda url: 2,
    ),
}


@pytest.fixture(autouse=True)
def no_active_run() -> Iterator[None]:
    yield
    set_active_run(None)


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


def test_a_collection_stores_what_every_image_is_and_its_loss(
    family: Any, model: nn.Module, processing: dict[str, Any], pictures: list[str], tmp_path: Path
):
    kind, criterion, schema, label = TASKS[family.task]
    options = {"dataloader_args": {"num_workers": 0}, "collect_embeddings": True}
    callback = kind(collect_loss=criterion(model, family), **options)
    table = Table.from_dict(
        {"image": pictures, callback.label_column_name: [label(url) for url in pictures]},
        {"image": ImageSchema(), callback.label_column_name: schema},
        dataset_name=family.name,
        project_name="families",
        root_url=str(tmp_path),
    )
    rows = SelectedRows("val", table, np.arange(len(table)))
    run = init("families", root_url=str(tmp_path))
    with no_trace(model):
        # As with a Trainer, whose dataset knows the preprocessing of models without `predict`.
        asked = predictor(model, processing, fuse_model=False)
        if family.name in IGNORES_NUM_CLASSES:
            with pytest.raises(CollectionError, match=r"one logit per class \(5\), but gives"):
                callback._collect_rows(run, asked, rows, 0, {})
            return
        callback._collect_rows(run, asked, rows, 0, {})
    stored = run.metrics().to_pydict()
    assert stored["collection_error"] == [None] * len(pictures)
    assert None not in stored["embedding"] + stored[PREDICTED[family.task]]
    has_loss = family.name not in NO_LOSS
    assert has_loss == ("loss" in stored and None not in stored["loss"])


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
