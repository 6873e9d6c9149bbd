"""Charts of a sharing scheme: arrivals in both worlds, who takes on how many, queues and waits, and variants."""

from __future__ import annotations

import numpy as np

from palanca.questions.share.run import RECORD, SCHEME
from palanca.questions.share.told import ToldScheme
from palanca.show import chart, estimate
from palanca.show.chart import Chart, Kind, Panel

MOST_WAIT = 60.0  # months beyond which a wait is not drawn


def charts(told: ToldScheme) -> list[Chart]:
    """Arrivals, burden, queues, variants."""
    return [_arrivals(told), _burden(told), _queues(told), _variants(told)]


def _months(told: ToldScheme) -> list[str]:
    return [str(month) for month in told.shared.months]


def _arrivals(told: ToldScheme) -> Chart:
    months = _months(told)
    panels = []
    for name, unit, title in (("encounters", "events / month", "Encounters"), ("deaths", "deaths / month", "Deaths")):
        then, now = (told.shared.numbers[world][name] for world in (RECORD, SCHEME))
        series = (chart.line("record", months, np.median(then, axis=-1)), chart.band("scheme", months, now, "changed"))
        panels.append(Panel(series, unit, title))
    text = "The same people and surprises in both worlds. Lines are medians, the band holds 90 % of draws."
    return Chart("arrivals", Kind.lines, "Encounters and deaths, record and scheme", text, tuple(panels),
                 chart.source("usbp_by_origin"))  # fmt: skip


def _burden(told: ToldScheme) -> Chart:
    share = told.division.key.share
    series = []
    for world, role in ((RECORD, "history"), (SCHEME, "changed")):
        people = told.hosted[world].people
        ratio = people / people.sum(axis=0) / share[:, None]
        rows = [(told.country(code), estimate.of(ratio[at])) for at, code in enumerate(told.division.members)]
        series.append(chart.named(world, rows, role))
    text = "People each member takes on, over its share by the key: 1 is even. Bars hold 90 % of draws."
    panel = Panel(tuple(series), "times its key share", marks=((1.0, "even"),))
    return Chart("burden", Kind.dots, "Who takes on more than the key says", text, (panel,))


def _queues(told: ToldScheme) -> Chart:
    months, block = _months(told), told.shared.numbers[SCHEME]
    files = told.shared.setting.scheme.file.procedures
    queues, waits = [], []
    for at, name in enumerate(files):
        rows = [place for place, line in enumerate(told.shared.lines[SCHEME]) if line.procedure == name]
        people = block["queue"][:, rows].sum(axis=(1, 2))
        months_waited = np.minimum(block["wait"][:, rows].mean(axis=1), MOST_WAIT)
        role = f"kind_{at + 1}"
        queues.append(chart.line(files[name].name, months, np.median(people, axis=-1), role))
        waits.append(chart.line(files[name].name, months, np.median(months_waited, axis=-1), role))
    text = (
        "People who wait for a decision or an appeal, and months from application to admission that applicants expect."
    )
    return Chart("queues", Kind.lines, "Queues and waiting times", f"{text} Lines are medians.",
                 (Panel(tuple(queues), "people", "In the queue"), Panel(tuple(waits), "months", "Wait")))  # fmt: skip


def _variants(told: ToldScheme) -> Chart:
    panels = []
    for outcome, unit, title in (("irregular", "people", "Arrivals between ports"), ("deaths", "deaths", "Deaths")):
        rows = [(name, estimate.of(told.change(name, outcome))) for name in told.variants]
        panels.append(Panel((chart.named("change from the record", rows, "changed"),), unit, title, zero=False))
    text = f"Change from the record over {told.span}. Dots are medians, bars hold 90 % of draws."
    return Chart("variants", Kind.dots, "What the scheme's size, speed and rules do", text, tuple(panels))
