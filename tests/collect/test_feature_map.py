"""Vectors from maps."""

import numpy as np
import pytest
import torch
from torch import nn

from samplewise.collect.feature_map import FeatureMap, watch_layer
from samplewise.errors import CollectionError, InvalidArgumentError


def seen(output: object) -> np.ndarray:
    features = FeatureMap("layer")
    features.hook(None, None, output)
    return features.pool()


@pytest.mark.parametrize("order", [1, -1])
def test_the_deepest_map_is_the_one_with_the_fewest_pixels(order: int):
    maps = [torch.rand(2, channels, size, size) for channels, size in [(4, 8), (8, 4), (16, 2)]]
    np.testing.assert_allclose(seen(maps[::order]), maps[2].mean(dim=(2, 3)), rtol=1e-6)


def test_holes_in_a_list_of_maps_are_skipped():
    deep = torch.rand(2, 8, 2, 2)
    np.testing.assert_array_equal(seen([None, torch.rand(2, 4, 4, 4), None, deep]), seen(deep))


@pytest.mark.parametrize("shape", [(2, 5), (2, 7, 5), (2, 5, 3, 4)])
def test_vectors_tokens_and_maps_give_one_vector_per_image(shape: tuple[int, ...]):
    vectors = seen(torch.rand(*shape))
    assert vectors.shape == (2, 5)
    assert vectors.dtype == np.float32


def test_a_map_that_is_changed_afterwards_was_pooled_before():
    network = nn.Sequential(nn.Conv2d(3, 4, 1), nn.ReLU(inplace=True))
    inputs = torch.rand(2, 3, 4, 4)
    with torch.no_grad(), watch_layer(network, "0") as features:
        network(inputs)
        np.testing.assert_allclose(
            features.pool(), network[0](inputs).mean(dim=(2, 3)), rtol=1e-5, atol=1e-6
        )


def test_the_network_keeps_no_hook():
    network = nn.Sequential(nn.Conv2d(3, 4, 1))
    with pytest.raises(RuntimeError, match="inside"), watch_layer(network, "0"):
        raise RuntimeError("inside")
    assert not network[0]._forward_hooks


def test_an_unknown_layer_is_refused():
    with (
        pytest.raises(InvalidArgumentError, match="has no `backbon`"),
        watch_layer(nn.ModuleDict({"backbone": nn.ReLU()}), "backbon"),
    ):
        pass


def test_a_layer_that_is_not_called_is_an_error():
    with watch_layer(nn.Sequential(nn.ReLU()), "0") as features:
        pass
    with pytest.raises(CollectionError, match="layer `0` gave no feature map"):
        features.pool()


def test_boxes_are_pooled_where_they_are():
    halves = torch.zeros(1, 2, 8, 8)
    halves[0, 0, :, :4] = 1.0
    halves[0, 1, :, 4:] = 1.0
    features = FeatureMap("layer", whole=True)
    features.hook(None, None, halves)
    boxes = np.array([[0, 0, 24, 64], [40, 0, 64, 64], [8, 8, 8, 8], [np.nan] * 4])
    (vectors,) = features.pool_in([boxes], input_size=(64, 64))
    np.testing.assert_allclose(vectors, [[1, 0], [0, 1], [1, 0], [np.nan] * 2], atol=1e-6)


def test_the_box_of_a_whole_image_gives_the_vector_of_the_image():
    features = FeatureMap("layer", whole=True)
    features.hook(None, None, torch.rand(2, 3, 4, 4))
    whole = np.array([[0, 0, 32, 32]])
    vectors = features.pool_in([whole, np.zeros((0, 4))], input_size=(32, 32))
    assert [each.shape for each in vectors] == [(1, 3), (0, 3)]
    np.testing.assert_allclose(vectors[0], features.pool()[:1], rtol=0.2)


def test_boxes_need_a_map_with_height_and_width():
    features = FeatureMap("layer", whole=True)
    features.hook(None, None, torch.rand(2, 3))
    with pytest.raises(CollectionError, match="must give maps with height and width"):
        features.pool_in([np.zeros((0, 4))] * 2, input_size=(32, 32))
