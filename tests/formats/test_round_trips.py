"""What is exported reads back as the same Table, and loads in the tools that it is for."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import samplewise as sw
from samplewise.data_types import BoundingBoxes2D
from samplewise.schemas import BoundingBoxes2DSchema, CategoricalLabelSchema, ImageSchema

CLASSES = {2: "größe é", 7: "dog", 40: "a b"}


@pytest.fixture(params=range(4))
def drawn(request: pytest.FixtureRequest, tmp_path: Path) -> sw.Table:
    """A Table with gaps in its class ids, images without boxes, odd names, several formats."""
    rng = np.random.default_rng(request.param)
    folder = tmp_path / "bilder ü"
    folder.mkdir()
    urls, boxes = [], []
    for i in range(int(rng.integers(1, 9))):
        width, height = (int(side) for side in rng.integers(20, 200, 2))
        url = folder / f"{i} x{rng.choice(['.jpg', '.png', '.bmp'])}"
        Image.new("RGB", (width, height), tuple(rng.integers(0, 255, 3).tolist())).save(url)
        count = int(rng.integers(0, 5))
        corner = rng.uniform(0, 0.6, (count, 2)) * (width, height)
        far = corner + rng.uniform(0.1, 0.4, (count, 2)) * (width, height)
        labels = rng.choice(list(CLASSES), count).tolist()
        extent = (0, 0, width, height)
        boxes.append(
            BoundingBoxes2D(extent, {"label": labels}, np.concatenate([corner, far], axis=1))
        )
        urls.append(str(url))
    return sw.Table.from_dict(
        {
            "image": urls,
            "bbs": boxes,
            "split": ["a", "b"] * (len(urls) // 2) + ["a"] * (len(urls) % 2),
        },
        schema={
            "image": ImageSchema(),
            "bbs": BoundingBoxes2DSchema(CLASSES),
            "split": CategoricalLabelSchema(["a", "b"]),
        },
        dataset_name="drawn",
        project_name="p",
        root_url=str(tmp_path / "store"),
    )


def rows_of(table: sw.Table) -> dict[str, list[tuple]]:
    """Boxes with the names of their classes, by the name of the image."""
    names = table.get_simple_value_map("bbs.instances_additional_data.label") or {}
    found = {}
    for row in table.table_rows:
        labels = row["bbs"]["instances_additional_data"]["label"]
        corners = [tuple(box.values()) for box in row["bbs"]["instances"]]
        found[Path(row["image"]).name] = sorted(
            (names[label], *np.round(box, 2)) for label, box in zip(labels, corners, strict=True)
        )
    return found


@pytest.mark.parametrize("kind", ["coco", "yolo", "parquet"])
def test_it_reads_back_as_the_same_table(drawn: sw.Table, tmp_path: Path, kind: str):
    place = {"dataset_name": kind, "project_name": "p", "root_url": drawn.root_url}
    if kind == "coco":
        drawn.export(tmp_path / "out.json", format="coco")
        again = sw.Table.from_coco(tmp_path / "out.json", tmp_path / "bilder ü", **place)
    elif kind == "yolo":
        drawn.export(tmp_path / "yolo", format="yolo")
        again = sw.Table.from_yolo(tmp_path / "yolo" / "data.yaml", "train", **place)
    else:
        drawn.export(tmp_path / "out.parquet")
        again = sw.Table.from_parquet(tmp_path / "out.parquet", **place)
        assert again.schema == drawn.schema
    ours, theirs = rows_of(drawn), rows_of(again)
    assert theirs.keys() == ours.keys()
    for name, rows in ours.items():
        assert [row[0] for row in theirs[name]] == [row[0] for row in rows]
        for one, other in zip(theirs[name], rows, strict=True):
            assert one[1:] == pytest.approx(other[1:], abs=0.02)


def test_a_coco_file_loads_in_torchvision(drawn: sw.Table, tmp_path: Path):
    torchvision = pytest.importorskip("torchvision")
    drawn.export(tmp_path / "out.json", format="coco")
    loaded = torchvision.datasets.CocoDetection(tmp_path, tmp_path / "out.json")
    names = {number: each["name"] for number, each in loaded.coco.cats.items()}
    found = {}
    for index, number in enumerate(loaded.ids):
        _, targets = loaded[index]
        corners = [np.array(each["bbox"]) for each in targets]
        found[Path(loaded.coco.loadImgs(number)[0]["file_name"]).name] = sorted(
            (names[each["category_id"]], *np.round([*box[:2], *(box[:2] + box[2:])], 2))
            for each, box in zip(targets, corners, strict=True)
        )
    ours = rows_of(drawn)
    assert found.keys() == ours.keys()
    for name, rows in ours.items():
        assert [row[0] for row in found[name]] == [row[0] for row in rows]
        for one, other in zip(found[name], rows, strict=True):
            assert one[1:] == pytest.approx(other[1:], abs=0.02)
