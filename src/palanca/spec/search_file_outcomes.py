"""What a search may be asked to bring about, and in which direction; no aim rewards harm or coercion as such."""

from __future__ import annotations

from dataclasses import dataclass

LESS, MORE = "less", "more"


@dataclass(frozen=True)
class Aim:
    """One outcome that a search weighs.

    Args:
        name: What files call it.
        words: What sentences call it.
        unit: Its unit.
        what: What it counts, for a heading.
        want: The only direction in which a file may ask for it.
        why: Why the other direction is refused.
        runs: Worlds that it takes: 1, or 2 where it compares with a partner that stops.
    """

    name: str
    words: str
    unit: str
    what: str
    want: str
    why: str
    runs: int = 1


_ROWS = (  # name, words, unit, what it counts, direction, why not the other, worlds
    ("encounters", "encounters", "events / month", "encounters between ports, mean over the window", LESS,
     "an encounter is no end in itself", 1),
    ("held", "people on hold", "people", "people waiting in the corridor, mean over the window", LESS,
     "people on hold are harm", 1),
    ("deaths", "deaths", "deaths", "deaths on the way, sum over the window", LESS, "deaths are harm", 1),
    ("admitted", "people admitted", "people / month", "admitted by appointment or parole, mean over the window", MORE,
     "fewer legal ways are no end in themselves", 1),
    ("cost_transit", "cost to the transit country", "payoff / month", "what the transit country bears for others",
     LESS, "a cost to a country is no end in itself", 1),
    ("cost_destination", "cost to the destination", "payoff / month", "what the destination's government bears", LESS,
     "a cost to a country is no end in itself", 1),
    ("dependence", "dependence on the partner", "events / month", "encounters that would come besides if the partner "
     "stopped", LESS, "leverage over a neighbour would be an end in itself", 2),
    ("holds", "chance that it holds", "chance", "chance that neither side gains by leaving", MORE,
     "a package that does not hold helps nobody", 2),
)  # fmt: skip
AIMS: dict[str, Aim] = {row[0]: Aim(*row) for row in _ROWS}
# What is done to people, or enforcement as such: known to the model, never an aim.
NEVER = {
    "stops": "enforcement as such",
    "returns": "removal as such",
    "removed": "removal as such",
    "expelled": "expulsion as such",
    "detained": "detention as such",
    "effort": "enforcement as such",
    "turned_back": "refusal as such",
    "gone_home": "giving up as such",
}
ALWAYS_SHOWN = ("deaths", "held")
