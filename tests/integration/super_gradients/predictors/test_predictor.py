"""What is the same for all tasks, on one model of each."""

import gc
import pickle
import warnings
import weakref
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import cv2
import matplotlib as mpl
import numpy as np
import pytest
import torch
from PIL import Image
from super_gradients.training.processing import processing as sg
from super_gradients.training.utils import predict as sg_predict
from torch import nn

from samplewise.collect import Item, infer, no_trace
from samplewise.errors import CollectionError, InvalidArgumentError
from samplewise.integration.super_gradients.predictors import (
    SuperGradientsPredictor,
    predictor_for,
    processing_params,
    task_of,
)

Make = Callable[[str], nn.Module]


@pytest.fixture
def detector(make_model: Make) -> nn.Module:
    return make_model("yolo_nas_s")


@pytest.fixture
def classifier(make_model: Make) -> nn.Module:
    return make_model("resnet18")


def collected(asked: SuperGradientsPredictor, urls: list[str], **kwargs: Any) -> list[Any]:
    args = {"dataloader_args": {"num_workers": 0}} | kwargs
    with closing(infer(asked, urls, **args)) as chunks:
        return [each for chunk in chunks for each in chunk.predictions]


def predicted(model: nn.Module, urls: list[str], **params: Any) -> list[Any]:
    """What SuperGradients says about images one by one."""
    with no_trace(model), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [model.predict(url, **params) for url in urls]


def boxes(predictions: list[Any]) -> list[Any]:
    return [
        np.column_stack([p.prediction.bboxes_xyxy, p.prediction.confidence, p.prediction.labels])
        for p in predictions
    ]


def same(ours: list[np.ndarray], theirs: list[np.ndarray]) -> bool:
    return all(map(np.array_equal, ours, theirs))


# Thresholds


@pytest.mark.parametrize(
    "params",
    [
        {"conf": 0.3},
        {"iou": 0.1},
        {"multi_label_per_box": False},
        {"class_agnostic_nms": True},
        {"nms_top_k": 20, "conf": 0.1},
        {"max_predictions": 3},
        {"conf": 0.0, "max_predictions": 50},
    ],
)
def test_every_parameter_means_what_it_means_to_predict(
    detector: nn.Module, pictures: list[str], params: dict[str, Any]
):
    params = {"fuse_model": False, **params}
    ours = boxes(collected(predictor_for(detector, params=params), pictures, batch_size=1))
    assert same(ours, boxes(predicted(detector, pictures, **params)))
    assert sum(map(len, ours)) > 0


@pytest.mark.parametrize("name", ["yolox_n", "yolo_nas_pose_n"])
def test_a_threshold_of_zero_is_zero(make_model: Make, pictures: list[str], name: str):
    # `predict` would take its default for it.
    model = make_model(name)
    none, all_of_them = (
        sum(len(each.prediction) for each in collected(predictor_for(model, params=p), pictures))
        for p in ({"conf": 1.0}, {"conf": 0.0})
    )
    assert none == 0
    assert all_of_them > sum(len(e.prediction) for e in collected(predictor_for(model), pictures))


def test_pose_models_take_the_limits_of_detection(make_model: Make, pictures: list[str]):
    model = make_model("yolo_nas_pose_n")
    theirs = {"pre_nms_max_predictions": 40, "post_nms_max_predictions": 5}
    ours = {"nms_top_k": 40, "max_predictions": 5}
    a, b = (collected(predictor_for(model, params=params), pictures) for params in (theirs, ours))
    assert [len(each.prediction) for each in a] == [len(each.prediction) for each in b]
    assert same([e.prediction.poses for e in a], [e.prediction.poses for e in b])


