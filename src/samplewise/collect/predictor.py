"""What a framework gives the engine: a model that can be asked about images."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, runtime_checkable

import numpy as np
import torch


class Item(NamedTuple):
    """One image, ready for the network.

    Attributes:
        image: As the network takes it, usually `(3, h, w)`; any dtype, made the network's own
            on the device.
        metadata: What `finish` needs to come back to the image as it lies on disk. Small: it is
            kept until the predictions of its chunk are made.
    """

    image: np.ndarray
    metadata: Any


@dataclass(frozen=True)
class Batch:
    """Images of one shape that go through the network together.

    Attributes:
        rows: Where they stand in the list of URLs, ascending.
        urls: Where they lie.
        inputs: On the CPU, shape `(b, 3, h, w)`.
        metadata: One for each image.
    """

    rows: list[int]
    urls: list[str]
    inputs: torch.Tensor
    metadata: list[Any]

    def __len__(self) -> int:
        return len(self.rows)

    def part(self, start: int, size: int) -> "Batch":
        """The `size` images from `start` on; shares memory."""
        here = slice(start, start + size)
        return Batch(self.rows[here], self.urls[here], self.inputs[here], self.metadata[here])


@runtime_checkable
class Predictor(Protocol):
    """A model that can be asked about images.

    The engine calls it in this order:

    ```
    with running():
        load(url)            in DataLoader workers, as often as there are images
        prepare(inputs)      -> the network that will run, for a hook on its embedding layer
        forward(inputs)      -> raw: exactly one pass of that network
        finish(raw, batch)   -> one prediction per image, in pixels of the image on disk
    ```

    Attributes:
        load: Reads and preprocesses one image. It travels to worker processes, so it must
            pickle and must not hold the network.
    """

    load: Callable[[str], Item]

    @property
    def embedding_layer(self) -> str:
        """Dotted name of the module whose output is pooled into embeddings.

        Raises:
            InvalidArgumentError: None is known for this network.
        """
        ...

    def running(self) -> AbstractContextManager[None]:
        """While inside, the network is ready to predict; afterwards its modes are as before."""
        ...

    def prepare(self, inputs: torch.Tensor) -> torch.nn.Module:
        """The network that `forward` runs on inputs like these."""
        ...

    def forward(self, inputs: torch.Tensor) -> Any:
        """The network's own output for a batch on the CPU. One pass."""
        ...

    def finish(self, raw: Any, batch: Batch) -> list[Any]:
        """Predictions of a batch, one per image; none of them holds its image."""
        ...

    def boxes_to_input(self, boxes: np.ndarray, metadata: Any) -> np.ndarray:
        """Boxes `(n, 4)`, `xyxy`, from pixels of the image to pixels of the network's input.

        Raises:
            InvalidArgumentError: This task has no boxes.
        """
        ...

    def combine(self, predictions: Sequence[Any]) -> Any:
        """Predictions of several images as the framework hands them to its users."""
        ...
