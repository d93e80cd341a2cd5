"""Tables of SuperGradients' detection datasets."""

import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from super_gradients.training.datasets.detection_datasets.coco_format_detection import (
    COCOFormatDetectionDataset,
)
from super_gradients.training.datasets.detection_datasets.detection_dataset import (
    DetectionDataset as SuperGradientsDetectionDataset,
)

from samplewise.integration.super_gradients.datasets.stock._naming import (
    ROWS_PER_BATCH,
    Place,
    stamp,
)
from samplewise.schema import (
    BoundingBoxes2DSchema,
    ImageSchema,
    SampleWeightSchema,
)
from samplewise.schema.boxes import boxes_to_arrow
from samplewise.schema.image_reader import read_size
from samplewise.tables import Table


def from_coco(dataset: COCOFormatDetectionDataset, place: Place) -> Table:
    """All that its label file says, with the file's own class ids."""
    file = Path(dataset.data_dir, dataset.json_annotation_file).absolute()
    images = Path(dataset.data_dir, dataset.images_dir or "").absolute()
    return Table.from_coco(
        file,
        images,
        image_reader="opencv",
        table_name=place.name(str(file), str(images), stamp(file)),
        dataset_name=type(dataset).__name__,
        project_name=place.project_name,
        root_url=place.root_url,
        if_exists="reuse",
        description=place.description(dataset),
    )


def from_detection(dataset: SuperGradientsDetectionDataset, place: Place) -> Table:
    """All images of a detection dataset, also those that it leaves out in training."""
    names = dataset.all_classes_list or dataset.classes or []
    schema = BoundingBoxes2DSchema(list(names))
    count = dataset._n_samples  # noqa: SLF001  # `len` leaves out images without boxes
    folder = str(Path(dataset.data_dir).absolute())
    return place.table(
        dataset,
        {"image": ImageSchema(reader="opencv"), "bbs": schema, "weight": SampleWeightSchema()},
        _batches(dataset, schema, count),
        *(folder, *map(str, names), str(count), _fingerprint(dataset, count)),
    )


def rows_in_detection(
    dataset: SuperGradientsDetectionDataset, table: Table
) -> tuple[list[int], list[int]]:
    """The row of every sample, and all rows: images without boxes may be left out."""
    rows = [*range(dataset._n_samples)]  # noqa: SLF001  # nobody else knows
    kept = dataset._non_empty_sample_ids  # noqa: SLF001
    return (list(kept or ()) if dataset.ignore_empty_annotations else rows), rows


def rows_in_coco(dataset: COCOFormatDetectionDataset, table: Table) -> tuple[list[int], list[int]]:
    """The same by the image, in case the file is read in another order here than there."""
    samples, rows = rows_in_detection(dataset, table)
    paths = [os.path.abspath(each.image_path) for each in dataset._annotations]  # noqa: SLF001
    urls = table.image_urls()
    if urls == paths:
        return samples, rows
    by_url = {url: row for row, url in reversed([*enumerate(urls)])}
    return [by_url[paths[sample]] for sample in samples], [by_url[paths[row]] for row in rows]


def _batches(
    dataset: SuperGradientsDetectionDataset, schema: BoundingBoxes2DSchema, count: int
) -> Iterator[Mapping[str, Any]]:
    for start in range(0, count, ROWS_PER_BATCH):
        labels = [_label(dataset, i) for i in range(start, min(start + ROWS_PER_BATCH, count))]
        targets = [_undo_scaling(label, dataset.input_dim) for label in labels]
        counts = [len(target) for target in targets]
        flat = np.concatenate([np.zeros((0, 5)), *targets])
        extents = np.array([[0, 0, *_size(label)] for label in labels], np.float64)
        yield {
            "image": [os.path.abspath(label["img_path"]) for label in labels],
            "bbs": boxes_to_arrow(
                flat[:, :4],
                np.concatenate([[0], np.cumsum(counts)]),
                {"label": pa.array(flat[:, 4].astype(np.int64))},
                extents,
                schema,
            ),
            "weight": np.ones(len(labels)),
        }


def _label(dataset: SuperGradientsDetectionDataset, index: int) -> dict[str, Any]:
    # Their own extension point: the label as it lies on disk, before any filter and transform.
    return dataset._load_annotation(index)  # noqa: SLF001


def _undo_scaling(label: Mapping[str, Any], input_dim: Any) -> np.ndarray:
    """`xyxy` pixels of the image on disk and class index, shape `(t, 5)`."""
    target = np.array(label["target"], np.float64).reshape(-1, 5)
    target[:, :4] /= _scale(label, input_dim)
    return target


def _scale(label: Mapping[str, Any], input_dim: Any) -> float:
    """By what the dataset has multiplied its boxes; one of them mixes up height and width."""
    if input_dim is None:
        return 1.0
    width, height = _size(label)
    for rows, columns in (input_dim, input_dim[::-1]):
        scale = min(rows / height, columns / width)
        if (int(height * scale), int(width * scale)) == tuple(label["resized_img_shape"]):
            return scale
    return label["resized_img_shape"][1] / width


def _size(label: Mapping[str, Any]) -> tuple[float, float]:
    if "initial_img_shape" in label:
        height, width = label["initial_img_shape"]
        return float(width), float(height)
    width, height = read_size(label["img_path"])
    return float(width), float(height)


def _fingerprint(dataset: SuperGradientsDetectionDataset, count: int) -> str:
    """A digest of all labels: a changed label file is another Table."""
    digest = hashlib.sha256()
    for i in range(count):
        label = _label(dataset, i)
        digest.update(str(label["img_path"]).encode())
        digest.update(np.ascontiguousarray(label["target"]).tobytes())
    return digest.hexdigest()
