"""What do the checksums of a write cost?

The files of a write are read back while the disk syncs them. Told are the processor time that this
takes, as a share of that of the whole write, and how much longer the write lasts for it: what is
left to do when the disk is done. Medians, for columns of numbers, and for embeddings, which Lance
only copies.

    python benchmarks/checksums.py
"""

import statistics
import tempfile
import time
from typing import Any

import numpy as np
import pyarrow as pa

from samplewise.storage import Store, working_copy
from samplewise.storage.rows import fresh_path, write_rows

ROUNDS = 9


def _numbers() -> pa.RecordBatch:
    generator = np.random.default_rng(0)
    return pa.record_batch({f"x{i}": generator.random(1_000_000) for i in range(14)})


def _embeddings() -> pa.RecordBatch:
    values = np.random.default_rng(0).random(100_000 * 512, np.float32)
    return pa.record_batch({"e": pa.FixedSizeListArray.from_arrays(pa.array(values), 512)})


class _Clock:
    """Notes when a function was at work, and for how long its thread had the processor."""

    def __init__(self, function: Any) -> None:
        self._function = function
        self.end = self.cpu_s = 0.0

    def __call__(self, *given: Any) -> Any:
        start = time.thread_time()
        result = self._function(*given)
        self.cpu_s += time.thread_time() - start
        self.end = time.perf_counter()
        return result


def _measure(batch: pa.RecordBatch) -> tuple[float, float]:
    """Shares of the time, and of the processor time, of one write."""
    sums, sync = _Clock(working_copy.checksum), _Clock(working_copy.sync)
    before = working_copy.checksum, working_copy.sync
    working_copy.checksum, working_copy.sync = sums, sync  # type: ignore[assignment]
    ends: list[float] = []
    sync_with_sums = working_copy.append_checksums

    def note_syncs(*given: Any) -> Any:
        ends.append(sync.end)  # of the data; what follows is the list of checksums itself
        return sync_with_sums(*given)

    working_copy.append_checksums = note_syncs  # type: ignore[assignment]
    try:
        with tempfile.TemporaryDirectory() as folder:
            wall, cpu = time.perf_counter(), time.process_time()
            write_rows(Store(folder), fresh_path("p"), batch.schema, [batch])
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    finally:
        working_copy.checksum, working_copy.sync = before
        working_copy.append_checksums = sync_with_sums
    return max(0.0, sums.end - ends[0]) / wall, sums.cpu_s / cpu


if __name__ == "__main__":
    for name, batch in (("14 columns of numbers", _numbers()), ("embeddings", _embeddings())):
        _measure(batch)
        shares = [_measure(batch) for _ in range(ROUNDS)]
        wall, cpu = (100 * statistics.median(each) for each in zip(*shares, strict=True))
        print(f"{name}, {batch.nbytes / 2**20:.0f} MiB: time {wall:.1f} %, processor {cpu:.1f} %")
