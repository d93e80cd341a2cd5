"""Does our ranking of label issues find more planted errors than others, and how fast is it?

    python benchmarks/label_issues.py [--coco FOLDER] [--sets FOLDER ...] [--images 2000]

Labels with planted errors (one an image, a quarter of each kind, in 5 % and 20 % of the labels)
and predictions of a detector that did not see them, the same for all rankings:

- drawn labels, and those of COCO in a folder with `annotations.json`, with a simulated detector:
  it overlooks, misplaces and misnames objects and sees some that are not there;
- sets of a real detector's predictions: folders with `train|val/annotations.json`,
  `planted_errors.json` and `predictions.npz`.

Beside ours: the plain sort (a label by 1 - its largest overlap with any prediction, a prediction
that overlaps with no label by its confidence), and cleanlab's ObjectLab, installed into an
environment of its own, its three scores of a box joined by their maximum. Printed: average
precision of the ranking of boxes, of all kinds together and of each without the errors of the
others, with a 90 % interval of the difference from the plain sort (over images), and images a
second of one core.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from samplewise.metrics.boxes import pairwise_iou
from samplewise.metrics.detection_batch import DetectionBatch
from samplewise.metrics.label_issues import find_label_issues

KINDS = ("wrong_class", "badly_placed", "missing", "spurious")
_BOOTSTRAPS = 300

_OBJECTLAB = """
import json, sys, time
import numpy as np
from cleanlab.object_detection import rank
given = np.load(sys.argv[1], allow_pickle=True)["given"].item()
labels = [{"bboxes": b, "labels": c} for b, c in zip(given["boxes"], given["classes"])]
start = time.process_time()
scores = {
    name: getattr(rank, f"compute_{name}_box_scores")(labels=labels, predictions=given["seen"])
    for name in ("overlooked", "badloc", "swap")
}
seconds = time.process_time() - start
print(json.dumps({
    "seconds": seconds,
    **{name: [np.nan_to_num(np.asarray(v, float), nan=1.0).tolist() for v in values]
       for name, values in scores.items()},
}))
"""


@dataclass
class Case:
    """Labels with errors, and what is wrong with them.

    Args:
        name: What it is.
        boxes: Labelled boxes of each image.
        classes: Their classes.
        kinds: What is wrong with each label; empty where nothing is.
        removed: Boxes that lack a label, of each image.
        seen: Predicted boxes, classes and confidences of each image.
    """

    name: str
    boxes: list[np.ndarray]
    classes: list[np.ndarray]
    kinds: list[list[str]]
    removed: list[np.ndarray]
    seen: list[tuple[np.ndarray, np.ndarray, np.ndarray]]


@dataclass
class Ranking:
    """Suspects: image, score, label (-1 for none) and predicted box (for what is missing)."""

    image: np.ndarray
    score: np.ndarray
    label: np.ndarray
    box: np.ndarray
    images_a_second: float


def plant(boxes, classes, rate: float, rng: np.random.Generator):
    """Errors in a share of the labels, at most one an image."""
    total = sum(map(len, boxes))
    count = min(round(rate * total), sum(len(each) > 0 for each in boxes))
    chosen = rng.permutation([i for i, each in enumerate(boxes) if len(each)])[:count]
    known = np.unique(np.concatenate(classes))
    boxes, classes = [b.copy() for b in boxes], [c.copy() for c in classes]
    kinds = [[""] * len(each) for each in boxes]
    removed = [np.zeros((0, 4)) for _ in boxes]
    for number, image in enumerate(chosen):
        kind, at = KINDS[number % 4], rng.integers(len(boxes[image]))
        box = boxes[image][at].copy()
        size = np.tile(box[2:] - box[:2], 2)
        if kind == "wrong_class":
            classes[image][at] = rng.choice(known[known != classes[image][at]])
        elif kind == "badly_placed":
            while not 0.1 <= pairwise_iou(boxes[image][[at]], box[None])[0, 0] <= 0.6:
                boxes[image][at] = box + size * rng.uniform(-0.6, 0.6, 4)
                if (boxes[image][at][2:] <= boxes[image][at][:2]).any():
                    boxes[image][at] = box
        elif kind == "missing":
            removed[image] = box[None]
            boxes[image] = np.delete(boxes[image], at, axis=0)
            classes[image] = np.delete(classes[image], at)
            del kinds[image][at]
            continue
        else:
            extent = boxes[image][:, 2:].max(axis=0)
            corner = rng.uniform(0, 0.7, 2) * extent
            extra = np.concatenate([corner, corner + rng.uniform(0.1, 0.3, 2) * extent])
            boxes[image] = np.concatenate([boxes[image], extra[None]])
            classes[image] = np.append(classes[image], rng.choice(known))
            kinds[image].append(kind)
            continue
        kinds[image][at] = kind
    return boxes, classes, kinds, removed


def simulate(boxes, classes, rng: np.random.Generator):
    """What a detector that learned the true labels makes of each image."""
    known, seen = np.unique(np.concatenate(classes)), []
    for here, of_class in zip(boxes, classes, strict=True):
        size = np.maximum(np.tile(here[:, 2:] - here[:, :2], 2), 1.0)
        found = rng.random(len(here)) < 0.92
        copies = np.repeat(np.flatnonzero(found), 2)  # each object once well, once less so
        first = np.arange(len(copies)) % 2 == 0
        moved = here[copies] + size[copies] * rng.normal(0, np.where(first, 0.04, 0.12)[:, None])
        named = np.where(
            rng.random(len(copies)) < np.where(first, 0.05, 0.3),
            rng.choice(known, len(copies)),
            of_class[copies],
        )
        sure = np.where(first, rng.beta(5, 2, len(copies)), rng.beta(1.5, 6, len(copies)))
        count = rng.poisson(3)
        extent = here[:, 2:].max(axis=0) if len(here) else np.array([640.0, 480])
        corner = rng.uniform(0, 0.8, (count, 2)) * extent
        nothing = np.concatenate([corner, corner + rng.uniform(0.05, 0.4, (count, 2)) * extent], 1)
        confidences = np.concatenate([sure, rng.beta(1.2, 8, count)])
        keep = confidences >= 0.05
        seen.append(
            (
                np.concatenate([moved, nothing])[keep],
                np.concatenate([named, rng.choice(known, count)])[keep],
                confidences[keep],
            )
        )
    return seen


def drawn_labels(images: int, rng: np.random.Generator):
    """Boxes of eight classes."""
    boxes, classes = [], []
    for _ in range(images):
        count = rng.integers(1, 8)
        centre, half = rng.uniform(40, 600, (count, 2)), rng.uniform(10, 80, (count, 2))
        boxes.append(np.concatenate([centre - half, centre + half], axis=1))
        classes.append(rng.integers(0, 8, count))
    return boxes, classes


def coco_labels(folder: Path):
    """Boxes of a COCO file."""
    content = json.loads((folder / "annotations.json").read_text())
    by_image = {image["id"]: [] for image in content["images"]}
    for each in content["annotations"]:
        by_image[each["image_id"]].append((each["bbox"], each["category_id"]))
    boxes, classes = [], []
    for found in by_image.values():
        corner = np.array([box for box, _ in found], float).reshape(-1, 4)
        corner[:, 2:] += corner[:, :2]
        boxes.append(corner)
        classes.append(np.array([number for _, number in found], np.int64))
    return boxes, classes


def stored_case(folder: Path) -> Case:
    """A set of a real detector."""
    stored = np.load(folder / "predictions.npz")
    errors = json.loads((folder / "planted_errors.json").read_text())
    names = {"shifted_box": "badly_placed", "missing_box": "missing", "spurious_box": "spurious"}
    wrong = {
        (e["split"], e["annotation_id"]): names.get(e["kind"], e["kind"])
        for e in errors
        if e["kind"] != "missing_box"
    }
    case, number = Case(folder.name, [], [], [], [], []), 0
    for split in ("train", "val"):
        content = json.loads((folder / split / "annotations.json").read_text())
        ids = np.array(sorted(each["id"] for each in content["categories"]))
        for image in content["images"]:
            found = [a for a in content["annotations"] if a["image_id"] == image["id"]]
            box = np.array([a["bbox"] for a in found], float).reshape(-1, 4)
            lost = [
                e["true"]["bbox"]
                for e in errors
                if (e["split"], e["image_id"], e["kind"]) == (split, image["id"], "missing_box")
            ]
            gone = np.array(lost, float).reshape(-1, 4)
            for each in (box, gone):
                each[:, 2:] += each[:, :2]
            rows = stored["e10_boxes"][stored["e10_image"] == number].astype(float)
            rows = rows[rows[:, 5] >= 0.05]
            case.boxes.append(box)
            case.classes.append(np.array([a["category_id"] for a in found], np.int64))
            case.kinds.append([wrong.get((split, a["id"]), "") for a in found])
            case.removed.append(gone)
            case.seen.append((rows[:, :4], ids[rows[:, 4].astype(int)], rows[:, 5]))
            number += 1
    return case


def batch_of(case: Case) -> DetectionBatch:
    """The case in flat arrays."""
    return DetectionBatch.from_images(
        predicted_boxes=[boxes for boxes, _, _ in case.seen],
        predicted_labels=[classes for _, classes, _ in case.seen],
        confidences=[confidences for _, _, confidences in case.seen],
        ground_truth_boxes=case.boxes,
        ground_truth_labels=case.classes,
    )


def ours(case: Case) -> Ranking:
    """`find_label_issues`."""
    batch = batch_of(case)
    start = time.process_time()
    found = find_label_issues([batch])
    speed = len(case.boxes) / (time.process_time() - start)
    label = np.where(found.label < 0, -1, found.label - batch.ground_truth_offsets[found.image])
    box = np.zeros((len(label), 4))
    box[label < 0] = batch.predicted_boxes[found.prediction[label < 0]]
    return Ranking(found.image, found.score, label, box, speed)


def plain_sort(case: Case) -> Ranking:
    """Labels by what overlaps least; predictions on nothing by their confidence.

    Predictions that overlap with each other are one: of the variants that were tried the best.
    """
    start, rows = time.process_time(), []
    for image, (boxes, (seen, _, sure)) in enumerate(zip(case.boxes, case.seen, strict=True)):
        overlap = pairwise_iou(seen, boxes)
        best = overlap.max(axis=0, initial=0.0)
        rows += [(image, 1 - u, at, np.zeros(4)) for at, u in enumerate(best)]
        alone = np.flatnonzero(overlap.max(axis=1, initial=0.0) < 0.1)
        kept: list[int] = []
        for at in alone[np.argsort(-sure[alone], kind="stable")].tolist():
            if not kept or pairwise_iou(seen[[at]], seen[kept]).max() < 0.45:
                kept.append(at)
        rows += [(image, sure[at], -1, seen[at]) for at in kept]
    seconds = time.process_time() - start
    image, score, label, box = map(np.array, zip(*rows, strict=True))
    return Ranking(image, score, label, box, len(case.boxes) / seconds)


def objectlab(python: Path) -> Callable[[Case], Ranking]:
    """cleanlab's ObjectLab, run by another interpreter."""

    def rank(case: Case) -> Ranking:
        ids = np.unique(np.concatenate(case.classes))
        seen = []
        for boxes, classes, sure in case.seen:
            rows = np.concatenate([boxes, sure[:, None]], axis=1)
            seen.append(np.array([*(rows[classes == each] for each in ids), None], object)[:-1])
        given = {
            "boxes": case.boxes,
            "classes": [np.searchsorted(ids, each) for each in case.classes],
            "seen": seen,
        }
        with tempfile.NamedTemporaryFile(suffix=".npz") as file:
            np.savez(file, given=np.array(given, object))
            file.flush()
            done = subprocess.run(
                [python, "-c", _OBJECTLAB, file.name], stdout=subprocess.PIPE, check=True, text=True
            )
        told, rows = json.loads(done.stdout.splitlines()[-1]), []
        for image in range(len(case.seen)):
            worst = 1 - np.minimum(told["badloc"][image], told["swap"][image])
            rows += [(image, s, at, np.zeros(4)) for at, s in enumerate(worst)]
            lost = 1 - np.array(told["overlooked"][image])
            order = np.concatenate(
                [np.flatnonzero(case.seen[image][1] == each) for each in ids]
            ).astype(int)
            rows += [
                (image, s, -1, case.seen[image][0][at])
                for at, s in zip(order, lost, strict=False)
                if s > 0
            ]
        image, score, label, box = map(np.array, zip(*rows, strict=True))
        return Ranking(image, score, label, box, len(case.boxes) / told["seconds"])

    return rank


