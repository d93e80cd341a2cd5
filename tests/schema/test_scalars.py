import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from samplewise.errors import SchemaError
from samplewise.schemas import Bool, CategoricalLabelSchema, Float, Int, SampleWeightSchema, String

ANIMALS = CategoricalLabelSchema({1: "cat", 5: "dog"})


@given(st.lists(st.none() | st.integers(-(2**63), 2**63 - 1)))
def test_integers_of_64_bits_come_back(values: list[int | None]):
    assert Int().to_arrow(values, name="x").to_pylist() == values


@given(st.lists(st.floats(allow_nan=False)))
def test_numbers_come_back_the_same_from_lists_and_arrays(values: list[float]):
    listed, array = (Float().to_arrow(v, name="x") for v in (values, np.array(values)))
    assert listed.to_pylist() == array.to_pylist() == values


def test_a_label_may_be_a_name_or_an_id_in_whatever_holds_it():
    for values in (
        ["dog", 1, None],
        pa.array(["dog", "cat", None]),
        pa.array(["dog", "cat", None]).dictionary_encode(),
        pa.array([5, 1, None], pa.int8()),
    ):
        assert ANIMALS.to_arrow(values, name="x").to_pylist() == [5, 1, None]
    assert ANIMALS.to_arrow(np.array([5, 1]), name="x").to_pylist() == [5, 1]


def test_a_label_without_known_classes_may_be_any_integer():
    assert CategoricalLabelSchema().to_arrow(np.array([7]), name="x").to_pylist() == [7]


def error_of(kind: object, values: object) -> str:
    with pytest.raises(SchemaError) as caught:
        kind.to_arrow(values, name="x", first_row=100)
    return str(caught.value)


def test_a_value_that_does_not_fit_is_named_with_its_row():
    assert error_of(Int(), [1, 2.5]) == snapshot(
        "column `x`, row 101: must be an integer, but is 2.5."
    )
    assert error_of(Int(), [2**63]) == snapshot(
        "column `x`, row 100: must be an integer of 64 bits, but is 9223372036854775808."
    )
    assert error_of(Float(), [1.0, "2"]) == snapshot(
        "column `x`, row 101: must be a number, but is '2'."
    )
    assert error_of(Bool(), [True, "yes"]) == snapshot(
        "column `x`, row 101: must be True or False, but is 'yes'."
    )
    assert error_of(String(), ["a", 3]) == snapshot(
        "column `x`, row 101: must be a string, but is 3."
    )
    assert error_of(ANIMALS, [1, 2]) == snapshot("""\
column `x`, row 101: must be the id of a class, but 2 is none of them.
Hint: the ids are 1, 5\
""")
    assert error_of(ANIMALS, np.array([1, 2])) == error_of(ANIMALS, [1, 2])
    assert error_of(ANIMALS, pa.array(["cat", "cow"])) == snapshot("""\
column `x`, row 101: must be a class, but 'cow' is none of them.
Hint: there is: cat, dog\
""")
    assert error_of(Float(), pa.array(["a"])) == snapshot(
        "column `x`: must be double in Arrow, but is string."
    )


@pytest.mark.parametrize("weight", [-0.5, float("nan"), float("inf")])
def test_a_weight_is_finite_and_not_negative(weight: float):
    for values in ([1.0, weight], np.array([1.0, weight]), pa.array([1.0, weight])):
        assert "row 101: must be a finite number that is not negative" in error_of(
            SampleWeightSchema(), values
        )


def test_an_unsigned_integer_beyond_64_bits_is_refused():
    assert "must be an integer of 64 bits" in error_of(Int(), np.array([2**63], np.uint64))
