"""The loss of every sample: the training's criterion on batches of one, from the same pass."""

import copy
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from super_gradients.common.environment.device_utils import device_config
from super_gradients.training.losses import PPYoloELoss, YoloNASPoseLoss, YoloXDetectionLoss
from torch import nn

from samplewise._notes import warn
from samplewise.collect.inference import OnRaw
from samplewise.collect.predictor import Batch
from samplewise.errors import InvalidArgumentError

LOSS = "loss"

Target = Callable[[Batch, int], Any]
"""What a loader would give the criterion for one image of a batch; None without labels."""

# Those whose targets are known here. Of classification and segmentation any criterion may try,
# for their targets are class indices.
_TARGETS_ARE_KNOWN = {
    "detection": (PPYoloELoss, YoloXDetectionLoss),
    "pose": (YoloNASPoseLoss,),
}


class SampleLoss:
    """Says the loss of every sample, or once why it cannot.

    The criterion gets what it gets in validation, the network's output in eval mode, cut into
    batches of one. It runs as a copy, without gradients and apart from other ranks, so the
    training has no trace of it.

    Args:
        wanted: Whether to; or the criterion, where there is no training that has one.

    Attributes:
        criterion: The one that is asked; None before a training.

    Raises:
        InvalidArgumentError: It is neither.
    """

    def __init__(self, wanted: bool | nn.Module) -> None:
        if not isinstance(wanted, bool | nn.Module):
            raise InvalidArgumentError(
                f"`collect_loss` must be true, false or a criterion, but is {wanted!r}."
            )
        self._wanted = wanted
        self._has_warned = False
        self.criterion: Any = None if isinstance(wanted, bool) else wanted

    @property
    def is_wanted(self) -> bool:
        """Whether a loss is to be collected, if it can."""
        return self._wanted is not False

    def start_over(self) -> None:
        """Another training starts, with a criterion of its own."""
        self._has_warned = False
        self.criterion = None if isinstance(self._wanted, bool) else self._wanted

    def use_criterion(self, criterion: Any) -> None:
        """Ask a training's criterion from now on, unless one was named."""
        if isinstance(self._wanted, bool):
            self.criterion = criterion

    def columns(self, task: str, target: Target | None) -> OnRaw | None:
        """Computes the column `loss` from the network's own output; None where it cannot.

        Args:
            task: Of the model.
            target: Of the table; None where nobody knows its labels.
        """
        if not self.is_wanted:
            return None
        why = _find_obstacle(self.criterion, task, target)
        if why is not None or target is None:
            self._warn_once(str(why))
            return None
        return _Losses(copy.deepcopy(self.criterion), target, self._warn_once)

    def _warn_once(self, why: str) -> None:
        if not self._has_warned:
            self._has_warned = True
            warn(f"no loss per sample is collected: {why}")


class _Losses:
    """The column `loss` of one collection."""

    def __init__(self, criterion: Any, target: Target, say: Callable[[str], None]) -> None:
        self._criterion, self._target, self._warn_once = criterion, target, say
        self._failed = False

    def __call__(self, raw: Any, batch: Batch) -> dict[str, Sequence[Any]]:
        return {LOSS: [self._of(raw, batch, index) for index in range(len(batch))]}

    def _of(self, raw: Any, batch: Batch, index: int) -> float | None:
        target = None if self._failed else self._target(batch, index)
        if target is None:
            return None
        one = select_image(raw, index)
        try:
            with torch.no_grad(), _without_other_ranks():
                return _number(self._criterion(one, _move_to_device_of(one, target)))
        except (torch.OutOfMemoryError, MemoryError):
            raise  # the engine tries smaller batches
        except Exception as error:  # noqa: BLE001  # whatever a criterion raises
            self._failed = True
            name = type(self._criterion).__name__
            self._warn_once(
                f"{name} cannot be computed from what the network says in eval mode for one image "
                f"({type(error).__name__}: {error}). If it needs auxiliary heads, a fused copy has "
                'none: pipeline_params={"fuse_model": False}.'
            )
            return None


def combine_columns(first: OnRaw | None, second: OnRaw | None) -> OnRaw | None:
    """Columns of two who look at the network's own output."""
    if first is None or second is None:
        return first or second
    return lambda raw, batch: {**first(raw, batch), **second(raw, batch)}


def select_image(raw: Any, index: int) -> Any:
    """The output of a network for one image of its batch, as a batch of one.

    Args:
        raw: Tensors whose first axis is the batch, in tuples, lists and dictionaries; or the pair
            of YOLO-NAS and PP-YOLOE, whose second part ends with anchors that belong to no image.
        index: Which image.
    """
    if isinstance(raw, torch.Tensor):
        one = raw[index : index + 1]
        return one.float() if one.is_floating_point() else one
    if isinstance(raw, Mapping):
        return {name: select_image(each, index) for name, each in raw.items()}
    if _has_anchors(raw):
        decoded, (*predictions, anchors, points, counts, strides) = raw
        kept = tuple(select_image(each, index) for each in predictions)
        return select_image(decoded, index), (*kept, anchors, points, counts, strides)
    if isinstance(raw, tuple | list):
        make = getattr(type(raw), "_make", type(raw))  # a named tuple takes its parts one by one
        return make(select_image(each, index) for each in raw)
    return raw


def _has_anchors(raw: Any) -> bool:
    if not (isinstance(raw, tuple) and len(raw) == 2 and isinstance(raw[1], tuple)):
        return False
    counts = raw[1][-2] if len(raw[1]) >= 6 else None
    return isinstance(counts, list) and all(isinstance(each, int) for each in counts)


def _find_obstacle(criterion: Any, task: str, target: Target | None) -> str | None:
    if target is None:
        return "the callback does not know the labels; one for a task does."
    if criterion is None:
        return "there is no training with a criterion; give one: collect_loss=criterion."
    known = _TARGETS_ARE_KNOWN.get(task)
    if known is not None and not isinstance(criterion, known):
        names = " and ".join(each.__name__ for each in known)
        return f"for {task} it is known how to ask {names}, not {type(criterion).__name__}."
    return None


def _number(returned: Any) -> float | None:
    """A loss as the Trainer reads it; None where it is none, as of pixels that are all ignored."""
    value = returned[0] if isinstance(returned, tuple) else returned
    number = float(value)  # raises for a loss of several numbers
    return number if math.isfinite(number) else None


def _move_to_device_of(output: Any, target: Any) -> Any:
    if isinstance(target, tuple):
        return tuple(_move_to_device_of(output, each) for each in target)
    return target.to(next(_tensors(output)).device)


def _tensors(output: Any) -> Iterator[torch.Tensor]:
    if isinstance(output, torch.Tensor):
        yield output
    elif isinstance(output, Mapping | tuple | list):
        for each in output.values() if isinstance(output, Mapping) else output:
            yield from _tensors(each)


@contextmanager
def _without_other_ranks() -> Iterator[None]:
    """Other ranks do not exist: some criteria add up over all, and would wait for their images."""
    if not (torch.distributed.is_available() and torch.distributed.is_initialized()):
        yield
        return
    rank, all_reduce = device_config.assigned_rank, torch.distributed.all_reduce
    device_config.assigned_rank = -1
    torch.distributed.all_reduce = _keep_own_sum
    try:
        yield
    finally:
        device_config.assigned_rank, torch.distributed.all_reduce = rank, all_reduce


def _keep_own_sum(*_args: Any, **_options: Any) -> None:
    """The sum over one rank is there already."""
