"""Which labelled boxes are wrong, and what they should be: a ranking, from predictions alone.

A network that has not learned an error disagrees with it. How it disagrees tells the kind; how
much that means depends on the network and the class, so the scores are calibrated on the data
itself: errors of every kind are planted in copies of the labels, and a small model learns from
them which raw score means which probability.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Int

from samplewise.metrics._pairs import pair_blocks
from samplewise.metrics._ragged import count_by_owner, offsets_of, owners
from samplewise.metrics.boxes import iou_of_pairs
from samplewise.metrics.detection_batch import DetectionBatch
from samplewise.metrics.label_evidence import (
    LabelEvidence,
    keep_best,
    overlapping_predictions,
    same_class_support,
    weigh_labels,
)
from samplewise.metrics.planted_errors import plant_errors

KINDS = ("wrong_class", "badly_placed", "missing", "spurious")
_LABEL_KINDS = ("wrong_class", "badly_placed", "spurious")
_ENOUGH_LABELS = 6_000
_PRIOR = 0.025
"""Errors of each kind for every label, before anything is seen: 10 % of all kinds together."""
_STEPS = 60


@dataclass(frozen=True)
class LabelSuspects:
    """Suspects in no order, `s` of them.

    Attributes:
        image: Which image, shape `(s,)`.
        kind: Index in `KINDS`, shape `(s,)`.
        score: Probability of an error of that kind, comparable between kinds, shape `(s,)`.
        label: Row of the label in the flat arrays; -1 for `missing`, shape `(s,)`.
        prediction: Row of the prediction that it rests on; -1 for none, shape `(s,)`.
        image_score: Of each image, that one of its labels is wrong, shape `(n,)`.
    """

    image: Int[np.ndarray, " s"]
    kind: Int[np.ndarray, " s"]
    score: Float[np.ndarray, " s"]
    label: Int[np.ndarray, " s"]
    prediction: Int[np.ndarray, " s"]
    image_score: Float[np.ndarray, " n"]


def find_label_issues(epochs: Sequence[DetectionBatch], *, seed: int = 0) -> LabelSuspects:
    """Rank the labels of some images, and what may lack one.

    A label is suspected of one kind, the likeliest. Crowd regions are not judged, and what lies
    in one is not missing.

    Args:
        epochs: Predictions of one epoch each about the same images and labels; the last one is
            what suggestions are taken from. Several help where the network trained on the labels.
        seed: Of the planted errors.

    Source:
        The kinds of evidence follow those of ObjectLab (Tkachenko et al. 2023, arXiv:2309.00832);
        formulas and calibration are our own.
    """
    last = epochs[-1]
    support = _support(epochs)
    overlapping = overlapping_predictions(last)
    raw = _raw_scores(epochs, support, overlapping)
    models = _calibrate(epochs, support, overlapping, np.random.default_rng(seed))
    judged = ~last.is_crowd
    of_labels = np.stack(
        [models[kind].predict(raw[kind], raw["class_found"]) for kind in _LABEL_KINDS]
    )
    likeliest = of_labels.argmax(axis=0)
    best = of_labels.max(axis=0, initial=0.0)
    evidence: LabelEvidence = raw["evidence"]
    behind = np.stack(
        [evidence.other_prediction, evidence.displaced_prediction, np.full(len(judged), -1)]
    )
    labels = np.flatnonzero(judged)
    missing = np.flatnonzero(raw["is_candidate"])
    p_missing = models["missing"].predict(raw["missing"], raw["prediction_class_found"])[missing]
    image = np.concatenate(
        [owners(last.ground_truth_offsets)[labels], owners(last.prediction_offsets)[missing]]
    )
    score = np.concatenate([best[labels], p_missing])
    kinds = np.array([KINDS.index(kind) for kind in _LABEL_KINDS])
    n = len(last.ground_truth_offsets) - 1
    log_fine = np.bincount(image, np.log1p(-np.minimum(score, 1 - 1e-12)), minlength=n)
    return LabelSuspects(
        image=image,
        kind=np.concatenate(
            [kinds[likeliest[labels]], np.full(len(missing), KINDS.index("missing"))]
        ),
        score=score,
        label=np.concatenate([labels, np.full(len(missing), -1)]),
        prediction=np.concatenate([behind[likeliest[labels], labels], missing]),
        image_score=-np.expm1(log_fine),
    )


def _support(epochs: Sequence[DetectionBatch]) -> Float[np.ndarray, " p"] | None:
    """Mean confidence in each prediction of the last epoch over all of them; None for one epoch."""
    if len(epochs) == 1:
        return None
    return np.mean([same_class_support(epochs[-1], each) for each in epochs], axis=0)


def _raw_scores(
    epochs: Sequence[DetectionBatch],
    support: Float[np.ndarray, " p"] | None,
    overlapping: Int[np.ndarray, "m 2"],
) -> dict:
    """Scores of each kind, and how well its class is found, by label and by prediction."""
    all_evidence = [weigh_labels(each) for each in epochs]
    last, evidence = epochs[-1], all_evidence[-1]
    mean = {
        name: np.mean([getattr(each, name) for each in all_evidence], axis=0)
        for name in ("confirmed", "other", "displaced", "seen")
    }
    unlabelled = evidence.unlabelled
    if support is not None:
        sure = np.where(last.confidences > 0, unlabelled / np.maximum(last.confidences, 1e-9), 0)
        unlabelled = support * sure
    in_crowd = _in_crowd(last)
    candidates = keep_best(np.where(in_crowd, 0.0, unlabelled), overlapping)
    found = _ClassFound(last.ground_truth_labels[~last.is_crowd], mean["confirmed"][~last.is_crowd])
    return {
        "evidence": evidence,
        "wrong_class": np.maximum(mean["other"] - mean["confirmed"], 0.0),
        "badly_placed": mean["displaced"] * (1 - mean["confirmed"]),
        "spurious": 1 - np.maximum.reduce([mean["seen"], mean["other"], mean["displaced"]]),
        "missing": unlabelled,
        "is_candidate": candidates,
        "class_found": found.of(last.ground_truth_labels),
        "prediction_class_found": found.of(last.predicted_labels),
    }


class _ClassFound:
    """How well labels of a class are found, standardised: some classes are hard to see.

    Args:
        classes: Of all labels, shape `(t,)`.
        confirmed: How sure each is, shape `(t,)`.
    """

    def __init__(self, classes: np.ndarray, confirmed: np.ndarray) -> None:
        self._ids, place = np.unique(classes, return_inverse=True)
        count = np.bincount(place, minlength=len(self._ids))
        total = np.bincount(place, confirmed, minlength=len(self._ids))
        self._mean = float(confirmed.mean()) if len(confirmed) else 0.5
        self._found = _logit((total + 5 * self._mean) / (count + 5))
        values = self._found[place]
        self._centre = float(values.mean()) if len(values) else 0.0
        self._spread = float(values.std()) if len(values) else 0.0

    def of(self, classes: np.ndarray) -> np.ndarray:
        """In standard deviations, from -3 to 3; classes without a label are average."""
        out = np.full(len(classes), self._centre)
        if len(self._ids):
            place = np.minimum(np.searchsorted(self._ids, classes), len(self._ids) - 1)
            known = self._ids[place] == classes
            out[known] = self._found[place[known]]
        return np.clip((out - self._centre) / (self._spread or 1.0), -3.0, 3.0)


@dataclass(frozen=True)
class _Logistic:
    """Probability of an error from a raw score and how well its class is found."""

    weights: Float[np.ndarray, " 3"]

    @classmethod
    def fit(
        cls, score: np.ndarray, found: np.ndarray, is_error: np.ndarray, labels: int
    ) -> "_Logistic":
        """By damped Newton steps; errors weigh as if there were `_PRIOR` of them for each label."""
        start = np.array([1.0, -3.0, 0.0])
        positives = int(is_error.sum())
        if positives < 5 or positives == len(is_error):
            return cls(start)
        x = _features(score, found)
        y = is_error.astype(float)
        weight, beta = np.where(is_error, _PRIOR * labels / positives, 1.0), start.copy()
        for _ in range(_STEPS):
            p = _sigmoid(x @ beta)
            gradient = x.T @ (weight * (p - y)) + (beta - start)
            hessian = (x * (weight * p * (1 - p))[:, None]).T @ x + np.eye(3)
            step = np.linalg.solve(hessian, gradient)
            beta -= step * min(1.0, 0.5 / max(np.abs(step).max(), 1e-12))
            beta[0] = max(beta[0], 0.05)  # more evidence is never less suspicion
            if np.abs(step).max() < 1e-6:
                break
        return cls(beta)

    def predict(self, score: np.ndarray, found: np.ndarray) -> np.ndarray:
        """In (0, 1)."""
        return _sigmoid(_features(score, found) @ self.weights)


def _calibrate(
    epochs: Sequence[DetectionBatch],
    support: Float[np.ndarray, " p"] | None,
    overlapping: Int[np.ndarray, "m 2"],
    rng: np.random.Generator,
) -> dict[str, _Logistic]:
    """One model a kind, from errors that are planted in copies of the labels.

    Errors are drawn in an order of images that their labels decide, so that the order in which
    they were given does not matter.
    """
    order = _content_order(epochs[-1])
    rows = _rows_of(epochs[-1].prediction_offsets, order)
    place = np.empty(len(rows), np.int64)
    place[rows] = np.arange(len(rows))
    overlapping = np.sort(place[overlapping], axis=1)
    if support is not None:
        support = support[rows]
    epochs = [_take_images(each, order) for each in epochs]
    count = len(epochs[-1].ground_truth_boxes)
    parts: dict[str, list[tuple[np.ndarray, np.ndarray, np.ndarray]]] = {k: [] for k in KINDS}
    for _ in range(min(2, -(-_ENOUGH_LABELS // count)) if count else 0):
        planted = plant_errors(epochs[-1], rng)
        copies = [
            replace(
                each,
                ground_truth_boxes=planted.batch.ground_truth_boxes,
                ground_truth_labels=planted.batch.ground_truth_labels,
                ground_truth_offsets=planted.batch.ground_truth_offsets,
                ground_truth_areas=planted.batch.ground_truth_areas,
                is_crowd=planted.batch.is_crowd,
            )
            for each in epochs
        ]
        raw = _raw_scores(copies, support, overlapping)
        judged = ~planted.batch.is_crowd
        for kind in _LABEL_KINDS:
            is_error = planted.kind == KINDS.index(kind)
            parts[kind].append((raw[kind][judged], raw["class_found"][judged], is_error[judged]))
        candidate = raw["is_candidate"]
        was_removed = _explains(epochs[-1], planted.removed)
        parts["missing"].append(
            (
                raw["missing"][candidate],
                raw["prediction_class_found"][candidate],
                was_removed[candidate],
            )
        )
    return {kind: _fit(found, count) for kind, found in parts.items()}


def _content_order(batch: DetectionBatch) -> Int[np.ndarray, " n"]:
    """Images by what is in them, those with the same labels and predictions in any order."""
    n = len(batch.ground_truth_offsets) - 1
    keys = []
    for boxes, offsets in (
        (batch.predicted_boxes, batch.prediction_offsets),
        (batch.ground_truth_boxes, batch.ground_truth_offsets),
    ):
        sums = np.nan_to_num(boxes) @ np.array([1.0, np.sqrt(2), np.sqrt(3), np.sqrt(5)])
        keys.append(np.bincount(owners(offsets), sums, minlength=n))
    return np.lexsort(keys)


def _rows_of(offsets: np.ndarray, order: np.ndarray) -> Int[np.ndarray, " rows"]:
    """Rows of images in another order."""
    counts = np.diff(offsets)[order]
    position = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.repeat(offsets[order], counts) + position


def _take_images(batch: DetectionBatch, order: np.ndarray) -> DetectionBatch:
    prediction = _rows_of(batch.prediction_offsets, order)
    truth = _rows_of(batch.ground_truth_offsets, order)
    return DetectionBatch(
        prediction_offsets=offsets_of(np.diff(batch.prediction_offsets)[order]),
        predicted_boxes=batch.predicted_boxes[prediction],
        predicted_labels=batch.predicted_labels[prediction],
        confidences=batch.confidences[prediction],
        ground_truth_offsets=offsets_of(np.diff(batch.ground_truth_offsets)[order]),
        ground_truth_boxes=batch.ground_truth_boxes[truth],
        ground_truth_labels=batch.ground_truth_labels[truth],
        is_crowd=batch.is_crowd[truth],
        ground_truth_areas=batch.ground_truth_areas[truth],
    )


def _fit(parts: list[tuple[np.ndarray, np.ndarray, np.ndarray]], labels: int) -> _Logistic:
    scores, found, errors = (
        np.concatenate([np.zeros(0), *(part[i] for part in parts)]) for i in range(3)
    )
    return _Logistic.fit(scores, found, errors.astype(bool), len(parts) * labels)


def _explains(batch: DetectionBatch, removed: Int[np.ndarray, " r"]) -> np.ndarray:
    """Which predictions are about a label that was removed: of its class, and on it."""
    image = owners(batch.ground_truth_offsets)[removed]
    counts = np.bincount(image, minlength=len(batch.ground_truth_offsets) - 1)
    order = removed[np.argsort(image, kind="stable")]
    offsets = offsets_of(counts)
    found = np.zeros(len(batch.predicted_boxes), bool)
    for prediction, place in pair_blocks(batch.prediction_offsets, offsets):
        label = order[place]
        u = iou_of_pairs(batch.predicted_boxes[prediction], batch.ground_truth_boxes[label])
        is_same = batch.predicted_labels[prediction] == batch.ground_truth_labels[label]
        found[prediction[is_same & (u >= 0.5)]] = True
    return found


def _in_crowd(batch: DetectionBatch) -> np.ndarray:
    """Which predictions lie in a crowd region by more than half."""
    found = np.zeros(len(batch.predicted_boxes), bool)
    if not batch.is_crowd.any():
        return found
    crowd = np.flatnonzero(batch.is_crowd)
    counts = count_by_owner(batch.is_crowd, batch.ground_truth_offsets)
    offsets = offsets_of(counts)
    for prediction, place in pair_blocks(batch.prediction_offsets, offsets):
        label = crowd[place]
        share = iou_of_pairs(
            batch.predicted_boxes[prediction],
            batch.ground_truth_boxes[label],
            np.ones(len(label), bool),
        )
        found[prediction[share > 0.5]] = True
    return found


def _features(score: np.ndarray, found: np.ndarray) -> np.ndarray:
    return np.stack([_logit(np.clip(score, 0.01, 0.99)), np.ones(len(score)), found], axis=1)


def _logit(p: np.ndarray) -> np.ndarray:
    p = np.clip(p, 1e-6, 1 - 1e-6)
    return np.log(p / (1 - p))


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(x, -30, 30)))
