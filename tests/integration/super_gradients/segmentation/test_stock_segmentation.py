"""SuperGradients' own segmentation datasets: an existing script needs one added line."""

import csv
import json

import numpy as np
import pytest
import torch
from PIL import Image
from super_gradients.training.datasets.segmentation_datasets.cityscape_segmentation import (
    CityscapesDataset,
)
from super_gradients.training.datasets.segmentation_datasets.coco_segmentation import (
    CoCoSegmentationDataSet,
)
from super_gradients.training.datasets.segmentation_datasets.mapillary_dataset import (
    MapillaryDataset,
)
from super_gradients.training.datasets.segmentation_datasets.pascal_voc_segmentation import (
    PascalVOC2012SegmentationDataSet,
)
from super_gradients.training.datasets.segmentation_datasets.segmentation_dataset import (
    SegmentationDataSet,
)
from super_gradients.training.datasets.segmentation_datasets.supervisely_persons_segmentation import (  # noqa: E501
    SuperviselyPersonsDataset,
)
from torch.utils.data import Subset

from samplewise.collect.table_task import read_label_column
from samplewise.errors import InvalidArgumentError
from samplewise.integration.super_gradients import SegmentationMetricsCollectionCallback
from samplewise.integration.super_gradients.compatibility import patched_super_gradients
from samplewise.integration.super_gradients.datasets.selected_rows import select_rows
from samplewise.integration.super_gradients.datasets.stock import Place, stock_table
from samplewise.tasks.class_maps import ClassMaps

MAP = np.array([[0, 1], [1, 255], [0, 0]], np.uint8)


@pytest.fixture
def folder(tmp_path):
    """One image and its class map, and lists of them."""
    Image.fromarray(np.zeros((3, 2, 3), np.uint8)).save(tmp_path / "a.jpg")
    Image.fromarray(MAP).save(tmp_path / "a.png")
    return tmp_path


def made_of(dataset, folder):
    return stock_table(
        dataset, Place(split="train", project_name="p", root_url=str(folder / "store"))
    ).table


class Scenes(SegmentationDataSet):
    """As a user must write it: without this, 3.7.1 cannot list its files."""

    def __init__(self, split, **options):
        self.split = split
        super().__init__(root="", list_file="", **options)

    def _generate_samples_and_targets(self):
        folders = (sorted(each.iterdir()) for each in (self.split.images, self.split.labels))
        self.samples_targets_tuples_list = [
            (str(image), str(labels)) for image, labels in zip(*folders, strict=True)
        ]


def test_one_added_line_collects_on_both_loaders(train, drawn, transforms, tmp_path):
    datasets = [Scenes(split, transforms=transforms) for split in drawn.splits]
    for dataset in datasets:
        dataset.classes = list(drawn.classes.values())
    callback = SegmentationMetricsCollectionCallback(
        "stock", root_url=str(tmp_path), dataloader_args={"num_workers": 0}, collect_loss=True
    )
    train([callback], datasets=datasets)
    rows = callback.run.metrics(["image", "mask", "mean_iou", "loss"], split="val").to_pylist()
    pairs = [(row["image"], row["mask"]["url"]) for row in rows]
    assert pairs == datasets[1].samples_targets_tuples_list
    assert all(row["mean_iou"] is not None and row["loss"] is not None for row in rows)


def test_a_part_is_found_by_its_images(drawn, tmp_path):
    dataset = Scenes(drawn.train)
    dataset.classes = list(drawn.classes.values())
    place = Place(split="train", project_name="p", root_url=str(tmp_path))
    [part] = select_rows(Subset(dataset, [3, 0]), place)
    urls = part.table.image_urls()
    taken = [dataset.samples_targets_tuples_list[sample][0] for sample in (0, 3)]
    assert [urls[row] for row in part.rows] == taken


def test_a_dataset_that_does_not_name_its_classes_is_refused(drawn, tmp_path):
    with pytest.raises(InvalidArgumentError, match="train loader's Scenes must name its classes"):
        made_of(Scenes(drawn.train), tmp_path)


