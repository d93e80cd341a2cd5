"""Leave no trace: after a collection everything is as it was before."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import torch
from torch import nn

from samplewise.collect.process_state import keep_process_state
from samplewise.collect.random_state import keep_random_state


@contextmanager
def no_trace(*networks: nn.Module) -> Iterator[None]:
    """Put back whatever a collection may have touched, also when it fails.

    Of the process: the random numbers of Python, NumPy, torch and CUDA; gradient mode, autocast,
    cuDNN flags, the number of torch's threads; warnings filters, `sys.stdout`, `sys.stderr`,
    `sys.excepthook`, signal handlers. Of every module of the networks: train or eval mode and
    buffers (statistics of batch norms); of every parameter: `requires_grad`.

    Args:
        networks: Those that the collection runs or may reach; wrappers of several devices too.
    """
    with ExitStack() as stack:
        stack.enter_context(keep_process_state())
        stack.enter_context(keep_random_state())
        stack.enter_context(keep_torch_state())
        for network in networks:
            stack.enter_context(keep_network_state(network))
        yield


@contextmanager
def evaluating(network: nn.Module) -> Iterator[None]:
    """The network in eval mode; afterwards every module is in the mode it was in.

    `network.train(True)` alone would thaw batch norms that were frozen on purpose.
    """
    restore = _modes(network)
    try:
        network.eval()
        yield
    finally:
        restore()


@contextmanager
def keep_network_state(network: nn.Module) -> Iterator[None]:
    """Modes, buffers and `requires_grad` flags of a network."""
    restores = [_modes(network), _buffers(network), _gradient_flags(network)]
    try:
        yield
    finally:
        for restore in restores:
            restore()


@contextmanager
def keep_torch_state() -> Iterator[None]:
    """Modes of torch that are valid for the whole process or thread."""
    before = [(get(), put) for get, put in _SWITCHES]
    try:
        yield
    finally:
        for (value, put), (get, _) in zip(before, _SWITCHES, strict=True):
            if get() != value:
                put(value)


def _modes(network: nn.Module) -> Callable[[], None]:
    mode = network.training
    modes = [(module, module.training) for module in network.modules()]

    def restore() -> None:
        if network.training != mode:
            network.train(mode)  # a network may do more in it than set flags
        for module, training in modes:
            module.training = training

    return restore


def _buffers(network: nn.Module) -> Callable[[], None]:
    owned = [(module, name) for module in network.modules() for name in module._buffers]  # noqa: SLF001
    before = [
        (module, name, buffer, buffer.detach().clone())
        for module, name in owned
        if (buffer := module._buffers[name]) is not None  # noqa: SLF001
    ]

    def restore() -> None:
        for module, name, buffer, values in before:
            module._buffers[name] = buffer  # noqa: SLF001
            if not torch.equal(buffer, values):
                with torch.no_grad():
                    buffer.copy_(values)

    return restore


def _gradient_flags(network: nn.Module) -> Callable[[], None]:
    before = [(parameter, parameter.requires_grad) for parameter in network.parameters()]

    def restore() -> None:
        for parameter, flag in before:
            if parameter.requires_grad != flag:
                parameter.requires_grad_(flag)

    return restore


def _autocast(device: str) -> tuple[Callable[[], Any], Callable[[Any], None]]:
    def get() -> tuple[bool, torch.dtype]:
        return torch.is_autocast_enabled(device), torch.get_autocast_dtype(device)

    def put(state: tuple[bool, torch.dtype]) -> None:
        torch.set_autocast_enabled(device, state[0])
        torch.set_autocast_dtype(device, state[1])

    return get, put


def _attribute(owner: Any, name: str) -> tuple[Callable[[], Any], Callable[[Any], None]]:
    return (lambda: getattr(owner, name)), (lambda value: setattr(owner, name, value))


_SWITCHES: list[tuple[Callable[[], Any], Callable[[Any], Any]]] = [
    (torch.is_grad_enabled, torch.set_grad_enabled),
    _autocast("cpu"),
    _autocast("cuda"),
    (torch.is_autocast_cache_enabled, torch.set_autocast_cache_enabled),
    (torch.get_num_threads, torch.set_num_threads),
    (torch.get_default_dtype, torch.set_default_dtype),
    (torch.get_deterministic_debug_mode, torch.set_deterministic_debug_mode),
    _attribute(torch.backends.cudnn, "enabled"),
    _attribute(torch.backends.cudnn, "benchmark"),
    _attribute(torch.backends.cudnn, "deterministic"),
]
