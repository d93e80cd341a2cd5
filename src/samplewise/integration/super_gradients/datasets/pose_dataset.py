"""A SuperGradients pose estimation dataset that reads a Table."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from super_gradients.common.object_names import Processings
from super_gradients.training.datasets.pose_estimation_datasets.abstract_pose_estimation_dataset import (  # noqa: E501
    AbstractPoseEstimationDataset,
)
from super_gradients.training.samples import PoseEstimationSample

from samplewise._arguments import check_arguments
from samplewise.collect.table_task import read_label_column
from samplewise.errors import FormatError, InvalidArgumentError
from samplewise.schema import Keypoints2DSchema
from samplewise.schema.color import Rgb, rainbow, rgb_of
from samplewise.schema.image_reader import read_pixels
from samplewise.tables import Table
from samplewise.tasks.pose import KEYPOINTS, PoseTask
from samplewise.tasks.pose_labels import LabelledPoses, keypoints_schema_of, read_poses


class PoseEstimationDataset(AbstractPoseEstimationDataset):
    """Feeds SuperGradients' own keypoint transforms from a Table with keypoints.

    Every row is a sample, also one without poses. Images are BGR and boxes are clipped to their
    image, as in SuperGradients' COCO dataset; the Table keeps them as they are. A crowd region is
    left out of the mask of a sample by its box. All classes of the column are learnt as one: a
    pose estimation model knows joints and no classes. Joints, lines and their colours are those of
    the column's schema; colours that it does not name are chosen.

    All labels are read when the dataset is made, so DataLoader workers never touch the store.

    Args:
        table: The Table.
        transforms: SuperGradients' keypoint transforms.
        image_column: Its column of images.
        keypoints_column: Its column of keypoints, or the path of their labels.

    Attributes:
        table: The Table.
        num_joints: How many joints a pose has.

    Raises:
        ColumnNotFoundError: The Table has no such column.
        InvalidArgumentError: The column does not hold keypoints, nothing says how many joints a
            pose has, poses have different numbers of joints, or the Table is empty.
        FormatError: An image cannot be read; raised when its sample is loaded.
    """

    @check_arguments
    def __init__(
        self,
        table: Table,
        transforms: Sequence[Any],
        image_column: str = "image",
        keypoints_column: str = KEYPOINTS,
    ) -> None:
        self.table = table
        self.image_column_name = image_column
        self.label_column_name = PoseTask().label_column(keypoints_column)
        self._poses, schema = _trainable_poses(table, image_column, keypoints_column)
        self._urls = table.image_urls(image_column)
        lines, points = skeleton_colors(schema, self._poses.num_joints)
        super().__init__(
            transforms=list(transforms),
            num_joints=self._poses.num_joints,
            edge_links=[(line[0], line[1]) for line in schema.skeleton],
            edge_colors=lines or [(0, 0, 0)],  # for an empty list it would choose colours, and fail
            keypoint_colors=points,
        )
        self.edge_colors = lines

    @classmethod
    def check_table(
        cls, table: Table, image_column: str = "image", keypoints_column: str = KEYPOINTS
    ) -> None:
        """Refuse a Table that cannot be trained on; see the class for what is raised."""
        _trainable_poses(table, image_column, keypoints_column)

    def __len__(self) -> int:
        return len(self._urls)

    @property
    def example_ids(self) -> list[int]:
        """The Table's row of every sample: each is one."""
        return [*range(len(self))]

    def load_sample(self, index: int) -> PoseEstimationSample:
        """The image of a row with its poses, before any transform."""
        image = np.ascontiguousarray(read_pixels(self._url(index))[:, :, ::-1])  # BGR
        height, width = image.shape[:2]
        here = self._poses.of_row(index)
        boxes = self._poses.boxes[here].copy()
        boxes[:, 0::2] = boxes[:, 0::2].clip(0, width)
        boxes[:, 1::2] = boxes[:, 1::2].clip(0, height)
        is_crowd = self._poses.is_crowd[here].copy()
        mask = _loss_mask(boxes[is_crowd], height, width)
        boxes[:, 2:] -= boxes[:, :2]
        return PoseEstimationSample(
            image=image,
            mask=mask,
            joints=self._poses.joints[here].astype(np.float32),
            areas=self._poses.areas[here].astype(np.float32),
            bboxes_xywh=boxes.astype(np.float32),
            is_crowd=is_crowd,
            additional_samples=None,
        )

    def get_dataset_preprocessing_params(self) -> dict[str, Any]:
        """What `predict` does to an image: the same as the transforms, from RGB."""
        params: dict[str, Any] = super().get_dataset_preprocessing_params()
        # Samples are BGR, and `predict` starts from RGB.
        compose = params["image_processor"][Processings.ComposeProcessing]
        compose["processings"] = [{Processings.ReverseImageChannels: {}}, *compose["processings"]]
        return params

    def _url(self, index: int) -> str:
        url = self._urls[index]
        if url is None:
            raise FormatError(
                f"row {index} of table `{self.table.name}` has no image.",
                hint=f"leave it out: table.delete_rows([{index}])",
            )
        return url


def _trainable_poses(
    table: Table, image_column: str, keypoints_column: str
) -> tuple[LabelledPoses, Keypoints2DSchema]:
    table.schema.at(image_column)
    column = read_label_column(table, PoseTask().label_column(keypoints_column))
    poses = read_poses(column)
    if not len(table):
        raise InvalidArgumentError(f"table `{table.name}` must have rows, but is empty.")
    if not poses.num_joints:
        raise InvalidArgumentError(
            f"{column} must say which joints there are, but has neither names of joints nor a "
            "pose.",
            hint="Keypoints2DSchema(..., joint_names=[...], skeleton=[...])",
        )
    return poses, keypoints_schema_of(column)


def skeleton_colors(schema: Keypoints2DSchema, num_joints: int) -> tuple[list[Rgb], list[Rgb]]:
    """Colours of lines and of joints: the schema's where it has one for each, else chosen ones."""
    pairs = ((schema.line_colors, len(schema.skeleton)), (schema.point_colors, num_joints))
    lines, points = (
        [rgb_of(color) for color in (given if len(given) == count else rainbow(count))]
        for given, count in pairs
    )
    return lines, points


def _loss_mask(crowds: np.ndarray, height: int, width: int) -> np.ndarray:
    """1 where a pixel counts in the loss, 0 in crowd regions, float32, shape `(h, w)`."""
    mask = np.ones((height, width), np.float32)
    for x_min, y_min, x_max, y_max in crowds.round().astype(int):
        mask[y_min:y_max, x_min:x_max] = 0
    return mask
