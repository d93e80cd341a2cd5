"""Gradients of strided 1x1 convolutions that do not damage the memory of the process."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn

_BLOCK = 16  # channels; oneDNN's kernels are safe from 8 (AVX2) or 16 (AVX-512) on


@contextmanager
def safe_convolutions() -> Iterator[None]:
    """While inside, narrow strided 1x1 convolutions on a processor learn from contiguous images.

    oneDNN in torch (2.15 is one) writes past a buffer when the weights of a strided 1x1
    convolution of less than 16 channels learn from channels-last images. The first layer of
    YOLO-NAS is one, and SuperGradients' `DetectionCollateFN` makes such images: the process dies
    sooner or later. Outputs stay as they are, bit for bit; gradients come from another kernel, so
    they may differ from those of the damaging one in their last bits.

    May be nested.

    Source:
        https://github.com/uxlfoundation/oneDNN/issues/6035
    """
    found = nn.Conv2d._conv_forward  # noqa: SLF001  # torch's, or that of another package
    if hasattr(found, "is_safe"):
        yield
        return
    nn.Conv2d._conv_forward = _make_safe(found)  # type: ignore[method-assign]  # noqa: SLF001
    try:
        yield
    finally:
        nn.Conv2d._conv_forward = found  # noqa: SLF001


def _make_safe(found: Callable[..., torch.Tensor]) -> Callable[..., torch.Tensor]:
    @functools.wraps(found)
    def forward(
        layer: nn.Conv2d, images: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None
    ) -> torch.Tensor:
        if _is_narrow(layer) and _trains_on_cpu(images, weight):
            return _Convolution.apply(images, weight, bias, layer.stride, layer.groups)
        return found(layer, images, weight, bias)

    forward.is_safe = True  # type: ignore[attr-defined]
    return forward


def _is_narrow(layer: nn.Conv2d) -> bool:
    return (
        layer.kernel_size == (1, 1)
        and layer.stride != (1, 1)
        and layer.padding == (0, 0)
        and layer.in_channels < _BLOCK
    )


def _trains_on_cpu(images: torch.Tensor, weight: torch.Tensor) -> bool:
    return (
        images.device.type == "cpu"
        and images.dim() == 4
        and weight.requires_grad
        and torch.is_grad_enabled()
        and not torch.is_autocast_enabled("cpu")  # its kernels are others
        and not torch.compiler.is_compiling()
    )


class _Convolution(torch.autograd.Function):
    """torch's own forwards; backwards on contiguous copies."""

    @staticmethod
    def forward(
        ctx: Any,
        images: torch.Tensor,
        weight: torch.Tensor,
        bias: torch.Tensor | None,
        stride: tuple[int, int],
        groups: int,
    ) -> torch.Tensor:
        ctx.save_for_backward(images, weight)
        ctx.bias_shape = None if bias is None else list(bias.shape)
        ctx.stride, ctx.groups = stride, groups
        return nn.functional.conv2d(images, weight, bias, stride, groups=groups)

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> Any:
        # Cloned: `contiguous()` leaves channels-last strides alone where a size is 1.
        output, images, weight = (
            each.clone(memory_format=torch.contiguous_format)
            for each in (gradients[0], *ctx.saved_tensors)
        )
        return *_backward(ctx, output, images, weight), None, None


def _backward(ctx: Any, output: torch.Tensor, images: torch.Tensor, weight: torch.Tensor) -> Any:
    none, ones = [0, 0], [1, 1]
    return torch.ops.aten.convolution_backward(
        output,
        images,
        weight,
        ctx.bias_shape,
        ctx.stride,
        none,
        ones,
        False,
        none,
        ctx.groups,
        ctx.needs_input_grad[:3],
    )
