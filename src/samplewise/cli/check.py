"""`samplewise check`."""

import dataclasses

import click

from samplewise.cli._options import examples, root_option
from samplewise.cli._output import json_option, print_json, say
from samplewise.storage import Store


@click.command(epilog=examples("check", "check --json", "check --repair"))
@click.option(
    "--repair",
    is_flag=True,
    help="Mend what can be mended. What is damaged is moved aside, and never deleted.",
)
@root_option
@json_option
@click.pass_context
def command(ctx: click.Context, repair: bool, root_url: str | None, as_json: bool) -> None:
    """Look for what is damaged, missing or left over in a store.

    Reads every document, and every byte of the rows that has a checksum. Ends with exit code 1
    where something is damaged or missing and was not mended.
    """
    from samplewise.records.check import check_store

    store = Store(root_url)
    found = check_store(store, repair=repair)
    lost = [each for each in found if each.is_loss and each.mended is None]
    if as_json:
        findings = [dataclasses.asdict(each) for each in found]
        print_json({"root": store.root, "is_whole": not lost, "findings": findings})
    else:
        for each in found:
            say(f"{each.kind}: {each.path}: {each.what}")
            if each.mended is not None:
                say(f"  mended: {each.mended}")
        whole = "nothing is damaged or missing" if not lost else f"{len(lost)} damaged or missing"
        say(f"{whole} below {store.root}")
    if lost:
        ctx.exit(1)
