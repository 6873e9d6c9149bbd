"""What if something had been otherwise: the answer, in words, numbers, tables and charts."""

from __future__ import annotations

import numpy as np
import xarray as xr

from palanca.core.clock import Month, Span
from palanca.core.errors import UsageError
from palanca.data.align import months as month_axis
from palanca.model.outcomes import PLACES
from palanca.questions import outcomes, plausible, provenance
from palanca.questions.changes import Changes
from palanca.questions.corridor import Corridor
from palanca.questions.options import RunOptions
from palanca.questions.sources import cited
from palanca.questions.whatif import public, run
from palanca.questions.whatif.elections import moved
from palanca.questions.whatif.run import ANSWERING, FROZEN, HISTORY, PROBED, Answered
from palanca.questions.whatif.told import WhatIf
from palanca.questions.whatif.worlds import DEALS
from palanca.show import chart, estimate, number, sentence, table
from palanca.show.answer import Answer, Finding
from palanca.show.chart import Chart, Kind, Panel
from palanca.show.estimate import Basis, Estimate
from palanca.show.table import Table

WORLDS = {HISTORY: "history", FROZEN: "changed", ANSWERING: "answered"}
IN_WORDS = {"history": "history", "changed": "changed", "answered": "governments answer"}
SHOWN = 6  # months told after the change that begins last, unless others are asked for
LEADING = 3  # origins named in a sentence
PARTED = ("encounters by origin", "encounters by group", "encounters by sector", "held by origin", "deaths by place")
PEOPLE = ("held", "deaths", "stops", "let_in")
CAUTION = (
    "This compares two worlds that share every surprise of history; it is not a forecast. The intervals hold doubt "
    "about parameters, not about the equations."
)
NOBODY = "By itself this moves no arrivals: it acts through politics, and through how governments answer."
RECORDED = (
    "Deaths are as recorded, which is a lower bound: they hardly rose with crossings, and whether fewer die in a crowd "
    "or fewer of the dead are recorded then, no figure tells. Every world here keeps the crowd of history, as if it "
    "were the record; if fewer do die, more crossings mean fewer deaths than are told here, or fewer than in history."
)
REACTION = (
    "In the world 'answered', governments respond to arrivals as their practice did before, which figures show only "
    "roughly; in 'changed' they do what they did in history."
)


def answer(
    corridor: Corridor, changes: Changes, options: RunOptions, months: tuple[Month, Month] | None = None
) -> Answer:
    """Run history and its twins, and say what differs, for whom, and how sure that is.

    Args:
        corridor: The fitted corridor.
        changes: What is otherwise, from `changes.gather`.
        options: How to run it.
        months: First and last month told; by default from the first that differs to half a year after the start of
            the change that begins last.

    Raises:
        ChangeError: The changes alter nothing that moves people.
        UsageError: Nothing differs yet in the months asked for, or the case does not hold them.
    """
    found = run.run(corridor, changes.parsed, options)
    window = _window(found, changes, months)
    assumed = corridor.assumed(options.draws, options.key)
    whatif = WhatIf(found, window, public.of_worlds(found, options.key), outcomes.names(corridor.case), assumed)
    levels = {
        name: np.stack([found.of(world, name)[whatif.rows] for world in (FROZEN, ANSWERING)])
        for name in plausible.IN_WORDS
    }
    arguments = {
        "changes": list(changes.rows),
        "question": changes.question,
        "months": f"{window.first}..{window.last}" if months else None,
    }
    return Answer(
        question=changes.question,
        data=dataset(whatif),
        findings=tuple(findings(whatif)),
        tables=tuple(tables(whatif)),
        charts=tuple(charts(whatif)),
        caveats=(*plausible.caveats(corridor.inputs.figures, levels), *caveats(whatif, changes)),
        provenance=provenance.of(corridor, "whatif", arguments, draws=options.draws, key=options.key),
    )


def _window(found: Answered, changes: Changes, months: tuple[Month, Month] | None) -> Span:
    """The months told; every change is in them unless others are asked for."""
    if months is None:
        start, last = found.begins, changes.last_start or found.begins
        if moved(found.case, changes.parsed):  # the clock of politics differs up to the later of both dates
            return Span(start, max(found.last, min(last + (SHOWN - 1), found.months[-1])))
        return Span(start, min(max(start, last) + (SHOWN - 1), found.months[-1]))
    first, last = months
    if first < found.months[0]:
        raise UsageError(
            "nothing differs yet in these months",
            where="--months",
            found=f"{first} to {last}",
            expected=f"months from {found.months[0]} on, the one before anything differs",
        )
    return Span(first, last)


