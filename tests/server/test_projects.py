"""Projects, runs and saved views over HTTP, against the store itself."""

import shutil

import pytest

import samplewise as sw


def test_the_list_of_projects_counts_what_they_hold(browser, drawn_root):
    told = browser.get("/api/projects")
    assert told["root"] == str(drawn_root)
    assert [(p["name"], p["runs"], p["tables"], p["running"]) for p in told["projects"]] == [
        ("demo", 3, 3, 0)
    ]


def test_a_project_lists_its_runs_the_youngest_first(browser):
    told = browser.get("/api/projects/demo")
    assert [(run["name"], run["status"]) for run in told["runs"]] == [
        ("broken", "failed"),
        ("second", "completed"),
        ("first", "completed"),
    ]
    assert told["runs"][0]["error"] == "RuntimeError: out of memory"
    assert told["runs"][2]["parameters"]["training.lr"] == 0.1
    parents = {table["name"]: table["parent"] for table in told["tables"]}
    assert parents == {"train": None, "val": None, "val_0000": "val"}


@pytest.mark.parametrize("path", ["", "/views"])
def test_a_project_that_is_not_there_is_said_and_not_made(make_browser, own_root, path):
    client = make_browser(own_root).client
    told = client.get(f"/api/projects/dmo{path}")
    assert told.status_code == 404
    assert "did you mean `demo`" in told.json()["hint"]
    assert client.put("/api/projects/dmo/views", json={"views": []}).status_code == 404
    assert not (own_root / "dmo").exists()


def test_the_page_of_a_run_has_its_collections_and_its_map(browser):
    told = browser.get("/api/runs/demo/first")
    rows = {(s["source"]["split"], s["source"]["epoch"]): s["rows"] for s in told["sources"]}
    assert rows == {("val", 0): 24, ("val", 2): 24, ("val", 4): 24, ("train", 4): 12}
    assert [each["column"] for each in told["reductions"]] == ["embedding_pca"]
    assert len(told["collections"]) == 4


def test_curves_are_the_aggregates_of_the_run(browser):
    curves = {
        (c["split"], c["name"]): c for c in browser.get("/api/runs/demo/first/curves")["curves"]
    }
    assert curves["val", "loss"]["epochs"] == [0, 1, 2, 3, 4]
    assert curves["val", "loss"]["values"] == [2 / (epoch + 1) for epoch in range(5)]
    assert set(curves) == {("val", "loss"), ("val", "mAP@0.50"), ("train", "loss")}


def test_what_people_write_about_a_run_is_kept(make_browser, own_root):
    client = make_browser(own_root).client
    told = client.patch("/api/runs/demo/first", json={"notes": "good", "tags": ["a", "b", "a"]})
    assert (told.json()["row"]["notes"], told.json()["row"]["tags"]) == ("good", ["a", "b"])
    run = sw.Run.from_names("first", "demo", str(own_root))
    assert (run.notes, run.tags, run.description) == ("good", ["a", "b"], "drawn")


def test_saved_views_are_kept_in_the_project(make_browser, own_root):
    views = {"views": [{"name": "worst", "path": "/p/demo/runs/first?tab=samples"}]}
    assert make_browser(own_root).client.put("/api/projects/demo/views", json=views).json() == views
    assert make_browser(own_root).get("/api/projects/demo/views") == views


@pytest.mark.parametrize(
    "path", ["javascript:alert(1)", "https://evil.example", "//evil.example", "/p/a?token=x"]
)
def test_a_view_leads_to_a_page_of_ours_and_holds_no_token(make_browser, own_root, path):
    views = {"views": [{"name": "x", "path": path}]}
    told = make_browser(own_root).client.put("/api/projects/demo/views", json=views)
    assert told.status_code == 400
    assert make_browser(own_root).get("/api/projects/demo/views") == {"views": []}


def test_a_run_with_a_damaged_document_does_not_hide_the_others(make_browser, own_root):
    (own_root / "demo" / "runs" / "broken" / "run.json").write_text("{")
    told = make_browser(own_root).get("/api/projects/demo")
    assert {run["name"]: run["problem"] is None for run in told["runs"]} == {
        "first": True,
        "second": True,
        "broken": False,
    }


def test_metrics_are_shown_when_the_rows_of_their_table_are_gone(make_browser, own_root):
    shutil.rmtree(own_root / "demo" / "datasets" / "scenes" / "rows")
    browser = make_browser(own_root)
    source = next(
        each["source"]
        for each in browser.get("/api/runs/demo/first")["sources"]
        if each["source"]["split"] == "val"
    )
    told = browser.post("/api/source", source=source)
    assert {column["origin"] for column in told["columns"]} == {"key", "metric"}
    assert browser.post("/api/count", source=source)["count"] == 24
