"""`samplewise import` and `samplewise export`."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

import samplewise as sw

GOAL = ("--project", "demo", "--dataset", "drawn")


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty store, the usual one of the test."""
    monkeypatch.setenv("SAMPLEWISE_ROOT", str(tmp_path / "root"))
    return str(tmp_path / "root")


@pytest.fixture
def coco(tmp_path: Path) -> Path:
    """Two images with a box each, the second one without a file."""
    (tmp_path / "images").mkdir()
    Image.new("RGB", (32, 24)).save(tmp_path / "images" / "bär.png")
    document = {
        "images": [
            {"id": 1, "file_name": "bär.png", "width": 32, "height": 24},
            {"id": 2, "file_name": "gone.png", "width": 32, "height": 24},
        ],
        "categories": [{"id": 7, "name": "bear"}],
        "annotations": [
            {
                "id": i,
                "image_id": i,
                "category_id": 7,
                "bbox": [2, 3, 10, 12],
                "area": 120,
                "iscrowd": 0,
            }
            for i in (1, 2)
        ],
    }
    path = tmp_path / "labels.json"
    path.write_text(json.dumps(document))
    return path


def test_coco_labels_become_a_table(samplewise, coco: Path):
    code, out, said = samplewise(
        "import", "coco", str(coco), "--images", str(coco.parent / "images"), *GOAL
    )
    assert code == 0
    assert out.startswith("Table demo/drawn/initial: 2 rows, columns image, ")
    assert "images whose file is missing" in out
    assert out.endswith("To see it: samplewise show demo/drawn/initial\n")
    assert "labels.json" in said
    assert (
        sw.Table.from_names("initial", "drawn", "demo").row(0)["image"].endswith("images/bär.png")
    )


def test_every_choice_reaches_the_table(samplewise, coco: Path):
    options = ["--images", str(coco.parent / "images"), "--table", "first", "--no-weights"]
    options += [
        "--alias",
        f"PICS={coco.parent}",
        "--missing-images",
        "drop",
        "--description",
        "büx",
    ]
    _, out, _ = samplewise("import", "coco", str(coco), *GOAL, *options, "--json")
    told = json.loads(out)
    table = sw.Table.from_url(told["url"])
    assert (table.name, len(table), table.description) == ("first", 1, "büx")
    assert "weight" not in told["columns"]
    assert table.to_arrow(["image"]).column("image").to_pylist() == ["<PICS>/images/bär.png"]
    assert next(iter(told["repaired"].values()))["count"] == 1


def test_a_name_that_is_taken_is_reused_renamed_or_refused(samplewise, coco: Path):
    def name(*options: str) -> str:
        out = samplewise("import", "coco", str(coco), *GOAL, "--json", *options)[1]
        return json.loads(out)["name"]

    assert [name(), name(), name("--if-exists", "rename")] == ["initial", "initial", "initial_0000"]
    code, out, said = samplewise("import", "coco", str(coco), *GOAL, "--if-exists", "raise")
    assert (code, out) == (1, "")
    assert said.startswith("Error: table `initial` exists in dataset `drawn`.\nHint: ")


def test_a_file_that_is_no_coco_is_refused_and_leaves_nothing_behind(
    samplewise, tmp_path: Path, root: str
):
    path = tmp_path / "labels.json"
    path.write_text("[1, 2]")
    code, out, said = samplewise("import", "coco", str(path), *GOAL)
    assert (code, out) == (1, "")
    assert said.startswith("Error: ")
    assert json.loads(samplewise("ls", "--json")[1])["projects"] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("coco", "labels.json"),
        ("coco", "labels.json", *GOAL, "--task", "fly"),
        ("coco", "labels.json", *GOAL, "--alias", "DATA"),
        ("voc2", "x", *GOAL),
        (),
    ],
)
def test_a_wrong_call_ends_with_2(samplewise, arguments: tuple[str, ...]):
    assert samplewise("import", *arguments)[0] == 2


def test_a_folder_of_classes_becomes_a_table(samplewise, tmp_path: Path):
    for name in ("ash", "oak"):
        (tmp_path / "trees" / name).mkdir(parents=True)
        Image.new("RGB", (8, 8)).save(tmp_path / "trees" / name / "1.png")
    assert samplewise("import", "folder", str(tmp_path / "trees"), *GOAL)[0] == 0
    table = sw.Table.from_names("initial", "drawn", "demo")
    assert table.get_simple_value_map("label") == {0: "ash", 1: "oak"}


def test_rows_of_a_csv_get_images_and_classes(samplewise, tmp_path: Path):
    path = tmp_path / "rows.csv"
    path.write_text("file,species,height\na.png,oak,3.5\n/b.png,ash,4\n,oak,5\n", encoding="utf-8")
    options = ("--image-column", "file", "--label-column", "species")
    assert samplewise("import", "csv", str(path), *GOAL, *options)[0] == 0
    table = sw.Table.from_names("initial", "drawn", "demo")
    assert table.get_simple_value_map("species") == {0: "ash", 1: "oak"}
    assert [row["species"] for row in table.table_rows] == [1, 0, 1]
    assert table.row(0)["file"] == str(tmp_path / "a.png")
    assert table.row(1)["file"] == "/b.png"


