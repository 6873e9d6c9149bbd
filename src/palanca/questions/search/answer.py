"""What would have been better: the answer of a search, in words, numbers, tables and charts."""

from __future__ import annotations

import numpy as np
import xarray as xr

from palanca.core.errors import UsageError
from palanca.core.wording import counted
from palanca.questions import provenance
from palanca.questions.corridor import Corridor
from palanca.questions.options import RunOptions
from palanca.questions.search import charts, find, rivals, tables, work
from palanca.questions.search.discover import Discovery
from palanca.questions.search.find import BALANCED, BASELINES, Effort, Found
from palanca.questions.search.judge import MEAN, REGRET
from palanca.show import estimate, number, sentence
from palanca.show.answer import Answer, Finding
from palanca.show.estimate import Basis, Estimate
from palanca.spec import bargain_spec
from palanca.spec.bargain_spec import BargainSpec
from palanca.spec.search_file import SearchSpec
from palanca.spec.search_file_outcomes import AIMS

PEOPLE = {"encounters": "encounters a month", "held": "people on hold on average", "deaths": "deaths on the way"}
COSTS = ("cost_transit", "cost_destination")
CAUTION = (
    "Every package is a what-if on history, not advice: surprises of these months are kept, other levers stay as "
    "recorded, and governments do not respond beyond the package."
)
ASSUMED = (
    "Costs rest on the bargaining table, most of it assumed: trust their order before their size. The transit country "
    "bears enforcement above routine and taking people back, dearer where many wait, less what parole and visas are "
    "worth to it; the destination bears arrivals at the attention of these months, and what it gives.",
    "People admitted are appointments kept and parole places, taken as used in full.",
    "Dependence compares a package with the same one and the transit country back at routine control.",
    "A package holds in a draw if some payment, valued alike by both and no larger than what else the destination has "
    "to give, leaves neither side better off by breaking it for a month and losing it after. It takes means over the "
    "window, and leaves legal ways open after a break.",
)
BETTER = {"less": "lower", "more": "higher"}
COUNTED = {"encounters": "fewer", "held": "fewer", "deaths": "fewer", "admitted": "more"}
MOST_PAIRS = 3  # findings on what decides


def answer(
    corridor: Corridor, wanted: SearchSpec, options: RunOptions, *, packages: int, population: int, given: str
) -> Answer:
    """Try packages on history, keep those that no other beats, and say what each does.

    Args:
        corridor: The fitted corridor.
        wanted: What is looked for.
        options: How to run it.
        packages: How many packages to try in all.
        population: How many a generation.
        given: Name of the shipped search, or the content of the file, for the manifest.

    Raises:
        UsageError: No package keeps all limits, or the case has no bargaining table.
    """
    table = table_of(corridor)
    ground = work.ready(corridor, table, wanted, options.draws, options.key)
    effort = Effort(packages, min(population, packages), options.key, options.store, options.workers, options.cluster)
    found = find.search(wanted, ground, effort, options.progress)
    decided = rivals.compare(found, ground, table, options.key)
    arguments = {"search": given, "packages": packages, "population": population}
    return Answer(
        question=question(found),
        data=dataset(found),
        findings=tuple(findings(found, decided)),
        tables=tuple(tables.of(found, decided)),
        charts=tuple(charts.of(found)),
        caveats=tuple(caveats(found)),
        provenance=provenance.of(corridor, "search", arguments, draws=options.draws, key=options.key),
    )


def table_of(corridor: Corridor) -> BargainSpec:
    """The bargaining table of the case, which says what packages cost.

    Raises:
        UsageError: The case has none.
    """
    name = corridor.case.case
    if name not in bargain_spec.FORMAT.shipped():
        raise UsageError("this case has no bargaining table, which says what packages cost", where=name)
    return bargain_spec.load_bargain(name)


def question(found: Found) -> str:
    """The question in words, with what made it."""
    window = found.search.window
    when = number.span_name(str(window.first), str(window.last))
    aims = ", ".join(_aim(one.outcome) for one in found.search.file.objectives)
    return f"What would have been better in {when}: which packages of levers bring {aims}?"


