"""Probes of claims on deals: effort that fades, muted criticism, linked tone, the price of effort."""

from __future__ import annotations

import numpy as np

from palanca.evidence.claims import criticism as speaking
from palanca.evidence.claims import fading as following
from palanca.evidence.claims import linked_tone
from palanca.evidence.claims import price as pricing
from palanca.evidence.facts.bench import Bench
from palanca.evidence.facts.worlds import Call, Found
from palanca.spec.ledger import load_ledger

ALL_COUNTRIES = "acts of all countries"


def fading(bench: Bench, call: Call) -> Found:
    """Which of the deals that can tell lose half of their effort within the range claimed, and what then comes back."""
    corridor = bench.corridor
    found = following.fading(corridor.setting, corridor.fit, draws=bench.draws, key=bench.key)
    low, high = following.RANGE
    none = np.full(bench.draws, np.nan)
    halved = [(one.half_months >= low) & (one.half_months <= high) for one in found.decided]
    return {
        "halved_share": np.mean(halved, axis=0) if halved else none,
        "spells": np.array([float(len(found.decided))]),
        "climb": none if found.after is None else found.after.climb,
    }


def criticism(bench: Bench, call: Call) -> Found:
    """Chance of a statement per provocation, by leverage."""
    setting = bench.corridor.setting
    table = bench.table(speaking.leverage_months(setting))
    found = speaking.criticism(setting, bench.corridor.fit, table, key=bench.key)
    first, every = found.readings[0], next(one for one in found.readings if one.rows == ALL_COUNTRIES)
    told = np.array([first.expected[0] + first.expected[2]])
    return {
        "ratio": first.ratio,
        "ratio_all": every.ratio,
        "little": first.chance[0],
        "much": first.chance[1],
        "told": told,
    }


def tone(bench: Bench, call: Call) -> Found:
    """Correlation of tone across matters, before the turn, after it, and later."""
    ledger = load_ledger(bench.corridor.case.case)
    found = linked_tone.linked_tone(ledger, key=bench.key)
    apart = linked_tone.linked_tone(ledger, apart=True, key=bench.key)
    return {
        "before": np.maximum(found.before, 0.0),
        "twice_before": linked_tone.twice(found.before),
        "after": found.after,
        "later": found.later,
        "after_apart": apart.after,
        "told": np.array([float(min(found.counted))]),
    }


def price(bench: Bench, call: Call) -> Found:
    """The price of effort at numbers of people stuck below the threshold and beyond it."""
    assert call.step.at is not None  # the schema has seen to it
    found = pricing.price(bench.corridor.setting, bench.table(call.step.at), key=bench.key)
    return {"below": found.below, "beyond": found.above, "paid_slope": found.slope}
