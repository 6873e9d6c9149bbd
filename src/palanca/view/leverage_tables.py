"""Leverage of a month and through time: what was found, and rows of tables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from palanca.core.clock import Month
from palanca.questions.leverage.month import STOPS, Course, Payoffs, People, Sharing

Row = dict[str, object]
LEVELS = (0.05, 0.5, 0.95)
SHOWN = 6  # decimals of a share in a table; a search stops at about as many
TOP = 5  # origins told apart
EVENTS = "encounters / month"
# What each number of `Payoffs` says of holder (h) and the other side (d).
MEANINGS = {
    "sensitivity": "what {d} would lose at once if {h} stopped",
    "vulnerability": "what {d} would lose after it has used its own means within the law",
    "shadow_price": "what one more unit of {h}'s effort is worth to {d}",
    "realised": "what the dependence buys {h} in the deal of the month",
    "stopping": "what {h} itself would gain by stopping; below 0 it would hurt itself",
    "usable_share": "share of the arrivals that it could let through if it suited itself alone",
}
NAMES = {
    "sensitivity": "sensitivity",
    "vulnerability": "vulnerability",
    "shadow_price": "shadow price",
    "realised": "realised",
    "stopping": "stopping, to the holder",
    "usable_share": "usable share",
}
SHARE = ("usable_share",)


@dataclass(frozen=True, eq=False)
class OneMonth:
    """What was found of one month.

    Args:
        month: First month of the window.
        people: What would come in each world; one window.
        payoffs: Leverage in payoffs.
        sharing: Of which issues gains are made.
    """

    month: Month
    people: People
    payoffs: Payoffs
    sharing: Sharing


@dataclass(frozen=True, eq=False)
class Study:
    """Everything that an outlet shows.

    Args:
        title: Title of the bargaining table.
        unit: Unit of payoffs.
        origins: Names of origins, in the order of `People.encounters`.
        parties: Names of parties, in the order of the table.
        holder: Place of the party that holds people back.
        depends: Place of the party that dislikes arrivals.
        one: One month, if asked for.
        course: Leverage through time, if asked for.
    """

    title: str
    unit: str
    origins: tuple[str, ...]
    parties: tuple[str, ...]
    holder: int
    depends: int
    one: OneMonth | None = None
    course: Course | None = None


def spread(values: np.ndarray) -> tuple[float, float, float]:
    """5th percentile, median and 95th percentile over the draws that hold a number; none of them if no draw does."""
    known = values[np.isfinite(values)]
    if not known.size:
        return (float("nan"),) * 3
    low, mid, high = (float(q) for q in np.quantile(known, LEVELS))
    return low, mid, high


def unsettled(values: np.ndarray) -> int:
    """Draws that hold no number, of values with the draw first."""
    return int((~np.isfinite(values)).reshape(values.shape[0], -1).any(axis=1).sum())


def better(payoffs: Payoffs) -> tuple[float, list[float]]:
    """Chance that political issues leave every party better off, and each, over settled draws."""
    known = payoffs.conversion[np.isfinite(payoffs.conversion).all(axis=1)]
    if not known.size:
        return float("nan"), [float("nan")] * payoffs.conversion.shape[1]
    gains = known > 0.0
    return float(gains.all(axis=1).mean()), [float(chance) for chance in gains.mean(axis=0)]


def most_moved(one: OneMonth) -> list[int]:
    """Places of the origins of which most would come besides, were the holder to stop."""
    more = np.median(one.people.encounters[0, STOPS.index("stops")] - one.people.encounters[0, 0], axis=-1)
    return [int(place) for place in np.argsort(-more)[:TOP]]


def people(study: Study, one: OneMonth) -> list[Row]:
    """One row a world: further encounters than recorded, in all and by the origins most moved, with harm beside."""
    found, top = one.people, most_moved(one)
    rows: list[Row] = []
    for w, world in enumerate(STOPS):
        base = 0.0 if w == 0 else 1.0
        counts = found.encounters[0, w] - base * found.encounters[0, 0]
        low, mid, high = spread(counts.sum(axis=0))
        row: Row = {"world": world if w else f"{world} (level)", "encounters": mid, "p5": low, "p95": high}
        row |= {study.origins[place]: float(np.median(counts[place])) for place in top}
        row["deaths"] = float(np.median(found.deaths[0, w] - base * found.deaths[0, 0]))
        row["on hold"] = float(np.median(found.held[0, w] - base * found.held[0, 0]))
        rows.append(row)
    return rows


def payoffs(study: Study, one: OneMonth) -> list[Row]:
    """One row a number of leverage in payoffs."""
    rows: list[Row] = []
    for name, meaning in MEANINGS.items():
        values = getattr(one.payoffs, name)
        low, mid, high = spread(values)
        says = meaning.format(h=study.parties[study.holder], d=study.parties[study.depends])
        unit = "payoff"
        if name in SHARE:
            low, mid, high, unit = 100.0 * low, 100.0 * mid, 100.0 * high, "%"
        rows.append({"number": NAMES[name], "unit": unit, "median": mid, "p5": low, "p95": high, "says": says})
    return rows


def conversion(study: Study, one: OneMonth) -> list[Row]:
    """One row a party, and all: whether political issues on the table leave it better off."""
    every, each = better(one.payoffs)
    rows: list[Row] = []
    for place, party in enumerate(study.parties):
        low, mid, high = spread(one.payoffs.conversion[:, place])
        rows.append({"who": party, "chance better off": each[place], "gain": mid, "p5": low, "p95": high})
    return [*rows, {"who": "all of them", "chance better off": every, "gain": None, "p5": None, "p95": None}]


def sharing(study: Study, one: OneMonth) -> list[Row]:
    """One row an issue: what it adds to each party's gain, over the orders in which issues could be added."""
    rows: list[Row] = []
    for place, issue in enumerate(one.sharing.issues):
        row: Row = {"issue": issue.replace("_", " ")}
        for p, party in enumerate(study.parties):
            low, mid, high = (round(q, SHOWN) for q in spread(one.sharing.shares[:, place, p]))
            row |= {party: mid, f"{party} p5": low, f"{party} p95": high}
        rows.append(row)
    return rows


