"""Which rows a loader reads: subsets, concatenations, samplers, wrappers of a user's own."""

import numpy as np
import pandas as pd
import pytest
import torch
from super_gradients.training.datasets.detection_datasets.coco_format_detection import (
    COCOFormatDetectionDataset,
)
from super_gradients.training.datasets.samplers.distributed_sampler_wrapper import (
    DistributedSamplerWrapper,
)
from super_gradients.training.datasets.samplers.repeated_augmentation_sampler import (
    RepeatAugSampler,
)
from super_gradients.training.utils.collate_fn import DetectionCollateFN
from torch.utils.data import (
    ConcatDataset,
    DataLoader,
    Dataset,
    DistributedSampler,
    RandomSampler,
    Sampler,
    StackDataset,
    Subset,
    SubsetRandomSampler,
    WeightedRandomSampler,
    random_split,
)

from samplewise.errors import InvalidArgumentError
from samplewise.integration.super_gradients import DetectionMetricsCollectionCallback
from samplewise.integration.super_gradients.datasets.selected_rows import (
    select_rows,
    select_rows_of_loader,
)
from samplewise.integration.super_gradients.datasets.stock import Place


class Wraps(Dataset):
    """A user's wrapper: what it is made with are its attributes."""

    def __init__(self, count, **attributes):
        self.count = count
        self.__dict__ |= attributes

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        raise NotImplementedError


class Delegates(Wraps):
    """Asks what it wraps for everything else, as many wrappers do."""

    def __getattr__(self, name):
        return getattr(self.__dict__["dataset"], name)


@pytest.fixture
def dataset(tables, make_loader):
    return make_loader(tables[0]).dataset


@pytest.fixture
def place(root):
    return Place("train", "callbacks", root)


@pytest.mark.parametrize(
    "indices",
    [
        [3, 0, 3, -1],
        (3, 0, 7),
        np.array([3, 0, -1, 0]),
        torch.tensor([0, 3, 7]),
        pd.Index([0, 3, 7]),
    ],
    ids=lambda value: type(value).__name__,
)
@pytest.mark.parametrize("wrap", [Subset, lambda d, i: Wraps(len(i), dataset=d, indices=i)])
def test_indices_of_any_kind_select_each_row_once(dataset, place, wrap, indices):
    [selected] = select_rows(wrap(dataset, indices), place)
    assert selected.table == dataset.table
    assert selected.rows.tolist() == [0, 3, 7]
    assert selected.dataset is dataset


def test_a_subset_of_a_subset_selects_among_its_samples(dataset, place):
    nested = Subset(Subset(dataset, [5, 6, 7]), [0, 2])
    [selected] = select_rows(Delegates(2, dataset=nested), place)
    assert selected.rows.tolist() == [5, 7]


def test_a_subset_of_several_tables_selects_in_each(dataset, tables, make_loader, place):
    both = ConcatDataset([dataset, make_loader(tables[1]).dataset, Subset(dataset, [1])])
    selected = select_rows(Subset(both, [0, 8, 11, 12]), place)
    assert [each.table for each in selected] == list(tables)
    assert [each.rows.tolist() for each in selected] == [[0, 1], [0, 3]]


def test_a_whole_dataset_stands_for_its_table_and_a_part_for_its_samples(
    tables, make_loader, place
):
    few = make_loader(tables[0]).dataset
    few.ignore_empty_annotations, few._non_empty_sample_ids = True, [1, 4, 6]
    assert select_rows(few, place)[0].rows.tolist() == list(range(8))
    assert select_rows(Subset(few, [0, 2]), place)[0].rows.tolist() == [1, 6]


def test_a_dataset_of_a_users_own_names_its_rows(dataset, place):
    own = Wraps(3, table=dataset.table, example_ids=[6, 2, 2])
    assert select_rows(own, place)[0].rows.tolist() == [2, 6]
    assert select_rows(Subset(own, [0]), place)[0].rows.tolist() == [6]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda d: Subset(d, [True] * 8), "but are a mask of booleans"),
        (lambda d: Subset(d, [0.5, 1.5]), "must be integers, one a sample, but are float64"),
        (lambda d: Subset(d, [0, 8]), r"must lie in \[0, 8\), the samples that there are"),
        (lambda d: Wraps(4, dataset=d), "must say which rows its 4 samples are"),
        (lambda d: Wraps(6, dataset=d, indices=[1, 2, 3]), "must say which rows its 6 samples"),
        (lambda d: Wraps(5, table=d.table), "must say which rows its 5 samples are"),
        (lambda d: Wraps(8, inner=d), "must read a dataset that a Table is known for"),
        (lambda d: StackDataset(d, d), "must say which rows its 8 samples are"),
    ],
)
def test_what_selects_in_a_way_that_nobody_knows_is_refused(dataset, place, make, message):
    with pytest.raises(InvalidArgumentError, match=message):
        select_rows(make(dataset), place)


