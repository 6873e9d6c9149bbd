"""What a run says in plain sentences: each with its number, its interval and what it cannot tell."""

from __future__ import annotations

import math
from dataclasses import dataclass

import xarray as xr

from palanca.core.wording import counted, listed
from palanca.infer.history import History
from palanca.spec import tables
from palanca.spec.edit import Change
from palanca.spec.rules import AXES
from palanca.spec.schema import Case, Coverage
from palanca.view import series
from palanca.view.theme import month_name, percent, rounded

WAIT = 3  # months over which people and deaths are counted
OPEN_SHARE = 0.005


@dataclass(frozen=True)
class Gap:
    """A difference between worlds in words.

    Args:
        size: Its size with its band, without sign: `36,200 [33,700 to 38,400]`.
        more: `more` or `fewer`.
        sure: Whether the whole band lies on one side of zero.
    """

    size: str
    more: str
    sure: bool


def gap(difference: xr.DataArray, digits: int = 3) -> Gap:
    """Word a difference that has draws and no other axis, to so many significant digits."""
    found = series.band(difference)
    low, mid, high = float(found.low), float(found.mid), float(found.high)
    sign = -1.0 if mid < 0 else 1.0
    near, far = sorted((sign * low, sign * high))
    return Gap(
        f"{rounded(sign * mid, digits)} [{rounded(near, digits)} to {rounded(far, digits)}]",
        "fewer" if mid < 0 else "more",
        low * high > 0.0,
    )


def worded(case: Case, change: Change) -> str:
    """One declared change as a reader would say it: `contention at 0 effort from January 2024`."""
    kind, _, rest = change.target.partition(".")
    name, _, quantity = rest.partition(".")
    words = f"{_thing(case, kind, name, quantity, change.value)}{_whom(case, change)}"
    if change.first is not None:
        words += f" from {month_name(str(change.first))}"
    if change.last is not None:
        words += f" to {month_name(str(change.last))}"
    return words


def headline(history: History) -> list[str]:
    """Two or three sentences that open a page: what the run covers, and what the change does."""
    months = series.labels(history)
    events = float(history.observed.sum())
    span = f"{month_name(months[0])} to {month_name(months[-1])}"
    found = [
        f"From {span} the Border Patrol counted {rounded(events)} encounters between ports of entry; the model "
        "retells them month by month, as people who set out, are stopped, wait, cross, and are let in or returned."
    ]
    if history.changes:
        found += _of_change(history)
    return found


def harm(history: History) -> list[str]:
    """What happens to people: deaths and waiting, and what the change does to both."""
    months = series.labels(history)
    deaths = series.band(series.total(history, "deaths").sum("month"))
    held = series.band(series.total(history, "held")[-1])
    found = [
        f"At the end of {month_name(months[-1])}, {rounded(float(held.mid))} [{rounded(float(held.low))} to "
        f"{rounded(float(held.high))}] people were on hold in the transit country; over the whole run "
        f"{rounded(float(deaths.mid))} [{rounded(float(deaths.low))} to {rounded(float(deaths.high))}] people died "
        "on the way, scaled to recorded deaths, which are a lower bound."
    ]
    chosen = series.changed_months(history, WAIT)
    if chosen:
        waiting = gap(_difference(history, "held")[chosen[-1]])
        dead = gap(_difference(history, "deaths")[chosen].sum("month"), 2)
        found.append(
            f"In the twin world {waiting.size} {waiting.more} people are on hold at the end of "
            f"{month_name(months[chosen[-1]])}, and over the first {counted(len(chosen), 'month')} {dead.size} "
            f"{dead.more} people die on the way{_doubt(dead)}."
        )
    return found


def proves_nothing(history: History) -> list[str]:
    """What agrees with the figures because it was solved from them."""
    bound = float(history.result["at_bound"].mean()) if "at_bound" in history.result else 0.0
    found = [
        "Encounters by origin: each month's surprise, a factor on those who arrive, is solved so that the model "
        "meets the count. Their error is zero whatever the model says.",
        "Stops in all, from the first month with published figures: the delivered effort of each month is solved so "
        "that the model meets them.",
        "What followed encounters, and removals by the transit country: history takes them from the figures. Only a "
        "twin world computes what the changed levers do to them.",
    ]
    if bound > OPEN_SHARE:
        found.append(
            f"In {percent(100.0 * bound, 1)} of months, origins and draws the figure lies outside what the model can "
            "reach, and is missed."
        )
    return found


def agrees(history: History) -> str:
    """How the series fare that were not solved for."""
    if not history.agreement:
        return "No series was left to compare with."
    inside = [one.coverage for one in history.agreement]
    worst = max(history.agreement, key=lambda one: one.weighted_error)
    best = min(history.agreement, key=lambda one: one.weighted_error)
    return (
        f"Of {counted(len(inside), 'series', 'series')} that replay does not solve for, the 90 % bands hold from "
        f"{percent(100.0 * min(inside))} to {percent(100.0 * max(inside))} of the figures. Large flows are closest "
        f"in {best.name} (off by a factor of {math.exp(best.weighted_error):.2f} on average) and farthest in "
        f"{worst.name} ({math.exp(worst.weighted_error):.2f}). These figures did take part in the fit: this is "
        "agreement, not a forecast."
    )


