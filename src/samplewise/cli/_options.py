"""Options that several commands have."""

from collections.abc import Callable
from typing import Any

import click

from samplewise.formats.format import Option

root_option = click.option(
    "--root",
    "--root-url",
    "root_url",
    metavar="URL",
    help="The store: a folder, or an s3://, gs:// or az:// URL. "
    "Left out: SAMPLEWISE_ROOT, or your data folder.",
)


def examples(*lines: str) -> str:
    """The end of a command's help: command lines, one a line."""
    return "\b\nExamples:\n" + "\n".join(f"  samplewise {line}" for line in lines)


def format_option(option: Option) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """An option of a format, as one of a command."""
    flag = f"--{option.flag or option.keyword}"
    if option.sets is not None:
        return click.option(flag, option.keyword, flag_value=option.sets, help=option.help)
    return click.option(
        flag,
        option.keyword,
        type=click.Choice(option.choices) if option.choices else None,
        metavar=option.metavar,
        default=option.default,
        show_default=option.default is not None,
        help=option.help,
    )
