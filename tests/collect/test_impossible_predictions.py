"""Predictions that no image can have stop no collection."""

import numpy as np

import samplewise as sw
from samplewise.collect.collection import CollectionPlan, collect
from samplewise.data_types import BoundingBoxes2D
from samplewise.schemas import BoundingBoxes2DSchema, Float

KIND = BoundingBoxes2DSchema(["cat"], additional={"confidence": Float()})


def predict(images, predictions, table) -> dict:
    """One good box in every image and, in every second one, one of a network gone wild."""
    wild = [[np.nan] * 4, [5.0, 5, 1, 1], [0, 0, np.inf, 1]]
    boxes = [[[1.0, 1, 4, 4], wild[i % 3]][: 1 + i % 2] for i, _ in enumerate(images)]
    return {
        "bbs_predicted": [
            BoundingBoxes2D((0, 0, 24, 16), {"confidence": [0.5] * len(each)}, np.array(each))
            for each in boxes
        ]
    }


def test_wild_predictions_are_left_out_counted_and_told_once(toy, pictures, tmp_path, capfd):
    root = str(tmp_path)
    names = {"dataset_name": "d", "project_name": "p", "root_url": root}
    table = sw.Table.from_dict({"image": pictures}, **names)
    run = sw.tables.Run.create("p", "r", root_url=root)
    plan = CollectionPlan(compute_metrics=predict, schemas={"bbs_predicted": KIND}, batch_size=4)
    record = collect(run, table, toy, plan, split="val", epoch=0)
    stored = run.metrics(["bbs_predicted"]).column("bbs_predicted").to_pylist()
    run.close()
    assert [len(each["instances"]) for each in stored] == [1] * len(pictures)
    assert sum(record.left_out.values()) == 3
    assert capfd.readouterr().err.count("left out") == 1