def band_holds(history: History) -> list[str]:
    """What the intervals are made of, and what they leave out."""
    draws = history.result.sizes["draw"]
    return [
        f"Every interval is the middle 90 % of {counted(draws, 'draw')} of {_parameters(history)}. Misfits of figures "
        "are taken to last less than many of them do, so intervals are somewhat too narrow.",
        "A change of declared enforcement carries with a power drawn about 1, since strengths are judgements. Doubt "
        "about the shape of the model itself, and about the other settings in the record, is left out.",
    ]


def cannot_tell(history: History) -> list[str]:
    """What the figures cannot say about the change."""
    if not history.changes:
        return []
    found = [
        "The twin world keeps history's surprises and solved efforts: whether people would have set out for other "
        "reasons, or governments would have answered with other measures, is not in it.",
        "The figures show how much control there was in all, not which lever did it: that division rests on the "
        "declared settings.",
    ]
    return found + [words for lever in _levers(history) if (words := _basis(history.case, lever))]


def assumed() -> list[str]:
    """What the model takes for given in every run."""
    return [
        "The settings of levers are judgements on a common scale: the record gives the shape in time, the fit gives "
        "the size.",
        "Stops before 2015 rest on no figure: they follow the declared effort, at the strength of early 2015.",
        "How long origins travel, and the shares that fly or walk the Darien, are set by the case, not learned.",
        "Death rates per crossing are the same in all years, seasons aside; recorded deaths are a lower bound.",
        "People on hold are counted by nobody: they follow from the accounts of people, which balance exactly.",
        "An encounter is an event, and one person can be met more than once.",
    ]


def _of_change(history: History) -> list[str]:
    said = listed([worded(history.case, change) for change in history.changes])
    first = series.first_changed(history)
    if first is None:
        return [f"Changed in the twin world: {said}. It makes no difference in any month."]
    months = series.labels(history)
    base, twin = (series.total(history, "encounters", twin=which) for which in (False, True))
    met = gap((twin - base)[first])
    ratio = series.band(100.0 * (twin / base - 1.0)[first])
    sentences = [
        f"With {said}, the model has {met.size} {met.more} encounters in {month_name(months[first])}, "
        f"{_signed(float(ratio.mid))} [{_signed(float(ratio.low))} to {_signed(float(ratio.high))}]{_doubt(met)}."
    ]
    if first:
        was = float(series.band(100.0 * (base[first] / base[first - 1] - 1.0)).mid)
        would = series.band(100.0 * (twin[first] / base[first - 1] - 1.0))
        sentences.append(
            f"Against the month before, encounters changed by {_signed(was)}; in the twin world they change by "
            f"{_signed(float(would.mid))} [{_signed(float(would.low))} to {_signed(float(would.high))}]."
        )
    sentences.append(
        f"Brackets hold 90 % of the draws of {_parameters(history)}; doubt about the model itself is not in them."
    )
    return sentences


def _parameters(history: History) -> str:
    if history.result.attrs.get("posterior") == "sampled":
        return "the sampled posterior of the parameters"
    return "the parameters about their best values (their fitted curvature, not a sampled posterior)"


def _difference(history: History, name: str) -> xr.DataArray:
    return series.total(history, name, twin=True) - series.total(history, name)


def _doubt(found: Gap) -> str:
    return "" if found.sure else " (the band holds zero: the model cannot tell more from fewer)"


def _signed(value: float) -> str:
    return ("+" if value > 0 else "") + percent(value)


def _levers(history: History) -> list[str]:
    parts = (change.target.split(".") for change in history.changes)
    return list(dict.fromkeys(part[1] for part in parts if part[0] == "levers" and part[1] in history.case.levers))


def _basis(case: Case, lever: str) -> str:
    """How far the record of a changed lever is on paper."""
    entries = [entry for entry in case.record if entry.lever == lever]
    weak = sum(entry.basis != "declared" for entry in entries)
    if not weak:
        return ""
    some, plain = f"{weak} of {counted(len(entries), 'dated entry', 'dated entries')}", lever.replace("_", " ")
    return f"The record of {plain} rests in {some} on a tacit or inferred setting, not on a declared one."


def _thing(case: Case, kind: str, name: str, quantity: str, value: float | str) -> str:
    plain = name.replace("_", " ")
    amount = value if isinstance(value, str) else f"{value:,g}"
    if kind == "levers" and name in case.levers:
        if quantity == "cap":
            return f"{plain} without a cap" if isinstance(value, str) else f"{plain} capped at {amount} people / month"
        unit = tables.mechanisms()[case.levers[name].mechanism].unit
        return f"no {plain}" if value == 0 else f"{plain} at {amount} {unit}"
    if kind == "parameters":
        return f"parameter {plain} at {amount}"
    if kind == "basis":
        return f"entries of {plain} basis left out"
    return f"mechanism {plain} {amount}"


def _whom(case: Case, change: Change) -> str:
    """Whom a change names, if it does not concern everyone."""
    words = ""
    for axis in AXES:
        cover: Coverage = getattr(change, axis)
        known = getattr(case, axis)
        if cover != Coverage():
            names = [known[code].name for code in cover.among(tuple(known))]
            words += f" for {listed(names)}"
    return words
