"""A change shared out among its causes, in sentences that could be printed: what is found and what cannot be told."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from palanca.core.wording import counted
from palanca.questions.outcomes import Asked
from palanca.questions.why.causes import CAUSES, GROUPS, PIPELINE, UNDER_WAY, names
from palanca.questions.why.differences import Differences
from palanca.questions.why.episodes import Claim, Robust, Told, robust
from palanca.questions.why.shares import Why, members
from palanca.view.episode_prose import signed
from palanca.view.theme import month_name, percent, rounded, whole

LEVELS = (0.05, 0.95)
MOST_NAMED = 3
STEADY = 1.0 / 3.0  # the ends of a change's interval differ by less than this factor where shares of it are given
NOT_MUCH = 0.01  # shares of the change below it are none
IN_WORDS = {
    "transit": "{transit}'s levers and enforcement",
    "destination": "{destination}'s own levers",
    "news": "words newly spoken",
    "practice": "what followed stops and encounters beyond declared levers",
    "season": "the season",
    "shocks": "shocks that the model does not explain",
    "others": "other causes (jobs, third countries)",
    UNDER_WAY: "what was already under way",
}
CAUTION = (
    "Shocks are what levers, season and all else that is modelled leave over: a policy that did more than its lever "
    "says is among them, and no figure can tell it from chance. Intervals are those of parameters and of what origins "
    "share, given the model's equations."
)


def headline(found: Why) -> list[str]:
    """The change and what it is made of, sentence by sentence."""
    return [_change(found), *_explained(found), *_single(found), *_unclear(found), *_doubts(found)]


def beside(found: Why, apart: Differences | None = None) -> list[str]:
    """What to hold against it: other ways of counting, and a rival without the model."""
    said = [_orders(found, robust(found))] if clear(found) else []
    if apart is not None:
        said.append(_rival(found, apart))
    return said


def harm(found: Why) -> str:
    """Deaths and people on hold over the same months."""
    deaths, held = (found.harm[name] for name in ("deaths", "held"))
    return (
        f"In the same months deaths on the way went from {_between(deaths[0])} to {_between(deaths[1])} a month, "
        f"people waiting on hold in the corridor from {_between(held[0])} to {_between(held[1])}, as the model has "
        "them."
    )


def claimed(found: Why, given: Sequence[Claim]) -> list[str]:
    """What sources say, each beside the share of the causes that it names."""
    return [_claim(found, one) for one in given]


def episode(told: Told) -> list[str]:
    """One change with what sources claim of it."""
    return [_change(told.why), harm(told.why), *claimed(told.why, told.change.claims)]


def lesson(given: Sequence[Told]) -> str:
    """What all changes say together."""
    ways = [robust(one.why) for one in given]
    firm = sum(one.holds for one in ways)
    led = [span(one.why) for one, way in zip(given, ways, strict=True) if way.leader == "shocks"]
    transit = names(given[0].why.case)["transit"]
    middles = [100.0 * float(np.median(one.why.group("transit") / one.why.change)) for one in given]
    return (
        f"In {counted(len(given), 'change')} {transit}'s levers and enforcement made "
        f"{_percents(min(middles), max(middles))} of the change at the median; shocks that the model does not explain "
        f"are the largest part in {len(led)}. The largest part is the same in {firm} of {len(given)} whether causes "
        "are counted first, last, over all orders or in groups."
    )


def label(found: Why, cause: str) -> str:
    """What a cause is, with the governments' names."""
    one = PIPELINE if cause == UNDER_WAY else CAUSES[cause]
    return _capital(one.label.format(**names(found.case)))


def group(found: Why, name: str) -> str:
    """Heading of a group of causes."""
    return _capital(GROUPS[name].format(**names(found.case)).replace("States's", "States'"))


def said(found: Why, values: np.ndarray) -> str:
    """What an interval says of the sign of a share."""
    low, high = np.quantile(values, LEVELS)
    least = NOT_MUCH * abs(float(np.mean(found.change)))
    if max(abs(low), abs(high)) <= least:
        return "no part in it"
    if low < 0.0 < high:
        return "cannot be told"
    return "raised it" if low >= 0.0 else "lowered it"


def title(asked: Asked, found: Why) -> str:
    """The outcome as a heading names it."""
    return _capital(asked.outcome.what) + _part(found)


def span(found: Why) -> str:
    """The two months in words."""
    first, last = (month_name(str(month)) for month in found.months)
    return f"{first} to {last}"


