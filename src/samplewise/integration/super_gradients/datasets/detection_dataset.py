"""A SuperGradients detection dataset that reads a Table."""

from typing import Any

import numpy as np
from super_gradients.training.datasets.data_formats.default_formats import XYXY_LABEL
from super_gradients.training.datasets.detection_datasets.detection_dataset import (
    DetectionDataset as SuperGradientsDetectionDataset,
)

from samplewise._arguments import check_arguments
from samplewise.collect.table_task import read_label_column
from samplewise.errors import FormatError, InvalidArgumentError
from samplewise.schema.image_reader import read_pixels
from samplewise.tables import Table
from samplewise.tasks.classes import training_classes
from samplewise.tasks.detection import BOXES, DetectionLabels, DetectionTask


class DetectionDataset(SuperGradientsDetectionDataset):
    """Feeds SuperGradients' own transforms from a Table with boxes.

    Class ids of the Table may have gaps: the network sees `0 .. c-1` in ascending order of the
    ids, and stored predictions carry the Table's ids again. Crowd regions are no targets. Boxes
    are clipped to their image for training, as SuperGradients' COCO dataset does; the Table keeps
    them as they are.

    All labels are read when the dataset is made, so DataLoader workers never touch the store.

    Args:
        table: The Table.
        image_column_name: Its column of images.
        label_column_name: Its column of boxes, or the path of their labels.
        super_gradients_kwargs: For SuperGradients' `DetectionDataset`: `transforms`, `input_dim`,
            `ignore_empty_annotations`, `max_num_samples`, `cache_annotations`,
            `class_inclusion_list`, `verbose`, ...

    Attributes:
        table: The Table.
        class_ids: The Table's class id of each class of the network, `c` of them.
        classes: Names of the classes of the network.

    Raises:
        ColumnNotFoundError: The Table has no such column.
        InvalidArgumentError: The label column does not hold boxes, has no classes, or the Table is
            empty.
        FormatError: An image cannot be read; raised when its sample is loaded.
    """

    @check_arguments
    def __init__(
        self,
        table: Table,
        image_column_name: str = "image",
        label_column_name: str = BOXES,
        **super_gradients_kwargs: Any,
    ) -> None:
        self.table = table
        self.image_column_name = image_column_name
        self.label_column_name = DetectionTask().label_column(label_column_name)
        labels = DetectionLabels.of(read_label_column(table, self.label_column_name))
        class_ids, names = training_classes(labels.value_map)
        self._urls = table.image_urls(image_column_name)
        self._boxes = labels.boxes
        self._indices = labels.classes.to_network(labels.class_ids)
        self._is_target = (self._indices >= 0) & ~labels.is_crowd
        options = {"data_dir": ".", "original_target_format": XYXY_LABEL, "all_classes_list": names}
        super().__init__(**{**options, **super_gradients_kwargs})
        by_name = dict(zip(self._all_classes, class_ids, strict=False))
        self.class_ids = [by_name[name] for name in self.classes or ()]

    @property
    def example_ids(self) -> list[int]:
        """The Table's row of every sample: images without boxes may be left out."""
        kept = self._non_empty_sample_ids if self.ignore_empty_annotations else None
        return [*range(self.sample_count)] if kept is None else list(kept)

    @property
    def sample_count(self) -> int:
        """How many rows it reads, from the first one on, with those that are left out."""
        return self._n_samples

    @property
    def _all_classes(self) -> list[str]:
        return list(self.all_classes_list or [])

    def _setup_data_source(self) -> int:
        if not len(self.table):
            raise InvalidArgumentError(f"table `{self.table.name}` must have rows, but is empty.")
        return len(self.table)

    def _load_annotation(self, sample_id: int) -> dict[str, Any]:
        url = self._url(sample_id)
        height, width = self._image_size(sample_id, url)
        here = slice(self._boxes.offsets[sample_id], self._boxes.offsets[sample_id + 1])
        targets = self._targets(here, height, width)
        scale, resized = self._resize_to_input(height, width)
        targets[:, :4] *= scale
        return {
            "target": targets.astype(np.float32),
            "initial_img_shape": (height, width),
            "resized_img_shape": resized,
            "img_path": url,
            "example_id": sample_id,
        }

    def _load_image(self, image_path: str) -> np.ndarray:
        return np.ascontiguousarray(read_pixels(image_path)[:, :, ::-1])  # BGR

    def _url(self, sample_id: int) -> str:
        url = self._urls[sample_id]
        if url is None:
            raise FormatError(
                f"row {sample_id} of table `{self.table.name}` has no image.",
                hint=f"leave it out: table.delete_rows([{sample_id}])",
            )
        return url

    def _targets(self, here: slice, height: int, width: int) -> np.ndarray:
        """`xyxy` pixels and class index of the boxes to learn, float64, shape `(t, 5)`."""
        boxes = self._boxes.boxes[here].copy()
        boxes[:, 0::2] = boxes[:, 0::2].clip(0, width)
        boxes[:, 1::2] = boxes[:, 1::2].clip(0, height)
        has_size = (boxes[:, 2] > boxes[:, 0]) & (boxes[:, 3] > boxes[:, 1])
        keep = has_size & self._is_target[here]
        return np.column_stack([boxes[keep], self._indices[here][keep]]).reshape(-1, 5)

    def _image_size(self, sample_id: int, url: str) -> tuple[int, int]:
        x_min, y_min, x_max, y_max = self._boxes.extents[sample_id]
        if np.isfinite([x_min, y_min, x_max, y_max]).all() and x_max > x_min and y_max > y_min:
            return round(y_max - y_min), round(x_max - x_min)
        image = self._load_image(url)
        return image.shape[0], image.shape[1]

    def _resize_to_input(self, height: int, width: int) -> tuple[float, tuple[int, int]]:
        if self.input_dim is None:
            return 1.0, (height, width)
        scale = min(self.input_dim[0] / height, self.input_dim[1] / width)
        return scale, (int(height * scale), int(width * scale))
