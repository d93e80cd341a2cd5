"""How long does a reduction take, and is its map any good?

    python benchmarks/reducers.py --rows 5000 --columns 256

Every candidate gets the same drawn embeddings, in a process of its own. Rounds take turns, so that
other work on the machine falls on all of them alike. The table shows medians:

- `ready`: seconds until the package is imported and has compiled itself, by a fit of few rows.
  PaCMAP keeps what it compiled (`NUMBA_CACHE_DIR`): its first run ever, 30 s longer, is not
  counted. UMAP compiles most of itself in every process;
- `fit`, `fit_cpu`: seconds by the clock and of processor time for one map;
- `transform`: 1,000 further rows on that map;
- `trust`: trustworthiness of the map, k = 15, on 2,000 rows;
- `cluster`: share of points whose nearest point on the map has their label;
- `same`: whether all rounds, each in a process of its own, gave the same coordinates to the bit;
- `x`: how many times the `fit_cpu` of the cheapest candidate beside PCA.

`lightly-mundig` (two dimensions, no transform) takes part where it is installed; it is no
dependency of ours.
"""

import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import time
import zlib
from collections.abc import Callable

import numpy as np

CANDIDATES = ["ours pca", "ours pacmap", "pacmap", "ours umap", "umap", "mundig"]
SHOWN = [name for name in CANDIDATES if name != "ours umap"]  # it compiles as long as `umap` does
NEEDS = {
    "ours pacmap": "pacmap",
    "pacmap": "pacmap",
    "ours umap": "umap",
    "umap": "umap",
    "mundig": "lightly_mundig",
}


def drawn(n: int, d: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Heavy-tailed, stretched clusters in ten groups, as embeddings of pictures are."""
    fixed = np.random.default_rng(0)
    groups = fixed.normal(size=(10, d)) * 3
    centres = np.repeat(groups, 8, axis=0) + fixed.normal(size=(80, d)) * 1.5
    stretch = np.geomspace(2, 0.2, d)
    random = np.random.default_rng(seed)
    labels = random.integers(80, size=n)
    rows = centres[labels] + random.standard_t(4, size=(n, d)) * stretch
    return rows.astype(np.float32), labels


def fresh(candidate: str) -> tuple[Callable, Callable | None]:
    """Functions that fit and transform."""
    if candidate.startswith("ours "):
        from samplewise.embeddings import make_reducer

        reducer = make_reducer(candidate.removeprefix("ours "))
        return reducer.fit, reducer.transform
    if candidate == "pacmap":
        import pacmap

        theirs = pacmap.PaCMAP(random_state=42, save_tree=True)
        return theirs.fit_transform, theirs.transform
    if candidate == "umap":
        import umap

        theirs = umap.UMAP(random_state=42, n_jobs=1)
        return theirs.fit_transform, theirs.transform
    import lightly_mundig

    return lambda x: np.asarray(lightly_mundig.TwoDimEmbedding(x).calculate_2d_embedding()), None


def warm(candidate: str, n: int, d: int) -> None:
    """Imports and compiles what a run of `n` rows needs."""
    # From 4,096 rows on UMAP finds neighbours in another way, which is compiled separately.
    few, _ = drawn(4200 if n >= 4096 and "umap" in candidate else 200, d, 3)
    fit, transform = fresh(candidate)
    fit(few)
    if transform is not None:
        transform(few[:50])


def measured(candidate: str, n: int, d: int) -> dict[str, float | None]:
    """One round of one candidate, in this process."""
    from samplewise.embeddings import nearest_neighbours, trustworthiness

    (x, labels), (further, _) = drawn(n, d, 1), drawn(1000, d, 2)
    start = time.perf_counter()
    warm(candidate, n, d)
    ready = time.perf_counter()
    fit, transform = fresh(candidate)
    start_cpu = time.process_time()
    points = fit(x.copy())
    fitted, fitted_cpu = time.perf_counter(), time.process_time()
    if transform is not None:
        transform(further.copy())
    placed = time.perf_counter()
    nearest = nearest_neighbours(points, 1)
    return {
        "ready": ready - start,
        "fit": fitted - ready,
        "fit_cpu": fitted_cpu - start_cpu,
        "transform": placed - fitted if transform is not None else None,
        "trust": trustworthiness(x, points),
        "cluster": float(np.mean(labels[nearest.indices[:, 0]] == labels[nearest.rows])),
        "hash": zlib.crc32(np.ascontiguousarray(points)),
    }


def round_of(candidate: str, n: int, d: int) -> dict[str, float | None]:
    """One round in a process of its own."""
    ran = subprocess.run(
        [
            sys.executable,
            "-W",
            "ignore",
            __file__,
            "--one",
            candidate,
            "--rows",
            str(n),
            "--columns",
            str(d),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        sys.exit(f"{candidate} failed:\n{ran.stderr}")
    return json.loads(ran.stdout.splitlines()[-1])


def show(rounds: dict[str, list[dict[str, float | None]]]) -> None:
    fits = {name: statistics.median(r["fit_cpu"] for r in all_) for name, all_ in rounds.items()}
    fastest = min((fit for name, fit in fits.items() if name != "ours pca"), default=1.0)
    columns = ["ready", "fit", "fit_cpu", "transform", "trust", "cluster"]
    print(f"{'':12}" + "".join(f"{column:>11}" for column in columns) + f"{'same':>6}{'x':>8}")
    for name, all_ in rounds.items():
        cells = []
        for column in columns:
            values = [r[column] for r in all_ if r[column] is not None]
            digits = 3 if column in ("trust", "cluster") else 2
            cells.append(f"{statistics.median(values):>11.{digits}f}" if values else f"{'-':>11}")
        same = "yes" if len({r["hash"] for r in all_}) == 1 else "no"
        print(f"{name:12}" + "".join(cells) + f"{same:>6}{fits[name] / fastest:>8.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--columns", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--only", nargs="*", choices=CANDIDATES, default=SHOWN)
    parser.add_argument("--one", choices=CANDIDATES, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        print(json.dumps(measured(args.one, args.rows, args.columns)))
        return
    from samplewise.embeddings import compile_cache_dir

    os.environ["NUMBA_CACHE_DIR"] = str(compile_cache_dir())
    there = [c for c in args.only if c not in NEEDS or importlib.util.find_spec(NEEDS[c])]
    print(
        f"{args.rows} rows x {args.columns} columns, {args.rounds} rounds, not installed: "
        f"{', '.join(set(args.only) - set(there)) or 'none'}"
    )
    if "pacmap" in there or "ours pacmap" in there:
        round_of("ours pacmap", 200, args.columns)  # compiles, and keeps it
    rounds: dict[str, list] = {candidate: [] for candidate in there}
    for _ in range(args.rounds):
        for candidate in there:
            rounds[candidate].append(round_of(candidate, args.rows, args.columns))
    show(rounds)


if __name__ == "__main__":
    main()
