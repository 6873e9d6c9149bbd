"""What if governments had chosen their levers by bargaining: the answer, beside history and with something left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from palanca.core.clock import Month, Span
from palanca.data.align import months as month_axis
from palanca.questions.bargaining import ablation, otherwise, prepared
from palanca.questions.bargaining import run as bargaining
from palanca.questions.bargaining.ablation import MECHANISMS, Ablation
from palanca.questions.bargaining.otherwise import Bargained
from palanca.questions.bargaining.run import QUARTER, BargainingRun
from palanca.questions.corridor import Corridor
from palanca.questions.options import RunOptions
from palanca.show import chart, estimate, number, sentence, table
from palanca.show.answer import Answer, Finding, Provenance
from palanca.show.chart import Chart, Kind, Panel
from palanca.show.estimate import Basis, Estimate
from palanca.show.table import Cell, Table
from palanca.spec.bargain_spec import BargainSpec

PUSH = 1.1  # rise of surprises by which the answer to a lasting rise is measured
SMALLEST = 1e-6  # a change below it is where a search stopped
EVENTS, DEATHS, PEOPLE, EFFORT = "events / month", "deaths / month", "people", "multiples of routine control"
CAUTION = (
    "What governments want is mostly assumed, not learned: this shows what the mechanisms imply with history's "
    "surprises kept, and is no forecast. Other levers, such as expulsion orders, stay as recorded."
)


@dataclass(frozen=True, eq=False)
class Played:
    """A corridor whose governments bargain, and what was asked beside it.

    Args:
        base: With every mechanism on and every issue on the table when it was.
        other: The same otherwise; nothing if nothing was left out.
        answered: Share of a lasting rise in arrivals that the answer to it takes back, (draw); nothing if not asked.
        parts: Each mechanism left out in turn; none if not asked for.
    """

    base: BargainingRun
    other: Bargained | None
    answered: np.ndarray | None
    parts: tuple[Ablation, ...]

    @property
    def span(self) -> str:
        """The months in words."""
        return number.span_name(str(self.base.months[0]), str(self.base.months[-1]))


def answer(
    corridor: Corridor,
    spec: BargainSpec,
    span: tuple[Month, Month],
    left_out: tuple[Sequence[str], Sequence[str]],
    options: RunOptions,
    provenance: Provenance,
    *,
    each: bool = False,
) -> Answer:
    """Let governments bargain from a month on, and say what follows for arrivals, people and deals.

    Args:
        corridor: The fitted corridor.
        spec: The bargaining table.
        span: First and last month.
        left_out: Mechanisms that are off, and issues that are never on the table, in the other world.
        options: How to run it.
        provenance: What made it.
        each: Whether to leave each mechanism out in turn.

    Raises:
        UsageError: A mechanism or issue is not there, or the months hold no quarter.
    """
    played = play(corridor, spec, span, left_out, options, each=each)
    question = "What if governments had chosen effort and favours by bargaining?"
    return Answer(
        question=question
        if played.other is None
        else f"Governments that bargain: {played.other.asked[:1].lower()}{played.other.asked[1:]}",
        data=dataset(played),
        findings=tuple(findings(played)),
        tables=tuple(tables(played)),
        charts=tuple(charts(played)),
        caveats=(*_few(played), CAUTION),
        provenance=provenance,
    )


def play(
    corridor: Corridor,
    spec: BargainSpec,
    span: tuple[Month, Month],
    left_out: tuple[Sequence[str], Sequence[str]],
    options: RunOptions,
    *,
    each: bool,
) -> Played:
    """Run it; see `answer`."""
    setting, fit, key = corridor.setting, corridor.fit, options.key
    if any(left_out):
        found = otherwise.ask(corridor, spec, span, left_out, draws=options.draws, key=key)
        return Played(found.base, found, None, ())
    bargaining.check(setting, span)
    ready = prepared.prepare(spec, [span[0]], corridor=(setting, fit), draws=options.draws, key=key)
    base = bargaining.run(setting, fit, ready, span, key=key, progress=options.progress)
    raised = bargaining.run(setting, fit, ready, span, key=key, push=PUSH)
    rise = bargaining.frozen_rise(setting, fit, ready, base, key=key, push=PUSH)
    parts = ablation.ablations(setting, fit, ready, base, key=key) if each else ()
    return Played(base, None, bargaining.answered(base, raised, rise), parts)


def dataset(played: Played) -> xr.Dataset:
    """Every month and quarter by world and draw; the history of encounters beside."""
    worlds = {"bargaining": played.base}
    if played.other is not None:
        worlds["otherwise"] = played.other.other
    base, runs = played.base, worlds.values()
    monthly = {"encounters": EVENTS, "deaths": DEATHS, "held": PEOPLE}
    quarterly = {"effort": EFFORT, "asked": "1", "struck": "1", "salience": "1"}
    said = {
        "encounters": "encounters between ports of entry",
        "deaths": "deaths on the way",
        "held": "people on hold",
        "effort": "enforcement in force in the transit country",
        "asked": "1 where the destination asked for more",
        "struck": "1 where a deal was struck",
        "salience": "weight of an arrival in the destination's politics",
    }
    found = {
        name: _variable(
            ("world", "month" if name in monthly else "quarter", "draw"),
            np.stack([getattr(one, name) for one in runs]),
            unit,
            said[name],
        )
        for name, unit in (monthly | quarterly).items()
    }
    packages = np.stack([np.moveaxis(one.packages, 1, -1) for one in runs])
    found["package"] = _variable(("world", "quarter", "issue", "draw"), packages, "unit of issue", "amount in force")
    found["recorded"] = _variable(("month", "draw"), base.history, EVENTS, "encounters as recorded")
    found["declared_effort"] = _variable(("quarter",), base.declared, EFFORT, "enforcement as the record has it")
    if played.answered is not None:
        what = "share of a lasting rise in arrivals that the answer to it takes back"
        found["answered"] = _variable(("draw",), played.answered, "share", what)
    coords: dict[str, object] = {
        "world": list(worlds),
        "month": month_axis(Span(base.months[0], base.months[-1])),
        "quarter": [str(one) for one in base.quarters],
        "issue": list(base.issues),
    }
    if played.parts:
        coords["mechanism"] = [one.mechanism for one in played.parts]
        units = {"arrivals": "log points", "effort": EFFORT, "deals": "deals", "deaths": DEATHS}
        for name, unit in units.items():
            values = np.stack([getattr(one, name) for one in played.parts])
            found[f"{name}_without"] = _variable(
                ("mechanism", "draw"), values, unit, f"change of {name} with the mechanism off"
            )
    return xr.Dataset(found, coords)


def findings(played: Played) -> list[Finding]:
    """What a reader should take away; the answer first, people second."""
    return _alone(played) if played.other is None else _otherwise(played.other, played.span)


def _alone(played: Played) -> list[Finding]:
    base = played.base
    came = _judged(base.encounters.mean(axis=0), EVENTS)
    gap = _judged((base.encounters - base.history).mean(axis=0), EVENTS)
    recorded = float(np.median(base.history.mean(axis=0)))
    text = f"In {played.span} there would have been {sentence.more(gap, 'encounters a month')} than the "
    text += f"{number.whole(recorded)} recorded."
    deaths, held = _judged(base.deaths.mean(axis=0), DEATHS), _judged(base.held[-1], PEOPLE)
    last = number.month_name(str(base.months[-1]))
    people = f"Under it {sentence.amount(deaths, 'people a month')} would have died on the way, and "
    people += f"{sentence.amount(held, 'people')} would have been on hold in {last}."
    asked, struck = (float(share.mean()) for share in (base.asked, base.struck))
    effort = _judged(base.effort.mean(axis=0), EFFORT)
    deals = f"The destination asked for more in {number.percent(asked)} of quarters and a deal was struck in "
    deals += f"{number.percent(struck)}; effort would have been {sentence.amount(effort)} times routine control, where "
    deals += f"the record has {number.number(float(base.declared.mean()))}."
    found = [
        Finding(text, {"change of encounters": gap, "encounters": came}),
        Finding(people, {"deaths": deaths, "on hold": held}),
        Finding(deals, {"effort": effort}),
    ]
    if played.answered is not None:
        back = _judged(100.0 * played.answered, "percent")
        told = "" if back.clear else ", which cannot be told from none"
        text = f"Of a lasting rise in arrivals the governments' answer takes back {sentence.change(back)} %{told}."
        found.append(Finding(text, {"taken back": back}))
    if base.unsettled:
        text = f"{base.unsettled} searches for a deal did not converge; what was in force faded there."
        found.append(Finding(text, basis=Basis.learned))
    return found


def _otherwise(found: Bargained, span: str) -> list[Finding]:
    gap, deaths, held = (_judged(found.change(name), unit) for name, unit in (
        ("encounters", "events"), ("deaths", "deaths"), ("held", PEOPLE)
    ))  # fmt: skip
    level = float(np.median(found.base.encounters.sum(axis=0)))
    effort, deals = _judged(found.effort(), EFFORT), _judged(found.deals().astype(float), "deals")
    return [
        Finding(
            f"In {span} there would have been {sentence.more(gap, 'encounters')} than the {number.number(level)} of "
            "governments that bargain.",
            {"change of encounters": gap},
        ),
        Finding(
            f"For people on the move: {sentence.more(deaths, 'deaths on the way')}; "
            f"{sentence.more(held, 'people on hold on average')}.",
            {"change of deaths": deaths, "change of people on hold": held},
        ),
        Finding(
            f"Effort in the transit country would have changed by {sentence.change(effort)} times routine control, the "
            f"number of deals by {sentence.change(deals)}.",
            {"change of effort": effort, "change of deals": deals},
        ),
    ]


def tables(played: Played) -> list[Table]:
    """Year by year or the change first, then what was in force, then each mechanism."""
    if played.other is not None:
        found = [
            table.of_rows("Governments bargain, and otherwise", _changes(played.other)),
            table.of_rows("Encounters by month", _monthly(played.other)),
        ]
        return found
    found = [
        table.of_rows("Governments bargain, year by year", _years(played.base), note="Means; people per month."),
        table.of_rows("What was in force, mean over quarters", _in_force(played.base)),
    ]
    if played.parts:
        found.append(table.of_rows("One mechanism off at a time", _mechanisms(played.parts)))
    return found


def _years(base: BargainingRun) -> list[dict[str, Cell]]:
    """One row a year: encounters played and recorded, effort, deals, deaths, people on hold."""
    rows: list[dict[str, Cell]] = []
    for year in sorted({month.year for month in base.months}):
        months = np.array([month.year == year for month in base.months])
        quarters = np.array([quarter.year == year for quarter in base.quarters])
        rows.append(
            {
                "year": str(year),
                "encounters": _judged(base.encounters[months].mean(axis=0), EVENTS),
                "recorded": float(np.median(base.history[months].mean(axis=0))),
                "effort": float(np.median(base.effort[quarters].mean(axis=0))),
                "as declared": float(base.declared[quarters].mean()),
                "deals": float(base.struck[quarters].sum(axis=0).mean()),
                "deaths": _judged(base.deaths[months].mean(axis=0), DEATHS),
            }
        )
    return rows


def _in_force(base: BargainingRun) -> list[dict[str, Cell]]:
    return [
        {
            "issue": name.replace("_", " "),
            "mean in force": _judged(base.packages[:, :, k].mean(axis=0), "unit of issue"),
        }
        for k, name in enumerate(base.issues)
    ]


def _mechanisms(parts: Sequence[Ablation]) -> list[dict[str, Cell]]:
    """One row per mechanism left out."""
    return [
        {
            "left out": one.mechanism,
            "what it is": MECHANISMS[one.mechanism],
            "arrivals, log points": _judged(one.arrivals, "log points"),
            "effort": _judged(one.effort, EFFORT),
            "deals": float(one.deals.mean()),
            "silence": None if one.silence is None else _judged(one.silence, "share"),
            "deaths a month": _judged(one.deaths, DEATHS),
        }
        for one in parts
    ]


def _changes(found: Bargained) -> list[dict[str, Cell]]:
    """One row a quantity: its level where governments bargain, and its change."""
    base = found.base
    rows = [
        ("encounters", base.encounters.sum(axis=0), found.change("encounters")),
        ("deaths on the way", base.deaths.sum(axis=0), found.change("deaths")),
        ("people on hold, mean", base.held.mean(axis=0), found.change("held")),
        ("deals struck", base.struck.sum(axis=0).astype(float), found.deals().astype(float)),
    ]
    rows += [
        (f"{issue.replace('_', ' ')}, mean", base.packages[:, :, k].mean(axis=0), found.package(issue))
        for k, issue in enumerate(base.issues)
    ]
    return [
        {"quantity": name, "bargaining": float(f"{np.median(level):.4g}"), "change": _judged(gap, "")}
        for name, level, gap in rows
    ]


def _monthly(found: Bargained) -> list[dict[str, Cell]]:
    return [
        {
            "month": str(month),
            "recorded": float(np.median(found.base.history[t])),
            "bargaining": float(np.median(found.base.encounters[t])),
            "change": _judged(found.other.encounters[t] - found.base.encounters[t], EVENTS),
        }
        for t, month in enumerate(found.base.months)
    ]


def charts(played: Played) -> list[Chart]:
    """Encounters and effort, played and recorded; what was in force otherwise."""
    base = played.base
    months = [str(month) for month in base.months]
    arrivals = [
        chart.line("as recorded", months, np.median(base.history, axis=-1), "figures"),
        chart.band("governments bargain", months, base.encounters, "history"),
    ]
    effort = [
        chart.line("as recorded", months, np.repeat(base.declared, QUARTER), "figures"),
        chart.band("governments bargain", months, np.repeat(base.effort, QUARTER, axis=0), "history"),
    ]
    if played.other is not None:
        other = played.other.other
        arrivals.append(chart.band("otherwise", months, other.encounters, "changed"))
        effort.append(chart.band("otherwise", months, np.repeat(other.effort, QUARTER, axis=0), "changed"))
    found = [
        Chart(
            "bargaining",
            Kind.lines,
            "Encounters and effort if governments had bargained",
            "Both follow from bargaining quarter by quarter, history's surprises kept. Lines are medians, bands hold "
            "90 % of draws.",
            (
                Panel(tuple(arrivals), EVENTS, "Encounters"),
                Panel(tuple(effort), EFFORT, "Effort in the transit country"),
            ),
            chart.source("usbp_by_origin"),
        )
    ]
    if played.other is not None:
        rows = [(issue.replace("_", " "), _judged(played.other.package(issue), "")) for issue in base.issues]
        found.append(
            Chart(
                "in force",
                Kind.dots,
                "What was in force, change",
                "Mean over quarters, otherwise less governments that bargain: dots are medians, bars hold 90 %.",
                (Panel((chart.named("change", rows, "changed"),), "unit of issue", zero=False),),
            )
        )
    return found


def _few(played: Played) -> tuple[str, ...]:
    draws = played.base.encounters.shape[-1]
    return (estimate.FEW.format(draws=draws),) if draws < estimate.FEWEST else ()


def _judged(values: np.ndarray, unit: str) -> Estimate:
    """Draws summarised; all of it rests on payoffs, which are assumed; what a search leaves uncertain is no change."""
    return estimate.of(np.where(np.abs(values) < SMALLEST, 0.0, values), unit, basis=Basis.assumed)


def _variable(dims: tuple[str, ...], values: np.ndarray, unit: str, what: str) -> xr.Variable:
    return xr.Variable(dims, np.asarray(values, dtype=float), {"units": unit, "long_name": what})
