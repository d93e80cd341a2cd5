"""Tried in an empty environment by `make wheel`: the installed package, without the repository.

Takes the path of the installed `samplewise` command.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import samplewise as sw

LABELS = {
    "images": [{"id": 1, "file_name": "missing.jpg", "width": 64, "height": 48}],
    "annotations": [{"id": 7, "image_id": 1, "category_id": 3, "bbox": [1, 2, 30, 40]}],
    "categories": [{"id": 3, "name": "cat"}],
}


def main(command: str) -> None:
    assert "site-packages" in sw.__file__, f"not the installed package: {sw.__file__}"
    with tempfile.TemporaryDirectory() as root:
        write_and_read(root)
        import_and_look(command, Path(root))
        version = call(command, "--version")
        assert version.strip() == f"samplewise {sw.__version__}", version
        report = json.loads(call(command, "doctor", "--json", "--root-url", root))
        assert report["ok"], report
    loaded = {"torch", "super_gradients"} & sys.modules.keys()
    assert not loaded, loaded
    print(f"samplewise {sw.__version__} works in {sys.prefix}")


def write_and_read(root: str) -> None:
    """A Table and a Run, written and opened again."""
    with sw.TableWriter("initial", "numbers", "smoke", root_url=root) as writer:
        writer.add_batch({"x": [1.5, 2.5, 3.5], "name": ["a", "b", "c"]})
    assert len(sw.Table.from_url(writer.table.url)) == 3
    run = sw.init("smoke", "first", parameters={"lr": 0.1}, root_url=root)
    sw.log({"mAP@0.50": 0.5}, epoch=0, split="val")
    run.add_metrics({"iou": [0.1, 0.2, 0.3]}, foreign_table_url=writer.table.url, epoch=0)
    sw.close()
    stored = sw.Run.from_names("first", "smoke", root)
    assert stored.status == "completed"
    assert stored.sql("select max(iou) as best from metrics").to_pydict() == {"best": [0.3]}


def import_and_look(command: str, root: Path) -> None:
    """Label files become a Table; every command that looks at one has something to say."""
    (root / "labels.json").write_text(json.dumps(LABELS))
    store = ("--root", str(root / "store"))
    names = ("--project", "smoke", "--dataset", "cats")
    call(command, "import", "coco", str(root / "labels.json"), *names, *store)
    assert "cats" in call(command, "ls", "smoke", *store)
    assert "bounding_boxes_2d" in call(command, "show", "smoke/cats/initial", *store)
    query = "select len(bbs.instances) as boxes from rows"
    asked = call(command, "sql", query, "--table", "smoke/cats/initial", "--json", *store)
    assert json.loads(asked) == [{"boxes": 1}], asked
    call(command, "export", "smoke/cats/initial", str(root / "out.json"), *store)
    written = json.loads((root / "out.json").read_text())
    assert written["annotations"][0]["bbox"] == LABELS["annotations"][0]["bbox"], written


def call(command: str, *arguments: str) -> str:
    return subprocess.run(
        [Path(command).absolute(), *arguments], stdout=subprocess.PIPE, text=True, check=True
    ).stdout


if __name__ == "__main__":
    main(sys.argv[1])
