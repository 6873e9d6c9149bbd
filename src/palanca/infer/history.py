"""One fitted history, its twin under declared changes, and how it compares with the figures."""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from importlib.metadata import version

import jax.numpy as jnp
import numpy as np
import xarray as xr
from jaxtyping import Float

from palanca.core.clock import Month, Span
from palanca.core.errors import ChangeError, SeriesError, UsageError
from palanca.core.wording import listed
from palanca.data.read import Figures, packaged_figures
from palanca.flows.params import FlowParams
from palanca.infer import objective, store
from palanca.infer.agree import Agreement, agreements
from palanca.infer.objective import FitEvidence
from palanca.infer.posterior import AbstractDraws, How, Posterior
from palanca.kernel import guard
from palanca.model import build, cells, ensemble, parameters, record
from palanca.model.cells import Cells
from palanca.model.run import CorridorInputs
from palanca.policy.params import PolicyParams
from palanca.spec import edit, figures, schedule
from palanca.spec.edit import Change
from palanca.spec.parameter import beliefs
from palanca.spec.schema import Case

BALANCE = 1e-9
LIBRARIES = ("palanca", "jax", "numpy", "xarray", "scipy")
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class PreparedCase:
    """A case made ready.

    Attributes:
        case: The case as declared.
        inputs: The corridor as numbers.
        evidence: What a fit is compared with.
        figures: The figures in force, to the last month of the case.
        fitted_to: Last month that the parameters to be used have seen, where it is earlier than that.
    """

    case: Case
    inputs: CorridorInputs
    evidence: FitEvidence
    figures: Figures = field(default_factory=packaged_figures)
    fitted_to: Month | None = None


@dataclass(frozen=True, eq=False)  # one run is itself alone, so that what is asked of it twice can be kept
class History:
    """What one run found.

    Args:
        case: The case as recorded.
        result: Every quantity by month and draw; twin quantities start with `twin_`.
        agreement: Series that were not solved for, against their figures.
        observed: Encounters of the figures, (month, origin) [events / month].
        changes: The declared changes of the twin world.
        power: With which declared enforcement carries, (draw); equation F4b of docs/model.md.
        figures: The figures in force.
    """

    case: Case
    result: xr.Dataset
    agreement: list[Agreement]
    observed: xr.DataArray
    changes: tuple[Change, ...]
    power: Float[np.ndarray, " draw"]
    figures: Figures = field(default_factory=packaged_figures)


def prepare(case: Case, figures: Figures | None = None, fitted_to: Month | None = None) -> PreparedCase:
    """Line a case up with the figures.

    Figures that end before the case, such as `figures.until(month)`, give inputs on all of its months in which nothing
    up to that month depends on a later one; months after it hold what was known last.

    Args:
        case: The case as declared.
        figures: Those in force, from `data.read.open_figures`; the packaged ones if nothing. What they tell of
            months after the case is not used.
        fitted_to: Last month that the parameters to be used have seen; that of the case if nothing.

    Raises:
        UsageError: The case leaves out origins, groups or sectors of the corridor that the figures count together,
            or has months that its core series do not tell: margins would be compared with a part of what they count.
        SeriesError: A series has no figure in the months of the case, or encounters have none in one of them.
    """
    check_whole(case, figures)
    given, last = figures or packaged_figures(), str(case.span.span.last)
    if given.last and given.last < last:
        return _prepared(case, given, int(given.last[:4]) - 1, fitted_to)
    found = _prepared(case, given.until(last), fitted_to=fitted_to)
    check_told(case, found.evidence)
    return found


def as_known(setting: PreparedCase, month: Month) -> PreparedCase:
    """The case lined up with what was known at the end of a month, on all of its months.

    An index of a year is known from the year after.

    Args:
        setting: From `prepare`.
        month: A month of the case.

    Raises:
        UsageError: The figures end before it.
    """
    told = setting.figures.last
    if told < str(month):
        raise UsageError("the figures end before this month", found=str(month), expected=f"{told} or earlier")
    return _prepared(setting.case, setting.figures.until(str(month)), month.year - 1, setting.fitted_to)


def _prepared(case: Case, given: Figures, years: int | None = None, fitted_to: Month | None = None) -> PreparedCase:
    inferred = cells.infer(case, given)
    check_core(case, inferred, given)
    inputs = _as_fitted(build.inputs(case, inferred, given, years), case.span.span, given, fitted_to)
    evidence = objective.gather(case, inferred, inputs, parameters.layout(case), given)
    return PreparedCase(case, inputs, evidence, given, fitted_to)


def _as_fitted(inputs: CorridorInputs, span: Span, given: Figures, fitted_to: Month | None) -> CorridorInputs:
    """Job openings as deviations from their mean to the last month fitted: its parameters are per such deviation."""
    seen = len(span) if fitted_to is None else fitted_to - span.first + 1
    if seen >= given.told(span) or not np.ptp(np.asarray(inputs.outside.jobs)):
        return inputs
    jobs = inputs.outside.jobs
    scaled = (jobs - jobs[:seen].mean()) / jobs[:seen].std()
    return replace(inputs, outside=replace(inputs.outside, jobs=scaled))


