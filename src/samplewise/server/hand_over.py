"""How the dashboard is opened in a browser: nothing of use stands in a command line.

Whatever a browser is started with, every user of the machine can read in the list of processes. So
it is started with the name of a file that this user alone can read; the page in it posts a ticket
to the server, which answers with the cookie.
"""

import contextlib
import html
import shutil
import tempfile
import threading
import time
from pathlib import Path

from samplewise.server.tickets import LIFETIME_S, make_ticket

PATH = "/hand-over"
_PREFIX = "samplewise-open-"
_PAGE = """<!doctype html>
<meta charset="utf-8">
<title>Samplewise</title>
<form method="post" action="{action}">
<input type="hidden" name="ticket" value="{ticket}">
<input type="hidden" name="next" value="{next}">
<button>Open Samplewise</button>
</form>
<script>document.forms[0].submit()</script>
"""


def write_page(url: str, secret: str, path: str) -> Path:
    """A page, mode 0600 in a folder of its own, that opens a page of the server once.

    Args:
        url: Of the server.
        secret: Its own.
        path: Of the page to open.

    Raises:
        OSError: There is no folder for temporary files that can be written.
    """
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))  # 0700, whatever the umask
    page = folder / "open.html"
    page.touch(mode=0o600)
    values = {"action": url + PATH, "ticket": make_ticket(secret), "next": path}
    page.write_text(
        _PAGE.format(**{name: html.escape(value) for name, value in values.items()}),
        encoding="utf-8",
    )
    return page


def open_in_browser(url: str, secret: str, path: str) -> threading.Thread | None:
    """Open a page of the server in the user's browser, and wait for nothing.

    A browser command may last as long as the browser does, so it runs on a thread. The page is
    deleted when its ticket is worth nothing any more, by this process or the next that opens one.

    Returns:
        The thread; None where no page could be written: the printed address opens it then.
    """
    try:
        page = write_page(url, secret, path)
    except OSError:
        return None
    thread = threading.Thread(target=_open, args=(page,), name="samplewise-browser", daemon=True)
    thread.start()
    return thread


def _open(page: Path) -> None:
    import webbrowser

    timer = threading.Timer(LIFETIME_S, shutil.rmtree, (page.parent,), {"ignore_errors": True})
    timer.daemon = True
    timer.start()
    webbrowser.open(page.as_uri())


def _sweep() -> None:
    """Delete the pages of processes that ended before they could."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if time.time() - folder.lstat().st_mtime > LIFETIME_S:
                shutil.rmtree(folder)  # of another user it fails
