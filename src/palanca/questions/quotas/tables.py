"""Tables of a division of people: who takes how many, keys side by side, what caps do, trade, and staying."""

from __future__ import annotations

import numpy as np

from palanca.questions.quotas.assumed import RANGES
from palanca.questions.quotas.figures import MILLION
from palanca.questions.quotas.holding import WAYS
from palanca.questions.quotas.study import QuotaStudy
from palanca.sharing.keys import KEYS
from palanca.sharing.market import matched_payments
from palanca.show import estimate, number, table
from palanca.show.estimate import Basis, Estimate
from palanca.show.table import Cell, Table

Rows = list[dict[str, Cell]]
TEN_THOUSAND = 1e4
SEEN = 0.01  # of all payments, from which one is told
ASSUMED = "Costs and worths are assumed ranges; brackets hold 90 % of their draws."


def tables(study: QuotaStudy) -> list[Table]:
    """Who takes how many first; then all others that have a row."""
    money = "million usd / year"
    found = [
        table.of_rows(
            "Who takes how many",
            _quotas(study),
            units={"hosts after trade": "people", "pays": money, "gains": money},
            note=f"Quotas rest on published figures. Payments below 0 are received, gains over no scheme. {ASSUMED}",
        ),
        table.of_rows("Would it hold", _ways(study), note=f"Percent of draws. {ASSUMED}"),
        table.of_rows("Who would leave", _exits(study), units=dict.fromkeys(_LEAVING, money), note=ASSUMED),
        table.of_rows(
            "Who pays whom for places",
            _payments(study),
            units={"median": money},
            note=f"Each payer pays each receiver in proportion; from {number.percent(SEEN)} of all payments. {ASSUMED}",
        ),
        table.of_rows("Keys side by side", _keys(study), note="Percent of all; the same countries and figures."),
        table.of_rows("What the caps do", _caps(study)),
        table.of_rows("Without the largest", _without(study), units={"if the others take over": "people"}),
        table.of_rows(
            "A set price in place of hosting",
            _pledge(study),
            units={"hosts": "people", "pays into the fund": money, "receives": money},
            note=f"The fund is shared by people hosted. {ASSUMED}",
        ),
        table.of_rows("Places and payments by bargaining", _package(study), units={"pays": money, "gains": money}),
        table.of_rows("What stands in the way of a bargain", _clashes(study)),
        table.of_rows(
            "Wishes met without money",
            _uniform(study),
            units={"offers": "people", "takes": "people"},
            note="Uniform rule.",
        ),
        table.of_rows("Figures", _figures(study)),
        table.of_rows("What is assumed", _ranges(study)),
    ]
    return [one for one in found if one.rows]


def order(study: QuotaStudy) -> list[int]:
    """Countries by their quotas, the largest first."""
    return [int(c) for c in np.argsort(-study.quotas.quotas, kind="stable")]


def rests(study: QuotaStudy, draws: np.ndarray, unit: str = "") -> Estimate:
    """An estimate of something that hangs on what is assumed."""
    return estimate.rests(draws, study.inputs, unit, least=Basis.assumed)


def _quotas(study: QuotaStudy) -> Rows:
    population = study.figures.of(("population",))[:, 0]
    held = study.held
    return [
        {
            "country": study.figures.names[c],
            "%": 100.0 * float(study.shares.share[c]),
            "takes": int(study.quotas.quotas[c]),
            "per 10,000": TEN_THOUSAND * float(study.quotas.quotas[c] / population[c]),
            "hosts after trade": rests(study, held.hosted[c].round(), "people"),
            "pays": rests(study, held.paid[c] / MILLION, "million usd / year"),
            "gains": rests(study, held.gain[c] / MILLION, "million usd / year"),
        }
        for c in order(study)
    ]


def _ways(study: QuotaStudy) -> Rows:
    rows: Rows = [
        {"with": name, "%": 100.0 * float(row.mean())} for name, row in zip(WAYS, study.held.holds, strict=True)
    ]
    inside = study.held.joined
    return [
        *rows,
        {"with": "no trade, losers leave in rounds: somebody stays", "%": 100.0 * float(inside.any(axis=0).mean())},
        {"with": "no trade, losers leave in rounds: everybody stays", "%": 100.0 * float(inside.all(axis=0).mean())},
    ]


_LEAVING = ("gains inside", "wins by leaving, places lost", "wins by leaving, others take over")


