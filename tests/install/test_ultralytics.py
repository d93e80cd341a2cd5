"""Ultralytics, from the package registry, loads a dataset that was exported."""

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from PIL import Image

from samplewise import Table
from samplewise.data_types import BoundingBoxes2D, Keypoints2D, SegmentationMasks

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

LOOK = """
import sys
from ultralytics.data.dataset import YOLODataset
from ultralytics.data.utils import check_det_dataset
data = check_det_dataset(sys.argv[1])
found = YOLODataset(img_path=data["train"], data=data, task=sys.argv[2], augment=False)
print("labels", sorted(len(label["cls"]) for label in found.labels), data["names"])
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory) -> Path:
    """A Python with ultralytics beside the packages that are installed here."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    (site,) = folder.glob("lib/*/site-packages")
    (site / "here.pth").write_text(sysconfig.get_path("purelib"))
    pip = [folder / "bin" / "pip", "install", "-q", "--no-deps"]
    subprocess.run([*pip, "ultralytics", "ultralytics-thop"], check=True)
    return folder / "bin" / "python"


@pytest.fixture(params=["detect", "segment", "pose"])
def task(request) -> str:
    return request.param


def test_ultralytics_loads_an_export_from_any_folder(task, python, tmp_path, root):
    kind = {"detect": BoundingBoxes2D, "segment": SegmentationMasks, "pose": Keypoints2D}[task]
    images = [tmp_path / "in" / name for name in ("a.jpg", "a.png", "b c\n.jpg")]
    values = [kind.create_empty(64, 48) for _ in images]
    for image in images:
        image.parent.mkdir(exist_ok=True)
        Image.new("RGB", (64, 48)).save(image)
    for value in values[:2]:
        add(value)
    options = {"joint_names": ("x", "y")} if task == "pose" else {}
    rows = {"image": list(map(str, images)), "labels": values}
    schema = {"labels": kind.schema({4: "no", 9: "a: b"}, **options)}
    names = {"dataset_name": "d", "project_name": "p", "root_url": root}
    file = Table.from_dict(rows, schema, **names).export(tmp_path / "out", "yolo", task=task)
    ran = subprocess.run(
        [python, "-c", LOOK, file, task], cwd="/", capture_output=True, text=True, check=False
    )
    assert "labels [0, 1, 1] {0: 'no', 1: 'a: b'}" in ran.stdout, ran.stdout + ran.stderr


def add(value) -> None:
    """One instance, of which a part lies outside of the image."""
    if isinstance(value, BoundingBoxes2D):
        value.add_instance([-5, 2, 20, 30], label=9)
    elif isinstance(value, SegmentationMasks):
        value.add_instance(polygons=[[-5, 2, 20, 2, 20, 30]], label=9)
    else:
        value.add_instance([5, 6, 2, 90, 5, 2], label=9, bounding_box=[1, 2, 30, 40])
