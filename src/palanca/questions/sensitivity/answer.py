"""What matters for an outcome: the answer, in words, numbers, tables and charts."""

from __future__ import annotations

import numpy as np
import xarray as xr

from palanca.core.wording import counted
from palanca.questions import provenance
from palanca.questions.changes import Changes
from palanca.questions.corridor import Corridor
from palanca.questions.options import RunOptions
from palanca.questions.sensitivity import runs
from palanca.questions.sensitivity.runs import Sensitivity, SensitivityQuestion
from palanca.questions.sensitivity.sampling import check_draws
from palanca.show import chart, estimate, number, sentence, table
from palanca.show.answer import Answer, Finding
from palanca.show.chart import Chart, Kind, Panel
from palanca.show.estimate import Estimate, Inputs
from palanca.show.table import Cell, Table
from palanca.spec.schema import Case
from palanca.spec.tables import parameters

NAMED = 3
LEAST = 0.02  # share below which a parameter is not named
ALIKE = 2.0  # how far the variance of independent variation may be from the posterior's, as a factor
CAUTION = (
    "Effects and shares varied one by one leave out that the figures tie parameters to one another; what the draws "
    "explain keeps these ties, and can credit a parameter with what moves beside it."
)
OUTSIDE = "None of it covers what no parameter stands for, such as a mechanism left out."
HARM = "The outcome counts harm to people: what moves it most is where knowing more matters most for them."


def answer(
    corridor: Corridor, question: SensitivityQuestion, changes: Changes | None = None, options: RunOptions = runs.HERE
) -> Answer:
    """Say which parameters an outcome, or the effect of changes on it, depends on, and what learning one is worth.

    Args:
        corridor: The fitted corridor.
        question: What is asked.
        changes: The changes of the question as they were given, for the record.
        options: Where work is kept and who does it.

    Raises:
        UsageError: No such parameter, or an outcome that is the same in every draw.
    """
    check_draws(question.draws)
    found = runs.matters(corridor, question, options)
    arguments = {
        "outcome": question.outcome.name,
        "changes": list(changes.rows) if changes is not None else None,
        "months": f"{question.first}..{question.last}",
        "price": question.price,
        "sampling": question.sampling.plain(),
    }
    months = number.span_name(str(question.first), str(question.last))
    effect = f"the effect of the change on {_what(found)}" if question.changes else _what(found)
    return Answer(
        question=f"What matters for {effect} in {months}?",
        data=dataset(found),
        findings=tuple(findings(found, corridor.assumed(question.draws, question.key), corridor.case)),
        tables=tuple(tables(found)),
        charts=tuple(charts(found)),
        caveats=tuple(caveats(found)),
        provenance=provenance.of(corridor, "sensitivity", arguments, draws=question.draws, key=question.key),
    )


def dataset(found: Sensitivity) -> xr.Dataset:
    """The outcome by draw; effects and shares by parameter, with the ends of their 90 % intervals."""
    unit, names = found.question.outcome.outcome.unit, list(found.morris.names)
    rows = {
        name: [_explained(found, name), *(_sobol(found, name, total=total) for total in (False, True))]
        for name in names
    }
    variables = {
        "outcome": xr.Variable("draw", found.outcome, {"units": unit, "long_name": f"mean of {_what(found)}"}),
        "effect": xr.Variable("parameter", found.morris.size, {"units": unit, "long_name": "mean size of its effects"}),
        "effect_half": xr.Variable(
            "parameter", found.morris.size_half, {"units": unit, "long_name": "half its interval"}
        ),
        "effect_sd": xr.Variable(
            "parameter", found.morris.spread, {"units": unit, "long_name": "spread of its effects"}
        ),
    }
    labels = ("explained by the draws", "alone, varied one by one", "in all, varied one by one")
    for place, (name, label) in enumerate(zip(("explained", "alone", "in_all"), labels, strict=True)):
        for side, suffix in (("estimate", ""), ("low", "_low"), ("high", "_high")):
            values = np.array([getattr(rows[one][place], side) for one in names])
            attrs = {"units": "share", "long_name": f"share of variance {label}{suffix.replace('_', ', ')}"}
            variables[name + suffix] = xr.Variable("parameter", values, attrs)
    known = {
        "spread_left": ([left(found, one) for one in names], "standard deviation once the parameter is known"),
        "worth": ([found.worth.get(one, np.nan) for one in names], "worth of learning it before choosing"),
    }
    for name, (numbers, label) in known.items():
        variables[name] = xr.Variable("parameter", np.array(numbers), {"units": unit, "long_name": label})
    return xr.Dataset(variables, {"parameter": names})


