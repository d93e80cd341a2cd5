"""What kind of error each predicted box is.

Source:
    D. Bolya, S. Foley, J. Hays and J. Hoffman, TIDE: A General Toolbox for Identifying Object
    Detection Errors, ECCV 2020, section 2.2. The definitions there overlap; where several fit, the
    first one in the order of the authors' program counts: localisation, class, duplicate,
    background, both. Where we differ:

    - predictions and ground truths are matched as COCO does it, not as that program does;
    - a bound belongs to the better side: an overlap of exactly 0.5 is no localisation error and one
      of exactly 0.1 is not background;
    - predictions that a crowd region absorbed are `ignored`; that program gives them a kind too;
    - every ground truth that nobody found is `missed`. TIDE's missed ones are those among them that
      also have no `near_prediction`.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int, UInt8

from samplewise.metrics._pairs import Best, CandidatePairs
from samplewise.metrics.instances import InstanceBatch
from samplewise.metrics.matching import Matches

PREDICTION_KINDS = (
    "true_positive",  # right class, overlaps enough, the most confident one there
    "class",  # overlaps enough with an object of another class
    "localisation",  # right class, overlaps somewhat
    "both",  # overlaps somewhat with an object of another class
    "duplicate",  # right class, overlaps enough, but a more confident one was there before
    "background",  # overlaps with nothing
    "ignored",  # in a crowd region: neither right nor wrong
)
"""What a predicted box can be; the index is its code."""

GROUND_TRUTH_KINDS = ("matched", "missed", "ignored")
"""What a ground truth can be; the index is its code. Crowd regions are `ignored`."""


@dataclass(frozen=True)
class DetectionErrors:
    """Every predicted box and every ground truth explained.

    Attributes:
        prediction_kind: Index in `PREDICTION_KINDS`, shape `(p,)`.
        overlap: Overlap with the match, or else the largest with any ground truth that is no crowd
            region, of whatever class; 0 where there is none; shape `(p,)`.
        related: Row of the ground truth that the kind is about, shape `(p,)`; masked for
            background.
        ground_truth_kind: Index in `GROUND_TRUTH_KINDS`, shape `(t,)`.
        near_prediction: Row of the most confident prediction whose class or localisation error is
            about this missed ground truth, shape `(t,)`; masked where there is none.
    """

    prediction_kind: UInt8[np.ndarray, " p"]
    overlap: Float[np.ndarray, " p"]
    related: Int[np.ma.MaskedArray, " p"]
    ground_truth_kind: UInt8[np.ndarray, " t"]
    near_prediction: Int[np.ma.MaskedArray, " t"]


def detection_errors(
    pairs: CandidatePairs, batch: InstanceBatch, matches: Matches, *, level: int, background: float
) -> DetectionErrors:
    """Kinds of errors at one threshold.

    Args:
        pairs: All pairs that overlap, of one class or of two.
        batch: The boxes.
        matches: Who found whom.
        level: Which of the thresholds of `matches`.
        background: Overlap in [0, 1] below which a box has found nothing at all.

    Returns:
        The kinds.
    """
    p, enough = len(batch.confidences), float(matches.thresholds[level])
    pairs = pairs.where(~matches.ground_truth_ignored[pairs.ground_truth])
    is_same = (
        batch.predicted_labels[pairs.prediction] == batch.ground_truth_labels[pairs.ground_truth]
    )
    same, other = pairs.where(is_same).best_of(p), pairs.where(~is_same).best_of(p)
    nearest = pairs.best_of(p)
    matched = matches.matched[level]
    conditions = {
        "ignored": matches.prediction_ignored[level],
        "true_positive": matched,
        "localisation": (same.overlap >= background) & (same.overlap < enough),
        "class": other.overlap >= enough,
        "duplicate": same.overlap >= enough,  # were it free, it would be a match
        "background": nearest.overlap < background,
    }
    codes = [PREDICTION_KINDS.index(kind) for kind in conditions]
    kind = np.select(list(conditions.values()), codes, PREDICTION_KINDS.index("both"))
    related = _find_related(kind, same, other, nearest, matches.ground_truth[level])
    return DetectionErrors(
        prediction_kind=kind.astype(np.uint8),
        overlap=np.where(matched, matches.overlap[level].filled(0), nearest.overlap),
        related=related,
        ground_truth_kind=_ground_truth_kind(matches, level),
        near_prediction=_near_prediction(kind, related, batch, matches.found[level]),
    )


def _find_related(
    kind: Int[np.ndarray, " p"],
    same: Best,
    other: Best,
    nearest: Best,
    match: Int[np.ma.MaskedArray, " p"],
) -> Int[np.ma.MaskedArray, " p"]:
    """The ground truth that each kind is about."""
    code = PREDICTION_KINDS.index
    partner = np.select(
        [
            (kind == code("true_positive")) | (kind == code("ignored")),
            kind == code("class"),
            kind == code("both"),
        ],
        [np.ma.getdata(match), other.ground_truth, nearest.ground_truth],
        same.ground_truth,
    )
    nothing = (kind == code("background")) | ((kind == code("ignored")) & np.ma.getmaskarray(match))
    return np.ma.MaskedArray(np.where(nothing, 0, partner), nothing)


def _ground_truth_kind(matches: Matches, level: int) -> UInt8[np.ndarray, " t"]:
    code = GROUND_TRUTH_KINDS.index
    found = np.where(matches.found[level], code("matched"), code("missed"))
    return np.where(matches.ground_truth_ignored, code("ignored"), found).astype(np.uint8)


def _near_prediction(
    kind: Int[np.ndarray, " p"],
    related: Int[np.ma.MaskedArray, " p"],
    batch: InstanceBatch,
    found: Bool[np.ndarray, " t"],
) -> Int[np.ma.MaskedArray, " t"]:
    """The most confident prediction that nearly found each ground truth."""
    near = np.isin(kind, [PREDICTION_KINDS.index(name) for name in ("class", "localisation")])
    order = batch.order()
    order = order[near[order]][::-1]  # written from the least confident on, so the best one stays
    partner, none = np.zeros(len(found), np.int64), np.ones(len(found), bool)
    partner[related[order].data] = order
    none[related[order].data] = False
    none |= found
    return np.ma.MaskedArray(np.where(none, 0, partner), none)
