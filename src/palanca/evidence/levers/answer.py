"""What each lever in force did: the answer, in words, numbers, tables and a chart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr

from palanca.core.wording import counted, listed
from palanca.evidence.levers import run
from palanca.evidence.levers.run import KEPT, LeverEffects
from palanca.evidence.levers.scope import LeverScope
from palanca.questions import provenance
from palanca.questions.corridor import Corridor
from palanca.questions.leverage.held import the
from palanca.questions.options import RunOptions
from palanca.questions.sources import cited
from palanca.show import chart, estimate, number, sentence, table
from palanca.show.answer import Answer, Finding
from palanca.show.chart import Chart, Kind, Panel
from palanca.show.estimate import Basis, Estimate, Inputs
from palanca.show.table import Cell, Table
from palanca.spec import tables as tables_of_spec
from palanca.spec.schema import Case

LEVEL = 0.8
DECLARED = "declared"
NAMED = 3  # levers that a sentence names
COLUMNS = {"encounters": "encounters", "stops": "stopped", "held": "waiting", "deaths": "deaths"}
OVERLAP = (
    "Levers overlap: without one, those that stay do part of its work, so effects of single levers do not add up to "
    "that of all together."
)
CAUTION = (
    "This compares worlds that share every surprise of history, governments as recorded; it is not a forecast. The "
    "intervals hold doubt about parameters, not about the equations."
)
RELEASE = "Without a lever on releases, people are let in as practice last stood in the figures, before it was set."


@dataclass(frozen=True, eq=False)
class OneLever:
    """Effects in estimates.

    Args:
        case: The case.
        effects: What was run.
        inputs: Assumed inputs of the same draws.
    """

    case: Case
    effects: LeverEffects
    inputs: Inputs

    def change(self, what: str, outcome: str) -> Estimate:
        """Change of an outcome a month if something is taken away, with its basis.

        Where the record itself was judged, no number is called learned.
        """
        least = Basis.learned if set(self.record(what)) == {DECLARED} else Basis.between
        draws = self.effects.change(what, outcome)
        return estimate.rests(draws, self.inputs, run.unit(outcome), least=least, level=LEVEL)

    def record(self, what: str) -> list[str]:
        """What the record of a lever, or of all of a government's, was taken from in the first month."""
        names = {what} if what in self.case.levers else {*run.together(self.case, self.levers)[what]}
        scope = self.effects.scope
        found = (
            one.basis
            for one in self.case.record
            if one.lever in names
            and one.first.month <= scope.month
            and (one.last is None or one.last.month >= scope.month)
        )
        return list(dict.fromkeys(found))

    @property
    def levers(self) -> list[str]:
        """Levers by how much their removal moves encounters, the largest first."""
        single = [name for name in self.effects.without if name in self.case.levers]
        return sorted(single, key=lambda name: -abs(float(np.median(self.effects.change(name, "encounters")))))

    @property
    def governments(self) -> list[str]:
        """Governments whose levers are taken away together."""
        return [name for name in self.effects.without if name not in self.case.levers]

    @property
    def window(self) -> str:
        """The months, in words."""
        return number.span_name(str(self.effects.scope.month), str(self.effects.scope.last))


def answer(corridor: Corridor, scope: LeverScope, options: RunOptions) -> Answer:
    """Take each lever away in turn, and say what that changes.

    Args:
        corridor: The fitted corridor.
        scope: From `scope.read`.
        options: How to run it.
    """
    effects = run.run(corridor, scope, options)
    held = OneLever(corridor.case, effects, corridor.assumed(options.draws, options.key))
    arguments = {"month": str(scope.month), "months": scope.months}
    return Answer(
        question=f"What did each lever in force in {number.month_name(str(scope.month))} do?",
        data=dataset(held),
        findings=tuple(findings(held)),
        tables=tuple(tables(held)),
        charts=(_chart(held),),
        caveats=tuple(caveats(held)),
        provenance=provenance.of(corridor, "evidence.levers", arguments, draws=options.draws, key=options.key),
    )


def findings(held: OneLever) -> list[Finding]:
    """The largest, then those of whose sign nothing is known, then governments."""
    found = [_largest(held)]
    unclear = [name for name in held.levers if _unclear(held.change(name, "encounters"))]
    if unclear:
        text = f"Of {counted(len(unclear), 'lever')} of {len(held.levers)} the 80{number.NO_BREAK}% interval of "
        text += f"encounters holds zero: {listed([_plain(name) for name in unclear], 8)}."
        found.append(Finding(text, {_plain(name): held.change(name, "encounters") for name in unclear}))
    for holder in held.governments:
        one, deaths = held.change(holder, "encounters"), held.change(holder, "deaths")
        count = len(run.together(held.case, held.levers)[holder])
        text = f"All {count} of {the(held.case.countries[holder].name)} taken away together: "
        text += f"{sentence.more(one, 'encounters a month')}, {sentence.more(deaths, 'deaths on the way a month')}."
        found.append(Finding(text, {"encounters": one, "deaths": deaths}))
    return found


