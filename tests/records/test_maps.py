"""Embeddings of a run: maps of them, neighbours, movement, metrics."""

import sys

import numpy as np
import pyarrow as pa
import pytest

from samplewise.embeddings import PCAReducer, nearest_neighbours, outlier_scores
from samplewise.errors import InvalidArgumentError, NotFoundError
from samplewise.records.nearest import SearchCache, movement, nearest_samples
from samplewise.records.vacuum import vacuum
from samplewise.schema import TableSchema
from samplewise.schemas import EmbeddingSchema, ListSchema
from samplewise.storage import Store
from samplewise.tables import Run

EPOCHS, SPLITS, ROWS, SIZE = (0, 3), ("train", "val"), 12, 6


def drawn(epoch: int, split: str, n: int = ROWS) -> np.ndarray:
    """Two clusters, each sample near the same place in all epochs."""
    fixed, noise = np.random.default_rng(len(split)), np.random.default_rng(epoch)
    centres = np.where(np.arange(n)[:, None] % 2, 4.0, -4.0) * np.linspace(1, 2, SIZE)
    spread = fixed.normal(size=(n, SIZE)) + 0.05 * noise.normal(size=(n, SIZE))
    return (centres + spread).astype(np.float32)


def add(run: Run, epoch: int | None, split: str, vectors: np.ndarray, url: str | None = None):
    kinds = {"embedding": EmbeddingSchema(vectors.shape[1])}
    run.add_metrics({"embedding": vectors}, kinds, url, epoch=epoch, split=split)


@pytest.fixture
def filled(run: Run) -> Run:
    """Two epochs of two splits."""
    for epoch in EPOCHS:
        for split in SPLITS:
            add(run, epoch, split, drawn(epoch, split))
    return run


def column_of(run: Run, name: str, epoch: int | None = None, split: str | None = None) -> list:
    return run.metrics([name], epoch=epoch, split=split).column(name).to_pylist()


# Maps


def test_several_maps_stand_beside_each_other(filled: Run):
    names = [
        filled.reduce_embeddings("pca"),
        filled.reduce_embeddings("pca", 3),
        filled.reduce_embeddings("pca", name="first", reference=0),
    ]
    assert names == ["embedding_pca", "embedding_pca_3d", "first"]
    assert [record["column"] for record in filled.reductions] == names
    rows = filled.metrics(names)
    assert [rows.column(name).null_count for name in names] == [0, 0, 0]
    assert [rows.column(name).type.list_size for name in names] == [2, 3, 2]


def test_a_map_of_the_same_name_is_replaced(filled: Run):
    filled.reduce_embeddings("pca", reference=0)
    before = column_of(filled, "embedding_pca")
    filled.reduce_embeddings("pca", reference=3)
    assert [record["reference"] for record in filled.reductions] == [3]
    assert column_of(filled, "embedding_pca") != before


def test_coordinates_are_those_of_a_reducer_fitted_on_the_last_epoch(filled: Run):
    filled.reduce_embeddings("pca")
    reducer = PCAReducer()
    reducer.fit(np.concatenate([drawn(3, split) for split in SPLITS]))
    for epoch in EPOCHS:
        places = column_of(filled, "embedding_pca", epoch, "val")
        np.testing.assert_allclose(places, reducer.transform(drawn(epoch, "val")), atol=1e-6)


def test_pacmap_places_in_another_process_what_it_placed_before(run: Run):
    for epoch in EPOCHS:
        add(run, epoch, "val", drawn(epoch, "val", 50))
    assert run.reduce_embeddings() == "embedding_pacmap"
    assert [record["used_method"] for record in run.reductions] == ["pacmap"]
    placed = run.place_embeddings(drawn(0, "val", 50))
    np.testing.assert_array_equal(placed, column_of(run, "embedding_pacmap", 0))


