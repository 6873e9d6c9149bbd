"""Charts of a division of people: quotas and hosting after trade, keys side by side, and what staying is worth."""

from __future__ import annotations

from palanca.questions.quotas.figures import MILLION, SERIES
from palanca.questions.quotas.study import QuotaStudy
from palanca.questions.quotas.tables import order, rests
from palanca.sharing.keys import KEYS
from palanca.show import chart
from palanca.show.chart import Chart, Kind, Panel, Series

SHOWN = 12  # countries of a chart
BARS = "Bars over the dots hold 90 % of draws of what is assumed."


def charts(study: QuotaStudy) -> list[Chart]:
    """Who takes how many, keys side by side, and what each gains by staying."""
    return [_hosted(study), _keys(study), _gains(study)]


def _hosted(study: QuotaStudy) -> Chart:
    first = order(study)[:SHOWN]
    names = tuple(study.figures.names[c] for c in first)
    quotas = Series("by the key", names, chart.known(study.quotas.quotas[first].astype(float)), role="figures")
    after = chart.named(
        "after trade",
        [(study.figures.names[c], rests(study, study.held.hosted[c].round(), "people")) for c in first],
        "changed",
    )
    return Chart(
        "who takes how many",
        Kind.dots,
        "Who takes how many",
        f"Quotas by the key, and hosting after trade in quotas. {BARS}",
        (Panel((quotas, after), "people"),),
        _source(study),
    )


def _keys(study: QuotaStudy) -> Chart:
    first = order(study)[:SHOWN]
    names = tuple(study.figures.names[c] for c in first)
    series = tuple(
        Series(KEYS[name].label, names, chart.known(100.0 * share[first]), role=f"kind_{place}")
        for place, (name, share) in enumerate(study.others.items(), 1)
    )
    return Chart(
        "keys side by side",
        Kind.dots,
        "The same people by other keys",
        "Share of all people by each key, on the same figures.",
        (Panel(series, "%"),),
        _source(study),
    )


def _gains(study: QuotaStudy) -> Chart:
    first = order(study)[:SHOWN]
    held = study.held
    series = tuple(
        chart.named(what, [(study.figures.names[c], rests(study, values[c] / MILLION)) for c in first], role)
        for what, values, role in (
            ("gains inside, with trade", held.gain, "history"),
            ("wins by leaving alone", held.win, "changed"),
        )
    )
    return Chart(
        "who gains and who would leave",
        Kind.dots,
        "Who gains, and who would leave",
        f"Gains over no scheme, and what leaving alone wins while the others keep their quotas. {BARS}",
        (Panel(series, "million usd / year"),),
    )


def _source(study: QuotaStudy) -> str:
    return chart.source(*(SERIES[name] for name in study.figures.measures if name in SERIES))
