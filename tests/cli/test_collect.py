"""`samplewise collect`, with a real checkpoint of SuperGradients."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import samplewise as sw

SCORES = ("n_predictions", "n_ground_truths", "f1")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, sw.Table]:
    """A checkpoint of random weights, and a table of three images with a box each."""
    folder = tmp_path_factory.mktemp("collect")
    boxes = []
    for number in range(3):
        pixels = np.random.default_rng(number).integers(0, 255, (64, 64, 3), np.uint8)
        Image.fromarray(pixels).save(folder / f"{number}.png")
        boxes.append(sw.data_types.BoundingBoxes2D.create_empty(64, 64))
        boxes[-1].add_instance([8, 8, 40, 32], label=3)
    table = sw.Table.from_dict(
        {"image": [str(folder / f"{number}.png") for number in range(3)], "bbs": boxes},
        {
            "image": sw.schemas.ImageSchema(),
            "bbs": sw.schemas.BoundingBoxes2DSchema({3: "cat", 7: "dog"}),
        },
        dataset_name="val",
        project_name="demo",
        root_url=str(folder / "root"),
    )
    return checkpoint(folder), table


def checkpoint(folder: Path) -> Path:
    """Weights with how images are prepared for them, as SuperGradients saves them."""
    import torch
    from super_gradients.training import models

    model = models.get("yolo_nas_s", num_classes=2)
    steps = [{"DetectionLongestMaxSizeRescale": {"output_shape": (64, 64)}}]
    steps += [{"StandardizeImage": {"max_value": 255.0}}, {"ImagePermute": {}}]
    params = {
        "class_names": ["cat", "dog"],
        "image_processor": {"ComposeProcessing": {"processings": steps}},
        "iou": 0.7,
        "conf": 0.0,
    }
    path = folder / "model.pth"
    torch.save({"net": model.state_dict(), "processing_params": params}, path)
    return path


def test_a_checkpoint_is_collected_into_a_run_of_its_own(samplewise, made):
    path, table = made
    arguments = ["--checkpoint", str(path), "--model", "yolo_nas_s", "--table", table.url]
    arguments += ["--run", "best", "--constant", "epoch=9", "--constant", "split=val"]
    arguments += ["--constant", "fold=2", "--conf", "0.0", "--workers", "0", "--json"]
    code, out, said = samplewise("collect", *arguments)
    assert code == 0, said
    run = sw.Run.from_url(json.loads(out)["url"])
    assert (run.name, run.status, run.parameters["model"]) == ("best", "completed", "yolo_nas_s")
    rows = run.metrics(["example_id", "epoch", "split", "fold", *SCORES]).to_pylist()
    assert [row["example_id"] for row in rows] == [0, 1, 2]
    assert {(row["epoch"], row["split"], row["fold"]) for row in rows} == {(9, "val", 2)}
    assert {row["n_ground_truths"] for row in rows} == {1}


def test_a_collection_that_fails_ends_with_1_and_a_failed_run(samplewise, made, tmp_path: Path):
    _, table = made
    (tmp_path / "no.pth").write_bytes(b"no weights")
    arguments = ["--checkpoint", str(tmp_path / "no.pth"), "--model", "yolo_nas_s"]
    code, _, said = samplewise("collect", *arguments, "--table", table.url, "--run", "worst")
    assert code == 1
    assert said.splitlines()[-2].startswith("Error: `")
    assert said.splitlines()[-1] == "Hint: check --model and --num-classes"
    assert sw.Run.from_names("worst", "demo", table.root_url).status == "failed"


def saved(folder: Path, model_name: str, dataset: object, count: int) -> Path:
    """A checkpoint of random weights, as the Trainer saves it."""
    import torch
    from super_gradients.training import models

    torch.manual_seed(0)
    model = models.get(model_name, num_classes=count)
    path = folder / f"{model_name}.pth"
    params = dataset.get_dataset_preprocessing_params()
    torch.save({"net": model.state_dict(), "processing_params": params, "epoch": 3}, path)
    return path


def pose(folder: Path) -> tuple[Path, sw.Table]:
    from super_gradients.training.transforms.keypoint_transforms import (
        KeypointsImageStandardize,
        KeypointsLongestMaxSize,
        KeypointsPadIfNeeded,
    )

    from samplewise.demo.scenes import JOINTS, draw_pose_dataset
    from samplewise.integration.super_gradients import PoseEstimationDataset

    split = draw_pose_dataset(folder / "figures", train=3, val=1, size=64).train
    table = drawn(sw.Table.from_coco, split.labels, split.images, task="pose", folder=folder)
    steps = [
        KeypointsLongestMaxSize(max_height=64, max_width=64),
        KeypointsPadIfNeeded(64, 64, (127, 127, 127), 1, "bottom_right"),
        KeypointsImageStandardize(max_value=255),
    ]
    dataset = PoseEstimationDataset(table, steps)
    return saved(folder, "yolo_nas_pose_n", dataset, len(JOINTS)), table


def segmentation(folder: Path) -> tuple[Path, sw.Table]:
    import torch
    from super_gradients.training.transforms.transforms import (
        SegConvertToTensor,
        SegNormalize,
        SegStandardize,
    )

    from samplewise.demo.scenes import IGNORED, draw_segmentation_dataset
    from samplewise.integration.super_gradients import SegmentationDataset

    scenes = draw_segmentation_dataset(folder / "maps", train=3, val=1, size=128)
    kind = sw.schemas.SemanticSegmentationSchema(scenes.classes, ignore_label=IGNORED)
    files = {
        "image": [str(file) for file in sorted(scenes.train.images.iterdir())],
        "mask": [str(file) for file in sorted(scenes.train.labels.iterdir())],
    }
    table = drawn(sw.Table.from_dict, files, {"mask": kind}, folder=folder)
    tensor = SegConvertToTensor(mask_output_dtype=torch.long)
    steps = [SegStandardize(), SegNormalize([0.5] * 3, [0.25] * 3), tensor]
    return saved(folder, "pp_lite_t_seg", SegmentationDataset(table, steps), 7), table


def classification(folder: Path) -> tuple[Path, sw.Table]:
    from torchvision.transforms import Compose, Resize, ToTensor

    from samplewise.demo.scenes import draw_classification_dataset
    from samplewise.integration.super_gradients import ClassificationDataset

    scenes = draw_classification_dataset(folder / "things", train=3, val=1, size=64)
    table = drawn(sw.Table.from_image_folder, scenes.train.images, folder=folder)
    dataset = ClassificationDataset(table, Compose([Resize(64), ToTensor()]))
    return saved(folder, "resnet18", dataset, len(dataset.classes)), table


def drawn(make, *source: object, folder: Path, **options: object) -> sw.Table:
    return make(
        *source,
        dataset_name="drawn",
        project_name="demo",
        root_url=str(folder / "root"),
        **options,
    )


@pytest.mark.parametrize(
    ("task", "column"),
    [
        (pose, "keypoints_2d_predicted"),
        (segmentation, "segmentation_predicted"),
        (classification, "predicted_label"),
    ],
)
def test_the_task_and_the_classes_are_those_of_the_checkpoint(samplewise, tmp_path, task, column):
    path, table = task(tmp_path)
    arguments = ["--checkpoint", str(path), "--model", path.stem, "--table", table.url]
    code, out, said = samplewise(
        "collect", *arguments, "--workers", "0", "--embeddings", "--constant", "fold=2", "--json"
    )
    assert code == 0, said
    run = sw.Run.from_url(json.loads(out)["url"])
    rows = run.metrics(["example_id", "collection_error", "fold", column, "embedding"])
    assert rows.column("example_id").to_pylist() == list(range(len(table)))
    assert set(rows.column("fold").to_pylist()) == {2}
    for name, nulls in (("collection_error", len(table)), (column, 0), ("embedding", 0)):
        assert rows.column(name).null_count == nulls
    assert run.collections[0]["rows"] == len(table)