def dataset(whatif: WhatIf) -> xr.Dataset:
    """Every number of every month kept, by world and draw; leverage of the partner; assumed inputs by draw."""
    found, case = whatif.found, whatif.found.case
    labels = {
        "origin": list(case.origins), "group": list(case.groups), "sector": list(case.sectors), "place": list(PLACES)
    }  # fmt: skip
    variables: dict[str, xr.Variable] = {}
    for name in sorted(found.outcomes):
        outcome, _, axis = name.partition(" by ")
        if outcome not in outcomes.OUTCOMES or (not axis and f"{outcome} by {_main(outcome)}" in found.outcomes):
            continue
        one = outcomes.OUTCOMES[outcome]
        named = outcome if axis in ("", _main(outcome)) else f"{outcome}_by_{axis}"
        dims = ("world", "month", *([axis] if axis else []), "draw")
        values = np.stack([found.of(world, name) for world in WORLDS])
        variables[named] = xr.Variable(dims, values, {"units": one.unit, "long_name": one.what})
    for field, what in (("attention", "attention of the public, 1 at the usual"), ("salience", "weight of an arrival")):
        if whatif.public:
            values = np.stack([getattr(whatif.public[world], field) for world in WORLDS])
            variables[field] = xr.Variable(("world", "month", "draw"), values, {"units": "index", "long_name": what})
    if DEALS in found.outcomes:
        values = np.stack([found.of(world, DEALS) for world in WORLDS])
        attrs = {"units": "chance", "long_name": "chance of a deal in the month"}
        variables["deal_chance"] = xr.Variable(("world", "month", "draw"), values, attrs)
    if found.probed is not None:
        missing = np.full_like(found.leverage(HISTORY), np.nan)
        values = np.stack([found.leverage(HISTORY), found.leverage(FROZEN), missing])
        what = f"more encounters a month had the partner stopped for {PROBED} months from {found.probed}"
        variables["leverage"] = xr.Variable(("world", "draw"), values, {"units": "events / month", "long_name": what})
    if whatif.inputs.names:  # so that whatever is made of the draws can say how much of it is assumed
        attrs = {"units": "", "long_name": "inputs that no figure narrowed, each in its own unit"}
        variables["assumed"] = xr.Variable(("input", "draw"), whatif.inputs.values, attrs)
        labels["input"] = list(whatif.inputs.names)
    coords = {"world": list(WORLDS.values()), "month": month_axis(Span(found.months[0], found.months[-1])), **labels}
    used = {dim for one in variables.values() for dim in one.dims}
    return xr.Dataset(variables, {name: values for name, values in coords.items() if name in used})


def _main(outcome: str) -> str:
    """The axis that an outcome is kept by in the data."""
    return outcomes.OUTCOMES[outcome].split[0] if outcomes.OUTCOMES[outcome].split else ""


def findings(whatif: WhatIf) -> list[Finding]:
    """What a reader should take away, in order of importance; what it does to people comes second."""
    first, *others = _arrivals(whatif)
    if not np.any(whatif.change(FROZEN, "encounters")):
        found = [Finding(NOBODY, basis=Basis.published), *_politics(whatif), *others, _people(whatif)]
    else:
        found = [first, _people(whatif), *others, *_politics(whatif)]
    return [*found, _suffered(whatif)]


def _arrivals(whatif: WhatIf) -> list[Finding]:
    frozen, answered = (whatif.estimate(world, "encounters") for world in (FROZEN, ANSWERING))
    then, now = (estimate.of(whatif.level(world, "encounters"), "events") for world in (HISTORY, FROZEN))
    share = np.median(whatif.change(FROZEN, "encounters") / whatif.level(HISTORY, "encounters"))
    first = f"In {whatif.span} there would have been {sentence.more(frozen, 'encounters')}"
    if frozen.clear:
        before, after = number.together([then.estimate, now.estimate])
        first += f": {after} rather than {before} ({number.percent(abs(share))} {'more' if share > 0 else 'fewer'})"
    numbers = {"encounters": frozen, "encounters in history": then, "encounters in the changed world": now}
    kept = answered.estimate / frozen.estimate if frozen.estimate else 1.0
    second = f"With governments answering as they did before: {sentence.more(answered, 'encounters')}"
    if frozen.clear and answered.clear and 0.0 < kept < 10.0:
        second += f", {number.percent(kept)} of it"
    found = [Finding(f"{first}.", numbers), Finding(f"{second}.", {"encounters, governments answer": answered})]
    parts = [row for row in _by_part(whatif, "encounters by origin") if row[1].clear][:LEADING]
    if parts:
        text = ", ".join(f"{name} {sentence.change(one)}" for name, one, _ in parts)
        found.append(Finding(f"Most of it: {text}.", {name: one for name, one, _ in parts}, frozen.basis))
    return found


