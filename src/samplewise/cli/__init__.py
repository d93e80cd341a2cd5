"""The command line, one file a command."""

from samplewise.cli._commands import COMMANDS
from samplewise.cli._program import main

__all__ = ["COMMANDS", "main"]
