"""How long do matches, kinds of errors and average precision take beside faster-coco-eval?

    python benchmarks/matching.py [--images 5000] [--rounds 5]

Draws COCO-like boxes (80 classes, about 7 objects and 20 predictions an image) and evaluates them
with both, one after the other in every round. faster-coco-eval gives average precision only, as it
comes over four area ranges and three limits, cut down to the one of each that ours uses. Ours adds
the match, the overlap and the kind of error of every box and the numbers of every image, and its
time includes turning lists into arrays; indexing annotations is not in the other's.
"""

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np
from faster_coco_eval import COCO, COCOeval_faster

from samplewise.metrics.average_precision import class_average_precision
from samplewise.metrics.detection import DetectionBatch, detection_metrics

CLASSES = np.setdiff1d(np.arange(1, 91), [12, 26, 29, 30, 45, 66, 68, 69, 71, 83])  # COCO's gaps


def draw(images: int, seed: int) -> dict[str, list[np.ndarray]]:
    """Boxes as a detector would find them: shifted, doubled, misnamed, overlooked, invented."""
    rng = np.random.default_rng(seed)
    columns: dict[str, list[np.ndarray]] = {
        name: []
        for name in (
            "predicted_boxes",
            "predicted_labels",
            "confidences",
            "ground_truth_boxes",
            "ground_truth_labels",
            "is_crowd",
        )
    }
    for _ in range(images):
        t = rng.poisson(7.26)
        truths, labels = _boxes(rng, t), rng.choice(rng.choice(CLASSES, 4), t)
        p = rng.integers(10, 31)
        source = rng.integers(0, max(t, 1), p)
        is_near = (rng.random(p) < 0.6) & (t > 0)
        predicted, named = _boxes(rng, p), rng.choice(CLASSES, p)
        near = source[is_near]
        size = np.tile(truths[near, 2:] - truths[near, :2], 2)
        predicted[is_near] = truths[near] + size * rng.normal(0, 0.08, size.shape)
        right = rng.random(len(near)) < 0.9
        named[np.flatnonzero(is_near)[right]] = labels[near[right]]
        row = (predicted, named, rng.random(p), truths, labels, rng.random(t) < 0.01)
        for name, values in zip(columns, row, strict=True):
            columns[name].append(values)
    return columns


def _boxes(rng: np.random.Generator, count: int) -> np.ndarray:
    centre = rng.uniform(0, 640, (count, 2))
    half = np.exp(rng.uniform(np.log(8), np.log(200), (count, 2)))
    return np.hstack([centre - half, centre + half])


def as_coco(columns: dict[str, list[np.ndarray]]) -> tuple[dict, list[dict]]:
    """The same boxes as the dictionaries of COCO files."""
    truths, detections = [], []
    for image, row in enumerate(zip(*columns.values(), strict=True)):
        predicted, named, scores, boxes, labels, crowd = row
        for box, label, score in zip(_xywh(predicted), named.tolist(), scores, strict=True):
            detections.append(
                {"image_id": image, "category_id": label, "bbox": box, "score": float(score)}
            )
        for box, label, is_crowd in zip(_xywh(boxes), labels.tolist(), crowd, strict=True):
            truths.append(
                {
                    "id": len(truths) + 1,
                    "image_id": image,
                    "category_id": label,
                    "bbox": box,
                    "area": box[2] * box[3],
                    "iscrowd": int(is_crowd),
                }
            )
    data = {
        "images": [{"id": i, "width": 640, "height": 640} for i in range(image + 1)],
        "annotations": truths,
        "categories": [{"id": label, "name": str(label)} for label in CLASSES.tolist()],
    }
    return data, detections


def _xywh(boxes: np.ndarray) -> list[list[float]]:
    return np.hstack([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]]).tolist()


def with_ours(columns: dict[str, list[np.ndarray]]) -> float:
    """Match, overlap and kind of every box, numbers of every image, AP of the whole."""
    batch = DetectionBatch.from_images(**columns)
    average_precision = class_average_precision(batch, detection_metrics(batch).matches).mean()
    assert average_precision is not None
    return average_precision


def with_coco_eval(truth: COCO, results: COCO, *, cut_down: bool) -> float:
    """Average precision of the whole; `cut_down`: without area ranges and limits."""
    evaluation = COCOeval_faster(truth, results, "bbox", print_function=lambda *_: None)
    if cut_down:
        evaluation.params.areaRng, evaluation.params.areaRngLbl = [[0, 1e10]], ["all"]
        evaluation.params.maxDets = [100]
    evaluation.evaluate()
    evaluation.accumulate()
    precision = evaluation.eval["precision"].reshape(
        10, 101, len(CLASSES), len(evaluation.params.areaRng), len(evaluation.params.maxDets)
    )[..., 0, -1]
    return float(precision[precision > -1].mean())


def timed(function: Callable[[], float]) -> tuple[float, float]:
    """Seconds and result of one call."""
    start = time.perf_counter()
    result = function()
    return time.perf_counter() - start, result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    columns = draw(options.images, seed=0)
    data, detections = as_coco(columns)
    truth = COCO(data)
    results = truth.loadRes(detections)
    work = {
        "ours": lambda: with_ours(columns),
        "faster-coco-eval": lambda: with_coco_eval(truth, results, cut_down=False),
        "faster-coco-eval, cut down": lambda: with_coco_eval(truth, results, cut_down=True),
    }
    seconds: dict[str, list[float]] = {name: [] for name in work}
    found: dict[str, float] = {}
    for _ in range(options.rounds):
        for name, function in work.items():
            duration_s, found[name] = timed(function)
            seconds[name].append(duration_s)
    print(f"{options.images} images, {len(detections)} predictions, {len(data['annotations'])}")
    print(f"ground truths, {options.rounds} rounds; ratio = time / ours in the same round\n")
    print(f"{'':28}{'median s':>10}{'ratio':>8}{'min':>8}{'max':>8}  AP@[.50:.95]")
    for name, durations in seconds.items():
        ratios = [other / ours for other, ours in zip(durations, seconds["ours"], strict=True)]
        print(
            f"{name:28}{statistics.median(durations):10.3f}{statistics.median(ratios):8.2f}"
            f"{min(ratios):8.2f}{max(ratios):8.2f}  {found[name]:.12f}"
        )
    worst = max(abs(value - found["ours"]) for value in found.values())
    print(f"\nlargest difference in AP: {worst:.1e}")
    if worst > 1e-12:
        raise SystemExit("the average precisions differ")


if __name__ == "__main__":
    main()
