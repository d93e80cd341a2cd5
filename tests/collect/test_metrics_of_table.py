"""Any model and a Table: the rows of the callbacks, without a trainer."""

import re
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torchvision.models.detection import fasterrcnn_mobilenet_v3_large_320_fpn

import samplewise as sw
from samplewise.collect import PlainPredictor
from samplewise.data_types import BoundingBoxes2D
from samplewise.errors import AlreadyExistsError, CollectionError, InvalidArgumentError
from samplewise.schema.image_reader import read_pixels
from samplewise.schemas import BoundingBoxes2DSchema
from samplewise.tables import Run
from samplewise.tasks import PredictedBoxes, PredictedLogits

FOUND = PredictedBoxes([[2.0, 2.0, 12.0, 10.0], [0.0, 0.0, 3.0, 3.0]], [0, 1], [0.9, 0.4])
IN_PROCESS = {"num_workers": 0}
DOCUMENT = Path(__file__).parents[2] / "docs" / "frameworks.md"


def find(images):
    return [FOUND] * len(images)


@pytest.fixture
def table(pictures, tmp_path):
    boxes = [BoundingBoxes2D.create_empty(24, 16) for _ in pictures]
    for value in boxes:
        value.add_instance([2, 2, 12, 10], 4)
    return sw.Table.from_dict(
        {"image": [*pictures[:-1], "gone.png"], "bbs": boxes, "label": [0, 1, 0, 1, 0, 1, 0]},
        {
            "image": sw.schemas.ImageSchema(),
            "bbs": BoundingBoxes2DSchema({4: "cat", 9: "dog", 11: "fox"}),
            "label": sw.schemas.CategoricalLabelSchema(["cat", "dog"]),
        },
        table_name="t",
        dataset_name="d",
        project_name="p",
        root_url=str(tmp_path),
    )


@pytest.fixture
def run(table):
    return Run.create("p", root_url=table.root_url)


def test_a_plain_function_fills_the_columns_of_a_task(table, run):
    where = {"run": run, "split": "val", "epoch": 3, "dataloader_args": IN_PROCESS}
    record = sw.collect_metrics(table, find, task="detection", batch_size=4, **where)
    assert (record.rows, record.failed_rows, record.split, record.epoch) == (6, 1, "val", 3)
    rows = run.metrics(split="val", epoch=3).to_pydict()
    assert rows["true_positives"][:6] == [1] * 6
    assert [each["rows"] for each in run.collections] == [6]


def test_what_is_there_already_is_refused_or_replaced(table, run):
    where = {"run": run, "task": "detection", "dataloader_args": IN_PROCESS}
    sw.collect_metrics(table, find, **where)
    with pytest.raises(AlreadyExistsError):
        sw.collect_metrics(table, find, **where)
    assert sw.collect_metrics(table, find, replace=True, **where).replaced_rows == 7


def test_impossible_predictions_are_counted_and_told(table, run, capfd):
    wild = PredictedBoxes([[2.0, 2, 12, 10], [5.0, 5, 1, 1], [np.nan] * 4], [0, 1, 1], [0.9] * 3)
    record = sw.collect_metrics(
        table,
        lambda images: [wild] * len(images),
        task="detection",
        run=run,
        dataloader_args=IN_PROCESS,
    )
    assert sum(record.left_out.values()) == 2 * record.rows == 12
    assert capfd.readouterr().err.count("left out") == 1


def test_metrics_of_ones_own_stand_beside_those_of_the_task(table, run):
    def brightness(images, predictions, table):
        return {"first": [found.confidences[0] for found in predictions], "url": list(images)}

    where = {"run": run, "dataloader_args": IN_PROCESS}
    sw.collect_metrics(table, find, task="detection", compute_metrics=brightness, **where)
    rows = run.metrics().to_pydict()
    assert (rows["first"][:6], rows["true_positives"][:6]) == ([0.9] * 6, [1] * 6)
    assert rows["url"][:6] == table.image_urls()[:6]


