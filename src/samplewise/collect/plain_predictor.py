"""A plain PyTorch model or function as the engine asks it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import nn

from samplewise._arguments import shorten
from samplewise.collect.guard import evaluating
from samplewise.collect.predictor import Batch, Item
from samplewise.errors import CollectionError, InvalidArgumentError
from samplewise.schema.image_reader import read_pixels


def load_image(url: str) -> Item:
    """RGB in [0, 1], float32, shape `(3, h, w)`, in the size of the image on disk."""
    pixels = read_pixels(url).transpose(2, 0, 1)
    return Item(pixels.astype(np.float32) / 255, None)


class PlainPredictor:
    """A function from a batch of images to predictions; a network is such a function.

    A subclass with other images overrides `load` (with what pickles), one with other output
    `finish`.

    ```python
    def predict(images):                      # (b, 3, h, w), RGB in [0, 1], on the CPU
        return [PredictedBoxes(...) for each in images]     # pixels of the image on disk
    ```

    Args:
        function: Called with the images of a batch, all of one size. A network is called on its
            own device, in evaluation mode.
        load: Reads and preprocesses the image at a URL; None: RGB in [0, 1] in its own size.
        embedding_layer: Dotted name of the module of the network that is pooled into embeddings.
        class_names: Of the network, in the order of its outputs; None: those of the Table.

    Raises:
        InvalidArgumentError: `function` cannot be called.
    """

    class_names: Sequence[str] | None = None

    def __init__(
        self,
        function: Callable[[torch.Tensor], Any],
        *,
        load: Callable[[str], Item] | None = None,
        embedding_layer: str | None = None,
        class_names: Sequence[str] | None = None,
    ) -> None:
        if not callable(function):
            raise InvalidArgumentError(
                "`predictor` must be a network, a function of a batch of images or a `Predictor`, "
                f"but is {shorten(function)}."
            )
        self.function = function
        self.network = function if isinstance(function, nn.Module) else nn.Module()
        self.load = load or load_image
        self.class_names = class_names
        self._layer = embedding_layer

    @property
    def embedding_layer(self) -> str:
        """Dotted name of the module that is pooled.

        Raises:
            InvalidArgumentError: None was named, or there is no network.
        """
        if self._layer is None or self.network is not self.function:
            raise InvalidArgumentError(
                "embeddings must come from a named layer of a network, but none is named.",
                hint="give the predictor the network and embedding_layer=...",
            )
        return self._layer

    @contextmanager
    def running(self) -> Iterator[None]:
        """The network in evaluation mode; afterwards every module is as it was."""
        with evaluating(self.network):
            yield

    def prepare(self, inputs: torch.Tensor) -> nn.Module:
        """The network."""
        return self.network

    def forward(self, inputs: torch.Tensor) -> Any:
        """What the function returns, without gradients."""
        parameter = next(self.network.parameters(), None)
        with torch.no_grad():
            return self.function(inputs if parameter is None else inputs.to(parameter.device))

    def finish(self, raw: Any, batch: Batch) -> list[Any]:
        """One prediction an image.

        Raises:
            CollectionError: There are more or fewer.
        """
        if not hasattr(raw, "__len__") or len(raw) != len(batch):
            raise CollectionError(
                f"the predictor must return one prediction for each of the {len(batch)} images of "
                f"its batch, but returned {shorten(raw)}.",
                hint="return a list of samplewise.tasks.PredictedBoxes, or of its siblings",
            )
        return list(raw)

    def boxes_to_input(self, boxes: np.ndarray, metadata: Any) -> np.ndarray:
        """Boxes as they are: the network takes images in their own size."""
        return boxes

    def combine(self, predictions: Sequence[Any]) -> list[Any]:
        """A list."""
        return list(predictions)
