"""How unevenly a burden lies against a key: the Gini coefficient and the Theil index, both zero where they agree."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float


def gini(burden: Float[np.ndarray, "country draw"], key: Float[np.ndarray, " country"]) -> Float[np.ndarray, " draw"]:
    """Gini coefficient of what countries bear for each unit of their key share.

    Args:
        burden: What each country bears, 0 or more [any unit].
        key: What each should bear [share]; above 0, and they sum to 1.

    Returns:
        0 where everybody bears in proportion to the key, towards 1 where one of the smallest bears all.

    Reference:
        Half the mean difference between two units of the key, over the mean: one less twice the area under the
        Lorenz curve of burdens ordered by burden for each unit of the key.
    """
    weight = key[:, None]
    order = np.argsort(burden / weight, axis=0)
    people = np.take_along_axis(np.broadcast_to(weight, burden.shape), order, axis=0)
    share = np.take_along_axis(burden / burden.sum(axis=0), order, axis=0)
    curve = np.cumsum(share, axis=0)
    found: Float[np.ndarray, " draw"] = 1.0 - (people * (2.0 * curve - share)).sum(axis=0)
    return found


def theil(burden: Float[np.ndarray, "country draw"], key: Float[np.ndarray, " country"]) -> Float[np.ndarray, " draw"]:
    """Theil index of a burden against a key: sum_j b_j log(b_j / k_j) of shares b and key k.

    Args:
        burden: What each country bears, 0 or more [any unit].
        key: What each should bear [share]; above 0, and they sum to 1.

    Returns:
        0 where both agree, at most the log of one over the smallest key share.

    Reference:
        Theil 1967: the information of one division over another; a country that bears nothing adds nothing.
    """
    share = burden / burden.sum(axis=0)
    weight = key[:, None]
    ratio = np.where(share > 0.0, share / weight, 1.0)
    found: Float[np.ndarray, " draw"] = (share * np.log(ratio)).sum(axis=0)
    return found
