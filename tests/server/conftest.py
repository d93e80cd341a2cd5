"""The drawn store, and a browser's view of a server for it."""

import runpy
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from starlette.testclient import TestClient

from samplewise.server.app import make_app
from samplewise.storage import Store

DRAW_NASTY = runpy.run_path(str(Path(__file__).with_name("filter_store.py")))["draw_store"]
DRAW = runpy.run_path(str(Path(__file__).with_name("drawn_store.py")))["draw_store"]
HEADERS = {"Content-Type": "application/json", "X-Samplewise": "1"}

VAL = {
    "kind": "metrics",
    "project": "demo",
    "run": "first",
    "stream": "metrics",
    "epoch": 4,
    "split": "val",
    "input_table_id": 0,
}
TABLE = {"kind": "table", "project": "demo", "dataset": "scenes", "table": "val"}


class Browser:
    """Asks a server as the pages do.

    Args:
        client: Starlette's client.
    """

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def get(self, path: str) -> Any:
        """The answer to a GET that must be well."""
        response = self.client.get(path)
        assert response.status_code == 200, response.text
        return response.json()

    def post(self, path: str, **message: Any) -> Any:
        """The answer to a message that must be well: JSON, or Arrow."""
        response = self.client.post(path, json=message)
        assert response.status_code == 200, response.text
        if "arrow" in response.headers["content-type"]:
            return pa.ipc.open_stream(response.content).read_all()
        return response.json()

    def problem(self, path: str, **message: Any) -> tuple[int, Mapping[str, Any]]:
        """Status and problem of a message that must not be well."""
        response = self.client.post(path, json=message)
        assert response.status_code >= 400
        return response.status_code, response.json()


@pytest.fixture(scope="session")
def drawn_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Root of a store that nobody changes; see `drawn_store.py`."""
    folder = tmp_path_factory.mktemp("drawn")
    DRAW(folder / "store", folder / "images")
    return folder / "store"


@pytest.fixture
def own_root(drawn_root: Path, tmp_path: Path) -> Path:
    """A copy of it to change."""
    return shutil.copytree(drawn_root, tmp_path / "store")


@pytest.fixture
def make_browser(tmp_path: Path) -> Iterator[Callable[..., Browser]]:
    """Makes browsers for servers of stores."""
    clients: list[TestClient] = []

    def make(root: Path, **options: Any) -> Browser:
        app = make_app(Store(root), cache_path=tmp_path / "thumbnails", **options)
        clients.append(TestClient(app, "http://127.0.0.1", headers=HEADERS).__enter__())
        return Browser(clients[-1])

    yield make
    for client in clients:
        client.__exit__(None, None, None)


@pytest.fixture(scope="session")
def browser(drawn_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser that looks at the drawn store."""
    app = make_app(Store(drawn_root), cache_path=tmp_path_factory.mktemp("thumbnails"))
    with TestClient(app, "http://127.0.0.1", headers=HEADERS) as client:
        yield Browser(client)


@pytest.fixture(scope="session")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser that looks at a store where whatever may be missing is; see `filter_store.py`."""
    root = tmp_path_factory.mktemp("nasty")
    DRAW_NASTY(root / "store")
    app = make_app(Store(root / "store"), cache_path=root / "thumbnails")
    with TestClient(app, "http://127.0.0.1", headers=HEADERS) as client:
        yield Browser(client)
