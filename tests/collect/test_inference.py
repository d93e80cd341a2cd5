"""The loop over all rows."""

import gc
import subprocess
import sys
import textwrap
from contextlib import closing
from typing import Any

import numpy as np
import pytest
import torch

from samplewise.collect import infer, rows_of_rank
from samplewise.errors import InvalidArgumentError

IN_PROCESS = {"num_workers": 0}


def test_every_row_is_asked_about_once_in_order(toy: Any, pictures: list[str]):
    chunks = list(infer(toy, pictures, batch_size=2, dataloader_args={"num_workers": 2}))
    assert [chunk.rows.tolist() for chunk in chunks] == [[0, 1], [2, 3], [4, 5], [6]]
    assert [url for chunk in chunks for url in chunk.urls] == pictures
    assert chunks[0].embeddings is None


@pytest.mark.parametrize("embeddings", [False, True])
def test_there_is_one_forward_pass_per_batch(toy: Any, pictures: list[str], embeddings: bool):
    calls = []
    toy.network.register_forward_hook(lambda *_: calls.append(1))
    list(infer(toy, pictures, batch_size=3, embeddings=embeddings))
    assert len(calls) == 3


def test_embeddings_are_the_pooled_layer(toy: Any, pictures: list[str]):
    (chunk,) = infer(toy, pictures, embeddings=True)
    toy.network.eval()
    inputs = torch.from_numpy(np.stack([toy.load(url).image for url in pictures]))
    with torch.no_grad():
        expected = toy.network[:2](inputs).mean(dim=(2, 3))
    assert chunk.embeddings.dtype == np.float32
    np.testing.assert_allclose(chunk.embeddings, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("batch_size", "chunk_size", "sizes", "chunks"),
    [
        (3, None, [3, 3, 1], 3),
        (2, 4, [2, 2, 2, 1], 2),
        (4, 2, [2, 2, 2, 1], 4),
        (None, None, [7], 1),
        (None, 5, [5, 2], 2),
    ],
)
def test_chunks_are_loaded_together_and_batches_asked_together(
    toy: Any, pictures: list[str], batch_size: int, chunk_size: int, sizes: list[int], chunks: int
):
    found = list(infer(toy, pictures, batch_size=batch_size, chunk_size=chunk_size))
    assert toy.sizes == sizes
    assert len(found) == chunks


@pytest.mark.parametrize("value", [0, -1, True])
@pytest.mark.parametrize("name", ["batch_size", "chunk_size"])
def test_a_size_that_is_none_is_refused_at_once(toy: Any, name: str, value: Any):
    with pytest.raises(InvalidArgumentError, match=f"`{name}` must be a positive number or None"):
        infer(toy, [], **{name: value})


def test_ranks_share_the_rows(toy: Any, pictures: list[str]):
    shares = [
        [row for chunk in infer(toy, pictures, rows=rows) for row in chunk.rows]
        for rows in (rows_of_rank(7, rank, 3) for rank in range(3))
    ]
    assert shares == [[0, 1], [2, 3], [4, 5, 6]]


def test_no_rows_give_no_chunks(toy: Any):
    assert list(infer(toy, [])) == []


def test_the_raw_output_is_shown_before_the_predictions_are_made(toy: Any, pictures: list[str]):
    def on_raw(raw: torch.Tensor, batch: Any) -> dict[str, Any]:
        return {"height": [int(raw.shape[2])] * len(batch), "row": batch.rows}

    chunks = list(infer(toy, pictures, batch_size=4, on_raw=on_raw))
    assert [chunk.columns["row"] for chunk in chunks] == [[0, 1, 2, 3], [4, 5, 6]]
    assert chunks[0].columns["height"] == [7] * 4


def test_a_column_of_another_length_is_refused(toy: Any, pictures: list[str]):
    with pytest.raises(InvalidArgumentError, match="`loss` must have one entry for each of the 7"):
        list(infer(toy, pictures, on_raw=lambda raw, batch: {"loss": [1.0]}))


def test_objects_have_embeddings_of_their_own(toy: Any, pictures: list[str]):
    def boxes(rows: list[int], predictions: list[Any]) -> list[np.ndarray]:
        return [np.array([[2, 2, 10, 10]] * row).reshape(-1, 4) for row in rows]

    none = [np.zeros((0, 4))] * 7
    (chunk,) = infer(toy, pictures, object_boxes={"some": boxes, "none": lambda *_: none})
    assert [each.shape for each in chunk.object_embeddings["some"]] == [(r, 4) for r in range(7)]
    assert [each.shape for each in chunk.object_embeddings["none"]] == [(0, 4)] * 7
    assert chunk.embeddings is None


def test_the_network_is_in_eval_mode_until_the_loop_is_closed(toy: Any, pictures: list[str]):
    with closing(infer(toy, pictures, batch_size=2, dataloader_args=IN_PROCESS)) as chunks:
        next(chunks)
        assert not toy.network.training
    assert toy.network.training


def test_no_image_outlives_its_chunk(toy: Any, pictures: list[str]):
    for _ in infer(toy, pictures, batch_size=2, dataloader_args=IN_PROCESS):
        gc.collect()
        alive = [each for each in gc.get_objects() if type(each) is torch.Tensor]
        assert [each for each in alive if each.shape[-3:] == (3, 16, 24)] == []


MEMORY = """
    import resource, sys
    from contextlib import nullcontext
    import numpy as np, torch
    from samplewise.collect import Item, infer

    class Predictor:
        load = staticmethod(lambda url: Item(np.full((3, 256, 256), float(url), np.float32), None))
        running = staticmethod(nullcontext)
        forward = staticmethod(lambda inputs: inputs.mean(dim=(1, 2, 3)))
        finish = staticmethod(lambda raw, batch: raw.tolist())

    urls = [str(number) for number in range(int(sys.argv[1]))]
    total = 0
    for chunk in infer(Predictor(), urls, batch_size=8, dataloader_args={"num_workers": 2}):
        total += len(chunk)
    assert total == len(urls)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def test_peak_memory_does_not_grow_with_the_number_of_images():
    # 600 of these images are 470 MB.
    few, many = (peak_memory_mb(n_images) for n_images in (60, 600))
    assert many < few + 60


def peak_memory_mb(n_images: int) -> int:
    command = [sys.executable, "-c", textwrap.dedent(MEMORY), str(n_images)]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


SPAWN = """
    from contextlib import nullcontext
    import numpy as np
    from samplewise.collect import Item, infer

    def load(url):
        return Item(np.full((3, 4, 4), float(url), np.float32), None)

    class Predictor:
        def __init__(self):
            self.load = load
            self.network = lambda: None  # does not pickle
        running = staticmethod(nullcontext)
        forward = staticmethod(lambda inputs: inputs.mean(dim=(1, 2, 3)))
        finish = staticmethod(lambda raw, batch: raw.tolist())

    if __name__ == "__main__":
        args = {"num_workers": 1, "multiprocessing_context": "spawn"}
        chunks = infer(Predictor(), ["3", "1", "2"], batch_size=2, dataloader_args=args)
        print([each for chunk in chunks for each in chunk.predictions])
"""


def test_workers_may_be_spawned_although_the_network_does_not_pickle(tmp_path: Any):
    script = tmp_path / "spawned.py"
    script.write_text(textwrap.dedent(SPAWN))
    done = subprocess.run([sys.executable, script], stdout=subprocess.PIPE, text=True, check=True)
    assert done.stdout == "[3.0, 1.0, 2.0]\n"
