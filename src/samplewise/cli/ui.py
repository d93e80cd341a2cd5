"""`samplewise ui`."""

import click

from samplewise.cli._options import examples, root_option
from samplewise.cli._output import json_option, print_json, say

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@click.command(
    epilog=examples("ui", "ui fruit", "ui --port 8765 --no-browser", "ui --root-url /data/runs")
)
@click.argument("project", required=False)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="0, the default, takes a free one."
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
    port: int,
    host: str,
    let_others_in: bool,
    no_browser: bool,
    root_url: str | None,
    as_json: bool,
) -> None:
    """Open the dashboard in a browser.

    It shows the runs and tables of the store, live while trainings write, on this machine only. The
    address holds a token: it is handed to the browser once and kept in a cookie.
    """
    if host not in _LOOPBACK and not let_others_in:
        raise click.UsageError(
            f"--host {host} lets other machines in, and that needs --let-others-in.\n"
            "Hint: `ssh -L PORT:127.0.0.1:PORT` reaches the loopback from elsewhere, encrypted."
        )
    from urllib.parse import quote

    from samplewise.server.serving import serving
    from samplewise.storage import Store

    served = serving(Store(root_url), host=host, port=port)
    path = "/" if project is None else f"/p/{quote(project, safe='')}"
    address = served.address(path)
    if as_json:
        print_json({"address": address, "root": Store(root_url).root})
    else:
        say(f"Samplewise shows {Store(root_url).root} at\n  {address}\nCtrl-C ends it.")
    if host not in _LOOPBACK:
        say("Other machines can reach it; traffic is not encrypted.", err=True)
    if not no_browser:
        import webbrowser

        webbrowser.open(address)
    served.run()
