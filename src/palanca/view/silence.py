"""Silence against criticism shown: by year, and in sentences."""

from __future__ import annotations

import numpy as np

from palanca.questions.bargaining.silence import Silence
from palanca.spec.tables import data_codes
from palanca.view.theme import month_name, percent, rounded

NINETY = (0.05, 0.5, 0.95)


def by_year(found: Silence) -> list[dict[str, object]]:
    """One row a year: democracy under both policies, and arrivals under silence less those under criticism."""
    rows: list[dict[str, object]] = []
    for year in range(len(found.later) // 12):
        span = slice(12 * year, 12 * year + 12)
        low, mid, high = np.nanquantile(found.net[span].mean(axis=0), NINETY)
        rows.append(
            {
                "year": year + 1,
                "democracy, silence": float(np.median(found.level[0][span])),
                "democracy, criticism": float(np.median(found.level[1][span])),
                "held back now": float(np.nanmedian(found.now)),
                "comes later": float(np.nanmedian(found.later[span].mean(axis=0))),
                "net": float(mid),
                "5 %": float(low),
                "95 %": float(high),
            }
        )
    return rows


def says(found: Silence) -> list[str]:
    """What a reader should take away; the last sentence is the caution."""
    known = np.isfinite(found.net).all(axis=0)
    years = len(found.later) // 12
    last = found.later[-12:].mean(axis=0)
    more = float(np.mean(last[known] > 0.0))
    flips = np.isfinite(found.flip[known])
    country = data_codes().get(found.country, found.country)
    sentences = [
        f"In {month_name(str(found.month))} silence on the table holds back {_interval(found.now)} thousand people a "
        "month that a deal without it would not (90 % interval).",
        f"In year {years} silence brings more people from {country} than criticism in {percent(100.0 * more)} of "
        f"draws, {_interval(last)} thousand a month.",
    ]
    share = percent(100.0 * float(flips.mean()))
    if flips.any():
        low, mid, high = (percent(100.0 * float(x)) for x in np.quantile(found.flip[known][flips], NINETY))
        verdict = "borne out" if flips.mean() >= 0.9 else "not identified" if flips.mean() > 0.1 else "not borne out"
        sentences.append(
            f"The net changes its sign with the discount rate in {share} of draws, there at {mid} [{low}, {high}] a "
            f"year: {verdict}."
        )
    else:
        sentences.append("The net changes its sign with the discount rate in no draw: not borne out.")
    sentences.append(
        "What silence does to democracy and criticism mends is assumed, no figure tells it; how democracy moves people "
        "is what the fitted corridor makes of it, its sign not sure. Nothing here counts what erosion costs people."
    )
    return sentences


def _interval(values: np.ndarray) -> str:
    low, mid, high = np.nanquantile(values, NINETY)
    return f"{rounded(float(mid))} [{rounded(float(low))}, {rounded(float(high))}]"
