import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from samplewise.metrics.boxes import areas, iou_of_pairs, pairwise_iou

COORDINATES = st.floats(allow_nan=True, allow_infinity=True) | st.integers(-20, 20).map(float)
BOXES = arrays(np.float64, st.tuples(st.integers(0, 6), st.just(4)), elements=COORDINATES)


@given(p=BOXES, t=BOXES)
def test_overlaps_are_fractions_whatever_the_boxes_are(p, t):
    iou = pairwise_iou(p, t)
    assert iou.shape == (len(p), len(t))
    assert ((iou >= 0) & (iou <= 1)).all()


@given(p=BOXES, t=BOXES)
def test_overlap_is_symmetric(p, t):
    np.testing.assert_array_equal(pairwise_iou(p, t), pairwise_iou(t, p).T)


@given(boxes=BOXES)
def test_a_box_of_some_area_overlaps_fully_with_itself(boxes):
    whole = np.isfinite(areas(boxes)) & (areas(boxes) > 0) & np.isfinite(boxes).all(axis=1)
    np.testing.assert_allclose(iou_of_pairs(boxes, boxes), whole.astype(float))


def test_boxes_that_cover_nothing_have_no_area_and_no_overlap():
    nothing = np.array([[1, 1, 1, 5], [4, 4, 2, 8], [5, 5, 1, 1], [np.nan, 0, 9, 9.0]])
    assert areas(nothing).tolist() == [0, 0, 0, 0]
    assert not pairwise_iou(nothing, np.array([[0, 0, 9, 9.0], *nothing])).any()


def test_a_crowd_region_is_overlapped_by_the_share_of_the_prediction_inside():
    prediction, crowd = np.array([[0, 0, 4, 2.0]]), np.array([[1, 0, 100, 100.0]])
    assert pairwise_iou(prediction, crowd, np.array([True]))[0, 0] == 0.75
    assert pairwise_iou(prediction, crowd, np.array([False]))[0, 0] < 0.01


def test_single_precision_is_computed_in_double():
    box = np.array([[0.1, 0.2, 1e6, 1e6]], np.float32)
    np.testing.assert_array_equal(areas(box), areas(box.astype(np.float64)))


def test_no_boxes_have_no_overlaps():
    none, one = np.zeros((0, 4)), np.array([[0, 0, 1, 1.0]])
    assert pairwise_iou(none, one).shape == (0, 1)
    assert pairwise_iou(one, none).shape == (1, 0)
    assert areas(none).shape == (0,)
