"""Curves and bars drawn with characters."""

import itertools
import math
from collections.abc import Mapping, Sequence

_LEVELS = {True: "▁▂▃▄▅▆▇█", False: "_.-=+*#@"}
_MARKS = "o+x*#%"
_EIGHTHS = " ▏▎▍▌▋▊▉█"

Points = Sequence[tuple[float, float]]


def sparkline(values: Sequence[float | None], width: int = 24, *, unicode: bool = True) -> str:
    """A curve in one line; more values than fit are averaged, missing ones are gaps.

    Args:
        values: In order; None and what is not finite are gaps.
        width: Characters at most.
        unicode: Whether the terminal can show blocks.
    """
    cells = _average(values, width)
    there = [value for value in cells if value is not None]
    if not there:
        return ""
    low, span = min(there), max(there) - min(there)
    levels = _LEVELS[unicode]
    return "".join(
        " " if value is None else levels[_step(value - low, span, len(levels))] for value in cells
    )


def bar(fraction: float, width: int = 20, *, unicode: bool = True) -> str:
    """A bar from the left; what is not zero has at least its thinnest mark.

    Args:
        fraction: Of the width, in [0, 1].
        width: Characters of the whole.
        unicode: Whether the terminal can show blocks.
    """
    if not unicode:
        return "#" * max(round(fraction * width), int(fraction > 0))
    eighths = max(round(fraction * width * 8), int(fraction > 0))
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def plot(curves: Mapping[str, Points], *, width: int = 60, height: int = 12) -> str:
    """Curves over one pair of axes, each with a mark of its own, and a legend.

    Args:
        curves: `x, y` in order, by name; points that are not finite are left out.
        width: Characters between the axes.
        height: Lines between the axes.

    Returns:
        Lines of text; empty if there is no point.
    """
    known = {
        name: [p for p in points if all(map(math.isfinite, p))] for name, points in curves.items()
    }
    points = [point for each in known.values() for point in each]
    if not points:
        return ""
    xs, ys = zip(*points, strict=True)
    area = [[" "] * width for _ in range(height)]
    for mark, each in zip(_repeat(_MARKS, len(known)), known.values(), strict=True):
        for x, y in _fill(each, (max(xs) - min(xs)) / max(width - 1, 1)):
            column = _step(x - min(xs), max(xs) - min(xs), width)
            line = _step(y - min(ys), max(ys) - min(ys), height)
            area[height - 1 - line][column] = mark
    return "\n".join(_frame(area, (min(xs), max(xs)), (min(ys), max(ys)), list(known)))


def _frame(
    area: list[list[str]], x: tuple[float, float], y: tuple[float, float], names: list[str]
) -> list[str]:
    top, bottom = f"{y[1]:.4g}", f"{y[0]:.4g}"
    margin = max(len(top), len(bottom))
    labels = [top, *[""] * (len(area) - 2), bottom]
    lines = [
        f"{label:>{margin}} |{''.join(line)}".rstrip()
        for label, line in zip(labels, area, strict=True)
    ]
    left, right = f"{x[0]:g}", f"{x[1]:g}"
    gap = " " * max(len(area[0]) - len(left) - len(right), 1)
    legend = "   ".join(
        f"{mark} {name}" for mark, name in zip(_repeat(_MARKS, len(names)), names, strict=True)
    )
    indent = " " * (margin + 2)
    return [
        *lines,
        f"{' ' * margin} +{'-' * len(area[0])}",
        f"{indent}{left}{gap}{right}",
        f"{indent}{legend}",
    ]


def _fill(points: Points, step: float) -> list[tuple[float, float]]:
    """The points, with others between them so that no column of the plot is left empty."""
    filled = list(points[:1])
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        between = max(math.ceil((x1 - x0) / step) if step else 1, 1)
        filled += [
            (x0 + (x1 - x0) * i / between, y0 + (y1 - y0) * i / between)
            for i in range(1, between + 1)
        ]
    return filled


def _step(distance: float, span: float, steps: int) -> int:
    """Which of `steps` equal steps; the first one where there is no span."""
    return min(int(distance / span * steps), steps - 1) if span else 0


def _average(values: Sequence[float | None], width: int) -> list[float | None]:
    if len(values) <= width:
        return [_finite_mean([value]) for value in values]
    edges = [round(i * len(values) / width) for i in range(width + 1)]
    return [_finite_mean(values[a:b]) for a, b in itertools.pairwise(edges)]


def _finite_mean(values: Sequence[float | None]) -> float | None:
    there = [value for value in values if value is not None and math.isfinite(value)]
    return sum(there) / len(there) if there else None


def _repeat(marks: str, count: int) -> str:
    return (marks * (count // len(marks) + 1))[:count]
