"""From the dataset of a loader to its Tables."""

from collections.abc import Callable, Iterator
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
from torch.utils.data import ConcatDataset, Subset
from torchvision.datasets import CIFAR10, MNIST, DatasetFolder

from samplewise.errors import InvalidArgumentError
from samplewise.integration.super_gradients.datasets.stock._classification import (
    from_arrays,
    from_folder,
)
from samplewise.integration.super_gradients.datasets.stock._detection import (
    from_coco,
    from_detection,
)
from samplewise.integration.super_gradients.datasets.stock._naming import Place
from samplewise.integration.super_gradients.datasets.stock._pose import from_poses
from samplewise.integration.super_gradients.datasets.stock._segmentation import from_segmentation
from samplewise.tables import Table

_MAKERS: list[tuple[tuple[type, ...], Callable[[Any, Place], Table]]] = [
    ((COCOFormatDetectionDataset,), from_coco),
    ((SuperGradientsDetectionDataset,), from_detection),
    ((COCOPoseEstimationDataset, COCOKeypointsDataset), from_poses),
    ((SuperGradientsSegmentationDataSet,), from_segmentation),
    ((DatasetFolder,), from_folder),
    ((CIFAR10, MNIST), from_arrays),
]
_KNOWN = (
    "the datasets of samplewise.integration.super_gradients; SuperGradients' DetectionDataset, "
    "COCOPoseEstimationDataset, COCOKeypointsDataset, SegmentationDataSet and what derives from "
    "them; torchvision's ImageFolder, CIFAR and MNIST"
)


def tables_of(dataset: Any, *, split: str, project_name: str, root_url: str | None) -> list[Table]:
    """The Tables behind a loader's dataset.

    A dataset of ours has one. One of SuperGradients' own gets one, made from its label files and
    reused by later runs while the files are the same.

    Args:
        dataset: What the loader reads.
        split: `train`, `val`, ...: part of the name of a Table that is made.
        project_name: Project of a Table that is made.
        root_url: Store of a Table that is made.

    Raises:
        InvalidArgumentError: The dataset is of no known kind, or does not name its classes.
    """
    place = Place(split, project_name, root_url)
    return list(dict.fromkeys(_tables(dataset, place)))


def _tables(dataset: Any, place: Place) -> Iterator[Table]:
    table = getattr(dataset, "table", None)
    if isinstance(table, Table):
        yield table
    elif isinstance(dataset, ConcatDataset):
        for part in dataset.datasets:
            yield from _tables(part, place)
    elif isinstance(dataset, Subset):
        yield from _tables(dataset.dataset, place)
    else:
        yield _make_table(dataset, place)


def _make_table(dataset: Any, place: Place) -> Table:
    for kinds, make in _MAKERS:
        if isinstance(dataset, kinds):
            return make(dataset, place)
    raise InvalidArgumentError(
        f"the {place.split} loader must read a dataset that a Table is known for or can be made "
        f"of, but reads a {type(dataset).__module__}.{type(dataset).__qualname__}.",
        hint=f"known are {_KNOWN}; or give your dataset an attribute `table`",
    )
