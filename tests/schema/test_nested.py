import numpy as np
import pyarrow as pa
import pytest
import torch

from samplewise.errors import SchemaError
from samplewise.schema import AnyArrow
from samplewise.schemas import ArraySchema, EmbeddingSchema, ImageSchema, Int, ListSchema


@pytest.mark.parametrize("as_what", [list, np.asarray, torch.tensor])
def test_an_array_keeps_its_shape(as_what: object):
    kind = ArraySchema((2, 3), "int32")
    values = np.arange(12).reshape(2, 2, 3)
    arrow = kind.to_arrow(as_what(values), name="x")
    assert arrow.type == pa.list_(pa.int32(), 6)
    assert [kind.to_sample(v).tolist() for v in arrow.to_pylist()] == values.tolist()


def test_an_array_of_another_shape_is_named_with_its_row():
    with pytest.raises(SchemaError, match=r"row 1: must have shape \(2,\), but has \(3,\)"):
        ArraySchema((2,)).to_arrow([np.zeros(2), np.zeros(3)], name="x")
    with pytest.raises(SchemaError, match=r"row 0: must have shape \(2,\), but has \(3,\)"):
        ArraySchema((2,)).to_arrow(np.zeros((4, 3)), name="x")


def test_an_embedding_is_stored_in_single_precision_however_it_comes():
    kind = EmbeddingSchema(2)
    for values in (np.ones((3, 2), np.float16), torch.ones(3, 2), [[1, 1]] * 3):
        assert kind.to_arrow(values, name="e").type == pa.list_(pa.float32(), 2)


@pytest.mark.parametrize("wrong", [[[1, 2, 3]], ["ab"], [[None, "x"]], np.zeros((2, 3))])
def test_what_is_no_embedding_is_refused(wrong: object):
    with pytest.raises(SchemaError, match="must be a vector of 2 numbers"):
        EmbeddingSchema(2).to_arrow(wrong, name="e")


def test_a_list_holds_values_of_its_kind():
    kind = ListSchema(Int())
    assert kind.to_arrow([[1, None], None, []], name="x").to_pylist() == [[1, None], None, []]
    with pytest.raises(SchemaError, match="row 0: must be a list, but is 'abc'"):
        kind.to_arrow(["abc"], name="x")


def test_urls_are_found_inside_lists():
    kind = ListSchema(ImageSchema())
    assert kind.holds_urls
    assert kind.map_urls(["a", None], str.upper) == ["A", None]


def test_anything_arrow_can_hold_takes_arrays_inside_values():
    kind = AnyArrow(pa.struct([("a", pa.list_(pa.int64()))]))
    assert kind.to_arrow([{"a": np.array([1, 2])}], name="x").to_pylist() == [{"a": [1, 2]}]
