"""Samples of two collections beside each other, and over all epochs: numbers as Python has them."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from samplewise.tables import Run

TAB = "/p/journeys/runs/slower?tab="


@pytest.fixture(scope="module")
def f1(journeys_root):
    """F1 by run, epoch, split and sample."""
    metrics = {}
    for name in ("baseline", "slower"):
        run = Run.from_names(name, "journeys", str(journeys_root))
        frame = run.metrics(["epoch", "split", "example_id", "f1"]).to_pandas()
        for key, rows in frame.groupby(["epoch", "split"]):
            metrics[name, *key] = rows.sort_values("example_id")["f1"].to_numpy()
    return metrics


def expect_number(page: Page, name: str, wanted: int) -> None:
    """The number on a button of the summary."""
    button = page.get_by_role("button", name=name)
    expect(button).to_have_text(re.compile(rf"(?<!\d){wanted}$"))


def test_two_epochs_are_compared_sample_by_sample(open_page, journeys_root, f1):
    page = open_page(journeys_root, f"{TAB}compare&split=train")
    expect(page.get_by_text("Mean f1")).to_be_visible()
    change = f1["slower", 2, "train"] - f1["slower", 1, "train"]
    expect_number(page, "Got better", (change > 0).sum())
    expect_number(page, "Got worse", (change < 0).sum())
    page.get_by_role("button", name="Got better").click()
    first = page.get_by_role("region", name="Samples").get_by_role("link").first
    expect(first).to_contain_text(f"#{int(np.nanargmax(change))} ")


def test_two_runs_are_compared_from_the_list_of_runs(open_page, journeys_root, f1):
    page = open_page(journeys_root, "/p/journeys?runs=slower,baseline")
    page.get_by_role("button", name="Compare their samples").click()
    page.get_by_label("Collection after").select_option("train · epoch 2")
    expect(page.get_by_label("Run before")).to_have_value("baseline")
    expect(page.get_by_label("Collection before")).to_contain_text("train · epoch 2")
    change = f1["slower", 2, "train"] - f1["baseline", 2, "train"]
    expect(page.get_by_role("button", name="All samples")).to_contain_text(str(len(change)))
    expect_number(page, "Got better", (change > 0).sum())


def test_a_cell_of_the_confusion_matrix_shows_its_samples(open_page, journeys_root, eventually):
    page = open_page(journeys_root, f"{TAB}compare&split=train")
    page.get_by_role("button", name="Confusion matrix").click()
    matrix = page.get_by_role("group", name="Confusion matrix")
    expect(matrix.get_by_role("row").first).to_be_visible()
    cells = matrix.get_by_role("button", disabled=False).all()
    wrong = [cell for cell in cells if is_wrong(cell.get_attribute("aria-label") or "")]
    count = int((wrong[0].get_attribute("aria-label") or "").split(": ")[1])
    wrong[0].click()
    samples = page.get_by_role("region", name="Samples").get_by_role("link")
    eventually(page, lambda: 1 <= samples.count() <= count)
    expect(page.get_by_role("button", name="All samples")).to_have_attribute("aria-pressed", "true")


def is_wrong(label: str) -> bool:
    """Whether a cell is not on the diagonal."""
    truth, _, predicted = label.split(": ", maxsplit=1)[0].partition(" taken for ")
    return truth != predicted


def test_regressions_are_those_of_the_numbers(open_page, journeys_root, f1):
    page = open_page(journeys_root, f"{TAB}history&split=train&other_epoch=0&epoch=2")
    change = f1["slower", 2, "train"] - f1["slower", 0, "train"]
    improved = page.get_by_role("button", name="Improved")
    expect(improved).to_contain_text(str((change > 0).sum()))
    improved.click()
    expect(page.get_by_role("region", name="Samples").get_by_role("link").first).to_be_visible()
    expect(page.get_by_role("group", name="Map of 40 samples")).to_be_visible()
