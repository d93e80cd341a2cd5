"""How good is one sample: NumPy in, NumPy out.

Values that are missing are masked (`numpy.ma`), never NaN. Each task has a module of its own:
`detection`, `pose`, `segmentation`, `classification`.
"""

from samplewise.metrics.boxes import pairwise_iou
from samplewise.metrics.keypoints import COCO_SIGMAS, pairwise_oks
from samplewise.metrics.matching import COCO_THRESHOLDS, match_image

__all__ = ["COCO_SIGMAS", "COCO_THRESHOLDS", "match_image", "pairwise_iou", "pairwise_oks"]
