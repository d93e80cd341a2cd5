"""A small network, and pictures for it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from samplewise.collect import Batch, Item
from samplewise.collect.guard import evaluating


def read(url: str) -> Item:
    """A picture as the network takes it."""
    with Image.open(url) as image:
        pixels = np.asarray(image.convert("RGB"), dtype=np.float32)
    return Item(pixels.transpose(2, 0, 1) / 255, pixels.shape[:2])


class Toy:
    """A predictor whose prediction is a number.

    Args:
        fits: How many images fit into its memory.
        broken: Fails in `finish`.
    """

    embedding_layer = "1"

    def __init__(self, *, fits: int = 1000, broken: bool = False) -> None:
        with torch.random.fork_rng():
            torch.manual_seed(0)
            self.network = nn.Sequential(
                nn.Conv2d(3, 4, 3, stride=2), nn.BatchNorm2d(4), nn.ReLU(inplace=True)
            )
        self.load = read
        self.fits, self.broken = fits, broken
        self.sizes: list[int] = []

    @contextmanager
    def running(self) -> Iterator[None]:
        with evaluating(self.network):
            yield

    def prepare(self, inputs: torch.Tensor) -> nn.Module:
        return self.network

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        self.sizes.append(len(inputs))
        if len(inputs) > self.fits:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        with torch.no_grad():
            return self.network(inputs)

    def finish(self, raw: torch.Tensor, batch: Batch) -> list[Any]:
        if self.broken:
            raise ValueError("broken")
        return [float(each.mean()) for each in raw]

    def boxes_to_input(self, boxes: np.ndarray, metadata: Any) -> np.ndarray:
        return boxes

    def combine(self, predictions: Sequence[Any]) -> list[Any]:
        return list(predictions)


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Seven pictures of 16 x 24 pixels."""
    folder = tmp_path_factory.mktemp("pictures")
    rng = np.random.default_rng(0)
    return [picture(folder / f"{index}.png", rng, (16, 24)) for index in range(7)]


def picture(path: Path, rng: np.random.Generator, size: tuple[int, int]) -> str:
    """Noise of `(height, width)` in a file."""
    Image.fromarray(rng.integers(0, 256, (*size, 3), dtype=np.uint8)).save(path)
    return str(path)


@pytest.fixture
def toy() -> Toy:
    """A predictor in train mode."""
    return Toy()


@pytest.fixture
def make_toy() -> type[Toy]:
    """Predictors with faults."""
    return Toy