def test_principal_axes_need_no_further_package(root: str, run_python):
    (said,) = run_python(f"""
import sys
for name in ("sklearn", "scipy", "numba", "pacmap", "umap", "faiss"):
    sys.modules[name] = None  # as if it were not installed
import numpy as np, samplewise as sw
from samplewise.tables import Run
run = Run.create("p", "r", root_url={root!r})
x = np.random.default_rng(0).normal(size=(9, 4)).astype("float32")
run.add_metrics({{"embedding": x}}, {{"embedding": sw.schemas.EmbeddingSchema(4)}}, epoch=0)
print(run.reduce_embeddings("pca"), run.metrics(["embedding_pca"]).column(0).null_count)
""")
    assert said.split() == ["embedding_pca", "0"]


def test_a_bar_is_shown_to_those_who_watch(filled: Run, monkeypatch, capsys):
    filled.reduce_embeddings("pca")
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    filled.reduce_embeddings("pca")
    assert "reducing embeddings" in capsys.readouterr().err


def test_trustworthiness_is_stored_per_epoch_and_split(filled: Run):
    filled.reduce_embeddings("pca")
    scores = filled.reductions[-1]["trustworthiness"]
    assert [(s["epoch"], s["split"]) for s in scores] == [(e, s) for e in EPOCHS for s in SPLITS]
    assert all(0.5 < score["value"] <= 1 for score in scores)


def test_the_reducer_of_a_map_that_was_replaced_is_gone(filled: Run, root: str):
    def reducers() -> list[str]:
        return [file.path for file in Store(root).files("") if "/reducers/" in file.path]

    filled.reduce_embeddings("pca", reference=0)
    filled.reduce_embeddings("pca", name="other", reference=0)
    filled.reduce_embeddings("pca", reference=3)
    assert len(reducers()) == 2
    filled.place_embeddings(drawn(0, "val"), "other")
    filled.reduce_embeddings("pca", name="other", reference=3)
    assert len(reducers()) == 1


def test_a_map_takes_the_place_of_no_metric(filled: Run):
    filled.add_metrics({"f1": [1.0] * ROWS}, epoch=3, split="val")
    with pytest.raises(InvalidArgumentError, match="`name` must not be that of a column of metric"):
        filled.reduce_embeddings("pca", name="f1")
    with pytest.raises(InvalidArgumentError, match="but `embedding` is"):
        filled.reduce_embeddings("pca", name="embedding")


def test_other_columns_are_not_reduced(run: Run):
    run.add_metrics({"f1": [0.5, 0.5]})
    with pytest.raises(InvalidArgumentError, match="`column` must hold vectors, but `f1` holds"):
        run.reduce_embeddings("pca", column="f1")
    with pytest.raises(NotFoundError, match="has no column `embedding` of vectors"):
        run.reduce_embeddings("pca")


OBJECTS = {"objects": ListSchema(EmbeddingSchema(SIZE))}


def test_objects_are_placed_on_one_map_in_lists_as_long_as_theirs(run: Run):
    vectors = drawn(0, "val")
    lists = [list(vectors[:5]), [], None, [vectors[5], None], list(vectors[6:])]
    run.add_metrics({"objects": lists}, OBJECTS, epoch=0)
    run.add_metrics({"objects": [list(drawn(1, "val", 3))], "f1": [1.0]}, OBJECTS, epoch=1)
    assert run.reduce_embeddings("pca", column="objects", reference=0) == "objects_pca"
    first, later = (column_of(run, "objects_pca", epoch) for epoch in (0, 1))
    assert [None if each is None else len(each) for each in first + later] == [5, 0, None, 2, 6, 3]
    assert first[3][1] is None
    reducer = PCAReducer()
    expected = reducer.fit(vectors)
    placed = [place for each in first for place in each or [] if place is not None]
    np.testing.assert_allclose(placed, expected, atol=1e-5)
    np.testing.assert_allclose(later[0], reducer.transform(drawn(1, "val", 3)), atol=1e-5)


