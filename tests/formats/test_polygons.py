"""Polygons of many instances."""

import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samplewise.formats._polygons import parse_polygons
from samplewise.schema.polygons import Polygons

# Opening DuckDB takes a while, and the fixture is the same for all examples.
few = settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
numbers = st.floats(-1e6, 1e6, allow_subnormal=False) | st.integers(-(10**6), 10**6)
rings = st.lists(numbers, min_size=6, max_size=12).filter(lambda ring: len(ring) % 2 == 0)
instances = st.lists(st.lists(rings, max_size=3), max_size=6)


def parsed(values: list[object]) -> tuple[Polygons, list[str]]:
    said: list[str] = []
    texts = [json.dumps(value).encode() for value in values]
    note = lambda reason, place: said.append(f"{place}: {reason}")  # noqa: E731
    return parse_polygons(texts, note), said


def as_lists(polygons: Polygons) -> list[list[list[float]]]:
    return polygons.to_arrow(null=np.zeros(len(polygons.offsets) - 1, bool)).to_pylist()


@pytest.fixture(params=[0, 256], ids=["in bulk", "a few"], autouse=True)
def many(request, monkeypatch):
    """Both ways of reading."""
    monkeypatch.setattr("samplewise.formats._polygons._MANY", request.param)


@few
@given(instances)
def test_polygons_are_read_number_for_number(values: list[list[list[float]]]):
    polygons, said = parsed(values)
    assert as_lists(polygons) == values
    assert said == []


@few
@given(instances, st.data())
def test_one_strange_polygon_leaves_the_others_as_they_are(values: list, data: st.DataObject):
    place = data.draw(st.integers(0, len(values)))
    strange = [*values[:place], ["what"], *values[place:]]
    polygons, said = parsed(strange)
    assert as_lists(polygons) == [*values[:place], [], *values[place:]]
    assert [text.split(":")[0] for text in said] == [str(place)]


def test_brackets_more_or_less_mean_the_same():
    square = [0.0, 0.0, 2.0, 0.0, 2.0, 2.0]
    points = [[0.0, 0.0], [2.0, 0.0], [2.0, 2.0]]
    polygons, said = parsed([square, points, [points], [square]])
    assert as_lists(polygons) == [[square]] * 4
    assert len(said) == 3


def test_a_polygon_with_null_is_left_out():
    polygons, said = parsed([[[0, 0, 1, None, 1, 1]]])
    assert as_lists(polygons) == [[]]
    assert "left out" in said[0]


def test_rings_that_are_no_polygons_are_left_out_and_told():
    whole = [0.0, 0.0, 1.0, 0.0, 1.0, 1.0]
    polygons, said = parsed([[[1.0, 2.0, 3.0, 4.0], whole], [[*whole, 5.0]]])
    assert as_lists(polygons) == [[whole], [whole]]
    assert said == [
        "0: polygons of fewer than 3 points: left out",
        "1: polygons with an odd number of coordinates: without the last one",
    ]


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(1, 50)), max_size=5))
def test_areas_of_rectangles_add_up(sides: list[tuple[int, int]]):
    rectangles = [[[5, 7, 5 + w, 7, 5 + w, 7 + h, 5, 7 + h], [0, 0, 2, 0, 0, 2]] for w, h in sides]
    found = Polygons.from_lists([*rectangles, []]).areas()
    np.testing.assert_allclose(found, [*(w * h + 2 for w, h in sides), 0])
