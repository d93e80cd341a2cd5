"""The four walks of docs/architecture.md are calls that there are, and none goes up a floor."""

import ast
import re
import tomllib
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def calls(repository: Path) -> list[tuple[str, str]]:
    """Caller and called, as the document names their files."""
    text = (repository / "docs" / "architecture.md").read_text()
    section = text.partition("## Four walks")[2].partition("\n## ")[0]
    return re.findall(r"^([\w/]+\.py) -> ([\w/]+\.py) ", section, re.MULTILINE)


def test_there_are_four_walks_of_files_that_exist(
    repository: Path, package: Path, calls: list[tuple[str, str]]
):
    section = (repository / "docs" / "architecture.md").read_text().partition("## Four walks")[2]
    assert section.partition("\n## ")[0].count("```") == 2 * 4
    assert len(calls) >= 4 * 5
    assert {file for call in calls for file in call if not (package / file).exists()} == set()


def test_no_call_of_a_walk_goes_up_a_floor(repository: Path, calls: list[tuple[str, str]]):
    project = tomllib.loads((repository / "pyproject.toml").read_text())
    contracts = project["tool"]["importlinter"]["contracts"]
    layers = next(each["layers"] for each in contracts if each["id"] == "rooms")
    depth = {
        room.strip(): number for number, layer in enumerate(layers) for room in layer.split("|")
    }
    rooms = [tuple(file.partition("/")[0] for file in call) for call in calls]
    assert [call for call in rooms if depth[call[0]] > depth[call[1]]] == []


def test_every_caller_of_a_walk_imports_what_it_calls(package: Path, calls: list[tuple[str, str]]):
    assert [call for call in calls if not is_imported(package, *call)] == []


def is_imported(package: Path, caller: str, called: str) -> bool:
    """Whether a file imports another, or the package whose door it stands behind."""
    module = "samplewise." + called.removesuffix(".py").replace("/", ".")
    tree = ast.parse((package / caller).read_text())
    sources = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return module in sources or module.rpartition(".")[0] in sources
