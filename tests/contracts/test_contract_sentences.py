"""The sentences of the callback's public documentation that need no training, each quoted.

Those about what happens in a training are under test in tests/integration/super_gradients.
"""

import inspect
import os
from typing import ClassVar

import numpy as np
import pytest
import torch
from PIL import Image
from super_gradients.training import models
from super_gradients.training.processing import processing as sg
from super_gradients.training.utils.callbacks import Callback
from super_gradients.training.utils.predict import (
    ImageDetectionPrediction,
    ImagesDetectionPrediction,
)
from torch.utils.data import DataLoader

from samplewise import Table, active_run, data_types, init, schemas, set_active_run
from samplewise.collect import loading
from samplewise.errors import InvalidArgumentError
from samplewise.integration.super_gradients import (
    ClassificationMetricsCollectionCallback,
    DetectionMetricsCollectionCallback,
    MetricsCollectionCallback,
    PipelineParams,
    PoseEstimationMetricsCollectionCallback,
    SegmentationMetricsCollectionCallback,
)
from samplewise.integration.super_gradients.callbacks import base_callback

TASKS = {
    DetectionMetricsCollectionCallback: "bbs",
    PoseEstimationMetricsCollectionCallback: "keypoints_2d",
    SegmentationMetricsCollectionCallback: "mask",
    ClassificationMetricsCollectionCallback: "label",
}
SIGNATURE = {
    "project_name": None,
    "run_name": None,
    "run_description": None,
    "image_column_name": "image",
    "label_column_name": None,
    "metrics_collection_epochs": None,
    "collect_metrics_on_train_end": True,
    "collect_val_only": False,
    "batch_size": 32,
    "pipeline_params": None,
    "collect_predictions": None,
    "collect_embeddings": False,
    "embeddings_dim": 2,
    "embeddings_method": "pacmap",
    "inference_chunk_size": None,
    "dataloader_args": None,
}
HERE = {"num_workers": 0}


class Sizes(MetricsCollectionCallback):
    """A subclass with the three parts that the contract asks for, and nothing else."""

    seen: list

    @property
    def label_column_name(self):
        return "bbs"

    def compute_metrics(self, images, predictions, table):
        self.seen = [*getattr(self, "seen", []), (images, predictions, table)]
        return {"boxes": [len(each.prediction.labels) for each in predictions]}

    def metrics_column_schemas(self, table):
        return {"boxes": schemas.Int()}


class Loaders(DataLoader):
    """A DataLoader that remembers how it was made."""

    made: ClassVar[list] = []

    def __init__(self, *args, **options):
        self.made.append(options)
        super().__init__(*args, **options)


@pytest.fixture(autouse=True)
def no_active_run():
    set_active_run(None)
    yield
    set_active_run(None)


@pytest.fixture(scope="module")
def model():
    """It sees many things, since nothing is below its threshold."""
    torch.manual_seed(0)
    network = models.get("yolox_n", num_classes=2).eval()
    steps = [sg.DetectionRescale((32, 32)), sg.StandardizeImage(), sg.ImagePermute()]
    network.set_dataset_processing_params(
        class_names=["cat", "dog"], image_processor=sg.ComposeProcessing(steps), iou=0.6, conf=1e-6
    )
    return network


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """Ten pictures, named by paths relative to where the script runs."""
    folder = tmp_path_factory.mktemp("contract")
    rng = np.random.default_rng(0)
    for number in range(10):
        noise = rng.integers(0, 256, (24, 32, 3), dtype=np.uint8)
        Image.fromarray(noise).save(folder / f"{number}.png")
    empty = data_types.BoundingBoxes2D.create_empty(32, 24)
    there, _ = os.getcwd(), os.chdir(folder)
    try:
        return Table.from_dict(
            {"picture": [f"{i}.png" for i in range(10)], "bbs": [empty] * 10, "size": [24] * 10},
            {
                "picture": schemas.ImageSchema(),
                "bbs": schemas.BoundingBoxes2DSchema({3: "cat", 7: "dog"}),
            },
            dataset_name="d",
            project_name="p",
            root_url=str(folder / "store"),
        )
    finally:
        os.chdir(there)


@pytest.fixture
def collect(model, table):
    """Collects on the table; returns the run."""

    def collected(kind=Sizes, constants=None, run=None, **options):
        run = run or init("p", root_url=table.root_url)
        options = {"image_column_name": "picture", "dataloader_args": HERE, **options}
        callback = kind(**options)
        callback.collect_metrics_direct(model, [table], constants)
        run.callback = callback
        return run

    return collected


