"""The contract's signature, and what is refused at once."""

import inspect

import pytest
from inline_snapshot import snapshot

from samplewise.errors import InvalidArgumentError
from samplewise.integration.super_gradients import (
    DetectionMetricsCollectionCallback,
    MetricsCollectionCallback,
)
from samplewise.integration.super_gradients.callbacks.base_callback import (
    MetricsCollectionCallback as AtTheContractsPath,
)

CONTRACT = {
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


def test_parameters_and_defaults_are_the_contracts_in_its_order():
    parameters = inspect.signature(MetricsCollectionCallback).parameters.values()
    positional = {p.name: p.default for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD}
    assert list(positional.items()) == list(CONTRACT.items())


def test_the_class_lives_where_the_contract_puts_it():
    assert AtTheContractsPath is MetricsCollectionCallback


@pytest.mark.parametrize(
    "method",
    [
        "collect_metrics_direct",
        "compute_metrics",
        "metrics_column_schemas",
        "on_train_loader_end",
        "on_training_end",
        "on_training_start",
    ],
)
def test_the_contracts_methods_are_there(method):
    assert callable(getattr(MetricsCollectionCallback, method))


@pytest.mark.parametrize(
    "arguments",
    [
        {"metrics_collection_epochs": [-1]},
        {"batch_size": 0},
        {"inference_chunk_size": -3},
        {"pipeline_params": {"confidence": 0.1}},
        {"embeddings_method": "tsne"},
        {"dataloader_args": {"shuffle": True}},
        {"on_error": "ignore"},
    ],
)
def test_a_wrong_argument_is_refused_when_the_callback_is_made(arguments):
    with pytest.raises(InvalidArgumentError):
        DetectionMetricsCollectionCallback(**arguments)


def test_the_error_names_the_argument_and_the_words_it_knows():
    with pytest.raises(InvalidArgumentError) as error:
        MetricsCollectionCallback(embeddings_method="tsne")  # pyright: ignore[reportArgumentType]
    assert str(error.value) == snapshot(
        "`embeddings_method` must be one of pacmap, umap, pca, but is 'tsne'."
    )


def test_the_arguments_that_the_contract_describes_go_to_the_loader():
    callback = MetricsCollectionCallback(metrics_collection_dataloader_args={"num_workers": 3})
    assert callback._dataloader_args == {"num_workers": 3}
