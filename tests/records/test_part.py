"""Some rows of a table, read as a table."""

import numpy as np
import pytest

from samplewise.formats.export import export
from samplewise.records.part import part_of


@pytest.fixture
def numbers(make_table):
    return make_table({"x": list(range(100))})


def test_a_part_has_its_rows_in_their_order_however_they_are_read(numbers):
    wanted = [90, 3, 4, 50]
    part = part_of(numbers.stored, wanted)
    assert len(part) == 4
    assert [part.row(i)["x"] for i in range(4)] == wanted
    assert part.column("x").to_pylist() == wanted
    assert [v for batch in part.to_batches(batch_size=3) for v in batch["x"].to_pylist()] == wanted
    assert part.take([1, 0])["x"].to_pylist() == [3, 90]
    assert part.reader.row_numbers().tolist() == wanted


def test_a_part_of_a_revision_is_about_its_rows(numbers):
    revision = numbers.edit({"x": {5: -5}}, delete=[0, 1])
    part = part_of(revision.stored, np.array([3, 0]))
    assert part.column("x").to_pylist() == [-5, 2]
    assert len(revision) == 98


def test_a_part_without_rows_can_be_written(numbers, tmp_path):
    export(part_of(numbers.stored, []), tmp_path / "none.csv")
    text = (tmp_path / "none.csv").read_text()
    assert [line.strip('"') for line in text.splitlines()] == ["x"]
