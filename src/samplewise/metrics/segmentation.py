"""Per-image and per-class metrics of semantic segmentation."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int, Integer

from samplewise.errors import InvalidArgumentError
from samplewise.metrics.boundaries import contour
from samplewise.metrics.counts import ratio

_LOOKUP_SPAN = 2**16


@dataclass(frozen=True, kw_only=True)
class SegmentationMetrics:
    """How good the label maps of `n` images are, for `c` classes.

    Pixels whose ground truth is the ignore label are left out of everything.

    Attributes:
        labels: Class ids, ascending, shape `(c,)`.
        ground_truth_pixels: Pixels that are of each class, shape `(n, c)`.
        predicted_pixels: Pixels that were said to be of each class, shape `(n, c)`.
        right_pixels: Pixels of each class that were said to be, shape `(n, c)`.
        iou: Intersection over union, shape `(n, c)`; masked where a class is neither in the
            prediction nor in the ground truth.
        dice: `2 intersection / (prediction + ground truth)`, shape `(n, c)`; masked likewise.
        boundary_iou: Intersection over union of the boundaries, shape `(n, c)`; masked likewise.
        mean_iou: Mean over the classes that are not masked, shape `(n,)`; masked where an image has
            no pixel that counts.
        mean_dice: Likewise.
        mean_boundary_iou: Likewise.
        pixel_accuracy: Share of the pixels that are right, shape `(n,)`; masked where no pixel
            counts.
    """

    labels: Int[np.ndarray, " c"]
    ground_truth_pixels: Int[np.ndarray, "n c"]
    predicted_pixels: Int[np.ndarray, "n c"]
    right_pixels: Int[np.ndarray, "n c"]
    iou: Float[np.ma.MaskedArray, "n c"]
    dice: Float[np.ma.MaskedArray, "n c"]
    boundary_iou: Float[np.ma.MaskedArray, "n c"]
    mean_iou: Float[np.ma.MaskedArray, " n"]
    mean_dice: Float[np.ma.MaskedArray, " n"]
    mean_boundary_iou: Float[np.ma.MaskedArray, " n"]
    pixel_accuracy: Float[np.ma.MaskedArray, " n"]


def segmentation_metrics(
    predictions: Sequence[Integer[np.ndarray, "..."]],
    ground_truths: Sequence[Integer[np.ndarray, "..."]],
    *,
    labels: Sequence[int] | Int[np.ndarray, " c"],
    ignore_label: int | None = None,
    boundary_ratio: float = 0.02,
) -> SegmentationMetrics:
    """Everything there is to say about some label maps.

    Args:
        predictions: One label map an image, shape `(h, w)`; sizes may differ between images.
        ground_truths: One label map an image, of the same size as its prediction.
        labels: Class ids, any integers. The ignore label may be among them; it is no class then.
        ignore_label: Ground-truth pixels of this label do not count, whatever was predicted there.
            Where it is predicted for a pixel that counts, that pixel is wrong and of no class.
        boundary_ratio: Width of the boundary as a fraction of the image's diagonal.

    Returns:
        One value per image, and per image and class.

    Raises:
        InvalidArgumentError: The two lists, or two maps of an image, differ in size, or a pixel
            that counts has a label that is no class.

    Source:
        Boundaries: see `boundaries`. They are taken after the ignored pixels were cut out of the
        prediction too, so a perfect prediction scores 1.
    """
    classes = np.setdiff1d(
        np.asarray(labels, np.int64), [] if ignore_label is None else [ignore_label]
    )
    if len(predictions) != len(ground_truths):
        raise InvalidArgumentError(
            f"`predictions` must have one label map an image, but it has {len(predictions)} and "
            f"`ground_truths` has {len(ground_truths)}.",
            hint="give both in the same order of images.",
        )
    counts = np.zeros((len(predictions), 6, len(classes)), np.int64)
    for image, (predicted, labelled) in enumerate(zip(predictions, ground_truths, strict=True)):
        p, t = _codes(predicted, labelled, classes, ignore_label, image)
        counts[image, :3] = _count(p, t, len(classes))
        counts[image, 3:] = _count_boundaries(p, t, len(classes), boundary_ratio)
    return _summarise(classes, counts.transpose(1, 0, 2))


def _codes(
    predicted: Integer[np.ndarray, "..."],
    labelled: Integer[np.ndarray, "..."],
    classes: Int[np.ndarray, " c"],
    ignore_label: int | None,
    image: int,
) -> tuple[Integer[np.ndarray, "h w"], Integer[np.ndarray, "h w"]]:
    """Both maps with labels as positions among the classes, `c` where a pixel does not count."""
    if predicted.ndim != 2 or predicted.shape != labelled.shape:
        raise InvalidArgumentError(
            f"`predictions` must have the shape (h, w) of their ground truths, but image {image} "
            f"has {predicted.shape} and its ground truth {labelled.shape}.",
            hint="resize the prediction to the image first.",
        )
    ignored = np.zeros(labelled.shape, bool) if ignore_label is None else labelled == ignore_label
    codes = []
    for name, values in (("predictions", predicted), ("ground_truths", labelled)):
        code = np.where(ignored, len(classes), _positions(values, classes))
        unknown = (code == len(classes)) & ~ignored & (values != ignore_label)
        if unknown.any():
            raise InvalidArgumentError(
                f"`{name}` must hold class ids of `labels`, but image {image} has "
                f"{np.unique(values[unknown])[:5].tolist()}.",
                hint="add them to `labels`, or name the one to leave out as `ignore_label`.",
            )
        codes.append(code)
    return codes[0], codes[1]


def _positions(
    values: Integer[np.ndarray, "h w"], classes: Int[np.ndarray, " c"]
) -> Integer[np.ndarray, "h w"]:
    """Position of every value among the classes; `c` for all others."""
    c = len(classes)
    if c and classes[-1] - classes[0] < _LOOKUP_SPAN:  # a table is ten times faster than a search
        low, high = int(classes[0]) - 1, int(classes[-1]) + 1
        table = np.full(high - low + 1, c, np.min_scalar_type(c))  # small codes are fast
        table[classes - low] = np.arange(c)
        if values.size and (values.min() < low or values.max() > high):
            values = np.clip(values.astype(np.int64), low, high)
        return table[values.astype(np.intp) - low]
    position = np.searchsorted(classes, values)
    known = np.append(classes, 0)[position] == values
    return np.where(known & (position < c), position, c)


def _count(
    p: Integer[np.ndarray, "h w"], t: Integer[np.ndarray, "h w"], c: int
) -> Int[np.ndarray, "3 c"]:
    """Pixels of each class in the ground truth, in the prediction, and in both."""
    rows = (t, p, np.where(p == t, t, c))
    return np.stack([np.bincount(row.ravel(), minlength=c + 1)[:c] for row in rows])


def _count_boundaries(
    p: Integer[np.ndarray, "h w"], t: Integer[np.ndarray, "h w"], c: int, width: float
) -> Int[np.ndarray, "3 c"]:
    """As `_count`, of the pixels that are boundary."""
    edge_p = np.where(contour(p, ratio=width), p, c)
    edge_t = np.where(contour(t, ratio=width), t, c)
    return _count(edge_p, edge_t, c)


def _summarise(
    classes: Int[np.ndarray, " c"], counts: Int[np.ndarray, "6 n c"]
) -> SegmentationMetrics:
    truth, predicted, right, edge_truth, edge_predicted, edge_right = counts
    iou = ratio(right, truth + predicted - right)
    dice = ratio(2 * right, truth + predicted)
    boundary_iou = ratio(edge_right, edge_truth + edge_predicted - edge_right)
    return SegmentationMetrics(
        labels=classes,
        ground_truth_pixels=truth,
        predicted_pixels=predicted,
        right_pixels=right,
        iou=iou,
        dice=dice,
        boundary_iou=boundary_iou,
        mean_iou=_class_mean(iou),
        mean_dice=_class_mean(dice),
        mean_boundary_iou=_class_mean(boundary_iou),
        pixel_accuracy=ratio(right.sum(axis=1), truth.sum(axis=1)),
    )


def _class_mean(values: Float[np.ma.MaskedArray, "n c"]) -> Float[np.ma.MaskedArray, " n"]:
    present = ~np.ma.getmaskarray(values)
    return ratio(values.filled(0).sum(axis=1), present.sum(axis=1))
