"""How fast is the sample explorer with a million samples, in a browser without a graphics card?

    python benchmarks/explorer.py [--rows 1000000] [--folder FOLDER] [--screenshot FILE]

Draws the store of `million.py`, serves it and looks at it with Debian's Chromium: how long until
images, histograms and scatter are there; how long a move of a brush takes until the scatter is
drawn again; how long pages of 100 images with boxes take while one scrolls, and whether a gap is
seen. Counts are compared with NumPy's. Needs the built dashboard (`make web`) and Chromium.
"""

import argparse
import re
import resource
import shutil
import statistics
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
from million import draw_million
from playwright.sync_api import CDPSession, Page, sync_playwright

import samplewise as sw
from samplewise.server.serving import Serving, serving
from samplewise.storage import Store

PAGE = "/p/million/runs/large?tab=samples"
MOVES = 24
SCROLLS = 40

# Notes how long it takes from a move of the mouse until the scatter is drawn, in milliseconds.
WATCH = """() => {
  window.taken = [];
  let moved = 0;
  addEventListener("pointermove", () => { moved = performance.now(); }, true);
  new MutationObserver(() => {
    if (moved) window.taken.push(performance.now() - moved);
    moved = 0;
  }).observe(document.querySelector("canvas[data-draw-ms]"), { attributeFilter: ["data-draw-ms"] });
}"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, help="keeps the store, or has it already")
    parser.add_argument("--screenshot", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        if not (folder / "store").is_dir():
            draw_million(folder / "store", folder / "images", given.rows)
        server = serving(Store(folder / "store"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        found = measured(server, folder / "store", given.screenshot)
        server.stop()
        thread.join(timeout=30)
    width = max(map(len, found))
    print("\n".join(f"{name:<{width}}  {value}" for name, value in found.items()))


def measured(server: Serving, root: Path, screenshot: Path | None) -> dict[str, Any]:
    """All measurements by name."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(120_000)
        page.goto(server.address())
        first, second = opened(page, server), opened(page, server)
        moves, work, shown = brushed(page)
        if screenshot:
            page.screenshot(
                path=screenshot, **({"quality": 82} if screenshot.suffix == ".jpg" else {})
            )
        pages, gaps = scrolled(page)
        heap = page.evaluate("performance.memory.usedJSHeapSize")
        renderer = page.locator("canvas[data-renderer]").get_attribute("data-renderer")
        browser.close()
    return {
        "renderer": renderer,
        "page usable, first visit, s": round(first, 2),
        "page usable, second visit, s": round(second, 2),
        "move of a brush, median ms": round(statistics.median(moves)),
        "move of a brush, largest ms": round(max(moves)),
        "move of a brush, work of the page's thread, ms": round(work),
        "samples in the brush": f"{shown[1]:,} (NumPy {counted(root, *shown[0]):,})",
        "page of 100, median ms": round(statistics.median(pages)),
        "page of 100, p95 ms": round(np.percentile(pages, 95)),
        "windows with a gap after 300 ms": f"{gaps} of {SCROLLS}",
        "heap of the page, MB": round(heap / 1e6),
        "memory of the server, peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def opened(page: Page, server: Serving) -> float:
    """Seconds until images, histograms and scatter are there."""
    start = time.perf_counter()
    page.goto(server.url + PAGE, wait_until="commit")
    page.get_by_role("gridcell", name=re.compile("^Sample")).first.wait_for()
    page.locator("canvas[data-draw-ms]").wait_for()
    page.get_by_role("img", name=re.compile("^ap_50: ")).wait_for()
    return time.perf_counter() - start


def brushed(page: Page) -> tuple[list[float], float, tuple[tuple[float, float], int]]:
    """Milliseconds of each move, and of the processor for it; the last range and its samples."""
    page.wait_for_timeout(2000)
    page.evaluate(WATCH)
    clock = page.context.new_cdp_session(page)
    clock.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = busy(clock)
    box = page.get_by_role("img", name=re.compile("^ap_50: ")).bounding_box() or {}
    down = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 0.2 * box["width"], down)
    page.mouse.down()
    for move in range(MOVES):
        page.mouse.move(box["x"] + (0.3 + 0.5 * move / MOVES) * box["width"], down)
        page.wait_for_timeout(250)
    taken = page.evaluate("window.taken")
    each = (busy(clock) - before) / MOVES * 1000
    page.mouse.up()
    page.wait_for_timeout(2500)
    low, high = (
        float(page.get_by_label(f"ap_50 at {end}").input_value()) for end in ("least", "most")
    )
    status = page.get_by_role("status").filter(has_text=re.compile(r"of [\d,]+ samples"))
    return taken[1:], each, ((low, high), int(status.inner_text().split()[0].replace(",", "")))


def busy(clock: CDPSession) -> float:
    """Seconds that the page's thread has worked so far."""
    metrics = clock.send("Performance.getMetrics")["metrics"]
    return next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration")


def scrolled(page: Page) -> tuple[list[float], int]:
    """Milliseconds of pages of rows while one scrolls far and near; windows that kept a gap."""
    taken: list[float] = []
    page.on(
        "requestfinished",
        lambda r: taken.append(r.timing["responseEnd"]) if r.url.endswith("/api/rows") else None,
    )
    grid = page.get_by_role("grid", name="Samples")
    grid.hover()
    gaps = 0
    for step in range(SCROLLS):
        if step % 4 == 0:  # far, as with the scrollbar
            share = (step * 0.37) % 1
            grid.evaluate(f"grid => {{ grid.scrollTop = {share} * grid.scrollHeight }}")
        else:
            page.mouse.wheel(0, 1400)
        page.wait_for_timeout(300)
        gaps += page.get_by_role("gridcell", name="Loading").count() > 0
    return taken, gaps


def counted(root: Path, low: float, high: float) -> int:
    """How many samples have an `ap_50` in a range, both ends included."""
    run = sw.Run.from_names("large", "million", str(root))
    values = run.metrics(["ap_50"]).column("ap_50").to_numpy()
    return int(((values >= low) & (values <= high)).sum())


if __name__ == "__main__":
    main()
