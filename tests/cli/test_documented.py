"""`docs/cli.md` and the help of the commands say what is so."""

import re
import shlex
from pathlib import Path

import click
import pytest

from samplewise.cli import COMMANDS
from samplewise.cli._program import program

DOCUMENT = Path(__file__).parents[2] / "docs" / "cli.md"


def command_named(name: str) -> click.Command:
    """A command of the program."""
    found = program.get_command(click.Context(program), name)
    assert found is not None
    return found


def sections() -> dict[str, str]:
    """The text below each heading `## samplewise <command>`."""
    parts = re.split(r"^## samplewise (\S+)$", DOCUMENT.read_text(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def command_lines(text: str) -> list[str]:
    """Lines that start with the program's name."""
    return re.findall(r"^ *(samplewise .+)$", text, flags=re.MULTILINE)


def parse(command: click.Command, words: list[str]) -> None:
    """Parse a command line as the program would, and do nothing."""
    context = command.make_context(command.name, words)
    if isinstance(command, click.Group) and context._protected_args:
        rest = [*context._protected_args, *context.args]
        _, inner, rest = command.resolve_command(context, rest)
        assert inner is not None
        parse(inner, rest)


def complaint_about(line: str) -> str | None:
    """What the program has against a command line."""
    try:
        parse(program, shlex.split(line)[1:])
    except click.exceptions.Exit:  # after --help
        return None
    except click.UsageError as error:
        return error.format_message()
    return None


def every_command() -> dict[str, click.Command]:
    """Commands by name, and those inside of commands: `import coco`."""
    found: dict[str, click.Command] = {}
    for name in COMMANDS:
        found[name] = command_named(name)
        inner = getattr(found[name], "commands", {})
        found |= {f"{name} {each}": command for each, command in inner.items()}
    return found


def test_every_command_has_its_heading_in_the_order_of_the_overview():
    assert list(sections()) == list(COMMANDS)


@pytest.mark.parametrize("line", command_lines(DOCUMENT.read_text()))
def test_every_command_line_of_the_document_is_understood(line: str):
    assert complaint_about(line) is None


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_told_under_the_heading_of_its_command(name: str):
    command = command_named(name)
    commands = [command, *getattr(command, "commands", {}).values()]
    options = {
        each.opts[0] if each.opts[0].startswith("--") else each.opts[-1]
        for one in commands
        for each in one.params
        if isinstance(each, click.Option)
    }
    told = sections()[name]
    assert {each for each in options - {"--root"} if each not in told} == set()


@pytest.mark.parametrize("name", sorted(every_command().keys() - {"doctor"}))
def test_every_help_has_examples_that_are_understood(name: str):
    lines = command_lines(every_command()[name].epilog or "")
    assert lines
    for line in lines:
        assert line.startswith(f"samplewise {name}")
        parse(program, shlex.split(line)[1:])


@pytest.mark.parametrize("name", sorted(every_command().keys() - {"import"}))
def test_every_command_prints_json_for_scripts(name: str):
    options = {option for each in every_command()[name].params for option in each.opts}
    assert "--json" in options
