"""Every command with wrong values, and over damaged stores: an error in words, or none."""

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from samplewise.cli import COMMANDS, main
from samplewise.cli._program import program

TEXTS = [
    "",
    "ünïcode ☃",
    "\udcff",
    "\ud800",
    "../../up",
    "a/b/c/d/e/f",
    "/",
    "~",
    "x" * 5000,
    "-1",
    "0",
    "nan",
    "inf",
    "1e400",
    "9" * 40,
    "/proc/nowhere/x.csv",
    "/etc/passwd",
    "/etc",
    "/nowhere/x.json",
    "ftp://nowhere",
    "s3:/",
    "{}",
    "a=b",
    "=",
    "\x1b[2J",
]
RIGHT = {
    "show": ["demo/first"],
    "sql": ["select 1 as a", "--run", "demo/first"],
    "export": ["demo/drawn/initial", "out.csv"],
    "rm": ["demo/first", "--dry-run"],
    "collect": ["demo/drawn/initial", "--checkpoint", "/nowhere.pth", "--model", "yolo_nas_s"],
    "vacuum": ["--dry-run"],
}
NAMES = ["--project", "new", "--dataset", "new"]
# They serve, train, or ask other programs, whatever else is wrong; their own tests hold them.
LEFT_OUT = {"ui", "demo", "doctor"}


def calls() -> Iterator[tuple[str, ...]]:
    """Every parameter of every command with every text."""
    context = click.Context(program)
    for name in COMMANDS.keys() - LEFT_OUT:
        command = program.get_command(context, name)
        assert command is not None
        parts = {(name,): command}
        if isinstance(command, click.Group):
            group = click.Context(command)
            parts = {
                (name, each): command.get_command(group, each)
                for each in command.list_commands(group)
            }
        for path, each in parts.items():
            right = RIGHT.get(name, ["/nowhere", *NAMES] if name == "import" else [])
            for parameter in each.params:
                for text in TEXTS:
                    if isinstance(parameter, click.Option):
                        is_flag = parameter.is_flag
                        option = [parameter.opts[0]] if is_flag else [parameter.opts[0], text]
                        yield (*path, *right, *option)
                    else:
                        yield (*path, text, *right[1:])


def outcome(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> str | None:
    """What is wrong with the end of a command; None if nothing is."""
    try:
        code = main(arguments)
    except Exception as error:  # noqa: BLE001  # that is the question
        return f"{arguments}: {error!r}"
    finally:
        said = capsys.readouterr()
    if code not in (0, 1, 2) or "Traceback" in said.err:
        return f"{arguments}: {code}, {said.err[-300:]}"
    return None if code == 0 or said.err or said.out else f"{arguments}: {code} without a word"


def test_wrong_values_end_in_a_sentence(own_root, tmp_path, monkeypatch, capsys, rounds):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    drawn = random.Random(rounds(1)).sample(list(calls()), rounds(10) * 30)
    assert [found for each in drawn if (found := outcome(each, capsys))] == []


READING = [
    ("ls",),
    ("ls", "demo"),
    ("show", "demo/first"),
    ("show", "demo/drawn/initial_0000"),
    ("sql", "select * from metrics", "--run", "demo/first"),
    ("sql", "select * from aggregates", "--run", "demo/first"),
    ("sql", "select * from rows", "--table", "demo/drawn/initial_0001"),
    ("export", "demo/drawn/initial", "out.csv", "--force"),
    ("rm", "demo", "--dry-run"),
    ("vacuum", "--dry-run"),
    ("check",),
]


def damage(path: Path, how: str, drawing: random.Random) -> None:
    """Do it."""
    content = path.read_bytes()
    path.unlink()
    if how == "a folder":
        path.mkdir()
    elif how == "garbled":
        path.write_bytes(drawing.randbytes(len(content)))
    elif how != "gone":
        path.write_bytes(b"" if how == "emptied" else content[: len(content) // 2])


def test_damaged_stores_end_in_a_sentence(drawn_root, tmp_path, monkeypatch, capsys, rounds):
    monkeypatch.chdir(tmp_path)
    drawing = random.Random(rounds(2))
    files = [path.relative_to(drawn_root) for path in drawn_root.rglob("*") if path.is_file()]
    wrong = []
    for number in range(rounds(12)):
        root = tmp_path / str(number)
        shutil.copytree(drawn_root, root)
        file = drawing.choice(files)
        how = drawing.choice(["a folder", "garbled", "gone", "emptied", "cut"])
        damage(root / file, how, drawing)
        monkeypatch.setenv("SAMPLEWISE_ROOT", str(root))
        found = [outcome(each, capsys) for each in drawing.sample(READING, 4)]
        wrong += [f"{file} {how}: {each}" for each in found if each]
    assert wrong == []
