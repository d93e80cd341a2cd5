"""The program `samplewise`: its options, and how its commands end."""

import errno
import io
import os
import sys
from collections.abc import Sequence

import click

from samplewise._version import __version__
from samplewise._visible import visible
from samplewise.cli._commands import LazyGroup
from samplewise.cli._output import say
from samplewise.errors import SamplewiseError

DONE, FAILED, INTERRUPTED = 0, 1, 130


_EXIT_CODES = (
    "Exit codes: 0 done; 1 an error, said on stderr, or a check that found something; "
    "2 the command was called wrongly; 130 interrupted."
)


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=_EXIT_CODES,
)
@click.version_option(__version__, message="%(prog)s %(version)s")
def program() -> None:
    """See what a vision model does to every single sample.

    Tables and runs lie in the folder that SAMPLEWISE_ROOT names, or in your data folder.
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that the arguments name.

    Args:
        arguments: What follows the program's name; None takes them from `sys.argv`.

    Returns:
        The exit code: see `samplewise --help`.
    """
    for stream in (sys.stdout, sys.stderr):
        # A name that this terminal cannot show, or that is no valid Unicode, is no reason to fail.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    return run(program, arguments)


def run(command: click.Command, arguments: Sequence[str] | None = None) -> int:
    """Run a command and turn its end into an exit code.

    It ends well by returning, with a finding by `ctx.exit(1)`, and with an error by raising a
    `SamplewiseError`, which is said without a traceback.
    """
    try:
        outcome = command.main(arguments, prog_name="samplewise", standalone_mode=False)
        sys.stdout.flush()
    except SamplewiseError as error:
        say(f"Error: {error}", err=True)
        return FAILED
    except click.ClickException as error:
        # Final for type checkers; there is no other way to print it escaped with its usage.
        vars(error)["message"] = visible(error.message)
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt) as error:
        return _report_interruption(error)
    except BrokenPipeError:
        # The reader, `head` say, has what it wanted. Python would complain when it flushes again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except OSError as error:
        if error.filename is None:
            raise  # of no file: nobody expected that, and a traceback says where it was
        _report_file(error)
        return FAILED
    return outcome if isinstance(outcome, int) else DONE


def _report_file(error: OSError) -> None:
    say(f"Error: {error.filename} cannot be used: {error.strerror or error}.", err=True)
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        say(
            "Hint: choose a folder that you may write: SAMPLEWISE_ROOT or --root for the store, "
            "HOME or XDG_CACHE_HOME for caches.",
            err=True,
        )


def _report_interruption(error: BaseException) -> int:
    if isinstance(error, KeyboardInterrupt) or isinstance(error.__cause__, KeyboardInterrupt):
        say("Interrupted.", err=True)
        return INTERRUPTED
    # A question was answered with no, or there was nobody to answer it.
    say("Aborted.", err=True)
    return FAILED
