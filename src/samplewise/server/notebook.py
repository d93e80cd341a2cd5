"""Pages of the dashboard inside a notebook."""

import html
import os
import secrets
import threading
from dataclasses import dataclass

from samplewise.server.serving import Serving, serving
from samplewise.storage import Store

ANCESTORS = ("http://127.0.0.1:*", "http://localhost:*")
"""Who may embed the pages of a notebook's server: pages of this machine."""

_serving: dict[tuple[int, str], Serving] = {}
_lock = threading.Lock()


@dataclass(frozen=True)
class Shown:
    """A page of the dashboard; the last expression of a cell shows it.

    Args:
        address: Where it is; hands over the token.
        height: Of the frame, pixels.
    """

    address: str
    height: int

    def __repr__(self) -> str:
        return self.address

    def _repr_html_(self) -> str:
        # A cookie reaches a frame only if both have one host, and the notebook's is not known here.
        name = f"samplewise-{secrets.token_hex(8)}"
        address = html.escape(self.address)
        return (
            f'<p><a href="{address}" target="_blank" rel="noreferrer">Open in a tab</a></p>'
            f'<iframe id="{name}" width="100%" height="{int(self.height)}" '
            f'style="border: 1px solid #8884" data-address="{address}"></iframe>'
            f"<script>(() => {{ const frame = document.getElementById('{name}');"
            "const url = new URL(frame.dataset.address);"
            "if (['localhost', '127.0.0.1'].includes(location.hostname))"
            "url.hostname = location.hostname; frame.src = url; })()</script>"
        )


def show_in_notebook(root_url: str, path: str, height: int) -> Shown:
    """A page of a store, served by this process on a thread of its own from the first call on.

    Args:
        root_url: Root of the store.
        path: Of the page.
        height: Of the frame, pixels.

    Raises:
        MissingDependencyError: Starlette or uvicorn is not installed.
    """
    with _lock:
        key = (os.getpid(), root_url)
        if key not in _serving:
            _serving[key] = serving(Store(root_url), ancestors=ANCESTORS)
            threading.Thread(
                target=_serving[key].run, name="samplewise-dashboard", daemon=True
            ).start()
        return Shown(_serving[key].address(path), height)


def stop() -> None:
    """End the servers of this process."""
    with _lock:
        for each in _serving.values():
            each.stop()
        _serving.clear()
