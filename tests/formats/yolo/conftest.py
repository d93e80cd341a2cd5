"""Small datasets in YOLO's layout."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image


@pytest.fixture
def dataset(tmp_path: Path) -> Callable[..., Path]:
    """Writes a dataset: the labels of images of 100 x 50 by name, and what else its YAML says."""
    import yaml

    def write(labels: dict[str, str | None] | None = None, **document: Any) -> Path:
        root = tmp_path / "data"
        for name, text in (labels or {"1": "1 0.5 0.5 0.2 0.4"}).items():
            image = root / "images" / "train" / f"{name}.png"
            image.parent.mkdir(parents=True, exist_ok=True)
            Image.new("RGB", (100, 50)).save(image)
            if text is not None:
                label = root / "labels" / "train" / f"{name}.txt"
                label.parent.mkdir(parents=True, exist_ok=True)
                label.write_text(text)
        file = root / "data.yaml"
        whole = {"path": ".", "train": "images/train", "names": ["cat", "dog"], **document}
        file.write_text(yaml.safe_dump({k: v for k, v in whole.items() if v is not None}))
        return file

    return write


@pytest.fixture
def read_yolo(read: Callable[..., Any], dataset: Callable[..., Path]) -> Callable[..., Any]:
    """Makes a Table from the dataset that `dataset` writes."""

    def make(labels: Any = None, *, split: str = "train", options: Any = None, **document: Any):
        return read("yolo", dataset(labels, **document), split, **(options or {}))

    return make
