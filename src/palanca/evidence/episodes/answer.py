"""Turns of policy that the fit never saw: the answer, in words, numbers, tables and charts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import xarray as xr

from palanca.core.wording import counted
from palanca.evidence.episodes import run
from palanca.evidence.episodes.declared import UNTIL, chosen
from palanca.evidence.episodes.run import LEVERS, NO_EFFECT, PRACTICE, RULES, SIDES, ZERO, EpisodeOutcome, Score
from palanca.questions import provenance
from palanca.questions.corridor import Corridor
from palanca.questions.options import RunOptions
from palanca.show import chart, estimate, number, sentence, table
from palanca.show.answer import Answer, Finding
from palanca.show.chart import Chart, Kind, Panel, Series
from palanca.show.estimate import Basis, Estimate
from palanca.show.table import Cell, Table

UNIT = "log points"
SMALL = 0.1  # contrasts below it are small beside the monthly scatter of any two groups [log points]
FAR = 0.8  # an error above this share of what was seen leaves hardly anything explained
NAMES = {
    ZERO: "no difference",
    NO_EFFECT: "levers as they were",
    LEVERS: "levers as declared",
    PRACTICE: "what followed encounters",
}
ROLES = {NO_EFFECT: "kind_6", LEVERS: "history", PRACTICE: "changed"}
TITLES = ("Covered", "Compared with")
APART = (
    "The episodes of 2025 are predicted by a fit to the months before them and left out of scores: later months hold "
    "the same change, and who built the model knew how 2025 ended."
)
RULE = (
    "In every rule arrivals come from the panel of past figures and share their surprises. 'Levers as they were' knows "
    "no levers; 'levers as declared' adds those of the record, 'what followed encounters' also the practice that came."
)


def answer(corridor: Corridor, only: Sequence[str] | None, options: RunOptions, *, curved: bool = False) -> Answer:
    """Predict episodes from fits without their months, and say what they teach.

    Args:
        corridor: The corridor; its own fit is not used.
        only: Short names of episodes; all if not given.
        options: Draws, key, where fits are kept, who hears how far it has come.
        curved: Whether parameters scatter about each fit's maximum.

    Raises:
        UsageError: There is no such episode, or the case does not tell it.
        FitError: A file in the folder is corrupt, or a fit does not end.
    """
    wanted = chosen(corridor.case, only)
    folder = options.store or Path(f"episodes-{corridor.case.case}")
    outcomes = run.run(
        corridor.setting,
        wanted,
        folder,
        draws=options.draws,
        key=options.key,
        curved=curved,
        progress=options.progress,
    )
    arguments = {"only": [one.id for one in wanted], "curved": curved}
    return Answer(
        question=question(outcomes),
        data=dataset(outcomes),
        findings=tuple(findings(outcomes)),
        tables=tuple(tables(outcomes)),
        charts=tuple(charts(outcomes)),
        caveats=tuple(caveats(outcomes)),
        provenance=provenance.of(corridor, "evidence.episodes", arguments, draws=options.draws, key=options.key),
    )


def question(outcomes: Sequence[EpisodeOutcome]) -> str:
    """The question in words."""
    months = [month for one in outcomes for month in one.episode.months]
    span = number.span_name(str(min(months)), str(max(months)))
    return f"Does the model foresee {counted(len(outcomes), 'turn')} of policy ({span}) that its fit never saw?"


def findings(outcomes: Sequence[EpisodeOutcome]) -> list[Finding]:
    """What all episodes say together, then what each teaches."""
    return [*_together(run.scored(outcomes)), *(lesson(one) for one in outcomes)]


def _together(outcomes: Sequence[EpisodeOutcome]) -> list[Finding]:
    rows = {one.rule: one for one in run.score(outcomes)}
    best, none = min((rows[LEVERS], rows[PRACTICE]), key=_error), rows[NO_EFFECT]
    total, count = counted(len(outcomes), "episode"), len(outcomes)
    most = max(outcomes, key=_size)
    weight = _size(most) / sum(map(_size, outcomes))
    signs = {NAMES[rule]: _count(rows[rule].signs) for rule in (LEVERS, PRACTICE, NO_EFFECT)}
    first = (
        f"Of {total}, the sign is foreseen in {rows[LEVERS].signs} with levers as declared and in "
        f"{rows[PRACTICE].signs} with what followed encounters; without any effect of levers, in {none.signs}."
    )
    second = (
        f"The contrast is missed by {best.error:.2f} log points on average with {NAMES[best.rule]}: "
        f"{number.percent(best.to_zero)} of what no difference at all would miss, {number.percent(best.to_panel)} of "
        "what levers as they were would."
    )
    errors = {NAMES[rule]: _exact(one.error, UNIT) for rule, one in rows.items()}
    inside = (
        f"The 90{number.NO_BREAK}% intervals held {best.held_90} of {count} contrasts; what levers add to levers as "
        f"they were has the right sign in {best.effect_signs}. Signs of {total} are weak evidence."
    )
    found = [Finding(first, signs), Finding(second, errors), Finding(inside, {"held": _count(best.held_90)})]
    if len(outcomes) > 1:
        text = (
            f"The largest contrast, {most.episode.title}, is {number.percent(weight)} of what there is to explain; "
            f"without it the error is {number.percent(best.to_zero_less)} of that of no difference."
        )
        found.append(Finding(text, {"share": _exact(weight, "share")}))
    return found


def lesson(one: EpisodeOutcome) -> Finding:
    """What an episode teaches, chosen by its numbers."""
    rule = min((LEVERS, PRACTICE), key=one.error)
    numbers = {NAMES[each]: estimate.of(one.contrast(each), UNIT) for each in RULES}
    seen = estimate.published(one.contrast_seen, UNIT)
    what = "encounters moved by" if one.episode.level else "the sides parted by"
    apart = ", from a fit to the months before, not scored" if one.episode.fit == UNTIL else ""
    text = (
        f"{one.episode.title} ({number.month_name(str(one.episode.months[0]))}{apart}): {what} "
        f"{number.signed(seen.estimate)} log points; predicted {sentence.change(numbers[NAMES[LEVERS]])} from levers "
        f"as declared, {sentence.change(numbers[NAMES[PRACTICE]])} with what followed encounters; {_verdict(one, rule)}"
    )
    if one.sign_right(rule) and _added(one, rule) * one.contrast_seen <= 0.0:
        text += "; it owes the sign to momentum, against what the levers add"
    low, high = np.quantile(one.contrast(rule), (0.05, 0.95))
    if not low <= one.contrast_seen <= high:
        more = "more" if _size(one) > abs(float(np.median(one.contrast(rule)))) else "less"
        text += (
            f"; it lies outside the 90{number.NO_BREAK}% interval: these levers moved {more} than other episodes tell"
        )
    return Finding(f"{text}.", numbers | {"counted": seen})


def _verdict(one: EpisodeOutcome, rule: str) -> str:
    seen, error = abs(one.contrast_seen), one.error(rule)
    explained = number.percent(1.0 - error / seen) if seen else number.NONE
    if not (one.sign_right(LEVERS) or one.sign_right(PRACTICE)):
        if _added(one, rule) * one.contrast_seen > 0.0:
            return "levers push the right way, but less than the momentum that the sides had before"
        return "the sign is wrong with both: what happened is not in the levers as the case has them"
    if seen < SMALL:
        return "hardly anything moved, so that the sign teaches little"
    if error >= seen:
        return "a sign at most: it is further off than no difference at all"
    if error > FAR * seen:
        return f"a sign at most: {explained} of the size is explained"
    return f"the sign is right, and {explained} of the size is explained"


def tables(outcomes: Sequence[EpisodeOutcome]) -> list[Table]:
    """Contrasts predicted and counted; scores of the rules; both sides month by month; who is compared."""
    return [_contrasts(outcomes), _scores(run.score(run.scored(outcomes))), _sides(outcomes), _who(outcomes)]


def _contrasts(outcomes: Sequence[EpisodeOutcome]) -> Table:
    rows: list[dict[str, Cell]] = [
        {
            "episode": one.episode.id + (" *" if one.episode.fit == UNTIL else ""),
            "counted": estimate.published(one.contrast_seen, UNIT),
            **{NAMES[rule]: estimate.of(one.contrast(rule), UNIT) for rule in RULES},
        }
        for one in outcomes
    ]
    note = "Log change of covered less uncovered from the three months before, mean of the months"
    note += "; * from a fit to earlier months, not scored." if len(run.scored(outcomes)) < len(outcomes) else "."
    return table.of_rows("contrast of the two sides", rows, note=note)


def _scores(given: Sequence[Score]) -> Table:
    rows: list[dict[str, Cell]] = [
        {
            "rule": NAMES[one.rule],
            "signs right": one.signs,
            "signs of what levers add": one.effect_signs,
            "mean error": one.error,
            "to no difference": one.to_zero,
            "largest left out": one.to_zero_less if np.isfinite(one.to_zero_less) else None,
            "to levers as they were": one.to_panel,
            "inside 80 %": one.held_80 if one.rule != ZERO else None,
            "inside 90 %": one.held_90 if one.rule != ZERO else None,
        }
        for one in given
    ]
    return table.of_rows("rules over all episodes", rows, units={"mean error": UNIT})


def _sides(outcomes: Sequence[EpisodeOutcome]) -> Table:
    rows: list[dict[str, Cell]] = [
        {
            "episode": one.episode.id,
            "month": str(month),
            "side": side,
            "counted": estimate.published(float(one.seen[h, s]), UNIT),
            **{NAMES[rule]: estimate.of(one.predicted[rule][h, s], UNIT) for rule in RULES},
        }
        for one in outcomes
        for h, month in enumerate(one.episode.months)
        for s, side in enumerate(SIDES[:1] if one.episode.level else SIDES)
    ]
    return table.of_rows("both sides by month", rows, note="Log change from the mean of the three months before.")


def _who(outcomes: Sequence[EpisodeOutcome]) -> Table:
    rows: list[dict[str, Cell]] = [
        {
            "episode": one.episode.id,
            "what": one.episode.title,
            "covered": str(one.episode.covered),
            "uncovered": str(one.episode.uncovered) or "nobody: a level",
            "why": one.episode.why,
        }
        for one in outcomes
    ]
    return table.of_rows("who is compared", rows)


def charts(outcomes: Sequence[EpisodeOutcome]) -> list[Chart]:
    """The contrast of every episode, then its two sides."""
    names = [one.episode.title for one in outcomes]
    seen = [one.contrast_seen for one in outcomes]
    drawn = {rule: [one.contrast(rule) for one in outcomes] for rule in RULES}
    sides = tuple(
        _panel(
            title,
            names,
            {rule: [one.predicted[rule][:, s].mean(axis=0) for one in outcomes] for rule in RULES},
            [float(one.seen[:, s].mean()) for one in outcomes],
        )
        for s, title in enumerate(TITLES)
    )
    caption = (
        "Log change from the three months before, mean of the months: dots are medians, bars hold 90 % of draws. Where "
        "there is nobody to compare with, the second side does not move."
    )
    return [
        Chart(
            "episodes",
            Kind.dots,
            "Episodes that the fit never saw: covered less uncovered",
            caption,
            (_panel("", names, drawn, seen),),
            chart.source("usbp_by_origin"),
        ),
        Chart("sides", Kind.dots, "The two sides of every episode", caption, sides, chart.source("usbp_by_origin")),
    ]


def _panel(title: str, names: Sequence[str], drawn: dict[str, list[np.ndarray]], seen: Sequence[float]) -> Panel:
    series = [
        chart.named(
            NAMES[rule],
            [(name, estimate.of(draws)) for name, draws in zip(names, drawn[rule], strict=True)],
            ROLES[rule],
        )
        for rule in RULES
    ]
    counts = Series("counted", tuple(names), tuple(float(f"{value:.5g}") for value in seen), role="figures")
    return Panel((counts, *series), UNIT, title, zero=False)


def caveats(outcomes: Sequence[EpisodeOutcome]) -> list[str]:
    """What the answer cannot tell, the most important first."""
    draws = outcomes[0].predicted[LEVERS].shape[-1]
    few = [estimate.FEW.format(draws=draws)] if draws < estimate.FEWEST else []
    total = counted(len(run.scored(outcomes)), "episode")
    apart = [APART] if len(run.scored(outcomes)) < len(outcomes) else []
    return [
        *few,
        *apart,
        f"Signs of {total} are weak evidence, and whatever else set the sides apart in those months is in what was "
        "counted.",
        RULE,
    ]


def dataset(outcomes: Sequence[EpisodeOutcome]) -> xr.Dataset:
    """What was predicted and counted, by episode, month of it, side, rule and draw."""
    longest = max(len(one.episode.months) for one in outcomes)
    draws = outcomes[0].predicted[LEVERS].shape[-1]
    predicted = np.full((len(outcomes), len(RULES), longest, len(SIDES), draws), np.nan)
    seen = np.full((len(outcomes), longest, len(SIDES)), np.nan)
    for place, one in enumerate(outcomes):
        seen[place, : len(one.seen)] = one.seen
        for k, rule in enumerate(RULES):
            predicted[place, k, : len(one.seen)] = one.predicted[rule]
    contrast = np.stack([[one.contrast(rule) for rule in RULES] for one in outcomes])
    what = "log change of encounters from the mean of the three months before"
    scores = run.score(run.scored(outcomes))
    variables = {
        "predicted": xr.Variable(("episode", "rule", "step", "side", "draw"), predicted, _attrs(f"predicted {what}")),
        "counted": xr.Variable(("episode", "step", "side"), seen, _attrs(f"counted {what}")),
        "contrast": xr.Variable(
            ("episode", "rule", "draw"), contrast, _attrs("covered less uncovered, mean of the months")
        ),
        "contrast_counted": xr.Variable(
            "episode", np.array([one.contrast_seen for one in outcomes]), _attrs("the same as counted")
        ),
        "error": xr.Variable("scored", np.array([one.error for one in scores]), _attrs("mean error of the contrast")),
        "log_density": xr.Variable(
            "episode",
            np.array([one.fit[0] for one in outcomes]),
            {"units": "log density", "long_name": "where the fit without these months ended"},
        ),
    }
    coords = {
        "episode": [one.episode.id for one in outcomes],
        "rule": list(RULES),
        "step": list(range(1, longest + 1)),
        "side": list(SIDES),
        "scored": [one.rule for one in scores],
    }
    return xr.Dataset(variables, coords)


def _attrs(what: str) -> dict[str, str]:
    return {"units": UNIT, "long_name": what}


def _added(one: EpisodeOutcome, rule: str) -> float:
    return float(np.median(one.effect(rule)))


def _size(one: EpisodeOutcome) -> float:
    return abs(one.contrast_seen)


def _error(one: Score) -> float:
    return one.error


def _count(value: int) -> Estimate:
    return _exact(float(value), "episodes")


def _exact(value: float, unit: str) -> Estimate:
    return Estimate(value, value, value, unit, None, Basis.learned)
