"""Optional packages, and the sentence that says how to get them."""

import importlib
from types import ModuleType

from samplewise.errors import MissingDependencyError


def require(module: str, *, package: str, extra: str, purpose: str) -> ModuleType:
    """Import an optional module, or say how to get it.

    Args:
        module: Dotted name to import, such as `umap`.
        package: Its name in the registry, such as `umap-learn`.
        extra: The extra of Samplewise that brings it, such as `umap`.
        purpose: What it is needed for, as the start of a sentence: `reducing with UMAP`.

    Returns:
        The imported module.

    Raises:
        MissingDependencyError: The module is not installed.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module}.".startswith(f"{error.name}."):
            raise
        raise MissingDependencyError(
            f"{purpose} needs `{package}`.", hint=f"pip install 'samplewise[{extra}]'"
        ) from None
