"""Nothing of the process or the network differs after a collection, also a failed one."""

import random
import signal
import sys
import warnings
from collections.abc import Callable
from io import StringIO
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from samplewise.collect import infer, no_trace
from samplewise.collect.guard import evaluating


@pytest.fixture
def network() -> nn.Module:
    """Half in train, half in eval mode; one parameter is frozen."""
    network = nn.Sequential(nn.Conv2d(3, 4, 1), nn.BatchNorm2d(4), nn.Dropout(), nn.BatchNorm2d(4))
    network[3].eval()
    network[0].weight.requires_grad_(False)
    return network


def ignore_signal(*_: Any) -> None:
    pass


MESSES: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
    "random": (random.random, random.getstate),
    "numpy": (np.random.rand, lambda: list(np.random.get_state()[1])),
    "torch": (lambda: torch.rand(1), lambda: torch.get_rng_state().tolist()),
    "grad": (lambda: torch.set_grad_enabled(False), torch.is_grad_enabled),
    "threads": (lambda: torch.set_num_threads(3), torch.get_num_threads),
    "autocast": (
        lambda: torch.set_autocast_enabled("cpu", True),
        lambda: torch.is_autocast_enabled("cpu"),
    ),
    "autocast type": (
        lambda: torch.set_autocast_dtype("cuda", torch.bfloat16),
        lambda: torch.get_autocast_dtype("cuda"),
    ),
    "cudnn": (
        lambda: setattr(torch.backends.cudnn, "benchmark", True),
        lambda: torch.backends.cudnn.benchmark,
    ),
    "filters": (lambda: warnings.simplefilter("ignore"), lambda: list(warnings.filters)),
    "stdout": (lambda: setattr(sys, "stdout", StringIO()), lambda: sys.stdout),
    "stderr": (lambda: setattr(sys, "stderr", StringIO()), lambda: sys.stderr),
    "hook": (lambda: setattr(sys, "excepthook", print), lambda: sys.excepthook),
    "signals": (
        lambda: signal.signal(signal.SIGUSR1, ignore_signal),
        lambda: signal.getsignal(signal.SIGUSR1),
    ),
}


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.parametrize("what", MESSES)
def test_the_process_is_as_before(what: str, fails: bool):
    mess, state = MESSES[what]
    before = state()
    work(no_trace(), mess, fails=fails)
    assert state() == before


@pytest.mark.parametrize("fails", [False, True])
def test_the_network_is_as_before(network: nn.Module, fails: bool):
    modes = [module.training for module in network.modules()]
    flags = [parameter.requires_grad for parameter in network.parameters()]
    values = {name: value.clone() for name, value in network.state_dict().items()}

    def mess() -> None:
        network.train()(torch.rand(2, 3, 4, 4))  # changes statistics
        network.requires_grad_(True)
        network.eval()

    work(no_trace(network), mess, fails=fails)
    assert [module.training for module in network.modules()] == modes
    assert [parameter.requires_grad for parameter in network.parameters()] == flags
    assert all(torch.equal(values[name], each) for name, each in network.state_dict().items())


def test_a_buffer_that_was_replaced_is_back(network: nn.Module):
    buffer = network[1].running_mean
    with no_trace(network):
        network[1].running_mean = torch.ones(4)
    assert network[1].running_mean is buffer


def test_a_frozen_batch_norm_stays_frozen(network: nn.Module):
    with evaluating(network):
        assert not any(module.training for module in network.modules())
    assert network.training
    assert network[1].training
    assert not network[3].training


def test_a_network_in_eval_mode_is_not_switched(network: nn.Module):
    network.eval()
    calls = []
    network.train = lambda mode=True: calls.append(mode)
    with evaluating(network):
        pass
    assert True not in calls


@pytest.mark.parametrize("workers", [0, 2])
def test_a_collection_draws_no_random_number(toy: Any, pictures: list[str], workers: int):
    # Without `no_trace`: the loader has a generator of its own.
    before = numbers()
    args = {"num_workers": workers}
    assert len(list(infer(toy, pictures, batch_size=3, dataloader_args=args))) == 3
    assert numbers() == before


def numbers() -> tuple[Any, ...]:
    return torch.get_rng_state().tolist(), list(np.random.get_state()[1])


def test_a_collection_that_fails_leaves_no_trace(make_toy: Any, pictures: list[str]):
    toy = make_toy(broken=True)
    handler = signal.getsignal(signal.SIGCHLD)
    args = {"num_workers": 2}
    with pytest.raises(ValueError, match="broken"), no_trace(toy.network):
        list(infer(toy, pictures, batch_size=3, dataloader_args=args, embeddings=True))
    assert toy.network.training
    assert not toy.network[1]._forward_hooks
    assert signal.getsignal(signal.SIGCHLD) is handler


def test_a_loader_after_a_collection_still_watches_its_workers(toy: Any, pictures: list[str]):
    loader = torch.utils.data.DataLoader(range(4), num_workers=1)
    with no_trace(toy.network):
        list(infer(toy, pictures, batch_size=3, dataloader_args={"num_workers": 2}))
    with no_trace():  # leaves the test's own process as it was
        list(loader)
        assert callable(signal.getsignal(signal.SIGCHLD))


def work(guard: Any, mess: Callable[[], Any], *, fails: bool) -> None:
    try:
        with guard:
            mess()
            assert not fails
    except AssertionError:
        assert fails
