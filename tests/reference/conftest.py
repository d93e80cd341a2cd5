"""Scenes drawn by code, and what pycocotools says of them."""

import contextlib
import io
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pytest
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from samplewise.metrics.detection import DetectionBatch
from samplewise.metrics.pose import PoseBatch


class Scene(NamedTuple):
    """Objects of one image; boxes lie on a grid so that overlaps tie and conversions are exact."""

    predicted_boxes: np.ndarray
    predicted_labels: np.ndarray
    confidences: np.ndarray
    boxes: np.ndarray
    labels: np.ndarray
    is_crowd: np.ndarray
    areas: np.ndarray


def _draw_boxes(rng: np.random.Generator, count: int, step: float, extent: int) -> np.ndarray:
    corner = rng.integers(0, extent, (count, 2)) * step
    return np.hstack([corner, corner + rng.integers(1, extent, (count, 2)) * step])


def _draw_scene(rng: np.random.Generator, labels: np.ndarray) -> Scene:
    step, extent = rng.choice([0.25, 1.0, 16.0]), int(rng.integers(3, 12))
    t, p = rng.integers(0, 8), rng.integers(0, 14)
    boxes = _draw_boxes(rng, t, step, extent)
    predicted = _draw_boxes(rng, p, step, extent)
    if t and p:  # some predictions lie on an object or near one
        near = boxes[rng.integers(0, t, p)] + rng.integers(-1, 2, (p, 4)) * step * rng.integers(
            0, 2
        )
        valid = (near[:, 2:] > near[:, :2]).all(axis=1) & (rng.random(p) < 0.7)
        predicted[valid] = near[valid]
    return Scene(
        predicted,
        rng.choice(labels, p),
        rng.integers(0, 8, p) / 8,  # ties
        boxes,
        rng.choice(labels[:-1], t),
        rng.random(t) < 0.25,
        np.prod(boxes[:, 2:] - boxes[:, :2], axis=1) * rng.choice([0.5, 1.0], t),
    )


@pytest.fixture(scope="session")
def draw_scenes() -> Callable[..., list[Scene]]:
    """Images with tied overlaps and confidences, crowd regions, and labels with gaps."""

    def draw(seed: int, n: int | None = None) -> list[Scene]:
        rng = np.random.default_rng(seed)
        labels = np.sort(rng.choice([-7, 0, 1, 2, 5, 90, 10**12], 4, replace=False))
        return [_draw_scene(rng, labels) for _ in range(n or rng.integers(1, 6))]

    return draw


@pytest.fixture(scope="session")
def to_batch() -> Callable[[list[Scene]], DetectionBatch]:
    def convert(scenes: list[Scene]) -> DetectionBatch:
        columns = zip(*scenes, strict=True) if scenes else [[]] * len(Scene._fields)
        names = (
            "predicted_boxes",
            "predicted_labels",
            "confidences",
            "ground_truth_boxes",
            "ground_truth_labels",
            "is_crowd",
            "ground_truth_areas",
        )
        return DetectionBatch.from_images(**dict(zip(names, columns, strict=True)))

    return convert


@pytest.fixture(scope="session")
def coco_matches() -> Callable[..., tuple[np.ndarray, ...]]:
    """Matches by flat row out of pycocotools' dictionaries; 0 is no match, rows count from 1.

    Returns what predictions found, which are ignored, what found the ground truths, and which
    predictions pycocotools looked at: not those of classes that no ground truth has.
    """

    def read(evaluation: COCOeval, p: int, t: int) -> tuple[np.ndarray, ...]:
        s = len(evaluation.params.iouThrs)
        predictions, ignored = np.zeros((s, p), int), np.zeros((s, p), bool)
        truths, seen = np.zeros((s, t), int), np.zeros(p, bool)
        for image in filter(None, evaluation.evalImgs):
            rows = np.array(image["dtIds"], int) - 1
            seen[rows] = True
            predictions[:, rows] = image["dtMatches"]
            ignored[:, rows] = image["dtIgnore"]
            truths[:, np.array(image["gtIds"], int) - 1] = image["gtMatches"]
        return predictions, ignored, truths, seen

    return read


def _quiet(function: Callable, *args):
    with contextlib.redirect_stdout(io.StringIO()):
        return function(*args)


def load_coco(images: int, annotations: list[dict], detections: list[dict]) -> tuple[COCO, COCO]:
    """Ground truth and results as pycocotools holds them."""
    truth = COCO()
    truth.dataset = {
        "images": [{"id": i, "height": 2048, "width": 2048} for i in range(images)],
        "annotations": annotations,
        "categories": [{"id": i} for i in sorted({a["category_id"] for a in annotations})],
        "info": {},
    }
    _quiet(truth.createIndex)
    if detections:
        return truth, _quiet(truth.loadRes, detections)
    results = COCO()
    results.dataset = {"images": truth.dataset["images"], "annotations": [], "categories": []}
    _quiet(results.createIndex)
    return truth, results


