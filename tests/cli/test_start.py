"""What a command loads before it does anything."""

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ["numpy", "pyarrow", "lance", "duckdb", "torch", "pandas", "PIL", "obstore"]


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], ["import", "coco", "--help"]],
)
def test_help_loads_nothing_heavy(arguments: list[str]):
    assert loaded_by(arguments).intersection(HEAVY) == set()


@pytest.mark.parametrize(
    "arguments", [["ls", "--help"], ["ls"], ["ls", "demo"], ["ls", "demo", "--json"]]
)
def test_a_list_loads_neither_arrow_nor_lance(root: Path, arguments: list[str]):
    assert loaded_by(arguments).intersection(HEAVY) == set()


def loaded_by(arguments: list[str]) -> set[str]:
    """Modules that a fresh process has loaded when the command has ended."""
    program = (
        "import sys\n"
        "from samplewise.cli import main\n"
        "code = main(sys.argv[1:])\n"
        "print('\\n'.join(sys.modules), file=sys.stderr)\n"
        "sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True
    )
    return set(done.stderr.split())
