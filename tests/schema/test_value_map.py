import pytest

from samplewise.errors import InvalidArgumentError
from samplewise.schema import MapElement, as_value_map
from samplewise.schema.value_map import simple_value_map


def test_names_in_a_list_have_the_ids_from_zero_on():
    assert simple_value_map(as_value_map(["cat", "dog"])) == {0: "cat", 1: "dog"}


def test_ids_may_have_gaps_and_come_out_ascending():
    assert list(as_value_map({90: "toothbrush", 1: "person"})) == [1, 90]


def test_ids_of_json_are_strings_and_become_integers():
    assert as_value_map({"7": "bus"}) == {7: MapElement("bus")}


def test_an_element_is_shown_by_its_display_name():
    assert str(MapElement("tv", "television")) == "television"
    assert str(MapElement("tv")) == "tv"


@pytest.mark.parametrize("classes", ["cat", {1.5: "cat"}, {"x": "cat"}, [1, 2], {0: None}])
def test_what_is_no_map_of_classes_is_refused(classes: object):
    with pytest.raises(InvalidArgumentError, match=r"`classes` must (have|be)"):
        as_value_map(classes)
