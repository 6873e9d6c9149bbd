"""The scorecard of schemes on disk: where it lies, and which code judges."""

from __future__ import annotations

from pathlib import Path

from palanca.evidence.cards import CardKind
from palanca.evidence.facts.store import PROBES
from palanca.evidence.schemes.scheme_card import SchemeCard
from palanca.spec import schemes

JUDGES = tuple(Path(__file__).with_name(f"{name}.py") for name in ("model_names", "scheme_card"))  # the rest tells
CARDS = CardKind("schemes", SchemeCard, schemes.FORMAT, (*PROBES, *JUDGES))
