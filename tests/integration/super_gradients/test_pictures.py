"""What a dataset trains on is what a collection forwards, pixel for pixel, whatever the file."""

import json

import cv2
import numpy as np
import pytest
from PIL import Image, ImageCms
from super_gradients.training.datasets.classification_datasets import ImageNetDataset
from super_gradients.training.datasets.detection_datasets.coco_format_detection import (
    COCOFormatDetectionDataset,
)
from super_gradients.training.datasets.pose_estimation_datasets import COCOPoseEstimationDataset
from super_gradients.training.datasets.segmentation_datasets.segmentation_dataset import (
    SegmentationDataSet,
)

from samplewise import Table, schemas
from samplewise.data_types import BoundingBoxes2D, Keypoints2D
from samplewise.errors import ImageError
from samplewise.formats.image_scan import describe_images
from samplewise.integration.super_gradients import (
    ClassificationDataset,
    DetectionDataset,
    PoseEstimationDataset,
    SegmentationDataset,
)
from samplewise.integration.super_gradients.datasets.stock import Place, stock_table
from samplewise.integration.super_gradients.predictors.image_file import ImageLoader
from samplewise.schema.image_reader import read_thumbnail

RGB = np.random.default_rng(0).integers(0, 256, (20, 32, 3), dtype=np.uint8)
GREY = RGB[:, :, 0]
DEEP = GREY.astype(np.uint16) * 257 + 3


class AsItIs:
    """A processing that does nothing: the loader shows what it reads."""

    def preprocess_image(self, image):
        return image, None


