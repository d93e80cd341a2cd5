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
    """What a layer says in a forward pass.

    Args:
        layer: Dotted name of the module, for error messages.
        whole: Whether to keep the map itself beside its mean, for `pool_in`.
    """

    def __init__(self, layer: str, *, whole: bool = False) -> None:
        self._layer = layer
        self._whole = whole
        self._vectors: Tensor | None = None
        self._map: Tensor | None = None

    def hook(self, _module: Any, _inputs: Any, output: Any) -> None:
        """Forward hook: pool at once, the next layer may work in place (DenseNet does)."""
        maps = [each for each in _flat(output) if each.ndim >= 2]
        if maps:
            # Networks order their maps both ways; the deepest has the fewest pixels, then the
            # most channels. `max` takes the first of equals, turned round it is the last.
            deepest = max(reversed(maps), key=lambda each: (-each[0, 0].numel(), each.shape[1]))
            self._vectors = _vectors(deepest)
            self._map = deepest.clone() if self._whole else None

    def pool(self) -> Float32[np.ndarray, "b d"]:
        """Mean over all positions, one vector per image.

        Raises:
            CollectionError: The layer said nothing in the forward pass.
        """
        return self._require(self._vectors).cpu().numpy()

    def as_map(self) -> Float32[np.ndarray, "b ..."]:
        """The map itself, where it was kept.

        Raises:
            CollectionError: The layer said nothing in the forward pass.
        """
        return self._require(self._map).float().cpu().numpy()

    def pool_in(
        self, boxes: Sequence[np.ndarray], input_size: tuple[int, int]
    ) -> list[Float32[np.ndarray, "n d"]]:
        """Mean inside every box, one vector per box.

        Args:
            boxes: For each image its boxes, shape `(n, 4)`, `xyxy` in pixels of the network's
                input. A box smaller than a pixel counts as one pixel; one with NaN is nowhere, and
                its vector is NaN.
            input_size: Height and width of the network's input.

        Raises:
            CollectionError: The layer said nothing, or its output has no height and width.

        Source:
            Mask R-CNN, RoIAlign, with one cell per box.
        """
        from torchvision.ops import roi_align

        features = self._require(self._map).float()
        if features.ndim != 4:
            raise CollectionError(
                f"layer `{self._layer}` must give maps with height and width for embeddings of "
                f"objects, but its output has shape {tuple(features.shape)}.",
                hint="name an earlier layer: `embedding_layer=...`",
            )
        scale = np.array([features.shape[-1], features.shape[-2]] * 2) / (input_size[::-1] * 2)
        grown = [_grow_to_pixel(each) * scale for each in boxes]
        cells = [torch.from_numpy(np.nan_to_num(each)).to(features) for each in grown]
        vectors = roi_align(features, cells, output_size=1, aligned=True).flatten(1).cpu().numpy()
        vectors[np.isnan(np.concatenate(grown)).any(axis=1)] = np.nan
        return np.split(vectors, np.cumsum([len(each) for each in cells])[:-1])

    def _require(self, tensor: Tensor | None) -> Tensor:
        if tensor is None:
            raise CollectionError(
                f"layer `{self._layer}` gave no feature map in the forward pass.",
                hint="name a layer that the network calls: `embedding_layer=...`",
            )
        return tensor


@contextmanager
def watch_layer(
    network: torch.nn.Module, layer: str, *, whole: bool = False
) -> Iterator[FeatureMap]:
    """Look at what `layer` says while inside; the network gets no trace of it.

    Raises:
        InvalidArgumentError: The network has no such module.
    """
    features = FeatureMap(layer, whole=whole)
    handle = module_at(network, layer).register_forward_hook(features.hook)
    try:
        yield features
    finally:
        handle.remove()


def module_at(network: torch.nn.Module, layer: str) -> torch.nn.Module:
    """The module of that dotted name.

    Raises:
        InvalidArgumentError: The network has no such module.
    """
    modules = dict(network.named_modules())
    if layer not in modules:
        raise InvalidArgumentError(
            f"`embedding_layer` must name a module of the network, but it has no `{layer}`.",
            hint=did_you_mean(layer, filter(None, modules)),
        )
    return modules[layer]


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


def _grow_to_pixel(boxes: np.ndarray) -> np.ndarray:
    boxes = np.asarray(boxes, dtype=np.float64).reshape(-1, 4)
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    half = np.maximum((boxes[:, 2:] - boxes[:, :2]) / 2, 0.5)
    return np.concatenate([middle - half, middle + half], axis=1)
