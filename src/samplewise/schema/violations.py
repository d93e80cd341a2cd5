"""Values that no image can have, found in flat arrays, and what becomes of them.

Labels that break a rule are refused with their row and the rule. What a network predicts never
stops the one who asked it: predictions that break a rule are left out and counted, or, where they
still say where a thing is, kept and counted.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

import numpy as np


@dataclass(frozen=True)
class Violation:
    """A rule of a column, and the instances that break it.

    Args:
        rule: What an instance must do, for errors: `have four numbers`.
        broken: Which of the `t` instances do not, bool, shape `(t,)`.
        part: The property that the rule is about; None where it is the geometry.
        is_mild: Whether a prediction that breaks it still says where a thing is.
    """

    rule: str
    broken: np.ndarray
    part: str | None = None
    is_mild: bool = False


@dataclass
class Tally:
    """Counts predictions that break a rule, over many batches.

    Examples:
        >>> tally = Tally()
        >>> tally.left_out["boxes that do not have four numbers"] += 3
        >>> str(tally)
        'left out 3 boxes that do not have four numbers'
    """

    left_out: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)

    @classmethod
    def total(cls, tallies: Iterable[Self]) -> Self:
        """The sum of several."""
        total = cls()
        for each in tallies:
            total.left_out += each.left_out
            total.kept += each.kept
        return total

    def sift(self, violations: Iterable[Violation], things: str) -> np.ndarray:
        """Count who breaks a rule; an instance that breaks several counts for the first of them.

        Args:
            violations: All of the same `p` instances.
            things: What these are called: `boxes`.

        Returns:
            Which are not left out, bool, shape `(p,)`; without violations shape `()`.
        """
        left_out = np.zeros((), bool)
        for violation in violations:
            broken = violation.broken & ~left_out
            if broken.any():
                found = self.kept if violation.is_mild else self.left_out
                found[f"{things} that do not {violation.rule}"] += int(broken.sum())
            if not violation.is_mild:
                left_out = left_out | broken
        return ~left_out

    def __bool__(self) -> bool:
        return bool(self.left_out or self.kept)

    def __str__(self) -> str:
        parts = [
            f"{verb} {', '.join(f'{count} {what}' for what, count in found.items())}"
            for verb, found in (("left out", self.left_out), ("kept", self.kept))
            if found
        ]
        return "; ".join(parts)


def find_first_broken(violations: list[Violation]) -> tuple[int, Violation] | None:
    """The first instance that breaks a rule, and which; None if none does."""
    found = [(int(np.argmax(each.broken)), each) for each in violations if each.broken.any()]
    return min(found, key=lambda pair: pair[0], default=None)


def check_boxes(corners: np.ndarray, *, may_be_missing: bool = False) -> list[Violation]:
    """Boxes that no image can have.

    Args:
        corners: `xyxy` pixels, NaN where there is none, shape `(t, 4)`.
        may_be_missing: Whether an instance may have no box at all: four times NaN.
    """
    finite = np.asarray(np.isfinite(corners).all(axis=1))
    if may_be_missing:
        finite |= np.isnan(corners).all(axis=1)
    turned = np.asarray((corners[:, 2:] < corners[:, :2]).any(axis=1))
    return [
        Violation("have four numbers, x_min, y_min, x_max, y_max, all finite", ~finite),
        Violation("end where it begins or after that", finite & turned),
    ]


def out_of_bounds(
    values: np.ndarray, given: np.ndarray, low: float | None, high: float | None, part: str
) -> list[Violation]:
    """Properties that are no numbers or beyond their bounds.

    Args:
        values: Float64, shape `(t,)`.
        given: Which are there at all, bool, shape `(t,)`.
        low: Smallest value; None if there is none.
        high: Largest value; None if there is none.
        part: Name of the property.
    """
    slack = 1e-6  # sums of single precision end a little beyond one
    beyond = np.zeros(len(values), bool)
    if low is not None:
        beyond |= values < low - slack
    if high is not None:
        beyond |= values > high + slack
    finite = np.isfinite(values)
    return [
        Violation(f"have a finite number as `{part}`", given & ~finite, part),
        Violation(f"have a `{part}` {_span(low, high)}", given & finite & beyond, part, True),
    ]


def check_confidences(confidences: np.ndarray) -> list[Violation]:
    """Confidences that are no numbers, or not in [0, 1]; float64, shape `(p,)`."""
    return out_of_bounds(confidences, np.ones(len(confidences), bool), 0.0, 1.0, "confidence")


def _span(low: float | None, high: float | None) -> str:
    if low is None:
        return f"of at most {high:g}"
    return f"of at least {low:g}" if high is None else f"from {low:g} to {high:g}"
