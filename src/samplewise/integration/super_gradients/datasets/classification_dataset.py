"""A classification dataset that reads a Table."""

from collections.abc import Sequence
from typing import Any

from PIL import Image
from super_gradients.common.object_names import Processings
from super_gradients.module_interfaces import HasPreprocessingParams
from super_gradients.training.datasets.classification_datasets.torchvision_utils import (
    get_torchvision_transforms_equivalent_processing,
)
from torch.utils.data import Dataset
from torchvision.transforms import Compose

from samplewise._arguments import check_arguments
from samplewise.errors import InvalidArgumentError
from samplewise.schema import CategoricalLabelSchema
from samplewise.schema.image_reader import read_pixels
from samplewise.tables import Table
from samplewise.tasks.classes import training_classes
from samplewise.tasks.classification import LABEL_COLUMN


class ClassificationDataset(Dataset, HasPreprocessingParams):
    """Images and class indices from a Table, for SuperGradients' classification.

    Class ids of the Table may have gaps: the network sees `0 .. c-1` in ascending order of the
    ids, and stored predictions carry the Table's ids again. Rows without a label are left out of
    training; metrics are collected on them all the same.

    Args:
        table: The Table.
        transforms: Torchvision transforms, from a PIL image to a tensor: a list, or one `Compose`.
        image_column: Its column of images.
        label_column: Its column of labels, with classes in its schema.

    Attributes:
        table: The Table.
        class_ids: The Table's class id of each class of the network, `c` of them.
        classes: Names of the classes of the network.

    Raises:
        ColumnNotFoundError: The Table has no such column.
        InvalidArgumentError: The label column has no classes, or no row has a label.
        FormatError: An image cannot be read; raised when its sample is loaded.
    """

    @check_arguments
    def __init__(
        self,
        table: Table,
        transforms: Sequence[Any] | Compose = (),
        image_column: str = "image",
        label_column: str = LABEL_COLUMN,
    ) -> None:
        schema = table.schema[label_column]
        if not isinstance(schema, CategoricalLabelSchema):
            raise InvalidArgumentError(
                f"column `{label_column}` of table `{table.name}` must hold labels with classes, "
                f"but is {schema.kind}.",
                hint='give it a schema: CategoricalLabelSchema(["cat", "dog"])',
            )
        self.table = table
        self.image_column_name = image_column
        self.label_column_name = label_column
        self.class_ids, self.classes = training_classes(schema.value_map)
        self.transforms = (
            transforms if isinstance(transforms, Compose) else Compose(list(transforms))
        )
        self._urls = table.image_urls(image_column)
        self._samples = _samples(table, label_column, self._urls, self.class_ids)

    def __len__(self) -> int:
        return len(self._samples)

    def __getitem__(self, index: int) -> tuple[Any, int]:
        """One image, transformed, and the index of its class."""
        row, label = self._samples[index]
        image = Image.fromarray(read_pixels(self._urls[row] or ""))
        return self.transforms(image), label

    @property
    def example_ids(self) -> list[int]:
        """The Table's row of every sample."""
        return [row for row, _ in self._samples]

    @property
    def targets(self) -> list[int]:
        """Class index of every sample."""
        return [label for _, label in self._samples]

    def get_dataset_preprocessing_params(self) -> dict[str, Any]:
        """What `predict` does to an image: the same as the transforms."""
        steps = get_torchvision_transforms_equivalent_processing(self.transforms)  # pyright: ignore[reportArgumentType]
        return {
            "image_processor": {Processings.ComposeProcessing: {"processings": steps}},
            "class_names": self.classes,
        }


def _samples(
    table: Table, column: str, urls: list[str | None], class_ids: list[int]
) -> list[tuple[int, int]]:
    """Row and class index of every row that can be trained on."""
    index = {class_id: place for place, class_id in enumerate(class_ids)}
    labels = table.get_column_as_pyarrow_array(column).to_pylist()
    known = [
        (row, index[label])
        for row, label in enumerate(labels)
        if label in index and urls[row] is not None
    ]
    if not known:
        raise InvalidArgumentError(
            f"table `{table.name}` must have a row with an image and a label in `{column}`, "
            "but has none."
        )
    return known
