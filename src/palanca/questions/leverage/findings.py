"""What leverage amounts to in sentences: who would have come, harm, what others could do, payoffs, issues."""

from __future__ import annotations

import numpy as np

from palanca.questions.leverage.held import LeverageResults, Worth, better, chance, months, the
from palanca.questions.leverage.run import ANSWERED, LIMITED, STOPPED
from palanca.show import estimate, number, sentence
from palanca.show.answer import Finding
from palanca.show.estimate import Basis, Estimate

LEADING = 3  # origins named in a sentence
SURE, UNLIKELY = 0.9, 0.1  # a chance between them leaves a sign open


def of(held: LeverageResults) -> list[Finding]:
    """What a reader should take away; harm comes second."""
    if not held.moves:
        return _none(held)
    found = [_people(held), _harm(held), _others(held)]
    if len(held.found.months) > 1:
        found.append(_peaks(held))
    found.append(_origins(held))
    return found if held.worth is None else [*found, *_payoffs(held, held.worth)]


def _people(held: LeverageResults) -> Finding:
    lead = held.scope.lead
    more = held.more("encounters", STOPPED, lead)
    then = estimate.published(float(np.median(held.recorded("encounters", lead)[held.at])), "events / month")
    text = (
        f"Had {the(held.country)} stopped for {months(lead)} from {number.month_name(str(held.found.months[held.at]))}"
    )
    text += f", there would have been {sentence.more(more, 'encounters a month')}"
    if more.clear:
        share = abs(more.estimate) / then.estimate if then.estimate else 0.0
        text += f": {number.percent(share)} of the {number.number(then.estimate)} recorded"
    if len(held.found.months) > 1:
        text += ", the most of all months asked for"
    return Finding(f"{text}.", {"further encounters": more, "encounters as recorded": then})


def _harm(held: LeverageResults) -> Finding:
    lead = held.scope.lead
    deaths, hold = (held.more(name, STOPPED, lead) for name in ("deaths", "held"))
    text = f"For people on the move: {sentence.more(deaths, 'deaths on the way a month')}; "
    text += f"{sentence.more(hold, 'people on hold')} at the end."
    return Finding(text, {"deaths": deaths, "people on hold": hold})


def _others(held: LeverageResults) -> Finding:
    """What is left once other governments respond, and once the destination uses its own limits."""
    last, lead = held.scope.lengths[-1], held.scope.lead
    answered = estimate.rests(100.0 * held.kept(ANSWERED, last), held.inputs, "percent")
    numbers = {"left once governments respond": answered}
    text = (
        f"With other governments responding as they did before, {_percent(answered)} of it is left after {months(last)}"
    )
    if LIMITED in held.found.worlds:
        limited = estimate.rests(100.0 * held.kept(LIMITED, lead), held.inputs, "percent")
        numbers["left under own limits"] = limited
        text += f"; with the destination's own limits as far as law allows, {_percent(limited)} comes all the same"
    return Finding(f"{text}.", numbers)


def _peaks(held: LeverageResults) -> Finding:
    """Where encounters themselves were highest: leverage is another thing."""
    lead = held.scope.lead
    came = np.median(held.recorded("encounters", lead), axis=-1)
    peak = int(np.argmax(came))
    more = held.more("encounters", STOPPED, lead, peak)
    text = f"Encounters themselves were highest from {number.month_name(str(held.found.months[peak]))} on, at "
    text += f"{number.number(float(came[peak]))} a month, when stopping would have brought "
    return Finding(f"{text}{sentence.more(more, 'encounters a month')}.", {"further encounters at the peak": more})


def _origins(held: LeverageResults) -> Finding:
    more = held.found.by_origin(STOPPED, held.scope.lead)[held.at]
    order = np.argsort(-np.median(more, axis=-1))[:LEADING]
    codes = list(held.names)
    named = {held.names[codes[place]]: estimate.rests(more[place], held.inputs, "events / month") for place in order}
    text = ", ".join(f"{name} {sentence.change(one)}" for name, one in named.items())
    return Finding(f"Most of those who would have come are from {text} a month.", named)


def _payoffs(held: LeverageResults, worth: Worth) -> list[Finding]:
    depends = the(worth.parties[worth.depends])
    place = int(np.argmax(np.median(worth.sensitivity, axis=-1))) if len(held.found.months) > 1 else 0
    at_once, after = (
        estimate.rests(values[place], worth.inputs, worth.unit) for values in (worth.sensitivity, worth.vulnerability)
    )
    when = f"Stopping from {number.month_name(str(held.found.months[place]))} would cost {depends} "
    text = f"{when}{sentence.amount(at_once)} at once and {sentence.amount(after)} after using its own means, in "
    found = [Finding(f"{text}{worth.unit}.", {"sensitivity": at_once, "vulnerability": after})]
    return found if worth.payoffs is None else [*found, *_use(held, worth), *_shares(held, worth)]


