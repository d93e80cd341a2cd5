"""`collect_loss`: what can say the loss of one image, and what happens where nothing can."""

from typing import NamedTuple

import numpy as np
import pytest
import torch
from super_gradients.common.environment.device_utils import device_config
from super_gradients.training import models
from super_gradients.training.datasets.segmentation_datasets.segmentation_dataset import (
    SegmentationDataSet,
)
from super_gradients.training.losses import DiceCEEdgeLoss, PPYoloELoss, SSDLoss, YoloXDetectionLoss
from super_gradients.training.transforms import transforms as sg
from super_gradients.training.utils.collate_fn import DetectionCollateFN

from samplewise import init
from samplewise.errors import InvalidArgumentError
from samplewise.integration.super_gradients import (
    DetectionMetricsCollectionCallback,
    MetricsCollectionCallback,
)
from samplewise.integration.super_gradients.callbacks._loss_targets import map_to_input
from samplewise.integration.super_gradients.callbacks._sample_loss import (
    _without_other_ranks,
    select_image,
)
from samplewise.integration.super_gradients.predictors.processing import _processor

YOLOX = YoloXDetectionLoss(strides=[8, 16, 32], num_classes=6)


class NeedsMore(YoloXDetectionLoss):
    def forward(self, model_output, targets):
        raise ValueError("no auxiliary heads")


@pytest.fixture(scope="module")
def model(tables, make_loader):
    torch.manual_seed(0)
    network = models.get("yolox_n", num_classes=6).eval()
    params = make_loader(tables[1]).dataset.get_dataset_preprocessing_params()
    network.set_dataset_processing_params(**params)
    return network


@pytest.fixture
def losses(model, tables):
    """The columns of one collection."""

    def collected(criterion, kind=DetectionMetricsCollectionCallback, **options):
        run = init("loss", root_url=tables[1].root_url)
        params = {"pipeline_params": {"fuse_model": False}, **options}
        callback = kind(collect_loss=criterion, dataloader_args={"num_workers": 0}, **params)
        callback.collect_metrics_direct(model, [tables[1]])
        return run.metrics().to_pydict()

    return collected


@pytest.mark.parametrize("fuse_model", [False, True])
def test_yolox_has_a_loss_too_also_fused(losses, model, tables, make_loader, fuse_model):
    found = losses(YOLOX, pipeline_params={"fuse_model": fuse_model})["loss"]
    dataset = make_loader(tables[1]).dataset
    for index, loss in enumerate(found):
        images, targets = DetectionCollateFN()([dataset[index]])
        with torch.no_grad():
            expected, _ = YOLOX(model(images), targets)
        assert loss == pytest.approx(float(expected), rel=1e-3)


def test_a_criterion_that_fails_is_said_once_and_the_collection_goes_on(losses, capsys):
    found = losses(NeedsMore(strides=[8, 16, 32], num_classes=6))
    assert found["loss"] == [None] * 4
    assert None not in found["n_predictions"]
    assert capsys.readouterr().err.count("NeedsMore cannot be computed") == 1


@pytest.mark.parametrize(
    ("criterion", "kind", "words"),
    [
        (SSDLoss, DetectionMetricsCollectionCallback, "PPYoloELoss and YoloXDetectionLoss, not SS"),
        (None, DetectionMetricsCollectionCallback, "there is no training with a criterion"),
        (None, MetricsCollectionCallback, "the callback does not know the labels"),
    ],
)
def test_without_a_loss_there_is_no_column_and_one_line(losses, capsys, criterion, kind, words):
    made = True if criterion is None else criterion.__new__(criterion)
    assert "loss" not in losses(made, kind)
    assert words in capsys.readouterr().err


def test_what_is_no_criterion_is_refused():
    with pytest.raises(InvalidArgumentError, match="must be true, false or a criterion, but is 'y"):
        MetricsCollectionCallback(collect_loss="yes")  # pyright: ignore[reportArgumentType]


