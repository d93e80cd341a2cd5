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
