"""Where things stand, and what they are called."""

import ast
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

IMPORTING_FUNCTIONS = {"import_module", "__import__", "run_module", "resolve_name"}
FORBIDDEN = {"utils", "util", "helpers", "helper", "common", "core", "misc", "manager", "managers"}


def test_imports_follow_the_drawing_of_the_architecture(repository: Path):
    contracts = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
    )
    assert contracts.returncode == 0, contracts.stdout[contracts.stdout.find("Contracts") :]


def test_every_room_stands_in_the_drawing_of_the_architecture(repository: Path, package: Path):
    drawing = (repository / "docs" / "architecture.md").read_text()
    rooms = {path.name for path in package.iterdir() if (path / "__init__.py").exists()}
    assert {room for room in rooms if room not in drawing} == set()


def test_every_folder_with_code_is_a_package_with_a_docstring(
    package: Path, modules: dict[str, ast.Module]
):
    folders = {path.parent for path in package.rglob("*.py")}
    assert {folder for folder in folders if not (folder / "__init__.py").exists()} == set()
    assert {name for name, tree in modules.items() if ast.get_docstring(tree) is None} == set()


def test_no_file_is_a_drawer_for_odds_and_ends(modules: dict[str, ast.Module]):
    drawers = {name for name in modules if name.split(".")[-1].strip("_") in FORBIDDEN}
    # The public contract names this one.
    assert drawers - {"samplewise.tlc.helpers"} == set()


def test_private_modules_are_imported_in_their_own_room_only(modules: dict[str, ast.Module]):
    strangers = {
        (name, imported)
        for name, tree in modules.items()
        for imported in imports_of(tree, modules)
        if is_private(imported) and not in_room_of(name, imported)
    }
    assert strangers == set()


def test_nothing_is_imported_by_a_string_that_no_tool_can_follow(modules: dict[str, ast.Module]):
    by_string = {
        f"{name}:{node.lineno}"
        for name, tree in modules.items()
        for node in ast.walk(tree)
        if name != "samplewise._extras"  # packages that may be missing
        if isinstance(node, ast.Call) and named(node.func) in IMPORTING_FUNCTIONS
    }
    assert by_string == set()


def test_no_string_names_a_module_but_that_of_a_process_of_its_own(modules: dict[str, ast.Module]):
    started = {
        argument
        for tree in modules.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.List | ast.Tuple)
        for flag, argument in pairwise(node.elts)
        if isinstance(flag, ast.Constant) and flag.value == "-m"
    }
    naming = {
        f"{name}:{node.lineno}: {node.value}"
        for name, tree in modules.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and node not in started
        if isinstance(node.value, str) and re.fullmatch(r"samplewise(\.\w*)+", node.value)
    }
    assert naming == set()


def named(function: ast.expr) -> str:
    """The last part of the name of what is called."""
    return ast.unparse(function).rpartition(".")[2]


def imports_of(tree: ast.Module, modules: dict[str, ast.Module]) -> set[str]:
    """Modules of Samplewise that a module imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            members = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {node.module} | (members & modules.keys())
    return {name for name in found if name.startswith("samplewise.")}


def is_private(module: str) -> bool:
    return any(part.startswith("_") for part in module.split("."))


def in_room_of(importer: str, private: str) -> bool:
    """Whether the importer stands in the folder that holds the private module, or below it."""
    parts = private.split(".")
    first = next(i for i, part in enumerate(parts) if part.startswith("_"))
    room = ".".join(parts[:first])
    return importer == room or importer.startswith(room + ".")
