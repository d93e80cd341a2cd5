"""Memory that runs out makes batches smaller, not a collection fail."""

from typing import Any

import numpy as np
import pytest
import torch

from samplewise.collect import infer
from samplewise.collect.batch_size import BatchSize
from samplewise.errors import CollectionError

IN_PROCESS = {"num_workers": 0}


def test_batches_are_halved_until_they_fit(make_toy: Any, pictures: list[str]):
    toy = make_toy(fits=2)
    (chunk,) = infer(toy, pictures, batch_size=7, dataloader_args=IN_PROCESS)
    assert toy.sizes == [7, 3, 1, 1, 1, 1, 1, 1, 1]
    assert chunk.batch_size == 1
    assert chunk.rows.tolist() == list(range(7))


def test_smaller_batches_give_the_same_rows(toy: Any, make_toy: Any, pictures: list[str]):
    (whole,) = infer(toy, pictures, dataloader_args=IN_PROCESS, embeddings=True)
    small = make_toy(fits=2)
    (parts,) = infer(small, pictures, dataloader_args=IN_PROCESS, embeddings=True, on_raw=sums)
    np.testing.assert_allclose(parts.predictions, whole.predictions, rtol=1e-5)
    np.testing.assert_allclose(parts.embeddings, whole.embeddings, rtol=1e-5)
    assert len(parts.columns["sum"]) == 7


def test_the_size_that_fitted_stays_for_the_chunks_after(make_toy: Any, pictures: list[str]):
    toy = make_toy(fits=2)
    chunks = list(infer(toy, pictures, batch_size=4, dataloader_args=IN_PROCESS))
    assert toy.sizes == [4, 2, 2, 2, 1]
    assert [chunk.batch_size for chunk in chunks] == [2, 2]


def test_it_is_said_once(make_toy: Any, pictures: list[str], capsys: pytest.CaptureFixture[str]):
    list(infer(make_toy(fits=1), pictures, dataloader_args=IN_PROCESS))
    assert capsys.readouterr().err.count("too many for the memory") == 1


def test_one_image_that_does_not_fit_is_an_error(make_toy: Any, pictures: list[str]):
    with pytest.raises(CollectionError, match="memory ran out for a single image: CUDA out of"):
        list(infer(make_toy(fits=0), pictures, dataloader_args=IN_PROCESS))


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory."),
        MemoryError(),
        RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried"),
    ],
)
def test_memory_runs_out_in_several_words(error: Exception):
    size = BatchSize(8)
    assert size.attempt(lambda: fail(error), 8) is None
    assert size.value == 4


def test_other_errors_pass_through():
    with pytest.raises(RuntimeError, match="shape"):
        BatchSize(8).attempt(lambda: fail(RuntimeError("shape mismatch")), 8)


def sums(raw: torch.Tensor, batch: Any) -> dict[str, list[float]]:
    return {"sum": raw.sum(dim=(1, 2, 3)).tolist()}


def fail(error: Exception) -> None:
    raise error