@pytest.fixture
def loaders(monkeypatch):
    monkeypatch.setattr(loading, "DataLoader", Loaders)
    monkeypatch.setattr(Loaders, "made", [])
    return Loaders.made


def passes(model):
    """Sizes of the batches that go through a model from now on."""
    sizes = []
    model.register_forward_hook(lambda _module, inputs, _output: sizes.append(len(inputs[0])))
    return sizes


# The class.


def test_the_callback_is_at_its_place():
    """`tlc.integration.super_gradients.callbacks.base_callback` ... `MetricsCollectionCallback`"""
    assert base_callback.MetricsCollectionCallback is MetricsCollectionCallback


def test_the_callback_is_a_callback_of_super_gradients():
    """Bases: super_gradients.training.utils.callbacks.Callback"""
    assert issubclass(MetricsCollectionCallback, Callback)


def test_the_signature_has_the_names_the_order_and_the_defaults():
    """class MetricsCollectionCallback(project_name: str | None = None, ...)"""
    parameters = inspect.signature(MetricsCollectionCallback).parameters.values()
    positional = {p.name: p.default for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD}
    assert list(positional.items()) == list(SIGNATURE.items())


def test_all_may_be_given_by_place():
    """Create a new metrics collection callback."""
    callback = MetricsCollectionCallback(*SIGNATURE.values())
    assert callback.label_column_name is None


def test_every_argument_is_explained():
    """Parameters: project_name - ... dataloader_args - ..."""
    text = inspect.getdoc(MetricsCollectionCallback) or ""  # its indentation depends on the Python
    names = [*SIGNATURE, "metrics_collection_dataloader_args"]
    assert [name for name in names if f"\n    {name}: " not in text] == []


@pytest.mark.parametrize(
    ("method", "parameters"),
    [
        ("collect_metrics_direct", ["model", "tables", "constants"]),
        ("compute_metrics", ["images", "predictions", "table"]),
        ("metrics_column_schemas", ["table"]),
        ("on_train_loader_end", ["context"]),
        ("on_training_end", ["context"]),
        ("on_training_start", ["context"]),
    ],
)
def test_methods_take_what_the_contract_says(method, parameters):
    """API: collect_metrics_direct(model, tables, constants), compute_metrics(...), ..."""
    signature = inspect.signature(getattr(MetricsCollectionCallback, method)).parameters
    positional = [p.name for p in signature.values() if p.kind is not p.KEYWORD_ONLY]
    assert positional[1:] == parameters


def test_a_subclass_needs_two_methods_and_a_property(collect):
    """To collect per-sample metrics, subclasses must implement the methods compute_metrics and
    metrics_column_schemas, and the property label_column_name."""
    rows = collect().metrics(["boxes", "collection_error"]).to_pydict()
    assert rows["collection_error"] == [None] * 10
    assert min(rows["boxes"]) > 0


# Arguments.


def test_names_are_those_of_the_run_that_is_made(collect, table, model):
    """project_name - The name of the 3LC project to use if no active run exists. run_name - The
    name of the 3LC run ... run_description - The description of the 3LC run to use ..."""
    callback = Sizes("q", "mine", "why", "picture", dataloader_args=HERE, root_url=table.root_url)
    callback.collect_metrics_direct(model, [table])
    run = active_run()
    assert (run.project_name, run.name, run.description) == ("q", "mine", "why")


def test_an_active_run_goes_before_the_names(collect):
    """... to use if no active run exists."""
    run = collect()
    collect(run=run, constants={"epoch": 1})
    assert run.metrics().num_rows == 20


def test_the_image_column_has_the_name_that_was_given(collect):
    """image_column_name - The name of the column in the table that contains the images."""
    assert collect(image_column_name="picture").metrics().num_rows == 10


@pytest.mark.parametrize(("kind", "name"), TASKS.items())
def test_every_task_has_its_label_column(kind, name):
    """label_column_name - The name of the column in the table that contains the labels. If not
    provided, a task-specific default will be used."""
    assert kind().label_column_name == name
    assert kind(label_column_name="mine").label_column_name == "mine"