def order(found: Sensitivity) -> list[str]:
    """Parameters by what they move, most first."""
    size = dict(zip(found.morris.names, found.morris.size, strict=True))
    total = {} if found.sobol is None else dict(zip(found.sobol.names, found.sobol.total, strict=True))
    return sorted(found.names, key=lambda name: (-total.get(name, 0.0), -size[name]))


def left(found: Sensitivity, name: str) -> float:
    """Standard deviation of the outcome that is expected to be left once a parameter is known."""
    if name not in found.explained:
        return float("nan")
    return float(found.outcome.std() * np.sqrt(max(1.0 - found.explained[name].share, 0.0)))


def findings(found: Sensitivity, inputs: Inputs, case: Case) -> list[Finding]:
    """How wide the outcome is, what moves it, and what learning is worth."""
    question = found.question
    unit = question.outcome.outcome.unit
    months = number.span_name(str(question.first), str(question.last))
    whole = estimate.rests(found.outcome, inputs, unit, least=question.outcome.outcome.least(case))
    what = f"The effect of the change on {_what(found)}" if question.changes else _what(found).capitalize()
    size = sentence.change(whole) if question.changes else sentence.amount(whole)
    first = Finding(f"{what}, mean of {months}: {size} {unit}.", {"outcome": whole})
    harm = [Finding(HARM)] if question.outcome.outcome.harm else []
    return [first, _draws(found), _varied(found), *_worth(found), *harm]


def _draws(found: Sensitivity) -> Finding:
    """What the posterior's own draws explain, and so what learning would bring."""
    best = sorted(found.names, key=lambda name: -found.explained[name].share)[:NAMED]
    named = {name: _explained(found, name) for name in best if found.explained[name].share >= LEAST}
    if not named:
        return Finding("In the model's draws no single parameter explains a part that can be told from none.")
    top = next(iter(named))
    parts = "; ".join(f"{_named(name)} {_percent(one)}" for name, one in named.items())
    before, after = number.together([float(found.outcome.std()), left(found, top)])
    text = (
        f"Of its variance the draws explain by {parts}. Learning {top} for certain would take its standard deviation "
    )
    return Finding(f"{text}from {before} to {after}.", named)


def _varied(found: Sensitivity) -> Finding:
    """The parameters that move it most when varied one by one."""
    top = order(found)[:NAMED]
    if found.sobol is None:
        effects = {name: _effect(found, name) for name in top}
        parts = "; ".join(f"{_named(name)} {sentence.amount(one)}" for name, one in effects.items())
        return Finding(f"The largest effects, each parameter moved by itself: {parts}.", effects)
    shares = {name: _sobol(found, name) for name in top if _sobol(found, name, total=True).estimate >= LEAST}
    parts = "; ".join(f"{_named(name)} {_percent(one)}" for name, one in shares.items())
    text = (
        f"Varied one by one, most of the variance comes from {parts or 'no single parameter'} "
        f"({found.sobol.runs:,} histories of the {counted(len(found.sobol.names), 'parameter')} with the largest "
        f"effects among {len(found.morris.names):,}; {found.morris.runs:,} to find these)."
    )
    return Finding(text, shares)


def _worth(found: Sensitivity) -> list[Finding]:
    """What learning is worth before choosing whether to change or leave be."""
    if not found.worth:
        return []
    unit = found.question.outcome.outcome.unit
    best = max(found.worth, key=lambda name: found.worth[name])
    if found.everything <= 0.0:
        return [
            Finding("Between changing and leaving be no draw turns the choice: learning more is worth nothing to it.")
        ]
    every, one = (number.number(value) for value in (found.everything, found.worth[best]))
    text = f"Between changing and leaving be, knowing everything would be worth {every} {unit}; of single parameters "
    return [Finding(f"{text}{_named(best)} is worth most, {one}.")]


