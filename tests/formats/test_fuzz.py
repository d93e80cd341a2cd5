"""Label files with a few bytes, lines or values changed: a Table with a report, or our error.

Seeded; SAMPLEWISE_FUZZ_ROUNDS says how many files of each kind are tried. Objects that go in come
out, or are counted in the report: nothing is lost without a word.
"""

import json
import os
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from samplewise import Table
from samplewise.errors import SamplewiseError
from samplewise.formats.import_report import NO_LABEL, TWICE
from samplewise.formats.importing import fingerprint_files, in_our_words, read_files
from samplewise.formats.registry import FORMATS
from samplewise.records.catalog import table_names
from samplewise.schema import TableSchema
from samplewise.storage import Store

ROUNDS = int(os.environ.get("SAMPLEWISE_FUZZ_ROUNDS", "200"))
ODD = [
    "null", "NaN", "-1", "0", "1e999", "-0.0", "1e30", "99999999999999999999", "true", '"x"', '""',
    "[]", "{}", "[[]]", '"\\u0000"', '"\\ud800"', '"../../x"', "~", "<b>", "007", "é", "\0", "1.5",
    "[[[[1]]]]", "&a [*a]", "!!python/object:os.system x", "2024-01-01", "a: b", "\n", ",", "\t",
]  # fmt: skip


