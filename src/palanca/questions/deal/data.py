"""Every number of a deal on named axes, with its draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import xarray as xr

from palanca.questions.bargaining.deal import Pick
from palanca.questions.deal.struck import DEATHS, PAYOFF, PEOPLE, THOUSAND, Struck, made
from palanca.show.number import column

UNTHREATENED, NO_COURT, NO_JUDGE = "nothing threatened", "no court", "self-enforcing"
ISSUE = "unit of issue"


def picks(struck: Struck) -> dict[str, Pick]:
    """Every pick by how it comes about, and the deal otherwise: nothing threatened, no court, no judge."""
    deal = struck.deal
    others = {UNTHREATENED: deal.calm, NO_COURT: deal.unchecked, NO_JUDGE: deal.self_enforcing}
    named = {f"{struck.by}, {name}": pick for name, pick in others.items() if pick is not None}
    return {**deal.picks, **named}


def dataset(struck: Struck) -> xr.Dataset:
    """Packages, gains, people and promises by concept, issue, country and draw; threats, limits and silos beside."""
    deal = struck.deal
    found = {**_picked(struck), **_promises(struck), **_threats(struck), **_silos(struck)}
    found["no_deal_package"] = _variable(("issue", "draw"), deal.quo.T, ISSUE, "amount without a deal")
    found["no_deal_arrivals"] = _variable(("draw",), THOUSAND * deal.without, PEOPLE, "people arriving without a deal")
    if deal.deaths_without is not None:
        found["no_deal_deaths"] = _variable(("draw",), deal.deaths_without, DEATHS, "deaths on the way without a deal")
    if deal.clashes:
        what = "share of all draws in which the limit stands in the way of a deal"
        found["in_the_way"] = _variable(("limit",), np.array([*deal.clashes.values()]), "share", what)
    context = struck.table.context(deal.month)
    what = "what courts would leave of a contested act of one government alone; assumed, from a prior"
    found["court_share"] = _variable(("draw",), context.court_share, "share", what)
    labels: dict[str, list[str]] = {
        "concept": list(picks(struck)),
        "issue": list(deal.issues),
        "country": list(deal.parties),
        "threat": [one.name for one in deal.threats],
        "limit": list(deal.clashes),
        "silos": ["before", "after"],
    }
    used = {dim for one in found.values() for dim in one.dims}
    coords: dict[str, object] = {name: values for name, values in labels.items() if name in used}
    units = [struck.unit(issue) for issue in deal.issues]
    return xr.Dataset(found, {**coords, "issue_unit": ("issue", units), "on_table": ("issue", deal.on_table)})


def lumps(struck: Struck) -> list[tuple[str, str, dict[str, float]]]:
    """Amounts of issues that come in lumps, and by concept the share of draws with a deal that take each."""
    shares = {name: struck.deal.lump_shares(name) for name in struck.deal.picks}
    found = []
    for issue, menu in zip(struck.deal.issues, struck.deal.menus, strict=True):
        for amount, text in zip(menu, column(menu), strict=True):
            by = {name: one[issue].get(amount, float("nan")) for name, one in shares.items()}
            found.append((issue, text, by))
    return found


def _picked(struck: Struck) -> dict[str, xr.Variable]:
    all_picks = picks(struck)

    def each(values: Callable[[Pick], np.ndarray]) -> np.ndarray:
        """(concept, ..., draw)."""
        return np.stack([np.moveaxis(made(name, pick, values(pick)), 0, -1) for name, pick in all_picks.items()])

    party = ("concept", "country", "draw")
    agreed = np.stack([pick.agreed for pick in all_picks.values()]).astype(float)
    arrivals = THOUSAND * each(lambda pick: pick.arrivals)
    found = {
        "agreed": _variable(("concept", "draw"), agreed, "1", "1 where every party gains by a deal"),
        "package": _variable(
            ("concept", "issue", "draw"), each(lambda pick: pick.package), ISSUE, "amount in the deal"
        ),
        "gain": _variable(party, each(lambda pick: pick.gains), PAYOFF, "payoff beyond no deal"),
        "payoff": _variable(party, each(lambda pick: pick.payoffs), PAYOFF, "payoff in all, threats priced in"),
        "arrivals": _variable(("concept", "draw"), arrivals, PEOPLE, "people arriving under the deal"),
        "held_back": _variable(
            ("concept", "draw"),
            THOUSAND * struck.deal.without - arrivals,
            PEOPLE,
            "people who arrive without the deal and not under it",
        ),
    }
    if all(pick.deaths is not None for pick in all_picks.values()):
        deaths = each(lambda pick: np.zeros(0) if pick.deaths is None else pick.deaths)
        found["deaths"] = _variable(("concept", "draw"), deaths, DEATHS, "deaths on the way under the deal")
    return found


def _promises(struck: Struck) -> dict[str, xr.Variable]:
    per_month = f"{PAYOFF} / month"
    fields: Mapping[str, tuple[str, str, str]] = {
        "saved_by_breach": ("saves", per_month, "saved in the month of a breach"),
        "lost_after_breach": ("loses", per_month, "lost in each month after a breach"),
        "detection": ("detection", "chance", "chance that a breach is seen"),
        "patience_needed": ("needed", "share", "least patience with which honouring the deal pays"),
        "patience": ("patience", "share", "patience, shortened by the chance of leaving office"),
        "breaks_first": ("breaks_first", "1", "1 where its patience exceeds what it needs by least"),
    }
    parties = struck.deal.enforcement
    known = np.stack([np.isfinite(one.needed) for one in parties])
    found = {}
    for name, (field, unit, what) in fields.items():
        values = np.stack([np.asarray(getattr(one, field), dtype=float) for one in parties])
        kept = values if field in ("patience", "detection") else np.where(known, values, np.nan)
        found[name] = _variable(("country", "draw"), kept, unit, what)
    return found


def _threats(struck: Struck) -> dict[str, xr.Variable]:
    if not struck.deal.threats:
        return {}
    fields = {
        "threat_credible": ("credible", "1", "1 where carrying the threat out is worth its cost"),
        "threat_stands_in_court": ("survival", "chance", "chance that courts let it stand"),
        "threat_chance": ("chance", "chance", "chance that it strikes without a deal"),
        "threat_to_target": ("no_deal_target", PAYOFF, "what it takes from its target without a deal"),
        "threat_to_sender": ("no_deal_sender", PAYOFF, "what it takes from its sender without a deal"),
        "threat_could_be_paid": ("could_be_paid", PAYOFF, "what it would move its target by, could payoff be paid"),
    }  # fmt: skip
    return {
        name: _variable(
            ("threat", "draw"),
            np.stack([np.asarray(getattr(one, field), dtype=float) for one in struck.deal.threats]),
            unit,
            what,
        )
        for name, (field, unit, what) in fields.items()
    }


def _silos(struck: Struck) -> dict[str, xr.Variable]:
    """Draws that were not compared hold no number."""
    found = struck.silos
    if found is None:
        return {}

    def spread(values: np.ndarray) -> np.ndarray:
        whole = np.full((*values.shape[:-1], struck.table.draws), np.nan)
        whole[..., found.kept] = values
        return whole

    people, country = THOUSAND * found.arrivals, ("country", "draw")
    return {
        "silo_change": _variable(country, spread(found.change.T), PAYOFF, "change of payoff, after less before"),
        "silo_loses": _variable(country, spread(found.loses.T), "1", "1 where the change leaves it worse off"),
        "silo_tolerated": _variable(
            country,
            spread(found.tolerated.T),
            "chance / month",
            "chance of false alarms beyond which the change no longer pays",
        ),
        "silo_interest": _variable(
            ("country", "issue", "draw"),
            spread(np.moveaxis(found.interest, 0, -1)),
            "share",
            "share of what is at stake for a party that lies in an issue",
        ),
        "silo_log_product": _variable(
            ("draw",), spread(found.better), "log points", "change of the log product of gains"
        ),
        "silo_package": _variable(
            ("silos", "issue", "draw"), spread(np.moveaxis(found.packages, 1, -1)), ISSUE, "amount in the deals"
        ),
        "silo_arrivals": _variable(("silos", "draw"), spread(people), PEOPLE, "people arriving under the deals"),
        "silo_deals": _variable(("silos", "draw"), spread(found.deals), "silos", "silos that end in a deal"),
    }


def _variable(dims: tuple[str, ...], values: np.ndarray, unit: str, what: str) -> xr.Variable:
    return xr.Variable(dims, np.asarray(values, dtype=float), {"units": unit, "long_name": what})
