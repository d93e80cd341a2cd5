"""Metrics of another operating point, from stored predictions."""

import numpy as np
import pytest

import samplewise as sw
from samplewise.data_types import BoundingBoxes2D
from samplewise.errors import InvalidArgumentError, NotFoundError
from samplewise.metrics.columns import DETECTION
from samplewise.metrics.detection import DetectionBatch, detection_metrics
from samplewise.schemas import BoundingBoxes2DSchema, Float

CLASSES = {3: "cat", 7: "dog"}
COUNT = 40


@pytest.fixture
def detected(root):
    """A Run, and what is stored in it as lists."""
    rng = np.random.default_rng(0)
    boxes, labels, seen, named, sure = [], [], [], [], []
    for _ in range(COUNT):
        count = rng.integers(0, 4)
        corner = rng.uniform(0, 60, (count, 2))
        here = np.concatenate([corner, corner + rng.uniform(20, 60, (count, 2))], axis=1)
        of_class = rng.choice([3, 7], count)
        boxes.append(here)
        labels.append(of_class)
        nothing = np.array([[100.0, 100, 130, 130]])
        seen.append(np.concatenate([here + rng.normal(0, 3, here.shape), nothing]))
        named.append(np.append(of_class, 3))
        sure.append(rng.uniform(0.05, 1, count + 1))

    def column(each_boxes, each_labels, **more):
        return [
            BoundingBoxes2D(
                (0, 0, 200, 200),
                {"label": label.tolist(), **{n: v[i].tolist() for n, v in more.items()}},
                box,
            )
            for i, (box, label) in enumerate(zip(each_boxes, each_labels, strict=True))
        ]

    table = sw.Table.from_dict(
        {"bbs": column(boxes, labels)},
        schema={"bbs": BoundingBoxes2DSchema(CLASSES)},
        dataset_name="d",
        project_name="p",
        root_url=root,
    )
    run = sw.tables.Run.create("p", "r", root_url=root)
    predicted = BoundingBoxes2DSchema(CLASSES, additional={"confidence": Float()})
    for epoch in (0, 1):
        run.add_metrics(
            {"bbs_predicted": column(seen, named, confidence=sure)},
            {"bbs_predicted": predicted},
            foreign_table_url=table.url,
            epoch=epoch,
            split="val",
        )
    run.close()
    return run, (boxes, labels, seen, named, sure)


@pytest.mark.parametrize(("confidence", "iou"), [(0.0, 0.5), (0.4, 0.5), (0.7, 0.75), (1.0, 0.5)])
def test_they_equal_those_of_predictions_that_were_filtered_first(detected, confidence, iou):
    run, (boxes, labels, seen, named, sure) = detected
    keep = [each >= confidence for each in sure]
    expected = detection_metrics(
        DetectionBatch.from_images(
            predicted_boxes=[b[k] for b, k in zip(seen, keep, strict=True)],
            predicted_labels=[n[k] for n, k in zip(named, keep, strict=True)],
            confidences=[s[k] for s, k in zip(sure, keep, strict=True)],
            ground_truth_boxes=boxes,
            ground_truth_labels=labels,
        ),
        iou_threshold=iou,
    )
    found = run.metrics_at(confidence, iou, epoch=1)
    assert found["example_id"].to_pylist() == list(range(COUNT))
    for name in DETECTION:
        assert found[name].to_pylist() == pytest.approx(getattr(expected, name).tolist())
    assert run.metrics_at(confidence, iou).num_rows == 2 * COUNT


def test_what_there_is_not_is_said(detected):
    run, _ = detected
    with pytest.raises(NotFoundError, match="has no predicted boxes with confidences there"):
        run.metrics_at(split="train")
    with pytest.raises(InvalidArgumentError, match=r"`confidence` must lie in \[0, 1\]"):
        run.metrics_at(1.5)
    with pytest.raises(InvalidArgumentError, match="`iou` must lie in"):
        run.metrics_at(0.5, 0.05)