@pytest.mark.parametrize("epochs", [[-1], [0.5], ["0"], [True]])
def test_epochs_are_zero_indexed(epochs):
    """metrics_collection_epochs - The zero-indexed epochs after which to collect metrics."""
    assert MetricsCollectionCallback(metrics_collection_epochs=[0, 5])
    with pytest.raises(ValueError, match="must have 0-based epochs"):
        MetricsCollectionCallback(metrics_collection_epochs=epochs)


def test_loader_arguments_have_a_second_name(collect, loaders):
    """metrics_collection_dataloader_args - Additional arguments to pass to the dataloaders used for
    metrics collection."""
    given = {"metrics_collection_dataloader_args": {**HERE, "pin_memory": False, "timeout": 0}}
    collect(dataloader_args=None, **given)
    assert loaders[0]["num_workers"] == 0


@pytest.mark.parametrize(("size", "batches"), [(4, [4, 4, 2]), (None, [10]), (3, [3, 3, 3, 1])])
def test_the_batch_size_is_that_of_the_device(collect, model, size, batches):
    """batch_size - The batch size to use for metrics collection ... Controls the number of images
    in each batch on the device."""
    sizes = passes(model)
    collect(batch_size=size, pipeline_params={"fuse_model": False})
    assert sizes == batches


@pytest.mark.parametrize("params", [PipelineParams(conf=1.0), {"conf": 1.0}])
def test_pipeline_parameters_are_an_instance_or_a_dictionary(collect, params):
    """pipeline_params - ... Can be provided as a PipelineParams instance, a dictionary, or None"""
    assert set(collect(pipeline_params=params).metrics(["boxes"]).column(0).to_pylist()) == {0}


def test_pipeline_parameters_are_the_defaults_without():
    """... or None (default) which will use a default PipelineParams instance."""
    assert MetricsCollectionCallback()._params == PipelineParams()


@pytest.mark.parametrize("kind", TASKS)
def test_tasks_collect_predictions_unless_told_otherwise(kind):
    """collect_predictions - Whether to collect predictions. Default is None, which means
    predictions will be logged for all task-specific subclasses if not explicitly set to False."""
    said = [kind(collect_predictions=each).collects_predictions for each in (None, True, False)]
    assert said == [True, True, False]


def test_the_base_collects_no_predictions(collect):
    """On using the base callback, no predictions will be logged by default."""
    assert not MetricsCollectionCallback().collects_predictions
    names = collect(MetricsCollectionCallback).metrics().column_names
    assert [name for name in names if "predicted" in name] == []


def test_embeddings_are_not_collected_by_default(collect):
    """collect_embeddings - ... Default is False because embeddings collection performs additional
    inference and therefore spends additional time."""
    assert "embedding" not in collect().metrics().column_names


def test_embeddings_need_no_additional_inference(collect, model):
    """... performs additional inference: ours comes from the pass that is made anyway."""
    sizes = passes(model)
    run = collect(collect_embeddings=True, pipeline_params={"fuse_model": False})
    assert sizes == [10]
    assert run.metrics(["embedding"]).column(0).null_count == 0


@pytest.mark.parametrize(("dim", "warned"), [(2, 0), (3, 0), (5, 1)])
def test_two_or_three_dimensions_are_recommended(capsys, dim, warned):
    """embeddings_dim - The dimensionality to reduce the embeddings to, default is 2. 2 or 3 are
    recommended."""
    MetricsCollectionCallback(embeddings_dim=dim)
    assert capsys.readouterr().err.count("only 2 and 3 can be looked at") == warned


def test_methods_of_reduction_are_known():
    """embeddings_method - The method to use for reducing the embeddings. Literal[pacmap, umap]"""
    assert MetricsCollectionCallback(embeddings_method="umap")
    with pytest.raises(ValueError, match="must be one of pacmap, umap, pca, but is 'tsne'"):
        MetricsCollectionCallback(embeddings_method="tsne")  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("batch", "chunk", "expected"), [(4, 2, 2), (4, None, 4), (None, None, 32), (None, 5, 5)]
)
def test_the_chunk_size_is_how_many_a_worker_loads(collect, loaders, batch, chunk, expected):
    """inference_chunk_size - How many images to load into CPU memory at once for each dataloader
    worker batch. ... If not provided, batch_size is used if not set to None, else 32 is used."""
    collect(batch_size=batch, inference_chunk_size=chunk)
    assert loaders[0]["batch_size"] == expected


