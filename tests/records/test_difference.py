"""How two revisions differ."""

import numpy as np
import pytest

import samplewise as sw
from samplewise.errors import InvalidArgumentError
from samplewise.records.difference import difference
from samplewise.schema import Float, String


@pytest.fixture
def table(tmp_path):
    return sw.Table.from_dict(
        {"x": [0.0, 1.0, float("nan"), 3.0, 4.0], "name": list("abcde")},
        {"x": Float(), "name": String()},
        dataset_name="d",
        project_name="p",
        root_url=str(tmp_path),
    )


def test_a_table_does_not_differ_from_itself(table):
    found = difference(table.stored, table.stored)
    assert (len(found.added), len(found.removed), len(found.changed)) == (0, 0, 0)


def test_changed_and_removed_rows_are_named_in_both_revisions(table):
    other = table.edit({"x": {4: 9.0}, "name": {0: "z", 4: "y"}}, delete=[1])
    found = difference(table.stored, other.stored)
    assert found.removed.tolist() == [1]
    assert found.changed.tolist() == [[0, 0], [4, 3]]
    assert list(found.columns) == [["name"], ["x", "name"]]


def test_looking_back_a_removed_row_is_an_added_one(table):
    other = table.delete_rows([0, 3])
    assert difference(other.stored, table.stored).added.tolist() == [0, 3]


def test_a_value_that_was_written_again_did_not_change(table):
    other = table.edit({"x": {2: float("nan"), 3: 3.0}})
    assert len(difference(table.stored, other.stored).changed) == 0


def test_siblings_are_compared_row_by_row(table):
    one, two = table.edit({"x": {0: 5.0}}), table.edit({"x": {0: 6.0, 1: 7.0}})
    found = difference(one.stored, two.stored)
    assert found.changed.tolist() == [[0, 0], [1, 1]]


def test_only_rows_that_were_written_are_read(table, monkeypatch):
    other = table.edit({"x": {4: 9.0}})
    reader = type(other.stored.reader)
    take, taken = reader.take, []

    def noted(self, rows, columns=None):
        taken.append(np.asarray(rows).tolist())
        return take(self, rows, columns)

    monkeypatch.setattr(reader, "take", noted)
    assert difference(table.stored, other.stored).changed.tolist() == [[4, 4]]
    assert taken == [[4], [4]]


def test_tables_made_from_scratch_cannot_be_compared(table, tmp_path):
    names = {"dataset_name": "d", "project_name": "p", "root_url": str(tmp_path)}
    other = sw.Table.from_dict({"x": [1.0]}, table_name="other", **names)
    with pytest.raises(InvalidArgumentError, match="must be revisions of one Table"):
        difference(table.stored, other.stored)