def _change(found: Why) -> str:
    first, last = (month_name(str(month)) for month in found.months)
    what = title(found.asked, found)
    if found.figures is not None:
        before, after = found.figures
        way = "fell" if after < before else "rose"
        return (
            f"{what} {way} by {whole(abs(after - before))} between {first} and {last}, from {whole(before)} to "
            f"{whole(after)}, a change of "
            f"{'+' if after > before else ''}{percent(100.0 * (after / before - 1.0))}."
        )
    low, high = np.quantile(found.change, LEVELS)
    start, end = (rounded(float(np.median(one))) for one in (found.before, found.after))
    ends = f"from about {start} to {end}"
    if low < 0.0 < high:
        return f"{what}: {ends} between {first} and {last}; the model cannot tell whether it rose or fell."
    way, sizes = ("fell", (-high, -low)) if high <= 0.0 else ("rose", (low, high))
    return f"{what} {way} by {_range(*sizes)} between {first} and {last}, {ends} as the model has it."


def _explained(found: Why) -> list[str]:
    """Groups that pushed the way it went, then those that pushed against it."""
    if not clear(found):
        return _by_size(found)
    total = found.change
    noun = "fall" if float(np.mean(total)) < 0.0 else "rise"
    with_it: list[tuple[float, str]] = []
    against: list[tuple[float, str]] = []
    for name in GROUPS:
        low, high = (100.0 * float(one) for one in np.quantile(found.group(name) / total, LEVELS))
        if low > 0.0 and high >= 100.0 * NOT_MUCH:
            with_it.append((low + high, f"{_words(found, name)} {_percents(low, high)}"))
        elif high < 0.0 and low <= -100.0 * NOT_MUCH:
            against.append((low, f"{_words(found, name)} ({_percents(-high, -low)})"))
    lines = []
    if with_it:
        made = _joined([text for _, text in sorted(with_it, reverse=True)])
        lines.append(f"What made up the {noun}, with 90\u00a0% intervals: {made}.")
    if against:
        back = _joined([text for _, text in sorted(against)])
        lines.append(f"Against it worked {back}; without that the {noun} would have been larger.")
    return lines


def _by_size(found: Why) -> list[str]:
    """Groups that lowered and raised a change that is itself not well known, by how much."""
    lines = []
    for way, sign in (("Lowered", -1.0), ("Raised", 1.0)):
        sizes = [
            (
                float(np.mean(sign * found.group(name))),
                f"{_words(found, name)} by {_range(*_ends(sign * found.group(name)))}",
            )
            for name in GROUPS
            if said(found, found.group(name)) == f"{way.lower()} it"
        ]
        if sizes:
            lines.append(f"{way} it: {_joined([text for _, text in sorted(sizes, reverse=True)])}.")
    return lines


def _single(found: Why) -> list[str]:
    """The origins whose own new shocks weigh most, where these have a part of their own."""
    whole_count = found.asked.outcome.name == "encounters" and not found.asked.part
    if not whole_count or said(found, found.people["own"]) not in ("raised it", "lowered it"):
        return []
    sign = np.sign(float(np.mean(found.people["own"])))
    clear = {
        code: draws
        for code, draws in found.single.items()
        if sign * float(np.quantile(draws, LEVELS[0 if sign > 0.0 else 1])) > 0.0
    }
    most = sorted(clear, key=lambda code: -sign * float(np.mean(clear[code])))[:MOST_NAMED]
    if not most:
        return []
    told = [f"{found.case.origins[code].name} ({_range(*sorted(_ends(sign * clear[code])))})" for code in most]
    way = "raised" if sign > 0.0 else "lowered"
    line = f"New shocks of single origins {way} it most for {_joined(told)}, each counted by itself [events a month]."
    apart = [found.case.origins[code].name for code in most if code in found.singled]
    if apart:
        line += (
            f" Levers moved for {_joined(apart)} and not for all: what passes for a shock there may be policy that did "
            "more than the model learned of it."
        )
    return [line]


def _ends(values: np.ndarray) -> tuple[float, float]:
    low, high = np.quantile(values, LEVELS)
    return float(low), float(high)


def _unclear(found: Why) -> list[str]:
    unclear = [name for name in GROUPS if said(found, found.group(name)) == "cannot be told"]
    inside = [
        name
        for name in CAUSES
        if CAUSES[name].group not in unclear and said(found, found.people[name]) == "cannot be told"
    ]
    which = [_words(found, name) for name in unclear]
    which += [_possessive(CAUSES[name].words.format(**names(found.case))) for name in inside]
    return [f"The figures cannot tell whether {_joined(which, 'or')} raised or lowered it."] if which else []


