"""Claims on deals in sentences: what data can tell, what they cannot, and what it means for people."""

from __future__ import annotations

import numpy as np

from palanca.core.wording import counted, listed
from palanca.evidence.claims import paid
from palanca.evidence.claims.criticism import Criticism
from palanca.evidence.claims.fading import Fading
from palanca.evidence.claims.found import Word
from palanca.evidence.claims.linked_tone import Linked
from palanca.evidence.claims.pathways import Pathways
from palanca.evidence.claims.price import Price
from palanca.evidence.claims.venezuela import FlightDiscretion
from palanca.questions.ledger.rules import Rules
from palanca.show import estimate, sentence
from palanca.show.answer import Finding
from palanca.show.estimate import Basis, Estimate
from palanca.show.number import NONE, month_name, number, percent, signed

NOTHING = 1e-6  # what a search leaves undecided is smaller
CAUTIONS = {
    "fading": "Effort is solved from the people whom the transit country stopped: it says how hard it stopped them, "
    "not why.",
    "criticism": "These are very few acts, coded by one hand, and a silence is read from what was not said.",
    "linked-tone": "The ledger holds acts with a link to migration, so that a tie of the tones is built into it; only "
    "a record of all acts between the two governments could tell.",
    "price": "Those counted as stuck are people on hold: in the south, at the line, or before a court abroad. Payoffs "
    "are judgements.",
    "pathways": "Later returns are not published by country of return, and the bargaining table has no clause that "
    "ties returns to places, which the record has.",
    "reactions": "Steps of declared effort rest on the record's strengths, which are judgements. A reaction rule says "
    "how often governments did so, not why.",
    "discretion": "What flights cost the origin is a judgement, and no figure shows a border closed to its own people.",
}


def fading(found: Fading) -> list[Finding]:
    """Whether effort fades, what comes back, who dies, and whether renewal costs more."""
    yes = [one for one in found.decided if one.word is Word.yes]
    rate = _of(found.rate(), "share")
    word = "not identified" if rate.low < 0.5 < rate.high else "more than half" if rate.low >= 0.5 else "less than half"
    where = f" ({listed(month_name(str(one.spell.first)) for one in yes)})" if yes else ""
    first = (
        f"Effort halves within 6 to 18 months after {len(yes)} of {len(found.decided)} deals that can tell{where}; "
        f"the share of deals of which that is true is {rate}: {word}."
    )
    findings = [Finding(first, {"share of deals": rate})]
    if found.after is not None:
        kept, faded, without = (_of(part, "deaths") for part in found.after.deaths.sum(axis=1))
        climb = _of(found.after.climb, "share")
        text = (
            f"After {month_name(str(found.after.first))} {_percents(climb)} of what lasting effort would have "
            f"held back "
            f"comes within two years if effort fades; {kept} people die on the way with effort kept up, {faded} if it "
            f"fades and {without} without the deal."
        )
        numbers = {"comes back": climb, "deaths, kept up": kept, "deaths, fading": faded, "deaths, no deal": without}
        findings.append(Finding(text, numbers))
    guards = (
        f"The number of guards deployed halved in {number(found.deployed_half)} months, between two published counts."
    )
    slopes = (found.prices.slope, found.prices.slope_of_act, found.prices.slope_paid)
    chances = [percent(paid.rises(one)) for one in slopes]
    price = (
        f"That renewal costs more is {found.prices.word}: the price of effort rises in {chances[0]} of draws by spell, "
        f"{chances[1]} by act and {chances[2]} among spells with a payment."
    )
    return [*findings, Finding(guards, basis=Basis.published), Finding(price, basis=Basis.assumed)]


def criticism(found: Criticism) -> list[Finding]:
    """Whether need mutes criticism, and whether respect for sovereignty explains it as well."""
    first = found.readings[0]
    expected, made = (sum(getattr(one, field) for one in first.provocations) for field in ("expected", "made"))
    ratio = _of(first.ratio, "times")
    head = (
        f"That the destination criticises at most half as often when it needs more is {first.word}: under most "
        f"leverage "
        f"a statement is {ratio} times as likely as under least ({first.rows}: {made} statements on "
        f"{counted(expected, 'provocation')})."
    )
    rivals = (
        f"Need against respect for sovereignty: {first.rivals}, with a Bayes factor of {number(first.factor)}"
        + "".join(
            f"; {one.rows}: {number(one.factor)} on {counted(len(one.provocations), 'act')}"
            for one in found.readings[1:]
        )
        + "."
    )
    return [Finding(head, {"ratio": ratio}), Finding(rivals)]


def linked_tone(found: Linked, apart: Linked) -> list[Finding]:
    """Whether tones came to move together."""
    before, after, later = (_of(part, "correlation") for part in (found.before, found.after, found.later))
    head = (
        f"That the tone of migration and of other matters came to move together twice as strongly is {found.word}: the "
        f"correlation is {before} before 2019, {after} from 2019 on and {later} from 2021 on, and before 2019 only "
        f"{counted(found.counted[0], 'quarter')} hold an act on another matter."
    )
    alone = [_of(part, "correlation") for part in (apart.before, apart.after)]
    tail = (
        f"That it stays higher from 2021 on is {found.stays}. Acts on one matter alone give {alone[0]} and {alone[1]}; "
        f"{percent(found.mixed_share[0])} of acts on other matters touch migration too before 2019, and "
        f"{percent(found.mixed_share[1])} after."
    )
    return [Finding(head, {"before": before, "after": after, "later": later}), Finding(tail)]


