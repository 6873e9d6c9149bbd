"""Tables of a sharing scheme: what changes, who takes how many and who pays, and everything by its parts."""

from __future__ import annotations

import numpy as np

from palanca.questions.share.burden import placed
from palanca.questions.share.run import RECORD, SCHEME
from palanca.questions.share.setup import Terms
from palanca.questions.share.told import ToldScheme
from palanca.show import estimate, table
from palanca.show.estimate import Basis
from palanca.show.table import Cell, Table

ROWS = {
    "irregular": "arrivals between ports",
    "encounters": "encounters between ports",
    "deaths": "deaths on the way",
    "lawful": "admitted lawfully",
    "held": "on hold (mean)",
    "stops": "stopped in transit",
    "returns": "removed in transit",
    "let_in": "let in at the border",
    "kidnapped": "kidnapped (assumed)",
}
MILLION = 1e6


def tables(told: ToldScheme) -> list[Table]:
    """The change of each outcome first, then who takes how many and who pays."""
    return [
        _summary(told),
        _members(told),
        _stakes(told),
        _origins(told),
        _procedures(told),
        _variants(told),
        _leverage(told),
        _monthly(told),
    ]


def _summary(told: ToldScheme) -> Table:
    rows: list[dict[str, Cell]] = []
    for name, words in ROWS.items():
        rows.append(_row(words, told.total(RECORD, name), told.total(SCHEME, name), told.change(SCHEME, name)))
    for words, at in (("Gini against the key", 0), ("Theil against the key", 1)):
        then, now = told.uneven(RECORD)[at], told.uneven(SCHEME)[at]
        rows.append(_row(words, then, now, now - then))
    if told.shared.probes:
        then, now = (told.leverage[world].mean(axis=0) for world in (RECORD, SCHEME))
        rows.append(_row("transit leverage a month", then, now, now - then))
    return table.of_rows(f"Record and scheme, {told.span}", rows)


def _of(values: np.ndarray) -> estimate.Estimate:
    """A cell; what a scheme does rests on how people answer to it, which is assumed."""
    return estimate.of(values, basis=Basis.assumed)


def _row(words: str, then: np.ndarray, now: np.ndarray, change: np.ndarray) -> dict[str, Cell]:
    middle = float(np.median(then))
    recorded = estimate.Estimate(middle, middle, middle)  # one number: its doubt is in the change
    return {"outcome": words, "record": recorded, "scheme": _of(now), "change": _of(change)}


def _members(told: ToldScheme) -> Table:
    division, places = told.division, placed(told.shared, SCHEME, Terms()).sum(axis=0)
    rows: list[dict[str, Cell]] = []
    for at, code in enumerate(division.members):
        rows.append(
            {
                "member": told.country(code),
                "key share": 100.0 * float(division.key.share[at]),
                "quota": int(division.quotas[at]),
                "after trade": int(division.traded[at]),
                "placed": _of(places[at]),
                "takes on, record": _of(told.hosted[RECORD].people[at]),
                "takes on, scheme": _of(told.hosted[SCHEME].people[at]),
            }
        )
    note = (
        "Quotas are exact to the person. Members off the corridor also have the asylum applications that are published."
    )
    if division.full:
        note += f" At its ceiling: {', '.join(map(told.country, division.full))}."
    units = {
        "key share": "%",
        **dict.fromkeys(("quota", "after trade", "placed", "takes on, record", "takes on, scheme"), "people / year"),
    }
    return table.of_rows("who takes how many", rows, units=units, note=note)


def _stakes(told: ToldScheme) -> Table:
    stakes = told.stakes
    rows: list[dict[str, Cell]] = []
    for at, code in enumerate(told.division.members):
        rows.append(
            {
                "member": told.country(code),
                "cost, record": _of(stakes.cost[RECORD][at] / MILLION),
                "cost, scheme": _of(stakes.cost[SCHEME][at] / MILLION),
                "pays for quotas": _of(stakes.paid[at] / MILLION),
                "transfer, no loss": _of(-stakes.no_loss.paid[at] / MILLION),
                "gains": _of(stakes.gain[at] / MILLION),
                "chance to gain": float(np.mean(stakes.gain[at] >= 0.0)),
                "wins by leaving": _of(stakes.leaving[at] / MILLION),
            }
        )
    money = ("cost, record", "cost, scheme", "pays for quotas", "transfer, no loss", "gains", "wins by leaving")
    note = "Costs are assumed. Gains are costs saved, and what protection elsewhere is worth, less payments."
    return table.of_rows("who pays and who gains", rows, units=dict.fromkeys(money, "million usd / year"), note=note)