def course(study: Study, found: Course) -> list[Row]:
    """One row a month: medians of encounters, further encounters by world, payoffs, salience; effort as declared."""
    rows: list[Row] = []
    for i, month in enumerate(found.people.months):
        row: Row = {"month": str(month), "encounters": float(np.median(found.people.encounters[i, 0].sum(axis=0)))}
        for name, world in MORE.items():
            row[name] = float(np.median(found.people.more(world)[i]))
        row |= {
            "sensitivity": spread(found.sensitivity[i])[1],
            "vulnerability": spread(found.vulnerability[i])[1],
            "salience": spread(found.salience[i])[1],
            "effort": float(found.effort[i]),
        }
        rows.append(row)
    return rows


MORE = {"more if routine": STOPS[1], "more if stopped": STOPS[2], "more, own limits": STOPS[4]}


def numbers(study: Study) -> list[Row]:
    """Every number with its 5th percentile, median and 95th percentile, one a row."""
    rows: list[Row] = []
    if study.one is not None:
        rows += (
            _people(study, study.one.people, by_origin=True) + _payoffs(study, study.one) + _sharing(study, study.one)
        )
    if study.course is not None:
        rows += _people(study, study.course.people, by_origin=False)
        for i, month in enumerate(study.course.people.months):
            for name in ("sensitivity", "vulnerability", "salience"):
                unit = "1 at the usual" if name == "salience" else study.unit
                rows.append(_row(month, "course", name, "", unit, getattr(study.course, name)[i]))
            level = np.atleast_1d(study.course.effort[i])
            rows.append(_row(month, "course", "effort", "", "multiples of routine control", level))
    return rows


def _people(study: Study, found: People, *, by_origin: bool) -> list[Row]:
    rows: list[Row] = []
    for i, month in enumerate(found.months):
        for w, world in enumerate(STOPS):
            what = "encounters" if w == 0 else "further encounters"
            counts = found.encounters[i, w] - (0.0 if w == 0 else 1.0) * found.encounters[i, 0]
            rows.append(_row(month, world, what, "all origins", EVENTS, counts.sum(axis=0)))
            if by_origin:
                rows += [_row(month, world, what, origin, EVENTS, counts[o]) for o, origin in enumerate(study.origins)]
            rows.append(_row(month, world, "deaths", "", "deaths / month", found.deaths[i, w]))
            rows.append(_row(month, world, "on hold", "", "people", found.held[i, w]))
    return rows


def _payoffs(study: Study, one: OneMonth) -> list[Row]:
    rows = []
    for name in MEANINGS:
        unit = "share" if name in SHARE else study.unit
        rows.append(_row(one.month, "payoffs", NAMES[name], "", unit, getattr(one.payoffs, name)))
    for place, party in enumerate(study.parties):
        gains = one.payoffs.conversion[:, place]
        rows.append(_row(one.month, "conversion", "gain by political issues", party, study.unit, gains))
    every, each = better(one.payoffs)
    for who, chance in zip((*study.parties, "all of them"), (*each, every), strict=True):
        given = np.atleast_1d(chance)
        rows.append(_row(one.month, "conversion", "chance better off", who, "share of draws", given))
    return rows


def _sharing(study: Study, one: OneMonth) -> list[Row]:
    found = one.sharing
    rows = [
        _row(one.month, f"shares of {party}", issue, party, study.unit, found.shares[:, k, p])
        for p, party in enumerate(study.parties)
        for k, issue in enumerate(found.issues)
    ]
    rows.append(_row(one.month, "shares", "subsets without a deal", "", "subsets", found.no_deals))
    holder = study.parties[study.holder]
    rows.append(_row(one.month, "shares", "moved by merging neighbours", holder, "share of gain", found.moved))
    return rows


def _row(month: Month, world: str, what: str, of: str, unit: str, values: np.ndarray) -> Row:
    low, mid, high = spread(np.asarray(values, float))
    settled = int(np.isfinite(values).sum())
    head: Row = {"month": str(month), "world": world, "what": what, "of": of, "unit": unit}
    return head | {"p5": low, "median": mid, "p95": high, "draws": settled}
