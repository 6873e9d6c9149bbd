"""How far a fit can be trusted: the answer, in words, numbers, tables and charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import xarray as xr

from palanca.core.errors import UsageError
from palanca.core.wording import listed
from palanca.evidence.fit import parameters
from palanca.infer import check_counts, predictive, verdict
from palanca.infer.check_counts import State
from palanca.infer.posterior import LEAST_ESS, MOST_R_HAT, Posterior
from palanca.infer.predictive import Checked
from palanca.infer.verdict import Check, Verdict
from palanca.questions import provenance
from palanca.questions.corridor import Corridor
from palanca.questions.options import RunOptions
from palanca.show import number, table
from palanca.show.answer import Answer, Finding
from palanca.show.chart import Chart, Kind, Panel, Series
from palanca.show.estimate import Basis, Estimate
from palanca.show.table import Cell, Table

SAMPLING = ("how it was made", "R-hat", "bulk sample size", "tail sample size", "divergences", "energy")
CONFLICT, COVERAGE, STATISTICS = "prior against figures", "coverage: ", "statistics: "
FIELDS = {
    "figures": ("months", "months with a figure"),
    "in_50": ("share", "share of figures in the 50 % band"),
    "in_90": ("share", "share of figures in the 90 % band"),
    "total": ("chance", "chance of a sum at least as large as the published one"),
    "largest": ("chance", "chance of a largest month at least as large"),
    "lasting": ("chance", "chance of misfits that last at least as long"),
}
SHOWN = 3  # names that a sentence gives
BINS = 10  # of sd / prior sd from 0 to 1
RED = (
    "Questions are answered all the same while checks are red: where one points, intervals may be too narrow or lie "
    "in the wrong place."
)
GREEN = (
    "A green check is no proof that the equations are right. It says that the fit does not contradict the figures "
    "that it was made from."
)


FEW = "Only {draws} histories: bands are rough, and checks turn red by chance. The count beside the fit takes 200."
ENOUGH = 200


@dataclass(frozen=True, eq=False)
class JudgedFit:
    """A fit with every check of it.

    Args:
        found: The fit.
        series: How published figures lie in what the fitted model would publish.
        judged: Every check.
    """

    found: Posterior
    series: tuple[Checked, ...]
    judged: Verdict

    def count(self, state: State) -> int:
        """How many checks came to that."""
        return sum(check.state is state for check in self.judged.checks)

    def red(self, start: str | Sequence[str]) -> list[Check]:
        """Red checks of a kind: by how their names begin."""
        starts = (start,) if isinstance(start, str) else tuple(start)
        return [check for check in self.judged.red if check.name.startswith(starts)]


def judge(corridor: Corridor, options: RunOptions) -> JudgedFit:
    """Run histories of the fit and make every check.

    Raises:
        UsageError: The corridor's parameters were not fitted.
        FitError: A calibration is stored beside the fit but cannot be read.
    """
    found = corridor.fit
    if not isinstance(found, Posterior):
        raise UsageError("only a fit that was stored can be judged", expected="a model from `palanca.load`")
    series = predictive.check(corridor.setting, found, draws=options.draws, key=options.key, progress=options.progress)
    calibrated = None if corridor.fit_file is None else verdict.recorded(corridor.fit_file)
    return JudgedFit(found, tuple(series), verdict.judge(found, series, calibrated))


def answer(corridor: Corridor, options: RunOptions, judged: JudgedFit | None = None) -> Answer:
    """Say how far the fit of a corridor can be trusted.

    Args:
        corridor: The fitted corridor.
        options: How many histories are checked against the figures.
        judged: The fit with its checks, if they were made before.

    Raises:
        UsageError: See `judge`.
        FitError: See `judge`.
    """
    given = judged or judge(corridor, options)
    notes = tuple(note for note in corridor.notes if check_counts.SEE not in note)  # this answer is what they point to
    made = provenance.of(replace(corridor, notes=notes), "evidence.fit", {}, draws=options.draws, key=options.key)
    return Answer(
        question=f"How far can the fit of {corridor.case.case} be trusted?",
        data=dataset(given),
        findings=tuple(findings(given)),
        tables=tuple(tables(given)),
        charts=tuple(charts(given)),
        caveats=(
            *((FEW.format(draws=options.draws),) if options.draws < ENOUGH else ()),
            *((RED,) if given.judged.red else ()),
            GREEN,
        ),
        provenance=made,
    )


def dataset(given: JudgedFit) -> xr.Dataset:
    """State of every check; all draws of every number; how the figures of every series lie."""
    found, checks, series = given.found, given.judged.checks, given.series
    variables: dict[str, xr.Variable] = {
        "state": xr.Variable("check", [str(check.state) for check in checks], {"long_name": "what a check came to"}),
        "value": xr.Variable(
            ("number", "draw"), parameters.natural(found),
            {"units": "of each parameter", "long_name": "every fitted number"},
        ),
    }  # fmt: skip
    columns: dict[str, tuple[np.ndarray, str, str]] = {
        "sd_ratio": (found.contraction, "1", "standard deviation over that of the prior"),
        "shift": (found.shift, "prior standard deviations", "mean less the middle of the prior"),
    }
    done = found.diagnostics
    if done is not None:
        columns |= {
            "r_hat": (done.r_hat, "1", "R-hat"),
            "ess_bulk": (done.ess_bulk, "draws", "independent draws for the middle"),
            "ess_tail": (done.ess_tail, "draws", "independent draws for the ends"),
        }
    for name, (values, unit, what) in columns.items():
        variables[name] = xr.Variable("number", values, {"units": unit, "long_name": what})
    for name, (unit, what) in FIELDS.items():
        values = np.array([getattr(row, name) for row in series], dtype=float)
        variables[name] = xr.Variable("series", values, {"units": unit, "long_name": what})
    coords = {
        "check": [check.name for check in checks],
        "number": list(found.layout.names()),
        "series": [f"{row.series}: {row.label}" for row in series],
    }
    return xr.Dataset(variables, coords)


def findings(given: JudgedFit) -> list[Finding]:
    """How many checks are red; how much was learned; and what each kind of red check means."""
    total, red = len(given.judged.checks), len(given.judged.red)
    green, unmade = given.count(State.green), given.count(State.unknown)
    first = f"{red} of {total} checks of the fit are red, {green} are green and {unmade} could not be made."
    labels = given.judged.labels
    numbers = sum(labels.values())
    second = (
        f"Of {numbers:,} numbers the figures narrowed {labels['learned']:,} to less than half of their prior spread; "
        f"{labels['in between']:,} they narrowed somewhat, and {labels['assumed']:,} rest on their priors."
    )
    found = [
        Finding(first, {"red": _count(red, "checks"), "green": _count(green, "checks")}),
        Finding(second, {name: _count(size, "numbers") for name, size in labels.items()}),
    ]
    sampling = given.red(SAMPLING)
    if sampling:
        found.append(Finding(" ".join(check.meaning for check in sampling), basis=Basis.learned))
    found += [Finding(_series_text(given, start, *words)) for start, words in _KINDS.items() if given.red(start)]
    found += [Finding(_named_text(check)) for check in given.red((CONFLICT, "calibration"))]
    if parameters.quick(given.found):
        found.append(Finding(parameters.QUICK))
    return found


_KINDS = {
    COVERAGE: ("series have figures outside their bands more, or less, often than they should", ""),
    STATISTICS: (
        "series have totals, largest months or runs of misfits that the model hardly makes",
        " The table of checks names them.",
    ),
}


def _series_text(given: JudgedFit, start: str, what: str, end: str) -> str:
    """Which series fail a kind of check, and by which labels."""
    red = given.red(start)
    total = sum(check.name.startswith(start) for check in given.judged.checks)
    each = [
        check.name.removeprefix(start)
        + (f" ({listed(check.named, SHOWN)})" if start == COVERAGE and check.named else "")
        for check in red
    ]
    return f"{len(red)} of {total} {what}: {'; '.join(each)}.{end}"


def _named_text(check: Check) -> str:
    names = f" The furthest: {listed(check.named, SHOWN)}." if check.named else ""
    return f"{check.meaning}{names}"


def _count(size: int, unit: str) -> Estimate:
    return Estimate(float(size), float(size), float(size), unit, None, Basis.learned)


def tables(given: JudgedFit) -> list[Table]:
    """Checks, red ones first; then all that is known of each check, parameter, number and series."""
    order = [State.red, State.unknown, State.green]
    checks = sorted(given.judged.checks, key=lambda check: order.index(check.state))
    short: list[dict[str, Cell]] = [
        {"check": check.name, "came out": str(check.state), "found": check.value} for check in checks
    ]
    whole: list[dict[str, Cell]] = [
        {
            "check": check.name,
            "state": str(check.state),
            "found": check.value,
            "green if": check.rule,
            "meaning": check.meaning,
            "named": listed(check.named, 8),
        }
        for check in given.judged.checks
    ]
    rows: list[dict[str, Cell]] = [
        {"series": row.series, "label": row.label, **{name: _known(getattr(row, name)) for name in FIELDS}}
        for row in given.series
    ]
    return [
        table.of_rows("checks", short),
        table.of_rows("checks with rules", whole),
        parameters.by_parameter(given.found),
        parameters.by_number(given.found),
        table.of_rows("series", rows, units={"figures": "months"}, note="; ".join(_meanings())),
    ]


def _meanings() -> list[str]:
    return [f"{name}: {what}" for name, (_, what) in FIELDS.items() if name != "figures"]


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def charts(given: JudgedFit) -> list[Chart]:
    """How many figures lie in the bands of each series; how far numbers were narrowed; how chains agree."""
    found = [_coverage(given), _narrowed(given.found)]
    return [*found, _agreement(given.found)] if given.found.diagnostics is not None else found


def _coverage(given: JudgedFit) -> Chart:
    series = dict.fromkeys(row.series for row in given.series)
    dots = tuple(
        Series(f"in the {name} band", tuple(series), tuple(_pooled(given, one, field) for one in series), role=role)
        for field, name, role in (("in_90", "90 %", "history"), ("in_50", "50 %", "changed"))
    )
    marks = tuple((100.0 * end, number.percent(end)) for end in (*verdict.IN_50, *verdict.IN_90))
    first, last = (tuple(number.percent(end) for end in ends) for ends in (verdict.IN_50, verdict.IN_90))
    return Chart(
        "coverage",
        Kind.dots,
        "Share of published figures inside the model's bands",
        f"Dots are shares over all labels of a series. A check is green with {last[0]} to {last[1]} in the 90 % band "
        f"and {first[0]} to {first[1]} in the 50 % band, and no label far outside.",
        (Panel(dots, "percent of figures", marks=marks),),
    )


def _pooled(given: JudgedFit, series: str, field: str) -> float | None:
    """Share of a series' figures inside a band over all labels [percent]; nothing where it was not computed."""
    rows = [row for row in given.series if row.series == series and np.isfinite(getattr(row, field))]
    if not rows:
        return None
    weights = [row.figures for row in rows]
    return float(100.0 * np.average([getattr(row, field) for row in rows], weights=weights))


