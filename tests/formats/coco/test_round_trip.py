"""Any Table that was read from COCO is the same after going out and in again."""

import json
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from samplewise import Table

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
rings = st.lists(numbers, min_size=2, max_size=9)
run_lengths = st.lists(st.integers(0, 99), min_size=1, max_size=6)
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
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "in.json")
        path.write_text(json.dumps(document))
        first = table_of(path, "first")
        again = table_of(first.export(Path(folder, "out.json")), "again")
        rows, rows_again = first.to_arrow().to_pydict(), again.to_arrow().to_pydict()
        assert rows_again == rows
        assert again.schema.to_json() == first.schema.to_json()
        assert again.source["repaired"] == {}
