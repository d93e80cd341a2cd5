"""Per-image metrics of classification."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int, Shaped

from samplewise.errors import InvalidArgumentError

_TOP = 5


@dataclass(frozen=True, kw_only=True)
class ClassificationMetrics:
    """What `n` rows of logits over `c` classes say.

    Everything is masked for an image with a logit that is NaN or infinitely large: nothing follows
    from it. What compares with a label is also masked where the label is missing or no class.

    Attributes:
        predicted_label: Class id of the largest logit, the first of equal ones, shape `(n,)`.
        top_labels: Class ids of the `min(5, c)` largest logits, largest first, shape `(n, m)`.
        top_confidences: Their probabilities, shape `(n, m)`.
        confidence: Probability of the predicted label, shape `(n,)`.
        margin: By how much that exceeds the second largest probability, shape `(n,)`; masked where
            there is one class only.
        entropy: Of the probabilities, in nats, 0 up to `log(c)`, shape `(n,)`.
        cross_entropy: Minus the log of the true label's probability, in nats, shape `(n,)`;
            infinite where that is 0.
        correct: Whether the predicted label is the true one, shape `(n,)`.
        correct_in_top: Whether one of `top_labels` is, shape `(n,)`.
    """

    predicted_label: Int[np.ma.MaskedArray, " n"]
    top_labels: Int[np.ma.MaskedArray, "n m"]
    top_confidences: Float[np.ma.MaskedArray, "n m"]
    confidence: Float[np.ma.MaskedArray, " n"]
    margin: Float[np.ma.MaskedArray, " n"]
    entropy: Float[np.ma.MaskedArray, " n"]
    cross_entropy: Float[np.ma.MaskedArray, " n"]
    correct: Bool[np.ma.MaskedArray, " n"]
    correct_in_top: Bool[np.ma.MaskedArray, " n"]


def log_softmax(logits: Float[np.ndarray, "n c"]) -> Float[np.ndarray, "n c"]:
    """Logarithms of the probabilities; exact where their exponentials would overflow or vanish.

    Args:
        logits: Any real numbers, shape `(n, c)`; minus infinity is a class that is impossible.

    Returns:
        Shape `(n, c)`, float64; NaN in rows with NaN or infinity.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        shifted = np.asarray(logits, np.float64)
        shifted = shifted - shifted.max(axis=1, keepdims=True, initial=-np.inf)
        return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def classification_metrics(
    logits: Float[np.ndarray, "..."],  # shapes are checked here: these come from outside
    *,
    labels: Int[np.ndarray, "..."],
    true_labels: Int[np.ndarray, "..."] | None = None,
) -> ClassificationMetrics:
    """Everything there is to say about some predictions.

    Args:
        logits: What the network gives before softmax, shape `(n, c)`; `n` may be 0.
        labels: Class id of every column, any integers, shape `(c,)`.
        true_labels: Class id of every image, shape `(n,)`, a masked array where some are missing;
            `None` where all are.

    Returns:
        One value an image.

    Raises:
        InvalidArgumentError: The shapes do not fit, or a class id occurs twice.

    Source:
        `torch.nn.functional.log_softmax` and `cross_entropy`.
    """
    _check_shapes(logits, labels, true_labels)
    n, c = logits.shape
    log_p = log_softmax(logits)
    unusable = np.any(np.isnan(log_p), axis=1)
    log_p = np.where(unusable[:, None], 0.0, log_p)
    p = np.exp(log_p)
    top = np.argsort(-log_p, axis=1, kind="stable")[:, :_TOP]
    top_p = np.take_along_axis(p, top, axis=1)
    truth, unlabelled = _positions(true_labels, labels, n)
    unknown = np.logical_or(unusable, unlabelled)
    hits = np.equal(top, truth[:, None])
    return ClassificationMetrics(
        predicted_label=_mask_where(labels[top[:, 0]], unusable),
        top_labels=_mask_where(labels[top], unusable),
        top_confidences=_mask_where(top_p, unusable),
        confidence=_mask_where(top_p[:, 0], unusable),
        margin=_mask_where(top_p[:, 0] - top_p[:, min(1, c - 1)], np.logical_or(unusable, c == 1)),
        entropy=_mask_where(-np.where(p > 0, p * np.maximum(log_p, -1e4), 0).sum(axis=1), unusable),
        cross_entropy=_mask_where(
            -np.take_along_axis(log_p, truth[:, None], axis=1)[:, 0], unknown
        ),
        correct=_mask_where(hits[:, 0], unknown),
        correct_in_top=_mask_where(np.any(hits, axis=1), unknown),
    )


def _check_shapes(
    logits: Float[np.ndarray, "..."],
    labels: Int[np.ndarray, "..."],
    true_labels: Int[np.ndarray, "..."] | None,
) -> None:
    if logits.ndim != 2 or logits.shape[1] == 0:
        raise InvalidArgumentError(
            f"`logits` must have shape (n, c) with a class, but it has shape {logits.shape}.",
            hint="give one row an image and one column a class.",
        )
    if labels.shape != logits.shape[1:] or len(np.unique(labels)) != len(labels):
        raise InvalidArgumentError(
            f"`labels` must be {logits.shape[1]} different class ids, but it is {labels.tolist()}.",
            hint="give the class id of every column of `logits`.",
        )
    if true_labels is not None and true_labels.shape != logits.shape[:1]:
        raise InvalidArgumentError(
            f"`true_labels` must have shape ({len(logits)},), but it has {true_labels.shape}.",
            hint="give one class id an image.",
        )


def _positions(
    true_labels: Int[np.ndarray, " n"] | None, labels: Int[np.ndarray, " c"], n: int
) -> tuple[Int[np.ndarray, " n"], Bool[np.ndarray, " n"]]:
    """The column of every true label, and where there is none."""
    if true_labels is None:
        return np.zeros(n, np.int64), np.ones(n, bool)
    values, order = np.ma.getdata(true_labels), np.argsort(labels)
    column = order[np.minimum(np.searchsorted(labels, values, sorter=order), len(labels) - 1)]
    return column, np.logical_or(np.ma.getmaskarray(true_labels), labels[column] != values)


def _mask_where(
    values: Shaped[np.ndarray, "n ..."], missing: Bool[np.ndarray, " n"]
) -> np.ma.MaskedArray:
    """The values, masked in whole rows and 0 there."""
    mask = np.zeros(values.shape, bool)
    mask[missing] = True
    return np.ma.MaskedArray(np.where(mask, np.zeros((), values.dtype), values), mask)
