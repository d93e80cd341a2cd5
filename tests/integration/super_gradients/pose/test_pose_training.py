"""A real training of YOLO-NAS-POSE on Tables: what is stored is what SuperGradients predicts."""

import io
from contextlib import redirect_stdout

import numpy as np
import pytest
import torch
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
from super_gradients.training.datasets.pose_estimation_datasets import YoloNASPoseCollateFN
from super_gradients.training.losses import YoloNASPoseLoss
from torch.utils.data import Subset

from samplewise.collect.table_task import read_label_column
from samplewise.demo.scenes import SIGMAS
from samplewise.integration.super_gradients import PoseEstimationMetricsCollectionCallback
from samplewise.metrics.pose import JOINT_KINDS
from samplewise.schema import Float, TableSchema
from samplewise.tasks.pose_labels import read_poses

LIMITS = {"conf": 0.001, "pre_nms_max_predictions": 60, "post_nms_max_predictions": 15}


class Mine(PoseEstimationMetricsCollectionCallback):
    """Adds a metric to ours."""

    def compute_metrics(self, images, predictions, table):
        ours = super().compute_metrics(images, predictions, table)
        return {**ours, "mine": [len(each.prediction.scores) for each in predictions]}

    def metrics_column_schemas(self, table):
        return {**super().metrics_column_schemas(table), "mine": Float()}


@pytest.fixture(scope="module")
def trained(train, tables):
    callback = Mine(
        "p",
        pipeline_params={"fuse_model": False, "fp16": False, **LIMITS},
        batch_size=4,  # as in `predict`: another size rounds otherwise
        collect_embeddings=True,
        collect_object_embeddings=True,
        embeddings_method="pca",
        collect_loss=True,
        dataloader_args={"num_workers": 0},
        root_url=tables[0].root_url,
    )
    return train([callback]), callback.run


@pytest.fixture(scope="module")
def stored(trained):
    return trained[1].metrics(epoch=0, split="val").to_pylist()


def test_stored_predictions_are_those_of_predict(trained, stored, tables, make_dataset):
    model = trained[0].eval()
    params = make_dataset(tables[1]).get_dataset_preprocessing_params()
    model.set_dataset_processing_params(**params)
    said = model.predict(tables[1].image_urls(), fuse_model=False, fp16=False, **LIMITS)
    for row, expected in zip(stored, said, strict=True):
        found, pose = row["keypoints_2d_predicted"], expected.prediction
        properties = found["instances_additional_data"]
        assert len(found["instances"]) == len(pose.scores) > 0
        np.testing.assert_array_equal(_joints(found), pose.poses[..., :2])
        np.testing.assert_array_equal(_boxes(found), pose.bboxes_xyxy)
        np.testing.assert_array_equal(properties["confidence"], pose.scores)
        np.testing.assert_array_equal(properties["joint_confidences"], pose.poses[..., 2])


def test_metrics_of_a_subclass_are_stored_beside_ours(stored):
    assert [row["mine"] for row in stored] == [row["n_predictions"] for row in stored]


def test_matches_and_average_precision_are_pycocotools(stored, tables):
    for number, row in enumerate(stored):
        evaluation = _evaluated(row, tables[1], number)
        assert row["ap_50_95"] == pytest.approx(evaluation.stats[0])
        assert row["ap_50"] == pytest.approx(evaluation.stats[1])


def test_similarities_are_pycocotools(stored, tables):
    for number, row in enumerate(stored):
        evaluation = _evaluated(row, tables[1], number)
        oks = evaluation.ious[number + 1, 1]  # by falling confidence, at most 20
        order = np.argsort(-np.array(_property(row, "confidence")), kind="stable")
        ours = np.array(_property(row, "oks"))[order]
        match = np.array(_property(row, "matched_ground_truth"), float)[order]
        expected = [
            line.max() if np.isnan(found) else line[int(found)]
            for line, found in zip(oks, match, strict=True)
        ]
        np.testing.assert_allclose(ours, expected, atol=1e-12)


def test_labels_are_the_tables_only_class(stored, tables):
    (class_id,) = tables[1].get_simple_value_map("keypoints_2d.instances_additional_data.label")
    assert {label for row in stored for label in _property(row, "label")} == {class_id}


def test_predictions_carry_the_tables_skeleton(trained, tables):
    (stream,) = trained[1].metric_streams
    theirs = TableSchema.from_arrow(stream.arrow_schema)["keypoints_2d_predicted"]
    ours = tables[1].schema["keypoints_2d"]
    for name in ("joint_names", "skeleton", "flip_indices", "oks_sigmas", "classes"):
        assert getattr(theirs, name) == getattr(ours, name)


