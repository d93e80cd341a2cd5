"""What people may type for a project, a dataset, a table or a run."""

import shutil
from pathlib import Path

import pytest

from samplewise.cli._address import find
from samplewise.errors import InvalidArgumentError, NotFoundError

ALL = ["project", "dataset", "table", "run"]


@pytest.mark.parametrize(
    ("text", "kind", "path"),
    [
        ("demo", "project", "demo"),
        ("demo/first", "run", "demo/runs/first"),
        ("demo/runs/first", "run", "demo/runs/first"),
        ("demo/drawn", "dataset", "demo/datasets/drawn"),
        ("demo/datasets/drawn", "dataset", "demo/datasets/drawn"),
        ("demo/drawn/initial", "table", "demo/datasets/drawn/tables/initial"),
        ("demo/datasets/drawn/tables/initial", "table", "demo/datasets/drawn/tables/initial"),
    ],
)
def test_names_and_urls_lead_to_the_same_thing(root: Path, text: str, kind: str, path: str):
    for typed in (text, f"{root}/{path}", f"{root}/{path}/", f"file://{root}/{path}"):
        address = find(typed, None, ALL)
        assert (address.kind, address.url) == (kind, f"{root}/{path}")


def test_the_url_of_a_document_is_that_of_its_thing(root: Path):
    assert find(f"{root}/demo/runs/first/run.json", None, ALL).kind == "run"


def test_a_root_goes_before_the_usual_one(drawn_root: Path):
    assert find("demo/first", str(drawn_root), ["run"]).store.root == str(drawn_root)
    with pytest.raises(NotFoundError):
        find("demo/first", None, ["run"])


def test_a_name_of_two_things_is_refused_with_the_urls_of_both(own_root: Path):
    shutil.copytree(own_root / "demo" / "runs" / "first", own_root / "demo" / "runs" / "drawn")
    with pytest.raises(InvalidArgumentError, match="is the name of a run and of a dataset") as told:
        find("demo/drawn", None, ALL)
    assert f"{own_root}/demo/runs/drawn or {own_root}/demo/datasets/drawn" in str(told.value)
    assert find("demo/drawn", None, ["run"]).kind == "run"
    assert find("demo/datasets/drawn", None, ALL).kind == "dataset"


@pytest.mark.usefixtures("root")
def test_something_of_another_kind_is_named():
    with pytest.raises(InvalidArgumentError, match="dataset `demo/drawn` is no run and no table"):
        find("demo/drawn", None, ["run", "table"])


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("demo/frist", "did you mean `demo/first`?"),
        ("demo/drawn/inital", "did you mean `demo/drawn/initial`?"),
        ("dmo/first", "of projects, did you mean `demo`?"),
    ],
)
def test_a_wrong_name_is_answered_with_the_closest_one(text: str, hint: str):
    with pytest.raises(NotFoundError) as told:
        find(text, None, ["run", "table"])
    assert hint in str(told.value)


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize("text", ["a/b/c/d", "demo/.hidden", "demo//first", ""])
def test_what_cannot_be_a_name_is_refused(text: str):
    with pytest.raises((InvalidArgumentError, NotFoundError)):
        find(text, None, ALL)
