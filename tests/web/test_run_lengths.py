"""The masks that the dashboard's own decoder is tested with are those of pycocotools."""

import json
from pathlib import Path

import numpy as np
from pycocotools import mask as coco_mask

FIXTURE = Path(__file__).parents[2] / "web" / "src" / "picture" / "masks.fixture.json"


def made() -> list[dict]:
    rng = np.random.default_rng(4)
    masks = [
        np.zeros((3, 4), np.uint8),
        np.ones((5, 2), np.uint8),
        (rng.random((9, 13)) < 0.4).astype(np.uint8),
        (np.hypot(*np.mgrid[-20:20, -16:16]) < 14).astype(np.uint8),
    ]
    return [described(mask) for mask in masks]


def described(mask: np.ndarray) -> dict:
    rle = coco_mask.encode(np.asfortranarray(mask))
    flat = mask.reshape(-1, order="F")
    ends = [*(np.flatnonzero(np.diff(flat)) + 1).tolist(), len(flat)]
    lengths = np.diff([0, *ends]).tolist()
    return {
        "height": mask.shape[0],
        "width": mask.shape[1],
        "counts": rle["counts"].decode(),
        "lengths": [0, *lengths] if flat[0] else lengths,
        "area": int(coco_mask.area(rle)),
        "box": coco_mask.toBbox(rle).astype(int).tolist(),
        "rows": ["".join(map(str, row)) for row in mask.tolist()],
    }


def test_the_fixture_is_what_pycocotools_says():
    assert json.loads(FIXTURE.read_text()) == made()


if __name__ == "__main__":
    FIXTURE.write_text(json.dumps(made(), indent=1) + "\n")