def tables(found: Sensitivity) -> list[Table]:
    """Parameters by what they move first; then shares varied one by one, and every effect."""
    unit = found.question.outcome.outcome.unit
    rows: list[dict[str, Cell]] = []
    for name in order(found):
        row: dict[str, Cell] = {"parameter": name, "explained": _hundredths(_explained(found, name))}
        row |= {"effect": _effect(found, name), "spread left": float(f"{left(found, name):.3g}")}
        rows.append(row | ({"worth": float(f"{found.worth[name]:.3g}")} if found.worth else {}))
    note = f"Effect, spread left once learned and worth in {unit}."
    told = [table.of_rows("What moves the outcome", rows, units={"explained": "%"}, note=note)]
    if found.sobol is not None:
        ways = {"alone": False, "in all": True}
        shares: list[dict[str, Cell]] = [
            {"parameter": name} | {way: _hundredths(_sobol(found, name, total=total)) for way, total in ways.items()}
            for name in order(found)
        ]
        told.append(
            table.of_rows("varied one by one", shares, units={"alone": "% of variance", "in all": "% of variance"})
        )
    what = {row.name: row.what for row in parameters().values()}
    every: list[dict[str, Cell]] = [
        {"parameter": name, "effect": _effect(found, name), "what it is": what.get(name.partition("[")[0], "")}
        for name in sorted(found.morris.names, key=lambda name: -_effect(found, name).estimate)
    ]
    return [*told, table.of_rows("every effect", every, units={"effect": unit})]


def charts(found: Sensitivity) -> list[Chart]:
    """Shares of variance, and effects."""
    names = order(found)
    drawn = [chart.named("explained by the draws", [(name, _explained(found, name)) for name in names], "kind_3")]
    if found.sobol is not None:
        drawn += [
            chart.named(label, [(name, _sobol(found, name, total=total)) for name in names], role)
            for label, total, role in (("alone", False, "history"), ("in all", True, "changed"))
        ]
    top = sorted(found.morris.names, key=lambda name: -_effect(found, name).estimate)[: 2 * len(found.names)]
    effects = chart.named("effect", [(name, _effect(found, name)) for name in top])
    return [
        Chart(
            "shares",
            Kind.dots,
            "Which parameters the outcome depends on",
            "Share of the outcome's variance: explained by the model's own draws, ties between parameters kept; alone "
            "and in all, varied one by one. Bars are 90 % intervals.",
            (Panel(tuple(drawn), "share of variance"),),
        ),
        Chart(
            "effects",
            Kind.dots,
            "How far each parameter moves it",
            "Mean size of the change when a parameter, or all numbers of one, moves across two thirds of its range "
            "(Morris). Bars are 90 % intervals.",
            (Panel((effects,), found.question.outcome.outcome.unit),),
        ),
    ]


def caveats(found: Sensitivity) -> list[str]:
    """What the shares cannot tell, the most important first."""
    ratio = 1.0 if found.sobol is None else found.sobol.variance / float(found.outcome.var())
    apart = (
        f"Varied one by one the variance is {number.number(ratio)} times that of the draws: ties between parameters "
        "matter here; read what the draws explain."
    )
    return [*([] if 1.0 / ALIKE < ratio < ALIKE else [apart]), CAUTION, OUTSIDE]


def _what(found: Sensitivity) -> str:
    part = found.question.outcome.part
    return found.question.outcome.outcome.what + (f" ({part})" if part else "")


def _explained(found: Sensitivity, name: str) -> Estimate:
    """Share of the posterior's own variance that a parameter explains."""
    one = found.explained.get(name)
    return Estimate(one.share, one.low, one.high, "share") if one is not None else estimate.of([], "share")


def _sobol(found: Sensitivity, name: str, *, total: bool = False) -> Estimate:
    """Share of variance that a parameter explains alone, or in all, varied by itself."""
    if found.sobol is None or name not in found.sobol.names:
        return estimate.of([], "share")
    at, shares = found.sobol.names.index(name), found.sobol
    middle, half = (shares.total, shares.total_half) if total else (shares.first, shares.first_half)
    return Estimate(float(middle[at]), float(middle[at] - half[at]), float(middle[at] + half[at]), "share")


def _effect(found: Sensitivity, name: str) -> Estimate:
    at, unit = found.morris.names.index(name), found.question.outcome.outcome.unit
    size, half = float(found.morris.size[at]), float(found.morris.size_half[at])
    return Estimate(size, max(size - half, 0.0), size + half, unit)


def _hundredths(share: Estimate) -> Estimate:
    """A share in percent; estimates below none are none."""
    middle, low, high = (100.0 * max(value, 0.0) for value in (share.estimate, share.low, share.high))
    return Estimate(middle, low, high, "percent")


def _percent(share: Estimate) -> str:
    low, high = (
        number.percent(max(value, 0.0)).removesuffix(f"{number.NO_BREAK}%") for value in (share.low, share.high)
    )
    return f"{number.percent(max(share.estimate, 0.0))} [{low}, {high}]"


def _named(name: str) -> str:
    row = parameters().get(name.partition("[")[0])
    return f"{name} ({row.what.partition(';')[0].rstrip('.')})" if row is not None else f"equation {name}"
