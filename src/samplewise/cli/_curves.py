"""The aggregates of a run as curves over its epochs."""

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from samplewise.cli._plain import plain


@dataclass(frozen=True)
class AggregateCurve:
    """One aggregate of one split.

    Args:
        split: `train`, `val`, the name of a test set, or None.
        name: Of the aggregate.
        epochs: 0-based epoch of each value, ascending; None for values without an epoch.
        values: One per epoch, the last one logged; None where it was not finite.
        better: Whether `higher` or `lower` values are better; None where nobody said.
    """

    split: str | None
    name: str
    epochs: list[int | None]
    values: list[float | None]
    better: str | None = None

    @property
    def points(self) -> list[tuple[float, float]]:
        """`x, y` for a plot: epochs where there are any, else places."""
        return [
            (float(i if epoch is None else epoch), value)
            for i, (epoch, value) in enumerate(zip(self.epochs, self.values, strict=True))
            if value is not None
        ]

    def to_json(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "split": self.split,
            "name": self.name,
            "epochs": self.epochs,
            "values": self.values,
            "better": self.better,
        }


def curves_of(history: pa.Table) -> list[AggregateCurve]:
    """The curves in `Run.history`: splits by name, aggregates as they were logged first.

    A value that was logged twice for an epoch, as a resumed training does, counts as it was last.
    Values without an epoch are kept in the order of their logging.
    """
    logged: dict[tuple[str | None, str], dict[Any, float | None]] = {}
    better: dict[tuple[str | None, str], str] = {}
    for place, row in enumerate(sorted(history.to_pylist(), key=lambda row: row["time"])):
        values = logged.setdefault((row["split"], row["name"]), {})
        key = (-1, place) if row["epoch"] is None else (row["epoch"], 0)
        values[key] = plain(row["value"])
        if row["better"] is not None:
            better[row["split"], row["name"]] = row["better"]
    curves = []
    for (split, name), values in sorted(logged.items(), key=lambda item: item[0][0] or ""):
        ordered = sorted(values.items())
        epochs = [None if key[0] < 0 else key[0] for key, _ in ordered]
        numbers = [value for _, value in ordered]
        curves.append(AggregateCurve(split, name, epochs, numbers, better.get((split, name))))
    return curves
