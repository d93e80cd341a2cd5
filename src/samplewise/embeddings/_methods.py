"""Methods by their names."""

import inspect

from samplewise.embeddings._pacmap import PaCMAPReducer
from samplewise.embeddings._pca import PCAReducer
from samplewise.embeddings._umap import UMAPReducer
from samplewise.embeddings.reducer import Reducer
from samplewise.errors import InvalidArgumentError, did_you_mean

METHODS: dict[str, type[Reducer]] = {
    kind.method: kind for kind in (PaCMAPReducer, UMAPReducer, PCAReducer)
}


def make_reducer(
    method: str = "pacmap", n_components: int = 2, seed: int = 42, **options: object
) -> Reducer:
    """A reducer that is not fitted yet. Its package is imported by `fit`, not here.

    Args:
        method: `"pacmap"`, `"umap"` or `"pca"`.
        n_components: Coordinates a row; 2 or 3 can be drawn, others are warned about.
        seed: Whole number from 0 below 2**31.
        **options: Further arguments of the method, see its class.

    Raises:
        InvalidArgumentError: There is no such method or option, or a value breaks its rule.

    Examples:
        >>> make_reducer("umap", n_components=3, min_dist=0.0)
        UMAPReducer(n_components=3, seed=42, not fitted)
    """
    if not isinstance(method, str) or method.lower() not in METHODS:
        raise InvalidArgumentError(
            f"`method` must name a reducer, but is {method!r}.",
            hint=did_you_mean(str(method).lower(), METHODS),
        )
    kind = METHODS[method.lower()]
    known = set(inspect.signature(kind).parameters) - {"n_components", "seed"}
    for option in options:
        if option not in known:
            raise InvalidArgumentError(
                f"{kind.title} has no option `{option}`.", hint=did_you_mean(option, known)
            )
    return kind(n_components, seed, **options)
