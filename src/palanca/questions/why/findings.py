"""A change shared out, in sentences: what made it, whom it touches, what sources claim, and what cannot be told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from palanca.questions import outcomes
from palanca.questions.why import causes
from palanca.questions.why.causes import GROUPS, members
from palanca.questions.why.claims import ClaimVerdict, clear, robust, verdict
from palanca.questions.why.shared_out import HARM, SharedOut, joined, of_rival, own_shocks, what
from palanca.questions.why.shares import Why
from palanca.show import estimate, number, sentence
from palanca.show.answer import Finding
from palanca.show.estimate import Basis, Estimate

NOT_MUCH = 0.01  # shares of the change below it are not named
LEADING = 3
STRENGTH = "how strong a declared lever is, is judged and not measured"
STOPS = "published stops tell the two together better than either"


def of_change(made: SharedOut) -> list[Finding]:
    """What a reader should take away, in order of importance; harm comes third."""
    return [
        change(made.found),
        *_explained(made),
        harm(made.found),
        *_declared(made),
        *claimed(made),
        *_unclear(made),
        *_single(made),
        *_orders(made),
        *_rival(made),
    ]


def change(found: Why) -> Finding:
    """How far the outcome rose or fell."""
    name, first, last = what(found), *(number.month_name(str(month)) for month in found.months)
    head = name[:1].upper() + name[1:]
    if found.figures is not None:
        before, after = found.figures
        way = "fell" if after < before else "rose"
        text = (
            f"{head} {way} by {number.whole(abs(after - before))} ({number.percent(abs(after / before - 1.0))}) from "
            f"{first} to {last}: from {number.whole(before)} to {number.whole(after)}."
        )
        unit = found.asked.outcome.unit
        sizes = {"before": before, "after": after, "change": after - before}
        return Finding(text, {label: estimate.published(value, unit) for label, value in sizes.items()})
    then, now, gap = (
        estimate.of(draws, found.asked.outcome.unit, basis=found.asked.outcome.least(found.case))
        for draws in (found.before, found.after, found.change)
    )
    ends = f"from {sentence.amount(then)} to {sentence.amount(now)}"
    if not gap.clear:
        text = f"{head} went {ends} from {first} to {last}; whether that is a rise or a fall, the model cannot tell."
    else:
        size, interval = number.with_interval(abs(gap.estimate), *sorted((abs(gap.low), abs(gap.high))))
        text = f"{head} {'fell' if gap.high < 0.0 else 'rose'} by {size} {interval} from {first} to {last}: {ends}."
    return Finding(text, {"change": gap, "before": then, "after": now})


def _explained(made: SharedOut) -> list[Finding]:
    """Groups of causes that pushed the way it went, then those that pushed against it."""
    known = clear(made.found)
    parts = {name: made.percent(members(name)) if known else made.amount(members(name)) for name in GROUPS}
    least = NOT_MUCH * (100.0 if known else abs(float(np.mean(made.found.change))))
    few = next(iter(parts.values())).level is None
    told = {name: one for name, one in parts.items() if (one.clear or few) and abs(one.estimate) >= least}
    up = {name: one for name, one in told.items() if one.estimate > 0.0}
    down = {name: one for name, one in told.items() if one.estimate < 0.0}
    if not told:
        return []
    if known:
        text = f"Of that {made.noun}, {_made(made, up, verb=' made', percent=True)}." if up else ""
        text += f" Against it worked {_made(made, down, percent=True)}." if down else ""
    else:
        text = f"Raised it: {_made(made, up)}." if up else ""
        text += f" Lowered it: {_made(made, down)}." if down else ""
    text += f" These are medians of {made.found.before.size} draws, too few for an interval." if few else ""
    ordered = {name: told[name] for name in (*_by_size(up), *_by_size(down))}
    return [Finding(text.strip(), {causes.group_label(made.found.case, name): one for name, one in ordered.items()})]


def _made(made: SharedOut, parts: dict[str, Estimate], *, verb: str = "", percent: bool = False) -> str:
    """Groups with the sizes of their parts; the verb stands once, behind the first."""
    texts = []
    for place, name in enumerate(_by_size(parts)):
        said = verb if place == 0 else ""
        texts.append(f"{causes.group_words(made.found.case, name)}{said} {_size(parts[name], percent=percent)}")
    return joined(texts)


def _by_size(parts: dict[str, Estimate]) -> list[str]:
    return sorted(parts, key=lambda name: -abs(parts[name].estimate))


def _size(given: Estimate, *, percent: bool) -> str:
    """The size of a part without its sign: `33 % [31, 35]`."""
    sign = 1.0 if given.estimate >= 0.0 else -1.0
    near, far = sorted((sign * given.low, sign * given.high))
    plain = replace(given, estimate=abs(given.estimate), low=near, high=far)
    return share(plain) if percent else str(plain)


def share(given: Estimate) -> str:
    """A share of the change, to whole percent: `33 % [31, 35]`."""
    ends = ", ".join(number.percent(end / 100.0).removesuffix(f"{number.NO_BREAK}%") for end in (given.low, given.high))
    return f"{number.percent(given.estimate / 100.0)} [{ends}]"


def harm(found: Why) -> Finding:
    """Deaths and people on hold in both months."""
    numbers: dict[str, Estimate] = {}
    texts = []
    for name, words in HARM.items():
        unit = outcomes.OUTCOMES[name].unit
        then, now = (estimate.of(draws, unit) for draws in found.harm[name])
        texts.append(f"{words} {sentence.amount(then)}, then {sentence.amount(now)}")
        numbers |= {f"{words}, before": then, f"{words}, after": now}
    return Finding(f"For people on the move, a month and as the model has it: {'; '.join(texts)}.", numbers)


def _declared(made: SharedOut) -> list[Finding]:
    """What levers declare of enforcement, and what is known of enforcement in all."""
    if "declared" not in made.found.moved or not clear(made.found):
        return []
    case = made.found.case
    part, rest, both = (made.percent(names) for names in (["declared"], ["delivered"], ["declared", "delivered"]))
    text = (
        f"{causes.words(case, 'declared')} made {share(part)} of the {made.noun}, and enforcement beyond that "
        f"{share(rest)}: {STRENGTH}. Together they made {share(both)}; {STOPS}."
    )
    return [Finding(text, {"as declared": part, "beyond that": rest, "together": both})]


def claimed(made: SharedOut) -> list[Finding]:
    """What each source says, beside what the model finds of the causes that it names."""
    known, found = clear(made.found), []
    for claim in made.claims:
        result = verdict(claim, made.found)
        words = causes.group_words(made.found.case, claim.group)
        stated = f" ({claim.number})" if claim.number else ""
        head = f"{claim.source} says: {claim.text.rstrip('.')}{stated}. The model on {words}: "
        if result is ClaimVerdict.unmoved:
            found.append(Finding(f"{head}{result}.", basis=Basis.published))
            continue
        part = made.percent(members(claim.group)) if known else made.amount(members(claim.group))
        size = f"{share(part)} of the {made.noun}" if known else f"{sentence.change(part)} {made.unit}"
        found.append(Finding(f"{head}{size}; {result}.", {words: part}))
    return found


def _unclear(made: SharedOut) -> list[Finding]:
    parts = {name: made.amount(members(name)) for name in GROUPS}
    unclear = {name: one for name, one in parts.items() if not one.clear and (one.low or one.high)}
    if not unclear or made.found.before.size < estimate.FEWEST:
        return []
    texts = [
        f"{causes.group_words(made.found.case, name)} [{number.signed(one.low)}, {number.signed(one.high)}]"
        for name, one in unclear.items()
    ]
    text = f"The model cannot tell whether these raised or lowered it: {joined(texts)} {made.unit}."
    return [Finding(text, {causes.group_label(made.found.case, name): one for name, one in unclear.items()})]


def _single(made: SharedOut) -> list[Finding]:
    """The origins whose own new shocks weigh most, where these have a part of their own."""
    found = made.found
    own = estimate.of(found.people["own"])
    if found.asked.name != "encounters" or not own.clear:
        return []
    sizes = {code: own_shocks(draws) for code, draws in found.single.items()}
    most = sorted(sizes, key=lambda code: sizes[code].estimate * np.sign(own.estimate), reverse=True)[:LEADING]
    most = [code for code in most if sizes[code].clear and sizes[code].estimate * own.estimate > 0.0]
    if not most:
        return []
    named = {code: found.case.origins[code].name for code in most}
    text = (
        f"Shocks of single origins were largest for {joined([f'{named[c]} {sentence.change(sizes[c])}' for c in most])}"
    )
    text += " events a month, each by itself."
    apart = [named[code] for code in most if code in found.singled]
    if apart:
        text += f" Levers moved for {joined(apart)} and not for all: part of these shocks may be policy."
    return [Finding(text, {named[code]: sizes[code] for code in most})]


def _orders(made: SharedOut) -> list[Finding]:
    if not clear(made.found):
        return []
    ways, case = robust(made.found), made.found.case
    parts = ways.ways.get("transit")
    kept = (
        "the largest part is the same"
        if ways.holds
        else f"the largest part is {joined([causes.group_words(case, one) for one in ways.leaders], 'or')}"
    )
    text = f"Counted first of all causes, last of all, or by groups instead of over all orders, {kept}"
    if parts is not None:
        low, high = (number.percent(value) for value in (min(parts), max(parts)))
        text += f"; {causes.group_words(case, 'transit')} make {low} to {high} of the {made.noun} on average"
    return [Finding(f"{text}.", basis=Basis.learned)]


def _rival(made: SharedOut) -> list[Finding]:
    rival = made.rival
    if rival is None:
        return []
    apart, season = (of_rival(rival, name) for name in ("apart", "season"))
    transit = causes.names(made.found.case)["transit"]
    text = (
        f"Without the model, {share(apart)} of the {made.noun} set others apart from nationals of "
        f"{transit}, whom it does not stop: the most that its enforcement can have done, with much else in it. The "
        f"season made {share(season)}."
    )
    return [Finding(text, {"others than nationals": apart, "season": season})]
