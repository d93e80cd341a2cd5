"""One frame for labels, training, collection and pictures, whatever EXIF says."""

import json

import cv2
import numpy as np
import pytest
from PIL import Image
from super_gradients.training.datasets.detection_datasets.coco_format_detection import (
    COCOFormatDetectionDataset,
)

from samplewise import Table, schemas
from samplewise.integration.super_gradients import (
    ClassificationDataset,
    DetectionDataset,
    DetectionMetricsCollectionCallback,
)
from samplewise.integration.super_gradients.datasets.stock import Place, stock_table
from samplewise.integration.super_gradients.predictors.image_file import ImageLoader
from samplewise.schema.image_reader import read_pixels, read_size, read_thumbnail
from samplewise.server.thumbnails import image_size

PIXELS = np.random.default_rng(0).integers(0, 256, (40, 64, 3), dtype=np.uint8)


class _AsItIs:
    """A processing that does nothing."""

    def preprocess_image(self, image):
        return image, None


@pytest.fixture
def turned(tmp_path):
    """A COCO file of eight orientations and one image of 16 bits, labelled upright."""
    images = []
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        Image.fromarray(PIXELS).save(tmp_path / f"{orientation}.png", exif=exif)
        width, height = (64, 40) if orientation < 5 else (40, 64)
        images.append((f"{orientation}.png", width, height))
    Image.fromarray(PIXELS[:, :, 0].astype(np.uint16) * 257).save(tmp_path / "deep.png")
    images.append(("deep.png", 64, 40))
    content = {
        "images": [
            {"id": i, "file_name": name, "width": width, "height": height}
            for i, (name, width, height) in enumerate(images)
        ],
        "annotations": [
            {"id": i, "image_id": i, "category_id": 1, "bbox": [2, 3, 20, 30], "area": 600}
            | {"iscrowd": 0}
            for i in range(len(images))
        ],
        "categories": [{"id": 1, "name": "a"}],
    }
    (tmp_path / "labels.json").write_text(json.dumps(content))
    return tmp_path


@pytest.fixture
def table(turned):
    where = {"dataset_name": "d", "project_name": "p", "root_url": str(turned / "store")}
    return Table.from_coco(turned / "labels.json", **where)


def test_our_dataset_trains_on_what_is_collected_shown_and_labelled(table):
    dataset = DetectionDataset(table, transforms=[], verbose=False)
    load = ImageLoader(_AsItIs())  # type: ignore[arg-type]
    for row, url in enumerate(table.image_urls()):
        trained = dataset.get_sample(row)["image"][:, :, ::-1]
        np.testing.assert_array_equal(trained, cv2.imread(url)[:, :, ::-1])
        np.testing.assert_array_equal(load(url).image, trained)
        np.testing.assert_array_equal(np.asarray(read_thumbnail(url, 99)), trained)
        extent = table.row(row)["bbs"]
        size = trained.shape[1::-1]
        assert (extent["x_max"], extent["y_max"]) == image_size(url) == read_size(url) == size


def test_a_stock_dataset_is_collected_as_it_trains(turned):
    dataset = COCOFormatDetectionDataset(
        data_dir=str(turned),
        json_annotation_file="labels.json",
        images_dir="",
        with_crowd=False,
        input_dim=None,
        transforms=[],
        verbose=False,
    )
    table = stock_table(dataset, Place("train", "p", str(turned / "store"))).table
    assert table.schema["image"].reader == "opencv"
    for row, url in enumerate(table.image_urls()):
        trained = dataset.get_sample(row)["image"][:, :, ::-1]
        np.testing.assert_array_equal(read_pixels(url), trained)


def test_labels_of_unturned_pictures_are_trained_and_shown_unturned(turned):
    where = {"dataset_name": "raw", "project_name": "p", "root_url": str(turned / "store")}
    table = Table.from_coco(turned / "labels.json", image_reader="opencv_unturned", **where)
    dataset = DetectionDataset(table, transforms=[], verbose=False)
    for row, url in enumerate(table.image_urls()[:8]):
        np.testing.assert_array_equal(dataset.get_sample(row)["image"][:, :, ::-1], PIXELS)
        assert table[row]["image"].size == image_size(url) == (64, 40)


def test_classification_trains_on_the_same_pixels(turned):
    where = {"dataset_name": "c", "project_name": "p", "root_url": str(turned / "store")}
    columns = {"image": [str(turned / "6.png")], "label": [0]}
    schema = {"image": schemas.ImageSchema(), "label": schemas.CategoricalLabelSchema(["a"])}
    table = Table.from_dict(columns, schema, **where)
    image, _ = ClassificationDataset(table)[0]
    np.testing.assert_array_equal(np.asarray(image), read_pixels(str(turned / "6.png")))


def test_a_training_says_once_which_images_are_turned(
    table, train_detection, make_loader, tmp_path, capsys
):
    loaders = (make_loader(table), make_loader(table))
    callback = DetectionMetricsCollectionCallback(
        project_name="p", run_name="r", root_url=str(tmp_path / "store"), collect_val_only=True
    )
    train_detection([callback], loaders=loaders, max_epochs=1)
    told = capsys.readouterr().err
    assert told.count("7 images that EXIF turns: shown, trained and collected upright") == 1
    assert "1 images of 16 bits" in told
    assert callback.run.metrics().column("collection_error").null_count == 9
