"""A damaged picture costs one cell: in samples, notebooks, collections, exports, on the page."""

import io
import json
import random

import numpy as np
import pytest
from PIL import Image
from super_gradients.training import models
from super_gradients.training.processing import processing as sg

from samplewise import Table, schemas, set_active_run
from samplewise.data_types import BoundingBoxes2D
from samplewise.errors import ImageError
from samplewise.integration.super_gradients import DetectionMetricsCollectionCallback
from samplewise.schema.image_limits import MAX_PIXELS

NOISE = np.random.default_rng(0).integers(0, 256, (40, 60, 3), dtype=np.uint8)
FORMATS = ("BMP", "WEBP", "AVIF", "PNG", "JPEG", "GIF", "TIFF", "JPEG2000", "PPM")
FLIPS = 8


@pytest.fixture(scope="module", autouse=True)
def limit():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(MAX_PIXELS, "100000")
        yield


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """A good picture first, then flipped and cut ones, one above the limit, and no pictures."""
    folder = tmp_path_factory.mktemp("damaged")
    drawn = random.Random(0)
    files = {"good.png": encode("PNG"), "huge.png": encode("PNG", np.zeros((400, 400), np.uint8))}
    for kind in FORMATS:
        whole = encode(kind)
        files[f"cut.{kind}"] = whole[: len(whole) // 2]
        for number in range(FLIPS):
            flipped = bytearray(whole)
            place = drawn.randrange(min(len(whole), 80) if number % 2 else len(whole))
            flipped[place] ^= 1 << drawn.randrange(8)
            files[f"{number}.{kind}"] = bytes(flipped)
    files |= {"empty.png": b"", "text.jpg": b"root:x:0:0"}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    (folder / "folder.png").mkdir()
    names = [*files, "folder.png", "gone.png"]
    return Table.from_dict(
        {
            "image": [str(folder / name) for name in names],
            "bbs": [BoundingBoxes2D.create_empty(60, 40) for _ in names],
        },
        {"image": schemas.ImageSchema(), "bbs": schemas.BoundingBoxes2DSchema(["a"])},
        dataset_name="d",
        project_name="p",
        root_url=str(folder / "store"),
    )


def encode(kind, pixels=NOISE):
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, kind)
    return stream.getvalue()


@pytest.fixture(scope="module")
def unreadable(table):
    """Rows whose picture is none, each named by the error of its sample."""
    found = {}
    for row in range(len(table)):
        try:
            assert table[row]["image"].size
        except ImageError as error:
            found[row] = str(error)
    return found


def test_the_error_of_a_sample_names_its_row_and_its_file(table, unreadable):
    assert 10 < len(unreadable) < len(table) - 10
    for row, text in unreadable.items():
        assert text.startswith(f"row {row} of table `initial`, column `image`: image `")
        assert table.image_urls()[row].rpartition("/")[2] in text
    assert "must have at most 100,000 pixels to be decoded, but has 400 x 400" in unreadable[1]


def test_a_notebook_shows_the_others(table):
    assert "<img" in table._repr_html_()


def test_a_collection_has_a_row_for_each_with_the_reason(table, unreadable):
    model = models.get("yolox_n", num_classes=1).eval()
    steps = [sg.DetectionRescale((32, 32)), sg.StandardizeImage(), sg.ImagePermute()]
    model.set_dataset_processing_params(
        class_names=["a"], image_processor=sg.ComposeProcessing(steps), iou=0.6, conf=0.01
    )
    callback = DetectionMetricsCollectionCallback(
        "p", root_url=table.root_url, dataloader_args={"num_workers": 0}
    )
    callback.collect_metrics_direct(model, [table])
    set_active_run(None)
    told = callback.run.metrics(["collection_error"]).column(0).to_pylist()
    assert [row for row, error in enumerate(told) if error is not None] == [*unreadable]


@pytest.mark.parametrize("kind", ["coco", "yolo", "csv"])
def test_an_export_leaves_out_what_it_must_and_ends(table, kind, tmp_path):
    table.export(tmp_path / "out", format=kind)
    written = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert written != []
    if kind == "coco":
        assert len(json.loads(written[0].read_text())["images"]) == len(table)


def test_the_page_has_a_thumbnail_or_a_problem_for_each(table, unreadable, make_browser):
    client = make_browser(table.root_url).client
    for row in range(len(table)):
        told = client.get(f"/api/images/table/p/d/initial/{row}?size=64")
        assert told.status_code == (404 if row in unreadable else 200), (row, told.text)