def test_pascals_files_are_named_and_their_border_is_ignored(folder):
    (folder / "list.txt").write_text("a\n")
    dataset = PascalVOC2012SegmentationDataSet(
        root=str(folder),
        list_file="list.txt",
        samples_sub_directory=".",
        targets_sub_directory=".",
        transforms=[],
    )
    maps = ClassMaps(read_label_column(made_of(dataset, folder), "mask"))
    assert (maps.load(0) == MAP).all()
    assert (maps.ignore_label, maps.classes[:2]) == (255, ["background", "aeroplane"])


def test_persons_have_a_background_too(folder):
    (folder / "list.csv").write_text("a.jpg,a.png\n")
    dataset = SuperviselyPersonsDataset(root_dir=str(folder), list_file="list.csv")
    assert made_of(dataset, folder).get_simple_value_map("mask") == {0: "background", 1: "person"}


def test_cityscapes_class_ids_are_those_it_trains_on(folder):
    (folder / "list.lst").write_text("a.jpg a.png\n")
    columns = "i,name,id,trainid,category,catid,hasinstances,ignoreineval,color"
    rows = [
        [0, "void", 0, 255, "v", 0, False, True, "#000000"],
        [1, "road", 1, 0, "f", 1, False, False, "#804080"],
    ]
    with (folder / "labels.csv").open("w") as file:
        csv.writer(file).writerows([columns.split(","), *rows])
    Image.fromarray(np.where(MAP == 255, 0, MAP)).save(folder / "a.png")
    with patched_super_gradients():
        dataset = CityscapesDataset(
            root_dir=str(folder), list_file="list.lst", labels_csv_path="labels.csv"
        )
    maps = ClassMaps(read_label_column(made_of(dataset, folder), "mask"))
    assert maps.load(0).tolist() == [[255, 0], [0, 255], [255, 255]]
    assert (maps.classes, maps.ignore_label) == (["road"], 255)


@pytest.mark.filterwarnings("ignore:__array__ implementation")  # pycocotools beside NumPy 2
def test_coco_class_maps_are_drawn_from_polygons(folder):
    labels = {
        "images": [{"id": 1, "file_name": "a.jpg", "width": 2, "height": 3}],
        "categories": [{"id": 7, "name": "thing"}],
        "annotations": [
            {"id": 1, "image_id": 1, "category_id": 7, "segmentation": [[0, 0, 2, 0, 2, 2, 0, 2]]}
        ],
    }
    (folder / "labels.json").write_text(json.dumps(labels))
    torch.save([1], folder / "labels.pth")  # images with enough of it
    dataset = CoCoSegmentationDataSet(
        root_dir=str(folder),
        list_file="labels.json",
        samples_sub_directory=".",
        targets_sub_directory=".",
        dataset_classes_inclusion_tuples_list=[(0, "background"), (7, "thing")],
    )
    maps = ClassMaps(read_label_column(made_of(dataset, folder), "mask"))
    assert maps.load(0).tolist() == [[1, 1], [1, 1], [0, 0]]


def test_mapillarys_unlabeled_pixels_are_ignored(folder):
    Image.fromarray(np.minimum(MAP, 2)).save(folder / "a.png")
    labels = [{"readable": name, "color": [0, 0, 0]} for name in ("Road", "Car", "Unlabeled")]
    (folder / "config.json").write_text(json.dumps({"labels": labels}))
    dataset = MapillaryDataset(
        root_dir=str(folder),
        config_file="config.json",
        samples_sub_directory=".",
        targets_sub_directory=".",
    )
    maps = ClassMaps(read_label_column(made_of(dataset, folder), "mask"))
    assert (maps.classes, maps.ignore_label) == (["Road", "Car"], 2)
    assert maps.load(0).tolist() == [[0, 1], [1, 2], [0, 0]]
