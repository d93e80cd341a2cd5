"""`EmbeddingsPipeline`: the numbers of the callback, for those who call it."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from PIL import Image
from super_gradients.training.processing import processing as sg
from torch import nn

from samplewise.collect import infer
from samplewise.errors import CollectionError, InvalidArgumentError
from samplewise.integration.super_gradients import EmbeddingsPipeline
from samplewise.integration.super_gradients.predictors import predictor_for

Make = Callable[[str], nn.Module]


@pytest.fixture(scope="module")
def model(make_model: Make) -> nn.Module:
    return make_model("resnet18")


@pytest.mark.parametrize("name", ["yolo_nas_s", "yolo_nas_pose_n", "pp_lite_t_seg", "resnet18"])
def test_embeddings_are_those_that_a_collection_stores(make_model: Make, pictures, name: str):
    model = make_model(name)
    asked = predictor_for(model, params={"fuse_model": False})
    chunks = infer(asked, pictures, batch_size=2, embeddings=True)
    stored = np.concatenate([chunk.embeddings for chunk in chunks])
    vectors = EmbeddingsPipeline(model)(pictures, batch_size=2)
    np.testing.assert_array_equal(vectors, stored)
    assert vectors.dtype == np.float32


def test_a_forward_pass_for_each_batch_and_no_trace(model, pictures):
    passes: list[int] = []
    handle = model.register_forward_pre_hook(lambda _, inputs: passes.append(len(inputs[0])))
    modes = [module.training for module in model.train().modules()]
    EmbeddingsPipeline(model)(pictures, batch_size=2)
    handle.remove()
    assert passes == [2, 2, 1]
    assert [module.training for module in model.modules()] == modes
    assert not any(module._forward_hooks for module in model.modules())


def test_images_may_be_files_arrays_tensors_pillows_and_iterators(model, pictures, tmp_path):
    pipeline = EmbeddingsPipeline(model)
    image = Image.open(pictures[0])
    array = np.array(image)
    expected = pipeline(pictures[0])
    assert expected.shape == (1, 512)
    for inputs in (array, torch.from_numpy(array), image, iter([array]), array[None]):
        np.testing.assert_array_equal(pipeline(inputs), expected)
    image.save(tmp_path / "only.png")
    np.testing.assert_array_equal(pipeline(tmp_path), expected)
    np.testing.assert_array_equal(pipeline([tmp_path / "only.png"]), expected)


def test_without_pooling_the_map_itself_is_given(make_model: Make, pictures):
    model = make_model("yolo_nas_s")
    maps = EmbeddingsPipeline(model, use_global_pooling=False)(pictures)
    assert maps.shape == (5, 768, 3, 3)
    np.testing.assert_allclose(
        maps.mean(axis=(2, 3)), EmbeddingsPipeline(model)(pictures), rtol=1e-4, atol=1e-6
    )


def test_another_preprocessing_and_layer_can_be_named(model, pictures):
    steps = [sg.Resize(32), sg.CenterCrop(32), sg.StandardizeImage(), sg.ImagePermute()]
    vectors = EmbeddingsPipeline(model, steps, "cpu", embedding_layer="layer1")(pictures)
    assert vectors.shape == (5, 64)


def test_images_of_different_sizes_go_apart(model, pictures):
    steps = [sg.StandardizeImage(), sg.ImagePermute()]
    pipeline = EmbeddingsPipeline(model, steps)
    together = pipeline(pictures)
    np.testing.assert_allclose(together[3], pipeline(pictures[3])[0], rtol=1e-5)


def test_what_is_missing_is_said(model):
    with pytest.raises(InvalidArgumentError, match="`inputs` must have at least one image"):
        EmbeddingsPipeline(model)([])
    with pytest.raises(CollectionError, match="must know the dataset processing parameters"):
        EmbeddingsPipeline(nn.Sequential(nn.Conv2d(3, 4, 1)))
    with pytest.raises(InvalidArgumentError, match="`embedding_layer` must be named"):
        EmbeddingsPipeline(nn.Sequential(nn.Conv2d(3, 4, 1)), [sg.ImagePermute()])
