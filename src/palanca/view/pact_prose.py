"""What deals leave behind, in sentences: what data can tell, what they cannot, and what it means for people."""

from __future__ import annotations

import numpy as np

from palanca.core.wording import listed
from palanca.evidence.claims import paid
from palanca.evidence.claims.criticism import Criticism
from palanca.evidence.claims.fading import Fading
from palanca.evidence.claims.found import Word, middle
from palanca.evidence.claims.linked_tone import Linked
from palanca.evidence.claims.pathways import Pathways
from palanca.evidence.claims.price import Price
from palanca.evidence.claims.venezuela import FlightDiscretion
from palanca.questions.ledger.rules import Rules
from palanca.view.theme import month_name, percent, rounded

NOTHING = 1e-6  # what a search leaves undecided is smaller


def fading(found: Fading) -> list[str]:
    """Fact 4."""
    yes = [one for one in found.decided if one.word is Word.yes]
    rate = middle(found.rate())
    told = "not identified" if rate.low < 0.5 < rate.high else "more than half" if rate.low >= 0.5 else "less than half"
    says = [
        f"Of {len(found.spells)} spells of agreed enforcement {len(found.decided)} can tell whether effort halves in "
        "6 to "
        f"18 months, and in {len(yes)} it does ({listed(month_name(str(one.spell.first)) for one in yes)}). The "
        "share of "
        f"deals of which that is true is {_interval(rate)}: "
        f"{told}.",
        f"The number of guards deployed halved in {found.deployed_half:.1f} months, by two published counts and so "
        "without an interval.",
    ]
    if found.after is not None:
        kept, faded, without = found.after.deaths.sum(axis=1)
        says.append(
            f"After {month_name(str(found.after.first))} {_share(found.after.climb)} of what lasting effort would "
            "have held back comes all the same by the end of two years if effort fades. What is held back is people: "
            f"{_interval(middle(kept))} die on the way in these two years with effort kept up, "
            f"{_interval(middle(faded))} "
            f"if it fades and {_interval(middle(without))} without the deal, in the corridor as fitted."
        )
    chances = listed(
        percent(100.0 * paid.rises(one))
        for one in (found.prices.slope, found.prices.slope_of_act, found.prices.slope_paid)
    )
    says.append(
        f"The price of effort rises from spell to spell in {chances} of draws, by spell, by act and among paid spells: "
        f"{found.prices.word}. What a payment is worth is assumed, and so are most sizes."
    )
    return says


def criticism(found: Criticism) -> list[str]:
    """Fact 26."""
    first = found.readings[0]
    asked, made = sum(one.expected for one in first.provocations), sum(one.made for one in first.provocations)
    return [
        f"{first.rows[0].upper()}{first.rows[1:]}: {made} statements on {asked} provocations. Under most leverage a "
        "statement is "
        f"{_interval(middle(first.ratio))} times as likely as under least: that criticism is at most half is "
        f"{first.word}.",
        f"Need against respect for sovereignty: Bayes factor {first.factor:.2g}, log scores "
        f"{rounded(first.log_score[0])} and {rounded(first.log_score[1])}; {first.rivals}. "
        + _kept("Without inferred links", found.readings[1].factor, len(found.readings[1].provocations))
        + _kept(" With acts of all countries", found.readings[2].factor, len(found.readings[2].provocations)),
        "These are very few acts, coded by one hand, and a silence is read off what was not said.",
    ]


def linked_tone(found: Linked, apart: Linked) -> list[str]:
    """Fact 29."""
    return [
        f"Tone on migration and on other matters: correlation {_interval(middle(found.before))} before 2019, "
        f"{_interval(middle(found.after))} from 2019 on, {_interval(middle(found.later))} from 2021 on. That it at "
        "least "
        f"doubled is {found.word}: before 2019 only {found.told[0]} quarters hold an act on another matter.",
        f"That it stays higher from 2021 on is {found.stays}. Acts on one matter alone give "
        f"{_interval(middle(apart.before))} and {_interval(middle(apart.after))}; "
        f"{percent(100.0 * found.mixed_share[0])} of "
        f"acts on other matters touch migration too before 2019 and {percent(100.0 * found.mixed_share[1])} after.",
        "The ledger was made of acts with a link to migration, above all before 2019, so that a tie of the tones is "
        "built "
        "into it; only a record of all acts between the two governments could tell.",
    ]


