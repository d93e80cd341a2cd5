"""An existing script needs one added line: Tables are made of SuperGradients' own datasets."""

import json
from pathlib import Path

import numpy as np
import pytest
from super_gradients.training.datasets.detection_datasets.coco_format_detection import (
    COCOFormatDetectionDataset,
)
from super_gradients.training.datasets.detection_datasets.pascal_voc_detection import (
    PascalVOCDetectionDataset,
)
from super_gradients.training.datasets.detection_datasets.yolo_format_detection import (
    YoloDarknetFormatDetectionDataset,
)
from torch.utils.data import ConcatDataset, Subset

from samplewise.integration.super_gradients import DetectionMetricsCollectionCallback
from samplewise.integration.super_gradients.datasets.selected_rows import select_rows
from samplewise.integration.super_gradients.datasets.stock import Place, stock_table
from samplewise.schema.boxes import boxes_from_arrow

NAMES = {"project_name": "stock", "split": "train"}


@pytest.fixture
def coco(scenes, plain_transforms):
    split = scenes.train
    return COCOFormatDetectionDataset(
        data_dir=str(scenes.folder),
        json_annotation_file=str(split.labels),
        images_dir=str(split.images.relative_to(scenes.folder)),
        with_crowd=False,
        input_dim=(64, 64),
        transforms=plain_transforms(),
        verbose=False,
    )


@pytest.fixture
def text_labels(scenes, tmp_path):
    """The same scenes with a text file per image, in YOLO's and in SuperGradients' VOC format."""
    content = json.loads(scenes.train.labels.read_text())
    ids = sorted(scenes.classes)
    for kind in ("yolo", "voc"):
        (tmp_path / kind).mkdir()
    for image in content["images"]:
        width, height = image["width"], image["height"]
        boxes = [a for a in content["annotations"] if a["image_id"] == image["id"]]
        yolo, voc = [], []
        for box in boxes:
            x, y, w, h = box["bbox"]
            label = ids.index(box["category_id"])
            centre = f"{(x + w / 2) / width} {(y + h / 2) / height}"
            yolo.append(f"{label} {centre} {w / width} {h / height}")
            voc.append(f"{x} {y} {x + w} {y + h} {label}")
        name = Path(image["file_name"]).stem + ".txt"
        (tmp_path / "yolo" / name).write_text("\n".join(yolo))
        (tmp_path / "voc" / name).write_text("\n".join(voc))
    return tmp_path


def test_a_coco_dataset_becomes_a_table_with_the_files_own_class_ids(coco, scenes, root):
    table = stock_table(coco, Place(root_url=root, **NAMES)).table
    assert table.get_simple_value_map("bbs.instances_additional_data.label") == scenes.classes
    assert len(table) == len(json.loads(scenes.train.labels.read_text())["images"])


def test_a_yolo_dataset_becomes_a_table_with_the_boxes_of_its_files(
    coco, scenes, text_labels, plain_transforms, root
):
    dataset = YoloDarknetFormatDetectionDataset(
        data_dir="/",
        images_dir=str(scenes.train.images),
        labels_dir=str(text_labels / "yolo"),
        classes=[scenes.classes[i] for i in sorted(scenes.classes)],
        input_dim=(32, 32),
        transforms=plain_transforms(32),
        verbose=False,
    )
    found, expected = (
        _by_image(stock_table(each, Place(root_url=root, **NAMES)).table)
        for each in (dataset, coco)
    )
    assert set(found) == set(expected)
    for url, boxes in found.items():
        np.testing.assert_allclose(boxes, expected[url], atol=1e-3)


def test_a_voc_dataset_becomes_a_table_with_the_boxes_of_its_files(
    coco, scenes, text_labels, plain_transforms, root
):
    dataset = PascalVOCDetectionDataset(
        data_dir="/",
        images_dir=str(scenes.train.images),
        labels_dir=str(text_labels / "voc"),
        input_dim=(32, 32),
        transforms=plain_transforms(),
        verbose=False,
    )
    table = stock_table(dataset, Place(root_url=root, **NAMES)).table  # it finds JPEG files only
    expected = _by_image(stock_table(coco, Place(root_url=root, **NAMES)).table)
    found = _by_image(table)
    assert set(found) == {url for url in expected if url.endswith(".jpg")} != set()
    for url, boxes in found.items():
        np.testing.assert_allclose(boxes, expected[url], atol=1e-3)


@pytest.mark.parametrize("kind", [YoloDarknetFormatDetectionDataset, PascalVOCDetectionDataset])
def test_a_part_of_a_dataset_of_text_files_is_found_by_its_images(
    kind, scenes, text_labels, plain_transforms, root
):
    is_yolo = kind is YoloDarknetFormatDetectionDataset
    names = [scenes.classes[i] for i in sorted(scenes.classes)]
    dataset = kind(
        data_dir="/",
        images_dir=str(scenes.train.images),
        labels_dir=str(text_labels / ("yolo" if is_yolo else "voc")),
        input_dim=(32, 32),
        transforms=plain_transforms(),
        verbose=False,
        **({"classes": names} if is_yolo else {}),
    )
    both = ConcatDataset([Subset(dataset, [1]), Subset(dataset, [len(dataset) - 1])])
    [part] = select_rows(both, Place(root_url=root, **NAMES))
    paths = [dataset._load_annotation(sample)["img_path"] for sample in (1, len(dataset) - 1)]
    assert [part.table.image_urls()[row] for row in part.rows] == paths


def test_the_second_run_reuses_the_table(coco, root):
    place = Place(root_url=root, **NAMES)
    assert stock_table(coco, place).table == stock_table(coco, place).table


def test_one_added_line_collects_on_both_loaders(coco, train_detection, make_loader, root):
    callback = DetectionMetricsCollectionCallback(
        "stock", root_url=root, dataloader_args={"num_workers": 0}
    )
    train_detection([callback], loaders=(make_loader(coco), make_loader(coco)))
    assert [record["error"] for record in callback.run.collections] == [None, None]
    labels = callback.run.sql(
        "select distinct unnest(bbs_predicted.instances_additional_data.label) l from metrics"
    )
    table = callback.run.input_tables[0]
    known = table.get_simple_value_map("bbs.instances_additional_data.label")
    assert set(labels.column("l").to_pylist()) <= set(known)


def _by_image(table):
    ragged = boxes_from_arrow(table.get_column_as_pyarrow_array("bbs"))
    pairs = zip(ragged.offsets, ragged.offsets[1:], strict=False)
    return {
        url: ragged.boxes[start:stop]
        for url, (start, stop) in zip(table.image_urls(), pairs, strict=True)
    }
