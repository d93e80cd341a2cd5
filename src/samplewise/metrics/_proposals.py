"""Greedy matching of many groups at once.

COCO goes through the predictions from the most to the least confident and gives each the best
ground truth that is still free. All ground truths thus prefer the more confident prediction, and
for such preferences there is exactly one stable matching. Deferred acceptance finds it too, in any
order of asking: every prediction asks for its next wish, a ground truth keeps the most confident
one that ever asked, the others go on to their next wish. That runs over all images, classes and
thresholds in a few rounds of whole arrays.

Source:
    D. Gale and L. S. Shapley, College Admissions and the Stability of Marriage, 1962.
"""

import numpy as np
from jaxtyping import Bool, Int

_NOBODY = np.iinfo(np.int64).max


def settle(
    *,
    asker: Int[np.ndarray, " q"],
    asked: Int[np.ndarray, " q"],
    rank: Int[np.ndarray, " q"],
    shared: Bool[np.ndarray, " q"],
    n_asked: int,
) -> Int[np.ndarray, " m"]:
    """Rows of the wishes that come true, in no particular order.

    Args:
        asker: Who wishes, shape `(q,)`; sorted, the wishes of one asker from best to worst.
        asked: For whom, in `0 .. n_asked - 1`.
        rank: The lower, the more welcome; different askers of one `asked` have different ranks.
        shared: Whether `asked` takes everybody.
        n_asked: How many may be asked.

    Returns:
        At most one row for each asker, and for each `asked` that is not shared.
    """
    best = np.full(n_asked, _NOBODY)
    holder = np.zeros(n_asked, np.int64)
    true = []
    asking = np.flatnonzero(np.diff(asker, prepend=-1))
    while len(asking):
        welcome = shared[asking]
        true.append(asking[welcome])
        asking = asking[~welcome]
        wanted = asked[asking]
        before = best[wanted]
        np.minimum.at(best, wanted, rank[asking])
        won = best[wanted] == rank[asking]
        replaced = holder[wanted[won & (before != _NOBODY)]]
        holder[wanted[won]] = asking[won]
        asking = _next_wish(np.concatenate([asking[~won], replaced]), asker)
    return np.concatenate([*true, holder[best != _NOBODY]])


def _next_wish(
    rows: Int[np.ndarray, " r"], asker: Int[np.ndarray, " q"]
) -> Int[np.ndarray, " still"]:
    rows = rows[rows + 1 < len(asker)]
    return rows[asker[rows + 1] == asker[rows]] + 1
