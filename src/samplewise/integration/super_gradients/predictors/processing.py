"""What a model knows about the dataset that it was trained on."""

import inspect
from collections.abc import Mapping, Sequence
from typing import Any

from super_gradients.common.factories.processing_factory import ProcessingFactory
from super_gradients.training.processing.processing import (
    AutoPadding,
    ComposeProcessing,
    Processing,
)
from torch import nn

from samplewise._notes import warn
from samplewise.errors import CollectionError, InvalidArgumentError, did_you_mean

# Keyword of `set_dataset_processing_params` -> where the model keeps it.
_ATTRIBUTES = {
    "class_names": "_class_names",
    "image_processor": "_image_processor",
    "iou": "_default_nms_iou",
    "conf": "_default_nms_conf",
    "nms_top_k": "_default_nms_top_k",
    "max_predictions": "_default_max_predictions",
    "multi_label_per_box": "_default_multi_label_per_box",
    "class_agnostic_nms": "_default_class_agnostic_nms",
    "pre_nms_max_predictions": "_default_pre_nms_max_predictions",
    "post_nms_max_predictions": "_default_post_nms_max_predictions",
    "edge_links": "_edge_links",
    "edge_colors": "_edge_colors",
    "keypoint_colors": "_keypoint_colors",
}


def processing_params(model: nn.Module) -> dict[str, Any]:
    """The dataset processing parameters that a model holds.

    A copy of a model, such as its moving average, does not always hold them: take them from the
    model that was trained and give them to `predictor_for(..., processing=...)`.

    Returns:
        As keyword arguments of `set_dataset_processing_params`; what is not set is not in it.
    """
    values = {name: getattr(model, where, None) for name, where in _ATTRIBUTES.items()}
    return {name: value for name, value in values.items() if value is not None}


def processing_in_training(
    trained: nn.Module, dataset: Any, given: Mapping[str, Any] | None
) -> dict[str, Any]:
    """The dataset processing parameters of a training.

    What the dataset says goes before what the model holds: the Trainer tells the model only where
    nothing is wrapped around the dataset, so these may be those of pretrained weights.

    Args:
        trained: The model.
        dataset: That of the validation; None where none says it.
        given: What goes before both.
    """
    known = processing_params(trained)
    told = _params_of(dataset, known)
    defaults = _defaults_of(trained) if told else {}
    return {**defaults, **known, **told, **(given or {})}


def _defaults_of(model: nn.Module) -> dict[str, Any]:
    """What a model takes for parameters of which its dataset says nothing, as poses' thresholds."""
    tell = getattr(model, "set_dataset_processing_params", None)
    given = {} if tell is None else inspect.signature(tell).parameters
    return {
        name: each.default
        for name, each in given.items()
        if name in _ATTRIBUTES and each.default not in (None, inspect.Parameter.empty)
    }


def _params_of(dataset: Any, known: Mapping[str, Any]) -> Mapping[str, Any]:
    if not hasattr(dataset, "get_dataset_preprocessing_params"):
        return {}
    try:
        return dataset.get_dataset_preprocessing_params()
    except Exception as error:
        if "image_processor" not in known:
            raise
        # The Trainer goes on too where its transforms have nothing that corresponds to them.
        warn(
            f"`{type(dataset).__name__}` does not say how its images are prepared ({error}); "
            "what the model knows is used."
        )
        return {}


def find_processing(
    model: nn.Module,
    processing: Mapping[str, Any] | None = None,
    class_names: Sequence[str] | None = None,
) -> dict[str, Any]:
    """The model's own parameters, and before them those that are given.

    Raises:
        InvalidArgumentError: `processing` holds an unknown name.
    """
    given = {name: value for name, value in dict(processing or {}).items() if value is not None}
    for name in given.keys() - _ATTRIBUTES.keys():
        raise InvalidArgumentError(
            "`processing` must hold arguments of `set_dataset_processing_params`, "
            f"but `{name}` is none.",
            hint=did_you_mean(name, _ATTRIBUTES),
        )
    if class_names is not None:
        given["class_names"] = class_names
    if "image_processor" in given:
        given["image_processor"] = _processor(given["image_processor"])
    return processing_params(model) | given


def require(model: nn.Module, known: Mapping[str, Any], *names: str) -> None:
    """Check that parameters are there.

    Raises:
        CollectionError: One is missing.
    """
    missing = [name for name in names if known.get(name) is None]
    if missing:
        raise CollectionError(
            f"model `{type(model).__name__}` must know the dataset processing parameters "
            f"{', '.join(f'`{name}`' for name in names)}, "
            f"but it has no {', '.join(f'`{name}`' for name in missing)}.",
            hint="call `model.set_dataset_processing_params(...)`, "
            "or give them as `processing={...}`",
        )


def without_resizing(processor: Processing, padding: AutoPadding) -> Processing:
    """The same preprocessing for images in their own size."""
    if isinstance(processor, ComposeProcessing):
        return processor.get_equivalent_compose_without_resizing(auto_padding=padding)
    return processor


def _processor(value: Any) -> Processing:
    """Objects, recipes of them as datasets write them, and lists of both."""
    found = ProcessingFactory().get(value)
    if isinstance(found, list | tuple):
        found = ComposeProcessing([_processor(each) for each in found])
    if not isinstance(found, Processing):
        raise InvalidArgumentError(
            "`image_processor` must be a Processing of SuperGradients, a list or a recipe of them, "
            f"but it is {type(value).__name__}."
        )
    return found
