"""Does silence on a partner's democracy pay now and cost later: the answer, year by year, and what it rests on."""

from __future__ import annotations

import numpy as np
import xarray as xr

from palanca.core.clock import Month
from palanca.infer import politics
from palanca.questions.bargaining import prepared, silence
from palanca.questions.bargaining.silence import Silence
from palanca.questions.corridor import Corridor
from palanca.questions.deal.struck import assumed
from palanca.questions.options import RunOptions
from palanca.show import chart, estimate, number, sentence, table
from palanca.show.answer import Answer, Finding, Provenance
from palanca.show.chart import Chart, Kind, Panel
from palanca.show.estimate import Basis, Estimate, Inputs
from palanca.show.table import Cell, Table
from palanca.spec.bargain_spec import BargainSpec
from palanca.spec.tables import data_codes

THOUSAND = 1000.0
PEOPLE = "people / month"
BORNE_OUT, OPEN = 0.9, 0.1  # shares of draws from which the sign changes for sure, or may
CAUTION = (
    "What silence does to democracy, and what criticism mends, is assumed: no figure shows it. Nothing here counts "
    "what the erosion of democracy costs the people who live under it, nor deaths on the way."
)


def answer(
    corridor: Corridor,
    spec: BargainSpec,
    month: Month,
    options: RunOptions,
    provenance: Provenance,
    *,
    years: int,
    slow: bool,
) -> Answer:
    """Weigh silence in the deal of a month against criticism over some years.

    Args:
        corridor: The fitted corridor.
        spec: The bargaining table, with an issue `silence`.
        month: Month of the deal.
        options: How to run it.
        provenance: What made it.
        years: How far to look.
        slow: Whether silence harms democracy and criticism mends it at all.

    Raises:
        UsageError: The table has no such issue, or its owner's partner is no origin of the case.
    """
    ready = prepared.prepare(
        spec,
        [month],
        corridor=(corridor.setting, corridor.fit),
        draws=options.draws,
        key=options.key,
        progress=options.progress,
    )
    public = politics.fitted(corridor.case.case)
    found = silence.weigh(ready, corridor.setting, corridor.fit, public, years=years, key=options.key, slow=slow)
    few = (estimate.FEW.format(draws=options.draws),) if options.draws < estimate.FEWEST else ()
    return Answer(
        question=f"Does silence on democracy in {_country(found)} pay now and cost later, from "
        f"{number.month_name(str(month))} on?",
        data=dataset(found),
        findings=tuple(findings(found, assumed(ready, corridor, options.key))),
        tables=(_years(found),),
        charts=(_chart(found),),
        caveats=(*few, CAUTION),
        provenance=provenance,
    )


def dataset(found: Silence) -> xr.Dataset:
    """By month after the deal and draw: democracy under both policies, arrivals now, later and net."""
    people = {"units": PEOPLE}
    level = {"units": "index", "long_name": "democracy"}
    return xr.Dataset(
        {
            "held_back_now": (("draw",), THOUSAND * found.now, people | {"long_name": "held back by silence now"}),
            "democracy": (("policy", "months_after", "draw"), found.level, level),
            "come_later": (("months_after", "draw"), THOUSAND * found.later, people | {"long_name": "come later"}),
            "net": (("months_after", "draw"), THOUSAND * found.net, people | {"long_name": "silence less criticism"}),
            "balancing_rate": (
                ("draw",),
                found.flip,
                {"units": "1 / year", "long_name": "discount rate at which the two balance; none where they never do"},
            ),
        },
        {"policy": ["silence", "criticism"], "months_after": np.arange(1, len(found.later) + 1)},
    )


def findings(found: Silence, inputs: Inputs) -> list[Finding]:
    """What silence buys now, what comes later, and whether the two ever balance."""
    known = np.isfinite(found.net).all(axis=0)
    years = len(found.later) // 12
    inputs = Inputs(inputs.names, inputs.values[:, known])
    now = _judged(-found.now[known], inputs)
    last = found.later[-12:].mean(axis=0)[known]
    later = _judged(last, inputs)
    more = float(np.mean(last > 0.0))
    country, month = _country(found), number.month_name(str(found.month))
    first = f"With silence on the table the deal of {month} lets {sentence.more(now, 'people a month')} arrive"
    text = f"In year {years} after it, silence rather than criticism brings {sentence.more(later, 'people a month')} "
    text += f"from {country}; it brings more in {number.percent(more)} of draws"
    return [
        Finding(f"{first}.", {"arrivals now": now}),
        Finding(f"{text}.", {"arrivals later": later}),
        _balance(found, known),
    ]


def _balance(found: Silence, known: np.ndarray) -> Finding:
    flips = np.isfinite(found.flip[known])
    if not flips.any():
        text = (
            "At no discount rate does the balance of silence turn, in any draw: that silence costs later is not shown."
        )
        return Finding(text, basis=Basis.assumed)
    share = float(flips.mean())
    rate = estimate.of(100.0 * found.flip[known][flips], "percent / year", basis=Basis.assumed)
    shown = "is shown" if share >= BORNE_OUT else "is left open" if share > OPEN else "is not shown"
    text = f"The balance turns with the discount rate in {number.percent(share)} of draws, there at "
    text += f"{sentence.amount(rate)} % a year: that silence costs later {shown}."
    return Finding(text, {"balancing rate": rate}, Basis.assumed)


def _years(found: Silence) -> Table:
    """One row a year."""
    rows: list[dict[str, Cell]] = []
    for year in range(len(found.later) // 12):
        span = slice(12 * year, 12 * year + 12)
        rows.append(
            {
                "year": year + 1,
                "democracy, silence": float(np.median(found.level[0][span])),
                "democracy, criticism": float(np.median(found.level[1][span])),
                "come later": THOUSAND * float(np.nanmedian(found.later[span].mean(axis=0))),
                "net": estimate.of(THOUSAND * found.net[span].mean(axis=0), PEOPLE, basis=Basis.assumed),
            }
        )
    note = "Silence less criticism, people a month; net of those held back now. Democracy is an index from 0 to 1."
    return table.of_rows("Silence less criticism, year by year", rows, note=note)


def _chart(found: Silence) -> Chart:
    whole = len(found.later) // 12
    years = tuple(float(year + 1) for year in range(whole))
    net = np.stack([THOUSAND * found.net[12 * y : 12 * y + 12].mean(axis=0) for y in range(whole)])
    low, middle, high = (np.nanquantile(net, level, axis=1) for level in estimate.ENDS)
    levels = [np.array([np.median(one[12 * y : 12 * y + 12]) for y in range(whole)]) for one in found.level]
    series = chart.Series(
        "net arrivals", years, chart.known(middle), chart.known(low), chart.known(high), "changed"
    )  # fmt: skip
    paths = tuple(
        chart.Series(name, years, chart.known(values), role=role)
        for name, values, role in zip(("silence", "criticism"), levels, ("changed", "history"), strict=True)
    )
    return Chart(
        "silence",
        Kind.lines,
        "Silence less criticism, by year after the deal",
        "Arrivals: above zero silence brings more people than criticism. Lines are medians, the band holds 90 % of "
        "draws. How silence moves democracy is assumed.",
        (Panel((series,), PEOPLE, "Arrivals", zero=False), Panel(paths, "index", "Democracy")),
    )


def _country(found: Silence) -> str:
    return data_codes().get(found.country, found.country)


def _judged(values: np.ndarray, inputs: Inputs) -> Estimate:
    return estimate.rests(THOUSAND * values, inputs, PEOPLE, least=Basis.assumed)
