"""Boxes to `x, y, width, height` and back."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from samplewise.formats._box_forms import around, to_xywh

sizes = st.floats(0, 1e5)
places = st.floats(-1e5, 1e5)
decimals = st.integers(0, 6)


def corners(x: float, y: float, width: float, height: float) -> np.ndarray:
    return np.array([[x, y, x + width, y + height]])


@given(places, places, sizes, sizes, decimals)
def test_decimals_come_back_number_for_number(x, y, width, height, digits):
    label = [round(value, digits) for value in (x, y, width, height)]
    assert to_xywh(corners(*label))[0].tolist() == label


@given(*[st.floats(0, 4096, width=32) for _ in range(4)])
def test_single_precision_comes_back_number_for_number(x, y, width, height):
    if min(width, height) > 1e-2:  # below, the sum has no room for its digits
        assert to_xywh(corners(x, y, width, height))[0].tolist() == [x, y, width, height]


@given(places, places, st.floats(0, 1e5), st.floats(0, 1e5), decimals)
def test_differences_of_corners_come_back_number_for_number(x, y, x_max, y_max, digits):
    low, high = np.round([x, y], digits), np.round([max(x, x_max), max(y, y_max)], digits)
    label = [*low, *(high - low)]
    found = to_xywh(corners(*label), shortest=False)[0]
    if np.array_equal(low + (high - low), high):
        assert found.tolist() == label


@given(places, places, sizes, sizes)
def test_the_corners_of_any_box_survive(x, y, width, height):
    box = corners(x, y, width, height)
    xywh = to_xywh(box)
    assert np.array_equal(corners(*xywh[0].tolist()), box)


def test_no_points_have_no_box():
    assert around(np.zeros((0, 2))) is None