def test_joints_are_counted_and_measured(stored, tables):
    poses = read_poses(read_label_column(tables[1], "keypoints_2d"))
    for row, start, stop in zip(stored, poses.offsets, poses.offsets[1:], strict=False):
        visibility = poses.joints[start:stop, :, 2]
        assert row["labelled_joints"] == np.count_nonzero(visibility)
        assert row["invisible_joints"] == np.count_nonzero(visibility == 1)
        kinds = np.array(row["joint_kind"])
        assert row["missed_joints"] == np.count_nonzero(kinds == JOINT_KINDS.index("missed"))
        errors = [error for pose in row["joint_error"] for error in pose if error is not None]
        assert row["mean_joint_error"] == (pytest.approx(np.mean(errors)) if errors else None)


def test_the_loss_of_an_image_is_the_criterions_on_a_batch_of_one(
    trained, stored, tables, make_dataset
):
    model, dataset = trained[0].eval(), make_dataset(tables[1])
    with torch.no_grad():
        for index, row in enumerate(stored):
            images, targets, _ = YoloNASPoseCollateFN()([dataset[index]])
            expected, _ = YoloNASPoseLoss(oks_sigmas=list(SIGMAS))(model(images), targets)
            assert row["loss"] == pytest.approx(float(expected), rel=1e-4)


def test_every_pose_has_an_embedding(stored):
    for row in stored:
        poses, figures = row["keypoints_2d_predicted"], row["keypoints_2d"]
        assert len(row["prediction_embeddings"]) == len(poses["instances"])
        assert len(row["ground_truth_embeddings"]) == len(figures["instances"])
        assert {len(vector) for vector in row["ground_truth_embeddings"]} == {512}


def test_embeddings_come_from_the_backbones_last_map(trained):
    rows = trained[1].metrics(epoch=0, split="val")
    assert len(rows.column("embedding")[0]) == 512
    assert rows.column("embedding_pca").null_count == 0


@pytest.mark.parametrize(("ema", "workers"), [(False, 0), (True, 2)])
def test_weights_are_those_of_a_training_without_the_callback(train, tables, ema, workers):
    callback = PoseEstimationMetricsCollectionCallback(
        "p",
        metrics_collection_epochs=[0, 1],
        collect_embeddings=True,
        embeddings_method="pca",
        collect_loss=True,
        dataloader_args={"num_workers": workers},
        root_url=tables[0].root_url,
    )
    ours = train([callback], ema=ema, workers=workers, epochs=2).state_dict()
    assert [record["error"] for record in callback.run.collections] == [None] * 4
    theirs = train([], ema=ema, workers=workers, epochs=2).state_dict()
    assert all(torch.equal(value, theirs[name]) for name, value in ours.items())


def _joints(column):
    return [
        [(joint["x"], joint["y"]) for joint in each["keypoints"]] for each in column["instances"]
    ]


def _boxes(column):
    return [list(each["bounding_box"].values()) for each in column["instances"]]


def _property(row, name):
    return row["keypoints_2d_predicted"]["instances_additional_data"][name]


def _evaluated(row, table, number):
    """What pycocotools says of the stored predictions of one image."""
    poses = read_poses(read_label_column(table, "keypoints_2d"))
    here = range(poses.offsets[number], poses.offsets[number + 1])
    image = {"id": number + 1, "width": 96, "height": 96}
    coco = COCO()
    coco.dataset = {
        "info": {},
        "images": [image],
        "categories": [{"id": 1, "name": "figure"}],
        "annotations": [_annotation(poses, pose, image["id"]) for pose in here],
    }
    results = [
        {
            "image_id": image["id"],
            "category_id": 1,
            "keypoints": [part for x, y in joints for part in (x, y, 1)],
            "score": score,
        }
        for joints, score in zip(
            _joints(row["keypoints_2d_predicted"]), _property(row, "confidence"), strict=True
        )
    ]
    with redirect_stdout(io.StringIO()):
        coco.createIndex()
        evaluation = COCOeval(coco, coco.loadRes(results), "keypoints")
        evaluation.params.kpt_oks_sigmas = np.array(SIGMAS)
        evaluation.evaluate(), evaluation.accumulate(), evaluation.summarize()
    return evaluation


def _annotation(poses, pose, image_id):
    x, y, right, bottom = poses.boxes[pose].tolist()
    return {
        "id": pose + 1,
        "image_id": image_id,
        "category_id": 1,
        "bbox": [x, y, right - x, bottom - y],
        "area": float(poses.areas[pose]),
        "iscrowd": 0,
        "keypoints": poses.joints[pose].ravel().tolist(),
        "num_keypoints": int(np.count_nonzero(poses.joints[pose, :, 2])),
    }


def test_a_part_of_a_table_is_collected_under_its_split(train, tables, make_dataset):
    dataset = make_dataset(tables[0])
    callback = PoseEstimationMetricsCollectionCallback(
        "p", root_url=tables[0].root_url, dataloader_args={"num_workers": 0}
    )
    train([callback], datasets=[Subset(dataset, [0, 2, 4]), Subset(dataset, [5, 1])])
    rows = callback.run.metrics(["split", "example_id"]).to_pylist()
    found = [(row["split"], row["example_id"]) for row in rows]
    assert found == [("train", 0), ("train", 2), ("train", 4), ("val", 1), ("val", 5)]
