"""What a format is: how its files are read and written, and what people can say about it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samplewise.formats.exported import Exported
from samplewise.records.fingerprint import Fingerprint


@dataclass(frozen=True)
class Option:
    """Something to say about a file, beside where it lies.

    Args:
        keyword: Name of the argument of the reader or the writer.
        help: What it is, for the command line.
        flag: What the command line calls it, without dashes; None takes the keyword.
        metavar: What stands for its value; None where it is one of `choices`.
        choices: The values that it may have; empty where it may be any text.
        default: Its value where nothing is said.
        sets: The value that a bare flag stands for; None where a value follows.
    """

    keyword: str
    help: str
    flag: str | None = None
    metavar: str | None = None
    choices: tuple[str, ...] = ()
    default: str | None = None
    sets: str | None = None


@dataclass(frozen=True)
class Format:
    """A kind of file that tables are made of, or written as.

    Its functions import the reader or the writer when they are called, so that the command line
    can say what formats there are without loading any.

    Args:
        name: What people call it: `coco`.
        summary: What importing it does, in a sentence.
        details: What else a person should know before importing it.
        reader: Gives the function that reads it: `read(path, **options)` returns batches of
            columns, column kinds, and where the rows come from. None for one that is only written.
        fingerprint: Gives the function that tells what a table is made of, without reading it:
            `fingerprint(path, **options)`. None: where the name is taken, its rows are compared.
        path: Name and metavar of what is read.
        import_options: What can be said about it when it is read.
        examples: Command lines, from `import` on.
        has_weights: Whether its tables get a column `weight` of ones unless told otherwise.
        writer: Gives the function that writes it: `write(table, path, **options)`, which returns
            the file, or what was made of the table. None for one that is only read.
        endings: Endings of files that mean this format when it is written.
        export_options: What can be said about it when it is written.
        existing: Gives the function that says what writing would replace: `existing(path,
            **options)`, None for nothing. Left out: a file that is there.
    """

    name: str
    summary: str = ""
    details: str = ""
    reader: Callable[[], Callable[..., Any]] | None = None
    fingerprint: Callable[[], Callable[..., Fingerprint]] | None = None
    path: tuple[str, str] = ("path", "FILE")
    import_options: tuple[Option, ...] = ()
    examples: tuple[str, ...] = ()
    has_weights: bool = True
    writer: Callable[[], Callable[..., Path | Exported]] | None = None
    endings: tuple[str, ...] = ()
    export_options: tuple[Option, ...] = ()
    existing: Callable[[], Callable[..., str | None]] | None = None
