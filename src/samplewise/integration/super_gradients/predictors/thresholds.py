"""From a network's output to predictions: the model's own callback, with the asked thresholds."""

import inspect
from collections.abc import Mapping
from typing import Any

from torch import nn

from samplewise.errors import CollectionError, InvalidArgumentError
from samplewise.integration.super_gradients.predictors.processing import require


def post_prediction_callback(
    model: nn.Module, given: Mapping[str, Any], known: Mapping[str, Any]
) -> Any:
    """The model's post-prediction callback.

    Args:
        model: With a `get_post_prediction_callback`.
        given: Thresholds that were asked for; 0 is a value.
        known: Those of its dataset, for what was not asked for.

    Raises:
        InvalidArgumentError: The model does not know a threshold that was asked for, or they
            contradict each other.
        CollectionError: A threshold was neither asked for nor is known, or the model has no
            callback at all.
    """
    make = getattr(model, "get_post_prediction_callback", None)
    if make is None:
        raise CollectionError(
            f"model `{type(model).__name__}` has no `get_post_prediction_callback`, "
            "so its output cannot be read."
        )
    parameters = inspect.signature(make).parameters
    refuse_unknown(model, given, parameters)
    values = {**known, **given}
    required = [name for name, each in parameters.items() if each.default is each.empty]
    # `conf` and `iou` have defaults in some signatures that are not those of `predict`.
    require(model, values, *required)
    try:
        return make(**{name: values[name] for name in parameters if values.get(name) is not None})
    except (ValueError, NotImplementedError) as error:
        raise InvalidArgumentError(
            f"`pipeline_params` must fit `{type(model).__name__}`, but it says: {error}"
        ) from error


def refuse_unknown(model: nn.Module, given: Mapping[str, Any], takes: Mapping[str, Any]) -> None:
    """Check that a model takes what it is given.

    Raises:
        InvalidArgumentError: It does not.
    """
    unknown = [name for name in given if name not in takes]
    if unknown:
        names = ", ".join(f"`{name}`" for name in takes) or "none of them"
        raise InvalidArgumentError(
            f"`pipeline_params` must hold what `{type(model).__name__}` takes, "
            f"but it takes no {', '.join(f'`{name}`' for name in unknown)}.",
            hint=f"of thresholds and limits it takes: {names}",
        )
