"""Models of SuperGradients with random weights that still see something, and pictures for them."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
from PIL import Image
from super_gradients.training import models
from super_gradients.training.models import arch_params_factory
from super_gradients.training.models.detection_models.pp_yolo_e import PPYoloE_S
from super_gradients.training.processing import processing as sg
from torch import nn

CLASSES = ["ant", "bee", "cat", "dog", "emu"]
SKELETON = {
    "edge_links": [[0, 1], [1, 2]],
    "edge_colors": [(255, 0, 0), (0, 255, 0)],
    "keypoint_colors": [(0, 0, 255)] * 17,
}


class Family(NamedTuple):
    """A model by the name under which SuperGradients builds it.

    Attributes:
        layer: Where its embedding comes from.
        logits: How the modules that make its scores are called.
    """

    name: str
    task: str
    layer: str
    logits: tuple[str, ...] = ()


FAMILIES = [
    Family("yolo_nas_s", "detection", "backbone", ("cls_pred",)),
    Family("ppyoloe_s", "detection", "backbone", ("pred_cls",)),
    Family("yolox_n", "detection", "_backbone", ("cls_preds", "obj_preds")),
    Family("yolox_t", "detection", "_backbone", ("cls_preds", "obj_preds")),
    Family("yolo_nas_pose_n", "pose", "backbone", ("cls_pred",)),
    Family("dekr_w32_no_dc", "pose", "stage4", ("head_heatmap.1",)),
    Family("pp_lite_t_seg", "segmentation", "encoder.backbone"),
    Family("stdc1_seg", "segmentation", "cp.backbone"),
    Family("ddrnet_23_slim", "segmentation", "layer5"),
    Family("segformer_b0", "segmentation", "_backbone"),
    Family("regseg48", "segmentation", "backbone"),
    Family("shelfnet18_lw", "segmentation", "backbone"),
    Family("resnet18", "classification", "avgpool"),
    Family("resnext50", "classification", "avgpool"),
    Family("mobilenet_v2", "classification", "features"),
    Family("mobilenet_v3_small", "classification", "avgpool"),
    Family("efficientnet_b0", "classification", "_avg_pooling"),
    Family("regnetY200", "classification", "net.head.pool"),
    Family("densenet121", "classification", "features"),
    Family("shufflenet_v2_x0_5", "classification", "avgpool"),
]
BY_NAME = {family.name: family for family in FAMILIES}


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Five pictures of smooth noise, of different sizes and kinds of files."""
    folder = tmp_path_factory.mktemp("pictures")
    rng = np.random.default_rng(0)
    sizes = [(96, 128), (128, 96), (64, 64), (160, 100), (90, 150)]
    paths = [folder / f"{index}.{'jpg' if index % 2 else 'png'}" for index in range(len(sizes))]
    for path, (height, width) in zip(paths, sizes, strict=True):
        small = rng.integers(0, 256, (6, 8, 3), dtype=np.uint8)
        Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC).save(path)
    return [str(path) for path in paths]


@pytest.fixture(scope="session")
def make_model() -> Iterator[Callable[[str], nn.Module]]:
    """Builds a model that sees something, in train mode; the last one is kept."""
    made: dict[str, nn.Module] = {}

    def make(name: str) -> nn.Module:
        if name not in made:
            made.clear()
            made[name] = _sees_something(BY_NAME[name])
        return made[name].train()

    yield make
    made.clear()


def processing_for(task: str) -> dict[str, Any]:
    """Dataset processing parameters for pictures of 96 pixels."""
    size = (96, 96)
    if task == "detection":
        steps = [
            sg.ReverseImageChannels(),
            sg.DetectionLongestMaxSizeRescale(size),
            sg.DetectionBottomRightPadding(size, 114),
            sg.ImagePermute(),
            sg.StandardizeImage(),
        ]
        return {
            "class_names": CLASSES,
            "image_processor": _compose(steps),
            "iou": 0.65,
            "conf": 0.5,
        }
    if task == "pose":
        steps = [
            sg.ReverseImageChannels(),
            sg.KeypointsLongestMaxSizeRescale(size),
            sg.KeypointsBottomRightPadding(size, 127),
            sg.StandardizeImage(),
            sg.ImagePermute(),
        ]
        return {"image_processor": _compose(steps), "conf": 0.05, **SKELETON}
    if task == "segmentation":
        resize = sg.SegmentationResizeWithPadding((128, 128), 0)  # the least for PP-LiteSeg
        steps = [resize, sg.StandardizeImage(), sg.ImagePermute()]
    else:
        steps = [sg.Resize(72), sg.CenterCrop(64), sg.StandardizeImage(), sg.ImagePermute()]
    return {"class_names": CLASSES, "image_processor": _compose(steps)}


def _compose(steps: list[sg.Processing]) -> sg.ComposeProcessing:
    return sg.ComposeProcessing(steps)


def _sees_something(family: Family) -> nn.Module:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = _built(family)
        _calibrate(model, family.logits)
    if hasattr(model, "set_dataset_processing_params"):
        model.set_dataset_processing_params(**processing_for(family.task))
    return model


def _built(family: Family) -> nn.Module:
    if family.name == "ppyoloe_s":  # `models.get` would download its backbone
        params = arch_params_factory.get_arch_params("ppyoloe_s_arch_params")
        params["backbone"]["pretrained_weights"] = None
        params["num_classes"] = len(CLASSES)
        return PPYoloE_S(params)
    return models.get(family.name, num_classes=17 if family.task == "pose" else len(CLASSES))


def _calibrate(model: nn.Module, logits: tuple[str, ...]) -> None:
    """Batch norms that fit noise, and scores that spread: about one in fifteen is likely."""
    norms = [each for each in model.modules() if isinstance(each, nn.BatchNorm2d)]
    momenta = [each.momentum for each in norms]
    for each in norms:
        each.momentum = None
        each.reset_running_stats()
    noise = nn.functional.interpolate(torch.rand(4, 3, 8, 8), size=(128, 128), mode="bicubic")
    with torch.no_grad():
        model.train()(noise)
        for each, momentum in zip(norms, momenta, strict=True):
            each.momentum = momentum
        hooks = [
            each.register_forward_hook(_spread)
            for name, each in model.named_modules()
            if isinstance(each, nn.Conv2d) and any(f".{part}." in f".{name}." for part in logits)
        ]
        model.eval()(noise)
    for hook in hooks:
        hook.remove()


def _spread(module: nn.Conv2d, inputs: tuple[torch.Tensor], _output: torch.Tensor) -> None:
    nn.init.normal_(module.weight)  # some begin with zeros
    output = nn.functional.conv2d(inputs[0], module.weight, padding=module.padding)
    mean, scale = output.mean(dim=(0, 2, 3)), 2 / output.std(dim=(0, 2, 3))
    module.weight.mul_(scale[:, None, None, None])
    if module.bias is not None:
        module.bias.copy_(-mean * scale - 3)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests that take a `family` run for each of them."""
    if "family" in metafunc.fixturenames:
        metafunc.parametrize("family", FAMILIES, ids=lambda each: each.name, scope="module")


@pytest.fixture(scope="module")
def processing(family: Family) -> dict[str, Any]:
    """Dataset processing parameters of the family's task."""
    return processing_for(family.task)