def test_objects_that_came_later_are_placed_on_the_same_map(run: Run):
    run.add_metrics({"objects": [list(drawn(0, "val"))]}, OBJECTS, epoch=0)
    run.reduce_embeddings("pca", column="objects")
    before = column_of(run, "objects_pca", 0)
    new = drawn(1, "val", 4)
    run.add_metrics({"objects": [list(new[:3]), [], list(new[3:])]}, OBJECTS, epoch=1)
    assert (run.extend_map(), run.extend_map()) == (4, 0)
    placed = [place for each in column_of(run, "objects_pca", 1) for place in each]
    np.testing.assert_allclose(placed, run.place_embeddings(new), atol=1e-6)
    assert column_of(run, "objects_pca", 0) == before


def test_images_without_objects_cannot_be_placed(run: Run):
    run.add_metrics({"objects": [[], None]}, OBJECTS)
    with pytest.raises(InvalidArgumentError, match="must have a row of finite numbers"):
        run.reduce_embeddings("pca", column="objects")


def test_a_reducer_that_no_map_names_is_swept(filled: Run, root: str):
    """A process may end after it wrote the reducer and before the map."""
    filled.reduce_embeddings("pca")
    filled.stored.write_file(f"reducers/{'0' * 64}", b"left")
    assert [path.rpartition("/")[2] for path in vacuum(Store(root), older_than_h=0).paths] == [
        "0" * 64
    ]
    assert len(filled.place_embeddings(drawn(0, "val"))) == ROWS


def test_dropped_embeddings_free_their_room(run: Run, root: str):
    big = np.random.default_rng(0).normal(size=(2_000, 64)).astype(np.float32)
    run.add_metrics(
        {"embedding": big, "f1": np.arange(2_000) / 2_000},
        {"embedding": EmbeddingSchema(64)},
        epoch=0,
    )
    run.reduce_embeddings("pca", keep_embeddings=False)
    run.close()
    store, streams = Store(root), "p/runs/r/" + run.id + "/streams"
    assert sum(file.size_bytes for file in store.files(streams)) > big.nbytes
    vacuum(store, older_than_h=0)
    assert sum(file.size_bytes for file in store.files(streams)) < big.nbytes / 5
    rows = run.metrics(["example_id", "f1", "embedding_pca"])
    assert "embedding" not in run.metrics().column_names
    np.testing.assert_array_equal(rows.column("f1"), np.arange(2_000) / 2_000)
    np.testing.assert_allclose(
        rows.column("embedding_pca").to_pylist(), PCAReducer().fit(big), atol=1e-6
    )


def test_rows_that_were_collected_later_are_placed_on_the_same_map(filled: Run, make_table):
    filled.reduce_embeddings("pca")
    before = column_of(filled, "embedding_pca")
    later = make_table({"x": list(range(4))})
    add(filled, None, "new", drawn(0, "later", 4), later.url)
    assert column_of(filled, "embedding_pca", split="new") == [None] * 4
    assert filled.extend_map() == 4
    assert column_of(filled, "embedding_pca", split="new") == pytest.approx(
        filled.place_embeddings(drawn(0, "later", 4))
    )
    assert column_of(filled, "embedding_pca")[: len(before)] == before
    assert filled.reductions[-1]["trustworthiness"][-1]["split"] == "new"
    assert filled.extend_map("embedding_pca") == 0


def test_rows_after_dropped_embeddings_are_placed_too(filled: Run):
    filled.reduce_embeddings("pca", keep_embeddings=False)
    add(filled, 4, "val", drawn(4, "val"))
    assert filled.extend_map() == ROWS
    assert pa.compute.sum(filled.metrics().column("embedding_pca").is_valid()).as_py() == 5 * ROWS


def test_a_second_map_leaves_places_alone_whose_embeddings_are_gone(filled: Run):
    filled.reduce_embeddings("pca", keep_embeddings=False)
    before = column_of(filled, "embedding_pca", 0)
    add(filled, 4, "val", drawn(4, "val"))
    assert filled.reduce_embeddings("pca") == "embedding_pca_0000"
    assert column_of(filled, "embedding_pca", 0) == before
    with pytest.raises(InvalidArgumentError, match="a map with rows whose embeddings are gone"):
        filled.reduce_embeddings("pca", name="embedding_pca")


