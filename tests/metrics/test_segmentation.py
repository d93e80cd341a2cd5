import numpy as np
import pytest

from samplewise.errors import InvalidArgumentError
from samplewise.metrics.boundaries import boundary, boundary_iou
from samplewise.metrics.segmentation import segmentation_metrics

ROAD, SKY = -3, 10**9  # class ids may be any integers


def _score(prediction, truth, **options):
    return segmentation_metrics(
        [np.array(prediction)], [np.array(truth)], labels=[SKY, ROAD], **options
    )


def test_a_perfect_map_has_full_marks():
    truth = [[SKY, SKY, 255], [ROAD, ROAD, 255]]
    metrics = _score([[SKY, SKY, ROAD], [ROAD, ROAD, SKY]], truth, ignore_label=255)
    for values in (metrics.iou, metrics.dice, metrics.boundary_iou):
        assert values.tolist() == [[1, 1]]
    assert metrics.pixel_accuracy.tolist() == metrics.mean_boundary_iou.tolist() == [1]
    assert metrics.labels.tolist() == [ROAD, SKY]


def test_pixels_are_counted_by_class():
    metrics = _score([[SKY, SKY, SKY, ROAD]], [[SKY, ROAD, ROAD, ROAD]])
    assert metrics.ground_truth_pixels.tolist() == [[3, 1]]
    assert metrics.predicted_pixels.tolist() == [[1, 3]]
    assert metrics.right_pixels.tolist() == [[1, 1]]
    assert metrics.iou.tolist() == [[1 / 3, 1 / 3]]
    assert metrics.dice.tolist() == [[0.5, 0.5]]
    assert metrics.pixel_accuracy.tolist() == [0.5]


def test_a_class_in_neither_map_has_no_value_and_does_not_count_in_the_mean():
    metrics = _score([[SKY, SKY]], [[SKY, SKY]])
    assert metrics.iou.tolist() == [[None, 1]]
    assert metrics.mean_iou.tolist() == [1]


def test_an_image_without_a_pixel_that_counts_has_no_values():
    metrics = _score([[SKY]], [[255]], ignore_label=255)
    for values in (metrics.mean_iou, metrics.mean_dice, metrics.pixel_accuracy):
        assert values.tolist() == [None]


def test_a_pixel_predicted_as_the_ignore_label_is_wrong():
    metrics = _score([[255, SKY]], [[SKY, SKY]], ignore_label=255)
    assert metrics.pixel_accuracy.tolist() == [0.5]
    assert metrics.iou.tolist() == [[None, 0.5]]


def test_the_ignore_label_is_no_class_even_if_it_is_named_as_one():
    metrics = _score([[SKY, ROAD]], [[SKY, ROAD]], ignore_label=ROAD)
    assert metrics.labels.tolist() == [SKY]
    assert metrics.mean_iou.tolist() == [1]


def test_images_may_differ_in_size_and_type():
    maps = [np.zeros((2, 3), np.uint8), np.ones((5, 1), np.int32)]
    metrics = segmentation_metrics(maps, maps, labels=[0, 1])
    assert metrics.ground_truth_pixels.tolist() == [[6, 0], [0, 5]]


@pytest.mark.parametrize(
    ("prediction", "truth", "message"),
    [
        ([[SKY]], [[SKY, SKY]], "`predictions` must have the shape"),
        ([[4]], [[SKY]], r"`predictions` must hold class ids of `labels`, but image 0 has \[4\]"),
        ([[SKY]], [[255]], r"`ground_truths` must hold class ids"),
    ],
)
def test_maps_that_do_not_fit_are_refused(prediction, truth, message):
    with pytest.raises(InvalidArgumentError, match=message):
        _score(prediction, truth)


def test_both_lists_need_every_image():
    with pytest.raises(InvalidArgumentError, match="one label map an image"):
        segmentation_metrics([], [np.zeros((1, 1), int)], labels=[0])


def test_a_boundary_is_a_rim_inside_of_the_mask():
    mask = np.zeros((9, 9), bool)
    mask[2:7, 2:9] = True  # touches the image's right border
    rim = boundary(mask, ratio=0.05)
    assert rim[mask].sum() == mask.sum() - 3 * 5
    assert not rim[~mask].any()


def test_empty_masks_have_no_boundary_to_compare():
    empty = np.zeros((4, 4), bool)
    assert boundary_iou(empty, empty) is None
    assert boundary_iou(empty, ~empty) == 0
    assert boundary(np.zeros((0, 0), bool)).shape == (0, 0)