def test_a_column_of_the_task_is_not_written_over(table, run):
    def precision(images, predictions, table):
        return {"precision": [1.0] * len(images)}

    with pytest.raises(CollectionError, match=r"must leave out .* but has 'precision'"):
        sw.collect_metrics(
            table,
            find,
            task="detection",
            compute_metrics=precision,
            run=run,
            dataloader_args=IN_PROCESS,
        )


def test_own_metrics_alone_take_whatever_the_function_returns(table, run):
    def mean(images):
        return images.mean(dim=(1, 2, 3)).tolist()

    def store(images, predictions, table):
        return {"mean": predictions}

    where = {"run": run, "dataloader_args": IN_PROCESS}
    sw.collect_metrics(table, mean, compute_metrics=store, **where)
    expected = [read_pixels(url).mean() / 255 for url in table.image_urls()[:6]]
    assert np.allclose(run.metrics().to_pydict()["mean"][:6], expected, atol=1e-6)


def test_a_network_is_left_as_it_was_and_gives_embeddings(table, run):
    network = nn.Sequential(
        nn.Conv2d(3, 4, 3),
        nn.BatchNorm2d(4),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(4, 2),
    )
    before = {name: value.clone() for name, value in network.state_dict().items()}

    class Classifier(PlainPredictor):
        def finish(self, raw, batch):
            return [PredictedLogits(each.numpy()) for each in raw]

    sw.collect_metrics(
        table,
        Classifier(network, embedding_layer="1"),
        task="classification",
        run=run,
        embeddings=True,
        dataloader_args=IN_PROCESS,
    )
    rows = run.metrics().to_pydict()
    assert [len(each) for each in rows["embedding"][:6]] == [4] * 6
    assert network.training
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({}, "`task` must say what is computed"),
        ({"task": "detektion"}, "`task` must be one of"),
        ({"task": "detection", "batch_size": 0}, "`batch_size` must be a positive integer"),
        ({"task": "detection", "embeddings": True}, "embeddings must come from a named layer"),
    ],
)
def test_what_cannot_be_collected_is_refused_before_a_run_is_made(table, options, error):
    with pytest.raises(InvalidArgumentError, match=error):
        sw.collect_metrics(table, find, **options)
    assert sw.active_run() is None


def test_predictions_of_another_number_are_refused_and_nothing_is_stored(table, run):
    with pytest.raises(CollectionError, match="one prediction for each of the 6 images"):
        sw.collect_metrics(
            table, lambda images: [FOUND], task="detection", run=run, dataloader_args=IN_PROCESS
        )
    assert run.metric_streams == []


@pytest.mark.parametrize("wrong", ["cat", None])
def test_predictions_of_another_kind_are_refused_by_name(table, run, wrong):
    def label(images):
        return [wrong] * len(images)

    with pytest.raises(CollectionError, match=r"must return `PredictedBoxes` .* but returned "):
        sw.collect_metrics(table, label, task="detection", run=run, dataloader_args=IN_PROCESS)
    assert run.metric_streams == []


def test_what_cannot_be_called_is_no_predictor(table):
    with pytest.raises(InvalidArgumentError, match=r"`predictor` must be a network, .* but is 3"):
        sw.collect_metrics(table, 3, task="detection")


def test_the_lines_of_the_document_store_what_torchvision_predicts(table):
    torch.manual_seed(0)
    options = {"weights": None, "weights_backbone": None, "num_classes": 3}
    model = fasterrcnn_mobilenet_v3_large_320_fpn(**options, box_score_thresh=0.0).eval()
    code = re.search(r"```python\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    assert code is not None
    try:
        exec(code[1], {"model": model, "table": table})
        rows = sw.active_run().metrics().to_pydict()
    finally:
        sw.set_active_run(None)
    for url, stored in zip(table.image_urls()[:6], rows["bbs_predicted"][:6], strict=True):
        image = torch.from_numpy(read_pixels(url).transpose(2, 0, 1).astype(np.float32) / 255)
        with torch.no_grad():
            (expected,) = model([image])
        scores = stored["instances_additional_data"]["confidence"]
        assert np.allclose(np.sort(scores), np.sort(expected["scores"].numpy()), atol=1e-5)
