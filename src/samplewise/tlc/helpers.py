"""What the contract calls helpers."""

from samplewise.schema.color import hex_of, rgb_of
from samplewise.tables.skeleton import (
    flip_indices_of,
    joint_attributes_of,
    line_attributes_of,
    lines_of,
    oks_sigmas_of,
)


class KeypointHelper:
    """The skeleton of a Table's column of keypoints, see `samplewise.tables.skeleton`."""

    get_oks_sigmas_from_table = staticmethod(oks_sigmas_of)
    get_flip_indices_from_table = staticmethod(flip_indices_of)
    get_lines_from_table = staticmethod(lines_of)
    get_keypoint_attributes_from_table = staticmethod(joint_attributes_of)
    get_line_attributes_from_table = staticmethod(line_attributes_of)


class ColorHelper:
    """Colours as texts and as numbers, see `samplewise.schema.color`."""

    hex_to_rgb = staticmethod(rgb_of)
    rgb_to_hex = staticmethod(hex_of)
