"""How a command ends, and how the program introduces itself."""

import subprocess
import sys

import click
import pytest

from samplewise import __version__
from samplewise.cli import COMMANDS
from samplewise.cli._program import run
from samplewise.errors import NotFoundError


def test_a_command_that_returns_ends_with_0():
    @click.command()
    def command():
        click.echo("done")

    assert run(command, []) == 0


def test_an_error_of_samplewise_is_said_in_two_lines_and_ends_with_1(capsys):
    @click.command()
    def command():
        raise NotFoundError("there is no table `val`.", hint="samplewise ls")

    assert run(command, []) == 1
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "Error: there is no table `val`.\nHint: samplewise ls\n")


def test_a_finding_ends_with_its_own_code():
    @click.command()
    @click.pass_context
    def command(ctx):
        ctx.exit(1)

    assert run(command, []) == 1


def test_a_wrong_call_ends_with_2(capsys):
    @click.command()
    @click.argument("number", type=int)
    def command(number):
        pass

    assert run(command, ["seven"]) == 2
    assert "Error: Invalid value for 'NUMBER': 'seven'" in capsys.readouterr().err


def test_an_interrupt_ends_with_130_and_without_a_traceback(capsys):
    @click.command()
    def command():
        raise KeyboardInterrupt

    assert run(command, []) == 130
    assert capsys.readouterr().err.strip() == "Interrupted."


def test_a_question_without_anyone_to_answer_ends_with_1():
    program = (
        "import click, sys\n"
        "from samplewise.cli._program import run\n"
        "command = click.Command('ask', callback=lambda: click.confirm('Delete it?', abort=True))\n"
        "sys.exit(run(command, []))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_a_reader_that_goes_away_is_no_traceback():
    program = (
        "import click, sys\n"
        "from samplewise.cli._program import run\n"
        "talk = lambda: [click.echo('word') for _ in range(99999)]\n"
        "sys.exit(run(click.Command('talk', callback=talk), []))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.read(4) == "word"
        process.stdout.close()
        assert process.stderr.read() == ""


def test_another_error_keeps_its_traceback():
    @click.command()
    def command():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(command, [])


def test_the_version_is_that_of_the_package(samplewise):
    assert samplewise("--version") == (0, f"samplewise {__version__}\n", "")


def test_an_unknown_command_is_answered_with_the_closest_one(samplewise):
    code, out, said = samplewise("doctr")
    assert (code, out) == (2, "")
    assert "there is no command `doctr`." in said
    assert "Hint: did you mean `doctor`?" in said


def test_the_overview_lists_every_command_with_its_first_sentence(samplewise):
    code, overview, _ = samplewise("--help")
    assert code == 0
    assert [name for name in COMMANDS if f"\n  {name} " not in overview] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_the_overview_says_of_a_command_what_its_own_help_says(name: str):
    assert (COMMANDS[name].load().help or "").splitlines()[0] == COMMANDS[name].summary


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(samplewise, name: str):
    code, out, _ = samplewise(name, "--help")
    assert code == 0
    assert out.startswith(f"Usage: samplewise {name}")