def dataset(found: Found) -> xr.Dataset:
    """Levers and judged outcomes of every package tried; outcomes of those shown, by draw."""
    unbeaten = np.zeros(len(found.values), bool)
    unbeaten[found.front] = True
    variables = {
        "tried": _variable(("package", "lever"), found.values, "unit of the lever", "levers of every package tried"),
        "unbeaten": _variable(("package",), unbeaten, "", "whether no other package beats it within the limits"),
        "levers": _variable(("option", "lever"), found.shown_values, "unit of the lever", "levers of packages shown"),
    }
    for name, values in found.judged.items():
        what = f"{AIMS[name].what}, as judged"
        variables[f"{name}_judged"] = _variable(("package",), values, AIMS[name].unit, what)
    for name, values in found.by_draw.items():
        variables[name] = _variable(("option", "draw"), values, AIMS[name].unit, AIMS[name].what)
        variables[f"{name}_worth"] = _variable(
            ("option",), find.worth(found, name), AIMS[name].unit, f"{AIMS[name].what}, as judged"
        )
    coords = {"package": np.arange(len(found.values)), "lever": list(found.search.names), "option": list(found.shown)}
    return xr.Dataset(variables, coords)


def findings(found: Found, decided: list[Discovery]) -> list[Finding]:
    """What a reader should take away: the set, the balanced package with its harm, the others, what decides."""
    options = [k for k, name in enumerate(found.shown) if name not in BASELINES]
    options.sort(key=lambda k: BALANCED not in found.shown[k])
    return [
        _set(found),
        *(part for k in options for part in (_harm(found, k), _costs(found, k))),
        *(_decides(one) for one in decided[:MOST_PAIRS]),
    ]


def _set(found: Found) -> Finding:
    left = len(found.front)
    text = f"Of {len(found.values):,} packages of {counted(len(found.search.names), 'lever')}, "
    text += f"{left:,} {'is' if left == 1 else 'are'} beaten by no other, {_judged(found)}."
    return Finding(text, {"unbeaten packages": Estimate(left, left, left, "packages", None)})


def _harm(found: Found, k: int) -> Finding:
    """A package against the record in people, deaths among them."""
    numbers = {name: estimate.of(_change(found, name, k), AIMS[name].unit) for name in PEOPLE}
    text = "; ".join(sentence.more(numbers[name], what) for name, what in PEOPLE.items())
    return Finding(f"Against the record, the package '{found.shown[k]}' brings {text}.", numbers)


def _costs(found: Found, k: int) -> Finding:
    """What a package costs either government, with the sign that the bargaining table gives it."""
    numbers = {name: estimate.of(_change(found, name, k), AIMS[name].unit, basis=Basis.assumed) for name in COSTS}
    transit, destination = (sentence.change(numbers[name]) for name in COSTS)
    holds = number.percent(float(found.by_draw["holds"][k].mean()))
    text = (
        f"The package '{found.shown[k]}' changes the cost to the transit country by {transit} and to the destination "
    )
    text += f"by {destination} (payoff a month); it holds in {holds} of draws."
    return Finding(text, numbers, Basis.assumed)


def _decides(one: Discovery) -> Finding:
    """Which uncertainty decides between two candidates, or that none does."""
    head = f"In {AIMS[one.outcome].words}, '{one.first}' is better than '{one.second}' in "
    head += f"{number.percent(one.wins)} of draws"
    if one.decided:
        where = "; ".join(f"{number.percent(part.wins)} with {' and '.join(part.bounds)}" for part in one.parts)
        return Finding(
            f"{head}: {where}. This foresees {number.percent(one.foreseen)} of draws it was not made from; naming the "
            f"commoner winner, {number.percent(one.majority)}."
        )
    if np.isfinite(one.foreseen):
        return Finding(f"{head}; no parameter decides.")
    return Finding(f"{head}; too few draws go the other way to say what decides.")


def caveats(found: Found) -> list[str]:
    """What the answer cannot tell, the most important first."""
    few = [estimate.FEW.format(draws=found.draws)] if found.draws < estimate.FEWEST else []
    return [*few, CAUTION, *ASSUMED]


def _change(found: Found, name: str, k: int) -> np.ndarray:
    """An outcome of a shown package less that of the record, (draw)."""
    return np.asarray(found.by_draw[name][k] - found.by_draw[name][0])


def _aim(name: str) -> str:
    aim = AIMS[name]
    return f"{COUNTED.get(name, BETTER[aim.want])} {aim.words}"


def _judged(found: Found) -> str:
    file = found.search.file
    if file.judge == MEAN:
        return "each judged by its mean over the draws"
    if file.judge == REGRET:
        return "each judged by its greatest shortfall in any draw from the best first packages"
    return f"each judged by the value that {number.percent(file.share)} of draws do no worse than"


def _variable(dims: tuple[str, ...], values: np.ndarray, unit: str, what: str) -> xr.Variable:
    return xr.Variable(dims, values, {"units": unit, "long_name": what})
