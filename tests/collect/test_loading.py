"""Images on their way to the network."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from samplewise.collect import infer
from samplewise.collect.loading import _worker_args, check_dataloader_args
from samplewise.errors import CollectionError, InvalidArgumentError


@pytest.mark.parametrize("workers", [0, 2])
def test_a_broken_image_costs_its_row_only(
    toy: Any, pictures: list[str], tmp_path: Path, workers: int
):
    broken = tmp_path / "broken.png"
    broken.write_bytes(Path(pictures[0]).read_bytes()[:300])
    urls = [*pictures[:2], str(broken), pictures[2], str(tmp_path / "gone.png"), pictures[3]]
    chunks = list(infer(toy, urls, batch_size=2, dataloader_args={"num_workers": workers}))
    assert [row for chunk in chunks for row in chunk.rows] == [0, 1, 3, 5]
    failures = [failure for chunk in chunks for failure in chunk.failures]
    assert [(failure.row, failure.url) for failure in failures] == [(2, urls[2]), (4, urls[4])]
    assert "truncated" in failures[0].error
    assert failures[1].error.startswith("FileNotFoundError: ")


def test_a_chunk_of_broken_images_is_empty(toy: Any):
    (chunk,) = infer(toy, ["a.png", "b.png"], embeddings=True)
    assert len(chunk) == 0
    assert chunk.predictions == []
    assert [failure.row for failure in chunk.failures] == [0, 1]


def test_images_of_several_shapes_go_in_batches_of_their_own(
    toy: Any, pictures: list[str], tmp_path: Path
):
    from PIL import Image

    Image.new("RGB", (40, 20), "red").save(tmp_path / "wide.png")
    urls = [pictures[0], str(tmp_path / "wide.png"), pictures[1]]
    (chunk,) = infer(toy, urls, embeddings=True)
    assert toy.sizes == [2, 1]
    alone = [next(infer(toy, [url], embeddings=True)) for url in urls]
    np.testing.assert_allclose(chunk.embeddings, [each.embeddings[0] for each in alone], rtol=1e-5)
    assert chunk.urls == urls


def test_shuffling_is_refused():
    with pytest.raises(InvalidArgumentError) as caught:
        check_dataloader_args({"shuffle": True})
    assert str(caught.value) == snapshot(
        "`dataloader_args` must not shuffle, but `shuffle` is true.\n"
        "Hint: leave `shuffle` out: metrics are stored in the order of the table"
    )


@pytest.mark.parametrize("name", ["sampler", "batch_sampler", "drop_last", "collate_fn"])
def test_what_would_change_the_rows_is_refused(name: str):
    with pytest.raises(InvalidArgumentError, match="must leave the choice of rows alone"):
        check_dataloader_args({name: object()})


def test_an_unknown_argument_is_refused_with_the_closest():
    with pytest.raises(InvalidArgumentError, match="did you mean `num_workers`"):
        check_dataloader_args({"num_worker": 2})


def test_a_batch_size_is_ignored(toy: Any, pictures: list[str]):
    args = {"batch_size": 1, "shuffle": False, "num_workers": 0}
    list(infer(toy, pictures, batch_size=4, dataloader_args=args))
    assert toy.sizes == [4, 3]


def test_eight_workers_by_default():
    assert _worker_args({}, n_chunks=100, chunks_in_memory=32)["num_workers"] == 8


@given(
    args=st.fixed_dictionaries(
        {}, optional={"num_workers": st.integers(0, 20), "prefetch_factor": st.integers(1, 9)}
    ),
    n_chunks=st.integers(0, 40),
    chunks_in_memory=st.integers(1, 40),
)
def test_workers_read_no_more_ahead_than_memory_may_hold(
    args: dict[str, int], n_chunks: int, chunks_in_memory: int
):
    made = _worker_args(args, n_chunks=n_chunks, chunks_in_memory=chunks_in_memory)
    workers = made["num_workers"]
    assert workers <= min(args.get("num_workers", 8), n_chunks)
    if workers:
        assert workers * made["prefetch_factor"] + 1 <= chunks_in_memory


def test_a_worker_that_dies_is_an_error_with_a_way_out(make_toy: Any, pictures: list[str]):
    toy = make_toy()
    toy.load = die
    with pytest.raises(CollectionError, match="a process that loads images died") as caught:
        list(infer(toy, pictures, batch_size=3, dataloader_args={"num_workers": 2}))
    assert "num_workers" in str(caught.value)


def test_other_arguments_reach_the_loader(toy: Any, pictures: list[str], tmp_path: Path):
    def mark(worker: int) -> None:
        (tmp_path / str(worker)).touch()

    args = {"num_workers": 2, "worker_init_fn": mark}
    list(infer(toy, pictures, batch_size=3, dataloader_args=args))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0", "1"]


def die(_url: str) -> None:
    import os

    os._exit(3)
