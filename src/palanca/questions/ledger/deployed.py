"""How many guards and soldiers Mexico had on migration control, as published, and how fast their number fell.

The figures are few: the National Guard and army at both borders in October 2019, January 2021 and mid-2021, as named
in the case's record (source S3).
"""

from __future__ import annotations

import math

from palanca.core.clock import Month

COUNTS = {  # people
    Month.parse("2019-10"): 26_916.0,
    Month.parse("2021-01"): 7_348.0,
    Month.parse("2021-06"): 27_572.0,
}
FALL = (Month.parse("2019-10"), Month.parse("2021-01"))


def half_life() -> float:
    """Half-life of the number deployed between the two counts of the fall, as if it fell evenly [months]."""
    first, last = FALL
    return (last - first) * math.log(2.0) / math.log(COUNTS[first] / COUNTS[last])
