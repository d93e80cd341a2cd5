"""Pictures of every page for docs/images/dashboard: `make screenshots`.

They are of the store that `make demo` makes; what compares runs needs a second one there.
"""

import argparse
import re
import shutil
import sys
import threading
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from samplewise.server.serving import serving
from samplewise.storage import Store
from samplewise.tables import Run, catalog

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "images" / "dashboard"
SIZE = {"width": 1440, "height": 900}


def pages(project: str, runs: list[str]) -> dict[str, str]:
    """Addresses by the name of their picture."""
    newest, table = f"/p/{project}/runs/{runs[-1]}", f"/p/{project}/tables/scenes/train"
    found = {
        "projects": "/",
        "runs": f"/p/{project}",
        "curves": newest,
        "samples": f"{newest}?tab=samples&split=train",
        "regressions": f"{newest}?tab=history&split=train",
        "compare": f"{newest}?tab=compare&split=train",
        "confusion": f"{newest}?tab=compare&split=train&matrix=after",
        "about": f"{newest}?tab=about",
        "sample": f"{newest}/samples/2?split=train",
        "table": table,
        "classes": f"{table}?tab=classes",
        "revisions": f"{table}?tab=revisions",
    }
    if len(runs) > 1:
        found["runs-compared"] = f"/p/{project}?runs={','.join(runs)}"
    return found


def take(page: Page, url: str, name: str) -> None:
    """One picture: PNG of few colours, for it is of flat areas mostly."""
    page.goto(url)
    page.get_by_role("main").wait_for()
    page.get_by_role("status", name="Loading").first.wait_for(state="detached")
    page.wait_for_timeout(2000)  # images and curves come after the text
    while not page.evaluate("[...document.images].every((image) => image.complete)"):
        page.wait_for_timeout(200)
    picture = FOLDER / f"{name}.webp"
    _webp(page.screenshot(), picture)
    sys.stdout.write(f"{picture.relative_to(ROOT)}  {picture.stat().st_size // 1024} kB\n")


def main() -> None:
    """Take them all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", default=str(ROOT / ".demo" / "store"))
    parser.add_argument("--project", default="demo")
    parser.add_argument("--only", default="", help="names that match this expression")
    options = parser.parse_args()
    store = Store(options.root)
    runs = [
        name
        for name in catalog.run_names(store, options.project)
        if Run.from_names(name, options.project, store.root).collections
    ]
    if not runs:
        parser.error(f"{options.root} has no run of the demo.\nHint: make demo")
    served = serving(store)
    thread = threading.Thread(target=served.run, daemon=True)
    thread.start()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
        for name, path, look in _wanted(options.project, runs):
            if re.search(options.only, name):
                page = browser.new_context(**look).new_page()
                page.set_default_timeout(120_000)
                page.goto(served.address())
                take(page, served.url + path, name)
                page.context.close()
        browser.close()
    served.stop()
    thread.join(timeout=20)


def _wanted(project: str, runs: list[str]) -> list[tuple[str, str, dict[str, Any]]]:
    found = pages(project, runs)
    light = {"viewport": SIZE, "color_scheme": "light"}
    dark = {"viewport": SIZE, "color_scheme": "dark"}
    return [
        *((name, path, light) for name, path in found.items()),
        ("samples-dark", found["samples"], dark),
    ]


def _webp(png: bytes, target: Path) -> None:
    import io

    from PIL import Image

    Image.open(io.BytesIO(png)).convert("RGB").save(target, quality=82, method=6)


def _chromium() -> str:
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        raise SystemExit("Error: no Chromium.\nHint: apt-get install chromium")
    return found


if __name__ == "__main__":
    main()