def _largest(held: OneLever) -> Finding:
    then = estimate.of(held.effects.recorded["encounters"], "events / month")
    numbers = {_plain(name): held.change(name, "encounters") for name in held.levers[:NAMED]}
    text = "; ".join(f"{name}, {sentence.more(one, 'encounters a month')}" for name, one in numbers.items())
    months = held.effects.scope.months
    when = f"{months} months" if months > 1 else "a month"
    first = f"Of {number.number(then.estimate)} encounters a month in {held.window}, one lever taken away for {when} "
    return Finding(f"{first}would have changed most by: {text}.", numbers)


def tables(held: OneLever) -> list[Table]:
    """Every lever, then each government's together, then what they are and what could not be told."""
    found = [_levers(held)]
    if held.governments:
        found.append(_governments(held))
    found.append(_what(held))
    if held.effects.scope.silent or held.effects.at_rest:
        found.append(_silent(held))
    return found


def _levers(held: OneLever) -> Table:
    rows = [_row(held, "without", f"{held.case.levers[name].holder}: {_plain(name)}", name) for name in held.levers]
    then = [number.number(float(np.median(held.effects.recorded[name]))) for name in COLUMNS]
    note = f"Change a month, 80 % intervals; waiting is a mean. Recorded: {'; '.join(then)}."
    return table.of_rows(f"one lever taken away, {held.window}", rows, note=note)


def _governments(held: OneLever) -> Table:
    names = held.case.countries
    rows = [_row(held, "without all of", names[holder].name, holder) for holder in held.governments]
    return table.of_rows("all levers of a government taken away", rows, note="Change a month, 80 % intervals.")


def _row(held: OneLever, heading: str, label: str, name: str) -> dict[str, Cell]:
    """Changes if something is taken away, and what that of encounters rests on."""
    row: dict[str, Cell] = {heading: label}
    row |= {column: held.change(name, outcome) for outcome, column in COLUMNS.items()}
    one = held.change(name, "encounters")
    assumed = one.assumed_share or 0.0
    share = f", {number.percent(assumed)}" if assumed >= sentence.LEAST else ""
    return row | {"rests on": f"{one.basis}{share}"}


def _what(held: OneLever) -> Table:
    rows: list[dict[str, Cell]] = [
        {
            "lever": _plain(name),
            "by": held.case.levers[name].holder,
            "record": " ".join(held.record(name)),
            "what it is": held.case.levers[name].what,
            "assumed by": ", ".join(held.change(name, "encounters").assumed_by) or None,
        }
        for name in held.levers
    ]
    note = (
        "Beside what a number rests on stands the share of its interval that assumed inputs make, named here. A lever "
    )
    note += "whose record is inferred or tacit is in between at best: its size was judged."
    return table.of_rows("what the levers are", rows, note=note)


def _silent(held: OneLever) -> Table:
    rows: list[dict[str, Cell]] = [
        {"lever": _plain(name), "by": held.case.levers[name].holder, "why": why}
        for names, why in (
            (held.effects.scope.silent, tables_of_spec.NO_EQUATION),
            (held.effects.at_rest, "set to none"),
        )
        for name in names
    ]
    return table.of_rows("in force and not told", rows)


def _chart(held: OneLever) -> Chart:
    panels = tuple(
        Panel(
            (
                chart.named(
                    "without it", [(_plain(name), held.change(name, outcome)) for name in held.levers], "changed"
                ),
            ),
            run.unit(outcome),
            column.capitalize(),
            zero=False,
        )
        for outcome, column in COLUMNS.items()
    )
    return Chart(
        "levers",
        Kind.dots,
        f"One lever taken away, {held.window}",
        "Change a month from what was recorded: above zero there would have been more. Bars hold 80 % of draws.",
        panels,
        cited(held.case, "encounters", "stops"),
    )


def caveats(held: OneLever) -> list[str]:
    """What the answer cannot tell, the most important first."""
    draws = held.effects.recorded["encounters"].size
    few = [estimate.FEW.format(draws=draws)] if draws < estimate.FEWEST else []
    released = any(held.case.levers[name].mechanism == "release" for name in held.levers)
    return [*few, OVERLAP, CAUTION, *([RELEASE] if released else [])]


def dataset(held: OneLever) -> xr.Dataset:
    """Each outcome as recorded and its change without each lever, by draw."""
    names = [*held.levers, *held.governments]
    variables: dict[str, xr.Variable] = {}
    for outcome in KEPT:
        unit = {"units": run.unit(outcome)}
        what = f"{outcome.replace('_', ' ')}, mean over the months"
        variables[outcome] = xr.Variable(
            "draw", held.effects.recorded[outcome], unit | {"long_name": f"recorded {what}"}
        )
        values = np.stack([held.effects.change(name, outcome) for name in names])
        said = unit | {"long_name": f"change of {what}, without the lever"}
        variables[f"{outcome}_change"] = xr.Variable(("without", "draw"), values, said)
    return xr.Dataset(variables, {"without": names})


def _unclear(given: Estimate) -> bool:
    """Whether an interval leaves the sign open, which none of a lever that moves nobody does."""
    return given.low < 0.0 < given.high


def _plain(name: str) -> str:
    return name.replace("_", " ")
