"""Charts of leverage: through time or by world, harm beside it, from where, payoffs, and shares by issue."""

from __future__ import annotations

import numpy as np

from palanca.questions.leverage.held import EVENTS, LeverageResults, Worth, months
from palanca.questions.leverage.run import ANSWERED, STOPPED
from palanca.questions.leverage.tables import MEANINGS, WORLDS
from palanca.show import chart, estimate, number
from palanca.show.chart import Chart, Kind, Panel
from palanca.show.theme import KINDS

INTERVAL = "Dots are medians, bars hold 90 % of draws"


def of(held: LeverageResults) -> list[Chart]:
    """Every chart; the first opens the page."""
    if not held.moves:
        return []
    several = len(held.found.months) > 1
    found = [_through_time(held)] if several else [_by_world(held)]
    found.append(_origins(held))
    worth = held.worth
    if worth is None:
        return found
    if several:
        found.append(_losses(held, worth))
    if worth.payoffs is not None:
        found.append(_payoffs(held, worth))
    return found if worth.sharing is None else [*found, _shares(worth)]


def _through_time(held: LeverageResults) -> Chart:
    found = held.found
    first = [str(month) for month in found.months]
    panels = []
    for length in found.lengths:
        came = np.median(held.recorded("encounters", length), axis=-1)
        answered = np.median(found.more("encounters", ANSWERED, length), axis=-1)
        series = (
            chart.line("encounters as recorded", first, came, "figures"),
            chart.band("more if it stops", first, found.more("encounters", STOPPED, length), "changed"),
            chart.line("more, governments respond", first, answered, "kind_3", "dash"),
        )
        panels.append(Panel(series, EVENTS, f"Stopped for {months(length)}"))
    return Chart(
        "through time",
        Kind.lines,
        f"Who would have come had {held.country} stopped",
        "By first month without its cooperation, mean over the months out. Lines are medians, the band holds 90 % of "
        "draws. Leverage is not the count of people who came.",
        tuple(panels),
        held.source,
    )


def _by_world(held: LeverageResults) -> Chart:
    found, lead = held.found, held.scope.lead
    panels = []
    for outcome, unit, title in (
        ("encounters", EVENTS, "Encounters"),
        ("deaths", "deaths / month", "Deaths on the way"),
        ("held", "people", "People on hold at the end"),
    ):
        rows = [
            (label, estimate.of(found.more(outcome, world, lead)[0]))
            for world, label in WORLDS.items()
            if world in found.worlds
        ]
        panels.append(Panel((chart.named("more than recorded", rows, "changed"),), unit, title))
    return Chart(
        "worlds",
        Kind.dots,
        f"If {held.country} withdrew from {number.month_name(str(found.months[0]))} on",
        f"Change from what was recorded, over {months(lead)}. {INTERVAL}.",
        tuple(panels),
        held.source,
    )


def _origins(held: LeverageResults) -> Chart:
    found = held.found
    names = list(held.names.values())
    order = np.argsort(-np.median(found.by_origin(STOPPED, found.lengths[-1]).mean(axis=0), axis=-1))
    panels = []
    for length in found.lengths:
        more = found.by_origin(STOPPED, length).mean(axis=0)
        rows = [(names[place], estimate.of(more[place])) for place in order]
        panels.append(
            Panel((chart.named("more if it stops", rows, "changed"),), EVENTS, f"Stopped for {months(length)}")
        )
    return Chart(
        "origins",
        Kind.dots,
        "From where they would have come",
        f"More encounters a month than recorded, by origin. {INTERVAL}.",
        tuple(panels),
    )


def _losses(held: LeverageResults, worth: Worth) -> Chart:
    first = [str(month) for month in held.found.months]
    series = (
        chart.band("sensitivity: at once", first, worth.sensitivity),
        chart.line("vulnerability: after own means", first, np.median(worth.vulnerability, axis=-1), "changed"),
    )
    depends = worth.parties[worth.depends]
    return Chart(
        "losses",
        Kind.lines,
        f"What {depends} would lose if {held.country} stopped",
        f"In {worth.unit}, by first month. Lines are medians, the band holds 90 % of draws.",
        (Panel(series, "payoff"),),
    )


def _payoffs(held: LeverageResults, worth: Worth) -> Chart:
    rows = [
        (label, estimate.of(getattr(worth.payoffs, name)))
        for name, (label, _) in MEANINGS.items()
        if name != "usable_share"
    ]
    return Chart(
        "payoffs",
        Kind.dots,
        f"What the cooperation of {held.country} is worth",
        f"In {worth.unit}. {INTERVAL}. The table of payoffs says what each number means.",
        (Panel((chart.named("payoff", rows),), "payoff", zero=False),),
    )


def _shares(worth: Worth) -> Chart:
    found = worth.sharing
    assert found is not None
    panels = []
    for place, party in enumerate(worth.parties):
        rows = [
            (issue.replace("_", " "), estimate.of(found.shares[:, k, place])) for k, issue in enumerate(found.issues)
        ]
        panels.append(Panel((chart.named(party, rows, KINDS[place % len(KINDS)]),), "payoff", party))
    return Chart(
        "shares",
        Kind.dots,
        "Of which issues gains are made",
        "Shapley shares: what an issue adds to a party's gain from the deal, mean over all orders in which they could "
        f"come to the table. {INTERVAL}. They change when issues are cut otherwise.",
        tuple(panels),
    )
