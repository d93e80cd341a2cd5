"""From a dataset of SuperGradients or torchvision to its Table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from super_gradients.training.datasets.detection_datasets.coco_format_detection import (
    COCOFormatDetectionDataset,
)
from super_gradients.training.datasets.detection_datasets.detection_dataset import (
    DetectionDataset as SuperGradientsDetectionDataset,
)
from super_gradients.training.datasets.pose_estimation_datasets import COCOKeypointsDataset
from super_gradients.training.datasets.pose_estimation_datasets.coco_pose_estimation_dataset import (  # noqa: E501
    COCOPoseEstimationDataset,
)
from super_gradients.training.datasets.segmentation_datasets.segmentation_dataset import (
    SegmentationDataSet as SuperGradientsSegmentationDataSet,
)
from torchvision.datasets import CIFAR10, MNIST, DatasetFolder

from samplewise.integration.super_gradients.datasets.stock._classification import (
    from_arrays,
    from_folder,
)
from samplewise.integration.super_gradients.datasets.stock._detection import (
    from_coco,
    from_detection,
    rows_in_coco,
    rows_in_detection,
)
from samplewise.integration.super_gradients.datasets.stock._naming import Place, rows_in_order
from samplewise.integration.super_gradients.datasets.stock._pose import from_poses, rows_in_poses
from samplewise.integration.super_gradients.datasets.stock._segmentation import from_segmentation
from samplewise.tables import Table

Make = Callable[[Any, Place], Table]
ReadRows = Callable[[Any, Table], tuple[list[int], list[int]]]

_KINDS: list[tuple[tuple[type, ...], Make, ReadRows]] = [
    ((COCOFormatDetectionDataset,), from_coco, rows_in_coco),
    ((SuperGradientsDetectionDataset,), from_detection, rows_in_detection),
    ((COCOPoseEstimationDataset, COCOKeypointsDataset), from_poses, rows_in_poses),
    ((SuperGradientsSegmentationDataSet,), from_segmentation, rows_in_order),
    ((DatasetFolder,), from_folder, rows_in_order),
    ((CIFAR10, MNIST), from_arrays, rows_in_order),
]


@dataclass(frozen=True)
class StockTable:
    """The Table of a dataset that is not ours.

    Args:
        table: Made from its label files, and reused by later runs while these are the same.
        example_ids: The row of every sample of the dataset.
        all_rows: These, and those that the dataset leaves out for they have no labels.
    """

    table: Table
    example_ids: list[int]
    all_rows: list[int]


def stock_table(dataset: Any, place: Place) -> StockTable | None:
    """The Table of a dataset of SuperGradients or torchvision; None for one of unknown kind.

    Args:
        dataset: What a loader reads, without what is wrapped around it.
        place: Where a Table that is made goes.

    Raises:
        InvalidArgumentError: The dataset does not name its classes.
    """
    if id(dataset) in place.made:
        return place.made[id(dataset)]
    for kinds, make, read_rows in _KINDS:
        if isinstance(dataset, kinds):
            table = make(dataset, place)
            made = StockTable(table, *read_rows(dataset, table))
            return place.made.setdefault(id(dataset), made)
    return None
