"""A plain PyTorch model, a task and a Table: rows as any training framework would store them."""

import numpy as np
import pytest

from samplewise import Table
from samplewise.collect.embedding_settings import EmbeddingSettings
from samplewise.collect.ranks import Ranks
from samplewise.collect.table_collector import TableCollector, TableMetrics
from samplewise.collect.table_task import TableTask
from samplewise.data_types import BoundingBoxes2D
from samplewise.errors import InvalidArgumentError
from samplewise.schemas import BoundingBoxes2DSchema
from samplewise.tables import Run
from samplewise.tasks import DetectionTask, PredictedBoxes

FOUND = PredictedBoxes([[2.0, 2.0, 12.0, 10.0], [0.0, 0.0, 3.0, 3.0]], [0, 1], [0.9, 0.4])


@pytest.fixture
def table(pictures, tmp_path):
    boxes = [BoundingBoxes2D.create_empty(24, 16) for _ in pictures]
    for value in boxes:
        value.add_instance([2, 2, 12, 10], 4)
    return Table.from_dict(
        {"image": [*pictures[1:], pictures[1]], "bbs": boxes},
        {"bbs": BoundingBoxes2DSchema({4: "cat", 9: "dog"})},
        table_name="t",
        dataset_name="d",
        project_name="p",
        root_url=str(tmp_path),
    )


@pytest.fixture
def here(table):
    return TableTask(DetectionTask(), table, label_column="bbs", image_column="image")


def test_a_plain_model_fills_a_run_with_the_columns_of_its_task(table, here, make_toy):
    class Detector(make_toy):
        def finish(self, raw, batch):
            return [FOUND] * len(batch)

    def compute_metrics(images, predictions, _):
        return here.columns(images, predictions, with_predictions=True)

    embeddings = EmbeddingSettings(True, True, 2, "pacmap", None, True)
    collector = TableCollector("image", 4, None, {"num_workers": 0}, embeddings)
    metrics = TableMetrics(
        compute_metrics,
        here.schemas(with_predictions=True),
        object_boxes=here.object_boxes(lambda found: found, with_predictions=True),
    )
    run = Run.create("p", root_url=table.root_url)
    options = {"split": "val", "epoch": 3, "constants": {}, "ranks": Ranks()}
    record = collector.collect(run, table, Detector(), metrics, **options)
    rows = run.metrics().to_pydict()
    assert (record.rows, rows["epoch"]) == (7, [3] * 7)
    assert (rows["true_positives"], rows["false_positives"]) == ([1] * 7, [1] * 7)
    assert [len(each) for each in rows["prediction_embeddings"]] == [2] * 7
    assert [len(each) for each in rows["ground_truth_embeddings"]] == [1] * 7


def test_boxes_that_no_image_can_have_leave_all_that_is_stored_a_box_in_step(table, here, make_toy):
    nan = float("nan")
    wild = [[nan, 0, 1, 1], [9, 9, 2, 2], [0, 0, 5, 5], *FOUND.boxes.tolist()]

    class Wild(make_toy):
        def finish(self, raw, batch):
            return [PredictedBoxes(wild, [0, 0, 0, 1, 0], [0.9, 0.9, nan, 0.4, 0.9])] * len(batch)

    def compute_metrics(images, predictions, _):
        return here.columns(images, predictions, with_predictions=True)

    embeddings = EmbeddingSettings(True, True, 2, "pacmap", None, True)
    collector = TableCollector("image", 4, None, {"num_workers": 0}, embeddings)
    metrics = TableMetrics(
        compute_metrics,
        here.schemas(with_predictions=True),
        object_boxes=here.object_boxes(lambda found: found, with_predictions=True),
        tally=here.tally,
    )
    run = Run.create("p", root_url=table.root_url)
    options = {"split": "val", "epoch": 0, "constants": {}, "ranks": Ranks()}
    record = collector.collect(run, table, Wild(), metrics, **options)
    rows = run.metrics().to_pylist()
    assert sum(record.left_out.values()) == 3 * len(rows)
    for row in rows:
        stored = row["bbs_predicted"]["instances_additional_data"]
        assert (
            len(stored["label"]) == len(row["prediction_embeddings"]) == row["n_predictions"] == 2
        )
        for truth, match in enumerate(row["ground_truth_match"]):
            assert match is None or stored["matched_ground_truth"][match] == truth


def test_images_are_found_by_their_url_the_first_row_of_several(here, pictures):
    columns = here.columns([pictures[1], pictures[3]], [FOUND] * 2, with_predictions=False)
    assert columns["true_positives"].tolist() == [1, 1]
    assert here._rows.of([pictures[1], pictures[3]]) == [0, 2]


def test_an_image_of_another_table_is_refused(here):
    with pytest.raises(InvalidArgumentError, match="must have images of table `t`, but has 'x'"):
        here.columns(["x"], [FOUND], with_predictions=False)


def test_classes_of_the_network_are_those_that_were_named_last(here):
    here.match_classes(["fox", "cat"])
    columns = here.columns_of_rows([0], [FOUND], with_predictions=True)
    stored = columns["bbs_predicted"].to_pylist()[0]["instances_additional_data"]["label"]
    assert stored == [10, 4]
    assert np.array_equal(columns["true_positives"], [0])
