"""Class maps of a Table as targets of a network."""

import pickle

import numpy as np
import pytest
import torch
from PIL import Image
from super_gradients.training.transforms.transforms import SegResize

from samplewise.collect.table_task import read_label_column
from samplewise.errors import ColumnNotFoundError, FormatError, InvalidArgumentError
from samplewise.integration.super_gradients import SegmentationDataset
from samplewise.tasks.class_maps import ClassMaps

IGNORED = 255
PIXELS = np.array([[7, 2, 2], [9, 7, 0]])


def test_class_ids_with_gaps_become_indices_and_come_back(table_of):
    maps = ClassMaps(read_label_column(table_of([PIXELS]), "mask"))
    indices = maps.to_indices(maps.load(0))
    assert indices.tolist() == [[1, 0, 0], [2, 1, 255]]
    assert indices.dtype == np.uint8
    assert np.array(maps.class_ids)[np.where(indices == IGNORED, 0, indices)].tolist() == [
        [7, 2, 2],
        [9, 7, maps.class_ids[0]],
    ]


def test_an_ignore_label_that_is_no_class_index_stays_what_it_is(table_of):
    dataset = SegmentationDataset(table_of([np.where(PIXELS, PIXELS, 200)], ignore_label=200))
    assert dataset.ignore_index == 200
    assert dataset[0][1].tolist() == [[1, 0, 0], [2, 1, 200]]


def test_the_ignore_label_is_no_class_although_it_has_a_name(table_of):
    table = table_of([PIXELS], classes={0: "void", 2: "road", 7: "car", 9: "tree"})
    dataset = SegmentationDataset(table)
    assert dataset.class_ids == [2, 7, 9]
    assert dataset.classes == ["road", "car", "tree"]


def test_more_than_255_classes_have_room(table_of):
    table = table_of([PIXELS], classes=[f"c{i}" for i in range(300)], ignore_label=0)
    dataset = SegmentationDataset(table, [SegResize(h=2, w=3)])
    assert dataset.ignore_index == 299
    assert dataset[0][1].tolist() == [[6, 1, 1], [8, 6, 299]]


def test_rows_without_a_class_map_are_left_out_of_training(table_of):
    assert len(SegmentationDataset(table_of([PIXELS, None, PIXELS]))) == 2


def test_transforms_get_the_image_and_its_targets(tables, transforms):
    image, targets = SegmentationDataset(tables[0], transforms)[0]
    assert (image.shape, image.dtype) == ((3, 128, 128), torch.float32)
    assert (targets.shape, targets.dtype) == ((128, 128), torch.int64)
    assert set(targets.unique().tolist()) <= {*range(7), IGNORED}


def test_maps_in_files_and_run_lengths_are_read_alike(tables):
    dataset = SegmentationDataset(tables[0])
    for index in (0, 1):
        pixels = tables[0][index]["mask"].load()
        indices = np.asarray(dataset[index][1])
        counts = indices != dataset.ignore_index
        assert np.array_equal(np.array(dataset.class_ids)[indices[counts]], pixels[counts])


def test_predict_preprocesses_as_the_dataset_does(tables, transforms):
    params = SegmentationDataset(tables[0], transforms).get_dataset_preprocessing_params()
    steps = params["image_processor"]["ComposeProcessing"]["processings"]
    assert [*map(list, steps)] == [["StandardizeImage"], ["NormalizeImage"], ["ImagePermute"]]
    assert params["class_names"] == list(tables[0].get_simple_value_map("mask").values())


def test_it_travels_to_spawned_workers(tables, transforms):
    dataset = SegmentationDataset(tables[0], transforms)
    there = pickle.loads(pickle.dumps(dataset))
    assert torch.equal(there[1][1], dataset[1][1])


@pytest.mark.parametrize(
    ("mask", "words"),
    [
        (np.full((2, 3), 5), r"must hold class ids, but holds \[5\]"),
        (np.full((4, 4), 2), r"must have the size of its image, \(2, 3\), but has \(4, 4\)"),
        ("nowhere.png", "cannot be read"),
    ],
)
def test_a_bad_class_map_is_named_when_it_is_loaded(table_of, mask, words):
    with pytest.raises(FormatError, match=words):
        SegmentationDataset(table_of([mask]))[0]


def test_a_map_of_colours_is_refused(table_of, tmp_path):
    Image.fromarray(np.zeros((2, 3, 3), np.uint8)).save(tmp_path / "rgb.png")
    with pytest.raises(FormatError, match=r"one number a pixel, but has shape \(2, 3, 3\)"):
        SegmentationDataset(table_of([str(tmp_path / "rgb.png")]))[0]


def test_what_cannot_be_trained_on_is_refused_at_once(table_of):
    with pytest.raises(InvalidArgumentError, match="must have a row with an image and a class map"):
        SegmentationDataset(table_of([None]))
    with pytest.raises(InvalidArgumentError, match="its schema names none"):
        SegmentationDataset(table_of([PIXELS], classes={}))
    with pytest.raises(InvalidArgumentError, match="must hold class maps, but is image"):
        SegmentationDataset(table_of([PIXELS]), mask_column="image")
    with pytest.raises(ColumnNotFoundError):
        SegmentationDataset(table_of([PIXELS]), mask_column="masks")