def hits(case: Case, found: Ranking) -> tuple[np.ndarray, np.ndarray]:
    """Suspects in the order of their scores: kinds of the errors that they are, and images."""
    order, used = np.argsort(-found.score, kind="stable"), set()
    kinds = np.full(len(order), "", object)
    for place, row in enumerate(order):
        image, label = int(found.image[row]), int(found.label[row])
        if label >= 0:
            kinds[place] = case.kinds[image][label]
        elif (
            len(case.removed[image])
            and image not in used
            and pairwise_iou(found.box[row][None], case.removed[image]).max() >= 0.5
        ):
            kinds[place] = "missing"
            used.add(image)
    return kinds, found.image[order]


def average_precision(is_error: np.ndarray, total: float, weight: np.ndarray) -> float:
    """Of a ranking whose rows count `weight` times."""
    right = np.cumsum(is_error * weight)
    precision = right / np.maximum(np.cumsum(weight), 1e-12)
    return float((precision * is_error * weight).sum() / max(total, 1e-12))


def compare(case: Case, rankings: dict[str, Callable[[Case], Ranking]]) -> None:
    """Print a row a ranking: all kinds together, and each without the errors of the others."""
    n = len(case.boxes)
    of_kind = {kind: np.array([labels.count(kind) for labels in case.kinds]) for kind in KINDS} | {
        "missing": np.array([len(each) for each in case.removed])
    }
    errors = np.sum(list(of_kind.values()), axis=0)
    rng, values = np.random.default_rng(0), {}
    draws = [np.ones(n), *(rng.multinomial(n, np.full(n, 1 / n)) for _ in range(_BOOTSTRAPS))]
    print(f"\n{case.name}: {n} images, {errors.sum()} errors in {sum(map(len, case.boxes))} labels")
    for name, rank in rankings.items():
        found = rank(case)
        kinds, image = hits(case, found)
        values[name] = {}
        for kind, total in {"all": errors, **of_kind}.items():
            keep = np.full(len(kinds), True) if kind == "all" else np.isin(kinds, ["", kind])
            right, there = kinds[keep] != "", image[keep]
            values[name][kind] = np.array(
                [average_precision(right, float(total @ w), w[there]) for w in draws]
            )
        print(f"  {name:10} {found.images_a_second:8,.0f} img/s", end="")
        for kind, found_values in values[name].items():
            low, high = np.quantile((found_values - values["plain sort"][kind])[1:], [0.05, 0.95])
            versus = "" if name == "plain sort" else f" ({low:+.2f} {high:+.2f})"
            print(f"  {kind} {found_values[0]:.3f}{versus}", end="")
        print()


