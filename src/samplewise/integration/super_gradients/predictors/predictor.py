"""A SuperGradients model as the engine asks it."""

import copy
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import numpy as np
import torch
from super_gradients.module_interfaces import SupportsInputShapeCheck
from super_gradients.training.pipelines.pipelines import Pipeline
from super_gradients.training.utils.predict import Prediction
from torch import nn

from samplewise.collect import Batch
from samplewise.collect.guard import evaluating
from samplewise.errors import CollectionError, InvalidArgumentError
from samplewise.integration.super_gradients.predictors.embedding_layer import embedding_layer_of
from samplewise.integration.super_gradients.predictors.image_file import ImageLoader
from samplewise.integration.super_gradients.predictors.parameters import PipelineParams


class SuperGradientsPredictor:
    """The steps of SuperGradients' own pipeline, apart, so that the engine can go between them.

    Decoding, preprocessing, non-maximum suppression and the way back to the image are the
    pipeline's; its loop is not. Unlike `model.predict` it decodes images in workers, keeps none
    of them, never answers from a stale fused copy, and leaves every module in the mode it was in.

    Args:
        model: The network, not wrapped.
        pipeline: SuperGradients' pipeline around it.
        params: How to predict.
        task: One of `TASKS`.
        kinds: The class of a prediction for one image, given its URL as `image`, and that for
            several.
        embedding_layer: Dotted name of a module; None: the backbone, or what comes nearest.

    Attributes:
        model: The network; never changed.
        load: Reads and preprocesses an image.
    """

    def __init__(
        self,
        model: nn.Module,
        pipeline: Pipeline,
        params: PipelineParams,
        *,
        task: str,
        kinds: tuple[type, type],
        embedding_layer: str | None = None,
    ) -> None:
        self.model = model
        self.params = params
        self.task = task
        self.class_names: Sequence[str] | None = pipeline.class_names
        self.load = ImageLoader(pipeline.image_processor)
        self._pipeline = pipeline
        self._kind, self._plural = kinds
        self._layer = embedding_layer
        self._fused: nn.Module | None = None

    @property
    def device(self) -> torch.device:
        """Where the network runs."""
        return self._pipeline.device

    @property
    def embedding_layer(self) -> str:
        """Dotted name of the layer whose last map is pooled.

        Raises:
            InvalidArgumentError: The network is of no known family.
        """
        return self._layer or embedding_layer_of(self.model)

    @contextmanager
    def running(self) -> Iterator[None]:
        """The network in eval mode; the fused copy, if any, lives no longer."""
        try:
            with evaluating(self.model):
                yield
        finally:
            self._fused = None

    def prepare(self, inputs: torch.Tensor) -> nn.Module:
        """The network, or its fused copy, made for the first inputs."""
        if not self.params.fuse_model or not hasattr(self.model, "prep_model_for_conversion"):
            return self.model
        if self._fused is None:
            with self._predict_mode():
                self._fused = copy.deepcopy(self.model).eval()
                self._fused.prep_model_for_conversion(input_size=inputs.shape[-2:])  # pyright: ignore[reportCallIssue]
        return self._fused

    def forward(self, inputs: torch.Tensor) -> Any:
        """The network's own output.

        Raises:
            CollectionError: The network does not take images of this size.
        """
        network = self.prepare(inputs)
        with self._predict_mode():
            inputs = inputs.to(self.device).to(self._pipeline.dtype)
            if isinstance(self.model, SupportsInputShapeCheck):
                _check_shape(self.model, inputs)
            return network(inputs)

    def finish(self, raw: Any, batch: Batch) -> list[Any]:
        """SuperGradients' prediction objects, whose images are read when asked for."""
        with self._predict_mode():
            decoded = self._decode(raw, batch.inputs)
        back = self._pipeline.image_processor.postprocess_predictions
        return [
            self._kind(
                image=url,
                prediction=back(predictions=prediction, metadata=metadata),
                class_names=self.class_names,
            )
            for url, prediction, metadata in zip(batch.urls, decoded, batch.metadata, strict=True)
        ]

    def boxes_to_input(self, boxes: np.ndarray, metadata: Any) -> np.ndarray:
        """Boxes from pixels of the image to pixels of the network's input.

        Raises:
            InvalidArgumentError: The task has no boxes.
        """
        # The way back is known only as a function: ask it where two corners come from.
        far = 1024.0
        probe = self._probe(np.array([[0.0, 0.0, far, far]], dtype=np.float32))
        back: Any = self._pipeline.image_processor.postprocess_predictions
        corners = np.asarray(back(predictions=probe, metadata=metadata).bboxes_xyxy, np.float64)
        origin, scale = corners[0, :2], (corners[0, 2:] - corners[0, :2]) / far
        points = np.asarray(boxes, np.float64).reshape(-1, 2, 2)
        return ((points - origin) / scale).reshape(-1, 4)

    def combine(self, predictions: Sequence[Any]) -> Any:
        """As `ImagesDetectionPrediction` or its siblings."""
        return self._plural(_images_prediction_lst=list(predictions))

    def _decode(self, raw: Any, inputs: torch.Tensor) -> list[Prediction]:
        return self._pipeline._decode_model_output(raw, model_input=inputs)  # noqa: SLF001 # pyright: ignore[reportArgumentType]

    def _probe(self, boxes: np.ndarray) -> Any:
        raise InvalidArgumentError(
            f"embeddings of objects must come from a model with boxes, but this is {self.task}."
        )

    @contextmanager
    def _predict_mode(self) -> Iterator[None]:
        # Not inference mode, although faster by a hair: a network that caches a tensor in it (a
        # grid, anchors) could not use that tensor in training any more.
        with ExitStack() as stack:
            stack.enter_context(torch.no_grad())
            enabled = self.params.fp16 and self.device.type == "cuda"
            stack.enter_context(torch.autocast("cuda", enabled=enabled))
            yield


def _check_shape(model: SupportsInputShapeCheck, inputs: torch.Tensor) -> None:
    try:
        model.validate_input_shape(inputs.size())
    except ValueError as error:
        raise CollectionError(
            f"model `{type(model).__name__}` does not take the preprocessed images: {error}",
            hint="the `image_processor` of its dataset decides their size",
        ) from error