@pytest.fixture(scope="session")
def coco_detection() -> Callable[..., COCOeval]:
    """pycocotools' evaluation of some scenes; ids count from 1 in the order of the batch."""

    def evaluate(scenes: list[Scene], **params) -> COCOeval:
        truths = [
            {
                "id": 0,
                "image_id": image,
                "category_id": int(label),
                "bbox": _xywh(box),
                "area": float(area),
                "iscrowd": int(crowd),
            }
            for image, scene in enumerate(scenes)
            for box, label, crowd, area in zip(
                scene.boxes, scene.labels, scene.is_crowd, scene.areas, strict=True
            )
        ]
        for row, truth in enumerate(truths):
            truth["id"] = row + 1
        detections = [
            {
                "image_id": image,
                "category_id": int(label),
                "bbox": _xywh(box),
                "score": float(score),
            }
            for image, scene in enumerate(scenes)
            for box, label, score in zip(
                scene.predicted_boxes, scene.predicted_labels, scene.confidences, strict=True
            )
        ]
        evaluation = COCOeval(*load_coco(len(scenes), truths, detections), "bbox")
        for name, value in params.items():
            setattr(evaluation.params, name, value)
        _quiet(evaluation.evaluate)
        _quiet(evaluation.accumulate)
        return evaluation

    return evaluate


def _xywh(box: np.ndarray) -> list[float]:
    return [float(v) for v in (*box[:2], *(box[2:] - box[:2]))]


class People(NamedTuple):
    """Poses of one image, on a grid so that similarities tie."""

    predicted_joints: np.ndarray
    predicted_labels: np.ndarray
    confidences: np.ndarray
    joints: np.ndarray
    visibility: np.ndarray
    labels: np.ndarray
    boxes: np.ndarray
    areas: np.ndarray
    is_crowd: np.ndarray


def _draw_people(rng: np.random.Generator, k: int) -> People:
    step = rng.choice([1.0, 4.0])
    t, p = rng.integers(0, 6), rng.integers(0, 9)
    boxes = _draw_boxes(rng, t, step * 8, 6)
    size = boxes[:, 2:] - boxes[:, :2]
    share = rng.integers(0, 9, (t, k, 2)) / 8
    joints = boxes[:, None, :2] + share * size[:, None]
    predicted = rng.integers(0, 60, (p, k, 2)) * step
    if t and p:
        near = joints[rng.integers(0, t, p)] + rng.integers(-2, 3, (p, k, 2)) * step
        chosen = rng.random(p) < 0.8
        predicted[chosen] = near[chosen]
    visibility = rng.integers(0, 3, (t, k))
    visibility[rng.random(t) < 0.2] = 0
    return People(
        predicted,
        rng.choice([1, 7], p),
        rng.integers(0, 8, p) / 8,
        joints,
        visibility,
        rng.choice([1, 7], t),
        boxes,
        np.prod(size, axis=1) * rng.choice([0.5, 1.0], t),
        rng.random(t) < 0.2,
    )


@pytest.fixture(scope="session")
def draw_people() -> Callable[..., list[People]]:
    """Images with poses: tied, without labelled joints, crowds, of two classes."""

    def draw(seed: int, n: int | None = None) -> list[People]:
        rng = np.random.default_rng(seed)
        k = int(rng.integers(1, 20))
        return [_draw_people(rng, k) for _ in range(n or rng.integers(1, 5))]

    return draw


@pytest.fixture(scope="session")
def to_pose_batch() -> Callable[[list[People]], PoseBatch]:
    def convert(people: list[People]) -> PoseBatch:
        names = (
            "predicted_joints",
            "predicted_labels",
            "confidences",
            "ground_truth_joints",
            "visibility",
            "ground_truth_labels",
            "ground_truth_boxes",
            "ground_truth_areas",
            "is_crowd",
        )
        return PoseBatch.from_images(**dict(zip(names, zip(*people, strict=True), strict=True)))

    return convert


@pytest.fixture(scope="session")
def coco_pose() -> Callable[..., COCOeval]:
    """pycocotools' evaluation of some poses; ids count from 1 in the order of the batch."""

    def evaluate(people: list[People], sigmas: np.ndarray, **params) -> COCOeval:
        truths, detections = [], []
        for image, one in enumerate(people):
            for row in range(len(one.joints)):
                flat = np.concatenate([one.joints[row], one.visibility[row][:, None]], axis=1)
                truths.append(
                    {
                        "id": len(truths) + 1,
                        "image_id": image,
                        "category_id": int(one.labels[row]),
                        "bbox": _xywh(one.boxes[row]),
                        "area": float(one.areas[row]),
                        "iscrowd": int(one.is_crowd[row]),
                        "keypoints": flat.ravel().tolist(),
                        "num_keypoints": int((one.visibility[row] > 0).sum()),
                    }
                )
            for row in range(len(one.predicted_joints)):
                flat = np.pad(one.predicted_joints[row], ((0, 0), (0, 1)), constant_values=1)
                detections.append(
                    {
                        "image_id": image,
                        "category_id": int(one.predicted_labels[row]),
                        "keypoints": flat.ravel().tolist(),
                        "score": float(one.confidences[row]),
                    }
                )
        evaluation = COCOeval(*load_coco(len(people), truths, detections), "keypoints")
        evaluation.params.kpt_oks_sigmas = sigmas
        for name, value in params.items():
            setattr(evaluation.params, name, value)
        _quiet(evaluation.evaluate)
        _quiet(evaluation.accumulate)
        return evaluation

    return evaluate
