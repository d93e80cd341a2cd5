"""`samplewise vacuum`."""

import click

from samplewise.cli._options import examples, root_option
from samplewise.cli._output import json_option, print_json, say
from samplewise.storage import Store


@click.command(epilog=examples("vacuum", "vacuum --dry-run", "vacuum --older-than 0 --yes"))
@click.option(
    "--older-than",
    type=click.FloatRange(min=0),
    default=24.0,
    show_default=True,
    metavar="HOURS",
    help="What changed or was deleted since then stays, for those who have it open.",
)
@click.option("--yes", is_flag=True, help="Do not ask; less than a day asks.")
@click.option("--dry-run", is_flag=True, help="Say what would be deleted, and delete nothing.")
@root_option
@json_option
def command(
    older_than: float, yes: bool, dry_run: bool, root_url: str | None, as_json: bool
) -> None:
    """Free the room on disk that no table and no run needs.

    Deletes what `samplewise rm`, overwritten tables and killed processes have left behind: rows
    that neither a table nor the metrics of a run refer to. Images are not touched.
    """
    from samplewise.records.vacuum import DEFAULT_AGE_H, vacuum

    if older_than < DEFAULT_AGE_H and not (yes or dry_run):
        click.confirm("Does nobody else use this store at the moment?", abort=True, err=True)
    store = Store(root_url)
    done = vacuum(store, older_than_h=older_than, is_dry_run=dry_run)
    if as_json:
        print_json(
            {
                "root": store.root,
                "deleted": not dry_run,
                "paths": done.paths,
                "size_bytes": done.size_bytes,
                "problems": done.problems,
            }
        )
        return
    for path in done.paths:
        say(path)
    for problem in done.problems:
        say(f"left alone: {problem} See `samplewise check`.", err=True)
    verb = "would be freed" if dry_run else "freed"
    say(f"{_room(done.size_bytes)} {verb} below {store.root}")


def _room(size_bytes: int) -> str:
    """Bytes in the largest unit of a thousand."""
    size, unit = float(size_bytes), "bytes"
    for larger in ("kB", "MB", "GB", "TB"):
        if size < 1000:
            break
        size, unit = size / 1000, larger
    return f"{size:.3g} {unit}"
