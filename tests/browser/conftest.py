"""Journeys through the dashboard: a real browser, a real server, a run of the real callback."""

import fcntl
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from samplewise.server.app import STATIC
from samplewise.server.serving import Serving, serving
from samplewise.storage import Store

PROJECT = "journeys"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE_MS = 60_000  # a shared machine pauses any test at any time
AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
AXE_RUN = """async () => {
  const found = await axe.run(document, { resultTypes: ['violations'] });
  return found.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}\\n${html}\\n${failureSummary}`));
}"""

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def program() -> str:
    """Where Chromium is."""
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    return found or _missing("the journeys need Chromium: apt-get install chromium")


@pytest.fixture(scope="session")
def chromium(program: str) -> Iterator[Browser]:
    """Chromium without a window."""
    if not (STATIC / "index.html").is_file() or not AXE.is_file():
        _missing("the journeys need the built dashboard: make web")
    with sync_playwright() as play:
        # A container's root has no sandbox to stand on.
        browser = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def journeys_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `_training.py` makes: `store`, and the scenes; nobody changes it."""
    if kept := os.environ.get("SAMPLEWISE_JOURNEYS"):
        return Path(kept)  # made by hand before, to try the journeys again and again
    # One for all workers of pytest-xdist: whoever comes first trains, the others wait.
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = shared / "journeys"
    with (shared / "journeys.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").is_file():
            _train(folder)
            (folder / "done").touch()
    return folder


@pytest.fixture(scope="session")
def journeys_root(journeys_folder: Path) -> Path:
    """The store of two real trainings, a run that failed and one without metrics."""
    return journeys_folder / "store"


@pytest.fixture
def own_root(journeys_root: Path, tmp_path: Path) -> Path:
    """A copy of it to change."""
    return shutil.copytree(journeys_root, tmp_path / "store")


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Path], Serving]]:
    """Serves stores, each on a port of its own, until the tests are over."""
    running: dict[Path, tuple[Serving, threading.Thread]] = {}
    cache = tmp_path_factory.mktemp("cache")

    def start(root: Path) -> Serving:
        if root not in running:
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("XDG_CACHE_HOME", str(cache))
                one = serving(Store(root))
            thread = threading.Thread(target=one.run, daemon=True)
            thread.start()
            running[root] = one, thread
        return running[root][0]

    yield start
    for one, _ in running.values():
        one.stop()
    for _, thread in running.values():
        thread.join(timeout=30)


@pytest.fixture
def open_page(chromium: Browser, serve: Callable[[Path], Serving]) -> Iterator[Callable[..., Page]]:
    """Opens a path of a store's dashboard; any error of the console fails the test."""
    errors: list[str] = []
    contexts = []

    def said(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            errors.append(f"{message.text} ({message.location.get('url')})")

    def open_it(root: Path, path: str = "/", *, allowed: str = "^$", **options: Any) -> Page:
        options = {"viewport": {"width": 1440, "height": 900}, **options}
        context = chromium.new_context(**options)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", lambda message: re.search(allowed, message.text) or said(message))
        page.on("pageerror", lambda error: errors.append(str(error)))
        server = serve(root)
        page.goto(server.address())  # hands over the token
        if path != "/":
            page.goto(server.url + path)
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert not errors, "\n".join(errors)


@pytest.fixture
def page(open_page: Callable[..., Page], journeys_root: Path) -> Page:
    """The list of projects of the journeys' store."""
    return open_page(journeys_root)


@pytest.fixture(scope="session")
def eventually() -> Callable[[Page, Callable[[], bool]], None]:
    """Waits until something is so: a page answers when it can, not when a test looks."""

    def wait(page: Page, is_so: Callable[[], bool]) -> None:
        until = time.monotonic() + PATIENCE_MS / 1000
        while not is_so():
            assert time.monotonic() < until, "it never was so"
            page.wait_for_timeout(50)

    return wait


@pytest.fixture(scope="session")
def violations() -> Callable[[Page], list[str]]:
    """What axe-core says against a page as it is now."""

    def check(page: Page) -> list[str]:
        page.evaluate(AXE.read_text())
        return page.evaluate(AXE_RUN)

    return check


def _missing(what: str) -> NoReturn:
    if "CI" in os.environ:
        pytest.fail(what)
    pytest.skip(what)


def _train(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    script = Path(__file__).with_name("_training.py")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(script), str(folder)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
