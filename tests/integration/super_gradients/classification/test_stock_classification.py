"""SuperGradients' own classification datasets: an existing script needs one added line."""

import numpy as np
from super_gradients.training.datasets.classification_datasets import Cifar10, ImageNetDataset
from torch.utils.data import Subset, random_split

from samplewise.integration.super_gradients import ClassificationMetricsCollectionCallback
from samplewise.integration.super_gradients.datasets.selected_rows import select_rows
from samplewise.integration.super_gradients.datasets.stock import Place, stock_table


def test_one_added_line_collects_on_folders_of_images(train, drawn, transforms, tmp_path):
    datasets = [ImageNetDataset(str(split.labels), transforms) for split in drawn.splits]
    callback = ClassificationMetricsCollectionCallback(
        "stock", root_url=str(tmp_path), dataloader_args={"num_workers": 0}, collect_loss=True
    )
    train([callback], datasets=datasets)
    rows = callback.run.metrics(["image", "label", "predicted_label", "loss"], split="val")
    assert rows.column("image").to_pylist() == [path for path, _ in datasets[1].samples]
    assert rows.column("label").to_pylist() == datasets[1].targets
    assert rows.column("loss").null_count == rows.column("predicted_label").null_count == 0


def test_images_in_memory_become_rows(tmp_path):
    dataset = Cifar10.__new__(Cifar10)  # made, it wants to download
    dataset.data = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3), dtype=np.uint8)
    dataset.targets, dataset.classes = [1, 0, 1], ["plane", "car"]
    names = {"split": "train", "project_name": "p", "root_url": str(tmp_path)}
    table = stock_table(dataset, Place(**names)).table
    assert [sample["label"] for sample in table] == [1, 0, 1]
    assert all(np.array_equal(table[i]["image"], dataset.data[i]) for i in range(3))
    assert stock_table(dataset, Place(**names)).table == table
    assert select_rows(Subset(dataset, [2, 0]), Place(**names))[0].rows.tolist() == [0, 2]


def test_halves_of_a_folder_of_images_share_a_table_and_no_row(train, drawn, transforms, tmp_path):
    dataset = ImageNetDataset(str(drawn.splits[0].labels), transforms)
    halves = random_split(dataset, [0.5, 0.5])
    callback = ClassificationMetricsCollectionCallback(
        "stock", root_url=str(tmp_path), dataloader_args={"num_workers": 0}
    )
    train([callback], datasets=halves)
    assert len(callback.run.input_tables) == 1
    for split, half in zip(("train", "val"), halves, strict=True):
        rows = callback.run.metrics(["image"], split=split).column("image").to_pylist()
        assert rows == [dataset.samples[sample][0] for sample in sorted(half.indices)]
