"""Clusters to reduce, and a folder that keeps compiled code for the next run of the tests."""

import os
from pathlib import Path

import numpy as np
import pytest


@pytest.fixture(scope="session", autouse=True)
def compile_cache(pytestconfig: pytest.Config) -> Path:
    """Shared by this process and those it starts: PaCMAP and UMAP compile once."""
    folder = pytestconfig.cache.mkdir("numba")
    os.environ.setdefault("NUMBA_CACHE_DIR", str(folder))
    return Path(os.environ["NUMBA_CACHE_DIR"])


def drawn_clusters(n: int, *, seed: int = 0, d: int = 12, n_clusters: int = 6) -> np.ndarray:
    """Rows around a few far centres; row `i` belongs to cluster `i % n_clusters`."""
    centres = np.random.default_rng(99).normal(size=(n_clusters, d)) * 6
    noise = np.random.default_rng(seed).normal(size=(n, d))
    return (centres[np.arange(n) % n_clusters] + noise).astype(np.float32)


@pytest.fixture(scope="session")
def clusters() -> np.ndarray:
    """120 rows of 12 numbers in 6 clusters."""
    return drawn_clusters(120)


@pytest.fixture(scope="session")
def draw():
    """A function that draws rows of the same clusters."""
    return drawn_clusters


@pytest.fixture
def wrong_types(pytestconfig: pytest.Config) -> None:
    """For tests of our own words about a wrong type: `make test-shapes` finds it first."""
    if pytestconfig.getoption("--jaxtyping-packages"):
        pytest.skip("types are checked before our own words")
