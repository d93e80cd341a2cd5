"""Points inside polygons, against a library."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from matplotlib.path import Path

from samplewise.server.polygons import inside

COORDINATE = st.floats(-100, 100, allow_nan=False)


@given(arrays(float, st.tuples(st.just(3), st.just(2)), elements=COORDINATE), st.integers(0, 9))
def test_a_triangle_holds_the_points_that_matplotlib_says(corners: np.ndarray, seed: int):
    points = np.random.default_rng(seed).uniform(-100, 100, (200, 2))
    found = inside(corners, points[:, 0], points[:, 1])
    said = Path(corners).contains_points(points)
    near = np.min([_distance(points, *edge) for edge in _edges(corners)], axis=0) < 1e-6
    assert np.array_equal(found[~near], said[~near])


def test_a_hole_of_a_polygon_that_crosses_itself_is_outside():
    star = np.array([[0, 3], [2, -3], [-3, 1], [3, 1], [-2, -3]], float)
    assert inside(star, np.array([0.0, 0.0]), np.array([0.0, 2.0])).tolist() == [False, True]


def test_what_is_no_number_lies_outside():
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float)
    x = np.array([0.5, np.nan, np.inf, 0.5])
    assert inside(square, x, np.array([0.5, 0.5, 0.5, np.nan])).tolist() == [True] + [False] * 3
    assert not inside(square[:2], x, x).any()


def _edges(corners: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    return list(zip(corners, np.roll(corners, 1, axis=0), strict=True))


def _distance(points: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    along = end - start
    length = max(float(along @ along), 1e-300)
    share = np.clip((points - start) @ along / length, 0, 1)
    return np.linalg.norm(points - (start + share[:, None] * along), axis=1)
