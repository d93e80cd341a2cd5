"""A curve so small that it fits into a line of text, as SVG."""

import math
from collections.abc import Sequence

_WIDTH, _HEIGHT, _MARGIN = 140, 28, 3


def sparkline(values: Sequence[float | None]) -> str:
    """Values in order as an inline SVG without scripts.

    What is missing or no finite number leaves a gap.

    Args:
        values: The values, `n` of them.
    """
    numbers = [math.nan if value is None else value for value in values]
    known = [number for number in numbers if math.isfinite(number)]
    if not known:
        return ""
    low, high = min(known), max(known)
    step = (_WIDTH - 2 * _MARGIN) / max(len(numbers) - 1, 1)

    def place(index: int, value: float) -> str:
        share = 0.5 if high == low else (value - low) / (high - low)
        y = _HEIGHT - _MARGIN - share * (_HEIGHT - 2 * _MARGIN)
        return f"{_MARGIN + index * step:.1f},{y:.1f}"

    lines, points = [], []
    for index, value in enumerate([*numbers, math.nan]):
        if math.isfinite(value):
            points.append(place(index, value))
        elif points:
            lines.append(_line(points))
            points = []
    return (
        f'<svg width="{_WIDTH}" height="{_HEIGHT}" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'role="img" aria-label="from {values[0]} to {values[-1]}">{"".join(lines)}</svg>'
    )


def _line(points: list[str]) -> str:
    if len(points) == 1:
        x, y = points[0].split(",")
        return f'<circle cx="{x}" cy="{y}" r="2" fill="currentColor"/>'
    return (
        f'<polyline points="{" ".join(points)}" fill="none" stroke="currentColor" '
        'stroke-width="1.5"/>'
    )
