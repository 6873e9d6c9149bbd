"""Episodes predicted and seen, and one month's change taken apart: what the numbers say, sentence by sentence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from palanca.core.wording import counted
from palanca.evidence.episodes import LEVERS, NO_EFFECT, PRACTICE, ZERO, Outcome, Score
from palanca.questions.why.decompose import Shares
from palanca.questions.why.differences import Differences
from palanca.view.theme import MINUS, month_name, percent

SMALL = 0.1  # contrasts below it are small beside the monthly scatter of any two groups [log points]
FAR = 0.8  # an error above this share of what was seen leaves hardly anything explained
LEVELS = (0.05, 0.5, 0.95)
YEARS = 10  # years before with which a month is compared
NAMES = {
    NO_EFFECT: "no effect: levers as they were",
    LEVERS: "levers as declared",
    PRACTICE: "what followed encounters",
}


def lesson(one: Outcome) -> str:
    """What an episode teaches, chosen by its numbers."""
    rule = best(one)
    said = (
        f"{one.episode.title} ({month_name(str(one.episode.months[0]))}): seen {signed(one.contrast_seen)}, "
        f"predicted {signed(_middle(one, LEVERS))} from levers as declared, {signed(_middle(one, PRACTICE))} with what "
        f"followed encounters, {signed(_middle(one, NO_EFFECT))} without effect; {_verdict(one, rule)}"
    )
    if one.sign_right(rule) and _added(one, rule) * one.contrast_seen <= 0.0:
        said += "; it owes the sign to momentum, against what the levers add"
    if not held(one, rule):
        more = "more" if abs(one.contrast_seen) > abs(_middle(one, rule)) else "less"
        said += f"; it lies outside the 90 % interval: these levers moved {more} than other episodes tell"
    return f"{said}."


def best(one: Outcome) -> str:
    """Which of the two rules with levers came closer."""
    return min((LEVERS, PRACTICE), key=one.error)


def held(one: Outcome, rule: str) -> bool:
    """Whether the 90 % interval of a rule held the contrast."""
    low, high = np.quantile(one.contrast(rule), (0.05, 0.95))
    return bool(low <= one.contrast_seen <= high)


def headline(given: Sequence[Score], outcomes: Sequence[Outcome]) -> list[str]:
    """What all episodes say together."""
    rows = {one.rule: one for one in given}
    chosen, none = min((rows[LEVERS], rows[PRACTICE]), key=lambda one: one.error), rows[NO_EFFECT]
    most = max(outcomes, key=lambda one: abs(one.contrast_seen))
    weight = abs(most.contrast_seen) / sum(abs(one.contrast_seen) for one in outcomes)
    total = counted(len(outcomes), "episode")
    return [
        f"{total}, each predicted by a fit that never saw its months: the sign of the contrast is right in "
        f"{rows[LEVERS].signs} with levers as declared and in {rows[PRACTICE].signs} with what followed encounters.",
        f"Its mean error is {chosen.error:.2f} log points with {NAMES[chosen.rule]}: {chosen.to_zero:.2f} of that of "
        f"no difference at all ({rows[ZERO].error:.2f}), {chosen.to_panel:.2f} of that of what the panel expected of "
        f"both sides ({none.error:.2f}).",
        f"The largest contrast, {most.episode.title}, is {percent(100.0 * weight)} of what there is to explain; "
        f"without it the error is {chosen.to_zero_less:.2f} of that of no difference.",
        f"The 90 % intervals held {chosen.held_90} of {len(outcomes)} contrasts.",
        f"The no-effect rule has {counted(none.signs, 'sign')} right as well, from momentum; what the levers add to it "
        f"has the right sign in {chosen.effect_signs}. Signs of {total} are weak evidence.",
    ]


def apart_says(shares: Shares, apart: Differences) -> list[str]:
    """What the two ways of taking a change apart find, and what neither can tell."""
    month, seen = month_name(str(shares.month)), shares.seen
    low, mid, high = (float(q) for q in np.quantile(shares.parts["declared"] + shares.parts["delivered"], LEVELS))
    recent = [change for year, change in apart.same_month.items() if 0 < shares.month.year - year <= YEARS]
    falls = sum(change < 0.0 for change in recent)
    return [
        f"From {month_name(str(shares.month + (-1)))} to {month} encounters changed by {signed(seen)} log points.",
        f"By the model Mexico's effort made {signed(mid)} [{signed(low)} to {signed(high)}] of it, "
        f"{percent(100.0 * mid / seen)}; without the model, {signed(apart.parts['apart'])} "
        f"[{signed(apart.low['apart'])} to {signed(apart.high['apart'])}] set others apart from Mexicans, whatever "
        "the cause.",
        f"A gap as large came in {percent(100.0 * apart.rarer)} of the months without an episode.",
        f"Others than Mexicans fell into {month.split()[0]} in {falls} of the {counted(len(recent), 'year')} before; "
        f"the mean change was {signed(float(np.mean(recent)))}: season, or policy that came in those years; the "
        "figures cannot tell.",
        "The model's intervals are those of its parameters and of what is shared, given its equations: that those whom "
        "Mexico stops would else have been encountered. How its effort divides into declared and delivered is a "
        "judgement of the case; their sum rests on published stops.",
    ]


def signed(value: float) -> str:
    """Log points with their sign: `−0.70`, `+0.12`."""
    return f"{value:+.2f}".replace("-", MINUS)


def _middle(one: Outcome, rule: str) -> float:
    return float(np.median(one.contrast(rule)))


def _added(one: Outcome, rule: str) -> float:
    return float(np.median(one.effect(rule)))


def _verdict(one: Outcome, rule: str) -> str:
    seen, error = abs(one.contrast_seen), one.error(rule)
    explained = percent(100.0 * (1.0 - error / seen))
    if not (one.sign_right(LEVERS) or one.sign_right(PRACTICE)):
        if _added(one, rule) * one.contrast_seen > 0.0:
            said = "levers push the right way, but less than the momentum that the sides had before"
        else:
            said = "the sign is wrong with both: what set the sides apart is not in the levers as the case has them"
    elif seen < SMALL:
        said = "the sides hardly parted, so that the sign teaches little"
    elif error >= seen:
        said = "a sign at most: it is further off than no difference at all"
    elif error > FAR * seen:
        said = f"a sign at most: {explained} of the size is explained"
    else:
        said = f"the sign is right, and {explained} of the size is explained"
    return said
