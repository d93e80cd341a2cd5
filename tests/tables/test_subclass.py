"""A subclass of Table makes and opens tables of its own kind."""

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from PIL import Image

from samplewise import Table


class Photos(Table):
    """What a user adds to tables."""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """The same image in every layout that tables are made of."""
    for folder in ("classes/cat", "yolo/images/train", "yolo/labels/train", "JPEGImages"):
        (tmp_path / folder).mkdir(parents=True)
    for image in ("classes/cat/a.png", "yolo/images/train/a.png", "JPEGImages/a.png"):
        Image.new("RGB", (8, 8)).save(tmp_path / image)
    (tmp_path / "yolo/labels/train/a.txt").write_text("0 0.5 0.5 0.5 0.5\n")
    (tmp_path / "yolo/data.yaml").write_text("path: .\ntrain: images/train\nnames: [cat]\n")
    (tmp_path / "Annotations").mkdir()
    (tmp_path / "Annotations/a.xml").write_text(
        "<annotation><filename>a.png</filename></annotation>"
    )
    labels = {"images": [{"id": 1, "file_name": "a.png"}], "annotations": [], "categories": []}
    (tmp_path / "coco.json").write_text(json.dumps(labels))
    (tmp_path / "rows.csv").write_text("x\n1\n")
    pd.DataFrame({"x": [1]}).to_parquet(tmp_path / "rows.parquet")
    return tmp_path


MAKERS: dict[str, Callable[[Path, dict], Table]] = {
    "from_coco": lambda f, n: Photos.from_coco(f / "coco.json", **n),
    "from_yolo": lambda f, n: Photos.from_yolo(f / "yolo/data.yaml", **n),
    "from_voc": lambda f, n: Photos.from_voc(f, **n),
    "from_image_folder": lambda f, n: Photos.from_image_folder(f / "classes", **n),
    "from_dict": lambda _, n: Photos.from_dict({"x": [1]}, **n),
    "from_arrow": lambda _, n: Photos.from_arrow(pa.table({"x": [1]}), **n),
    "from_pandas": lambda _, n: Photos.from_pandas(pd.DataFrame({"x": [1]}), **n),
    "from_parquet": lambda f, n: Photos.from_parquet(f / "rows.parquet", **n),
    "from_csv": lambda f, n: Photos.from_csv(f / "rows.csv", **n),
    "from_torch_dataset": lambda _, n: Photos.from_torch_dataset([(1,)], ["x"], **n),
}


@pytest.mark.parametrize("name", MAKERS)
def test_every_maker_gives_the_subclass_new_or_reused(name: str, files: Path, root: str):
    names = {"dataset_name": "d", "project_name": "p", "root_url": root}
    made, reused = MAKERS[name](files, names), MAKERS[name](files, names)
    assert (type(made), type(reused)) == (Photos, Photos)
    assert made == reused


def test_opening_and_revising_keep_the_subclass(root: str):
    first = Photos.from_dict(
        {"x": [1, 2, 3]}, table_name="t", dataset_name="d", project_name="p", root_url=root
    )
    opened = [Photos.from_names("t", "d", "p", root), Photos.from_url(first.url)]
    revised = [first.edit({"x": {0: 5}}), first.delete_rows([1])]
    found = [*opened, *revised, first.latest(), *revised[-1].lineage()]
    assert [type(table) for table in found] == [Photos] * 7