def test_rows_of_a_parquet_file_become_a_table(samplewise, tmp_path: Path):
    rows = {"image": ["a.png", "https://host/b.png"], "score": [0.5, None], "kind": [4, 9]}
    pq.write_table(pa.table(rows), tmp_path / "rows.parquet")
    options = ("--images", str(tmp_path / "pictures"), "--label-column", "kind")
    assert samplewise("import", "parquet", str(tmp_path / "rows.parquet"), *GOAL, *options)[0] == 0
    table = sw.Table.from_names("initial", "drawn", "demo")
    urls = [f"{tmp_path}/pictures/a.png", "https://host/b.png"]
    assert table.image_urls() == urls
    assert table.get_simple_value_map("kind") == {4: "4", 9: "9"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--label-column", "spices"), "did you mean `species`?"),
        (("--image-column", "height"), "must hold paths of images"),
        (("--label-column", "height"), "must hold classes"),
    ],
)
def test_a_column_that_cannot_be_what_it_should_is_named(
    samplewise, tmp_path: Path, options, message: str
):
    (tmp_path / "rows.csv").write_text("species,height\noak,3.5\n")
    code, _, said = samplewise("import", "csv", str(tmp_path / "rows.csv"), *GOAL, *options)
    assert code == 1
    assert message in said


def test_what_was_imported_can_be_exported(samplewise, coco: Path, tmp_path: Path):
    samplewise("import", "coco", str(coco), "--images", str(coco.parent / "images"), *GOAL)
    for name in ("out.json", "out.csv", "out.parquet"):
        code, out, said = samplewise("export", "demo/drawn/initial", str(tmp_path / name), "--json")
        assert code == 0
        assert ("a CSV file holds plain values" in said) == name.endswith(".csv")
        assert json.loads(out) == {"path": str(tmp_path / name), "rows": 2}
    again = json.loads((tmp_path / "out.json").read_text())
    assert again["annotations"][0]["bbox"] == [2, 3, 10, 12]
    assert len(pq.read_table(tmp_path / "out.parquet")) == 2


def test_yolo_labels_go_out_and_come_back(samplewise, coco: Path, tmp_path: Path):
    options = ("--images", str(coco.parent / "images"), "--missing-images", "drop")
    samplewise("import", "coco", str(coco), *options, *GOAL)
    target = str(tmp_path / "yolo" / "data.yaml")
    assert samplewise("export", "demo/drawn/initial", target, "--split", "val", "--copy")[0] == 0
    goal = ("--project", "demo", "--dataset", "again")
    assert samplewise("import", "yolo", target, "--split", "val", *goal)[0] == 0
    table = sw.Table.from_names("initial", "again", "demo")
    assert table[0]["bbs"].boxes.tolist() == [pytest.approx([2, 3, 12, 15], abs=1e-3)]


def test_a_file_is_replaced_by_force_only(samplewise, coco: Path, tmp_path: Path):
    samplewise("import", "coco", str(coco), *GOAL)
    before = coco.read_text()
    code, _, said = samplewise("export", "demo/drawn/initial", str(coco))
    assert (code, coco.read_text()) == (1, before)
    assert said.splitlines()[1] == "Hint: pass --force to replace it"
    assert samplewise("export", "demo/drawn/initial", str(coco), "--force")[0] == 0
    assert coco.read_text() != before


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("out.json", "--split", "val"), 2),
        (("out.yaml", "--images", "x"), 2),
        (("out", "--format", "xml"), 2),
        (("out.xml",), 1),
    ],
)
def test_options_and_formats_that_do_not_fit_are_refused(
    samplewise, coco: Path, arguments, code: int
):
    samplewise("import", "coco", str(coco), *GOAL)
    assert samplewise("export", "demo/drawn/initial", *arguments)[0] == code


def test_a_split_is_replaced_by_force_only_and_rows_without_an_image_are_said(
    samplewise, coco: Path, tmp_path: Path
):
    samplewise("import", "coco", str(coco), "--images", str(coco.parent / "images"), *GOAL)
    arguments = ("export", "demo/drawn/initial", str(tmp_path / "yolo"), "--format", "yolo")
    code, out, _ = samplewise(*arguments)
    assert (code, out.splitlines()) == (
        0,
        [
            f"1 of 2 rows in {tmp_path}/yolo/data.yaml",
            "1 left out: their image cannot be read",
        ],
    )
    code, out, said = samplewise(*arguments)
    assert (code, out) == (1, "")
    assert said.startswith(f"Error: split `train` of `{tmp_path}/yolo/data.yaml` exists.\nHint: ")
    assert samplewise(*arguments, "--split", "val")[0] == 0
    code, out, _ = samplewise(*arguments, "--force", "--json")
    assert json.loads(out)["left_out"] == {"their image cannot be read": 1}


def test_rows_of_a_low_weight_are_left_out(samplewise, tmp_path: Path):
    rows = {"x": [1, 2, 3], "weight": [1.0, 0.0, 0.5]}
    sw.Table.from_dict(
        rows, {"weight": sw.schemas.SampleWeightSchema()}, dataset_name="d", project_name="p"
    )
    target = str(tmp_path / "out.csv")
    code, out, _ = samplewise("export", "p/d/initial", target, "--weight-threshold", "0.5")
    assert (code, out.splitlines()[0]) == (0, f"2 of 3 rows in {target}")
    assert Path(target).read_text().splitlines()[1:] == ["1,1", "3,0.5"]
