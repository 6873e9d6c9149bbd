"""Who takes how many, who pays, who gains, and would it hold: a division of people by a key, for delegates."""

from __future__ import annotations

import xarray as xr

from palanca.data.read import Figures
from palanca.questions.options import RunOptions
from palanca.questions.quotas.charts import charts
from palanca.questions.quotas.findings import findings, label
from palanca.questions.quotas.holding import WAYS
from palanca.questions.quotas.study import QuotaRequest, QuotaStudy, study
from palanca.questions.quotas.tables import tables
from palanca.show import estimate
from palanca.show.answer import Answer, Provenance

YEARLY = {"units": "usd / year"}


def answer(wanted: QuotaRequest, options: RunOptions, figures: Figures, provenance: Provenance) -> Answer:
    """Divide people among countries and say what follows.

    Args:
        wanted: What is asked.
        options: Key and number of draws.
        figures: Series in force.
        provenance: What made it.

    Raises:
        SharingError: The key, the figures, the capacities or the offers cannot be divided by.
    """
    return told(study(wanted, options.key, options.draws, figures), provenance)


def told(found: QuotaStudy, provenance: Provenance) -> Answer:
    """The answer of a division that was worked out."""
    wanted = found.wanted
    return Answer(
        question=f"Who takes how many of {wanted.total:,} people by {label(found)}, who pays, and would it hold?",
        data=dataset(found),
        findings=tuple(findings(found)),
        tables=tuple(tables(found)),
        charts=tuple(charts(found)),
        caveats=tuple(caveats(found)),
        provenance=provenance,
    )


def dataset(found: QuotaStudy) -> xr.Dataset:
    """Shares and quotas by country; trade and staying by country and draw; every draw of what is assumed."""
    held, by, each = found.held, ("country",), ("country", "draw")
    people, share = {"units": "people"}, {"units": "share"}
    made = xr.Dataset(
        {
            "share": (by, found.shares.share, share | {"long_name": "share by the key"}),
            "quota": (by, found.quotas.quotas.astype(float), people | {"long_name": "people taken by the key"}),
            "without_largest": (by, found.without_largest, people | {"long_name": "quota if the largest leaves"}),
            "by_key": (
                ("key", "country"),
                [list(one) for one in found.others.values()],
                share | {"long_name": "share by other keys"},
            ),
            "price": (("draw",), held.price, {"units": "usd / person", "long_name": "price of a place"}),
            "hosted": (each, held.hosted, people | {"long_name": "people hosted after trade"}),
            "paid": (each, held.paid, YEARLY | {"long_name": "paid for places; received below 0"}),
            "saved": (each, held.saved, YEARLY | {"long_name": "saved by trade"}),
            "gain": (each, held.gain, YEARLY | {"long_name": "gain over no scheme, with trade"}),
            "gain_untraded": (each, held.plain, YEARLY | {"long_name": "gain over no scheme, without trade"}),
            "win_by_leaving": (each, held.win, YEARLY | {"long_name": "won by leaving alone, others keep quotas"}),
            "win_by_riding": (each, held.ride, YEARLY | {"long_name": "won by leaving alone, others take over"}),
            "stays": (
                each,
                held.joined.astype(float),
                {"units": "1", "long_name": "stays when losers leave in rounds"},
            ),
            "holds": (("way", "draw"), held.holds.astype(float), {"units": "1", "long_name": "whether all stay"}),
            "bill": (("draw",), held.bill, YEARLY | {"long_name": "transfers that hold all against leaving alone"}),
            "lost": (("draw",), held.lost, YEARLY | {"long_name": "lost by the market to worths for others"}),
            "pledged": (each, held.pledged, people | {"long_name": "people hosted at the set price"}),
            "into_fund": (each, held.into, YEARLY | {"long_name": "paid into the fund at the set price"}),
            "out_of_fund": (each, held.out, YEARLY | {"long_name": "received from the fund, by people hosted"}),
            "assumed": (("input", "draw"), found.inputs.values, {"long_name": "draws of what is assumed"}),
        },
        {
            "country": list(found.countries),
            "key": list(found.others),
            "way": list(WAYS),
            "input": list(found.inputs.names),
        },
    )
    if found.uniform is not None:
        made["uniform"] = (by, found.uniform, people | {"long_name": "people taken by the uniform rule"})
    return made


def caveats(found: QuotaStudy) -> list[str]:
    """What no number here should be taken for."""
    draws = found.inputs.values.shape[1]
    told = [estimate.FEW.format(draws=draws)] if draws < estimate.FEWEST else []
    told += [
        "What hosting costs and what it is worth to governments is not published: prices, payments, gains and whether "
        "a scheme would hold follow from assumed ranges. Quotas and shares do not.",
    ]
    if {"applications", "hosted"} & set(found.figures.measures):
        told.append(
            "Past effort counts nationals of fourteen countries of the Americas, as published; applications are the "
            "mean of the years published among five, three at least."
        )
    told.append(
        "A key says nothing of where people want to go or have family; quotas that send people elsewhere do not keep "
        "them there. Income is at market rates of exchange."
    )
    return told
