"""Lines of label files."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from samplewise.formats._gathering import Gathered
from samplewise.formats.yolo._lines import LabelLines, cut_at_edge

SIZE = np.array([100.0, 50.0])


def pose(joints, num_joints=2):
    lines = LabelLines("pose", {7: 0}, num_joints)
    line = lines.line(Gathered(0, {"label": 7}, box=[0, 0, 50, 25], joints=joints), SIZE)
    return line, {what: count for what, count in lines.changed.items() if count}


def segment(**mask):
    lines = LabelLines("segment", {7: 0})
    line = lines.line(Gathered(0, {"label": 7}, **mask), SIZE)
    return line, {what: count for what, count in lines.changed.items() if count}


def test_joints_beyond_the_edge_are_not_labelled_and_counted():
    line, changed = pose([50, 25, 2, 120, 10, 2])
    assert line == "0 0.25 0.25 0.5 0.5 0.5 0.5 2 0 0 0"
    assert changed == {"joints outside of their image written as not labelled": 1}


def test_joints_at_the_edge_stay_and_unlabelled_ones_are_not_counted():
    line, changed = pose([100, 50, 1, -3, 10, 0])
    assert line == "0 0.25 0.25 0.5 0.5 1 1 1 0 0 0"
    assert changed == {}


def test_lines_have_the_same_number_of_joints():
    line, changed = pose([50, 25, 2])
    assert line == "0 0.25 0.25 0.5 0.5 0.5 0.5 2 0 0 0"
    assert changed == {"instances whose missing joints are written as not labelled": 1}


def test_masks_that_are_no_polygons_are_left_out_and_counted():
    rle = {"height": 50, "width": 100, "counts": [5000]}
    assert segment(rle=rle) == (
        None,
        {"masks of run lengths, which are no polygons, left out": 1},
    )
    assert segment(polygons=[[1, 2, 3, 4]]) == (
        None,
        {"polygons without an area in their image left out": 1},
    )


def test_polygons_are_cut_at_the_edge_and_counted():
    line, changed = segment(polygons=[[-50, 10, 50, 10, 50, 40, -50, 40]])
    assert sorted(zip(*[iter(line.split()[1:])] * 2, strict=True)) == [
        ("0", "0.2"),
        ("0", "0.8"),
        ("0.5", "0.2"),
        ("0.5", "0.8"),
    ]
    assert changed == {"polygons cut at the edge of their image": 1}


def is_inside(ring, points):
    """Whether points are inside a polygon, by the even-odd rule."""
    inside = np.zeros(len(points), bool)
    for (x1, y1), (x2, y2) in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        if y1 != y2:
            crosses = (y1 > points[:, 1]) != (y2 > points[:, 1])
            inside ^= crosses & (points[:, 0] < x1 + (points[:, 1] - y1) * (x2 - x1) / (y2 - y1))
    return inside


corners = st.tuples(st.integers(-60, 160), st.integers(-60, 110))


@given(st.lists(corners, min_size=3, max_size=8))
def test_what_is_left_of_a_polygon_covers_the_same_pixels_of_its_image(ring):
    whole = np.array(ring, np.float64)
    cut = cut_at_edge(whole, SIZE)
    # Off the grid of the corners, where the side of an edge is a matter of rounding.
    points = np.indices((100, 50)).reshape(2, -1).T + np.array([0.377, 0.519])
    assert (cut >= 0).all()
    assert (cut <= SIZE).all()
    assert (is_inside(whole, points) != is_inside(cut.reshape(-1, 2), points)).mean() < 1e-3


def test_a_polygon_inside_its_image_is_not_touched():
    ring = np.array([[1.25, 2], [30, 2], [30, 40]])
    assert cut_at_edge(ring, SIZE) is not ring
    np.testing.assert_array_equal(cut_at_edge(ring, SIZE), ring)