def price(found: Price) -> list[Finding]:
    """Whether the price of effort rises with people stuck."""
    above, threshold = _of(found.above, "times", Basis.assumed), _of(found.threshold, "people", Basis.assumed)
    slope = _of(found.slope, "payoff / unit of effort", Basis.assumed)
    head = (
        f"In the model the price of effort is flat up to a threshold of people stuck and {above} times as high at "
        f"twice "
        f"of it: {found.rises}, by the form of its cost."
    )
    tail = (
        f"Whether there is such a threshold is {found.identified}: it is {found.labels['threshold']}, at {threshold} "
        f"people; prices of the ledger move by {slope} with the logarithm of people stuck."
    )
    return [Finding(head, {"price": above}), Finding(tail, {"threshold": threshold, "slope": slope})]


def pathways(found: Pathways) -> list[Finding]:
    """What returns and places do, alone and together, to arrivals and to people."""
    worlds = {"both": "with both", "returns only": "with returns alone", "places only": "with places alone"}
    met = {world: _of(found.effect(world, "encounters"), "events / month") for world in worlds}
    text = "; ".join(f"{sentence.more(met[world], 'encounters a month')} {how}" for world, how in worlds.items())
    overlap = _of(found.interaction("encounters"), "events / month")
    until = month_name(str(found.months[-1]))
    head = f"Against a world without returns and places, there are from January 2023 to {until} {text}."
    people = {
        outcome: _of(found.effect("both", outcome), unit)
        for outcome, unit in (("held", "people"), ("deaths", "deaths / month"), ("admitted", "people / month"))
    }
    harm = (
        f"With both, there are {sentence.more(people['held'], 'people on hold')}, "
        f"{sentence.more(people['deaths'], 'deaths on the way a month')} and "
        f"{sentence.more(people['admitted'], 'people a month who come by a place or an appointment')}."
    )
    binding = listed(month_name(str(one)) for one in found.record.binding)
    record = (
        f"The two overlap by {overlap} encounters a month. In the record {number(found.record.ratio)} people were "
        f"expelled "
        f"for each place used, and encounters exceeded 30,000 in {counted(len(found.record.binding), 'month')} "
        f"({binding})."
    )
    findings = [Finding(head, met), Finding(harm, people), Finding(record, {"overlap": overlap})]
    if found.core is not None:
        added = _of(found.core.together, "share of those sent back", Basis.assumed)
        text = (
            f"In deals that the bargaining model strikes all places are opened in {percent(found.core.at_most)} "
            f"of cases "
            f"and add {added} to the share taken back: that the two move together is {found.core.word}."
        )
        findings.append(Finding(text, {"added": added}))
    return findings


def reactions(found: Rules) -> list[Finding]:
    """How often governments dealt when arrivals rose."""
    usual, twice = (
        _of(found.chance("deal", np.full(found.draws, surge)), "chance") for surge in (0.0, float(np.log(2.0)))
    )
    assumed = [one.name for one in found.told if one.label == "assumed"]
    head = (
        f"A quarter holds a deal with a chance of {_percents(usual)} at usual arrivals and of {_percents(twice)} "
        f"at twice "
        f"the usual, learned from {found.quarters} quarters: {found.asks} with an ask, {found.deals} with a deal."
    )
    rest = f"Of the reaction rule these numbers are assumed: {listed(assumed)}."
    learned = "Figures narrowed every number of the reaction rule."
    return [Finding(head, {"usual": usual, "twice": twice}), Finding(rest if assumed else learned)]


def discretion(found: FlightDiscretion) -> list[Finding]:
    """Whether the origin could stop flights, what they did, and whether stopping showed."""
    carried, capable = _of(found.carried, "people / month"), _of(found.capable, "events / month")
    share = _of(found.carried_share, "share")
    could = (
        "The origin could stop deportation flights, and did" if found.stopped else "The ledger has no flight stopped"
    )
    head = (
        f"{could}: they carried {carried} people a month, {_percents(share, 1)} of its nationals met, and without "
        f"them and "
        f"the news of them there would have been {sentence.more(capable, 'encounters a month')}."
    )
    moved = (
        f"That encounters rose when flights stopped is {found.stop_seen}: they moved by {signed(found.moved)} log "
        f"points "
        f"against others on the same way, and {percent(found.chance_of_more)} of other months moved as far up."
    )
    paying = (
        f"That stopping would have paid the origin while the airline licence stood is {found.free_while_relief}. Power "
        f"over who leaves the country is {found.departures}."
    )
    return [
        Finding(head, {"carried": carried, "without flights": capable, "share": share}),
        Finding(moved),
        Finding(paying, basis=Basis.assumed),
    ]


def _of(values: np.ndarray, unit: str, basis: Basis = Basis.learned) -> Estimate:
    drawn = np.asarray(values, dtype=float)
    return estimate.of(np.where(np.abs(drawn) <= NOTHING, 0.0, drawn), unit, basis=basis)


def _percents(given: Estimate, decimals: int = 0) -> str:
    """A share with its interval in percent: `84 % [67, 98]`."""
    if not np.isfinite(given.estimate):
        return NONE
    low, high = (f"{100.0 * end:.{decimals}f}" for end in (given.low, given.high))
    return f"{percent(given.estimate, decimals)} [{low}, {high}]"