def _origins(told: ToldScheme) -> Table:
    shared, case = told.shared, told.shared.setting.scheme.case
    people = placed(shared, SCHEME, Terms())
    block, then = shared.numbers[SCHEME], shared.numbers[RECORD]
    rows: list[dict[str, Cell]] = []
    for at, code in enumerate(case.origins):
        applied = block["applied"].sum(axis=(0, 1))[at] / shared.years
        if np.any(applied):
            gap = (block["encounters by origin"] - then["encounters by origin"]).sum(axis=0)[at] / shared.years
            rows.append(
                {
                    "origin": case.origins[code].name,
                    "apply": _of(applied),
                    "placed": _of(people[at].sum(axis=0)),
                    "accepted, no place yet": _of(block["cleared"][-1].sum(axis=0)[at]),
                    "encounters, change": _of(gap),
                    "most go to": told.country(told.division.members[int(np.argmax(np.median(people[at], axis=-1)))]),
                }
            )
    units = {
        "apply": "people / year",
        "placed": "people / year",
        "accepted, no place yet": "people at the end",
        "encounters, change": "events / year",
    }
    return table.of_rows("by origin", rows, units=units)


def _procedures(told: ToldScheme) -> Table:
    shared = told.shared
    block, files = shared.numbers[SCHEME], shared.setting.scheme.file.procedures
    rows: list[dict[str, Cell]] = []
    for at, line in enumerate(shared.lines[SCHEME]):
        name = files[line.procedure].name + (f", {told.country(line.member)}" if line.member else "")
        flows = {what: block[what].sum(axis=(0, 2))[at] / shared.years for what in ("applied", "decided", "placed")}
        rows.append(
            {
                "procedure": name,
                "apply": _of(flows["applied"]),
                "decided": _of(flows["decided"]),
                "admitted": _of(flows["placed"]),
                "in the queue": _of(block["queue"].sum(axis=2)[:, at].mean(axis=0)),
                "wait": _of(wait(block["wait"][:, at])),
            }
        )
    units = {
        **dict.fromkeys(("apply", "decided", "admitted"), "people / year"),
        "in the queue": "people (mean)",
        "wait": "months",
    }
    return table.of_rows("by procedure", rows, units=units)


def wait(months: np.ndarray) -> np.ndarray:
    """Median over months of the wait that applicants expect, where it has an end, (draw) [months]."""
    return np.asarray(np.nanmedian(np.where(np.isfinite(months), months, np.nan), axis=0))


def _variants(told: ToldScheme) -> Table:
    rows: list[dict[str, Cell]] = [
        {
            "variant": name,
            "arrivals, change": _of(told.change(name, "irregular")),
            "deaths, change": _of(told.change(name, "deaths")),
            "placed": _of(told.total(name, "placed")),
            "in queues": _of(told.total(name, "queue")),
            "Gini": _of(told.uneven(name)[0]),
        }
        for name in told.variants
    ]
    return table.of_rows("variants", rows, note=f"Change from the record over {told.span}; each shares its surprises.")


def _leverage(told: ToldScheme) -> Table:
    rows: list[dict[str, Cell]] = [
        {
            "stops in": str(probe),
            "record": _of(told.leverage[RECORD][at]),
            "scheme": _of(told.leverage[SCHEME][at]),
            "change": _of(told.leverage[SCHEME][at] - told.leverage[RECORD][at]),
        }
        for at, probe in enumerate(told.shared.probes)
    ]
    note = "More encounters a month had the transit country stopped for three months."
    return table.of_rows(
        "leverage", rows, units=dict.fromkeys(("record", "scheme", "change"), "events / month"), note=note
    )


def _monthly(told: ToldScheme) -> Table:
    shared = told.shared
    rows: list[dict[str, Cell]] = []
    for at, month in enumerate(shared.months):
        now, then = (shared.numbers[world] for world in (SCHEME, RECORD))
        rows.append(
            {
                "month": str(month),
                "encounters, record": float(f"{np.median(then['encounters'][at]):.4g}"),
                "encounters, scheme": _of(now["encounters"][at]),
                "deaths, scheme": _of(now["deaths"][at]),
                "in queues": _of(now["queue"][at].sum(axis=(0, 1))),
                "placed": _of(now["placed"][at].sum(axis=(0, 1))),
            }
        )
    return table.of_rows("by month", rows)
