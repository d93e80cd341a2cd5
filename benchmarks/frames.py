"""How smooth is the scatter with 100,000 points, without a graphics card?

    python benchmarks/frames.py [--rows 100000] [--moves 120] [--folder FOLDER]

Draws the store of `million.py`, serves it and looks at it with Debian's Chromium at 1440 x 900: a
brush over a histogram, a lasso, a pan, a zoom on the map, a turn of three columns, each of so many
moves of the mouse. Once with the renderer that such a machine gets, which draws on the processor,
once with WebGL, whose card is a program too (SwiftShader). A frame is the time from one picture of
the screen to the next one, of those in which something moved; work is what the page's thread does
for one of them; then the time from a move until its points are drawn, which of WebGL is only the
time until they are handed over. Needs the built dashboard (`make web`) and Chromium.
"""

import argparse
import math
import re
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from million import draw_million
from playwright.sync_api import CDPSession, Page, expect, sync_playwright

from samplewise.server.serving import Serving, serving
from samplewise.storage import Store

PAGE = "/p/million/runs/large?tab=samples"
DEEP = "&x=ap_50&y=f1&z=recall"
PROGRAM = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]
FIRST = 40  # moves until the page's code is compiled; not counted
STEPS = 10  # moves between two places

# Notes every frame in which the mouse moved or points were drawn, and how long it takes from a move
# until the points are drawn, in milliseconds.
WATCH = """() => {
  window.seen = { frames: [], moves: [] };
  let [last, moved, isBusy] = [performance.now(), 0, false];
  const tick = (now) => {
    if (isBusy) window.seen.frames.push(now - last);
    [last, isBusy] = [now, false];
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
  const move = () => { isBusy = true; moved ||= performance.now(); };
  for (const kind of ["pointermove", "wheel"]) addEventListener(kind, move, true);
  new MutationObserver(() => {
    if (moved) window.seen.moves.push(performance.now() - moved);
    [moved, isBusy] = [0, true];
  }).observe(document.querySelector("canvas[data-draw-ms]"), { attributeFilter: ["data-draw-ms"] });
}"""
FORGET = "() => { window.seen.frames.length = window.seen.moves.length = 0; }"

Place = tuple[float, float]
Box = dict[str, float]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--moves", type=int, default=120)
    parser.add_argument("--folder", type=Path, help="keeps the store, or has it already")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        if not (folder / "store").is_dir():
            draw_million(folder / "store", folder / "images", given.rows)
        server = serving(Store(folder / "store"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        print(f"| {given.rows:,} points | frame, ms | p95 | max | work | drawn after | frames |")
        print("|---|---|---|---|---|---|---|")
        for line in measured(server, given.moves):
            print(line, flush=True)
        server.stop()
        thread.join(timeout=30)


def measured(server: Serving, moves: int) -> Iterator[str]:
    """A line for each gesture with each renderer."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as play:
        for renderer, card in (("canvas", []), ("webgl", PROGRAM)):
            browser = play.chromium.launch(executable_path=program, args=["--no-sandbox", *card])
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.set_default_timeout(120_000)
            page.goto(server.address())
            for name, query, gesture in GESTURES:
                page.goto(f"{server.url}{PAGE}{query}&renderer={renderer}")
                canvas = page.locator("canvas[data-draw-ms]")
                expect(canvas).to_have_attribute("data-renderer", renderer, timeout=120_000)
                page.get_by_role("gridcell", name=re.compile("^Sample")).first.wait_for()
                page.wait_for_timeout(2000)
                page.evaluate(WATCH)
                clock = page.context.new_cdp_session(page)
                clock.send("Performance.enable", {"timeDomain": "threadTicks"})
                gesture(page, FIRST)
                page.evaluate(FORGET)
                before = busy(clock)
                gesture(page, moves)
                page.mouse.up()
                seen = page.evaluate("window.seen")
                yield line(f"{name}, {renderer}", seen, busy(clock) - before)
            browser.close()


def line(name: str, seen: dict[str, list[float]], work_s: float) -> str:
    """A gesture's frames and delays."""
    frames, delays = seen["frames"], seen["moves"]
    p95 = np.percentile(frames, 95)
    after = f"{np.median(delays):.0f}" if delays else "never"
    return (
        f"| {name} | {np.median(frames):.1f} | {p95:.1f} | {max(frames):.1f} "
        f"| {work_s / len(frames) * 1000:.1f} | {after} | {len(frames)} |"
    )


def busy(clock: CDPSession) -> float:
    """Seconds that the page's thread has worked so far."""
    metrics = clock.send("Performance.getMetrics")["metrics"]
    return next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration")


def dragged(page: Page, places: Iterator[Place]) -> None:
    """Moves the pressed mouse from place to place, as fast as the page follows."""
    page.mouse.up()
    page.mouse.move(*next(places))
    page.mouse.down()
    for place in places:
        page.mouse.move(*place, steps=STEPS)


def scatter(page: Page) -> Box:
    """Where the points are."""
    return page.get_by_role("group", name=re.compile("^Scatter of")).bounding_box() or {}


def circle(box: Box, moves: int, share: float) -> Iterator[Place]:
    """Around the middle of a box, from its right."""
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for move in range(moves // STEPS + 1):
        turn = 2 * math.pi * move * STEPS / moves
        yield (
            x + share * box["width"] / 2 * math.cos(turn),
            y + share * box["height"] / 2 * math.sin(turn),
        )


def brush(page: Page, moves: int) -> None:
    """Draws a range over a histogram."""
    box = page.get_by_role("img", name=re.compile("^ap_50: ")).bounding_box() or {}
    down = box["y"] + box["height"] / 2
    shares = (0.2, *(0.3 + 0.5 * (move % 2) for move in range(moves // STEPS)))
    dragged(page, ((box["x"] + share * box["width"], down) for share in shares))


def lasso(page: Page, moves: int) -> None:
    """Draws around the middle of the map."""
    dragged(page, circle(scatter(page), moves, 0.7))


def pan(page: Page, moves: int) -> None:
    """Moves the map in a circle."""
    page.get_by_role("button", name="Move the map").click()
    dragged(page, circle(scatter(page), moves, 0.4))


def turn(page: Page, moves: int) -> None:
    """Turns three columns."""
    dragged(page, circle(scatter(page), moves, 0.6))


def zoom(page: Page, moves: int) -> None:
    """Turns the wheel, nearer and back."""
    box = scatter(page)
    page.mouse.move(box["x"] + 0.4 * box["width"], box["y"] + 0.5 * box["height"])
    for move in range(moves):
        page.mouse.wheel(0, -40 if move % 60 < 30 else 40)


GESTURES: list[tuple[str, str, Callable[[Page, int], None]]] = [
    ("brush", "", brush),
    ("lasso", "", lasso),
    ("pan", "", pan),
    ("zoom", "", zoom),
    ("turn in 3-D", DEEP, turn),
    ("lasso in 3-D", f"{DEEP}&tool=lasso", lasso),
]


if __name__ == "__main__":
    main()
