"""What is refused at once."""

import inspect
from typing import Any

import numpy as np
import pytest
from inline_snapshot import snapshot

from samplewise.errors import InvalidArgumentError, SamplewiseError
from samplewise.integration.super_gradients import (
    ClassificationDataset,
    ClassificationMetricsCollectionCallback,
    DetectionDataset,
    DetectionMetricsCollectionCallback,
    MetricsCollectionCallback,
    PipelineParams,
    PoseEstimationDataset,
    PoseEstimationMetricsCollectionCallback,
    SegmentationDataset,
    SegmentationMetricsCollectionCallback,
)


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


@pytest.mark.parametrize("epochs", [3, "3", 0.5, True])
def test_one_epoch_is_not_taken_for_a_list_of_them(epochs: Any):
    with pytest.raises(InvalidArgumentError, match="epochs` must be a sequence"):
        MetricsCollectionCallback(metrics_collection_epochs=epochs)


@pytest.mark.parametrize("epochs", [range(1, 3), np.array([2, 1]), {1, 2}, (np.int64(1), 2)])
def test_epochs_may_be_any_sequence_of_integers(epochs: Any):
    assert MetricsCollectionCallback(metrics_collection_epochs=epochs)._schedule.epochs == [1, 2]


@pytest.mark.parametrize(
    "made",
    [
        MetricsCollectionCallback,
        DetectionMetricsCollectionCallback,
        PoseEstimationMetricsCollectionCallback,
        SegmentationMetricsCollectionCallback,
        ClassificationMetricsCollectionCallback,
        PipelineParams,
        DetectionDataset,
        PoseEstimationDataset,
        SegmentationDataset,
        ClassificationDataset,
    ],
)
def test_nothing_but_errors_of_the_house_comes_out(made: type, make_table, wrong_values, tmp_path):
    table = make_table()
    needed = {"table": table, "transforms": []} if made.__name__.endswith("Dataset") else {}
    # The callbacks of tasks take what the base takes.
    base = MetricsCollectionCallback if made.__name__.endswith("Callback") else made
    taken = inspect.signature(base).parameters.values()
    names = [each.name for each in taken if each.kind is not each.VAR_KEYWORD]
    needed = {name: value for name, value in needed.items() if name in names}
    wrong = []
    for name, what in [(name, what) for name in names for what in wrong_values]:
        try:
            made(**{**needed, name: wrong_values[what](tmp_path)})
        except SamplewiseError:
            pass
        except Exception as error:  # noqa: BLE001  # that is the question
            wrong.append(f"{name}={what}: {error!r}")
    assert wrong == []
