"""Tables from SuperGradients' own datasets, so that an existing script needs one added line."""

import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from PIL import Image
from super_gradients.training.datasets.detection_datasets.coco_format_detection import (
    COCOFormatDetectionDataset,
)
from super_gradients.training.datasets.detection_datasets.detection_dataset import (
    DetectionDataset as SuperGradientsDetectionDataset,
)
from torch.utils.data import ConcatDataset, Subset

from samplewise.errors import InvalidArgumentError
from samplewise.schema import (
    BoundingBoxes2DSchema,
    ImageSchema,
    SampleWeightSchema,
    TableSchema,
)
from samplewise.schema.boxes import boxes_to_arrow
from samplewise.tables import Table, TableWriter

_KNOWN = (
    "samplewise.integration.super_gradients.DetectionDataset and its siblings, "
    "SuperGradients' COCOFormatDetectionDataset, YoloDarknetFormatDetectionDataset, "
    "PascalVOCDetectionDataset and other DetectionDatasets"
)
_ROWS = 512


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
        InvalidArgumentError: The dataset is of no known kind.
    """
    table = getattr(dataset, "table", None)
    if isinstance(table, Table):
        return [table]
    if isinstance(dataset, ConcatDataset):
        return _unique(
            table
            for part in dataset.datasets
            for table in tables_of(part, split=split, project_name=project_name, root_url=root_url)
        )
    if isinstance(dataset, Subset):
        return tables_of(dataset.dataset, split=split, project_name=project_name, root_url=root_url)
    if isinstance(dataset, COCOFormatDetectionDataset):
        return [_from_coco(dataset, split, project_name, root_url)]
    if isinstance(dataset, SuperGradientsDetectionDataset):
        return [_from_detection(dataset, split, project_name, root_url)]
    raise InvalidArgumentError(
        f"the {split} loader must read a dataset that a Table is known for or can be made of, "
        f"but reads a {type(dataset).__module__}.{type(dataset).__qualname__}.",
        hint=f"known are {_KNOWN}; or give your dataset an attribute `table`",
    )


def _from_coco(
    dataset: COCOFormatDetectionDataset, split: str, project_name: str, root_url: str | None
) -> Table:
    file = Path(dataset.data_dir, dataset.json_annotation_file).absolute()
    images = Path(dataset.data_dir, dataset.images_dir or "").absolute()
    return Table.from_coco(
        file,
        images,
        table_name=_name(split, str(file), str(images), _stamp(file)),
        dataset_name=type(dataset).__name__,
        project_name=project_name,
        root_url=root_url,
        if_exists="reuse",
        description=f"made from the {split} loader's {type(dataset).__name__}",
    )


def _from_detection(
    dataset: SuperGradientsDetectionDataset, split: str, project_name: str, root_url: str | None
) -> Table:
    """All images of a detection dataset, also those that it leaves out in training."""
    names = dataset.all_classes_list or dataset.classes or []
    schema = BoundingBoxes2DSchema(list(names))
    count = dataset._n_samples  # noqa: SLF001  # `len` leaves out images without boxes
    writer = TableWriter(
        _name(
            split,
            str(Path(dataset.data_dir).absolute()),
            *map(str, names),
            str(count),
            _fingerprint(dataset, count),
        ),
        type(dataset).__name__,
        project_name,
        schema=TableSchema({"image": ImageSchema(), "bbs": schema, "weight": SampleWeightSchema()}),
        root_url=root_url,
        if_exists="reuse",
        description=f"made from the {split} loader's {type(dataset).__name__}",
    )
    with writer:
        for batch in _batches(dataset, schema, count):
            writer.add_batch(batch)
    return writer.table


def _batches(
    dataset: SuperGradientsDetectionDataset, schema: BoundingBoxes2DSchema, count: int
) -> Iterator[Mapping[str, Any]]:
    for start in range(0, count, _ROWS):
        labels = [_label(dataset, i) for i in range(start, min(start + _ROWS, count))]
        targets = [_unscaled(label, dataset.input_dim) for label in labels]
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


def _unscaled(label: Mapping[str, Any], input_dim: Any) -> np.ndarray:
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
    with Image.open(label["img_path"]) as image:  # reads its header only
        return float(image.width), float(image.height)


def _name(split: str, *facts: str) -> str:
    digest = hashlib.sha256("\0".join(facts).encode()).hexdigest()
    return f"{split}-{digest[:8]}"


def _stamp(file: Path) -> str:
    try:
        status = file.stat()
    except OSError:
        return ""
    return f"{status.st_size}-{status.st_mtime_ns}"


def _fingerprint(dataset: SuperGradientsDetectionDataset, count: int) -> str:
    """A digest of all labels: a changed label file is another Table."""
    digest = hashlib.sha256()
    for i in range(count):
        label = _label(dataset, i)
        digest.update(str(label["img_path"]).encode())
        digest.update(np.ascontiguousarray(label["target"]).tobytes())
    return digest.hexdigest()


def _unique(tables: Iterator[Table]) -> list[Table]:
    return list(dict.fromkeys(tables))
