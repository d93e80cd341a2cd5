"""Which class of a network is which of a table."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samplewise.errors import CollectionError
from samplewise.schema import MapElement
from samplewise.schemas import SemanticSegmentationSchema
from samplewise.tasks import DetectionTask, SegmentationTask
from samplewise.tasks.classes import find_classes

ANIMALS = {2: MapElement("cat"), 7: MapElement("dog")}


def test_a_class_that_only_the_network_has_gets_a_free_id():
    found = find_classes(["dog", "fox", "cat"], ANIMALS)
    assert found.ids.tolist() == [7, 8, 2]
    assert found.value_map[8].internal_name == "fox"


@given(st.permutations(["cat", "dog", "fox", "owl"]).flatmap(lambda n: st.just(n[:3])))
def test_there_and_back_is_where_one_was(names):
    found = find_classes(names, ANIMALS)
    indices = np.arange(len(names))
    assert np.array_equal(found.to_network(found.to_table(indices)), indices)
    missing = [class_id for class_id in ANIMALS if class_id not in found.ids]
    assert found.to_network(np.array(missing, int)).tolist() == [-1] * len(missing)


@pytest.mark.parametrize("index", [-1, 2])
def test_a_class_that_the_network_does_not_have_is_never_another_one(index):
    with pytest.raises(CollectionError, match=f"one of its 2 classes, but predicts class {index}"):
        find_classes(None, ANIMALS).to_table(np.array([0, index]))


def test_another_network_does_not_see_the_classes_of_the_last(boxes):
    task = DetectionTask()
    labels = task.match_classes(task.read_labels(boxes), ["fox", "cat"])
    again = task.match_classes(labels, ["owl", "dog"])
    assert again.classes.ids.tolist() == [8, 7]
    assert "fox" not in [each.internal_name for each in again.classes.value_map.values()]


def test_a_network_that_names_one_class_has_the_other_as_background(make_column):
    schema = SemanticSegmentationSchema({2: "street", 9: "person"})
    task = SegmentationTask()
    labels = task.match_classes(
        task.read_labels(make_column(schema, [np.full((2, 3), 9)])), ["person"]
    )
    assert labels.classes.to_table(np.array([0, 1])).tolist() == [2, 9]
