"""What does a dataset look like when code draws it, right labels and wrong ones?"""

from samplewise.demo.scenes._figure import FLIP_INDICES, JOINTS, SIGMAS, SKELETON
from samplewise.demo.scenes._folder import DrawnDataset, DrawnSplit
from samplewise.demo.scenes._label_errors import PLANTED_KINDS
from samplewise.demo.scenes._objects import CATEGORIES
from samplewise.demo.scenes.classification import draw_classification_dataset
from samplewise.demo.scenes.detection import draw_detection_dataset
from samplewise.demo.scenes.nasty import NastyImage, draw_nasty_images
from samplewise.demo.scenes.pose import draw_pose_dataset
from samplewise.demo.scenes.segmentation import IGNORED, draw_segmentation_dataset

__all__ = [
    "CATEGORIES",
    "FLIP_INDICES",
    "IGNORED",
    "JOINTS",
    "PLANTED_KINDS",
    "SIGMAS",
    "SKELETON",
    "DrawnDataset",
    "DrawnSplit",
    "NastyImage",
    "draw_classification_dataset",
    "draw_detection_dataset",
    "draw_nasty_images",
    "draw_pose_dataset",
    "draw_segmentation_dataset",
]
