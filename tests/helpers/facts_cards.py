"""A small made-up scorecard, on which tables, sentences, charts and pages can be checked by pencil."""

from __future__ import annotations

from palanca.evidence.facts.judge import Chance, FactNumber, Tried, verdict
from palanca.evidence.facts.scorecard import FactScore, Scorecard


def score(number: int, chance: float | None, marks: tuple[str, ...] = (), draws: int = 64) -> FactScore:
    """One fact with one assertion: that a fall lies between a tenth and a half."""
    found = None if chance is None else Chance(chance, draws)
    tried = Tried("fall", "fall between 0.1 and 0.5", 0.1, 0.5, strict=False, chance=found, within_share=chance) if (
        found is not None and chance is not None
    ) else None  # fmt: skip
    return FactScore(
        id=number,
        title=f"Fact <{number}>",
        claim="Effort lowers encounters.",
        marks=marks,
        evidence="" if found is None else "twin",
        sources=("S0",),
        part="Months, not weeks." if number == 2 else "",
        rival="Season did it." if marks else "",
        why="There is no such thing in the model." if found is None else "",
        tolerance="As the source has it.",
        verdict=verdict(found),
        chance=found,
        tried=() if tried is None else (tried,),
        numbers=()
        if found is None
        else (
            FactNumber("fall", "fall of encounters", "share", -0.1, 0.05, 0.2, 0.0),
            FactNumber("held", "people on hold", "people", 10_000.0, 12_000.0, 15_000.0, 0.0),
        ),
    )


def card() -> Scorecard:
    """One fact of each verdict."""
    scores = (score(1, 1.0, ("D",)), score(2, 0.5), score(3, 0.03125, ("O",)), score(4, None, ("D",)))
    return Scorecard("us-mexico", 64, 1, scores)
