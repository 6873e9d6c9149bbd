"""Divides quarters so that a deal is forecast by a fit that saw nothing of it, nor of any row of its thread."""

from __future__ import annotations

import numpy as np
from jaxtyping import Int

from palanca.core.errors import UsageError
from palanca.questions.ledger.quarters import Quarters

FEWEST = 3


def folds(seen: Quarters) -> Int[np.ndarray, " quarter"]:
    """Which fold each quarter is held out with; every quarter is in exactly one.

    Quarters whose deals share a thread, directly or by way of a third, are held out together. Quarters without a deal
    are shared out in runs of consecutive ones, in proportion to the quarters with a deal: were they not, a fit that
    misses a deal would also see a lower base rate, and every rule would look worse than it is.

    Raises:
        UsageError: Too few deals that have nothing in common.
    """
    dealt = np.flatnonzero(seen.dealt)
    group = {int(place): int(place) for place in dealt}
    for one in dealt:
        for other in dealt:
            if seen.threads[one] & seen.threads[other]:
                old, new = group[int(other)], group[int(one)]
                group = {place: new if name == old else name for place, name in group.items()}
    names = list(dict.fromkeys(group[int(place)] for place in dealt))
    if len(names) < FEWEST:
        raise UsageError(
            "too few deals to hold one out and learn from the others",
            found=f"{len(names)} that share no thread",
            expected=f"{FEWEST} or more",
        )
    fold = np.full(len(seen.dealt), -1)
    for place, name in group.items():
        fold[place] = names.index(name)
    quiet = np.flatnonzero(~seen.dealt)
    share = np.cumsum(np.bincount(fold[dealt], minlength=len(names))) / len(dealt)
    ends = np.rint(share * len(quiet)).astype(int)
    fold[quiet] = np.searchsorted(ends, np.arange(len(quiet)), side="right")
    return fold
