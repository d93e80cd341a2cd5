"""Samples of a map-style PyTorch dataset as rows, and what tells one dataset from another."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from samplewise._arguments import check_value, shorten
from samplewise.errors import InvalidArgumentError, SchemaError
from samplewise.records.fingerprint import Fingerprint, SourcePart, digest_of
from samplewise.records.rows_digest import RowsDigest
from samplewise.schema import ColumnSchema, TableSchema
from samplewise.schema.foreign import as_column, as_plain

_SAMPLES = 256  # at a time: they may be images
_COMPARED = 100  # samples that tell one dataset from another
_AGAIN = 4  # of these, looked at twice


def batches_of(dataset: Any, names: Sequence[str]) -> Iterator[dict[str, list[Any]]]:
    """All samples, some at a time, as one list a column.

    Raises:
        SchemaError: A sample has other parts than `names`.
    """
    for start in range(0, len(dataset), _SAMPLES):
        yield _columns(dataset, names, range(start, min(start + _SAMPLES, len(dataset))))


def fingerprint_of(
    dataset: Any, names: Sequence[str], schema: Mapping[str, ColumnSchema] | None
) -> Fingerprint:
    """What a dataset is told by: its class, its length, how it describes itself, 100 samples.

    Reading all of them could take as long as training. Samples that are drawn anew each time, as by
    an augmentation, tell nothing.

    Raises:
        SchemaError: A sample has other parts than `names`, or a value does not fit.
    """
    if not hasattr(dataset, "__len__") or not hasattr(dataset, "__getitem__"):
        raise InvalidArgumentError(
            f"`dataset` must have a length and samples by index, but is {shorten(dataset)}."
        )
    for name in names:
        check_value("structure", name, str)
    kind = f"{type(dataset).__module__}.{type(dataset).__qualname__}"
    described = repr(dataset)
    facts = [kind, str(len(dataset)), "" if " at 0x" in described else described, *names]
    count = len(dataset)
    places = sorted(set(np.linspace(0, count - 1, min(count, _COMPARED)).astype(int).tolist()))
    some = places[:_AGAIN]
    if _digest(dataset, names, schema, some) == _digest(dataset, names, schema, some):
        facts.append(_digest(dataset, names, schema, places))
    part = SourcePart(kind, digest_of(fact.encode(errors="replace") for fact in facts))
    kinds = {name: column.to_json() for name, column in (schema or {}).items()}
    return Fingerprint(
        "torch_dataset", {"dataset": part}, options={"structure": list(names), "schema": kinds}
    )


def _digest(
    dataset: Any,
    names: Sequence[str],
    schema: Mapping[str, ColumnSchema] | None,
    places: Sequence[int],
) -> str:
    digest = RowsDigest()
    columns = {n: as_column(v) for n, v in _columns(dataset, names, places).items()}
    given = schema or {}
    inferred = TableSchema.infer({n: v for n, v in columns.items() if n not in given})
    for name, values in columns.items() if places else ():
        column = given.get(name) or inferred[name]
        digest.update({name: column.to_arrow(values, name=name)})
    return digest.hexdigest()


def _columns(dataset: Any, names: Sequence[str], places: Sequence[int]) -> dict[str, list[Any]]:
    rows = [_as_row(_sample(dataset, i), names, i) for i in places]
    return {name: [row[name] for row in rows] for name in names}


def _sample(dataset: Any, index: int) -> Any:
    try:
        return dataset[index]
    except (LookupError, TypeError) as error:
        raise InvalidArgumentError(
            f"`dataset` must give sample {index} of its {len(dataset)}, but says: {error!r}"
        ) from error


def _as_row(sample: Any, names: Sequence[str], index: int) -> dict[str, Any]:
    if isinstance(sample, Mapping):
        missing = [name for name in names if name not in sample]
        if missing:
            raise SchemaError(f"sample {index} must have `{missing[0]}`, but has {list(sample)}.")
        return {name: as_plain(sample[name]) for name in names}
    parts = sample if isinstance(sample, tuple | list) else (sample,)
    if len(parts) != len(names):
        raise SchemaError(
            f"sample {index} must have {len(names)} parts ({', '.join(names)}), "
            f"but has {len(parts)}."
        )
    return {name: as_plain(part) for name, part in zip(names, parts, strict=True)}
