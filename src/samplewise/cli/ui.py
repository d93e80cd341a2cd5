"""`samplewise ui`."""

import os
from typing import TYPE_CHECKING

import click

from samplewise.cli._options import examples, root_option
from samplewise.cli._output import json_option, print_json, say

if TYPE_CHECKING:
    from samplewise.server.running import Running
    from samplewise.server.serving import Serving
    from samplewise.storage import Store

_BROWSER_STARTS_IN_S = 3.0
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@click.command(
    epilog=examples("ui", "ui fruit", "ui --port 8765 --no-browser", "ui --root-url /data/runs")
)
@click.argument("project", required=False)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="By default that of last time, first 8765, or the next free one; 0 takes any free one.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The interface to listen on.")
@click.option(
    "--let-others-in",
    is_flag=True,
    help="Allow a --host that other machines can reach: whoever has the address with its token "
    "sees and changes everything in the store, and traffic is not encrypted.",
)
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@root_option
@json_option
def command(
    project: str | None,
    port: int | None,
    host: str,
    let_others_in: bool,
    no_browser: bool,
    root_url: str | None,
    as_json: bool,
) -> None:
    """Open the dashboard in a browser.

    It shows the runs and tables of the store, live while trainings write, on this machine only. The
    address holds a token, which the browser keeps in a cookie. Where a server for this store runs
    already, that one is opened.
    """
    if host not in _LOOPBACK and not let_others_in:
        raise click.UsageError(
            f"--host {host} lets other machines in, and that needs --let-others-in.\n"
            "Hint: `ssh -L PORT:127.0.0.1:PORT` reaches the loopback from elsewhere, encrypted."
        )
    from urllib.parse import quote

    from samplewise.server.running import read_running
    from samplewise.storage import Store

    store = Store(root_url)
    path = "/" if project is None else f"/p/{quote(project, safe='')}"
    known = read_running(store)
    if known and (known.host, port or known.port) == (host, known.port) and known.answers():
        _show_again(known, path, no_browser=no_browser, as_json=as_json)
        return
    served = _bind(store, host, port, known)
    address = served.address(path)
    if as_json:
        print_json({"address": address, "root": store.root, "process_id": os.getpid()})
    else:
        say(f"Samplewise shows {store.root} at\n  {address}\nCtrl-C ends it.")
    if host not in _LOOPBACK:
        say("Other machines can reach it; traffic is not encrypted.", err=True)
    if not no_browser:
        from samplewise.server.hand_over import open_in_browser

        open_in_browser(served.url, served.token, path)
    served.run()


def _show_again(known: "Running", path: str, *, no_browser: bool, as_json: bool) -> None:
    """Open a page of a server that runs already."""
    from samplewise.server.hand_over import open_in_browser
    from samplewise.server.serving import address_of

    address = address_of(known.url, known.token, path)
    if as_json:
        print_json({"address": address, "root": known.root, "process_id": known.process_id})
    else:
        say(
            f"Samplewise shows {known.root} already, by process {known.process_id}, at\n  {address}"
        )
    opening = None if no_browser else open_in_browser(known.url, known.token, path)
    if opening is not None:
        opening.join(_BROWSER_STARTS_IN_S)


def _bind(store: "Store", host: str, port: int | None, known: "Running | None") -> "Serving":
    """A server at the port that was asked for, or at that of last time, or at the usual one."""
    from samplewise.server.running import Running, write_running
    from samplewise.server.serving import USUAL_PORT, serve_at_usual_port, serving

    if port is None:
        first = known.port if known and known.host == host else USUAL_PORT
        served = serve_at_usual_port(store, host=host, first=first)
        if served.port != first:
            say(
                f"Port {first} is taken, so this is port {served.port}: edits that were not "
                "committed there are not seen here.",
                err=True,
            )
    else:
        served = serving(store, host=host, port=port)
    write_running(
        Running(store.root, host, served.port, served.url, served.cookie, served.token, os.getpid())
    )
    return served
