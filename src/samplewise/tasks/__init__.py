"""What does a kind of problem store and compute, whatever framework predicts?"""

from samplewise.tasks.classification import (
    ClassificationLabels,
    ClassificationTask,
    PredictedLogits,
)
from samplewise.tasks.detection import DetectionLabels, DetectionTask, PredictedBoxes
from samplewise.tasks.label_column import LabelColumn
from samplewise.tasks.pose import PoseLabels, PoseTask, PredictedPoses
from samplewise.tasks.registry import TASKS, find_task
from samplewise.tasks.segmentation import (
    PredictedClassMap,
    SegmentationLabels,
    SegmentationTask,
)
from samplewise.tasks.task import Task

__all__ = [
    "TASKS",
    "ClassificationLabels",
    "ClassificationTask",
    "DetectionLabels",
    "DetectionTask",
    "LabelColumn",
    "PoseLabels",
    "PoseTask",
    "PredictedBoxes",
    "PredictedClassMap",
    "PredictedLogits",
    "PredictedPoses",
    "SegmentationLabels",
    "SegmentationTask",
    "Task",
    "find_task",
]
