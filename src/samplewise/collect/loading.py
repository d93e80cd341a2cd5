"""Images from where they lie to stacks that a network can take, a few at a time."""

import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset

from samplewise.collect.predictor import Batch, Item
from samplewise.errors import CollectionError, InvalidArgumentError, did_you_mean

WORKERS = 8

# What a user may say about the loader. Which rows come, and in which order, is not among them:
# every row exactly once, in the order of the table.
_ALLOWED = {
    "batch_size",
    "in_order",
    "multiprocessing_context",
    "num_workers",
    "persistent_workers",
    "pin_memory",
    "pin_memory_device",
    "prefetch_factor",
    "shuffle",
    "timeout",
    "worker_init_fn",
}
_IGNORED = {"batch_size", "shuffle"}
_OURS = {"batch_sampler", "collate_fn", "dataset", "drop_last", "generator", "sampler"}
_FOR_WORKERS = {"in_order", "multiprocessing_context", "persistent_workers", "prefetch_factor"}


@dataclass(frozen=True)
class Failure:
    """A row whose image could not be read or preprocessed.

    Attributes:
        row: Where it stands in the list of URLs.
        url: Where the image should lie.
        error: What went wrong, one line.
    """

    row: int
    url: str
    error: str


@dataclass(frozen=True)
class LoadedChunk:
    """A chunk of rows as it comes from a worker.

    Attributes:
        batches: The images, those of one shape together.
        failures: The rows without an image.
    """

    batches: list[Batch]
    failures: list[Failure]

    def pin_memory(self, *_device: Any) -> "LoadedChunk":
        """The same in page-locked memory; called by the DataLoader if asked for."""
        pinned = [
            Batch(each.rows, each.urls, each.inputs.pin_memory(), each.metadata)
            for each in self.batches
        ]
        return LoadedChunk(pinned, self.failures)


def check_dataloader_args(args: Mapping[str, Any] | None) -> dict[str, Any]:
    """Arguments for the DataLoader, without those that do not apply here.

    Raises:
        InvalidArgumentError: One is unknown, or would change which rows come in which order.
    """
    args = dict(args or {})
    if args.get("shuffle"):
        raise InvalidArgumentError(
            "`dataloader_args` must not shuffle, but `shuffle` is true.",
            hint="leave `shuffle` out: metrics are stored in the order of the table",
        )
    for name in [name for name in _OURS if args.get(name)]:
        raise InvalidArgumentError(
            f"`dataloader_args` must leave the choice of rows alone, but it has `{name}`.",
            hint=f"leave it out; what can be set: {', '.join(sorted(_ALLOWED))}",
        )
    for name in args.keys() - _ALLOWED - _OURS:
        raise InvalidArgumentError(
            f"`dataloader_args` must hold arguments of torch's DataLoader, but `{name}` is none.",
            hint=did_you_mean(name, _ALLOWED),
        )
    return {name: each for name, each in args.items() if name in _ALLOWED - _IGNORED}


def load_chunks(
    load: Callable[[str], Item],
    urls: Sequence[str],
    rows: Sequence[int],
    *,
    chunk_size: int,
    chunks_in_memory: int,
    args: Mapping[str, Any] | None = None,
) -> Iterator[LoadedChunk]:
    """Images in chunks, read ahead by workers.

    Args:
        load: Reads one image; pickles if workers are spawned.
        urls: Where the images lie.
        rows: Which of them, in this order.
        chunk_size: Images per chunk.
        chunks_in_memory: How many chunks may exist at a time, the one that is being worked on
            included. Fewer workers are started if those asked for would exceed it, none where it
            is 1.
        args: For the DataLoader, see `check_dataloader_args`. 8 workers and no pinning by default.

    Raises:
        CollectionError: A worker process died.
    """
    n_chunks = -(-len(rows) // chunk_size)
    args = _worker_args(
        check_dataloader_args(args), n_chunks=n_chunks, chunks_in_memory=chunks_in_memory
    )
    chunks = None
    try:
        chunks = _start_loader(_Images(load, urls, rows), chunk_size, args)
        yield from _without_dead_workers(chunks)
    finally:
        chunks = None  # ends the workers now, not when the last traceback is gone


def _start_loader(
    images: Dataset[Any], chunk_size: int, args: Mapping[str, Any]
) -> Iterator[LoadedChunk]:
    with warnings.catch_warnings():
        # More workers than cores are the contract's default, and forking beside the threads of a
        # training is what every DataLoader on Linux does.
        warnings.filterwarnings("ignore", message=".*worker processes in total")
        warnings.filterwarnings("ignore", message=".*use of fork")
        loader = DataLoader(
            images,
            batch_size=chunk_size,
            collate_fn=_stack,
            # Its own: the seed of an epoch is drawn from the global generator otherwise.
            generator=torch.Generator(),
            **args,
        )
        return iter(loader)


def _worker_args(
    args: Mapping[str, Any], *, n_chunks: int, chunks_in_memory: int
) -> dict[str, Any]:
    wanted = args.get("num_workers", WORKERS)
    ahead = min(args.get("prefetch_factor") or 1, max(1, chunks_in_memory - 1))
    workers = min(wanted, n_chunks, (chunks_in_memory - 1) // ahead)
    if workers < 1 or n_chunks == 1:  # nothing could happen at the same time
        return {name: each for name, each in args.items() if name not in _FOR_WORKERS} | {
            "num_workers": 0,
            "timeout": 0,
        }
    return {**args, "num_workers": workers, "prefetch_factor": ahead}


def _without_dead_workers(chunks: Iterator[LoadedChunk]) -> Iterator[LoadedChunk]:
    while True:
        try:
            yield next(chunks)  # no name for it here: it would live on while it is worked on
        except StopIteration:
            return
        except RuntimeError as error:
            if "worker" not in str(error):
                raise
            reason = str(error).splitlines()[0]
            break
    # Raised here, without its cause: whose traceback would keep the workers that still live.
    del chunks
    raise CollectionError(
        f"a process that loads images died: {reason}",
        hint='load in this process: `dataloader_args={"num_workers": 0}`',
    )


class _Images(Dataset[tuple[int, str, Item | str]]):
    """Rows with their images, or with what went wrong."""

    def __init__(
        self, load: Callable[[str], Item], urls: Sequence[str], rows: Sequence[int]
    ) -> None:
        self._load, self._urls, self._rows = load, urls, rows

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, index: int) -> tuple[int, str, Item | str]:
        row = self._rows[index]
        url = self._urls[row]
        try:
            return row, url, self._load(url)
        except Exception as error:  # noqa: BLE001 - one bad image must not end the collection
            return row, url, "".join(traceback.format_exception_only(error)).strip()


def _stack(rows: list[tuple[int, str, Item | str]]) -> LoadedChunk:
    """Images of one shape and type together; in a worker, so that the trainer need not."""
    failures = [Failure(row, url, item) for row, url, item in rows if isinstance(item, str)]
    groups: dict[Any, list[tuple[int, str, Item]]] = {}
    for row, url, item in rows:
        if not isinstance(item, str):
            groups.setdefault((item.image.shape, item.image.dtype), []).append((row, url, item))
    return LoadedChunk([_batch(members) for members in groups.values()], failures)


def _batch(members: list[tuple[int, str, Item]]) -> Batch:
    return Batch(
        rows=[row for row, _, _ in members],
        urls=[url for _, url, _ in members],
        inputs=torch.from_numpy(np.stack([item.image for _, _, item in members])),
        metadata=[item.metadata for _, _, item in members],
    )
