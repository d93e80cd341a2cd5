"""A format is a file with its functions, and one entry."""

from pathlib import Path

import pytest
from inline_snapshot import snapshot

from samplewise import Table
from samplewise.cli import main
from samplewise.cli.import_table import _make_command
from samplewise.errors import InvalidArgumentError
from samplewise.formats.format import Format, Option
from samplewise.formats.registry import FORMATS
from samplewise.schemas import Int


def read_numbers(path: str, *, factor: str = "1"):
    numbers = [int(line) * int(factor) for line in Path(path).read_text().split()]
    return [{"number": numbers}], {"number": Int()}, {"kind": "numbers", "repaired": {}}


def write_numbers(table, path: str) -> Path:
    Path(path).write_text("\n".join(map(str, table.column("number").to_pylist())))
    return Path(path)


NUMBERS = Format(
    "numbers",
    "Import a list of numbers.",
    reader=lambda: read_numbers,
    import_options=(Option("factor", "What each is multiplied by.", default="1"),),
    examples=("import numbers n.txt --project p --dataset d",),
    has_weights=False,
    writer=lambda: write_numbers,
    endings=(".txt",),
)


@pytest.fixture
def numbers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A file of a format that is registered for the test."""
    monkeypatch.setitem(FORMATS, "numbers", NUMBERS)
    (tmp_path / "n.txt").write_text("1\n2\n")
    return tmp_path / "n.txt"


def test_python_reads_and_writes_a_format_that_has_an_entry(numbers: Path, root: str):
    table = Table.from_format(
        "numbers", numbers, {"factor": "3"}, dataset_name="d", project_name="p", root_url=root
    )
    assert [row["number"] for row in table.table_rows] == [3, 6]
    assert table.export(numbers.with_name("out.txt")).read_text() == "3\n6"


def test_the_command_line_imports_a_format_that_has_an_entry(numbers: Path, root: str):
    command = _make_command(NUMBERS)
    arguments = [str(numbers), "--factor", "2", "--project", "p", "--dataset", "d", "--root", root]
    command.main(arguments, standalone_mode=False)
    assert [r["number"] for r in Table.from_names("initial", "d", "p", root).table_rows] == [2, 4]


def test_the_command_line_exports_a_format_that_has_an_entry(numbers: Path, root: str):
    table = Table.from_dict({"number": [7]}, dataset_name="d", project_name="p", root_url=root)
    target = numbers.with_name("out.txt")
    assert main(["export", table.url, str(target)]) == 0
    assert target.read_text() == "7"


def test_an_unknown_format_is_refused_with_those_that_there_are(root: str):
    with pytest.raises(InvalidArgumentError) as caught:
        Table.from_format("coko", "x", dataset_name="d", project_name="p", root_url=root)
    assert str(caught.value) == snapshot("""\
`format` must be one of coco, yolo, voc, folder, csv, parquet, but is 'coko'.
Hint: did you mean `coco`? There is: coco, csv, folder, parquet, voc, yolo.\
""")
