"""How much leverage did a government hold: the answer, in words, numbers, tables and charts."""

from __future__ import annotations

import numpy as np
import xarray as xr

from palanca.core.clock import Span
from palanca.data.align import months as month_axis
from palanca.questions import outcomes, plausible, provenance
from palanca.questions.bargaining import prepared
from palanca.questions.bargaining.months import HORIZON
from palanca.questions.bargaining.prepared import PreparedBargain
from palanca.questions.corridor import Corridor
from palanca.questions.leverage import charts, findings, month, run, tables
from palanca.questions.leverage.held import EVENTS, LeverageResults, Worth
from palanca.questions.leverage.run import STOPPED
from palanca.questions.leverage.scope import Scope, acts
from palanca.questions.options import RunOptions
from palanca.questions.sources import cited
from palanca.show import estimate, number
from palanca.show.answer import Answer
from palanca.show.estimate import Inputs
from palanca.spec.bargain_spec import BargainSpec
from palanca.spec.schema import Case

CAUTION = (
    "This compares two worlds that share every surprise of history: it says what the government could have let "
    "through, not that it would have. The intervals hold doubt about parameters, not about the equations."
)
PAYOFFS = (
    "Payoffs rest on beliefs declared for the bargaining table, most of them assumed: trust their order before their "
    "size. They do not count deaths or people on hold."
)


def answer(
    corridor: Corridor,
    scope: Scope,
    options: RunOptions,
    *,
    table: BargainSpec | None = None,
    shares: bool = False,
    given: str | None = None,
) -> Answer:
    """Withdraw one government's cooperation from each month on, and say who would have come and what it is worth.

    Args:
        corridor: The fitted corridor.
        scope: Whose leverage, from which months, for how long.
        options: How to run it.
        table: The bargaining table that prices it; nothing for people alone.
        shares: Whether to share gains out among issues, over every subset of them; of one month only.
        given: Content or name of the table that a user handed over, for the manifest.
    """
    found = run.withdraw(corridor, scope.country, scope.months, options, lengths=scope.lengths, table=table)
    case = corridor.case
    inputs = corridor.assumed(options.draws, options.key)
    held = LeverageResults(
        scope=scope,
        found=found,
        country=case.countries[scope.country].name,
        names=outcomes.names(case),
        levers=_levers(case, scope.country),
        inputs=inputs,
        worth=_worth(corridor, scope, options, table, shares=shares),
        source=cited(case, "encounters", "stops"),
        least={name: outcomes.OUTCOMES[name].least(case) for name in run.KEPT},
    )
    arguments = {
        "government": scope.country,
        "month": str(scope.months[0]) if len(scope.months) == 1 else f"{scope.months[0]}..{scope.months[-1]}",
        "lengths": list(scope.lengths),
        "shares": shares,
        "table": given,
    }
    return Answer(
        question=question(held),
        data=dataset(held, case),
        findings=tuple(findings.of(held)),
        tables=tuple(tables.of(held)),
        charts=tuple(charts.of(held)),
        caveats=tuple(caveats(held, corridor)),
        provenance=provenance.of(corridor, "leverage", arguments, draws=options.draws, key=options.key),
    )


def question(held: LeverageResults) -> str:
    """The question in words, with what made it."""
    when = held.scope.months
    lengths = [str(length) for length in held.scope.lengths]
    text = f"{', '.join(lengths[:-1])} and {lengths[-1]}" if len(lengths) > 1 else lengths[0]
    begin = number.month_name(str(when[0]))
    if len(when) > 1:
        begin = f"each month from {begin} to {number.month_name(str(when[-1]))}"
    noun = "month" if lengths == ["1"] else "months"
    return (
        f"How much leverage did {held.country} hold: who would have come had it stopped for {text} {noun} from {begin}?"
    )


def dataset(held: LeverageResults, case: Case) -> xr.Dataset:
    """Every number by world, month, length and draw; payoffs by month and draw."""
    found, worth = held.found, held.worth
    axes = ("month", "world", "length")
    variables = {
        "encounters": _variable(
            (*axes, "origin", "draw"), found.encounters, EVENTS, "encounters, mean of the months out"
        ),
        "deaths": _variable(
            (*axes, "draw"), found.deaths, "deaths / month", "deaths on the way, mean of the months out"
        ),
        "held": _variable((*axes, "draw"), found.held, "people", "people on hold at the end of the months out"),
    }
    coords = {
        "month": month_axis(Span(found.months[0], found.months[-1])),
        "world": list(found.worlds),
        "length": list(found.lengths),
        "origin": list(case.origins),
    }
    if worth is not None:
        whats = {"sensitivity": "loss at once", "vulnerability": "loss after own means"}
        for name, what in whats.items():
            variables[name] = _variable(("month", "draw"), getattr(worth, name), worth.unit, what)
        variables["salience"] = _variable(
            ("month", "draw"), worth.salience, "index", "weight of an arrival, 1 at the usual"
        )
        variables["effort"] = _variable(
            ("month",), worth.effort, "multiples of routine control", "declared enforcement"
        )
    if worth is not None and worth.payoffs is not None:
        whole = worth.payoffs
        for name, (label, meaning) in tables.MEANINGS.items():
            if name not in variables:
                unit = "share" if name == "usable_share" else worth.unit
                said = meaning.format(h=held.country, d=worth.parties[worth.depends])
                variables[name] = _variable(("draw",), getattr(whole, name), unit, f"{label}: {said}")
        coords["country"] = list(worth.parties)
        what = "gain by political issues on the table"
        variables["political_gain"] = _variable(("country", "draw"), whole.conversion.T, worth.unit, what)
    if worth is not None and worth.sharing is not None:
        shared = worth.sharing
        coords["issue"] = list(shared.issues)
        values = shared.shares.transpose(1, 2, 0)
        variables["shares"] = _variable(("issue", "country", "draw"), values, worth.unit, "Shapley share of a gain")
        what = "subsets of issues without a deal"
        variables["no_deals"] = _variable(("draw",), shared.no_deals, "subsets", what)
        what = "largest change of a share when two neighbouring issues are merged"
        variables["moved"] = _variable(("draw",), shared.moved, "share", what)
    return xr.Dataset(variables, coords)


