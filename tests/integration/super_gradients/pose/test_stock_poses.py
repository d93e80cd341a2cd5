"""SuperGradients' own pose datasets: an existing script needs one added line."""

import json

import numpy as np
import pytest
from super_gradients.training.datasets.pose_estimation_datasets import (
    COCOKeypointsDataset,
    COCOPoseEstimationDataset,
)
from torch.utils.data import Subset

from samplewise.collect.table_task import read_label_column
from samplewise.demo.scenes import SIGMAS, SKELETON
from samplewise.integration.super_gradients import PoseEstimationMetricsCollectionCallback
from samplewise.integration.super_gradients.datasets.selected_rows import select_rows
from samplewise.integration.super_gradients.datasets.stock import Place, stock_table
from samplewise.tasks.pose_labels import read_poses


@pytest.fixture(scope="module")
def datasets(figures, plain_transforms, tmp_path_factory):
    folder = tmp_path_factory.mktemp("labels")
    return [
        COCOPoseEstimationDataset(**arguments(split, folder), transforms=plain_transforms())
        for split in figures.splits
    ]


def arguments(split, folder):
    labels = json.loads(split.labels.read_text())
    for annotation in labels["annotations"]:
        annotation["segmentation"] = []  # asked for, and not looked at without crowds
    file = folder / f"{split.name}.json"
    file.write_text(json.dumps(labels))
    return {
        "data_dir": "",
        "images_dir": str(split.images),
        "json_file": str(file),
        "include_empty_samples": False,
        "edge_links": SKELETON,
        "edge_colors": [(255, 0, 0)] * len(SKELETON),
        "keypoint_colors": [(0, 128, 0)] * len(SIGMAS),
    }


def test_the_table_holds_what_the_label_file_says(datasets, coco_tables, tmp_path):
    table = stock_table(
        datasets[0], Place(split="train", project_name="p", root_url=str(tmp_path))
    ).table
    assert table.image_urls() == coco_tables[0].image_urls()
    ours, theirs = (
        read_poses(read_label_column(table, "keypoints_2d")),
        read_poses(read_label_column(coco_tables[0], "keypoints_2d")),
    )
    for name in ("joints", "boxes", "areas", "is_crowd", "offsets", "extents"):
        np.testing.assert_allclose(getattr(ours, name), getattr(theirs, name), rtol=1e-6)


def test_the_skeleton_is_that_of_the_dataset(datasets, coco_tables, tmp_path):
    table = stock_table(
        datasets[0], Place(split="train", project_name="p", root_url=str(tmp_path))
    ).table
    ours, theirs = (each.schema["keypoints_2d"] for each in (table, coco_tables[0]))
    assert (ours.joint_names, ours.flip_indices) == (theirs.joint_names, theirs.flip_indices)
    assert ours.skeleton == tuple(map(tuple, SKELETON))
    assert set(ours.point_colors) == {"#008000"}


def test_the_older_class_of_datasets_becomes_the_same_table(figures, datasets, tmp_path):
    older = COCOKeypointsDataset(
        **arguments(figures.train, tmp_path),
        target_generator=None,
        transforms=[],
        min_instance_area=0,
    )
    tables = [
        stock_table(each, Place(split="train", project_name="p", root_url=str(tmp_path))).table
        for each in (older, datasets[0])
    ]
    assert tables[0].to_arrow().to_pylist() == tables[1].to_arrow().to_pylist()


def test_a_part_is_found_by_its_images(datasets, tmp_path):
    place = Place(split="train", project_name="p", root_url=str(tmp_path))
    [part] = select_rows(Subset(datasets[0], [4, 1]), place)
    taken = {str(datasets[0].annotations[sample].image_path) for sample in (1, 4)}
    assert {part.table.image_urls()[row] for row in part.rows} == taken


def test_one_added_line_collects_on_both_loaders(train, datasets, tmp_path):
    callback = PoseEstimationMetricsCollectionCallback(
        "stock", root_url=str(tmp_path), dataloader_args={"num_workers": 0}
    )
    train([callback], datasets=datasets)
    records = callback.run.collections
    assert [(r["rows"], r["error"]) for r in records] == [(6, None), (3, None)]
    counts = callback.run.metrics(["n_ground_truths"], split="val").column(0).to_pylist()
    assert counts == [len(each.ann_keypoints) for each in datasets[1].annotations]
