"""What a user's subclass may return, and what it is told where it may not."""

import numpy as np
import pytest
import torch
from PIL import Image
from super_gradients.training import models

from samplewise import Table, init, schemas
from samplewise.cli._worst_images import rank_images
from samplewise.errors import CollectionError
from samplewise.integration.super_gradients import (
    DetectionMetricsCollectionCallback,
    MetricsCollectionCallback,
)
from samplewise.schema import TableSchema
from samplewise.schema.ranking import main_metric

PIXELS = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)


@pytest.fixture(scope="module")
def model(tables, make_loader):
    torch.manual_seed(0)
    network = models.get("yolox_n", num_classes=6).eval()
    params = make_loader(tables[1]).dataset.get_dataset_preprocessing_params()
    network.set_dataset_processing_params(**params)
    return network


@pytest.fixture
def collect(model, tables):
    """Collects what a function of the number of images returns; returns the run."""

    def collected(returned, kinds=None, base=MetricsCollectionCallback):
        class Mine(base):
            def compute_metrics(self, images, predictions, table):
                ours = super().compute_metrics(images, predictions, table)
                mine = returned(len(images))
                return {**ours, **mine} if isinstance(mine, dict) else mine

            def metrics_column_schemas(self, table):
                return {**super().metrics_column_schemas(table), **(kinds or {})}

        run = init("subclassing", root_url=tables[1].root_url)
        callback = Mine(batch_size=3, dataloader_args={"num_workers": 0})
        callback.collect_metrics_direct(model, [tables[1]])
        return run

    return collected


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (1.5, 1.5),
        (True, True),
        ("a word", "a word"),
        (None, None),
        (torch.tensor(2.0), 2.0),
        (np.ones(3, np.float32), [1.0, 1.0, 1.0]),
        ([[1, 2], [3]], [[1, 2], [3]]),
        ({"x": 1, "y": [2.0]}, {"x": 1, "y": [2.0]}),
    ],
    ids=lambda each: type(each).__name__,
)
def test_whatever_it_is_it_is_stored_by_what_it_is(collect, value, stored):
    rows = collect(lambda n: {"mine": [value] * n}).metrics(["mine"])
    assert rows.column("mine").to_pylist() == [stored] * 4


@pytest.mark.parametrize("make", [Image.fromarray, np.array], ids=["pil", "array"])
def test_images_are_stored_and_come_back(collect, make):
    run = collect(lambda n: {"mine": [make(PIXELS)] * n}, {"mine": schemas.ImageSchema()})
    url = run.metrics(["mine"]).column("mine")[0].as_py()
    assert np.array_equal(np.array(schemas.ImageSchema().to_sample(url)), PIXELS)


def test_arrays_of_several_axes_keep_their_shape(collect):
    run = collect(lambda n: {"mine": np.ones((n, 2, 3), np.float32)})
    (stream,) = run.metric_streams
    kind = TableSchema.from_arrow(stream.arrow_schema)["mine"]
    stored = run.metrics(["mine"]).column("mine").to_pylist()
    assert np.array_equal([kind.to_sample(each) for each in stored], np.ones((4, 2, 3)))


@pytest.mark.parametrize("make", [lambda n: iter(range(n)), range, np.arange, torch.arange])
def test_a_column_may_be_any_sequence(collect, make):
    rows = collect(lambda n: {"mine": make(n)}).metrics(["mine"])
    assert rows.column("mine").to_pylist() == [0, 1, 2, 0]


