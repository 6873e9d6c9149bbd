"""Charts of leverage: who would come and what be lost if cooperation stopped, in a month and in time, and by issue."""

from __future__ import annotations

import numpy as np

from palanca.questions.leverage.month import STOPS, Course
from palanca.view import chart, dots
from palanca.view.chart import Chart, Mark, Panel
from palanca.view.dots import Line
from palanca.view.leverage_tables import EVENTS, NAMES, OneMonth, Study, spread
from palanca.view.series import Band
from palanca.view.theme import month_name

PAYOFF = "payoff"
SOURCE = chart.source("usbp_by_origin", "mx_stops_by_origin")
IN_PAYOFF = ("sensitivity", "vulnerability", "shadow_price", "realised", "stopping")
INTERVAL = "dots are medians, bars the 90 % interval"


def of_study(study: Study) -> list[Chart]:
    """Charts of what was asked for: through time, the month, its gains shared out."""
    drawn = [] if study.course is None else [through_time(study, study.course)]
    return drawn if study.one is None else [*drawn, of_month(study, study.one), shares(study, study.one)]


def through_time(study: Study, found: Course) -> Chart:
    """Encounters and what would come besides, and payoffs, by first month of the window."""
    holder, depends = study.parties[study.holder], study.parties[study.depends]
    months = [str(month) for month in found.people.months]
    total = np.median(found.people.encounters[:, 0].sum(axis=1), axis=-1)
    more, lost, left = (_band(rows) for rows in (found.people.more(STOPS[2]), found.sensitivity, found.vulnerability))
    people = chart.blank(chart.TALL, EVENTS, months)
    chart.draw_band(people, months, more, f"more if {holder} stops")
    chart.draw_line(people, months, total, "encounters as recorded", "figures")
    payoff = chart.blank(chart.MIDDLE, PAYOFF, months)
    chart.draw_band(payoff, months, lost, "sensitivity")
    chart.draw_line(payoff, months, left.mid, "vulnerability", "twin")  # its band nearly covers the other
    told = chart.told("Encounters as recorded", EVENTS, months, total)
    told += " " + chart.told(f"More if {holder} stops", EVENTS, months, more.mid)
    worth = chart.told("Sensitivity", PAYOFF, months, lost.mid)
    worth += " " + chart.told("Vulnerability", PAYOFF, months, left.mid)
    return Chart(
        "leverage-course",
        "Who comes, and who would come: leverage is not the count of people",
        f"Means over windows of three months by their first month, and what would come besides, had {holder} stopped; "
        f"below, what {depends} would lose by it at once (sensitivity) and after using its own means (vulnerability), "
        f"in {study.unit}. Lines are medians, bands the 90 % interval; that of vulnerability is as wide.",
        SOURCE,
        (
            Mark("encounters as recorded", "figures", "line"),
            Mark(f"more if {holder} stops; sensitivity", "model", "line"),
            Mark("vulnerability", "twin", "line"),
        ),
        (
            Panel("In people", people, EVENTS, told, wide=True),
            Panel("In payoff", payoff, PAYOFF, worth, wide=True),
        ),
    )


def of_month(study: Study, one: OneMonth) -> Chart:
    """Further encounters by world, and payoffs, with intervals."""
    holder, depends = study.parties[study.holder], study.parties[study.depends]
    people: list[Line] = [(world, spread(one.people.more(world)[0] / 1e3)) for world in STOPS[1:]]
    payoff: list[Line] = [(NAMES[name], spread(getattr(one.payoffs, name))) for name in IN_PAYOFF]
    return Chart(
        "leverage-month",
        f"If {holder} withdrew from {month_name(str(one.month))} on",
        f"Further encounters a month than recorded over three months by what {holder} does, and what it is worth to "
        f"{depends} and to {holder}: {INTERVAL}. Payoff in {study.unit}.",
        SOURCE,
        (Mark("people", "model", "dot"), Mark("payoff", "twin", "dot")),
        (
            dots.panel("Further encounters", people, "thousand / month", "model"),
            dots.panel("Payoffs", payoff, PAYOFF, "twin"),
        ),
    )


def shares(study: Study, one: OneMonth) -> Chart:
    """Of which issues each party's gain is made."""
    found, roles = one.sharing, ("kind_1", "kind_2", "kind_3", "kind_4", "kind_5")
    panels = []
    for p, party in enumerate(study.parties):
        rows: list[Line] = [
            (issue.replace("_", " "), spread(found.shares[:, k, p])) for k, issue in enumerate(found.issues)
        ]
        panels.append(dots.panel(party, rows, PAYOFF, roles[p % len(roles)]))
    return Chart(
        "leverage-shares",
        "Of which issues gains are made",
        "Shapley shares: what an issue adds to a party's gain from the deal, mean over all orders in which issues "
        f"could come to the table; {INTERVAL}. They move when issues are cut otherwise.",
        "",
        tuple(Mark(party, roles[p % len(roles)], "dot") for p, party in enumerate(study.parties)),
        tuple(panels),
    )


def _band(rows: np.ndarray) -> Band:
    low, mid, high = np.array([spread(row) for row in rows]).T
    return Band(low, mid, high)
