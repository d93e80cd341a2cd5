"""What an `__init__.py` promises is what is there."""

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = [
    "cv2",
    "duckdb",
    "lance",
    "matplotlib",
    "pacmap",
    "pandas",
    "polars",
    "pyarrow.dataset",
    "scipy",
    "sklearn",
    "starlette",
    "super_gradients",
    "torch",
    "umap",
]


def loaded_by(statement: str) -> set[str]:
    """Names of the modules that a fresh interpreter has loaded after a statement."""
    program = f"import sys; {statement}; print('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, check=True
    )
    return set(done.stdout.split())


def test_importing_samplewise_loads_nothing_heavy():
    assert loaded_by("import samplewise").intersection(HEAVY) == set()


def test_the_command_line_starts_with_click_alone():
    heavier = {*HEAVY, "numpy", "pyarrow", "PIL", "rich", "jaxtyping", "obstore"}
    assert loaded_by("import samplewise.cli").intersection(heavier) == set()


def test_every_room_says_in_all_what_it_binds(modules: dict[str, ast.Module], package: Path):
    for name, tree in modules.items():
        if not (package.parent / name.replace(".", "/") / "__init__.py").exists():
            continue
        promised = {one for one in listed(tree) if not one.startswith("__")}
        assert sorted(public_names(tree)) == sorted(promised), f"`__all__` of {name}"


def test_every_name_of_the_front_door_can_be_had():
    door = importlib.import_module("samplewise")
    assert [name for name in door.__all__ if not hasattr(door, name)] == []
    assert sorted(dir(door)) == sorted(door.__all__)


def public_names(tree: ast.Module) -> set[str]:
    """Public names that the module binds, or gives out when they are asked for."""
    names: set[str] = set()
    for node in [*tree.body, *lazily_bound(tree)]:
        if isinstance(node, ast.ImportFrom) and node.module != "typing":
            names |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return {name for name in names if not name.startswith("_")}


def lazily_bound(tree: ast.Module) -> list[ast.stmt]:
    """The imports for type checkers, of a module that has a `__getattr__`."""
    if not any(
        isinstance(node, ast.FunctionDef) and node.name == "__getattr__" for node in tree.body
    ):
        return []
    checked = [
        node.body
        for node in tree.body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    ]
    return [statement for body in checked for statement in body]


def listed(tree: ast.Module) -> list[str]:
    """The strings of `__all__`."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return ast.literal_eval(node.value)
    return []


@pytest.mark.parametrize("command", [["--version"], ["--help"]])
def test_the_command_line_starts_within_its_budget(command: list[str]):
    assert min(processor_seconds(command) for _ in range(3)) < 0.4


def processor_seconds(command: list[str]) -> float:
    """Processor time of one call: unlike the clock, other work on the machine does not bend it."""
    program = (
        "import resource, subprocess, sys\n"
        "subprocess.run([sys.executable, '-m', 'samplewise.cli', *sys.argv[1:]],"
        " check=True, stdout=subprocess.DEVNULL)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(used.ru_utime + used.ru_stime)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *command], capture_output=True, text=True, check=True
    )
    return float(done.stdout)