def test_ours_and_mine_are_stored_together(collect):
    run = collect(
        lambda n: {"mine": list(range(n))},
        {"mine": schemas.Int()},
        DetectionMetricsCollectionCallback,
    )
    rows = run.metrics(["mine", "n_predictions", "bbs_predicted"]).to_pydict()
    assert rows["mine"] == [0, 1, 2, 0]
    assert None not in rows["n_predictions"] + rows["bbs_predicted"]


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        (lambda n: {"mine": [1]}, "batch 0: column `mine` must have one value per image (3), but"),
        (lambda n: {"yours": [1] * n}, "batch 0: `compute_metrics` must return the columns mine, "),
        (lambda n: {"mine": ["a"] * n}, "batch 0: column `mine`, row 0: must be an integer, but i"),
        (lambda n: {}, "batch 0: `compute_metrics` must return the column `mine`, but did not"),
        (lambda n: [1], "batch 0: `compute_metrics` must return a dictionary of columns, but ret"),
        (lambda n: {"mine": 1}, "batch 0: column `mine` must be a sequence with one value per im"),
        (lambda n: {"mine": "abc"}, "one value per image, but is a str"),
        (lambda n: {"mine": dict.fromkeys(range(n))}, "one value per image, but is a dict"),
        (lambda n: {"mine": [1] * n, "epoch": [1] * n}, "must leave the column `epoch` to the co"),
    ],
)
def test_a_wrong_column_is_named_with_what_is_expected_and_the_batch(
    collect, tables, returned, said
):
    with pytest.raises(CollectionError) as error:
        collect(returned, {"mine": schemas.Int()})
    assert said in str(error.value)


def test_the_batch_that_is_wrong_is_counted_and_nothing_is_stored(model, tables):
    class Mine(MetricsCollectionCallback):
        def compute_metrics(self, images, predictions, table):
            return {"mine": [1] * 3}  # the last batch has one image

    run = init("subclassing", root_url=tables[1].root_url)
    callback = Mine(batch_size=3, dataloader_args={"num_workers": 0})
    with pytest.raises(CollectionError, match=r"batch 1: column `mine` .* \(1\), but has 3"):
        callback.collect_metrics_direct(model, [tables[1]])
    assert run.metrics().num_rows == 0


def test_what_nobody_can_store_is_said_with_the_batch(collect):
    with pytest.raises(CollectionError, match="batch 0: column `mine` must have values of one ki"):
        collect(lambda n: {"mine": [object()] * n})


def test_a_subclass_may_ask_its_rows_of_the_table(model, tables):
    class Rows(MetricsCollectionCallback):
        def compute_metrics(self, images, predictions, table):
            return {"boxes": [len(table[image.example_id]["bbs"]) for image in images]}

    run = init("subclassing", root_url=tables[1].root_url)
    Rows(dataloader_args={"num_workers": 0}).collect_metrics_direct(model, [tables[1]])
    expected = [len(sample["bbs"]) for sample in tables[1]]
    assert run.metrics(["boxes"]).column(0).to_pylist() == expected


def test_a_table_without_rows_is_collected_as_such(model, tables):
    empty = Table.from_dict(
        {"image": []},
        {"image": schemas.ImageSchema()},
        dataset_name="empty",
        project_name="subclassing",
        root_url=tables[1].root_url,
    )
    run = init("subclassing", root_url=tables[1].root_url)
    callback = MetricsCollectionCallback(dataloader_args={"num_workers": 0})
    callback.collect_metrics_direct(model, [empty])
    assert [record["rows"] for record in run.collections] == [0]


def test_a_users_own_metric_says_which_way_is_better_as_far_as_the_ranking(collect):
    blur = schemas.Float(better="lower", title="blur", unit="px", prominence=10)
    run = collect(
        lambda n: {"mine": [float(i) for i in range(n)]},
        {"mine": blur},
        DetectionMetricsCollectionCallback,
    )
    assert run.stored.metric_kinds["mine"] == blur
    assert main_metric(run.stored.metric_kinds) == "mine"
    assert main_metric({**run.stored.metric_kinds, "mine": schemas.Float()}) == "f1"
    found = rank_images(run, 1)
    assert str(found.ranking) == "Worst images by mine, highest first"
    assert found.rows[0]["mine"] == 2.0