def _exits(study: QuotaStudy) -> Rows:
    held = study.held
    return [
        {
            "country": study.figures.names[c],
            **{
                name: rests(study, values[c] / MILLION, "million usd / year")
                for name, values in zip(_LEAVING, (held.gain, held.win, held.ride), strict=True)
            },
            "better off outside, % of draws": 100.0 * float((held.win[c] > 0.0).mean()),
        }
        for c in order(study)
    ]


def _payments(study: QuotaStudy) -> Rows:
    paid = np.median(study.held.paid, axis=1)
    flows = matched_payments(paid)
    names, whole = study.figures.names, max(float(flows.sum()), 1.0)
    pairs = [(payer, receiver) for payer, receiver in np.argwhere(flows >= SEEN * whole).tolist()]
    return [
        {"payer": names[payer], "receiver": names[receiver], "median": float(flows[payer, receiver]) / MILLION}
        for payer, receiver in sorted(pairs, key=lambda pair: -flows[pair])
    ]


def _keys(study: QuotaStudy) -> Rows:
    return [
        {"country": study.figures.names[c]}
        | {KEYS[name].label: 100.0 * float(share[c]) for name, share in study.others.items()}
        for c in order(study)
    ]


def _caps(study: QuotaStudy) -> Rows:
    seen, key = study.anomaly, study.wanted.by
    if seen is None or key is None:
        return []
    measures = [one.measure for one in key.components if one.weight > 0.0]
    rows: Rows = []
    for c in order(study):
        capped = [name for name, holds in zip(measures, study.shares.capped[c], strict=True) if holds]
        wrong = [name for name, holds in zip(measures, seen.backwards[c], strict=True) if holds]
        if capped or wrong or seen.raised[c]:
            rows.append(
                {
                    "country": study.figures.names[c],
                    "capped": ", ".join(capped) or None,
                    "%": 100.0 * float(study.shares.share[c]),
                    "% without caps": 100.0 * float(seen.uncapped[c]),
                    "raised by caps": bool(seen.raised[c]),
                    "moved the wrong way by": ", ".join(wrong) or None,
                }
            )
    return rows


def _without(study: QuotaStudy) -> Rows:
    quotas = study.quotas.quotas
    return [
        {
            "country": study.figures.names[c],
            "takes": int(quotas[c]),
            "if the others take over": float(study.without_largest[c]),
        }
        for c in order(study)[1:]
    ]


def _pledge(study: QuotaStudy) -> Rows:
    held, money = study.held, "million usd / year"
    return [
        {
            "country": study.figures.names[c],
            "takes": int(study.quotas.quotas[c]),
            "hosts": rests(study, held.pledged[c].round(), "people"),
            "pays into the fund": rests(study, held.into[c] / MILLION, money),
            "receives": rests(study, held.out[c] / MILLION, money),
        }
        for c in order(study)
    ]


def _package(study: QuotaStudy) -> Rows:
    package = study.package
    if package is None or not package.agreed:
        return []
    return [
        {
            "country": study.figures.names[c],
            "takes by the key": int(study.quotas.quotas[c]),
            "hosts by the bargain": float(package.hosted[k]),
            "pays": float(package.paid[k]) / MILLION,
            "gains": float(package.gain[k]) / MILLION,
        }
        for k, c in enumerate(study.largest)
    ]


def _clashes(study: QuotaStudy) -> Rows:
    package = study.package
    return [] if package is None else [{"limit": one.name, "weight, %": 100.0 * one.weight} for one in package.clashes]


def _uniform(study: QuotaStudy) -> Rows:
    if study.uniform is None:
        return []
    offers = study.wanted.offers
    return [
        {
            "country": study.figures.names[c],
            "offers": float(offers.get(study.countries[c], 0.0)),
            "takes": float(study.uniform[c]),
        }
        for c in order(study)
    ]


def _figures(study: QuotaStudy) -> Rows:
    return [
        {"country": study.figures.names[c]}
        | {name: float(value) for name, value in zip(study.figures.measures, study.figures.values[c], strict=True)}
        for c in order(study)
    ]


def _ranges(study: QuotaStudy) -> Rows:
    given = study.wanted.assume
    return [
        {
            "name": one.name,
            "from": f"{given.get(one.name, one.least):g}",
            "to": f"{given.get(one.name, one.most):g}",
            "unit": one.unit,
            "what": one.says,
        }
        for one in RANGES.values()
    ]
