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
