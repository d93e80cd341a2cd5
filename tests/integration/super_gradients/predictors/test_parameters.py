"""How to predict, as an argument."""

import inspect
from typing import Any

import pytest
from inline_snapshot import snapshot
from super_gradients.training.models import BaseClassifier, CustomizableDetector, YoloBase
from super_gradients.training.models.detection_models.pp_yolo_e import PPYoloE
from super_gradients.training.models.pose_estimation_models.yolo_nas_pose import YoloNASPose
from super_gradients.training.models.segmentation_models.segmentation_module import (
    SegmentationModule,
)

from samplewise.errors import InvalidArgumentError
from samplewise.integration.super_gradients.callbacks.pipeline_params import PipelineParams


@pytest.mark.parametrize(
    "kind",
    [CustomizableDetector, PPYoloE, YoloBase, YoloNASPose, SegmentationModule, BaseClassifier],
)
def test_they_are_the_keywords_of_predict_with_its_defaults(kind: Any):
    theirs = inspect.signature(kind.predict).parameters
    ours = PipelineParams().to_dict()
    asked = {name: each.default for name, each in theirs.items() if name not in LOOP}
    assert {name: ours[name] for name in asked} == asked


LOOP = {"self", "images", "batch_size"}


def test_a_dictionary_will_do():
    assert PipelineParams.of({"conf": 0.0, "fp16": False}) == PipelineParams(conf=0.0, fp16=False)
    assert PipelineParams.of(None) == PipelineParams()
    assert PipelineParams.of(PipelineParams(iou=0.4)).iou == 0.4


def test_an_unknown_name_is_refused_with_the_closest():
    with pytest.raises(InvalidArgumentError) as caught:
        PipelineParams.from_dict({"cnf": 0.3, "iou": 0.5})
    assert str(caught.value).splitlines()[0] == snapshot(
        "`pipeline_params` must hold arguments of `predict`, but `cnf` is none."
    )
    assert "did you mean `conf`" in str(caught.value)


@pytest.mark.parametrize("values", [{"conf": 1.5}, {"iou": -0.1}, {"iou": "half"}, {"conf": [0.5]}])
def test_a_threshold_lies_between_0_and_1(values: dict[str, Any]):
    with pytest.raises(InvalidArgumentError, match=r"must be a number in \[0, 1\] or None"):
        PipelineParams(**values)


@pytest.mark.parametrize("values", [{"nms_top_k": 0}, {"max_predictions": 2.5}])
def test_a_limit_is_a_positive_number(values: dict[str, Any]):
    with pytest.raises(InvalidArgumentError, match="must be a positive number or None"):
        PipelineParams(**values)


def test_another_type_is_refused():
    with pytest.raises(InvalidArgumentError, match="a dictionary or None, but it is int"):
        PipelineParams.of(3)
