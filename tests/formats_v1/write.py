"""Writes `store/`: tables and a run in the first format, kept in the repository.

    python tests/formats_v1/write.py FOLDER

Run once, by the version whose format it shows. Later versions only read it.
"""

import json
import sys
from pathlib import Path

import numpy as np

import samplewise as sw
from samplewise import schemas as s
from samplewise.tables import Run


def boxes(count: int) -> sw.data_types.BoundingBoxes2D:
    """So many boxes in an image of 64 x 48 pixels."""
    value = sw.data_types.BoundingBoxes2D.create_empty(64, 48)
    for i in range(count):
        value.add_instance([i, i, i + 10.5, i + 10], 1 + 89 * (i % 2), confidence=i / 8)
    return value


def people() -> sw.data_types.Keypoints2D:
    """One person of two joints."""
    value = sw.data_types.Keypoints2D.create_empty(64, 48)
    value.add_instance([[1, 2, 2], [3, 4, 0]], 0, bounding_box=[0, 0, 5, 5])
    return value


def masks() -> sw.data_types.SegmentationMasks:
    """A mask of pixels and one of a polygon."""
    value = sw.data_types.SegmentationMasks.create_empty(4, 4)
    value.add_instance(np.eye(4, dtype=bool), 0)
    value.add_instance(polygons=[[0, 0, 3, 0, 3, 3]], label=0)
    return value


def main() -> None:
    root = sys.argv[1]
    classes = {1: s.MapElement("cat", "Cat", "#ff0000"), 90: "dog"}
    table = sw.Table.from_dict(
        {
            "image": [f"/pictures/{i}.jpg" for i in range(4)],
            "bbs": [boxes(i) for i in range(3)] + [None],
            "keypoints_2d": [people(), None, None, None],
            "segmentations": [masks(), None, None, None],
            "class_map": [np.eye(3, dtype=int), "/pictures/map.png", None, None],
            "label": [90, 1, None, 1],
            "embedding": np.arange(12).reshape(4, 3),
            "array": np.arange(16).reshape(4, 2, 2),
            "list": [[1], [], None, [2, 3]],
            "text": ["ü", "", None, "x"],
        },
        {
            "image": s.ImageSchema(),
            "bbs": s.BoundingBoxes2DSchema(classes, additional={"confidence": s.Float()}),
            "keypoints_2d": s.Keypoints2DSchema(["person"], joint_names=["a", "b"]),
            "segmentations": s.SegmentationMasksSchema(["thing"]),
            "class_map": s.SemanticSegmentationSchema(["a", "b"], ignore_label=255),
            "label": s.CategoricalLabelSchema(classes, description="what it is"),
            "embedding": s.EmbeddingSchema(3),
        },
        dataset_name="all kinds",
        project_name="project",
        root_url=root,
        add_weight_column=True,
        description="the first revision",
        aliases={"DATA": "/pictures"},
    )
    changes = {"weight": {1: 0.5}, "image": {0: "/pictures/new.jpg"}}
    derived = table.edit(changes, delete=[2], description="the second one")
    derived.delete_rows([0], "third")
    with Run.create("project", "run", "a run", {"lr": 0.1}, root_url=root) as run:
        run.log({"mAP@0.50": 0.25, "nothing": float("nan")}, epoch=0, split="val")
        run.log({"mAP@0.50": 0.5}, epoch=1, split="val")
        data = {"iou": [0.5, None, 1.0], "bbs_predicted": [boxes(1), boxes(0), None]}
        kinds = {
            "bbs_predicted": s.BoundingBoxes2DSchema(classes, additional={"confidence": s.Float()})
        }
        run.add_metrics(data, kinds, derived.url, epoch=1, split="val")
        run.add_collection({"epoch": 1, "split": "val", "rows": 3})
    path = Path(run.url, "run.json")
    document = json.loads(path.read_text())
    document["provenance"] = {"command": ["train.py"], "git": None}  # nothing of this machine
    document["owner"] = {"pid": 1, "host": "machine", "started": 0.0}
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False))
    for lock in Path(root).rglob(".lock"):
        lock.unlink()


if __name__ == "__main__":
    main()