@pytest.mark.parametrize(
    ("name", "params", "message"),
    [
        ("yolox_n", {"nms_top_k": 100}, "it takes no `nms_top_k`"),
        ("resnet18", {"conf": 0.5}, "it takes no `conf`"),
        ("resnet18", {"skip_image_resizing": True}, "it takes no `skip_image_resizing`"),
        ("ddrnet_23_slim", {"iou": 0.5}, "it takes no `iou`"),
        ("yolo_nas_pose_n", {"nms_top_k": 5}, "post_nms_max_predictions must be less"),
        ("yolo_nas_pose_n", {"nms_top_k": 5, "pre_nms_max_predictions": 6}, "mean the same"),
    ],
)
def test_what_a_model_does_not_take_is_refused(
    make_model: Make, name: str, params: dict[str, Any], message: str
):
    with pytest.raises(InvalidArgumentError, match=message):
        predictor_for(make_model(name), params=params)


# Images


KINDS = {
    "grey": lambda image: image.convert("L"),
    "rgba": lambda image: image.convert("RGBA"),
    "palette": lambda image: image.convert("P"),
    "one-bit": lambda image: image.convert("1"),
    "grey with alpha": lambda image: image.convert("LA"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_image_is_read_as_predict_reads_it(
    detector: nn.Module, pictures: list[str], tmp_path: Path, kind: str
):
    url = str(tmp_path / "image.png")
    KINDS[kind](Image.open(pictures[0])).save(url)
    ours = collected(predictor_for(detector), [url])
    assert same(boxes(ours), boxes(predicted(detector, [url])))


def test_what_predict_reads_otherwise_is_read_as_it_was_trained(
    detector: nn.Module, pictures: list[str], tmp_path: Path
):
    """`predict` turns no image and cuts 16 bits off; the datasets read both with OpenCV."""
    image = Image.open(pictures[1])
    exif = image.getexif()
    exif[0x0112] = 6  # to be turned by a quarter
    image.save(tmp_path / "turned.jpg", exif=exif)
    deep = np.asarray(image.convert("L")).astype(np.uint16) * 257
    Image.fromarray(deep).save(tmp_path / "deep.png")
    for name in ("turned.jpg", "deep.png"):
        url = str(tmp_path / name)
        trained = cv2.imread(url)[:, :, ::-1]
        (ours,) = collected(predictor_for(detector), [url])
        assert same(boxes([ours]), boxes(predicted(detector, [trained.copy()])))
        np.testing.assert_array_equal(ours.image, trained)


def test_a_url_of_a_file_is_read(detector: nn.Module, tmp_path: Path, pictures: list[str]):
    path = tmp_path / "with space.png"
    path.write_bytes(Path(pictures[0]).read_bytes())
    ours, theirs = collected(predictor_for(detector), [path.as_uri(), str(path)])
    assert same(boxes([ours]), boxes([theirs]))


def test_images_of_their_own_size_need_not_agree(detector: nn.Module, pictures: list[str]):
    # `predict` refuses a list of them.
    params = {"skip_image_resizing": True, "fuse_model": False, "conf": 0.2}
    ours = collected(predictor_for(detector, params=params), pictures)
    for a, b in zip(boxes(ours), boxes(predicted(detector, pictures, **params)), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-3)
    assert sum(len(each.prediction) for each in ours) > 0


def test_workers_give_the_same_numbers(detector: nn.Module, pictures: list[str]):
    asked = predictor_for(detector)
    alone, together = (
        collected(asked, pictures, batch_size=2, dataloader_args={"num_workers": workers})
        for workers in (0, 2)
    )
    assert same(boxes(alone), boxes(together))


def test_what_travels_to_workers_is_small(detector: nn.Module, pictures: list[str]):
    load = predictor_for(detector).load
    sent = pickle.dumps(load)
    assert len(sent) < 10_000
    ours, theirs = pickle.loads(sent)(pictures[0]), load(pictures[0])
    assert isinstance(ours, Item)
    assert np.array_equal(ours.image, theirs.image)


# Prediction objects


DRAWN = {
    "yolo_nas_s": ("ImageDetectionPrediction", "ImagesDetectionPrediction"),
    "yolo_nas_pose_n": ("ImagePoseEstimationPrediction", "ImagesPoseEstimationPrediction"),
    "pp_lite_t_seg": ("ImageSegmentationPrediction", "ImagesSegmentationPrediction"),
    "resnet18": ("ImageClassificationPrediction", "ImagesClassificationPrediction"),
}


@pytest.mark.filterwarnings("ignore:Mean of empty slice", "ignore:invalid value")  # no joint
@pytest.mark.parametrize("name", DRAWN)
def test_predictions_are_the_objects_of_super_gradients(
    make_model: Make, pictures: list[str], tmp_path: Path, name: str
):
    asked = predictor_for(make_model(name))
    first, *rest = found = collected(asked, pictures)
    one, several = (getattr(sg_predict, kind) for kind in DRAWN[name])
    assert isinstance(first, one)
    assert np.array_equal(first.image, np.asarray(Image.open(pictures[0])))
    drawn = first.draw()
    assert drawn.shape[1] == first.image.shape[1]  # a legend may stand below
    assert not np.array_equal(drawn, first.image)
    together = asked.combine(found)
    assert isinstance(together, several)
    assert together[1] is rest[0]
    assert len(together) == len(pictures)
    together.save(str(tmp_path))
    assert len(list(tmp_path.iterdir())) == len(pictures)
    assert not hasattr(mpl.cm, "get_cmap")


def test_predictions_hold_no_image(detector: nn.Module, pictures: list[str]):
    (found, *_) = collected(predictor_for(detector), pictures)
    assert found.image_url == pictures[0]
    assert len(pickle.dumps(found)) < 20_000
    assert "image='" in repr(found)
    found.image = np.zeros((2, 2, 3), np.uint8)
    assert found.image.shape == (2, 2, 3)
    assert found.image_url is None


def test_class_names_are_there(detector: nn.Module, pictures: list[str]):
    found = collected(predictor_for(detector, class_names=list("abcde")), pictures)
    assert found[0].class_names == list("abcde")


# Copies and wrappers


def test_weights_that_changed_change_the_predictions(classifier: nn.Module, pictures: list[str]):
    # `predict` goes on with the fused copy that it made first.
    asked = predictor_for(classifier)
    before = [each.prediction.confidence for each in collected(asked, pictures)]
    state = {name: value.clone() for name, value in classifier.state_dict().items()}
    with torch.no_grad():
        classifier.linear.weight.mul_(3)
    after = [each.prediction.confidence for each in collected(asked, pictures)]
    classifier.load_state_dict(state)
    assert before != after


def test_the_fused_copy_is_gone_afterwards(detector: nn.Module, pictures: list[str]):
    asked = predictor_for(detector)
    with asked.running():
        copy = weakref.ref(asked.prepare(torch.zeros(1, 3, 96, 96)))
        assert copy() is not detector
    gc.collect()
    assert copy() is None


def test_a_wrapper_of_several_devices_is_opened(classifier: nn.Module):
    assert predictor_for(nn.DataParallel(classifier)).model is classifier


def test_a_copy_without_processing_params_takes_those_of_its_model(
    make_model: Make, pictures: list[str]
):
    model = make_model("yolo_nas_s")
    known = processing_params(model)
    forgotten = {name: getattr(model, name) for name in ("_class_names", "_image_processor")}
    theirs = boxes(predicted(model, pictures, fuse_model=False))
    for name in forgotten:  # as a moving average that was made before the training
        setattr(model, name, None)
    try:
        with pytest.raises(CollectionError, match="has no `class_names`, `image_processor`"):
            predictor_for(model)
        asked = predictor_for(model, processing=known, params={"fuse_model": False})
        assert same(boxes(collected(asked, pictures, batch_size=1)), theirs)
        assert model._class_names is None
    finally:
        for name, value in forgotten.items():
            setattr(model, name, value)


def test_processing_may_be_a_recipe(classifier: nn.Module, pictures: list[str]):
    recipe = [{"Resize": {"size": 72}}, {"CenterCrop": {"size": 64}}, "StandardizeImage"]
    steps = [sg.Resize(72), sg.CenterCrop(64), sg.StandardizeImage(), sg.ImagePermute()]
    asked = [
        predictor_for(classifier, processing={"image_processor": processor})
        for processor in ([*recipe, "ImagePermute"], sg.ComposeProcessing(steps), steps)
    ]
    a, b, c = ([each.prediction for each in collected(each, pictures)] for each in asked)
    assert a == b == c


def test_an_unknown_processing_parameter_is_refused(classifier: nn.Module):
    with pytest.raises(InvalidArgumentError, match="`image_procesor` is none"):
        predictor_for(classifier, processing={"image_procesor": 3})


def test_images_of_a_size_that_the_network_does_not_take_are_an_error(
    detector: nn.Module, pictures: list[str]
):
    steps = [sg.DetectionRescale((50, 50)), sg.ImagePermute(), sg.StandardizeImage()]
    asked = predictor_for(detector, processing={"image_processor": steps})
    with pytest.raises(CollectionError, match="does not take the preprocessed images"):
        collected(asked, pictures)


# Tasks, layers, boxes


def test_a_task_that_no_class_tells_must_be_named(pictures: list[str], classifier: nn.Module):
    network = nn.Sequential(nn.Conv2d(3, 5, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten())
    known = processing_params(classifier)
    with pytest.raises(InvalidArgumentError, match="must be known"):
        task_of(network)
    asked = predictor_for(network, task="classification", processing=known, embedding_layer="0")
    assert len(collected(asked, pictures, embeddings=True)) == len(pictures)


def test_an_unknown_task_is_refused(classifier: nn.Module):
    with pytest.raises(InvalidArgumentError, match="`task` must be a task"):
        predictor_for(classifier, task="detecting")


def test_a_network_without_a_backbone_needs_a_named_layer(classifier: nn.Module):
    network, known = nn.Sequential(nn.Conv2d(3, 5, 1)), processing_params(classifier)
    asked = predictor_for(network, task="classification", processing=known)
    with pytest.raises(InvalidArgumentError, match="`embedding_layer` must be named"):
        infer(asked, [], embeddings=True)


@pytest.mark.parametrize("name", ["yolo_nas_s", "yolo_nas_pose_n"])
def test_boxes_go_to_the_input_and_come_back(make_model: Make, pictures: list[str], name: str):
    asked = predictor_for(make_model(name))
    size, metadata = asked.load(pictures[0]).image.shape[1:], asked.load(pictures[0]).metadata
    whole = np.array([[0, 0, 128, 96]])  # the first picture is 96 pixels high and 128 wide
    np.testing.assert_allclose(asked.boxes_to_input(whole, metadata), [[0, 0, 96, 72]], rtol=1e-5)
    assert size == (96, 96)


def test_objects_have_embeddings(detector: nn.Module, pictures: list[str]):
    asked = predictor_for(detector)
    boxes = {"found": lambda _rows, found: predicted_boxes(found)}
    (chunk,) = infer(asked, pictures, object_boxes=boxes)
    counts = [len(each.prediction) for each in chunk.predictions]
    vectors = chunk.object_embeddings["found"]
    assert [each.shape for each in vectors] == [(count, 768) for count in counts]


def test_classes_of_images_have_no_boxes(classifier: nn.Module, pictures: list[str]):
    asked = predictor_for(classifier)
    boxes = {"none": lambda rows, _: [np.zeros((0, 4))] * len(rows)}
    with pytest.raises(InvalidArgumentError, match="but this is classification"):
        list(infer(asked, pictures, object_boxes=boxes))


def test_raw_logits_come_before_the_predictions(classifier: nn.Module, pictures: list[str]):
    def on_raw(raw: torch.Tensor, _batch: Any) -> dict[str, Any]:
        return {"top": raw.softmax(dim=1).max(dim=1).values.tolist()}

    (chunk,) = infer(predictor_for(classifier), pictures, on_raw=on_raw)
    assert chunk.columns["top"] == [each.prediction.confidence for each in chunk.predictions]


def predicted_boxes(found: list[Any]) -> list[np.ndarray]:
    return [each.prediction.bboxes_xyxy for each in found]