def check_core(case: Case, inferred: Cells, given: Figures) -> None:
    """Refuse a month of the case, told by the figures, of which encounters or all that followed them are missing.

    Raises:
        SeriesError: Names the series and the month.
    """
    span, names = case.span.span, figures.series_of(case)
    counted, told = inferred.counted[: given.told(span)], names.followed
    if counted.all() and (told is None or inferred.followed.any()):
        return
    followed = (told.border, told.by_origin, told.by_group) if told is not None else ()
    missing = "what followed encounters in any month" if counted.all() else str(span.first + int(np.argmin(counted)))
    raise SeriesError(
        "the case has months without encounters" if not counted.all() else "nothing tells what followed encounters",
        where=listed(filter(None, (names.encounters, names.groups)) if not counted.all() else followed),
        found=f"no figure of {missing}",
        expected=f"figures from {span.first} to {given.last or span.last}",
        way_out="Give the case a span that the figures cover; `palanca data show ID` prints where they are.",
    )


def check_told(case: Case, evidence: FitEvidence) -> None:
    """Refuse a series without a single figure in the months of the case: it would be fitted to nothing, unnoticed.

    Raises:
        SeriesError: Names every such series.
    """
    span, names = case.span.span, figures.series_of(case)
    counts = {target.name: target.counts for target in evidence.targets}
    counts |= {"groups by origin": evidence.cells} if names.cells is not None else {}
    counts |= {"repeat share": evidence.repeat} if names.repeats is not None else {}
    empty = [name for name, told in counts.items() if not np.isfinite(told).any()]
    if empty:
        raise SeriesError(
            "declared but empty",
            where=listed(empty),
            found=f"no figure from {span.first} to {span.last}",
            expected="one at least",
            way_out="`palanca data show ID` prints where a series has figures; `palanca data verify` checks them.",
        )


def check_whole(case: Case, given: Figures | None = None) -> None:
    """Refuse a case that covers only part of what the figures count, or months that its core series do not tell.

    Raises:
        UsageError: Says what is missing.
    """
    known = given or packaged_figures()
    for gap in [*figures.gaps(case, known.months(), known.rows), *figures.sums(case, known)][:1]:
        raise UsageError(gap.problem, where=case.case, found=gap.found, expected=gap.expected, way_out=gap.way_out)


def run(
    setting: PreparedCase,
    fit: AbstractDraws,
    *,
    draws: int,
    key: int,
    changes: Sequence[Change] = (),
    command: str = "",
    progress: Progress | None = None,
) -> History:
    """Run history, and a twin world if changes are declared.

    Args:
        setting: From `prepare`.
        fit: The fitted parameters: a posterior, or a quick fit.
        draws: How many histories.
        key: The run's key; same key, same bits.
        changes: What is different in the twin world.
        command: What the user typed, for the record.
        progress: Called as `progress(done, draws)`.

    Raises:
        ChangeError: A change names nothing, fits nothing, or alters nothing.
        InvariantError: The accounts of people do not balance.
    """
    case = setting.case
    changed = edit.apply(case, list(changes)) if changes else None
    now = build.levers(changed) if changed is not None else None
    free = fit.draws(key, range(draws))
    held = overrides(case, changed) if changed is not None else {}
    shocks, base, twin = ensemble.run(setting.inputs, free, fit.layout, now=now, held=held, progress=progress)
    assert shocks is not None  # nothing was left out of what is kept
    labels = case.span.span.labels()
    for world in (base, twin or {}):
        for name, array in world.items():
            guard.finite(array, name, labels)
        if world:
            guard.small(world["imbalance"], BALANCE, "people who set out are not all somewhere", labels)
    values = {name: np.asarray(part) for name, part in fit.layout.constrain(jnp.asarray(free)).items()}
    sampled = isinstance(fit, Posterior) and fit.how is How.sampled
    made_by = {"posterior": str(How.sampled if sampled else How.quick)}
    result = record.dataset(case, base, shocks, twin, provenance(case, key, command, setting.figures) | made_by)
    observed = xr.DataArray(
        np.asarray(setting.inputs.figures.encounters),
        {"month": result.month, "origin": result.origin},
        ("month", "origin"),
        name="observed_encounters",
        attrs={
            "units": "events / month",
            "long_name": "Encounters in the figures, 0-4 read as 2",
        },
    )
    agreement = agreements(setting.evidence, base, values, key)
    return History(case, result, agreement, observed, tuple(changes), values["effort_power"], setting.figures)


def overrides(case: Case, changed: Case) -> dict[str, float]:
    """Parameters to which a change gives a value of their own in the twin world, in the table's units.

    Raises:
        ChangeError: A parameter of the observation is changed, which no world would notice.
    """
    before, after = beliefs(case), beliefs(changed)
    new = {name: after[name].p1 for name in changed.parameters if after[name] != before[name]}
    moved = {field.name for record in (FlowParams, PolicyParams) for field in fields(record)}
    for name in new:
        if name not in moved:
            raise ChangeError(
                "the change alters nothing",
                where=f"parameters.{name}",
                expected="a parameter of movement or of what follows an encounter",
                way_out="This one describes how figures scatter; no world depends on it.",
            )
    return new


def provenance(case: Case, key: int, command: str, figures: Figures | None = None) -> dict[str, str]:
    """What another person needs to get the same bits."""
    return {
        "case": case.case,
        "case_fingerprint": schedule.fingerprint(case),
        "data_fingerprint": store.marks(case, figures).data,
        "key": str(key),
        "command": command,
        "versions": "; ".join(f"{name} {version(name)}" for name in LIBRARIES),
        "python": platform.python_version(),
    }
