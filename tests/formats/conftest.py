"""Small label files, made by code, and the Tables that come of them."""

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from samplewise import Table
from samplewise.formats.import_report import ImportReport

CATEGORIES = [{"id": 1, "name": "cat"}, {"id": 7, "name": "dog", "supercategory": "animal"}]


def draw(path: Path, size: tuple[int, int] = (64, 48)) -> Path:
    """An image file of that width and height."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, (120, 90, 60)).save(path)
    return path


def box(number: int = 1, **fields: Any) -> dict[str, Any]:
    """An annotation with a box."""
    return {
        "id": number,
        "image_id": 1,
        "category_id": 7,
        "bbox": [1.5, 2, 10, 20],
        "area": 150.25,
        "iscrowd": 0,
        **fields,
    }


@pytest.fixture
def coco_file(tmp_path: Path) -> Callable[..., Path]:
    """Writes a COCO file with one image, `1.jpg` of 64 x 48; sections can be given."""

    def write(annotations: Any = (), **sections: Any) -> Path:
        draw(tmp_path / "1.jpg")
        image = {"id": 1, "file_name": "1.jpg", "width": 64, "height": 48}
        document = {"images": [image], "annotations": list(annotations), "categories": CATEGORIES}
        path = tmp_path / "labels.json"
        path.write_text(json.dumps({**document, **sections}))
        return path

    return write


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Table]:
    """Makes a Table in a store of its own; the first argument names the format."""
    counter = iter(range(1000))

    def make(kind: str, *arguments: Any, **options: Any) -> Table:
        names = {"dataset_name": f"d{next(counter)}", "project_name": "p"}
        root = str(tmp_path / "store")
        return getattr(Table, f"from_{kind}")(*arguments, root_url=root, **names, **options)

    return make


@pytest.fixture
def read_coco(read: Callable[..., Table], coco_file: Callable[..., Path]) -> Callable[..., Table]:
    """Makes a Table from the file that `coco_file` writes."""

    def make(annotations: Any = (), *, options: Any = None, **sections: Any) -> Table:
        return read("coco", coco_file(annotations, **sections), **(options or {}))

    return make


@pytest.fixture
def notes() -> Any:
    """What was said in notes while the test ran."""
    said: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("samplewise")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield said
    logger.removeHandler(handler)
    logger.setLevel(level)


def counts(table: Table, which: str = "repaired") -> dict[str, int]:
    """How often each thing was repaired, or found odd and kept."""
    report = ImportReport.of(table.source)
    return {reason: found.count for reason, found in getattr(report, which).items()}


@pytest.fixture
def repaired() -> Callable[[Table], dict[str, int]]:
    """Counts of what was repaired on the way into a Table."""
    return counts


@pytest.fixture
def kept() -> Callable[[Table], dict[str, int]]:
    """Counts of what was odd and kept on the way into a Table."""
    return lambda table: counts(table, "kept")


@pytest.fixture
def make_box() -> Callable[..., dict[str, Any]]:
    """Makes an annotation with a box."""
    return box


@pytest.fixture
def make_image() -> Callable[..., Path]:
    """Draws an image file."""
    return draw
