"""Shares of several processes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samplewise.collect import rows_of_rank
from samplewise.errors import InvalidArgumentError


@given(st.integers(0, 300), st.integers(1, 20))
def test_every_row_belongs_to_exactly_one_rank_in_order(n: int, world_size: int):
    shares = [rows_of_rank(n, rank, world_size) for rank in range(world_size)]
    assert [row for share in shares for row in share] == list(range(n))
    assert max(map(len, shares)) - min(map(len, shares)) <= 1


def test_alone_a_process_has_every_row():
    assert list(rows_of_rank(3)) == [0, 1, 2]


@pytest.mark.parametrize("rank", [-1, 2])
def test_a_rank_outside_of_the_world_is_refused(rank: int):
    with pytest.raises(InvalidArgumentError, match=r"`rank` must lie in \[0, 2\)"):
        rows_of_rank(5, rank, 2)
