"""SuperGradients' dataset on a Table gives what SuperGradients' own gives on the COCO file."""

import numpy as np
import pytest
from super_gradients.training.datasets.detection_datasets.coco_format_detection import (
    COCOFormatDetectionDataset,
)
from torch.utils.data import DataLoader

from samplewise import Table, data_types, schemas
from samplewise.errors import ColumnNotFoundError, FormatError, InvalidArgumentError
from samplewise.integration.super_gradients import DetectionDataset

OPTIONS = {"ignore_empty_annotations": False, "verbose": False}


@pytest.mark.parametrize("size", [None, 32])
def test_samples_equal_those_of_supergradients_coco_dataset(scenes, tables, plain_transforms, size):
    options = {
        **OPTIONS,
        "input_dim": size and (size, size),
        "transforms": plain_transforms(size or 64),
    }
    stock = COCOFormatDetectionDataset(
        data_dir=str(scenes.folder),
        json_annotation_file=str(scenes.train.labels),
        images_dir=str(scenes.train.images.relative_to(scenes.folder)),
        with_crowd=False,
        **options,
    )
    ours = DetectionDataset(tables[0], **options)
    assert ours.classes == list(stock.classes)
    assert len(ours) == len(stock) > 0
    for i in range(len(ours)):
        (image, target), (their_image, their_target) = ours[i], stock[i]
        np.testing.assert_array_equal(image, their_image)
        np.testing.assert_allclose(target, their_target, rtol=1e-5, atol=1e-5)


def test_class_ids_with_gaps_become_consecutive_and_can_be_traced_back(tables, scenes):
    dataset = DetectionDataset(tables[0], **OPTIONS)
    assert dataset.class_ids == sorted(scenes.classes)
    assert dataset.classes == [scenes.classes[i] for i in dataset.class_ids]
    seen = {int(label) for i in range(len(dataset)) for label in dataset[i][1][:, 4]}
    assert seen <= set(range(len(scenes.classes)))


def test_workers_that_fork_read_it(tables, plain_transforms, make_loader):
    loader: DataLoader = make_loader(tables[0], workers=2)
    assert sum(len(images) for images, _ in loader) == len(tables[0])


def test_crowd_regions_and_boxes_without_area_are_no_targets(one_image_table):
    table = one_image_table(
        [([1, 1, 5, 5], 7, 0), ([0, 0, 9, 9], 7, 1), ([3, 3, 3, 8], 7, 0), ([90, 90, 99, 99], 9, 0)]
    )
    _, target = DetectionDataset(table, **OPTIONS)[0]
    np.testing.assert_array_equal(target, [[1, 1, 5, 5, 0]])


def test_a_column_that_is_not_there_is_named_with_those_that_are(tables):
    with pytest.raises(ColumnNotFoundError, match="there is no column `boxes`"):
        DetectionDataset(tables[0], label_column_name="boxes", **OPTIONS)


def test_a_column_of_another_kind_is_refused(tables):
    with pytest.raises(InvalidArgumentError, match="must hold boxes, but is"):
        DetectionDataset(tables[0], label_column_name="weight", **OPTIONS)


def test_the_path_of_the_labels_names_the_column_too(tables):
    path = "bbs.instances_additional_data.label"
    assert DetectionDataset(tables[0], label_column_name=path, **OPTIONS).label_column_name == "bbs"


def test_an_image_that_cannot_be_read_is_named(one_image_table, tmp_path):
    broken = tmp_path / "brøken.jpg"
    broken.write_bytes(b"not an image")
    dataset = DetectionDataset(one_image_table([], image=broken), **OPTIONS)
    with pytest.raises(FormatError, match=r"brøken\.jpg` cannot be read: it is no image"):
        dataset[0]


@pytest.fixture
def one_image_table(tmp_path):
    """Makes a Table of one image of 64 pixels with some boxes, labels and crowd flags."""

    def make(boxes, image=None):
        from PIL import Image

        path = image or tmp_path / "image.png"
        if image is None:
            Image.new("RGB", (64, 64), "grey").save(path)
        value = data_types.BoundingBoxes2D.create_empty(64, 64)
        for corners, label, crowd in boxes:
            value.add_instance(corners, label=label, iscrowd=crowd)
        schema = schemas.BoundingBoxes2DSchema(
            {7: "cat", 9: "dog"}, additional={"iscrowd": schemas.Int()}
        )
        return Table.from_dict(
            {"image": [str(path)], "bbs": [value]},
            {"bbs": schema},
            dataset_name="one",
            project_name="callbacks",
            root_url=str(tmp_path / "store"),
        )

    return make


def test_class_ids_are_those_of_the_classes_to_learn(tables, plain_transforms):
    every = DetectionDataset(tables[0], transforms=plain_transforms(), verbose=False)
    chosen = [every.classes[4], every.classes[1]]
    some = DetectionDataset(
        tables[0], transforms=plain_transforms(), class_inclusion_list=chosen, verbose=False
    )
    assert (some.classes, some.class_ids) == (chosen, [every.class_ids[4], every.class_ids[1]])