def _narrowed(found: Posterior) -> Chart:
    edges = np.linspace(0.0, 1.0, BINS + 1)
    counts, _ = np.histogram(np.clip(found.contraction, 0.0, 1.0), edges)
    names = tuple(f"{low:.1f} to {high:.1f}" for low, high in pairwise(edges))
    bars = Series("numbers", names, tuple(float(count) for count in counts))
    return Chart(
        "narrowed by figures",
        Kind.bars,
        "How far figures narrowed the numbers of the model",
        "Numbers by their spread over that of the prior: 0 is known exactly, 1 is no more than was believed before.",
        (Panel((bars,), "numbers"),),
    )


def _agreement(found: Posterior) -> Chart:
    done = found.diagnostics
    assert done is not None  # the caller has seen to it
    seen = np.flatnonzero(np.isfinite(done.r_hat))
    names = found.layout.names()
    dots = Series(
        "numbers",
        tuple(float(done.r_hat[place]) for place in seen),
        tuple(float(done.ess_bulk[place]) for place in seen),
        names=tuple(names[place] for place in seen),
    )
    return Chart(
        "chains",
        Kind.scatter,
        "How well the chains agree",
        f"A dot a number: R-hat across, independent draws upward. Checks are green with all dots left of "
        f"{MOST_R_HAT} and above {LEAST_ESS:.0f}.",
        (
            Panel(
                (dots,),
                "independent draws",
                marks=((MOST_R_HAT, str(MOST_R_HAT)),),
                x_unit="R-hat",
                zero=False,
            ),
        ),
    )
