"""In which boxes an embedding is pooled: one vector for each object."""

from typing import Any

import numpy as np

from samplewise.collect.collection import GROUND_TRUTH_EMBEDDINGS, PREDICTION_EMBEDDINGS
from samplewise.collect.inference import ObjectBoxes


def object_boxes(
    boxes: np.ndarray, offsets: np.ndarray, *, of_predictions: bool
) -> dict[str, ObjectBoxes]:
    """Boxes of ground truths and of predictions, by the column of their embeddings.

    Args:
        boxes: Of all ground truths of a Table, `xyxy` pixels, shape `(t, 4)`.
        offsets: Those of row `i` are `offsets[i]` to `offsets[i + 1]`.
        of_predictions: Whether predictions are stored, and so their embeddings.
    """

    def labelled(rows: list[int], _: list[Any]) -> list[np.ndarray]:
        return [boxes[offsets[row] : offsets[row + 1]] for row in rows]

    def predicted(_: list[int], predictions: list[Any]) -> list[np.ndarray]:
        return [_boxes(each.prediction) for each in predictions]

    found: dict[str, ObjectBoxes] = {GROUND_TRUTH_EMBEDDINGS: labelled}
    return found | ({PREDICTION_EMBEDDINGS: predicted} if of_predictions else {})


def _boxes(prediction: Any) -> np.ndarray:
    """Shape `(p, 4)`; NaN where a model predicts poses without boxes."""
    if prediction.bboxes_xyxy is None:
        return np.full((len(prediction.poses), 4), np.nan)
    return np.asarray(prediction.bboxes_xyxy, np.float64).reshape(-1, 4)
