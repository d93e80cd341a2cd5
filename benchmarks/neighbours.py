"""How long does it take to find neighbours, outliers and near-duplicates?

    python benchmarks/neighbours.py --rows 100000 --columns 256

Drawn embeddings, one thread, processor seconds:

- `build`: until a collection can be searched;
- `search`: one question for the ten nearest, median of 50;
- `survey`: outlier scores and near-duplicates of all rows, in two groups;
- `peak`: memory of the process at the end, MB, and of the embeddings alone.
"""

import argparse
import os
import resource
import statistics
import time

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

from reducers import drawn

from samplewise.embeddings import NeighbourSearch, nearest_neighbours, survey


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=5_000)
    parser.add_argument("--columns", type=int, default=256)
    args = parser.parse_args()
    x, _ = drawn(args.rows, args.columns, 1)
    start = time.process_time()
    search = NeighbourSearch.of(x)
    built = time.process_time()
    times = []
    for row in range(50):
        before = time.process_time()
        found, _ = search.nearest(x[row], leave_out=row)
        times.append(time.process_time() - before)
    full = nearest_neighbours(x, queries=x[49:50], k=11, metric="cosine").indices[0]
    assert found.tolist() == full[full != 49][:10].tolist()
    before = time.process_time()
    cut = args.rows * 4 // 5
    survey({"train": x[:cut], "val": x[cut:]})
    surveyed = time.process_time() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print(f"{args.rows} rows x {args.columns} columns")
    print(f"build  {built - start:8.2f} s")
    print(f"search {1e3 * statistics.median(times):8.2f} ms")
    print(f"survey {surveyed:8.2f} s")
    print(f"peak   {peak:8.0f} MB, of which the embeddings take {x.nbytes / 1e6:.0f}")


if __name__ == "__main__":
    main()