def test_samplers_select_where_they_say_so(dataset, place):
    subset = SubsetRandomSampler([4, 2])
    for options, rows in (
        ({"sampler": subset, "batch_size": 2, "drop_last": True}, [2, 4]),
        ({"sampler": [1, 1, 6]}, [1, 6]),
        ({"batch_sampler": [[0, 5], [3]]}, [0, 3, 5]),
        ({"batch_sampler": torch.utils.data.BatchSampler(subset, 2, True)}, [2, 4]),
        ({"sampler": DistributedSamplerWrapper(subset, num_replicas=2, rank=0)}, [2, 4]),
        ({"sampler": WeightedRandomSampler([1.0] + [0.0] * 7, 3)}, list(range(8))),
        ({"sampler": DistributedSampler(dataset, 2, 1, drop_last=True)}, list(range(8))),
        ({"sampler": DistributedSampler(range(5), 2, 1)}, list(range(5))),
        ({"sampler": RepeatAugSampler(dataset, 2, 0)}, list(range(8))),
        ({"sampler": RandomSampler(dataset, num_samples=3)}, list(range(8))),
        ({"shuffle": True, "drop_last": True, "batch_size": 5}, list(range(8))),
    ):
        [selected] = select_rows_of_loader(DataLoader(dataset, **options), place)
        assert selected.rows.tolist() == rows


class Draws(Sampler):
    """A user's sampler, which may say what it draws from."""

    def __init__(self, order, **attributes):
        self.order = order
        self.__dict__ |= attributes

    def __len__(self):
        return len(self.order)

    def __iter__(self):
        return iter(self.order)


def test_a_sampler_of_a_users_own_selects_says_nothing_or_is_refused(dataset, place, capsys):
    for sampler, rows in (
        (Draws([0, 2, 4], indices=[0, 2, 4]), [0, 2, 4]),
        (Draws([0, 2, 4], indices=range(8)), list(range(8))),
        (Draws(range(7, -1, -1)), list(range(8))),
    ):
        [selected] = select_rows_of_loader(DataLoader(dataset, sampler=sampler), place)
        assert selected.rows.tolist() == rows
    told = "the train loader's Draws does not say which samples it draws (`indices`): all 8"
    assert capsys.readouterr().err.count(told) == 1
    fewer = [DataLoader(dataset, sampler=Draws([0, 2, 4]))]
    fewer += [DataLoader(dataset, batch_sampler=Draws([[0, 2], [4]], batch_size=2))]
    for loader in fewer:
        with pytest.raises(InvalidArgumentError, match="which of the 8 samples it draws") as caught:
            select_rows_of_loader(loader, place)
        assert "`range(8)` where all do" in caught.value.hint


def test_a_part_of_a_coco_dataset_is_found_by_its_images(scenes, plain_transforms, place):
    coco = COCOFormatDetectionDataset(
        data_dir=str(scenes.folder),
        json_annotation_file=str(scenes.train.labels),
        images_dir=str(scenes.train.images.relative_to(scenes.folder)),
        with_crowd=False,
        input_dim=(64, 64),
        transforms=plain_transforms(),
        verbose=False,
        max_num_samples=5,
    )
    [whole] = select_rows(coco, place)
    assert whole.rows.tolist() == list(range(5))
    assert len(whole.table) == 8
    [part] = select_rows(Subset(coco, [3, 1]), place)
    assert [whole.table.image_urls()[row] for row in part.rows] == [
        coco._annotations[sample].image_path for sample in (1, 3)
    ]


def test_a_training_on_a_random_split_collects_each_row_under_its_split(
    dataset, train_detection, root
):
    halves = random_split(dataset, [5, 3], torch.Generator().manual_seed(3))
    loaders = tuple(
        DataLoader(half, batch_size=4, drop_last=True, collate_fn=DetectionCollateFN())
        if len(half) > 4
        else DataLoader(half, batch_size=4, collate_fn=DetectionCollateFN())
        for half in halves
    )
    callback = DetectionMetricsCollectionCallback(
        "callbacks",
        metrics_collection_epochs=[0],
        root_url=root,
        collect_embeddings=True,
        collect_loss=True,
        collect_object_embeddings=True,
        dataloader_args={"num_workers": 0},
    )
    train_detection([callback], loaders=loaders)
    run = callback.run
    assert [record["error"] for record in run.collections] == [None, None]
    assert [(each["rows"], each["table_rows"]) for each in run.collections] == [(5, 8), (3, 8)]
    for split, half in zip(("train", "val"), halves, strict=True):
        rows = run.metrics(["example_id", "loss", "n_ground_truths"], split=split)
        assert rows.column("example_id").to_pylist() == sorted(half.indices)
        assert rows.column("loss").null_count == 0
    assert len(run.input_tables) == 1
    assert run.reductions != []


def test_rows_of_a_part_are_those_of_the_whole(dataset, train_detection, tables, root):
    callback = DetectionMetricsCollectionCallback(
        "callbacks",
        collect_metrics_on_train_end=False,
        root_url=root,
        pipeline_params={"conf": 0.001, "fuse_model": False},
        dataloader_args={"num_workers": 0},
    )
    model = train_detection([])
    for split, source in (("whole", tables[0]), ("part", Subset(dataset, [6, 1]))):
        callback.collect_metrics_direct(model, [source], {"split": split})
    columns = ["example_id", "bbs_predicted", "f1"]
    whole, part = (
        callback.run.metrics(columns, split=split).to_pylist() for split in ("whole", "part")
    )
    assert part == [whole[1], whole[6]]