def _people(whatif: WhatIf) -> Finding:
    names = {"deaths": "deaths on the way", "held": "people on hold on average", "let_in": "people let in"}
    numbers = {name: whatif.estimate(FROZEN, name) for name in (*names, "stops")}
    text = "; ".join(sentence.more(numbers[name], what) for name, what in names.items())
    stops = sentence.more(numbers["stops"], "times that people are stopped in transit")
    return Finding(f"For people on the move: {text}; {stops}.", numbers)


def _suffered(whatif: WhatIf) -> Finding:
    """Kidnapping, extortion and fees, at chances and prices that no figure of the fit bears on."""
    suffered = {"kidnapped": "people kidnapped", "extorted": "people extorted", "fees": "dollars paid for the way"}
    assumed = {name: whatif.estimate(FROZEN, name) for name in suffered}
    beside = "; ".join(sentence.more(assumed[name], what) for name, what in suffered.items())
    return Finding(f"At assumed chances and prices, not fitted: {beside}.", assumed, Basis.assumed)


def _politics(whatif: WhatIf) -> list[Finding]:
    found = []
    inputs, rows = whatif.inputs, whatif.rows
    if whatif.public:
        then, now = (whatif.public[world].salience[rows].mean(axis=0) for world in (HISTORY, FROZEN))
        gap = estimate.rests(100.0 * (now / then - 1.0), inputs, "percent")
        text = f"The weight of an arrival in the destination's politics changes by {sentence.change(gap)} %."
        found.append(Finding(text, {"weight of an arrival": gap}))
    if DEALS in whatif.found.outcomes:
        then, now = (100.0 * chance_of_deal(whatif, world) for world in (HISTORY, FROZEN))
        gap, base = estimate.rests(now - then, inputs, "points"), estimate.of(then, "percent")
        text = f"The chance of a deal in these months, as the ledger has it, is {number.number(base.estimate)} % in "
        found.append(
            Finding(f"{text}history and {sentence.change(gap)} percentage points in the changed world.", {"deal": gap})
        )
    if whatif.found.probed is not None:
        kept = estimate.rests(whatif.found.leverage(HISTORY), inputs, "events / month")
        gap = estimate.rests(whatif.found.leverage(FROZEN) - whatif.found.leverage(HISTORY), inputs, "events / month")
        month = number.month_name(str(whatif.found.probed))
        text = f"Had the transit country stopped for {PROBED} months from {month}, history would have seen "
        text += (
            f"{sentence.more(kept, 'encounters a month')}; the change moves that leverage by {sentence.change(gap)}."
        )
        found.append(Finding(text, {"leverage": kept, "change of leverage": gap}))
    return found


def chance_of_deal(whatif: WhatIf, world: str) -> np.ndarray:
    """Chance of at least one deal in the months told, (draw) [chance]."""
    return np.asarray(1.0 - np.prod(1.0 - whatif.found.of(world, DEALS)[whatif.rows], axis=0))


def tables(whatif: WhatIf) -> list[Table]:
    """The change of every outcome first; then by part, by month, and what politics makes of it."""
    return [
        _summary(whatif),
        *(_parted(whatif, name) for name in PARTED),
        _monthly(whatif),
        *([_public(whatif)] if whatif.public else []),
    ]


def _summary(whatif: WhatIf) -> Table:
    first = (
        "encounters",
        "deaths",
        "kidnapped",
        "extorted",
        "held",
        "let_in",
        "stops",
        "expelled",
        "removed",
        "darien",
    )
    rows: list[dict[str, table.Cell]] = [
        {
            "outcome": outcomes.SHORT[name],
            "history": float(f"{np.median(whatif.level(HISTORY, name)):.3g}"),
            "change": estimate.of(whatif.change(FROZEN, name)),
            "governments answer": estimate.of(whatif.change(ANSWERING, name)),
        }
        for name in (*first, *(one for one in outcomes.OUTCOMES if one not in first))
    ]
    return table.of_rows(f"Change from history, {whatif.span}", rows)


def _by_part(whatif: WhatIf, parted: str) -> list[tuple[str, Estimate, Estimate]]:
    """Name, change with governments as recorded, change with governments answering; the largest first."""
    _, _, axis = parted.partition(" by ")
    case = whatif.found.case
    labels = {
        "origin": [*case.origins], "group": [*case.groups], "sector": [*case.sectors], "place": [*PLACES]
    }[axis]  # fmt: skip
    worlds = [whatif.change(world, parted) for world in (FROZEN, ANSWERING)]
    unit = whatif.unit(parted)
    frozen, answered = ([estimate.of(part, unit) for part in world] for world in worlds)
    rows = zip([whatif.names.get(label, label.replace("_", " ")) for label in labels], frozen, answered, strict=True)
    return sorted(rows, key=lambda row: -abs(row[1].estimate))


