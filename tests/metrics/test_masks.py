import numpy as np
import pytest

from samplewise.errors import InvalidArgumentError
from samplewise.metrics.masks import (
    decode,
    encode,
    from_polygons,
    mask_areas,
    mask_boxes,
    pairwise_mask_iou,
)


def test_run_lengths_may_be_bytes_text_or_a_list():
    mask = np.zeros((3, 4), bool)
    mask[1:, 2] = True
    (stored,) = encode(mask[None])
    forms = [stored["counts"], stored["counts"].decode(), [7, 2, 3]]
    for counts in forms:
        np.testing.assert_array_equal(decode([{"size": [3, 4], "counts": counts}])[0], mask)


def test_no_masks_have_no_areas():
    assert encode(np.zeros((0, 5, 5), bool)) == []
    assert decode([]).shape == (0, 0, 0)
    assert mask_areas([]).shape == (0,)
    assert mask_boxes([]).shape == (0, 4)
    assert pairwise_mask_iou([], encode(np.ones((2, 3, 3), bool))).shape == (0, 2)


def test_an_image_without_pixels_has_masks_too():
    masks = np.zeros((1, 0, 0), bool)
    assert decode(encode(masks)).shape == masks.shape


def test_lengths_that_do_not_fit_their_size_are_refused():
    with pytest.raises(InvalidArgumentError, match="`counts` must add up to 2 x 2 pixels"):
        decode([{"size": [2, 2], "counts": [3]}])


def test_masks_of_two_images_are_not_compared():
    small, large = (encode(np.ones((1, n, n), bool)) for n in (2, 3))
    with pytest.raises(InvalidArgumentError, match="`run_lengths` must be masks of one size"):
        pairwise_mask_iou(small, large)


def test_lines_left_behind_by_label_tools_are_empty_masks():
    assert mask_areas([from_polygons([[0.0, 0.0, 5.0, 5.0]], height=9, width=9)]).tolist() == [0]
