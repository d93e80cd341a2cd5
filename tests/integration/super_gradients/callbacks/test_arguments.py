"""What is refused at once."""

import pytest
from inline_snapshot import snapshot

from samplewise.errors import InvalidArgumentError
from samplewise.integration.super_gradients import (
    DetectionMetricsCollectionCallback,
    MetricsCollectionCallback,
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
