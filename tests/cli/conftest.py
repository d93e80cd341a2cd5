"""Small real environments, in which packages are missing or broken."""

import json
import os
import shutil
import subprocess
import sysconfig
import venv
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest


class Environment:
    """A virtual environment with exactly the packages that a test puts there.

    Args:
        folder: Where to make it.
    """

    def __init__(self, folder: Path) -> None:
        venv.create(folder, with_pip=False, symlinks=True)
        self.python = folder / "bin" / "python"
        self.packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder)}))

    def link(self, *names: str) -> None:
        """Give it packages of the environment that runs the tests."""
        for name in names:
            files = metadata.distribution(name).files or []
            for part in {file.parts[0] for file in files if file.parts[0] not in {"..", "bin"}}:
                source = Path(metadata.distribution(name).locate_file(part))
                if not (self.packages / part).exists():
                    (self.packages / part).symlink_to(source)

    def link_samplewise(self, repository: Path) -> None:
        """Give it Samplewise, and what `doctor` itself needs."""
        self.link("samplewise", "click", "packaging")
        (self.packages / "samplewise").symlink_to(repository / "src" / "samplewise")

    def write(
        self, name: str, version: str, module: str, source: str = "", *, needs: tuple[str, ...] = ()
    ) -> None:
        """Give it a package of one module, written here."""
        info = self.packages / f"{name.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
        (info / "METADATA").write_text(
            "\n".join([*lines, *(f"Requires-Dist: {need}" for need in needs), ""])
        )
        (self.packages / module).mkdir()
        (self.packages / module / "__init__.py").write_text(source)

    def doctor(self, *options: str) -> subprocess.CompletedProcess[str]:
        """Run `samplewise doctor` in it."""
        environment = {k: v for k, v in os.environ.items() if k != "VIRTUAL_ENV"}
        command = [self.python, "-m", "samplewise.cli", "doctor", *options]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    def findings(self, *options: str) -> dict[str, dict[str, Any]]:
        """What `samplewise doctor --json` finds in it, by name."""
        report = json.loads(self.doctor("--json", *options).stdout)
        return {finding["name"]: finding for finding in report["findings"]}


@pytest.fixture
def environment(tmp_path: Path, repository: Path) -> Environment:
    """An environment in which only Samplewise and the packages of its doctor are installed."""
    made = Environment(tmp_path / "environment")
    made.link_samplewise(repository)
    return made


@pytest.fixture(scope="session")
def drawn_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that nobody changes: project `demo` with a lineage of tables and a run.

    Tables `initial` (6 rows, a box column of 0 to 2 boxes, classes), `initial_0000` and
    `initial_0001` derived from it one after the other; run `first` with two collections.
    """
    root = tmp_path_factory.mktemp("store")
    table = make_tables(root)
    make_run(root, table)
    return root


@pytest.fixture
def own_root(drawn_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that store to change, and the usual store of the test."""
    root = tmp_path / "root"
    shutil.copytree(drawn_root, root)
    monkeypatch.setenv("SAMPLEWISE_ROOT", str(root))
    return root


@pytest.fixture
def root(drawn_root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """That store as the usual one of the test, to look at."""
    monkeypatch.setenv("SAMPLEWISE_ROOT", str(drawn_root))
    return drawn_root


def make_tables(root: Path) -> Any:
    """Six images, and two revisions of them."""
    import samplewise as sw

    boxes = [sw.data_types.BoundingBoxes2D.create_empty(64, 48) for _ in range(6)]
    for row, each in enumerate(boxes):
        for label in range(row % 3):
            each.add_instance([label, label, label + 10, label + 9], label=label)
    table = sw.Table.from_dict(
        {
            "image": [f"/pictures/{row}.jpg" for row in range(6)],
            "bbs": boxes,
            "kind": [0, 1, 1, 2, 1, 0],
        },
        {
            "bbs": sw.schemas.BoundingBoxes2DSchema({0: "cat", 1: "dög"}),
            "kind": sw.schemas.CategoricalLabelSchema(["day", "night", "dawn", "never"]),
        },
        dataset_name="drawn",
        project_name="demo",
        root_url=str(root),
        add_weight_column=True,
        description="six pictures",
    )
    table.edit({"weight": {2: 0.0}}, description="without 2").delete_rows([1])
    return table


def make_run(root: Path, table: Any) -> None:
    """Eight epochs, metrics after two of them; the image without a score has no ground truth."""
    import samplewise as sw

    parameters = {"lr": 0.001, "training": {"ema": True, "loss": "PPYoloE"}}
    with sw.Run.create("demo", "first", "a first try", parameters, root_url=str(root)) as run:
        for epoch in range(8):
            values = {"loss": 2 / (epoch + 1), "mAP@0.50": epoch / 8}
            run.log(values, epoch=epoch, split="val", better={"mAP@0.50": "higher"})
        for epoch in (3, 7):
            f1 = [None, 0.5, 0.1, 0.9, 0.3, epoch / 100]
            metrics = {
                "f1": f1,
                "true_positives": list(range(6)),
                "misses": [0, 3, 1, 2, 5, 4],
                "sureness": [0.5, 0.1, 0.9, 0.3, 0.2, 0.4],
            }
            kinds = {
                "f1": sw.schemas.Float(better="higher", prominence=9),
                "true_positives": sw.schemas.Int(better="higher", title="TP", prominence=3),
                "misses": sw.schemas.Int(better="lower"),
            }
            run.add_metrics(metrics, kinds, table.url, epoch=epoch, split="val")
        done = {"epoch": 7, "split": "val", "table": table.url, "rows": 6, "duration_s": 1.5}
        run.add_collection({**done, "failed_rows": 0, "error": None})
        run.add_collection({**done, "rows": 0, "error": "OSError: disk full"})


@pytest.fixture
def samplewise(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """The command line in this process: exit code, stdout, stderr."""
    from samplewise.cli import main

    def call(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        said = capsys.readouterr()
        return code, said.out, said.err

    return call
