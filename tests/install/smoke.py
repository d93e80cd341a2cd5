"""Tried in an empty environment by `make wheel`: the installed package, without the repository.

Takes the path of the installed `samplewise` command.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import samplewise as sw


def main(command: str) -> None:
    assert "site-packages" in sw.__file__, f"not the installed package: {sw.__file__}"
    with tempfile.TemporaryDirectory() as root:
        write_and_read(root)
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


def call(command: str, *arguments: str) -> str:
    return subprocess.run(
        [Path(command).absolute(), *arguments], stdout=subprocess.PIPE, text=True, check=True
    ).stdout


if __name__ == "__main__":
    main(sys.argv[1])
