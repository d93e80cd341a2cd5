"""A failure is seen, its labels are mended, a later run is trained on the revision: did it help?"""

import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

import samplewise as sw
from samplewise.schema import TableSchema

MENDED, REMOVED = (2, 5, 17), (4, 30)  # rows of `train`
KEPT = [row for row in range(40) if row not in REMOVED]  # row of `train` by row of `mended`
BEFORE, AFTER = "/p/journeys/runs/slower", "/p/journeys/runs/later"


@pytest.fixture(scope="module")
def root(journeys_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The journeys' store, and a run on a revision of `train` that says what `slower` said."""
    root = shutil.copytree(journeys_root, tmp_path_factory.mktemp("across") / "store")
    train = sw.Table.from_names("train", "scenes", "journeys", str(root))
    boxes = {row: without_the_first(train.table_rows[row]["bbs"]) for row in MENDED}
    mended = train.edit({"bbs": boxes}, "mended", delete=list(REMOVED))
    said = sw.Run.from_names("slower", "journeys", str(root))
    kinds = TableSchema.from_arrow(said.metric_streams[0].arrow_schema)
    names = ["f1", "bbs_predicted", "embedding_pca"]
    with sw.tables.Run.create("journeys", "later", root_url=str(root)) as run:
        for epoch in (0, 1):
            rows = said.metrics(names, epoch=epoch, split="train").take(KEPT)
            rows = rows.set_column(0, "f1", [np.random.default_rng(epoch).random(len(KEPT))])
            chosen = {name: kinds[name] for name in names}
            run.add_metrics(rows, chosen, mended.url, epoch=epoch, split="train")
            run.add_collection({"epoch": epoch, "split": "train", "table": mended.url})
    return root


def without_the_first(boxes: dict[str, Any]) -> dict[str, Any]:
    """Stored boxes without the first of them."""
    properties = boxes["instances_additional_data"]
    return {
        **boxes,
        "instances": boxes["instances"][1:],
        "instances_additional_data": {name: each[1:] for name, each in properties.items()},
    }


def test_a_sample_is_found_in_a_run_on_a_revision(open_page, root):
    row = MENDED[1]
    page = open_page(root, f"{BEFORE}/samples/{row}?split=train&epoch=2&below=runs")
    runs = page.get_by_role("list", name="Other runs").get_by_role("link")
    expect(runs).to_have_count(2)
    later, baseline = runs.first, runs.last
    expect(later).to_contain_text("on mended")
    expect(later).to_contain_text("labels changed")
    expect(baseline).not_to_contain_text("on ")
    later.press("Enter")
    heading = page.get_by_role("heading", name=f"Sample {KEPT.index(row)}", level=2)
    expect(heading).to_be_visible()
    assert "/runs/later/" in page.url


def test_a_run_whose_revision_lacks_the_sample_says_so(open_page, root):
    page = open_page(root, f"{BEFORE}/samples/{REMOVED[0]}?split=train&epoch=2&below=runs")
    expect(page.get_by_text("Not in later: mended has no such sample.")).to_be_visible()
    runs = page.get_by_role("list", name="Other runs").get_by_role("link")
    expect(runs).to_have_count(1)


@pytest.fixture(scope="module")
def change(root):
    """By row of `mended`: how f1 of `later` differs from that of `slower`."""
    return f1(root, "later", 1) - f1(root, "slower", 2)[KEPT]


def f1(root, run, epoch):
    """F1 in the order of the samples; NaN for missing."""
    rows = sw.Run.from_names(run, "journeys", str(root)).metrics(
        ["example_id", "f1"], epoch=epoch, split="train"
    )
    return rows.sort_by("example_id").column("f1").to_numpy()


def ending(number):
    """The text of a button with a count."""
    return re.compile(rf"(?<!\d){number}$")


def test_what_became_of_samples_whose_labels_changed(open_page, root, change, violations):
    page = open_page(root, f"{AFTER}?tab=compare&other_run=slower&other_epoch=2")
    only = page.get_by_role("button", name="Labels changed")
    expect(only).to_have_text(ending(len(MENDED)))
    expect(page.get_by_role("link", name="train → mended")).to_be_visible()
    worse, all_of_them = (
        page.get_by_role("button", name=name) for name in ("Got worse", "All samples")
    )
    expect(worse).to_have_text(ending((change < 0).sum()))
    all_of_them.click()
    only.press("Enter")
    expect(only).to_have_attribute("aria-pressed", "true")
    mended = [KEPT.index(row) for row in MENDED]
    expect(all_of_them).to_have_text(ending(len(MENDED)))
    expect(worse).to_have_text(ending((change[mended] < 0).sum()))
    pairs = page.get_by_role("region", name="Samples").get_by_role("link")
    expect(pairs).to_have_count(len(MENDED))
    worst = min(mended, key=lambda row: change[row])
    expect(pairs.first).to_contain_text(f"#{worst} ")
    expect(pairs.first).to_contain_text("labels changed")
    images = [image.get_attribute("src") for image in pairs.first.locator("img").all()]
    assert [int(src.split("?")[0].rsplit("/", 1)[1]) for src in images] == [KEPT[worst], worst]
    assert "labels=changed" in page.url
    assert violations(page) == []


def test_regressions_between_runs_on_two_revisions(open_page, root, change, violations):
    page = open_page(root, f"{AFTER}?tab=history&other_run=slower&other_epoch=2")
    right_before = f1(root, "slower", 2)[KEPT] >= 0.5
    expected = {
        "Regressed": (change < 0).sum(),
        "Forgotten": (right_before & (f1(root, "later", 1) < 0.5)).sum(),
        "Improved": (change > 0).sum(),
        "Labels changed": len(MENDED),
    }
    for name, count in expected.items():
        expect(page.get_by_role("button", name=name)).to_have_text(ending(count))
    worst = int(np.nanargmin(change))
    samples = page.get_by_role("region", name="Samples").get_by_role("link")
    first = samples.first
    expect(first).to_contain_text(f"#{worst}")
    for curve in ("f1 over the epochs of slower: ", "of later: "):
        expect(first.get_by_role("img", name=curve)).to_be_visible()
    earlier = [number(f1(root, "slower", epoch)[KEPT[worst]]) for epoch in (0, 1, 2)]
    expect(first.get_by_role("img", name=f"slower: {', '.join(earlier)}")).to_be_visible()
    expect(page.get_by_role("group", name=f"Map of {len(KEPT)} samples")).to_be_visible()
    assert violations(page) == []


def number(value):
    """As the page writes numbers between 0 and 1."""
    return f"{value:.4f}".rstrip("0").rstrip(".")


def chosen(page, label):
    """What is chosen in a select."""
    return page.get_by_label(label).locator("option:checked")


def test_mended_samples_alone_on_the_way_from_regressions_to_comparison(open_page, root, change):
    page = open_page(root, f"{AFTER}?tab=history&other_run=baseline&ask=all")
    page.get_by_label("Run before").select_option("slower")
    page.get_by_label("Collection before").select_option("train · epoch 1")
    page.get_by_role("button", name="Labels changed").press("Enter")
    samples = page.get_by_role("region", name="Samples").get_by_role("link")
    expect(samples).to_have_count(len(MENDED))
    expect(samples.first).to_contain_text("labels changed")
    page.get_by_role("tab", name="Compare").click()
    expect(page.get_by_label("Run before")).to_have_value("slower")
    expect(chosen(page, "Collection before")).to_have_text("train · epoch 1")
    pressed = page.get_by_role("button", name="Labels changed")
    expect(pressed).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(pressed).to_have_attribute("aria-pressed", "true")


def test_between_runs_on_one_table_nothing_is_said_of_labels(open_page, root):
    page = open_page(root, f"{BEFORE}?tab=history&split=train&other_run=baseline")
    change = f1(root, "slower", 2) - f1(root, "baseline", 2)
    expect(page.get_by_role("button", name="Improved")).to_have_text(ending((change > 0).sum()))
    expect(page.get_by_role("button", name="Labels changed")).to_have_count(0)


def test_another_split_is_compared_with_its_own_epochs(open_page, root):
    page = open_page(root, f"{BEFORE}?tab=history&split=train&other_split=train&other_epoch=0")
    page.get_by_label("Collection after").select_option("val · epoch 2")
    expect(chosen(page, "Collection before")).to_have_text("val · epoch 1")
    expect(page.get_by_role("button", name="All")).to_have_text(ending(8))


def test_from_the_revision_to_what_it_did(open_page, root):
    page = open_page(root, "/p/journeys/tables/scenes/mended?tab=revisions")
    page.get_by_role("link", name="Compare later with slower").press("Enter")
    expect(page.get_by_label("Run before")).to_have_value("slower")
    expect(chosen(page, "Collection before")).to_have_text("train · epoch 2")
    only = page.get_by_role("button", name="Labels changed")
    expect(only).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="All samples")).to_have_text(ending(len(MENDED)))
