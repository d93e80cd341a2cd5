"""How SuperGradients says what a task knows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic

from samplewise.integration.super_gradients.callbacks._sample_loss import Target
from samplewise.integration.super_gradients.predictors import SuperGradientsPredictor
from samplewise.tasks.task import Labels, Prediction, Task

FromImage = Callable[[Any], Prediction]
FromRaw = Callable[[Any], list[Prediction]]
ToTarget = Callable[[Labels, SuperGradientsPredictor, Any], Target]


@dataclass(frozen=True, kw_only=True)
class Translation(Generic[Labels, Prediction]):
    """Between SuperGradients and a task.

    Predictions are read from one of two places.

    Args:
        task: The task.
        to_target: From labels to what a loader would give the criterion, which is the third
            argument.
        from_image: From SuperGradients' prediction of one image, as a subclass may change it.
        from_raw: From the network's own output for a batch, where predictions say too little.
    """

    task: Task[Labels, Prediction]
    to_target: ToTarget
    from_image: FromImage | None = None
    from_raw: FromRaw | None = None
