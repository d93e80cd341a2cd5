"""A split in the place of an earlier export."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from samplewise.data_types import BoundingBoxes2D
from samplewise.errors import FormatError, InvalidArgumentError, StoreError

LABELS = {"a": "0 0.5 0.5 0.2 0.4", "b": "1 0.5 0.5 0.2 0.4", "c": ""}


def files_below(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if not p.is_dir())


def test_an_export_holds_nothing_of_the_one_before(read, read_yolo, tmp_path):
    table = read_yolo(LABELS)
    table.export(tmp_path / "out", "yolo")
    file = table.delete_rows([0]).export(tmp_path / "out", "yolo")
    assert [Path(url).stem for url in read("yolo", file).image_urls()] == ["b", "c"]
    assert files_below(tmp_path / "out") == [
        ".samplewise-export.json",
        "data.yaml",
        "images/train/b.png",
        "images/train/c.png",
        "labels/train/b.txt",
        "labels/train/c.txt",
    ]


def test_files_of_others_stay_and_their_images_are_said(read_yolo, tmp_path, make_image, notes):
    table = read_yolo(LABELS)
    table.export(tmp_path / "out", "yolo")
    (tmp_path / "out" / "labels" / "train" / "notes.txt").write_text("mine")
    make_image(tmp_path / "out" / "images" / "train" / "mine.png")
    notes.clear()
    table.delete_rows([0, 1]).export(tmp_path / "out", "yolo")
    assert (tmp_path / "out" / "labels" / "train" / "notes.txt").read_text() == "mine"
    assert (tmp_path / "out" / "images" / "train" / "mine.png").exists()
    assert notes == ["data.yaml: 1 images that no export wrote stay beside them."]


def test_labels_of_others_are_not_overwritten(read_yolo, dataset, tmp_path):
    table = read_yolo(LABELS)
    with pytest.raises(FormatError, match=r"a\.png` is there, and no export wrote it"):
        table.export(dataset(LABELS))
    assert (tmp_path / "data" / "labels" / "train" / "a.txt").read_text() == LABELS["a"]


def test_a_list_of_files_from_somebody_else_deletes_nothing_outside(read_yolo, tmp_path):
    table = read_yolo(LABELS)
    file = table.export(tmp_path / "out", "yolo")
    (tmp_path / "mine.txt").write_text("mine")
    (file.parent / "labels" / "train" / "link").symlink_to(tmp_path)
    outside = ["../mine.txt", "images/train/../../../mine.txt", "labels/train/link/mine.txt"]
    lists = {"splits": {"train": [*outside, str(tmp_path / "mine.txt"), 3]}}
    (file.parent / "labels" / "train" / "a.txt").unlink()
    (file.parent / "images" / "train" / "a.png").unlink()
    (file.parent / ".samplewise-export.json").write_text(json.dumps(lists))
    table.delete_rows([1, 2]).export(file)
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_a_link_that_leads_out_of_the_folder_is_refused(read_yolo, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "else").mkdir()
    (tmp_path / "out" / "labels").symlink_to(tmp_path / "else")
    with pytest.raises(FormatError, match="is a link that leads out of"):
        read_yolo(LABELS).export(tmp_path / "out", "yolo")
    assert files_below(tmp_path / "else") == []


def test_an_alias_with_dots_does_not_lead_out_of_the_folder(read, tmp_path, make_image):
    make_image(tmp_path / "evil.jpg")
    make_image(tmp_path / "data" / "a" / "b.jpg")
    rows = {"image": ["<DATA>/a/../../evil.jpg", "<DATA>/a/b.jpg"]}
    boxes = BoundingBoxes2D.create_empty(64, 48)
    schema = {"bbs": BoundingBoxes2D.schema(["cat"])}
    aliases = {"DATA": str(tmp_path / "data")}
    table = read("dict", {**rows, "bbs": [boxes, boxes]}, schema, aliases=aliases)
    table.export(tmp_path / "out" / "yolo", "yolo")
    assert files_below(tmp_path / "out") == [
        "yolo/.samplewise-export.json",
        "yolo/data.yaml",
        "yolo/images/train/data/a/b.jpg",
        "yolo/images/train/evil.jpg",
        "yolo/labels/train/data/a/b.txt",
        "yolo/labels/train/evil.txt",
    ]


@pytest.mark.parametrize("split", ["../x", "a/b", "", ".", "CON", "names", "a:b", ".x", 3])
def test_a_split_is_the_name_of_a_folder(read_yolo, tmp_path, split):
    with pytest.raises(InvalidArgumentError, match="`split` must be the name of a folder"):
        read_yolo(LABELS).export(tmp_path / "out", "yolo", split=split)
    assert not (tmp_path / "out").exists()


def test_what_the_disk_says_is_ours_and_the_old_split_stays(read_yolo, tmp_path, monkeypatch):
    file = read_yolo(LABELS).export(tmp_path / "out", "yolo")
    before = files_below(file.parent)

    def full(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(StoreError, match="No space left on device"):
        read_yolo(LABELS).export(file)
    assert files_below(file.parent) == before
    assert yaml.safe_load(file.read_text())["train"] == "images/train"


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="needs fork and kill")
def test_an_export_that_is_killed_leaves_the_old_split_or_the_new_one(tmp_path):
    script = Path(__file__).with_name("killed_exports.py")
    ran = subprocess.run(
        [sys.executable, script, tmp_path], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert all(int(count) > 20 for count in ran.stdout.split())
