"""Curves and bars drawn with characters."""

import math

from hypothesis import given
from hypothesis import strategies as st

from samplewise.cli._charts import bar, plot, sparkline

numbers = st.floats(-1e6, 1e6)


@given(st.lists(st.none() | numbers, min_size=1), st.integers(1, 40))
def test_a_sparkline_is_never_wider_than_it_may_be(values: list, width: int):
    line = sparkline(values, width)
    assert len(line) <= width
    assert line == "" or len(line) == min(len(values), width)


@given(st.lists(numbers, min_size=2, max_size=20, unique=True))
def test_the_lowest_value_is_the_lowest_mark_and_the_highest_the_highest(values: list):
    line = sparkline(values, 40)
    assert line[values.index(min(values))] == "▁"
    assert line[values.index(max(values))] == "█"


def test_gaps_of_a_sparkline_are_blank():
    assert sparkline([0.0, None, math.nan, 1.0]) == "▁  █"
    assert sparkline([None, math.inf]) == ""


def test_a_terminal_without_unicode_gets_other_marks():
    assert sparkline([0, 1], unicode=False) == "_@"
    assert bar(0.5, 10, unicode=False) == "#####"


@given(st.floats(0, 1), st.integers(1, 40))
def test_a_bar_is_as_long_as_its_fraction(fraction: float, width: int):
    assert fraction * width - 1 <= len(bar(fraction, width)) <= fraction * width + 1
    assert (bar(fraction, width) == "") == (fraction == 0)


@given(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=9), st.integers(2, 50))
def test_a_plot_has_the_size_that_was_asked_for_and_names_its_curves(points: list, width: int):
    lines = plot({"val": sorted(points)}, width=width, height=5).splitlines()
    assert len(lines) == 8
    margin = lines[5].index("+")
    assert max(len(line) for line in lines[:5]) <= margin + 1 + width
    assert lines[-1].strip() == "o val"


def test_no_points_are_no_plot():
    assert plot({"val": [], "train": [(0, math.nan)]}) == ""