def _parted(whatif: WhatIf, parted: str) -> Table:
    _, _, axis = parted.partition(" by ")
    rows: list[dict[str, table.Cell]] = [
        {axis: name, "change": frozen, "governments answer": answered}
        for name, frozen, answered in _by_part(whatif, parted)
    ]
    return table.of_rows(parted, rows, note=f"Change over {whatif.span}.")


def _monthly(whatif: WhatIf) -> Table:
    rows: list[dict[str, table.Cell]] = []
    for place, month in enumerate(whatif.found.months):
        row: dict[str, table.Cell] = {"month": str(month)}
        for name, what in (("encounters", "encounters"), ("held", "on hold"), ("deaths", "deaths")):
            row[what] = float(f"{np.median(whatif.found.of(HISTORY, name)[place]):.4g}")
            row[f"{what}, change"] = estimate.of(whatif.found.effect(FROZEN, name)[place])
        rows.append(row)
    return table.of_rows("by month", rows)


def _public(whatif: WhatIf) -> Table:
    rows: list[dict[str, table.Cell]] = []
    for label, field in (("attention [% of the usual]", "attention"), ("weight of an arrival [%]", "salience")):
        worlds = [100.0 * getattr(whatif.public[world], field)[whatif.rows].mean(axis=0) for world in WORLDS]
        base = worlds[0]
        row: dict[str, table.Cell] = {"quantity": label, "history": float(f"{np.median(base):.3g}")}
        row |= {"change": estimate.of(worlds[1] - base), "governments answer": estimate.of(worlds[2] - base)}
        rows.append(row)
    return table.of_rows("politics", rows, note="Means over the months told.")


def charts(whatif: WhatIf) -> list[Chart]:
    """Arrivals in every world, what the change does to people, and whose encounters differ."""
    found = whatif.found
    months = [str(month) for month in found.months]
    begin = (str(found.first), "change")
    arrivals = (
        chart.line("history", months, np.median(found.of(HISTORY, "encounters"), axis=-1)),
        chart.band("changed", months, found.of(FROZEN, "encounters"), "changed"),
        chart.line(
            "governments answer", months, np.median(found.of(ANSWERING, "encounters"), axis=-1), "kind_3", "dash"
        ),
    )
    people = tuple(
        Panel(
            (chart.band("change", months, found.effect(FROZEN, name), "changed"),),
            outcomes.OUTCOMES[name].unit,
            outcomes.SHORT[name].capitalize(),
            zero=False,
        )
        for name in PEOPLE
    )
    whose = tuple(
        Panel(
            (chart.named("change", [(name, one) for name, one, _ in _by_part(whatif, parted)], "changed"),),
            "events",
            f"By {axis}",
        )
        for parted, axis in ((f"encounters by {axis}", axis) for axis in ("origin", "group", "sector"))
    )
    return [
        Chart(
            "encounters",
            Kind.lines,
            "Encounters in history and with the change",
            f"Before {number.month_name(str(found.first))} all worlds are the same, to the bit. Lines are medians, the "
            "band holds 90 % of draws with governments as recorded.",
            (Panel(arrivals, "events / month", marks=(begin,)),),
            cited(found.case, "encounters", "stops"),
        ),
        Chart(
            "people",
            Kind.lines,
            "What it does to people",
            "Change from history with governments as recorded: above zero there are more. Bands hold 90 % of draws.",
            people,
        ),
        Chart(
            "whose encounters",
            Kind.dots,
            "Whose encounters differ",
            f"Change over {whatif.span}: dots are medians, bars hold 90 % of draws.",
            whose,
        ),
    ]


def caveats(whatif: WhatIf, changes: Changes) -> list[str]:
    """What the answer cannot tell, the most important first."""
    found = []
    first = whatif.estimate(FROZEN, "encounters")
    if first.level is None:
        found.append(estimate.FEW.format(draws=whatif.inputs.values.shape[-1]))
    if first.low < 0.0 < first.high and first.level is not None:
        found.append("The interval of the change of encounters holds zero: the model cannot tell more from fewer.")
    outside = [change for change in changes.parsed if change.first is not None and change.first > whatif.window.last]
    if outside:
        names = ", ".join(f"{change.target} from {change.first}" for change in outside)
        found.append(f"These changes begin after the months told and are not in the sums: {names}.")
    return [*found, CAUTION, REACTION, RECORDED]
