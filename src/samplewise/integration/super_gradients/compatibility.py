"""SuperGradients 3.7.1 beside packages that are younger, and in a process that is not its own.

Nothing here is done silently: a training script asks for it.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import ModuleType
from typing import Any


@contextmanager
def patched_super_gradients() -> Iterator[None]:
    """Mend, while inside, what newer packages broke in SuperGradients 3.7.1.

    - torch 2.6 refuses the numbers and arrays of NumPy that SuperGradients writes beside weights
      (`average_best_models`, on by default; checkpoints of detection models). Inside, they are
      allowed; loading stays safe, anything else is refused as before.
    - matplotlib 3.9: `matplotlib.cm.get_cmap` is back (colours of boxes and skeletons).
    - NumPy 2: `numpy.Inf` (early stopping), `numpy.row_stack` (detection datasets) and
      `numpy.recfromcsv` (Cityscapes) are back.
    - oneDNN in torch damages the memory of the process when YOLO-NAS learns on a processor from
      the channels-last images of `DetectionCollateFN`, which crashes it sooner or later. Inside,
      that layer computes its gradients from a contiguous copy.

    Everything is removed again on leaving, also after an exception; what a package still has is
    left alone. May be nested.

    ```python
    with patched_super_gradients():
        trainer.train(model, training_params, train_loader, valid_loader)
    ```
    """
    from samplewise.integration.super_gradients._convolution import safe_convolutions

    with ExitStack() as stack:
        stack.enter_context(readable_checkpoints())
        stack.enter_context(restore_numpy_names())
        stack.enter_context(restore_colormaps())
        stack.enter_context(safe_convolutions())
        yield


@contextmanager
def readable_checkpoints() -> Iterator[None]:
    """`torch.load` takes numbers and arrays of NumPy; see `patched_super_gradients`."""
    from torch import serialization

    allowed = serialization.get_safe_globals()
    # Only what is not allowed yet: leaving forbids it again, which must not undo the user's own.
    missing = [each for each in _numpy_globals() if each not in allowed]
    with serialization.safe_globals(missing):
        yield


@contextmanager
def restore_numpy_names() -> Iterator[None]:
    """`numpy.Inf`, `numpy.row_stack` and `numpy.recfromcsv`, which NumPy 2 removed."""
    import numpy as np

    def recfromcsv(file: Any, **options: Any) -> Any:
        defaults = {"case_sensitive": "lower", "names": True, "delimiter": ",", "dtype": None}
        return np.genfromtxt(file, **{**defaults, **options}).view(np.recarray)

    with ExitStack() as stack:
        stack.enter_context(_add_missing(np, "Inf", np.inf))
        stack.enter_context(_add_missing(np, "row_stack", np.vstack))
        stack.enter_context(_add_missing(np, "recfromcsv", recfromcsv))
        yield


@contextmanager
def restore_colormaps() -> Iterator[None]:
    """`matplotlib.cm.get_cmap`, which matplotlib 3.9 removed."""
    import matplotlib as mpl
    from matplotlib import cm

    def get_cmap(name: str, lut: int | None = None) -> Any:
        colormap = mpl.colormaps[name]
        return colormap if lut is None else colormap.resampled(lut)

    with _add_missing(cm, "get_cmap", get_cmap):
        yield


def _numpy_globals() -> list[Any]:
    """What a pickle of NumPy's numbers and arrays is made of, under its old and new names."""
    import numpy as np
    from numpy._core import multiarray  # where pickles look for them

    functions = {name: getattr(multiarray, name) for name in ("scalar", "_reconstruct")}
    under_old_names = [
        (function, f"numpy.core.multiarray.{name}") for name, function in functions.items()
    ]
    # Numbers and strings, not objects: an array of those could hold anything.
    kinds = {type(np.dtype(character)) for character in "?bhilqBHILQefdgSU"}
    return [np.dtype, np.ndarray, *kinds, *functions.values(), *under_old_names]


@contextmanager
def _add_missing(owner: ModuleType, name: str, value: Any) -> Iterator[None]:
    if hasattr(owner, name):
        yield
        return
    setattr(owner, name, value)
    try:
        yield
    finally:
        delattr(owner, name)
