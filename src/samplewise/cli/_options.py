"""Options that several commands have."""

import click

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
