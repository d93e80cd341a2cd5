"""Classes that a network does not have: their labels count for nothing, and are counted."""

import numpy as np
import pyarrow as pa

from samplewise.data_types import BoundingBoxes2D
from samplewise.schema import CategoricalLabelSchema
from samplewise.schemas import BoundingBoxes2DSchema, SemanticSegmentationSchema
from samplewise.tasks import (
    ClassificationTask,
    DetectionTask,
    PredictedBoxes,
    PredictedClassMap,
    PredictedLogits,
    SegmentationTask,
)
from samplewise.tasks.label_column import LabelColumn

CLASSES = {3: "cat", 5: "dog", 9: "fish"}
BOXES = [[0, 0, 10, 10], [20, 20, 30, 30], [40, 40, 60, 60]]


def detection_labels(names):
    boxes = BoundingBoxes2D.create_empty(64, 64)
    for box, label in zip(BOXES, CLASSES, strict=True):
        boxes.add_instance(box, label=label)
    schema = BoundingBoxes2DSchema(CLASSES)
    task = DetectionTask()
    labels = task.read_labels(LabelColumn("bbs", "t", schema, schema.to_arrow([boxes], name="bbs")))
    return task, task.match_classes(labels, names)


def test_a_perfect_detector_of_two_of_three_classes_is_perfect():
    task, labels = detection_labels(["dog", "cat"])  # in another order
    predicted = PredictedBoxes(BOXES[:2], [1, 0], [0.9, 0.8])
    found = task.columns([0], [predicted], labels, with_predictions=False)
    assert [float(found[name][0]) for name in ("f1", "ap_50", "ap_50_95", "recall")] == [1.0] * 4
    assert found["false_negatives"][0] == 0
    assert found["ground_truth_kind"].to_pylist() == [[0, 0, 2]]
    assert task.count_others(labels, [0]) == {"fish (9)": 1}
    assert task.count_others(labels, []) == {}


def test_a_box_on_an_object_of_another_networks_class_is_background():
    task, labels = detection_labels(["cat", "dog", "bird"])
    predicted = PredictedBoxes([BOXES[2]], [2], [0.9])
    found = task.columns([0], [predicted], labels, with_predictions=True)
    assert found["false_positives"][0] == 1
    assert found["bbs_predicted"].to_pylist()[0]["instances_additional_data"]["iou"] == [0.0]


def test_labels_of_a_class_that_a_classifier_lacks_are_no_labels():
    task, schema = ClassificationTask(), CategoricalLabelSchema(CLASSES)
    column = LabelColumn("label", "t", schema, pa.array([5, 9, None, 9]))
    labels = task.match_classes(task.read_labels(column), ["dog", "cat"])
    logits = [PredictedLogits(np.array([4.0, 0.0]))] * 4
    found = task.columns(range(4), logits, labels, with_predictions=False)
    assert found["correct"] == [True, None, None, None]
    assert task.count_others(labels, range(4)) == {"fish (9)": 2}


def test_pixels_of_a_class_that_a_segmenter_lacks_count_for_nothing():
    task = SegmentationTask()
    truth = np.array([[3, 5], [9, 9]], np.uint8)
    schema = SemanticSegmentationSchema(CLASSES)
    column = LabelColumn("mask", "t", schema, schema.to_arrow([truth], name="mask"))
    labels = task.match_classes(task.read_labels(column), ["dog", "cat"])
    predicted = PredictedClassMap(np.array([[1, 0], [0, 1]]))
    found = task.columns([0], [predicted], labels, with_predictions=False)
    assert (found["mean_iou"], found["pixel_accuracy"]) == ([1.0], [1.0])
    assert found["class_labels"] == [[3, 5]]
    assert task.count_others(labels, [0]) == {"fish (9)": 2}
    assert task.count_others(labels, []) == {}
