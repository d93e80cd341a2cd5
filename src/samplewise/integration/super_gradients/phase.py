"""What a `PhaseContext` says, read at one place and turned into small frozen records."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from super_gradients.training.metrics.metric_utils import (
    get_logging_values,
    get_train_loop_description_dict,
)
from super_gradients.training.utils.callbacks import PhaseContext
from super_gradients.training.utils.utils import fuzzy_idx_in_list, unwrap_model
from torch import nn

from samplewise.collect.training_run import Ending
from samplewise.records.run_document import CANCELLED, COMPLETED
from samplewise.schema import Better


@dataclass(frozen=True)
class Network:
    """What collection runs.

    Args:
        evaluated: The module that validation sees: the moving average where there is one.
        trained: The module that is trained; holds the processing parameters.
        wrapped: `trained` as the Trainer holds it, perhaps wrapped for several devices.
    """

    evaluated: nn.Module
    trained: nn.Module
    wrapped: nn.Module


def network_of(context: PhaseContext) -> Network:
    """The networks of a training."""
    net: Any = context.net
    trained = _unwrap(net)
    average = getattr(context.ema_model, "ema", None)
    return Network(trained if average is None else _unwrap(average), trained, net)


def _unwrap(net: Any) -> nn.Module:
    """A network without what devices and `torch.compile` have put around it."""
    net = unwrap_model(getattr(net, "_orig_mod", net))
    return getattr(net, "_orig_mod", net)


def aggregates_of(context: PhaseContext) -> dict[str, float]:
    """Losses and metrics of the loop that has just ended; what is no number is left out."""
    return _numbers(context.metrics_dict or {})


def directions_of(context: PhaseContext) -> dict[str, Better]:
    """Whether more of an aggregate is better, by name, where SuperGradients says so.

    Losses are minimised. A metric says it of itself, or of each of its components. Of the one that
    the training watches it is known from the parameters too, where the metric keeps silent.
    """
    losses = list(context.loss_logging_items_names or ())
    collections = [context.metrics_compute_fn, context.valid_metrics]
    metrics = [metric for each in collections if each is not None for metric in each.items()]
    titles = [*losses, *(title for metric in metrics for title in _titles(*metric))]
    return {**_direction_of_watched_metric(context, titles), **_directions(losses, metrics)}


def _directions(losses: Iterable[str], metrics: Iterable[tuple[str, Any]]) -> dict[str, Better]:
    told: dict[str, Better] = dict.fromkeys(losses, _word(is_higher=False))
    for name, metric in metrics:
        said = getattr(metric, "greater_component_is_better", None)
        if said is None:
            said = {name: getattr(metric, "greater_is_better", None)}
        told |= {str(k): _word(is_higher=bool(v)) for k, v in said.items() if v is not None}
    return told


def _titles(name: str, metric: Any) -> list[str]:
    return list(getattr(metric, "component_names", [name]))


def _word(*, is_higher: bool) -> Better:
    return "higher" if is_higher else "lower"


def _direction_of_watched_metric(context: PhaseContext, titles: list[str]) -> dict[str, Better]:
    """That of the aggregate by which the training chooses its best epoch, found as it finds it."""
    parameters: Any = context.training_params
    watched = getattr(parameters, "metric_to_watch", None)
    try:
        name = titles[fuzzy_idx_in_list(watched or "", titles)]
    except IndexError:
        return {}
    return {name: _word(is_higher=bool(parameters.greater_metric_to_watch_is_better))}


def test_aggregates_of(context: PhaseContext) -> dict[str, dict[str, float]]:
    """Metrics of the test loaders by the name of the loader."""
    by_loader: dict[str, dict[str, float]] = {}
    for name, value in aggregates_of(context).items():
        loader, _, metric = name.partition(":")
        by_loader.setdefault(loader if metric else "test", {})[metric or name] = value
    return by_loader


@dataclass(frozen=True)
class Evaluation:
    """What SuperGradients measures in a loop that it tells no results of.

    Args:
        losses: Their average over the batches.
        metrics: The metrics, which know their state.
        criterion: The loss; None: there are no losses.
        loss_names: Names of the losses.
    """

    losses: Any
    metrics: Any
    criterion: Any
    loss_names: Sequence[str] | None

    def results(self) -> dict[str, float]:
        """Losses and metrics, as they are now."""
        names = list(self.loss_names or ())  # unknown before the first batch of a trainer
        values = get_logging_values(self.losses, self.metrics, self.criterion if names else None)
        return _numbers(get_train_loop_description_dict(values, self.metrics, names))

    def directions(self) -> dict[str, Better]:
        """Whether more of them is better, by name, where SuperGradients says so."""
        metrics = () if self.metrics is None else self.metrics.items()
        return _directions(self.loss_names or (), metrics)


def evaluation_of(context: PhaseContext) -> Evaluation:
    """What is being measured; asked in a batch of a validation or a test."""
    return Evaluation(
        context.loss_avg_meter,
        context.metrics_compute_fn,
        context.criterion,
        context.loss_logging_items_names,
    )


def companions_of(context: PhaseContext) -> list[Any]:
    """What our callbacks have left with this training, in their order; they add to it."""
    return context.__dict__.setdefault("samplewise_companions", [])


def learning_rates_of(context: PhaseContext) -> dict[str, float]:
    """Learning rate of each parameter group, as it was in the epoch that has just ended."""
    groups = [] if context.optimizer is None else context.optimizer.param_groups
    if len(groups) == 1:
        return {"lr": float(groups[0]["lr"])}
    names = [str(group.get("name", number)) for number, group in enumerate(groups)]
    return {f"lr/{name}": float(g["lr"]) for name, g in zip(names, groups, strict=True)}


def hyperparameters_of(context: PhaseContext) -> dict[str, Any]:
    """Everything that shaped the training, for `Run.set_parameters`."""
    network = network_of(context)
    training = _plain(context.training_params)
    callbacks = training.pop("phase_callbacks", None) or []
    return {
        "experiment_name": context.experiment_name,
        "model": {
            "class": type(network.trained).__name__,
            "parameters": sum(p.numel() for p in network.trained.parameters()),
            **_plain(context.arch_params),
        },
        "training": training,
        "callbacks": [type(callback).__name__ for callback in callbacks],
        "loss": context.criterion,
        "checkpoint": _plain(context.checkpoint_params),
        "train_loader": _loader(context.train_loader),
        "valid_loader": _loader(context.valid_loader),
        "ema": context.ema_model is not None,
        "device": str(context.device),
        "checkpoint_folder": context.ckpt_dir,
    }


def is_resumed(context: PhaseContext) -> bool:
    """Whether a training goes on where another one was interrupted."""
    params: Any = context.training_params
    names = ("resume", "resume_path", "resume_from_remote_sg_logger")
    return any(bool(getattr(params, name, None)) for name in names)


def ending_of(context: PhaseContext, *, reached_the_end: bool) -> Ending:
    """How the training ended; asked inside `on_training_end`, which runs in a `finally`.

    Args:
        context: As handed to `on_training_end`.
        reached_the_end: Whether the loop over the epochs ended by itself.
    """
    _, error, _ = sys.exc_info()
    if error is not None:
        return Ending.by(error)
    return Ending(COMPLETED if reached_the_end else CANCELLED)


def _loader(loader: Any) -> dict[str, Any] | None:
    if loader is None:
        return None
    dataset: Any = getattr(loader, "dataset", None)
    sampler = getattr(loader, "sampler", None)
    return {
        "dataset": type(dataset).__name__,
        "samples": len(dataset) if hasattr(dataset, "__len__") else None,
        "transforms": _transforms(dataset),
        "batch_size": getattr(loader, "batch_size", None),
        "batches": len(loader) if hasattr(loader, "__len__") else None,
        "drop_last": getattr(loader, "drop_last", None),
        "sampler": type(sampler).__name__,
        "num_workers": getattr(loader, "num_workers", None),
    }


def _transforms(dataset: Any) -> list[Any]:
    found = getattr(dataset, "transforms", None)
    found = getattr(found, "transforms", found)  # torchvision's Compose
    steps = found if isinstance(found, list | tuple) else [] if found is None else [found]
    return [repr(step) if _has_own_repr(step) else step for step in steps]


def _has_own_repr(value: Any) -> bool:
    return type(value).__repr__ is not object.__repr__


def _plain(parameters: Any) -> dict[str, Any]:
    if parameters is None:
        return {}
    given = parameters.to_dict() if hasattr(parameters, "to_dict") else dict(parameters)
    return {name: value for name, value in given.items() if name != "schema"}


def _numbers(values: Mapping[str, Any]) -> dict[str, float]:
    numbers = {}
    for name, value in values.items():
        try:
            numbers[str(name)] = float(value)
        except (TypeError, ValueError):
            continue
    return numbers
