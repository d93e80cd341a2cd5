"""Label files are bounded: what has no end is not opened, and what unpacks is measured."""

import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from samplewise import Table
from samplewise.errors import FormatError

SOURCES = {
    "coco": lambda path: ("coco", path, {}),
    "yolo": lambda path: ("yolo", path, {}),
    "voc": lambda path: ("voc", path.parent, {"annotations_folder": path.parent}),
    "csv": lambda path: ("csv", path, {}),
    "parquet": lambda path: ("parquet", path, {}),
}


def refusal(kind: str, path: Path) -> str:
    name, given, options = SOURCES[kind](path)
    goal = {"dataset_name": "d", "project_name": "p", "root_url": str(path.parent / "store")}
    with pytest.raises(FormatError) as caught:
        Table.from_format(name, given, options, **goal)
    return str(caught.value)


@pytest.mark.parametrize("kind", SOURCES)
def test_a_pipe_is_refused_before_it_is_opened(kind: str, tmp_path: Path):
    os.mkfifo(tmp_path / "labels.xml")
    assert "labels.xml` must be a regular file, but is a pipe." in refusal(
        kind, tmp_path / "labels.xml"
    )


@pytest.mark.parametrize("kind", ["coco", "yolo", "csv", "parquet"])
@pytest.mark.parametrize(("path", "what"), [("/dev/zero", "a device"), ("/proc", "a folder")])
def test_devices_and_folders_are_refused(kind: str, path: str, what: str, tmp_path: Path):
    (tmp_path / "labels").symlink_to(path)
    assert f"must be a regular file, but is {what}." in refusal(kind, tmp_path / "labels")


@pytest.mark.parametrize("kind", SOURCES)
def test_a_limit_says_itself_and_how_to_raise_it(kind: str, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("SAMPLEWISE_LARGEST_LABEL_FILE", "100")
    (tmp_path / "labels.xml").write_text(" " * 200)
    message = refusal(kind, tmp_path / "labels.xml")
    assert "must have at most 100 bytes, unpacked, but has 200 or more." in message
    assert "SAMPLEWISE_LARGEST_LABEL_FILE=400" in message


def test_parquet_is_measured_as_it_unpacks(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("SAMPLEWISE_LARGEST_LABEL_FILE", "1000000")
    pq.write_table(pa.table({"x": ["a" * 1000] * 100_000}), tmp_path / "rows.parquet")
    assert (tmp_path / "rows.parquet").stat().st_size < 20_000
    assert "must have at most 1,000,000 bytes, unpacked" in refusal(
        "parquet", tmp_path / "rows.parquet"
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("names: &a [*a]", "it refers to itself"),
        ("names: " + "[" * 1000, "it is nested more than 16 deep"),
        ("nc: !!python/object/apply:os.system [true]\nnames: [a]", "python/object"),
        ("names: [a]\nnames: [b]", "`names` is there twice"),
    ],
)
def test_yaml_is_plain(text: str, reason: str, tmp_path: Path):
    (tmp_path / "data.yaml").write_text(text)
    assert reason in refusal("yolo", tmp_path / "data.yaml")


def test_aliases_do_not_become_more_than_memory_holds(tmp_path: Path):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
    (tmp_path / "data.yaml").write_text("\n".join([*lines, "names: *a11"]))
    assert "by its aliases" in refusal("yolo", tmp_path / "data.yaml")


def test_json_and_xml_are_not_nested_without_end(tmp_path: Path):
    (tmp_path / "labels.json").write_text('{"images": ' + "[" * 100_000 + "]" * 100_000 + "}")
    assert "is nested too deeply" in refusal("coco", tmp_path / "labels.json")
    (tmp_path / "1.xml").write_text("<annotation>" + "<a>" * 99 + "</a>" * 99 + "</annotation>")
    assert "must nest at most 64 elements" in refusal("voc", tmp_path / "1.xml")
