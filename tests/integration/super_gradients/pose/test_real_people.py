"""Real images of people: samples are SuperGradients' own, metrics are those of pycocotools."""

import io
from contextlib import redirect_stdout

import numpy as np
import pytest
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
from super_gradients.training.datasets.pose_estimation_datasets import COCOPoseEstimationDataset
from super_gradients.training.utils.predict import (
    ImagePoseEstimationPrediction,
    PoseEstimationPrediction,
)

from samplewise import Table
from samplewise.collect.table_task import read_label_column
from samplewise.integration.super_gradients import (
    PoseEstimationDataset,
    PoseEstimationMetricsCollectionCallback,
)
from samplewise.tasks.pose_labels import read_poses


@pytest.fixture(scope="module")
def files(shared_data):
    folder = shared_data / "pose_minicoco"
    labels = folder / "annotations" / "person_keypoints_val2017.json"
    return str(labels), str(folder / "images" / "val2017")


@pytest.fixture(scope="module")
def table(files, tmp_path_factory):
    return Table.from_coco(
        *files,
        task="pose",
        dataset_name="d",
        project_name="p",
        root_url=str(tmp_path_factory.mktemp("store")),
    )


def test_samples_are_those_of_super_gradients(files, table):
    labels, images = files
    ours = PoseEstimationDataset(table, [])
    theirs = COCOPoseEstimationDataset(
        data_dir="",
        images_dir=images,
        json_file=labels,
        include_empty_samples=True,
        transforms=[],
        edge_links=ours.edge_links,
        edge_colors=ours.edge_colors,
        keypoint_colors=ours.keypoint_colors,
    )
    assert len(ours) == len(theirs)
    for index in range(len(ours)):
        found, expected = ours.load_sample(index), theirs.load_sample(index)
        for name in ("image", "joints", "areas", "bboxes_xywh", "is_crowd"):
            np.testing.assert_allclose(getattr(found, name), getattr(expected, name), atol=1e-3)


def test_average_precision_of_each_image_is_pycocotools(files, table):
    predictions, results = shaken(table, np.random.default_rng(0))
    callback = PoseEstimationMetricsCollectionCallback("p")
    columns = callback.compute_metrics(table.image_urls(), predictions, table)
    with redirect_stdout(io.StringIO()):
        truth = COCO(files[0])
        found = truth.loadRes(results)
        expected = [evaluated(truth, found, image) for image in image_ids(table)]
    for name, stat in (("ap_50_95", 0), ("ap_50", 1)):
        # -1 is pycocotools' word for nothing to find.
        np.testing.assert_allclose(columns[name].filled(-1), [e[stat] for e in expected])


def image_ids(table):
    return table.get_column_as_pyarrow_array("image_id").to_pylist()


def shaken(table, rng):
    """Every labelled pose a bit beside itself, and once more further away."""
    poses, predictions, results = read_poses(read_label_column(table, "keypoints_2d")), [], []
    for row, image in enumerate(image_ids(table)):
        joints = poses.joints[poses.offsets[row] : poses.offsets[row + 1]].copy()
        joints[..., :2] += rng.normal(0, 6, joints[..., :2].shape)
        joints = np.concatenate([joints, joints + 20])
        scores = rng.random(len(joints))
        none = np.zeros((0, 3))
        prediction = PoseEstimationPrediction(
            joints, scores, None, none, none, none, image_shape=(1, 1)
        )
        predictions.append(
            ImagePoseEstimationPrediction(image=None, class_names=None, prediction=prediction)
        )
        results += [
            {"image_id": image, "category_id": 1, "keypoints": flat, "score": score}
            for flat, score in zip(
                joints.reshape(len(joints), 3 * poses.num_joints).tolist(),
                scores.tolist(),
                strict=True,
            )
        ]
    return predictions, results


def evaluated(truth, found, image):
    evaluation = COCOeval(truth, found, "keypoints")
    evaluation.params.imgIds = [image]
    evaluation.evaluate(), evaluation.accumulate(), evaluation.summarize()
    return evaluation.stats