def test_a_map_that_does_not_exist_is_named(filled: Run):
    with pytest.raises(NotFoundError, match="has no map") as caught:
        filled.extend_map()
    assert "run.reduce_embeddings()" in str(caught.value)
    filled.reduce_embeddings("pca")
    with pytest.raises(NotFoundError, match="has no map `embedding_pcaa`"):
        filled.place_embeddings(drawn(0, "val"), "embedding_pcaa")


# Neighbours


def test_neighbours_are_those_of_a_full_search(filled: Run):
    found = filled.neighbours(5, k=4, split="val")
    x = drawn(3, "val")
    expected = nearest_neighbours(x, 4, metric="cosine")
    assert found.column("example_id").to_pylist() == expected.indices[5].tolist()
    np.testing.assert_allclose(found.column("distance"), expected.distances[5], atol=1e-7)


def test_neighbours_may_be_searched_in_another_split(filled: Run):
    found = filled.neighbours(5, k=3, epoch=0, split="val", within_split="train")
    expected = nearest_neighbours(
        drawn(0, "train"), 3, queries=drawn(0, "val")[5:6], metric="cosine"
    )
    assert found.column("example_id").to_pylist() == expected.indices[0].tolist()


def test_neighbours_on_a_map_are_euclidean(filled: Run):
    filled.reduce_embeddings("pca")
    places = np.array(column_of(filled, "embedding_pca", 3, "val"))
    found = filled.neighbours(0, k=2, split="val", column="embedding_pca")
    expected = nearest_neighbours(places, 2)
    assert found.column("example_id").to_pylist() == expected.indices[0].tolist()
    np.testing.assert_allclose(found.column("distance"), expected.distances[0], rtol=1e-5)


def test_nearest_objects_are_found_by_image_and_index(run: Run):
    vectors = drawn(0, "val", 6)
    lists = [list(vectors[:3]), [], list(vectors[3:])]
    run.add_metrics({"objects": lists}, {"objects": ListSchema(EmbeddingSchema(SIZE))}, epoch=0)
    found = run.neighbours(2, k=2, column="objects", object_id=1)
    expected = nearest_neighbours(vectors, 2, metric="cosine").indices[4]
    owners = [(0, 0), (0, 1), (0, 2), (2, 0), (2, 1), (2, 2)]
    pairs = zip(*(found.column(n).to_pylist() for n in ("example_id", "object_id")), strict=True)
    assert list(pairs) == [owners[row] for row in expected]
    with pytest.raises(InvalidArgumentError, match="`object_id` must say which object"):
        run.neighbours(2, column="objects")
    with pytest.raises(NotFoundError, match="no sample 1, object 0"):
        run.neighbours(1, column="objects", object_id=0)


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({}, InvalidArgumentError, "must name one collection, but there are epoch 3, split train"),
        ({"split": "test"}, NotFoundError, "has no `embedding` of split test"),
        ({"split": "val", "epoch": 1}, NotFoundError, "of epoch 1, split val"),
        ({"split": "val", "column": "f2"}, NotFoundError, "no column `f2` of vectors"),
        ({"split": "val", "object_id": 0}, InvalidArgumentError, "`object_id` must be left out"),
        ({"split": "val", "k": 0}, InvalidArgumentError, "`k` must be a whole number"),
    ],
)
def test_a_question_that_has_no_answer_says_why(filled: Run, options, error, said):
    with pytest.raises(error, match=said):
        filled.neighbours(0, **options)


def test_a_sample_without_embedding_has_no_neighbours(run: Run):
    vectors = drawn(0, "val")
    vectors[3] = np.nan
    add(run, 0, "val", vectors)
    assert run.neighbours(3).num_rows == 0
    assert 3 not in run.neighbours(0, k=ROWS).column("example_id").to_pylist()


def test_a_cache_reads_once_until_something_is_written(filled: Run, monkeypatch):
    from samplewise.records import nearest

    reads = []
    read = nearest.collection_vectors
    monkeypatch.setattr(nearest, "collection_vectors", lambda *a: reads.append(a) or read(*a))
    cache, key = SearchCache(), (3, "val", None)
    for example in range(3):
        nearest_samples(filled.stored, "embedding", example, key, cache=cache)
    assert len(reads) == 1
    add(filled, 4, "val", drawn(4, "val"))
    nearest_samples(filled.stored, "embedding", 0, key, cache=cache)
    assert len(reads) == 2


