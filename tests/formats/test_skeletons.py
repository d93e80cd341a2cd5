"""What follows from the names of joints."""

import pytest
from pycocotools.cocoeval import Params

from samplewise.formats.skeletons import COCO_JOINTS, flip_indices, number_joints, oks_sigmas


def test_flipping_coco_joints_exchanges_left_and_right():
    flips = flip_indices(COCO_JOINTS)
    assert flips == (0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15)


@pytest.mark.parametrize(
    "names",
    [
        ("nose", "left-ear", "right-ear"),
        ("nose", "leftEar", "rightEar"),
        ("Nose", "Ear L", "Ear R"),
        ("nose", "ear.left", "ear.right"),
    ],
)
def test_sides_are_known_however_names_are_divided(names: tuple[str, ...]):
    assert flip_indices(names) == (0, 2, 1)


def test_nothing_is_claimed_of_names_without_sides():
    assert flip_indices(("corner_1", "corner_2", "legend", "ripple")) == ()


def test_sigmas_of_coco_joints_are_those_of_cocos_evaluation():
    assert oks_sigmas(COCO_JOINTS) == pytest.approx(Params("keypoints").kpt_oks_sigmas)


def test_other_joints_have_no_sigmas():
    assert oks_sigmas(COCO_JOINTS[:16]) == ()
    assert oks_sigmas(number_joints(17)) == ()
