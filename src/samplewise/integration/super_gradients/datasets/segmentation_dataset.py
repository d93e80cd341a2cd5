"""A SuperGradients segmentation dataset that reads a Table."""

from collections.abc import Sequence
from typing import Any

from super_gradients.training.datasets.segmentation_datasets.segmentation_dataset import (
    SegmentationDataSet as SuperGradientsSegmentationDataSet,
)

from samplewise._arguments import check_arguments
from samplewise.collect.table_task import read_label_column
from samplewise.errors import FormatError, InvalidArgumentError
from samplewise.schema.image_reader import read_pixels
from samplewise.tables import Table
from samplewise.tasks.class_maps import ClassMaps
from samplewise.tasks.segmentation import CLASS_MAPS


class SegmentationDataset(SuperGradientsSegmentationDataSet):
    """Feeds SuperGradients' own transforms from a Table with class maps.

    Class ids of the Table may have gaps: the network sees `0 .. c-1` in ascending order of the
    ids, and stored predictions carry the Table's ids again. Pixels with the ignore label get
    `ignore_index`: tell it to the loss, `{"CrossEntropyLoss": {"ignore_index": ...}}`. Rows
    without a class map are left out of training; metrics are collected on them all the same.

    ```python
    transforms = [SegStandardize(), SegConvertToTensor(mask_output_dtype=torch.long)]
    dataset = SegmentationDataset(table, transforms)
    ```

    Args:
        table: The Table.
        transforms: SuperGradients' transforms, from NumPy arrays to tensors. Without any, samples
            are an RGB image `(h, w, 3)` and its targets `(h, w)`, uint8.
        image_column: Its column of images.
        mask_column: Its column of class maps, with classes in its schema.

    Attributes:
        table: The Table.
        class_ids: The Table's class id of each class of the network, `c` of them.
        classes: Names of the classes of the network.
        ignore_index: Target of the pixels that count for nothing: the Table's ignore label where
            it is no index of a class, else 255.

    Raises:
        ColumnNotFoundError: The Table has no such column.
        InvalidArgumentError: The mask column does not hold class maps, has no classes, or no row
            has an image and a class map.
        FormatError: An image or class map cannot be read, or they differ in size; raised when
            their sample is loaded.
    """

    @check_arguments
    def __init__(
        self,
        table: Table,
        transforms: Sequence[Any] = (),
        image_column: str = "image",
        mask_column: str = CLASS_MAPS,
    ) -> None:
        self.table = table
        self.image_column_name = image_column
        self.label_column_name = mask_column
        self.class_maps = ClassMaps(read_label_column(table, mask_column))
        self.class_ids = self.class_maps.class_ids
        self.ignore_index = self.class_maps.ignore_index
        # A list of files that nobody reads: for directories the base cannot be made at all.
        super().__init__(root="", list_file="", transforms=list(transforms))
        self.classes = self.class_maps.classes  # emptied by the base

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        """One image and its targets, transformed together."""
        url, row = self.samples_targets_tuples_list[index]
        image, targets = self.sample_loader(url), self.target_loader(row)
        if image.shape[:2] != targets.shape:
            raise FormatError(
                f"the class map of row {row} in table `{self.table.name}` must have the size of "
                f"its image, {image.shape[:2]}, but has {targets.shape}.",
                hint="leave its row out with table.delete_rows([...])",
            )
        return self._transform_image_and_mask(image, targets)

    @property
    def example_ids(self) -> list[int]:
        """The Table's row of every sample."""
        return [row for _, row in self.samples_targets_tuples_list]

    def _generate_samples_and_targets(self) -> None:
        urls = self.table.image_urls(self.image_column_name)
        self.samples_targets_tuples_list = [
            (url, row)
            for row, url in enumerate(urls)
            if url is not None and self.class_maps.has(row)
        ]
        if not self.samples_targets_tuples_list:
            raise InvalidArgumentError(
                f"table `{self.table.name}` must have a row with an image and a class map in "
                f"`{self.label_column_name}`, but has none."
            )

    @staticmethod
    def sample_loader(sample_path: str) -> Any:
        """An image, RGB, uint8, shape `(h, w, 3)`, in the frame of its column's reader."""
        return read_pixels(sample_path)

    def target_loader(self, target_path: int) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride]  # a row, for the Table is no folder
        """Class indices of the pixels of a row, shape `(h, w)`."""
        return self.class_maps.to_indices(self.class_maps.load(target_path))
