"""Where a sample stands among the selected ones."""

COLLECTION = {
    "kind": "metrics",
    "project": "demo",
    "run": "first",
    "stream": "metrics",
    "epoch": 4,
    "split": "val",
    "input_table_id": 0,
}


def test_samples_follow_each_other_in_the_order_of_the_list(browser):
    asked = {
        "source": COLLECTION,
        "filters": [{"kind": "range", "column": "f1", "high": 0.9}],
        "sort": [{"column": "f1", "descending": True}],
    }
    ids = browser.post("/api/rows", **asked, limit=1000).column("example_id").to_pylist()
    walked, at = [], ids[0]
    while at is not None:
        place = browser.post("/api/place", **asked, example_id=at)
        assert (place["place"], place["count"]) == (len(walked), len(ids))
        assert place["previous"] == (walked[-1] if walked else None)
        walked.append(at)
        at = place["next"]
    assert walked == ids


def test_a_sample_that_is_not_among_them_leads_to_the_first_one(browser):
    asked = {"source": COLLECTION, "filters": [{"kind": "rows", "example_ids": [5, 7]}]}
    place = browser.post("/api/place", **asked, example_id=1)
    assert place == {"place": None, "count": 2, "previous": None, "next": 5}
    nothing = [{"kind": "rows", "example_ids": []}]
    place = browser.post("/api/place", source=COLLECTION, filters=nothing, example_id=1)
    assert place == {"place": None, "count": 0, "previous": None, "next": None}
