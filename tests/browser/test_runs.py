"""Projects, runs, and runs compared."""

import re

from playwright.sync_api import Page, expect

from samplewise.tables import Run

PROJECT = "/p/journeys"
RUN = f"{PROJECT}/runs/baseline"
COMPARED = f"{PROJECT}?runs=baseline,slower"


def rows_of(page: Page) -> list[str]:
    """Names of the listed runs."""
    return page.get_by_role("region", name="Runs").get_by_role("rowheader").all_inner_texts()


def test_from_all_projects_to_the_curves_of_a_run(page):
    page.get_by_role("link", name="journeys").click()
    page.get_by_role("link", name="baseline").click()
    expect(page).to_have_url(re.compile(f"{RUN}$"))
    chart = page.get_by_role("figure", name="mAP@0.50")
    expect(chart.locator("canvas")).to_be_visible()
    expect(chart.get_by_role("application")).to_have_attribute(
        "aria-label", re.compile(r"val ends at 0\.\d+")
    )


def test_an_empty_store_says_the_next_step(open_page, tmp_path):
    page = open_page(tmp_path)
    expect(page.get_by_text("This store is empty")).to_be_visible()
    expect(page.get_by_text("make demo")).to_be_visible()


def test_compared_runs_show_first_what_was_set_differently(open_page, journeys_root):
    page = open_page(journeys_root, PROJECT)
    for name in ("baseline", "slower"):
        page.get_by_role("checkbox", name=f"Select {name}").check()
    page.get_by_role("button", name="Compare").click()
    section = page.get_by_role("region", name="Hyperparameters")
    row = section.get_by_role("row", name="training.initial_lr")
    expect(row.get_by_role("cell")).to_have_text(["0.001", "5e-4"])
    expect(section.get_by_role("row", name="training.optimizer")).to_have_count(0)
    chart = page.get_by_role("figure", name="mAP@0.50 · val")
    expect(chart.get_by_role("listitem")).to_have_text(
        [re.compile("baseline"), re.compile("slower")]
    )


def test_what_is_found_sorted_grouped_and_hidden_stands_in_the_address(open_page, journeys_root):
    page = open_page(journeys_root, PROJECT)
    page.get_by_role("button", name="val mAP@0.50").click()
    page.get_by_label("Group by").select_option("status")
    page.get_by_role("button", name="More about only-parameters").click()
    page.get_by_role("menuitem", name="Hide").click()
    page.get_by_label("Search runs").fill("-status:failed")
    expect(page.get_by_role("status")).to_have_text("2 of 4 runs")
    assert rows_of(page) == ["slower", "baseline"]
    again = open_page(journeys_root, page.url.split("/", 3)[-1].join(["/", ""]))
    expect(again.get_by_role("status")).to_have_text("2 of 4 runs")
    expect(again.get_by_text("Status: completed · 2 runs")).to_be_visible()


def test_chosen_columns_are_remembered_and_stand_in_the_address(open_page, journeys_root):
    page = open_page(journeys_root, PROJECT)
    page.get_by_role("button", name="Columns").click()
    page.get_by_label("Search columns").fill("batch_size")
    page.get_by_role("checkbox", name="train_loader.batch_size", exact=True).check()
    page.get_by_role("button", name="Done").click()
    linked = open_page(journeys_root, page.url.split("/", 3)[-1].join(["/", ""]))
    page.goto(page.url.split("?")[0])
    for one in (page, linked):
        expect(one.get_by_role("columnheader", name="train_loader.batch_size")).to_be_visible()


def test_a_run_that_is_written_appears_and_grows_by_itself(open_page, own_root):
    page = open_page(own_root, PROJECT)
    expect(page.get_by_role("link", name="slower")).to_be_visible()
    row = page.get_by_role("row", name="live")
    with Run.create("journeys", "live", root_url=str(own_root)) as run:
        expect(row).to_contain_text("running")
        run.log({"mAP@0.50": 0.4321}, epoch=0, split="val")
        expect(row).to_contain_text("0.4321")
    expect(row).to_contain_text("completed")


def test_tags_and_notes_are_stored(open_page, own_root):
    page = open_page(own_root, RUN)
    page.get_by_role("button", name="Notes and tags").click()
    page.get_by_label("Tags, separated by commas").fill("good, first")
    page.get_by_label("Notes").fill("Started from nothing.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Started from nothing.")).to_be_visible()
    page.goto(page.url.replace("/runs/baseline", "?q=tag:first"))
    expect(page.get_by_role("status")).to_have_text("1 of 4 runs")


def test_a_failed_run_says_why_in_full(open_page, journeys_root):
    page = open_page(journeys_root, f"{PROJECT}/runs/out-of-memory")
    error = Run.from_names("out-of-memory", "journeys", str(journeys_root)).error
    expect(page.get_by_label("Why the run failed").locator("pre")).to_have_text(str(error))
    expect(page.get_by_text("No metrics")).to_be_visible()
    page.get_by_role("tab", name="Samples").click()
    expect(page.get_by_text("No samples were collected")).to_be_visible()


def test_a_saved_view_is_found_again(open_page, own_root):
    page = open_page(own_root, f"{RUN}?smooth=0.5&log=1")
    page.get_by_role("button", name="Saved views").click()
    page.get_by_role("menuitem", name="Save this view").click()
    page.get_by_label("Name").fill("smooth curves")
    page.keyboard.press("Enter")
    expect(page.get_by_text("View saved: smooth curves").first).to_be_visible()
    page.goto(page.url.split("/p/")[0] + PROJECT)
    page.get_by_role("button", name="Saved views").click()
    page.get_by_role("menuitem", name="smooth curves").click()
    expect(page).to_have_url(re.compile("smooth=0.5&log=1$"))
    expect(page.get_by_role("switch", name="Log scale")).to_be_checked()


def test_copied_python_opens_the_run(open_page, journeys_root, monkeypatch):
    page = open_page(journeys_root, RUN)
    page.get_by_role("button", name="Copy as Python").click()
    expect(page.get_by_text("Copied: Python that opens this run").first).to_be_visible()
    code = page.evaluate("navigator.clipboard.readText()")
    monkeypatch.setenv("SAMPLEWISE_ROOT", str(journeys_root))
    names: dict[str, Run] = {}
    exec(code, names)  # this is what a person does with it
    assert names["run"].name == "baseline"


def test_the_address_copied_by_the_button_holds_no_token(open_page, journeys_root):
    page = open_page(journeys_root, COMPARED)
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("Link copied").first).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.url
    assert "token" not in copied
