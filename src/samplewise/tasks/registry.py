"""The tasks that there are; a new one is a file of its own and a line here."""

from typing import Any

from samplewise.errors import InvalidArgumentError, did_you_mean
from samplewise.tasks.classification import ClassificationTask
from samplewise.tasks.detection import DetectionTask
from samplewise.tasks.pose import PoseTask
from samplewise.tasks.segmentation import SegmentationTask
from samplewise.tasks.task import Task

TASKS: dict[str, Task[Any, Any]] = {
    task.name: task
    for task in (DetectionTask(), PoseTask(), SegmentationTask(), ClassificationTask())
}
"""By name."""


def find_task(name: str) -> Task[Any, Any]:
    """The task of that name.

    Raises:
        InvalidArgumentError: There is none.

    Examples:
        >>> find_task("pose").default_column
        'keypoints_2d'
    """
    if name not in TASKS:
        raise InvalidArgumentError(
            f"`task` must be one of {', '.join(TASKS)}, but is {name!r}.",
            hint=did_you_mean(name, TASKS),
        )
    return TASKS[name]
