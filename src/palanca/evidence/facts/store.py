"""The scorecard of facts on disk: where it lies, and which code judges."""

from __future__ import annotations

from pathlib import Path

from palanca.evidence import cards
from palanca.evidence.cards import CardKind
from palanca.evidence.facts.scorecard import Scorecard
from palanca.spec import facts

PROBES = tuple(
    Path(__file__).with_name(f"{name}.py")
    for name in ("bargains", "bench", "claims", "deals", "judge", "probes", "reading", "scorecard", "sharing", "worlds")
)  # what judges; the rest tells
CARDS = CardKind("facts", Scorecard, facts.FORMAT, PROBES)
fingerprints, where, write, read, stale = CARDS.fingerprints, CARDS.where, CARDS.write, CARDS.read, CARDS.stale
plain = cards.plain
