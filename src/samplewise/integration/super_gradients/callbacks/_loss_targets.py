"""Labels of a Table as a criterion takes them, for one image."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
from PIL import Image

from samplewise.collect.predictor import Batch
from samplewise.schema.boxes import RaggedBoxes
from samplewise.tasks.classes import NetworkClasses
from samplewise.tasks.pose_labels import LabelledPoses


class ToInput(Protocol):
    """From pixels of an image to pixels of the network's input, see `Predictor.boxes_to_input`."""

    def __call__(self, boxes: np.ndarray, metadata: Any) -> np.ndarray:
        """Boxes, `xyxy`, shape `(n, 4)`."""
        ...


@dataclass(frozen=True)
class BoxTargets:
    """Boxes as SuperGradients' detection losses take them: `index, class, cx, cy, w, h`.

    As in `DetectionDataset`: boxes end at the border of their image; crowd regions, boxes without
    size and classes that the network does not have are no targets.

    Args:
        boxes: Of the Table.
        indices: The network's class index of each, -1 for none, shape `(t,)`.
        crowd: Which are crowd regions, shape `(t,)`.
        to_input: Of the predictor.
    """

    boxes: RaggedBoxes
    indices: np.ndarray
    crowd: np.ndarray
    to_input: ToInput

    def __call__(self, batch: Batch, index: int) -> torch.Tensor:
        """Shape `(t, 6)`."""
        row = batch.rows[index]
        here = slice(self.boxes.offsets[row], self.boxes.offsets[row + 1])
        boxes = clip_to_image(self.boxes.boxes[here], self.boxes.extents[row])
        has_size = (boxes[:, 2] > boxes[:, 0]) & (boxes[:, 3] > boxes[:, 1])
        keep = has_size & ~self.crowd[here] & (self.indices[here] >= 0)
        found = self.to_input(boxes[keep], batch.metadata[index])
        sizes = found[:, 2:] - found[:, :2]
        zeros = np.zeros((len(found), 1))
        targets = [zeros, self.indices[here][keep, None], found[:, :2] + sizes / 2, sizes]
        return torch.from_numpy(np.concatenate(targets, axis=1).astype(np.float32))


@dataclass(frozen=True)
class PoseTargets:
    """Poses as `YoloNASPoseLoss` takes them: boxes, joints and crowds, each after an index.

    Args:
        poses: Of the Table.
        to_input: Of the predictor.
    """

    poses: LabelledPoses
    to_input: ToInput

    def __call__(self, batch: Batch, index: int) -> tuple[torch.Tensor, ...]:
        """Shapes `(t, 5)`, `(t, k, 4)` and `(t, 2)`."""
        row, metadata = batch.rows[index], batch.metadata[index]
        here = self.poses.of_row(row)
        boxes = self.to_input(
            clip_to_image(self.poses.boxes[here], self.poses.extents[row]), metadata
        )
        joints = self.poses.joints[here].copy()
        corners = np.tile(joints[..., :2].reshape(-1, 2), 2)
        joints[..., :2] = self.to_input(corners, metadata)[:, :2].reshape(joints[..., :2].shape)
        crowd = self.poses.is_crowd[here, None].astype(np.int64)
        return tuple(
            torch.from_numpy(np.concatenate([np.zeros_like(each[..., :1]), each], axis=-1))
            for each in (boxes.astype(np.float32), joints.astype(np.float32), crowd)
        )


@dataclass(frozen=True)
class MapTargets:
    """Class maps as segmentation losses take them: an index per pixel of the network's input.

    Args:
        load: The class map of a row, class ids of the Table; None where there is none.
        classes: Of the network.
        fill: Index of the pixels that count for nothing: those of padding, of the ignore label,
            and of classes that the network does not have.
    """

    load: Callable[[int], np.ndarray | None]
    classes: NetworkClasses
    fill: int

    def __call__(self, batch: Batch, index: int) -> torch.Tensor | None:
        """Shape `(1, h, w)`."""
        pixels = self.load(batch.rows[index])
        if pixels is None:
            return None
        found = self.classes.to_network(pixels)
        size = batch.inputs.shape[-2], batch.inputs.shape[-1]
        return map_to_input(
            np.where(found < 0, self.fill, found), batch.metadata[index], size, self.fill
        )


@dataclass(frozen=True)
class LabelTargets:
    """Class indices as classification losses take them.

    Args:
        indices: The network's class index of each row, -1 for none, shape `(n,)`.
    """

    indices: np.ndarray

    def __call__(self, batch: Batch, index: int) -> torch.Tensor | None:
        """Shape `(1,)`."""
        found = int(self.indices[batch.rows[index]])
        return None if found < 0 else torch.tensor([found])


def clip_to_image(boxes: np.ndarray, extent: np.ndarray) -> np.ndarray:
    """Boxes that end at the border of their image, where that is known.

    Args:
        boxes: `xyxy` pixels, shape `(n, 4)`.
        extent: Of the image, `xyxy`, NaN where unknown.
    """
    if not np.isfinite(extent).all():
        return boxes
    return np.clip(boxes, np.tile(extent[:2], 2), np.tile(extent[2:], 2))


def map_to_input(
    indices: np.ndarray, metadata: Any, size: tuple[int, int], fill: int
) -> torch.Tensor:
    """A map of class indices, resized and padded as its image was.

    Args:
        indices: Shape `(h, w)`.
        metadata: Of the image's preprocessing.
        size: Height and width of the network's input.
        fill: What padding is: the index that counts for nothing.

    Returns:
        int64, shape `(1, *size)`.

    Source:
        SuperGradients, `SegResize` and its siblings: the nearest pixel, by Pillow.
    """
    for shape, padding in reversed(_undo_steps(metadata, size)):
        if padding is None:
            image = Image.fromarray(indices.astype(np.int32))
            indices = np.array(image.resize((shape[1], shape[0]), Image.Resampling.NEAREST))
        else:
            indices = np.pad(indices, padding, constant_values=fill)
    return torch.from_numpy(indices.astype(np.int64))[None]


def _undo_steps(metadata: Any, size: tuple[int, int]) -> list[tuple[tuple[int, int], Any]]:
    """Steps from the input to the image, each with its own output shape and its padding if any."""
    steps: list[tuple[tuple[int, int], Any]] = []
    for step in reversed(list(getattr(metadata, "metadata_lst", [metadata]))):
        padding = getattr(step, "padding_coordinates", None)
        if padding is not None:
            edges = (padding.top, padding.bottom), (padding.left, padding.right)
            steps.append((size, edges))
            size = size[0] - sum(edges[0]), size[1] - sum(edges[1])
        original = getattr(step, "original_shape", None)
        if original is not None:
            steps.append((size, None))
            size = int(original[0]), int(original[1])
    return steps
