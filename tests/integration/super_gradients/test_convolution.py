"""Narrow strided convolutions: torch's outputs, its gradients, and no damage on the way."""

import pytest
import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode

from samplewise.integration.super_gradients._convolution import safe_convolutions
from samplewise.integration.super_gradients.compatibility import patched_super_gradients


class Backwards(TorchDispatchMode):
    """Notes the strides of what convolutions learn from, and how many there were."""

    def __init__(self):
        super().__init__()
        self.strides = []

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        if func is torch.ops.aten.convolution_backward.default:
            self.strides += [each.stride() for each in args[:3]]
        return func(*args, **(kwargs or {}))


@pytest.fixture
def layer():
    torch.manual_seed(0)
    return nn.Conv2d(3, 48, 1, stride=2)


@pytest.fixture
def images():
    """As `DetectionCollateFN` makes them: channels last, under the name of channels first."""
    return torch.rand(4, 34, 34, 3).movedim(-1, 1)


def test_what_it_learns_from_is_contiguous(layer, images):
    with patched_super_gradients(), Backwards() as seen:
        layer(images).sum().backward()
    assert seen.strides == [
        (48 * 17 * 17, 17 * 17, 17, 1),
        (3 * 34 * 34, 34 * 34, 34, 1),
        (3, 1, 1, 1),
    ]


def test_so_are_weights_and_images_of_which_a_size_is_one(images):
    layer = nn.Conv2d(1, 48, 1, stride=2).to(memory_format=torch.channels_last)
    with safe_convolutions(), Backwards() as seen:
        layer(images[:, :1].contiguous(memory_format=torch.channels_last)).sum().backward()
    assert seen.strides[1:] == [(34 * 34, 34 * 34, 34, 1), (1, 1, 1, 1)]


def test_outputs_stay_as_they_are_bit_for_bit(layer, images):
    plain = layer(images)
    with safe_convolutions():
        mended = layer(images)
    assert torch.equal(plain, mended)
    assert plain.stride() == mended.stride()


def test_gradients_are_those_of_contiguous_images_bit_for_bit(layer, images):
    images.requires_grad_()
    weights = torch.rand(4, 48, 17, 17)
    wanted = torch.autograd.grad(
        (layer(images.contiguous()) * weights).sum(), [images, *layer.parameters()]
    )
    with safe_convolutions():
        found = torch.autograd.grad((layer(images) * weights).sum(), [images, *layer.parameters()])
    assert all(map(torch.equal, wanted, found))


@pytest.mark.parametrize("bias", [True, False])
def test_gradients_agree_with_differences(bias):
    layer = nn.Conv2d(4, 6, 1, stride=(2, 3), groups=2, bias=bias).double()
    images = torch.rand(2, 7, 9, 4, dtype=torch.float64).movedim(-1, 1).requires_grad_()
    with safe_convolutions():
        assert torch.autograd.gradcheck(layer, (images,))
        assert torch.autograd.gradcheck(lambda _: layer(images), tuple(layer.parameters())[:1])


def test_wide_layers_and_others_are_left_to_torch(images):
    wide, larger = nn.Conv2d(16, 8, 1, stride=2), nn.Conv2d(3, 8, 3, stride=2)
    with safe_convolutions():
        assert "Convolution" in type(larger(images).grad_fn).__name__
        assert type(wide(torch.rand(1, 16, 8, 8)).grad_fn).__name__ == "ConvolutionBackward0"


def test_what_another_package_put_there_is_asked_and_stays(monkeypatch):
    of_torch, seen = nn.Conv2d._conv_forward, []

    def theirs(self, *given):
        seen.append(self)
        return of_torch(self, *given)

    monkeypatch.setattr(nn.Conv2d, "_conv_forward", theirs)
    wide = nn.Conv2d(16, 8, 1, stride=2)
    with safe_convolutions():
        wide(torch.rand(1, 16, 8, 8))
    assert seen == [wide]
    assert nn.Conv2d._conv_forward is theirs


def test_it_is_gone_afterwards_however_often_it_was_nested(layer, images):
    before = nn.Conv2d._conv_forward
    with safe_convolutions(), safe_convolutions():
        assert nn.Conv2d._conv_forward is not before
    assert nn.Conv2d._conv_forward is before
