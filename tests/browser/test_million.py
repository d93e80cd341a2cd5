"""A million samples, drawn by code: exact counts, and no end of the list out of reach."""

import re
import runpy
from pathlib import Path

import pytest
from playwright.sync_api import expect

import samplewise as sw

ROWS = 1_000_000
PAGE = "/p/million/runs/large?tab=samples"
DRAW = Path(__file__).parents[2] / "benchmarks" / "million.py"


@pytest.fixture(scope="module")
def million_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of the explorer's benchmark."""
    folder = tmp_path_factory.mktemp("million")
    runpy.run_path(str(DRAW))["draw_million"](folder / "store", folder / "images", ROWS)
    return folder / "store"


def test_a_million_samples_are_counted_exactly_and_scrolled_to_their_end(open_page, million_root):
    page = open_page(million_root, f"{PAGE}&f=ap_50:0.2..0.7")
    run = sw.Run.from_names("large", "million", str(million_root))
    values = run.metrics(["ap_50"]).column("ap_50").to_numpy()
    wanted = int(((values >= 0.2) & (values <= 0.7)).sum())
    expect(page.get_by_text(f"{wanted:,} of {ROWS:,} samples")).to_be_visible()
    grid = page.get_by_role("grid", name="Samples")
    expect(page.get_by_role("gridcell", name=re.compile("^Sample")).first).to_be_visible()
    grid.focus()
    page.keyboard.press("Control+End")
    last = page.get_by_role("gridcell").last
    expect(last).to_contain_text("Sample")
    expect(last).to_contain_text("ap_50 0.7")
    page.keyboard.press("Control+Home")
    expect(page.get_by_role("gridcell").first).to_contain_text("ap_50 0.2")
    assert page.get_by_role("gridcell").count() < 100
    expect(page.locator("canvas[data-draw-ms]")).to_have_count(1)