def _use(held: LeverageResults, worth: Worth) -> list[Finding]:
    """Whether the holder could use its leverage, and what it buys."""
    given, holder = worth.payoffs, the(held.country)
    assert given is not None
    stopping = estimate.rests(given.stopping, worth.inputs, worth.unit, sign_assumed=True)
    usable = estimate.rests(100.0 * given.usable_share, worth.inputs, "percent")
    hurts = number.percent(chance(given.stopping < 0.0, given.stopping))
    first = (
        f"By itself, stopping would change the payoff of {holder} by {sentence.change(stopping)}: it would hurt itself "
    )
    first += f"in {hurts} of draws. Suiting itself alone, it would let {_percent(usable)} of those through."
    bought = estimate.rests(given.realised, worth.inputs, worth.unit, least=Basis.assumed)
    second = f"What the dependence buys {holder} in the deal of the month is {sentence.amount(bought)}"
    if bought.low < 0.0 < bought.high:
        second = f"Whether the dependence buys {holder} anything in the deal of the month, the model cannot tell"
        second += f" [{number.signed(bought.low)} to {number.signed(bought.high)}]"
    every, each = better(given)
    by = ", ".join(f"{the(party)} {number.percent(one)}" for party, one in zip(worth.parties, each, strict=True))
    third = f"Political issues on the table leave all parties better off in {number.percent(every)} of draws ({by}): "
    third += f"by these beliefs {_conversion(every)}."
    return [
        Finding(first, {"stopping": stopping, "usable share": usable}),
        Finding(f"{second}.", {"realised": bought}),
        Finding(third, basis=Basis.assumed),
    ]


def _shares(held: LeverageResults, worth: Worth) -> list[Finding]:
    found = worth.sharing
    if found is None:
        return []
    if not found.issues:
        return [Finding("No issue could be traded in this month.", basis=Basis.assumed)]
    said, numbers = [], {}
    for place, party in enumerate(worth.parties):
        each = found.shares[:, :, place]
        top = int(np.argmax(np.nanmedian(each, axis=0)))
        issue = found.issues[top].replace("_", " ")
        one = estimate.rests(each[:, top], worth.inputs, worth.unit, least=Basis.assumed)
        numbers[f"{party}: {issue}"] = one
        said.append(f"{the(party)} gains most from {issue}, {sentence.amount(one)}")
    moved = number.percent(float(np.nanmedian(found.moved)))
    text = f"Shared out over all subsets of {len(found.issues)} issues, {' and '.join(said)}. Merging two neighbouring "
    text += (
        f"issues moves a share of {the(held.country)} by up to {moved} of its gain: shares depend on how they are cut."
    )
    return [Finding(text, numbers)]


def _none(held: LeverageResults) -> list[Finding]:
    """A government whose levers move nobody has no measured leverage, which is no proof that it had none."""
    begin, last = held.found.months[0], held.found.months[-1] + (held.scope.lengths[-1] - 1)
    when = number.span_name(str(begin), str(last))
    zero = Estimate(0.0, 0.0, 0.0, "events / month")
    levers = "; ".join(f"{what} ({spans})" for what, spans in held.levers) or "none that the record sets"
    return [
        Finding(
            f"The model measures no leverage of {the(held.country)} in {when}: had it stopped, nobody more and nobody "
            "fewer would have come.",
            {"further encounters": zero},
        ),
        Finding(
            f"The levers that the record gives it do not move people in these months: {levers}. Whether it held other "
            "means, the model cannot tell.",
            basis=Basis.assumed,
        ),
        Finding("Deaths on the way and people on hold do not change either.", {"deaths": Estimate(0.0, 0.0, 0.0)}),
    ]


def _percent(given: Estimate) -> str:
    middle, ends = number.with_interval(given.estimate, given.low, given.high)
    return f"{middle}{number.NO_BREAK}%" + ("" if given.low == given.high else f" {ends}")


def _conversion(every: float) -> str:
    if not np.isfinite(every):
        return "no draw tells"
    if every >= SURE:
        return "dependence can be turned into influence"
    return "it cannot" if every <= UNLIKELY else "whether dependence can be turned into influence stays open"
