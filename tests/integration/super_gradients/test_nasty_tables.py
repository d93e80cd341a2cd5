"""Tables as they are in the wild, in each task: odd files, missing labels, diverged networks."""

from collections.abc import Callable
from typing import Any, NamedTuple

import cv2
import numpy as np
import pytest
import torch
from super_gradients.training import models
from super_gradients.training.processing import processing as sg
from torch import nn

from samplewise import Table, data_types, init, schemas, set_active_run
from samplewise.demo.scenes import NastyImage, draw_nasty_images
from samplewise.integration.super_gradients import (
    ClassificationMetricsCollectionCallback,
    DetectionMetricsCollectionCallback,
    PoseEstimationMetricsCollectionCallback,
    SegmentationMetricsCollectionCallback,
)

CLASSES = {3: "cat", 70: "dog"}
JOINTS = np.array([[4, 4, 2], [20, 20, 1], [0, 0, 0]])
SIZE = (64, 64)
HUGE = 1e7
UNKNOWN_WHITE = ("float_tiff",)
READ_OTHERWISE = ("exif_rotated", "exif_mirrored", "sixteen_bit")


class Task(NamedTuple):
    """One task: a network, how it sees, and what labels are like."""

    kind: type
    network: Callable[[], nn.Module]
    steps: list[sg.Processing]
    known: dict[str, Any]
    schema: Any
    label: Callable[[int, int], Any]
    predicted: str
    always: str


def _boxes(width, height):
    value = data_types.BoundingBoxes2D.create_empty(width, height)
    value.add_instance([-HUGE, -HUGE, HUGE, HUGE], label=70)
    value.add_instance([2, 2, 20, 20], label=3)
    return value


def _poses(width, height):
    value = data_types.Keypoints2D.create_empty(width, height)
    value.add_instance(JOINTS, 3, bounding_box=[0, 0, HUGE, HUGE])
    return value


TASKS = {
    "detection": Task(
        DetectionMetricsCollectionCallback,
        lambda: models.get("yolox_n", num_classes=2),
        [sg.DetectionRescale(SIZE), sg.StandardizeImage(), sg.ImagePermute()],
        {"class_names": ["cat", "dog"], "iou": 0.6, "conf": 1e-6},
        schemas.BoundingBoxes2DSchema(CLASSES),
        _boxes,
        "bbs_predicted",
        "n_predictions",
    ),
    "pose": Task(
        PoseEstimationMetricsCollectionCallback,
        lambda: models.get("yolo_nas_pose_n", num_classes=3),
        [sg.KeypointsRescale(SIZE), sg.StandardizeImage(), sg.ImagePermute()],
        {
            "edge_links": [[0, 1]],
            "edge_colors": [(0, 0, 0)],
            "keypoint_colors": [(0, 0, 0)] * 3,
            "conf": 0.001,
        },
        schemas.Keypoints2DSchema(CLASSES, joint_names=["a", "b", "c"], oks_sigmas=[0.1] * 3),
        _poses,
        "keypoints_2d_predicted",
        "n_predictions",
    ),
    "segmentation": Task(
        SegmentationMetricsCollectionCallback,
        lambda: models.get("pp_lite_t_seg", num_classes=2, arch_params={"use_aux_heads": False}),
        [sg.SegmentationResize((128, 128)), sg.StandardizeImage(), sg.ImagePermute()],
        {"class_names": ["cat", "dog"]},
        schemas.SemanticSegmentationSchema(CLASSES, ignore_label=255),
        lambda width, height: np.full((height, width), 70),
        "segmentation_predicted",
        "segmentation_predicted",
    ),
    "classification": Task(
        ClassificationMetricsCollectionCallback,
        lambda: models.get("resnet18", num_classes=2),
        [sg.Resize(64), sg.CenterCrop(64), sg.StandardizeImage(), sg.ImagePermute()],
        {"class_names": ["cat", "dog"]},
        schemas.CategoricalLabelSchema(CLASSES),
        lambda width, height: 70,
        "predicted_label",
        "confidence",
    ),
}


@pytest.fixture(autouse=True)
def no_active_run():
    set_active_run(None)
    yield
    set_active_run(None)


@pytest.fixture(scope="module", params=TASKS)
def task(request) -> Task:
    return TASKS[request.param]


@pytest.fixture(scope="module")
def model(task) -> nn.Module:
    torch.manual_seed(0)
    network = task.network().eval()
    steps = sg.ComposeProcessing(task.steps)
    network.set_dataset_processing_params(image_processor=steps, **task.known)
    return network


