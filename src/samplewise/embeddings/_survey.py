"""What neighbourhoods say about every row: who is alone, who is there twice."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from jaxtyping import Float, Float32, Int
from numpy.typing import ArrayLike

from samplewise.embeddings._arguments import number_from, whole_number
from samplewise.embeddings._matrix import as_matrix
from samplewise.embeddings._plan import Progress
from samplewise.embeddings._space import Space

_BLOCK_ROWS = 2_048
_BLOCK_OTHERS = 4_096  # 2,048 x 4,096 float32: 32 MB of cosines at a time
_ROUNDING = 3e-7  # of a cosine of float32
_LEAST = 1e-6  # distances below are rounding
_SAMPLE = 512  # rows that tell how far apart neighbours are
_NEAR = 0.1  # near copies are so much nearer

Group = TypeVar("Group", bound=Hashable)


@dataclass(frozen=True)
class Survey:
    """What the neighbours of the rows of one group say about them, one value a row.

    Distances are 1 minus the cosine of the angle, in [0, 2]. A row that is missing, or all zeros,
    has NaN as a score, no duplicates, and is nobody's.

    Args:
        outlier_scores: Mean distance to the `k` nearest other rows of the group, shape `(n,)`; NaN
            where there is no other.
        near_duplicates: How many other rows of the group are near copies.
        near_duplicates_elsewhere: How many rows of the other groups are.
        duplicate_of: The first row of the group that the row is a near copy of, if that row comes
            before it; else -1.
        is_valid: Whether the row has a direction.
        threshold: Largest distance of what was taken for near copies.
    """

    outlier_scores: Float[np.ndarray, " n"]
    near_duplicates: Int[np.ndarray, " n"]
    near_duplicates_elsewhere: Int[np.ndarray, " n"]
    duplicate_of: Int[np.ndarray, " n"]
    is_valid: np.ndarray
    threshold: float


def survey(
    groups: Mapping[Group, ArrayLike],
    *,
    k: int = 10,
    threshold: float | None = None,
    progress: Progress | None = None,
) -> dict[Group, Survey]:
    """Outlier scores and near-duplicates of several groups of rows, such as splits.

    Every pair of rows is looked at once, in blocks: memory grows with the number of rows, the time
    with its square (100,000 rows of 256 columns take 90 s on one core). Cosines are of float32, so
    distances are right to about 3e-7.

    Args:
        groups: Embeddings, shape `(n, d)`, all of one `d`.
        k: Neighbours a row, at least 1; as many as there are where there are fewer.
        threshold: Largest distance of near copies, in [0, 2]. None: a tenth of the median over the
            outlier scores (of 512 rows of each group, drawn), for how far apart neighbours lie
            differs from network to network by a factor of a thousand; but not below 1e-6.
        progress: Called with `"survey"` and the share that is done.

    Returns:
        A survey for each group, in order.

    Raises:
        InvalidArgumentError: An argument breaks its rule.

    Source:
        The outlier score is that of `outlier_scores`.

    Examples:
        >>> found = survey({"train": [[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]], "val": [[2.0, 0.0]]})
        >>> found["train"].duplicate_of.tolist(), found["val"].near_duplicates_elsewhere.tolist()
        ([-1, 0, -1], [2])
    """
    k = whole_number("k", k, low=1)
    if threshold is not None:
        threshold = number_from("threshold", threshold, low=0.0, high=2.0)
    matrices = {group: as_matrix(x) for group, x in groups.items()}
    valid = {group: Space.around(x, "cosine").rough(x) for group, x in matrices.items()}
    points = {group: rows for group, (_, rows) in valid.items()}
    if threshold is None:
        threshold = max(_LEAST, _NEAR * _typical_score(points.values(), k))
    total, done = max(1, sum(map(len, points.values()))), 0
    found: dict[Group, Survey] = {}
    for group, rows in points.items():
        counting = _Counting.of(rows, k, threshold)
        for start in range(0, len(rows), _BLOCK_ROWS):
            here = slice(start, min(start + _BLOCK_ROWS, len(rows)))
            counting.look_at_own(here)
            for other, others in points.items():
                if other != group:
                    counting.look_at_others(here, others)
            done += here.stop - here.start
            if progress is not None:
                progress("survey", done / total)
        found[group] = counting.survey(valid[group][0], len(matrices[group]), threshold)
    return found


def _typical_score(groups: Iterable[Float32[np.ndarray, "m d"]], k: int) -> float:
    """The median outlier score of some rows; 0 where none has a neighbour."""
    scores = [np.empty(0)]
    for rows in groups:
        nearest = min(k, len(rows) - 1)
        if nearest < 1:
            continue
        drawn = np.random.default_rng(0).permutation(len(rows))[:_SAMPLE]
        for part in np.array_split(drawn, max(1, len(drawn) // 32)):
            cosines = rows[part] @ rows.T
            best = -np.partition(-cosines, nearest, axis=1)[:, : nearest + 1]
            # One of them is the row itself.
            scores.append(1.0 - (best.sum(axis=1, dtype=np.float64) - 1.0) / nearest)
    found = np.concatenate(scores)
    return float(np.median(found)) if len(found) else 0.0


@dataclass
class _Counting:
    """The counts of one group while its blocks are looked at."""

    rows: Float32[np.ndarray, "n d"]
    k: int
    limit: np.float32  # cosines from here on are those of near copies
    scores: Float[np.ndarray, " n"]
    own: Int[np.ndarray, " n"]
    elsewhere: Int[np.ndarray, " n"]
    first: Int[np.ndarray, " n"]

    @classmethod
    def of(cls, rows: np.ndarray, k: int, threshold: float) -> "_Counting":
        """Nothing counted yet."""
        n = len(rows)
        return cls(
            rows,
            min(k, max(0, n - 1)),
            np.float32(1.0 - threshold - _ROUNDING),
            scores=np.full(n, np.nan),
            own=np.zeros(n, np.int64),
            elsewhere=np.zeros(n, np.int64),
            first=np.arange(n),
        )

    def look_at_own(self, here: slice) -> None:
        """Compare a block of rows with all rows of the group."""
        best = np.empty((here.stop - here.start, 0), np.float32)
        for start in range(0, len(self.rows), _BLOCK_OTHERS):
            cosines = self.rows[here] @ self.rows[start : start + _BLOCK_OTHERS].T
            _forget_own(cosines, here.start - start)
            if self.k:
                best = _largest(best, cosines, self.k)
            near = cosines >= self.limit
            if near.any():
                self.own[here] += near.sum(axis=1)
                first = np.where(near.any(axis=1), near.argmax(axis=1) + start, len(self.rows))
                self.first[here] = np.minimum(self.first[here], first)
        if self.k:
            self.scores[here] = np.maximum(1.0 - best.astype(np.float64), 0.0).mean(axis=1)

    def look_at_others(self, here: slice, others: np.ndarray) -> None:
        """Compare a block of rows with the rows of another group."""
        for start in range(0, len(others), _BLOCK_OTHERS):
            cosines = self.rows[here] @ others[start : start + _BLOCK_OTHERS].T
            self.elsewhere[here] += np.count_nonzero(cosines >= self.limit, axis=1)

    def survey(self, rows: Int[np.ndarray, " m"], n: int, threshold: float) -> Survey:
        """The counts by the `n` rows that were given, of which `rows` are valid."""
        scores, duplicate_of = np.full(n, np.nan), np.full(n, -1)
        counts = np.zeros((2, n), np.int64)
        is_valid = np.zeros(n, bool)
        scores[rows], counts[0, rows], counts[1, rows] = self.scores, self.own, self.elsewhere
        copies = self.first < np.arange(len(rows))
        duplicate_of[rows[copies]] = rows[self.first[copies]]
        is_valid[rows] = True
        return Survey(scores, counts[0], counts[1], duplicate_of, is_valid, threshold)


def _forget_own(cosines: np.ndarray, offset: int) -> None:
    rows = np.arange(len(cosines))
    columns = rows + offset
    inside = (columns >= 0) & (columns < cosines.shape[1])
    cosines[rows[inside], columns[inside]] = -np.inf


def _largest(best: np.ndarray, cosines: np.ndarray, k: int) -> np.ndarray:
    """The `k` largest of those known and those of a block; fewer before there are so many."""
    if best.shape[1] == k:
        few = _beating(best, cosines)
        if few is not None:
            cosines = few
    both = np.concatenate([best, cosines], axis=1)
    if both.shape[1] <= k:
        return both
    return -np.partition(-both, k - 1, axis=1)[:, :k]


def _beating(best: np.ndarray, cosines: np.ndarray) -> np.ndarray | None:
    """The entries of a block that beat the worst known ones, side by side; None if many do."""
    beating = cosines > best.min(axis=1, keepdims=True)
    counts = beating.sum(axis=1)
    width = int(counts.max(initial=0))
    if width > cosines.shape[1] // 8:
        return None
    rows, columns = np.nonzero(beating)
    places = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    few = np.full((len(best), width), -np.inf, np.float32)
    few[rows, places] = cosines[rows, columns]
    return few
