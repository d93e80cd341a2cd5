"""Per-image metrics of classification models."""

from typing import Any, ClassVar

import numpy as np
import torch
from super_gradients.common.registry import register_callback

from samplewise.errors import CollectionError
from samplewise.integration.super_gradients.callbacks._loss_targets import LabelTargets
from samplewise.integration.super_gradients.callbacks._task_callback import TaskCallback
from samplewise.integration.super_gradients.callbacks._translation import Translation
from samplewise.integration.super_gradients.predictors import SuperGradientsPredictor
from samplewise.tasks import ClassificationLabels, ClassificationTask, PredictedLogits


def _split_logits(raw: Any) -> list[PredictedLogits]:
    """From the network's own output: SuperGradients' predictions keep one class of many.

    Raises:
        CollectionError: It is no row of logits an image.
    """
    output = raw[0] if isinstance(raw, tuple | list) else raw
    if not isinstance(output, torch.Tensor) or output.ndim != 2:
        shape = tuple(getattr(output, "shape", ()))
        raise CollectionError(
            f"the model must give one logit per class of each image, but gives shape {shape}.",
            hint="is it a model for classification?",
        )
    return [PredictedLogits(row) for row in output.detach().float().cpu().numpy()]


def _label_targets(
    labels: ClassificationLabels, _: SuperGradientsPredictor, criterion: Any
) -> LabelTargets:
    indices = labels.classes.to_network(labels.class_ids.data)
    return LabelTargets(np.where(np.ma.getmaskarray(labels.class_ids), -1, indices))


@register_callback("ClassificationMetricsCollectionCallback")
class ClassificationMetricsCollectionCallback(TaskCallback):
    """Collects what a classification model does to every image.

    Predicted label, the five most probable ones, confidence, margin, entropy, cross-entropy, and
    whether it is correct: all from the logits of the one forward pass. Labels are the Table's
    class ids. An image without a label has null where a label is needed.

    See `MetricsCollectionCallback` for the arguments. `compute_metrics` is free for metrics of a
    subclass: the ones above are stored beside it.
    """

    _translation: ClassVar[Translation] = Translation(
        task=ClassificationTask(), to_target=_label_targets, from_raw=_split_logits
    )
