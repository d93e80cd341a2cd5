"""What a user's metric means, as the page is told."""

import samplewise as sw
from samplewise.server import wire
from samplewise.server.catalog import Catalog
from samplewise.storage import Store


def told_of(root, kinds):
    """What the page is told of a collection with these metrics."""
    with sw.Run.create("p", "r", root_url=str(root)) as run:
        run.add_metrics({name: [1.0, 3.0, 2.0] for name in ("f1", "blur", "other")}, kinds)
    catalog = Catalog(Store(str(root)))
    (found,) = catalog.sources_of(catalog.run("p", "r"))
    return catalog.open(found.source).info


def test_the_page_ranks_by_the_users_own_metric_and_calls_it_as_the_schema_does(tmp_path):
    blur = sw.schemas.Float(better="lower", title="B", unit="px", prominence=10)
    info = told_of(tmp_path, {"blur": blur, "f1": sw.schemas.Float(better="higher", prominence=9)})
    told = next(column for column in info.columns if column.name == "blur")
    assert (told.better, told.title, told.unit, told.prominence) == ("lower", "B", "px", 10)
    assert info.main_metric == "blur"
    assert info.worst_first == [wire.Sort("blur", True), wire.Sort("f1", False)]


def test_where_no_metric_says_which_way_is_better_the_page_is_told_no_order(tmp_path):
    info = told_of(tmp_path, {})
    assert (info.main_metric, info.worst_first) == (None, [])
    assert {column.better for column in info.columns} == {None}
