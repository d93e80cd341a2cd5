"""Any Table that was read from COCO is the same after going out and in again."""

import json
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycocotools.coco import COCO

from samplewise import Table
from samplewise.data_types import SegmentationMasks
from samplewise.schema.run_lengths import compress

JOINTS = ["nose", "left_eye", "right_eye"]
numbers = st.floats(-1e4, 1e4, width=64) | st.integers(-1000, 1000)
sizes = st.floats(0, 1e4) | st.integers(0, 1000)
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=3,
)


def as_image(counts: list[int]) -> list[int]:
    """Counts with another one, so that they fill 48 x 64 pixels if they can."""
    return [*counts, max(48 * 64 - sum(counts), 0)]


rings = st.lists(numbers, min_size=2, max_size=9)
run_lengths = st.lists(st.integers(0, 999), min_size=1, max_size=6).map(as_image) | st.lists(
    st.integers(0, 99), max_size=4
)
masks = (
    st.none()
    | st.lists(rings, max_size=3)
    | st.fixed_dictionaries({"size": st.just([48, 64]), "counts": run_lengths})
)
joint = st.tuples(numbers, numbers, st.integers(0, 2))
joints = st.none() | st.lists(joint, min_size=3, max_size=3).map(
    lambda k: [n for j in k for n in j]
)


@st.composite
def documents(draw):
    image_ids = draw(st.lists(st.integers(0, 10**12), min_size=1, max_size=4, unique=True))
    images = [
        {"id": n, "file_name": f"{draw(st.sampled_from('ab'))}/{n}.jpg", "width": 64, "height": 48}
        | draw(st.dictionaries(st.sampled_from(["license", "gps"]), anything, max_size=1))
        for n in image_ids
    ]
    labels = draw(st.lists(st.integers(0, 999), min_size=1, max_size=3, unique=True))
    categories = [
        {"id": n, "name": f"c{n}", "keypoints": JOINTS, "skeleton": [[1, 2]]} for n in labels
    ]
    annotation = st.fixed_dictionaries(
        {
            "image_id": st.sampled_from(image_ids),
            "category_id": st.sampled_from(labels),
            "bbox": st.tuples(numbers, numbers, sizes, sizes).map(list) | st.none(),
            "segmentation": masks,
            "keypoints": joints,
            "area": sizes | st.none(),
            "iscrowd": st.integers(0, 1),
        },
        optional={
            "id": st.integers(0, 10**6),
            "score": st.floats(0, 1),
            "note": anything,
            "num_keypoints": st.integers(0, 3),
        },
    )
    return {
        "images": images,
        "annotations": draw(st.lists(annotation, max_size=6)),
        "categories": categories,
        "info": draw(anything),
    }


def table_of(path: Path, name: str) -> Table:
    return Table.from_coco(path, dataset_name=name, project_name="p", root_url=str(path.parent))


@settings(max_examples=25)
@given(documents())
def test_out_and_in_again_changes_nothing(document):
    # But a column none of whose masks could be read is not there again.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "in.json")
        path.write_text(json.dumps(document))
        first = table_of(path, "first")
        again = table_of(first.export(Path(folder, "out.json")), "again")
        rows, rows_again = first.to_arrow().to_pydict(), again.to_arrow().to_pydict()
        empty = {name for name in rows if name not in rows_again}
        assert all(not value["instances"] for name in empty for value in rows[name])
        assert rows_again == {name: rows[name] for name in rows if name not in empty}
        kinds = first.schema.to_json()
        assert again.schema.to_json() == {n: k for n, k in kinds.items() if n not in empty}
        assert again.source["repaired"] == {}


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # pycocotools
@settings(max_examples=40)
@given(st.data())
def test_masks_that_are_read_are_those_of_pycocotools_in_the_export(data):
    drawn = st.one_of(
        st.fixed_dictionaries({"size": st.just([48, 64]), "counts": run_lengths}),
        st.binary(max_size=6).map(lambda b: {"size": [48, 64], "counts": b.decode("latin-1")}),
        run_lengths.map(lambda c: {"size": [48.0, 64.0], "counts": compressed(c)}),
        st.lists(st.lists(st.integers(-9, 80), min_size=1, max_size=9), min_size=1, max_size=3),
    )
    boxes = [
        {"id": n, "image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4], "segmentation": mask}
        for n, mask in enumerate(data.draw(st.lists(drawn, min_size=1, max_size=4)), start=1)
    ]
    images = [{"id": 1, "file_name": "1.jpg", "width": 64, "height": 48}]
    document = {"images": images, "annotations": boxes, "categories": [{"id": 1, "name": "c"}]}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "in.json")
        path.write_text(json.dumps(document))
        table = table_of(path, "masks")
        reference = COCO(str(table.export(Path(folder, "out.json"))))
        stored = table.to_arrow().to_pylist()[0].get("segmentations")
        value = SegmentationMasks.from_stored(stored or {"instances": []})
        for place, number in enumerate(value.properties.get("annotation_id", [])):
            theirs = reference.annToMask(reference.loadAnns(number)[0])
            np.testing.assert_array_equal(value.mask(place), theirs)


def compressed(counts: list[int]) -> str:
    """The text of some counts, whether or not they fill an image."""
    return compress(np.array(counts, np.int64), np.array([0, len(counts)]))[0]