def cases(options: argparse.Namespace) -> Iterator[Case]:
    """All that is looked at."""
    sources = {"drawn": drawn_labels(options.images, np.random.default_rng(1))}
    if options.coco:
        sources[options.coco.name] = coco_labels(options.coco)
    for name, (boxes, classes) in sources.items():
        for rate in (0.05, 0.2):
            rng = np.random.default_rng(7)
            seen = simulate(boxes, classes, rng)
            yield Case(f"{name}, {rate:.0%}", *plant(boxes, classes, rate, rng), seen)
    yield from map(stored_case, options.sets)


def cleanlab_python(folder: Path) -> Path | None:
    """An interpreter with cleanlab; None where it cannot be installed."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        done = subprocess.run([python, "-m", "pip", "install", "-q", "cleanlab"], check=False)
        if done.returncode:
            return None
    return python


def main() -> None:
    """Ask."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=1000, help="drawn images")
    parser.add_argument("--coco", type=Path, help="a folder with annotations.json")
    parser.add_argument("--sets", type=Path, nargs="*", default=[], help="sets of a real detector")
    parser.add_argument("--cleanlab", type=Path, help="folder of its environment")
    options = parser.parse_args()
    rankings: dict[str, Callable[[Case], Ranking]] = {"plain sort": plain_sort, "ours": ours}
    python = cleanlab_python(options.cleanlab) if options.cleanlab else None
    if python is not None:
        rankings["ObjectLab"] = objectlab(python)
    else:
        print("ObjectLab is left out: --cleanlab FOLDER makes its environment.", file=sys.stderr)
    print("images a second of one core; average precision of boxes (less the plain sort's)")
    for case in cases(options):
        compare(case, rankings)


if __name__ == "__main__":
    main()