def price(found: Price) -> list[str]:
    """Fact 30."""
    return [
        f"Struck again with other numbers of people stuck, deals cost the same up to the threshold, and at twice of it "
        f"{_interval(middle(found.above))} times as much for each unit of effort: {found.rises} in the model, by the "
        "form "
        "of its cost.",
        f"Whether there is such a threshold is {found.identified}: it is {found.labels['threshold']}, at "
        f"{_interval(middle(found.threshold))} people, the number stuck is no figure but what the corridor makes of "
        f"stops, and the ledger's prices move by {_interval(middle(found.slope))} with its logarithm.",
        "Those counted as stuck are people on hold: south, at the line, or before a court abroad.",
    ]


def paths(found: Pathways) -> list[str]:
    """The one-to-one clause."""
    met, held, died, admitted = (
        [_change(found.effect(world, outcome)) for world in ("both", "returns only", "places only")]
        for outcome in ("encounters", "held", "deaths", "admitted")
    )
    says = [
        f"Against a world with neither, encounters of the four nationalities from January 2023 on are {met[0]} a month "
        f"with both halves, {met[1]} with returns alone and {met[2]} with places alone. The two overlap: together they "
        f"leave {_change(found.interaction('encounters'))} than the sum of each alone would.",
        f"On hold are, with both, {held[0]} people; {died[0]} die on the way in a month and {admitted[0]} come by a "
        f"place or an appointment. With returns alone {held[1]} are on hold, {died[1]} die.",
        f"In the record {found.record.ratio:.2f} people were expelled for each place used, as long as that is told, "
        f"and encounters exceeded 30,000 in {len(found.record.binding)} months "
        f"({listed(month_name(str(one)) for one in found.record.binding)}). Later returns are not published by "
        "country of return.",
    ]
    if found.core is not None:
        says.append(
            "In the deals that the bargaining core picks, all places are opened in "
            f"{percent(100.0 * found.core.at_most)} of "
            f"cases and add {_interval(middle(found.core.together))} to the share taken back: that the two move "
            "together "
            f"is {found.core.word}. The core has no clause that ties one to the other."
        )
    return says


def rules(found: Rules) -> list[str]:
    """Reaction rules."""
    usual, twice = (middle(found.chance("deal", np.full(found.draws, x))) for x in (0.0, float(np.log(2.0))))
    assumed = [one.name for one in found.told if one.label == "assumed"]
    return [
        f"Learned from {found.quarters} quarters, {found.asks} of them with an ask and {found.deals} with a deal. At "
        "usual arrivals a "
        f"quarter holds a deal with a chance of {_interval(usual)}, at twice the usual {_interval(twice)}.",
        f"Assumed: {listed(assumed)}." if assumed else "No number is merely assumed by its spread.",
        "Steps of declared effort rest on the record's strengths, which are judgements. A rule says how often, not "
        "why; "
        "it is no bargain.",
    ]


def venezuela(found: FlightDiscretion) -> list[str]:
    """FlightDiscretion of the origin."""
    return [
        f"It {'could stop flights, and did' if found.stopped else 'stops no flight in the ledger'}. They carried "
        f"{_interval(middle(found.carried))} people a month, {_share(found.carried_share)} of its nationals met; "
        f"news of them kept back {_interval(middle(found.capable))} encounters a month in the fitted corridor, where "
        "flights themselves do nothing without an expulsion order.",
        f"When they stopped, encounters of its nationals moved by {rounded(found.moved)} log points against others "
        f"on the same way, and {percent(100.0 * found.chance_of_more)} of other months moved as far up: a rise is "
        f"{found.stop_seen}.",
        "That stopping would have paid it while the airline licence stood is "
        f"{found.free_while_relief}, on beliefs that are judgements. Power over who leaves the country is "
        f"{found.departures}: no figure shows a border closed to its own people.",
    ]


def _change(values: np.ndarray) -> str:
    """A difference with its interval, as more or fewer where the interval says which."""
    found = middle(values)
    if found.high < -NOTHING:
        return f"{_interval((-found.value, -found.high, -found.low))} fewer"
    return f"{_interval(found)} {'more' if found.low >= -NOTHING else 'more or fewer'}"


def _kept(what: str, factor: float, rows: int) -> str:
    return f"{what} it is {factor:.2g} on {rows} {'act' if rows == 1 else 'acts'}."


def _share(values: np.ndarray) -> str:
    low, mid, high = (percent(100.0 * float(x), 1) for x in np.quantile(values, (0.05, 0.5, 0.95)))
    return f"{mid} [{low}, {high}]"


def _interval(found: tuple[float, float, float]) -> str:
    value, low, high = (rounded(one if abs(one) > NOTHING else 0.0, 2 if abs(one) < 100.0 else 3) for one in found)
    return f"{value} [{low}, {high}]"