def test_images_in_memory_are_bounded(collect, loaders):
    """The number of (full-size) images in CPU memory at a time is batch_size *
    inference_chunk_size."""
    collect(batch_size=3, inference_chunk_size=2, dataloader_args={"num_workers": 8})
    chunks_ahead = loaders[0]["num_workers"] * loaders[0]["prefetch_factor"]
    assert (chunks_ahead + 1) * loaders[0]["batch_size"] <= 3 * 2  # and the one in hand


def test_eight_workers_load_by_default_and_pin_nothing(collect, loaders):
    """dataloader_args - ... By default, 8 workers and no pinning of memory is used."""
    collect(batch_size=16, inference_chunk_size=1, dataloader_args=None)
    assert loaders[0]["num_workers"] == 8
    assert not loaders[0].get("pin_memory")


def test_a_batch_size_for_the_loader_is_ignored(collect, loaders):
    """batch_size is set to the value of the parameter inference_chunk_size, any value provided here
    is ignored. If inference_chunk_size is not provided, batch_size is used."""
    collect(inference_chunk_size=5, dataloader_args={**HERE, "batch_size": 7})
    collect(batch_size=6, dataloader_args={**HERE, "batch_size": 7})
    assert [each["batch_size"] for each in loaders] == [5, 6]


@pytest.mark.parametrize("name", ["dataloader_args", "metrics_collection_dataloader_args"])
def test_shuffling_is_refused(name):
    """Shuffling is disallowed."""
    with pytest.raises(InvalidArgumentError, match="must not shuffle"):
        MetricsCollectionCallback(**{name: {"shuffle": True}})


# Methods.


def test_metrics_are_collected_directly_on_tables(collect, model, table):
    """collect_metrics_direct - Collect metrics directly on tables. Parameters: model - The model to
    collect metrics from. tables - The tables to collect metrics from."""
    run = init("p", root_url=table.root_url)
    half = table.delete_rows(range(5))
    callback = Sizes(image_column_name="picture", dataloader_args=HERE)
    callback.collect_metrics_direct(model, [table, half])
    assert run.sql("select count(*) n from metrics group by input_table_id").num_rows == 2
    assert [each.name for each in run.input_tables] == [table.name, half.name]


def test_constants_become_columns(collect):
    """constants - Additional constants to pass to the metrics collection."""
    run = collect(constants={"checkpoint": "best", "epoch": 4})
    rows = run.sql("select distinct checkpoint, epoch from metrics").to_pylist()
    assert rows == [{"checkpoint": "best", "epoch": 4}]


def test_images_are_absolute_urls(collect, table):
    """images - A list of absolute image URLs as strings."""
    images = [each for seen in collect(batch_size=4).callback.seen for each in seen[0]]
    assert len(images) == 10
    assert all(isinstance(each, str) and os.path.isabs(each) for each in images)
    assert all(os.path.exists(each) for each in images)


def test_predictions_are_super_gradients_own(collect):
    """predictions - A list of predictions or a single prediction. ImagesPredictions |
    ImagePrediction"""
    images, predictions, _ = collect().callback.seen[0]
    assert isinstance(predictions, ImagesDetectionPrediction)
    assert all(isinstance(each, ImageDetectionPrediction) for each in predictions)
    assert len(images) == len(predictions)


def test_predictions_have_names_an_image_and_draw_themselves(collect):
    """super_gradients.training.utils.predict.prediction_results.ImagePrediction"""
    images, predictions, _ = collect().callback.seen[0]
    first = predictions[0]
    assert list(first.class_names) == ["cat", "dog"]
    assert np.array_equal(first.image, np.array(Image.open(images[0])))
    assert not np.array_equal(first.draw(), first.image)


def test_the_table_is_the_one_with_the_images(collect, table):
    """table - The table containing the images and predictions."""
    assert collect().callback.seen[0][2] == table


def test_schemas_say_what_the_columns_hold(collect):
    """Return the column schemas for the metrics of this callback."""

    class Named(Sizes):
        def metrics_column_schemas(self, table):
            return {"boxes": schemas.Int(description="boxes that it sees")}

    (stream,) = collect(Named).metric_streams
    assert "boxes that it sees" in str(stream.arrow_schema.field("boxes").metadata)


def test_the_base_itself_has_neither_metrics_nor_schemas(table):
    """compute_metrics ... metrics_column_schemas: for subclasses."""
    callback = MetricsCollectionCallback()
    assert callback.compute_metrics([], [], table) == {}  # pyright: ignore[reportArgumentType]
    assert callback.metrics_column_schemas(table) == {}