def caveats(held: LeverageResults, corridor: Corridor) -> list[str]:
    """What the answer cannot tell, the most important first."""
    found: list[str] = []
    if held.draws < estimate.FEWEST:
        found.append(estimate.FEW.format(draws=held.draws))
    if not held.moves:
        return [*found, CAUTION]
    encounters = held.found.encounters.sum(axis=3)
    found += plausible.caveats(corridor.inputs.figures, {"encounters": encounters})
    if not held.more("encounters", STOPPED, held.scope.lead).clear and held.draws >= estimate.FEWEST:
        found.append("The interval of what would have come holds zero: the model cannot tell more from fewer.")
    found.append(CAUTION)
    worth = held.worth
    if worth is None:
        return found
    found.append(PAYOFFS)
    if worth.payoffs is not None:
        lost = int(
            (~np.isfinite(np.column_stack([worth.payoffs.realised, worth.payoffs.conversion]))).any(axis=1).sum()
        )
        if lost:
            found.append(f"In {lost} of {held.draws} draws no deal was found by the search; they are left out of it.")
    if worth.sharing is not None and worth.sharing.left_out:
        found.append(f"{worth.sharing.left_out} draws without a result for some subset are left out of the shares.")
    return found


def _worth(
    corridor: Corridor, scope: Scope, options: RunOptions, table: BargainSpec | None, *, shares: bool
) -> Worth | None:
    """Leverage in payoffs; nothing where the table does not price this government's cooperation in these months."""
    if table is None or scope.months[-1] + (HORIZON - 1) not in corridor.case.span.span:
        return None
    if scope.country not in table.parties:
        return None
    pair = (corridor.setting, corridor.fit)
    ready = prepared.prepare(table, scope.months, corridor=pair, draws=options.draws, key=options.key)
    holder, depends = month.parties(ready)
    if holder != scope.country:
        return None
    at_once, after = month.losses(ready)
    only = scope.months[0] if len(scope.months) == 1 else None
    return Worth(
        unit=table.file.unit,
        title=table.file.title,
        parties=tuple(table.parties[code].name for code in ready.base.parties),
        holder=ready.base.parties.index(holder),
        depends=ready.base.parties.index(depends),
        sensitivity=at_once,
        vulnerability=after,
        salience=np.stack([context.salience for context in ready.contexts]),
        effort=month.enforcement(ready),
        payoffs=None if only is None else month.payoffs(ready, only),
        sharing=month.sharing(ready, only) if shares and only is not None else None,
        inputs=_beliefs(ready, corridor.assumed(options.draws, options.key)),
    )


def _beliefs(ready: PreparedBargain, learned: Inputs) -> Inputs:
    """Assumed inputs of the corridor, and what is believed of the table."""
    names = tuple(ready.values)
    values = np.stack([ready.values[name] for name in names]) if names else np.empty((0, ready.draws))
    return Inputs((*learned.names, *names), np.concatenate([learned.values, values]))


def _levers(case: Case, country: str) -> tuple[tuple[str, str], ...]:
    """What each lever of a government is, and the months of the case in which the record sets it."""
    found: dict[str, list[str]] = {}
    for entry in case.record:
        lever = case.levers[entry.lever]
        if lever.holder == country and acts(case, entry.lever) and entry.first.month <= case.span.last:
            last = entry.last.month if entry.last is not None else None
            told = (
                number.span_name(str(entry.first.month), str(last))
                if last is not None and last <= case.span.last
                else f"{number.month_name(str(entry.first.month))} on"
            )
            found.setdefault(lever.what, []).append(told)
    return tuple((what, "; ".join(spans)) for what, spans in found.items())


def _variable(dims: tuple[str, ...], values: np.ndarray, unit: str, what: str) -> xr.Variable:
    return xr.Variable(dims, values, {"units": unit, "long_name": what})
