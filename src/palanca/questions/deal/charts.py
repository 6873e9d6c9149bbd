"""Charts of a deal: packages and gains by concept, what threats change, and silos."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from palanca.questions.deal.struck import Struck, made, plain
from palanca.show import chart, estimate, number
from palanca.show.chart import Chart, Kind, Panel, Series

UNIT = "% of the range"
ROLES = ("kind_1", "kind_2", "kind_3", "kind_4", "kind_5")


def charts(struck: Struck) -> list[Chart]:
    """Packages and gains, then threats and silos where there are any."""
    found = [_packages(struck), _gains(struck)]
    return found + ([_threats(struck)] if struck.deal.calm is not None else []) + _silos(struck)


def _packages(struck: Struck) -> Chart:
    """What each concept picks, issue by issue."""
    deal = struck.deal
    series = [
        _of_issues(struck, name, pick.package, role)
        for (name, pick), role in zip(deal.picks.items(), _roles(struck), strict=True)
    ]
    series.append(_of_issues(struck, "without a deal", deal.quo, "figures"))
    when = f", {number.month_name(str(deal.month))}" if deal.month is not None else ""
    return Chart(
        "packages",
        Kind.dots,
        f"What the deal holds, by concept{when}",
        "Amount of each issue on the table, as a share of what law and capacity allow: dots are medians over draws "
        "with a deal, bars hold 90 % of them. The salience-weighted mean is no bargain: somebody may lose by it.",
        (Panel(tuple(series), UNIT),),
    )


def _roles(struck: Struck) -> tuple[str, ...]:
    """Colours of the picks: one more where the deal comes about by no concept."""
    return ROLES if len(struck.deal.picks) == len(ROLES) else ("changed", *ROLES)


def _gains(struck: Struck) -> Chart:
    """What each party gains, by concept."""
    series = [
        _of_parties(struck, name, made(name, pick, pick.gains), role)
        for (name, pick), role in zip(struck.deal.picks.items(), _roles(struck), strict=True)
    ]
    return Chart(
        "gains",
        Kind.dots,
        "What each party gains, by concept",
        "Payoff beyond no deal: dots are medians over draws with a deal, bars hold 90 % of them.",
        (Panel(tuple(series), "payoff"),),
    )


def _threats(struck: Struck) -> Chart:
    """The deal with threats in force and without."""
    calm = struck.deal.calm
    named = [("threatened", struck.made, "changed"), ("not threatened", calm, "history")]
    sides = [(label, pick, role) for label, pick, role in named if pick is not None]
    packages = tuple(_of_issues(struck, label, pick.package, role) for label, pick, role in sides)
    levels = tuple(
        _of_parties(struck, label, made(struck.by, pick, pick.payoffs), role) for label, pick, role in sides
    )  # fmt: skip
    return Chart(
        "threats",
        Kind.dots,
        "What threats in force change",
        "The deal with the month's threats priced into no deal, and had nothing been threatened: dots are "
        "medians, bars hold 90 % of draws with a deal. Payoffs are levels, not gains.",
        (Panel(packages, UNIT, "Packages"), Panel(levels, "payoff", "Payoffs", zero=False)),
    )


def _silos(struck: Struck) -> list[Chart]:
    """The Nash deals before and after the issues are divided in another way."""
    found = struck.silos
    if found is None:
        return []
    packages = (
        _of_issues(struck, "before", found.packages[0], "history"),
        _of_issues(struck, "after", found.packages[1], "changed"),
    )
    change = (_of_parties(struck, "change", found.change, "kind_3"),)
    return [
        Chart(
            "silos",
            Kind.dots,
            "Issues divided in another way",
            "The Nash deals of all silos together, before and after the change, and what each party gets by it: dots "
            "are medians over draws, bars hold 90 % of them. Threats are left out.",
            (Panel(packages, UNIT, "Packages"), Panel(change, "payoff", "Change of payoff", zero=False)),
        )
    ]


def _of_issues(struck: Struck, label: str, packages: np.ndarray, role: str) -> Series:
    """Amounts of issues on the table as hundredths of their range."""
    low, _ = struck.bounds()
    shares = 100.0 * (packages - low) / struck.range()
    return _series(label, [(plain(struck.deal.issues[k]), shares[:, k]) for k in struck.on_table()], role)


def _of_parties(struck: Struck, label: str, values: np.ndarray, role: str) -> Series:
    return _series(label, [(struck.party(code), values[:, i]) for i, code in enumerate(struck.deal.parties)], role)


def _series(label: str, rows: Sequence[tuple[str, np.ndarray]], role: str) -> Series:
    return chart.named(label, [(name, estimate.of(values)) for name, values in rows], role)
