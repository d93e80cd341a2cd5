"""Tables of SuperGradients' pose estimation datasets."""

import hashlib
import os
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from samplewise.formats.skeletons import flip_indices, oks_sigmas
from samplewise.integration.super_gradients.datasets.stock._naming import Place, split_in_batches
from samplewise.schema import (
    Float,
    ImageSchema,
    Int,
    Keypoints2D,
    Keypoints2DSchema,
    SampleWeightSchema,
)
from samplewise.schema.color import hex_of
from samplewise.tables import Table
from samplewise.tasks.pose import KEYPOINTS


def from_poses(dataset: Any, place: Place) -> Table:
    """All images of a pose dataset, also those without poses; boxes and areas as in its file."""
    schema = {
        "image": ImageSchema(reader="opencv_unturned"),
        KEYPOINTS: _schema(dataset),
        "weight": SampleWeightSchema(),
    }
    return place.table(dataset, schema, split_in_batches(_rows(dataset)), _fingerprint(dataset))


def _schema(dataset: Any) -> Keypoints2DSchema:
    names = tuple(map(str, dataset.joints))
    return Keypoints2DSchema(
        [str(dataset.category_name)],
        additional={"area": Float(), "iscrowd": Int()},
        joint_names=names,
        skeleton=dataset.edge_links,
        flip_indices=flip_indices(names),
        oks_sigmas=oks_sigmas(names),
        point_colors=[hex_of(color) for color in dataset.keypoint_colors],
        line_colors=[hex_of(color) for color in dataset.edge_colors],
    )


def _rows(dataset: Any) -> Iterator[Mapping[str, Any]]:
    for image in dataset.annotations:
        poses = Keypoints2D.create_empty(float(image.image_width), float(image.image_height))
        for joints, box, area, crowd in zip(
            image.ann_keypoints,
            image.ann_boxes_xyxy,
            image.ann_areas,
            image.ann_is_crowd,
            strict=True,
        ):
            poses.add_instance(
                np.asarray(joints, np.float64),
                0,
                bounding_box=box,
                area=float(area),
                iscrowd=int(crowd),
            )
        yield {"image": os.path.abspath(image.image_path), KEYPOINTS: poses, "weight": 1.0}


def _fingerprint(dataset: Any) -> str:
    """A digest of all labels: a changed label file is another Table."""
    digest = hashlib.sha256(repr((dataset.category_name, dataset.joints)).encode())
    for image in dataset.annotations:
        digest.update(str(image.image_path).encode())
        for part in ("ann_keypoints", "ann_boxes_xyxy", "ann_areas", "ann_is_crowd"):
            digest.update(np.ascontiguousarray(getattr(image, part)).tobytes())
    return digest.hexdigest()


def rows_in_poses(dataset: Any, table: Table) -> tuple[list[int], list[int]]:
    """The row of every sample, and all rows: images without poses may be left out."""
    rows = [*range(len(table))]
    kept = dataset.non_empty_annotation_indexes
    return rows if dataset.include_empty_samples else [int(row) for row in kept], rows
