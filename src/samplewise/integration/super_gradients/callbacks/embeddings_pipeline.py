"""Embeddings of images, for those who call it; the callback takes them in its own pass."""

import os
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import torch
from jaxtyping import Float32
from super_gradients.training.processing.processing import Processing
from super_gradients.training.utils.media.image import list_images_in_folder, load_image
from super_gradients.training.utils.media.video import includes_video_extension, lazy_load_video
from super_gradients.training.utils.utils import (
    infer_model_device,
    resolve_torch_device,
    unwrap_model,
)
from torch import nn

from samplewise.collect.feature_map import watch_layer
from samplewise.collect.guard import evaluating
from samplewise.errors import InvalidArgumentError
from samplewise.integration.super_gradients.predictors.embedding_layer import embedding_layer_of
from samplewise.integration.super_gradients.predictors.processing import find_processing, require
from samplewise.schema.image_reader import read_pixels


class EmbeddingsPipeline:
    """What a model sees in images, as vectors: the numbers that the callback stores.

    It is called like a pipeline of SuperGradients. Unlike one it reads images as it goes, and
    leaves every module in the mode it was in.

    Args:
        model: A model of SuperGradients; a wrapper of several devices is opened.
        image_processor: Its preprocessing: a `Processing`, a list, or a recipe of them; None: what
            the model was told with its dataset.
        device: Where to run; the model is moved there. None: where it is.
        fp16: Half precision where the device has it (CUDA).
        use_global_pooling: Whether to average the map over its positions; else the whole map is
            given.
        embedding_layer: Dotted name of the layer; None: the backbone, or what comes nearest.

    Raises:
        CollectionError: Nobody knows the preprocessing.
        InvalidArgumentError: The network is of no known family and no layer is named.

    Examples:
        ```python
        vectors = EmbeddingsPipeline(model)(table.image_urls())  # shape (n, d)
        places = run.place_embeddings(vectors)  # on the map of a run of this model
        ```
    """

    def __init__(
        self,
        model: nn.Module,
        image_processor: Processing | list[Any] | None = None,
        device: str | torch.device | None = None,
        fp16: bool = True,
        use_global_pooling: bool = True,
        *,
        embedding_layer: str | None = None,
    ) -> None:
        self.model = unwrap_model(model)
        known = find_processing(self.model, {"image_processor": image_processor})
        require(self.model, known, "image_processor")
        self.image_processor: Processing = known["image_processor"]
        self.embedding_layer = embedding_layer or embedding_layer_of(self.model)
        self.fp16 = fp16
        self.use_global_pooling = use_global_pooling
        if device is not None:
            self.model.to(resolve_torch_device(device))

    @property
    def device(self) -> torch.device:
        """Where it runs."""
        return infer_model_device(self.model) or torch.device("cpu")

    def __call__(
        self, inputs: Any, batch_size: int | None = 32
    ) -> Float32[np.ndarray, "n d"] | Float32[np.ndarray, "n d h w"]:
        """Embeddings of one image or of several.

        Args:
            inputs: A path or URL of an image, a folder or a video; an array or tensor `(h, w, 3)`
                or `(3, h, w)`, RGB; an image of Pillow; or a list or iterator of these.
            batch_size: Images per forward pass; None: as many as fit together.

        Returns:
            Shape `(n, d)`; without pooling the maps, `(n, d, h, w)`.

        Raises:
            InvalidArgumentError: There is no image.
        """
        images = (self._preprocess(image) for image in _images(inputs))
        with evaluating(self.model):
            parts = [self._embed(batch) for batch in _batches(images, batch_size)]
        if not parts:
            raise InvalidArgumentError("`inputs` must have at least one image, but has none.")
        return np.concatenate(parts)

    def _preprocess(self, image: np.ndarray) -> np.ndarray:
        return self.image_processor.preprocess_image(image=image.copy())[0]

    def _embed(self, images: list[np.ndarray]) -> np.ndarray:
        whole = not self.use_global_pooling
        is_half = self.fp16 and self.device.type == "cuda"
        inputs = torch.from_numpy(np.stack(images)).to(self.device)
        inputs = inputs.to(next(self.model.parameters()).dtype)
        with torch.no_grad(), torch.autocast("cuda", enabled=is_half):
            with watch_layer(self.model, self.embedding_layer, whole=whole) as features:
                self.model(inputs)
            return features.as_map() if whole else features.pool()


def _images(inputs: Any) -> Iterator[np.ndarray]:
    """Images as RGB, shape `(h, w, 3)`, one at a time."""
    if isinstance(inputs, os.PathLike):
        inputs = os.fspath(inputs)
    if isinstance(inputs, str) and includes_video_extension(inputs):
        yield from lazy_load_video(inputs)[0]
    elif isinstance(inputs, str) and os.path.isdir(inputs):
        yield from map(_image, sorted(list_images_in_folder(inputs)))
    elif isinstance(inputs, str) or getattr(inputs, "ndim", 0) == 3 or hasattr(inputs, "convert"):
        yield _image(inputs)
    else:
        yield from map(_image, inputs)


def _image(source: Any) -> np.ndarray:
    if isinstance(source, str | os.PathLike):
        return read_pixels(os.fspath(source))
    return load_image(source)


def _batches(images: Iterable[np.ndarray], size: int | None) -> Iterator[list[np.ndarray]]:
    """Images of one shape that follow each other, `size` at most."""
    batch: list[np.ndarray] = []
    for image in images:
        if batch and (len(batch) == size or image.shape != batch[0].shape):
            yield batch
            batch = []
        batch.append(image)
    if batch:
        yield batch