def _doubts(found: Why) -> list[str]:
    return [f"{label(found, name)}: cannot be told apart, for {why}." for name, why in found.doubts.items()]


def _orders(found: Why, ways: Robust) -> str:
    parts = ways.ways.get("transit", (0.0,) * 4)
    low, high = (round(100.0 * one) + 0.0 for one in (min(parts), max(parts)))
    transit = names(found.case)["transit"]
    kept = (
        "the largest part stays the same"
        if ways.holds
        else f"the largest part is then {_joined([_words(found, one) for one in dict.fromkeys(ways.others)], 'or')}"
    )
    return (
        f"Counted first of all causes, last of all, or by groups of causes instead of over all orders, "
        f"{transit}'s part is {_percents(low, high)} of the change on average; {kept}."
    )


def _rival(found: Why, apart: Differences) -> str:
    low, high = sorted(100.0 * one / apart.seen for one in (apart.low["apart"], apart.high["apart"]))
    first, last = sorted(100.0 * one / apart.seen for one in (apart.low["season"], apart.high["season"]))
    transit = names(found.case)["transit"]
    return (
        f"Without the model, {percent(100.0 * apart.parts['apart'] / apart.seen)} [{percent(low)} to {percent(high)}] "
        f"of the change ({signed(apart.parts['apart'])} of {signed(apart.seen)} log points) set others apart from "
        f"nationals of {transit}, whom it does not stop: the most that its enforcement can be given, with much else "
        f"in it; the season made {percent(100.0 * apart.parts['season'] / apart.seen)} [{percent(first)} to "
        f"{percent(last)}]."
    )


def _claim(found: Why, claim: Claim) -> str:
    stated = f" ({claim.number})" if claim.number else ""
    head = f"{claim.source}: {claim.says.rstrip('.')}{stated}."
    words = _words(found, claim.group)
    if not any(name in (*found.moved, UNDER_WAY) for name in members(claim.group)):
        return f"{head} Here: {words} did not move."
    low, high = (float(one) for one in np.quantile(found.group(claim.group), LEVELS))
    part = f" ({_of_change(found, claim.group)})" if clear(found) else ""
    way = said(found, found.group(claim.group)).removesuffix(" it")
    if way not in ("raised", "lowered"):
        return f"{head} Here: {words}, {_range(low, high)}{part}: the sign cannot be told."
    sizes = (low, high) if way == "raised" else (-high, -low)
    verdict = "the way it says" if way == claim.way else "not the way it says"
    return f"{head} Here: {words} {way} it by {_range(*sizes)}{part}, {verdict}."


def _of_change(found: Why, name: str) -> str:
    low, high = (100.0 * float(one) for one in np.quantile(found.group(name) / found.change, LEVELS))
    noun = "fall" if float(np.mean(found.change)) < 0.0 else "rise"
    return f"{_percents(low, high)} of the {noun}"


def clear(found: Why) -> bool:
    """Whether the change is known well enough that shares of it mean something."""
    low, high = np.quantile(found.change, LEVELS)
    return bool(low * high > 0.0 and min(abs(low), abs(high)) >= STEADY * max(abs(low), abs(high)))


def _words(found: Why, name: str) -> str:
    return _possessive(IN_WORDS[name].format(**names(found.case)))


def _possessive(text: str) -> str:
    return text.replace("States's", "States'")


def _percents(low: float, high: float) -> str:
    a, b = (f"{one:.0f}".replace("-0", "0").replace("-", "\u2212") for one in (low, high))
    return f"{a}\u00a0%" if a == b else f"{a} to {b}\u00a0%"


def _range(low: float, high: float) -> str:
    return f"{rounded(low, 2)} to {rounded(high, 2)}"


def _between(values: np.ndarray) -> str:
    low, mid, high = (rounded(float(one), 2) for one in np.quantile(values, (0.05, 0.5, 0.95)))
    return f"{mid} [{low} to {high}]"


def _part(found: Why) -> str:
    part = found.asked.part
    if not part:
        return ""
    case = found.case
    named = {code: one.name for code, one in case.origins.items()}
    named |= {code: one.name for code, one in case.groups.items()}
    named |= {code: one.name for code, one in case.sectors.items()}
    return f" ({named.get(part, part)})"


def _joined(parts: Sequence[str], word: str = "and") -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
