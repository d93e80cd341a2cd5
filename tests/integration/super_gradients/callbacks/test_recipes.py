"""A recipe of SuperGradients that names our callback."""

import json

import pytest
from super_gradients.common.environment.cfg_utils import load_recipe
from super_gradients.common.factories.callbacks_factory import CallbacksFactory
from super_gradients.training import Trainer

import samplewise as sw
from samplewise.integration import super_gradients as integration

SIZES = {"output_size", "input_dim"}
NAMES = [name for name in integration.__all__ if name.endswith("MetricsCollectionCallback")]


@pytest.mark.parametrize("name", NAMES)
def test_every_callback_can_be_named_in_a_recipe(name):
    made = CallbacksFactory().get({name: {"project_name": "p", "metrics_collection_epochs": [0]}})
    assert type(made) is getattr(integration, name)
    assert len(NAMES) == 5


def test_the_recipe_of_yolo_nas_on_coco_trains_with_our_callback(scenes, tmp_path):
    # Its own loaders, transforms, loss, metrics, schedule and moving average; only paths and sizes
    # are others.
    coco = tmp_path / "coco"
    (coco / "annotations").mkdir(parents=True)
    (coco / "images").mkdir()
    for split in scenes.splits:
        (coco / "images" / split.name).symlink_to(split.images)
        (coco / "annotations" / f"{split.name}.json").write_text(split.labels.read_text())
    callback = {
        "DetectionMetricsCollectionCallback": {
            "project_name": "recipes",
            "run_name": "yolo_nas",
            "metrics_collection_epochs": [0],
            "collect_embeddings": True,
            "embeddings_method": "pca",
            "dataloader_args": {"num_workers": 0},
            "root_url": str(tmp_path / "store"),
        }
    }
    names = [each["name"] for each in json.loads(scenes.train.labels.read_text())["categories"]]
    recipe = load_recipe("coco2017_yolo_nas_s", overrides=_overrides(coco, tmp_path, names))
    for step in recipe.dataset_params.val_dataset_params.transforms:
        for parameters in step.values() if hasattr(step, "values") else ():
            parameters.update({name: [64, 64] for name in parameters if name in SIZES})
    recipe.training_hyperparams.phase_callbacks = [callback]
    Trainer.train_from_config(recipe)
    run = sw.Run.from_names("yolo_nas", "recipes", str(tmp_path / "store"))
    assert run.status == "completed"
    assert [(r["split"], r["rows"], r["error"]) for r in run.collections] == [
        ("train", 8, None),
        ("val", 4, None),
    ]
    assert run.parameters["training"]["loss"] == "PPYoloELoss"
    assert run.parameters["samplewise"]["metrics_collection_epochs"] == [0]


def _overrides(coco, folder, names):
    splits = {"train": "train", "val": "val"}
    data = [
        f"dataset_params.{split}_dataset_params.{key}={value}"
        for split in splits
        for key, value in {
            "data_dir": coco,
            "subdir": f"images/{split}",
            "json_file": f"{split}.json",
            "input_dim": "[64,64]",
        }.items()
    ]
    loading = [
        f"dataset_params.{split}_dataloader_params.{key}={value}"
        for split in splits
        for key, value in {"batch_size": 4, "num_workers": 0, "pin_memory": False}.items()
    ]
    return [
        *data,
        *loading,
        "multi_gpu=Off",
        "num_gpus=0",
        f"arch_params.num_classes={len(names)}",
        "training_hyperparams.max_epochs=1",
        "training_hyperparams.lr_warmup_steps=0",
        "training_hyperparams.mixed_precision=False",
        "training_hyperparams.silent_mode=True",
        f"ckpt_root_dir={folder / 'checkpoints'}",
    ]
