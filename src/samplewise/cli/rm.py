"""`samplewise rm`."""

import click

from samplewise.cli._address import find
from samplewise.cli._options import examples, root_option
from samplewise.cli._output import json_option, print_json, say
from samplewise.errors import InvalidArgumentError


@click.command(
    epilog=examples(
        "rm demo/first",
        "rm demo/drawn/initial_0000 --yes",
        "rm demo --dry-run",
        "rm /data/samplewise/demo/datasets/drawn",
    )
)
@click.argument("target", metavar="URL_OR_NAME")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Say what would be deleted, and delete nothing.")
@click.option("--force", is_flag=True, help="Delete a run whose training has not ended too.")
@root_option
@json_option
def command(
    target: str, yes: bool, dry_run: bool, force: bool, root_url: str | None, as_json: bool
) -> None:
    """Delete a run, a table, a dataset or a project.

    URL_OR_NAME is a URL, project, project/run, project/dataset or project/dataset/table. Says what
    would be lost, and asks. Rows that another table needs stay, and so do all images. The room on
    disk is freed by `samplewise vacuum`.
    """
    from samplewise.cli._removal import removal_of

    address = find(target, root_url, ["run", "table", "dataset", "project"])
    removal = removal_of(address)
    if removal.running and not force:
        names = ", ".join(f"{run.project}/{run.name}" for run in removal.running)
        raise InvalidArgumentError(
            f"{address} must not be in use, but the training of {names} has not ended.",
            hint="wait for its end, or pass --force",
        )
    if not as_json or not (yes or dry_run):
        say("\n".join(removal.lines()), err=as_json)
    if not dry_run:
        if not yes:
            click.confirm("Delete it?", abort=True, err=True)
        removal.carry_out()
    if as_json:
        print_json({**removal.to_json(), "deleted": not dry_run})
    elif not dry_run:
        say("Deleted. `samplewise vacuum` frees the room on disk, a day from now.")
