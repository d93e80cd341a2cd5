"""One vector per image, or per object, from a map that the forward pass makes anyway."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from jaxtyping import Float32
from torch import Tensor

from samplewise.errors import CollectionError, InvalidArgumentError, did_you_mean


class FeatureMap:
    """What a layer said in the last forward pass.

    Args:
        layer: Dotted name of the module, for error messages.
    """

    def __init__(self, layer: str) -> None:
        self._layer = layer
        self._output: Any = None

    def keep(self, _module: Any, _inputs: Any, output: Any) -> None:
        """Forward hook."""
        self._output = output

    @property
    def tensor(self) -> Tensor:
        """The deepest map of the layer's output, shape `(b, d, h, w)`, `(b, n, d)` or `(b, d)`."""
        maps = [each for each in _flat(self._output) if each.ndim >= 2]
        if not maps:
            raise CollectionError(
                f"layer `{self._layer}` gave no feature map in the forward pass.",
                hint="name a layer that the network calls: `embedding_layer=...`",
            )
        # Networks order their maps both ways; the deepest has the fewest pixels, then the most
        # channels. `max` keeps the first of equals, the list is turned so that it is the last.
        return max(reversed(maps), key=lambda each: (-each[0, 0].numel(), each.shape[1]))

    def pooled(self) -> Float32[np.ndarray, "b d"]:
        """Mean over all positions, one vector per image."""
        return _vectors(self.tensor).cpu().numpy()

    def pooled_in(
        self, boxes: Sequence[np.ndarray], input_size: tuple[int, int]
    ) -> list[Float32[np.ndarray, "n d"]]:
        """Mean inside every box, one vector per box.

        Args:
            boxes: For each image its boxes, shape `(n, 4)`, `xyxy` in pixels of the network's
                input. A box smaller than a pixel counts as one pixel.
            input_size: Height and width of the network's input.

        Raises:
            CollectionError: The layer's output has no height and width.

        Source:
            Mask R-CNN, RoIAlign, with one cell per box.
        """
        from torchvision.ops import roi_align

        features = self.tensor.float()
        if features.ndim != 4:
            raise CollectionError(
                f"layer `{self._layer}` must give maps with height and width for embeddings of "
                f"objects, but its output has shape {tuple(features.shape)}.",
                hint="name an earlier layer: `embedding_layer=...`",
            )
        scale = np.array([features.shape[-1], features.shape[-2]] * 2) / (input_size[::-1] * 2)
        cells = [torch.from_numpy(_grown(each) * scale).to(features) for each in boxes]
        vectors = roi_align(features, cells, output_size=1, aligned=True).flatten(1).cpu().numpy()
        return np.split(vectors, np.cumsum([len(each) for each in cells])[:-1])


@contextmanager
def watching(network: torch.nn.Module, layer: str) -> Iterator[FeatureMap]:
    """Keep what `layer` says while inside; the network gets no trace of it.

    Raises:
        InvalidArgumentError: The network has no such module.
    """
    modules = dict(network.named_modules())
    if layer not in modules:
        raise InvalidArgumentError(
            f"`embedding_layer` must name a module of the network, but it has no `{layer}`.",
            hint=did_you_mean(layer, filter(None, modules)),
        )
    features = FeatureMap(layer)
    handle = modules[layer].register_forward_hook(features.keep)
    try:
        yield features
    finally:
        handle.remove()


def _flat(output: Any) -> Iterator[Tensor]:
    if isinstance(output, Tensor):
        yield output
    elif isinstance(output, dict):
        yield from _flat(list(output.values()))
    elif isinstance(output, list | tuple):  # YoloX fills its list with None
        for each in output:
            yield from _flat(each)


def _vectors(features: Tensor) -> Tensor:
    if features.ndim == 3:  # tokens of a transformer
        return features.float().mean(dim=1)
    return features.float().flatten(2).mean(dim=2) if features.ndim > 3 else features.float()


def _grown(boxes: np.ndarray) -> np.ndarray:
    boxes = np.asarray(boxes, dtype=np.float64).reshape(-1, 4)
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    half = np.maximum((boxes[:, 2:] - boxes[:, :2]) / 2, 0.5)
    return np.concatenate([middle - half, middle + half], axis=1)