@pytest.fixture(scope="module")
def images(tmp_path_factory) -> list[NastyImage]:
    """Without those too long for classification's crop of the middle."""
    drawn = draw_nasty_images(tmp_path_factory.mktemp("nasty"))
    return [each for kind, each in drawn.items() if kind != "thin"]


@pytest.fixture
def collect(task, model, tmp_path):
    """Collects on rows of images and labels; returns the stored rows."""

    def collected(images, labels, network=model, **options):
        name = task.kind(**options).label_column_name
        table = Table.from_dict(
            {"image": images, name: labels},
            {"image": schemas.ImageSchema(), name: task.schema},
            dataset_name="nasty",
            project_name="nasty",
            root_url=str(tmp_path),
            if_exists="rename",
        )
        run = init("nasty", root_url=str(tmp_path))
        params = {"pipeline_params": {"fuse_model": False}, "dataloader_args": {"num_workers": 0}}
        task.kind(**{**params, **options}).collect_metrics_direct(network, [table])
        return run.metrics().to_pylist()

    return collected


def test_every_file_has_a_row_and_those_without_a_picture_say_why(task, collect, images):
    paths = [str(each.path) for each in images]
    labels = [task.label(*(each.size or (48, 32))) for each in images]
    rows = collect([*paths, None], [*labels, None])
    assert [row["example_id"] for row in rows] == list(range(len(rows)))
    readable = [each.readable and each.kind not in UNKNOWN_WHITE for each in images] + [False]
    assert [row["collection_error"] is None for row in rows] == readable
    assert [row[task.always] is not None for row in rows] == readable


def test_predictions_of_odd_files_are_those_of_predict(task, collect, model, images):
    readable = [each for each in images if each.readable and each.kind not in UNKNOWN_WHITE]
    paths = [str(each.path) for each in readable]
    rows = collect(paths, [None] * len(paths), batch_size=4)
    # What `predict` reads otherwise than the datasets is given to it as they read it.
    asked = [
        cv2.imread(path)[:, :, ::-1].copy() if each.kind in READ_OTHERWISE else path
        for each, path in zip(readable, paths, strict=True)
    ]
    # Half precision only warns on a CPU.
    said = list(model.predict(asked, fuse_model=False, fp16=False))
    for row, image in zip(rows, said, strict=True):
        stored, predicted = _stored_and_predicted(row[task.predicted], image.prediction)
        assert len(stored) > 0
        np.testing.assert_array_equal(stored, predicted)


def test_where_there_are_no_labels_predictions_are_stored_all_the_same(task, collect, images):
    (row,) = collect([str(images[0].path)], [None])
    assert row["collection_error"] is None
    assert row[task.predicted] is not None


@pytest.mark.parametrize("task", ["detection", "pose"], indirect=True, scope="module")
def test_an_image_in_which_nothing_is_seen_has_missed_everything(task, collect, images):
    params = {"pipeline_params": {"fuse_model": False, "conf": 1.0}}
    (row,) = collect([str(images[0].path)], [task.label(*images[0].size)], **params)
    assert row[task.predicted]["instances"] == []
    assert (row["n_predictions"], row["recall"], row["f1"]) == (0, 0.0, 0.0)
    assert row["precision"] is None
    assert row["false_negatives"] == row["n_ground_truths"] > 0


def test_a_table_without_rows_is_no_failure(collect):
    assert collect([], []) == []


def test_a_diverged_network_costs_no_collection(task, collect, model, images):
    broken = task.network().eval()
    steps = sg.ComposeProcessing(task.steps)
    broken.set_dataset_processing_params(image_processor=steps, **task.known)
    for parameter in broken.parameters():
        parameter.data.fill_(float("nan"))
    paths = [str(each.path) for each in images[:3]]
    rows = collect(paths, [task.label(*images[0].size)] * 3, network=broken)
    assert [row["collection_error"] for row in rows] == [None] * 3
    assert not [name for row in rows for name, value in row.items() if _is_nan(value)]


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and np.isnan(value)


def _stored_and_predicted(stored: Any, prediction: Any) -> tuple[Any, Any]:
    """What a row holds and what `predict` says: boxes, numbers of poses, pixels or the class."""
    ids = np.array(sorted(CLASSES))
    if hasattr(prediction, "bboxes_xyxy") and hasattr(prediction, "labels"):
        return [list(box.values()) for box in stored["instances"]], prediction.bboxes_xyxy
    if hasattr(prediction, "poses"):
        return range(len(stored["instances"])), range(len(prediction.scores))
    if hasattr(prediction, "segmentation_map"):
        pixels = data_types.SemanticSegmentation.from_stored(stored).load()
        return pixels, ids[prediction.segmentation_map]
    return [stored], [ids[int(prediction.label)]]
