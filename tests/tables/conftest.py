"""A store of its own for every test, and a small table in it."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import samplewise as sw


@pytest.fixture
def root(tmp_path: Path) -> str:
    """Root of an empty store, which is the default one."""
    return str(tmp_path / "root")


@pytest.fixture
def make_table(root: str) -> Callable[..., sw.Table]:
    """Makes a table in dataset `d` of project `p`; of five numbered rows unless told otherwise."""

    def make(data: Any = None, schema: Any = None, **options: Any) -> sw.Table:
        options = {"dataset_name": "d", "project_name": "p", "root_url": root, **options}
        return sw.Table.from_dict(data or {"x": [0, 1, 2, 3, 4]}, schema, **options)

    return make


@pytest.fixture
def run(root: str) -> sw.Run:
    """A run of project `p`, closed by nobody."""
    return sw.tables.Run.create("p", "r", root_url=root)


@pytest.fixture
def image_folder(tmp_path: Path) -> Path:
    """A folder with the images `0.png` to `4.png`."""
    folder = tmp_path / "images"
    folder.mkdir()
    for number in range(5):
        Image.fromarray(np.full((6, 8, 3), number, np.uint8)).save(folder / f"{number}.png")
    return folder


@pytest.fixture
def run_python() -> Callable[..., list[str]]:
    """Runs programs in processes of their own, all at once; returns what each printed."""

    def run(*programs: str) -> list[str]:
        started = [
            subprocess.Popen(
                [sys.executable, "-W", "error", "-c", program],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                env=dict(os.environ),
            )
            for program in programs
        ]
        done = [process.communicate() for process in started]
        assert [process.returncode for process in started] == [0] * len(started), done
        assert [err for _, err in done] == [""] * len(done)
        return [out for out, _ in done]

    return run