def test_the_criterion_that_was_given_stays_as_it_was(losses):
    class Counts(YoloXDetectionLoss):
        calls = 0

        def forward(self, model_output, targets):
            self.calls += 1
            return super().forward(model_output, targets)

    criterion = Counts(strides=[8, 16, 32], num_classes=6)
    assert None not in losses(criterion)["loss"]
    assert criterion.calls == 0


def test_anchors_stay_whole_although_there_are_as_many_as_images():
    model = models.get("yolo_nas_s", num_classes=2).eval()
    with torch.no_grad():
        raw = model(torch.rand(21, 3, 32, 32))  # 16 + 4 + 1 anchors
    assert raw[1][2].shape[0] == raw[0][0].shape[0] == 21
    loss = PPYoloELoss(num_classes=2, use_static_assigner=False)
    targets = torch.tensor([[0, 1, 16, 16, 20, 20.0]])
    last = [[each[20:] for each in raw[0]], [each[20:] for each in raw[1][:2]]]
    expected, _ = loss((tuple(last[0]), (*last[1], *raw[1][2:])), targets)
    assert torch.equal(loss(select_image(raw, 20), targets)[0], expected)


def test_outputs_of_every_form_are_cut():
    class Named(NamedTuple):
        main: torch.Tensor
        parts: list

    whole = Named(torch.arange(3.0), [{"a": torch.ones(3, 2)}, "a word"])
    cut = select_image(whole, 2)
    assert isinstance(cut, Named)
    assert (cut.main.tolist(), cut.parts[0]["a"].shape) == ([2.0], (1, 2))
    assert cut.parts[1] == "a word"


@pytest.mark.parametrize(
    "steps",
    [
        [sg.SegRescale(long_size=42), sg.SegPadShortToCropSize(48, fill_mask=9)],
        [sg.SegResize(h=24, w=40)],
        [sg.SegRescale(scale_factor=0.5), sg.SegPadToDivisible(32, fill_mask=9)],
    ],
    ids=["rescale and crop", "resize", "half and divisible"],
)
def test_class_maps_take_the_way_of_their_images(steps):
    rng = np.random.default_rng(0)
    indices = rng.integers(0, 5, (50, 70)).astype(np.uint8)
    image = rng.integers(0, 255, (50, 70, 3), dtype=np.uint8)
    dataset = SegmentationDataSet.__new__(SegmentationDataSet)
    dataset.transforms = [*steps, sg.SegConvertToTensor(mask_output_dtype=torch.long)]
    dataset.classes = []
    _, expected = dataset._transform_image_and_mask(image, indices)
    processor = _processor(dataset.get_dataset_preprocessing_params()["image_processor"])
    seen, metadata = processor.preprocess_image(image)
    found = map_to_input(indices, metadata, seen.shape[-2:], 9)
    assert torch.equal(found[0], expected)


def test_other_ranks_are_not_waited_for(tmp_path, monkeypatch):
    torch.distributed.init_process_group(
        "gloo", init_method=f"file://{tmp_path}/meet", rank=0, world_size=1
    )
    monkeypatch.setattr(device_config, "assigned_rank", 0)
    try:
        with _without_other_ranks():
            value = torch.ones(1)
            torch.distributed.all_reduce(value)
            assert device_config.assigned_rank == -1
        assert torch.distributed.all_reduce.__name__ != "_keep_own_sum"
        assert device_config.assigned_rank == 0
    finally:
        torch.distributed.destroy_process_group()


def test_a_network_with_auxiliary_heads_says_enough_for_a_loss_of_them():
    model = models.get("pp_lite_t_seg", num_classes=3, arch_params={"use_aux_heads": True}).eval()
    loss = DiceCEEdgeLoss(num_classes=3, num_aux_heads=3, num_detail_heads=0)
    images, targets = torch.rand(2, 3, 128, 128), torch.randint(0, 3, (1, 128, 128))
    with torch.no_grad():
        ours, theirs = select_image(model(images), 1), model(images[1:])
    assert isinstance(ours, tuple)
    torch.testing.assert_close(loss(ours, targets), loss(theirs, targets), rtol=1e-4, atol=1e-5)