def coco(folder: Path) -> tuple[Path, Path]:
    images = [{"id": i, "file_name": f"{i}.png", "width": 20, "height": 10} for i in (1, 2)]
    square = [[1, 1, 5, 1, 5, 5, 1, 5]]
    runs = {"size": [10, 20], "counts": [50, 100, 50]}
    annotations = [
        {"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 1, 4, 4], "segmentation": square},
        {"id": 2, "image_id": 2, "category_id": 2, "bbox": [0, 0, 9, 9], "segmentation": runs},
        {"id": 3, "image_id": 2, "category_id": 1, "bbox": [2, 2, 3, 3], "keypoints": [3, 3, 2]},
    ]
    categories = [{"id": 1, "name": "a", "keypoints": ["nose"]}, {"id": 2, "name": "b"}]
    path = folder / "labels.json"
    path.write_text(
        json.dumps({"images": images, "annotations": annotations, "categories": categories})
    )
    return path, path


def yolo(folder: Path) -> tuple[Path, Path]:
    (folder / "1.txt").write_text("0 0.5 0.5 0.2 0.2\n1 .1 .1 .5 .1 .5 .5\n0 0.3 0.3 0.1 0.1\n")
    (folder / "data.yaml").write_text("path: .\ntrain: list.txt\nnames: [a, b]\n")
    (folder / "list.txt").write_text("1.png\n2.png\n")
    return folder / "data.yaml", folder / "1.txt"


def yolo_yaml(folder: Path) -> tuple[Path, Path]:
    path, _ = yolo(folder)
    return path, path


def yolo_list(folder: Path) -> tuple[Path, Path]:
    path, _ = yolo(folder)
    return path, folder / "list.txt"


def darknet(folder: Path) -> tuple[Path, Path]:
    yolo(folder)
    (folder / "obj.names").write_text("a\nb\n")
    path = folder / "obj.data"
    path.write_text("classes = 2\ntrain = data/list.txt\nnames = data/obj.names\n")
    return path, path


def voc(folder: Path) -> tuple[Path, Path]:
    (folder / "Annotations").mkdir(exist_ok=True)
    thing = (
        "<object><name>dog</name><difficult>0</difficult><bndbox><xmin>1</xmin><ymin>1</ymin>"
        "<xmax>9</xmax><ymax>9</ymax></bndbox></object>"
    )
    path = folder / "Annotations" / "1.xml"
    path.write_text(
        '<?xml version="1.0" encoding="utf-8"?><annotation><filename>1.png</filename><size>'
        f"<width>20</width><height>10</height></size>{thing * 3}</annotation>"
    )
    return folder, path


def csv(folder: Path) -> tuple[Path, Path]:
    path = folder / "rows.csv"
    path.write_text("image,label,score\n1.png,007,0.5\n2.png,7,1\n1.png,,\n")
    return path, path


def parquet(folder: Path) -> tuple[Path, Path]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = folder / "rows.parquet"
    pq.write_table(pa.table({"image": ["1.png"] * 3, "label": ["a", "b", None]}), path)
    return path, path


KINDS: dict[str, tuple[str, Callable[[Path], tuple[Path, Path]], dict[str, Any]]] = {
    "coco": ("coco", coco, {"image_folder": "."}),
    "yolo labels": ("yolo", yolo, {}),
    "yolo yaml": ("yolo", yolo_yaml, {}),
    "yolo list": ("yolo", yolo_list, {}),
    "darknet": ("yolo", darknet, {}),
    "voc": ("voc", voc, {"image_folder": "."}),
    "csv": ("csv", csv, {"label_column": "label"}),
    "parquet": ("parquet", parquet, {"label_column": "label"}),
}


def change(data: bytes, chance: random.Random) -> bytes:
    """The bytes with one thing that is odd."""
    place = chance.randrange(len(data))
    values = [m.span() for m in re.finditer(rb'-?[\d.]+|"[^"]*"|\w+', data)]
    start, stop = chance.choice(values)
    odd = chance.choice(ODD).encode(errors="surrogatepass")
    return chance.choice(
        [
            lambda: data[:start] + odd + data[stop:],
            lambda: data[:start] + odd + data[stop:],
            lambda: data[:start] + odd + data[stop:],
            lambda: data[:place] + bytes([chance.randrange(256)]) + data[place + 1 :],
            lambda: data[:place],
            lambda: data[:place] + data[chance.randrange(place, len(data)) :],
            lambda: data[:start] + data[start:stop] * 2 + data[stop:],
        ]
    )()


def read_rows(name: str, path: Path, options: dict[str, Any]) -> tuple[dict[str, list], dict]:
    """What a Table of the file would hold, without the disk: columns in stored form, and source."""
    fingerprint_files(FORMATS[name], path, options)
    batches, kinds, source = read_files(FORMATS[name], path, options)
    TableSchema(kinds).to_arrow()
    columns: dict[str, list] = {column: [] for column in kinds}
    for batch in batches:
        for column, kind in kinds.items():
            with in_our_words(path):
                columns[column] += kind.to_arrow(batch[column], name=column).to_pylist()
    json.dumps(source).encode()
    return columns, source


def reported(source: dict, *reasons: str) -> int:
    """How often something was reported."""
    return sum(source["repaired"].get(reason, {"count": 0})["count"] for reason in reasons)


def check_nothing_lost(kind: str, data: bytes, columns: dict[str, list], source: dict) -> None:
    """Objects that went in came out, or are counted."""
    boxes = sum(len(value["instances"]) for value in columns.get("bbs", []))
    if kind == "coco":
        document = json.loads(data)
        others = sum(map(len, columns.get("other_annotations", [])))
        assert len(document.get("annotations", [])) == boxes + others
        assert len(document["images"]) == len(columns["image"]) + reported(source, TWICE)
    elif kind == "voc":
        assert data.count(b"<object>") == boxes
    elif kind == "yolo labels":
        unread = reported(source, "label files that cannot be read: left out")
        lines = 0 if unread else sum(bool(line.split()) for line in data.decode().splitlines())
        assert lines == boxes + reported(source, "lines that are no labels: left out")
    elif kind == "csv":
        assert reported(source, NO_LABEL) == columns["label"].count(None)
        if b'"' not in data and b"\r" not in data:
            assert sum(bool(line) for line in data.split(b"\n")) - 1 == len(columns["label"])


@pytest.mark.parametrize("kind", KINDS)
def test_changed_files_are_read_and_reported_or_refused_by_name(kind: str, tmp_path: Path):
    name, make, options = KINDS[kind]
    for image in ("1.png", "2.png"):
        Image.new("RGB", (20, 10)).save(tmp_path / image)
    given = {key: str(tmp_path) if value == "." else value for key, value in options.items()}
    path, changed = make(tmp_path)
    whole = changed.read_bytes()
    chance = random.Random(kind)
    errors: list[str] = []
    for _ in range(ROUNDS):
        data = change(whole, chance)
        changed.write_bytes(data)
        try:
            columns, source = read_rows(name, path, given)
        except SamplewiseError as error:
            errors.append(error.message)
        except Exception as error:
            raise AssertionError(data) from error
        else:
            check_nothing_lost(kind, data, columns, source)
    assert [error for error in errors if str(tmp_path) not in error] == []
    assert ROUNDS // 50 < len(errors) < ROUNDS - ROUNDS // 20


@pytest.mark.parametrize("kind", KINDS)
def test_a_changed_file_becomes_a_table_or_leaves_none(kind: str, tmp_path: Path):
    name, make, options = KINDS[kind]
    for image in ("1.png", "2.png"):
        Image.new("RGB", (20, 10)).save(tmp_path / image)
    given = {key: str(tmp_path) if value == "." else value for key, value in options.items()}
    path, changed = make(tmp_path)
    whole, chance = changed.read_bytes(), random.Random(kind)
    goal = {"project_name": "p", "root_url": str(tmp_path / "store")}
    for number in range(5):
        changed.write_bytes(change(whole, chance))
        try:
            table = Table.from_format(name, path, given, dataset_name=f"d{number}", **goal)
        except SamplewiseError:
            assert table_names(Store(goal["root_url"]), "p", f"d{number}") == []
        else:
            assert len(list(table.table_rows)) == len(table)
