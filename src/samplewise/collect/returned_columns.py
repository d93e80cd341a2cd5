"""What a metrics function returned, as columns."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from samplewise.errors import CollectionError
from samplewise.records.metric_rows import KEYS


def check_returned_columns(computed: Any, others: Mapping[str, Any], batch: int) -> dict[str, Any]:
    """Columns by name, each with a length; those of `others` are behind them.

    Args:
        computed: What `compute_metrics` returned; None for nothing.
        others: Columns that the engine has itself.
        batch: Which batch, for errors.

    Raises:
        CollectionError: It is no dictionary, a column is no sequence of values, or a name is
            taken; names the column, what is expected, and the batch.
    """
    if not isinstance(computed, Mapping | None):
        raise CollectionError(
            f"batch {batch}: `compute_metrics` must return a dictionary of columns, "
            f"but returned a {type(computed).__name__}."
        )
    columns = {
        str(name): _sequence(str(name), each, batch) for name, each in (computed or {}).items()
    }
    for name in columns:
        if name in KEYS or name in others:
            raise CollectionError(
                f"batch {batch}: `compute_metrics` must leave the column `{name}` to the "
                "collection, but returned one.",
                hint="give it another name",
            )
    return {**columns, **others}


def _sequence(name: str, values: Any, batch: int) -> Any:
    if hasattr(values, "detach"):  # a tensor
        values = values.detach().cpu().numpy()
    # A text, a set or a dictionary has a length too, but no value for each image in their order.
    unordered = isinstance(values, str | bytes | Mapping | AbstractSet)
    if unordered or not isinstance(values, Iterable) or getattr(values, "shape", None) == ():
        raise CollectionError(
            f"batch {batch}: column `{name}` must be a sequence with one value per image, "
            f"but is a {type(values).__name__}."
        )
    return values if hasattr(values, "__len__") else list(values)