def save_turned(path, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(RGB).save(path, exif=exif)


def save_palette(path, **options):
    Image.fromarray(RGB).quantize(16).save(path, **options)


SAVED = {
    "plain.jpg": lambda path: Image.fromarray(RGB).save(path),
    **{
        f"turned{at}.{kind}": lambda path, at=at: save_turned(path, at)
        for at in range(2, 9)
        for kind in ("jpg", "png")
    },
    "turned.webp": lambda path: save_turned(path, 6),
    "grey.png": lambda path: Image.fromarray(GREY).save(path),
    "grey.jpg": lambda path: Image.fromarray(GREY).save(path),
    "two.png": lambda path: Image.fromarray(GREY > 99).save(path),
    "grey alpha.png": lambda path: Image.fromarray(RGB[:, :, :2], "LA").save(path),
    "alpha.png": lambda path: Image.fromarray(np.dstack([RGB, GREY])).save(path),
    "alpha.webp": lambda path: Image.fromarray(np.dstack([RGB, GREY])).save(path, lossless=True),
    "palette.png": save_palette,
    "clear palette.png": lambda path: save_palette(path, transparency=3),
    "palette.gif": save_palette,
    "palette.bmp": save_palette,
    "deep.png": lambda path: Image.fromarray(DEEP).save(path),
    "deep.tif": lambda path: Image.fromarray(DEEP).save(path),
    "deep colours.png": lambda path: cv2.imwrite(str(path), RGB.astype(np.uint16) * 257),
    "deep alpha.png": lambda path: cv2.imwrite(str(path), np.dstack([RGB, GREY]) * np.uint16(257)),
    "cmyk.jpg": lambda path: Image.fromarray(RGB).convert("CMYK").save(path),
    "cmyk.tif": lambda path: Image.fromarray(RGB).convert("CMYK").save(path),
    "floats.tif": lambda path: Image.fromarray(GREY / np.float32(255)).save(path),
    "integers.tif": lambda path: Image.fromarray(GREY.astype(np.int32) * 99_999).save(path),
    "profile.jpg": lambda path: Image.fromarray(RGB).save(
        path, icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    ),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """An image of each kind, in a folder of its class, and COCO's labels of all."""
    folder = tmp_path_factory.mktemp("pictures")
    images = []
    (folder / "images" / "a").mkdir(parents=True)
    for number, (name, save) in enumerate(SAVED.items()):
        save(folder / "images" / "a" / name)
        images.append({"id": number, "file_name": f"a/{name}", "width": 32, "height": 20})
    shape = {"bbox": [2, 3, 9, 9], "area": 81, "iscrowd": 0, "segmentation": []}
    points = {"keypoints": [4, 5, 2], "num_keypoints": 1}
    content = {
        "images": images,
        "annotations": [
            {"id": i, "image_id": i, "category_id": 1, **shape, **points}
            for i in range(len(images))
        ],
        "categories": [{"id": 1, "name": "a", "keypoints": ["p"], "skeleton": []}],
    }
    (folder / "labels.json").write_text(json.dumps(content))
    return folder


def table_of(folder, name, values, schema):
    urls = [str(folder / "images" / "a" / name) for name in SAVED]
    columns = {"image": urls, name: values}
    kinds = {"image": schemas.ImageSchema(), name: schema}
    where = {"dataset_name": name, "project_name": "p", "root_url": str(folder / "store")}
    return Table.from_dict(columns, kinds, if_exists="reuse", **where)


def our_detection(folder):
    boxes = [BoundingBoxes2D.create_empty(32, 20) for _ in SAVED]
    table = table_of(folder, "bbs", boxes, schemas.BoundingBoxes2DSchema(["a"]))
    dataset = DetectionDataset(table, transforms=[], verbose=False, ignore_empty_annotations=False)
    return table, lambda row: dataset.get_sample(row)["image"][:, :, ::-1]


def our_poses(folder):
    poses = [Keypoints2D.create_empty(32, 20) for _ in SAVED]
    schema = schemas.Keypoints2DSchema(["a"], joint_names=["p"])
    table = table_of(folder, "keypoints_2d", poses, schema)
    dataset = PoseEstimationDataset(table, transforms=[])
    return table, lambda row: dataset.load_sample(row).image[:, :, ::-1]


def our_class_maps(folder):
    schema = schemas.SemanticSegmentationSchema(["a"])
    table = table_of(folder, "mask", [np.zeros((20, 32), np.uint8) for _ in SAVED], schema)
    dataset = SegmentationDataset(table)
    return table, lambda row: dataset.sample_loader(dataset.samples_targets_tuples_list[row][0])


def our_classes(folder):
    table = table_of(folder, "label", [0] * len(SAVED), schemas.CategoricalLabelSchema(["a"]))
    dataset = ClassificationDataset(table)
    return table, lambda row: dataset[row][0]


def stock(folder, dataset):
    return stock_table(dataset, Place("train", "p", str(folder / "store"))).table


def stock_detection(folder):
    dataset = COCOFormatDetectionDataset(
        data_dir=str(folder),
        json_annotation_file="labels.json",
        images_dir="images",
        with_crowd=False,
        input_dim=None,
        transforms=[],
        verbose=False,
    )
    return stock(folder, dataset), lambda row: dataset.get_sample(row)["image"][:, :, ::-1]


def stock_poses(folder):
    dataset = COCOPoseEstimationDataset(
        data_dir="",
        images_dir=str(folder / "images"),
        json_file=str(folder / "labels.json"),
        include_empty_samples=True,
        transforms=[],
        edge_links=[(0, 0)],
        edge_colors=[(0, 128, 0)],
        keypoint_colors=[(0, 128, 0)],
    )
    return stock(folder, dataset), lambda row: dataset.load_sample(row).image[:, :, ::-1]


class Maps(SegmentationDataSet):
    """As a user must write it: without this, 3.7.1 cannot list its files."""

    def _generate_samples_and_targets(self):
        paths = [str(self.folder / "images" / "a" / name) for name in SAVED]
        self.samples_targets_tuples_list = [(path, path) for path in paths]


def stock_class_maps(folder):
    Maps.folder = folder
    dataset = Maps(root="", list_file="")
    dataset.classes = ["a"]
    paths = [path for path, _ in dataset.samples_targets_tuples_list]
    return stock(folder, dataset), lambda row: dataset.sample_loader(paths[row])


def stock_classes(folder):
    dataset = ImageNetDataset(str(folder / "images"))
    return stock(folder, dataset), lambda row: dataset.loader(dataset.samples[row][0])


@pytest.mark.parametrize(
    "make",
    [
        our_detection,
        our_poses,
        our_class_maps,
        our_classes,
        stock_detection,
        stock_poses,
        stock_class_maps,
        stock_classes,
    ],
    ids=lambda make: make.__name__,
)
def test_what_is_trained_is_what_is_collected(folder, make):
    table, train = make(folder)
    collect = ImageLoader(AsItIs())
    refused = set()
    for row, url in enumerate(table.image_urls()):
        name = url.partition("#")[0].rpartition("/")[2]
        try:
            forwarded = collect(url).image
        except ImageError as error:
            refused.add(name)
            assert name in str(error)  # noqa: PT017  # which of many it is, is asked below
            with pytest.raises(Exception):  # noqa: B017, PT011  # theirs raise anything
                len(train(row))
            continue
        assert (forwarded.dtype, forwarded.ndim, forwarded.shape[2]) == (np.uint8, 3, 3)
        np.testing.assert_array_equal(forwarded, np.asarray(train(row)), err_msg=name)
    # Pillow itself takes the upper half of 16 bits in colours, so these are none of them.
    told = describe_images(table.image_urls())
    # Pillow has an opinion on these, and what it trained with is followed.
    if make in (stock_class_maps, stock_classes):
        assert refused == set()
        assert "4 images of more than 8 bits, cut at 0 and 255 as Pillow reads them" in told
        dark, white = (read_thumbnail(url_of(table, name), 99) for name in ("floats", "integers"))
        assert (np.asarray(dark).max(), np.median(np.asarray(white))) == (1, 255)
    else:
        assert refused == {"floats.tif", "integers.tif"}
        assert "2 images of 16 bits: shown, trained and collected with the upper 8" in told
        assert "2 images of 32 bits" in told
    turns = make not in (stock_poses, stock_class_maps, stock_classes)
    assert ("images that EXIF turns" if turns else "images that EXIF would turn") in told


def url_of(table, start):
    return next(url for url in table.image_urls() if f"/{start}." in url)