def test_a_full_cache_forgets_what_was_asked_longest_ago(filled: Run):
    cache = SearchCache(max_bytes=1)
    for split in SPLITS:
        nearest_samples(filled.stored, "embedding", 0, (3, split, None), cache=cache)
    assert [name[2] for name in cache._kept] == [(3, "val", None)]


# Movement


def test_movement_is_the_distance_between_two_places(filled: Run):
    filled.reduce_embeddings("pca")
    moved = filled.movement(0, 3, split="val")
    first, second = (np.array(column_of(filled, "embedding_pca", e, "val")) for e in EPOCHS)
    by_id = {row["example_id"]: row["distance"] for row in moved.to_pylist()}
    expected = np.linalg.norm(first - second, axis=1)
    np.testing.assert_allclose([by_id[i] for i in range(ROWS)], expected, atol=1e-6)
    distances = moved.column("distance").to_pylist()
    assert distances == sorted(distances, reverse=True)


def test_movement_knows_only_samples_that_have_a_place_in_both_epochs(run: Run):
    vectors = drawn(0, "val")
    add(run, 0, "val", vectors[:5])
    vectors = vectors.copy()
    vectors[1] = np.nan
    add(run, 1, "val", vectors)
    found = movement(run, "embedding", (0, "val", None), (1, "val", None))
    assert found.example_ids.tolist() == [0, 2, 3, 4]
    np.testing.assert_allclose(found.distances, 0, atol=1e-12)


# Metrics


def test_outliers_and_duplicates_are_metrics_of_the_run(filled: Run):
    train = drawn(5, "train")
    train[7], train[9] = train[2] * 2, train[2]
    val = drawn(5, "val")
    val[0] = train[4]
    val[1] = np.nan
    add(filled, 5, "train", train)
    add(filled, 5, "val", val)
    names = filled.add_embedding_metrics(k=3, threshold=1e-4)
    rows = filled.metrics(["example_id", *names], epoch=5, split="train").to_pydict()
    np.testing.assert_allclose(
        rows["outlier_score"], outlier_scores(train, 3, metric="cosine"), atol=1e-6
    )
    assert rows["near_duplicates"] == [2 if i in (2, 7, 9) else 0 for i in range(ROWS)]
    assert rows["duplicate_of"] == [2 if i in (7, 9) else None for i in range(ROWS)]
    assert rows["near_duplicates_elsewhere"] == [int(i == 4) for i in range(ROWS)]
    second = filled.metrics(names, epoch=5, split="val").to_pylist()[1]
    assert set(second.values()) == {None}


def test_metrics_of_other_epochs_stay(filled: Run):
    filled.add_embedding_metrics(epoch=0)
    before = column_of(filled, "outlier_score", 0)
    assert None not in before
    assert column_of(filled, "outlier_score", 3) == [None] * 2 * ROWS
    filled.add_embedding_metrics()
    assert column_of(filled, "outlier_score", 0) == before
    assert None not in column_of(filled, "outlier_score", 3)
    with pytest.raises(InvalidArgumentError, match="`epoch` must have embeddings, but 1 has none"):
        filled.add_embedding_metrics(epoch=1)


def test_metrics_know_what_they_mean_and_what_was_taken_for_a_copy(filled: Run):
    filled.add_embedding_metrics(threshold=0.0125)
    described = TableSchema.from_arrow(filled.metric_streams[0].arrow_schema)
    said = described["near_duplicates"].description
    assert said.endswith("near copies in epoch 3 are at most 0.013 apart (cosine)")
    assert described["outlier_score"].description.startswith("mean cosine distance")


def test_a_network_that_tells_nothing_apart_is_noticed(run: Run, capfd):
    add(run, 0, "val", np.ones((ROWS, SIZE), np.float32))
    run.add_embedding_metrics()
    assert "12 of 12 samples have near copies" in capfd.readouterr().err
