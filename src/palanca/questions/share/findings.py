"""What a delegate should read of a sharing scheme: arrivals, people, burden, leverage, who pays, would it hold."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from palanca.questions.share import setup
from palanca.questions.share.burden import placed
from palanca.questions.share.run import DEFECTS, RECORD, SCHEME
from palanca.questions.share.setup import Terms
from palanca.questions.share.tables import MILLION, wait
from palanca.questions.share.told import ToldScheme
from palanca.show import estimate, number, sentence
from palanca.show.answer import Finding
from palanca.show.estimate import Basis, Estimate

MOVED = 1.0  # percentage points of those placed, below which nothing is said of where they go
LEADING = 3  # members and origins named in a sentence
MOST, FEW = 0.9, 0.1  # shares of draws from which a thing is said to hold, or not to
KEPT, CONTROL = "record's control kept", "control alone"


class Weighed(NamedTuple):
    """A quantity in the record and under the scheme."""

    then: Estimate
    now: Estimate
    change: Estimate


def findings(told: ToldScheme) -> list[Finding]:
    """In the order of what the question asks: what it would do, whether it would hold, who takes how many."""
    return [
        _arrivals(told),
        _people(told),
        _holds(told),
        _takes(told),
        _burden(told),
        *_leverage(told),
        _waiting(told),
        *_unplaced(told),
        *_parts(told),
        *_sensitivity(told),
        *_laxest(told),
        _defector(told),
    ]


def _weighed(told: ToldScheme, outcome: str, unit: str) -> Weighed:
    then, now = told.total(RECORD, outcome), told.total(SCHEME, outcome)
    change = told.rests(told.change(SCHEME, outcome), unit, sign=not told.shared.setting.scheme.file.levers)
    return Weighed(estimate.of(then, unit), estimate.of(now, unit), change)


def _arrivals(told: ToldScheme) -> Finding:
    one = _weighed(told, "irregular", "people")
    text = f"In {told.span} there would have been {sentence.more(one.change, 'arrivals between ports')}"
    if one.change.clear:
        before, after = number.together([one.then.estimate, one.now.estimate])
        share = np.median(told.change(SCHEME, "irregular") / told.total(RECORD, "irregular"))
        word = "more" if share > 0.0 else "fewer"
        text += f": {after} rather than {before} ({number.percent(abs(share))} {word}); they do not end"
    return Finding(f"{text}.", {"arrivals": one.change, "record": one.then, "scheme": one.now})


def _people(told: ToldScheme) -> Finding:
    names = {
        "deaths": "deaths on the way",
        "lawful": "people admitted lawfully, by procedures, appointments or parole",
        "held": "people on hold in the corridor on average",
    }
    numbers = {name: told.rests(told.change(SCHEME, name), "people") for name in names}
    queue = told.rests(told.total(SCHEME, "queue"), "people")
    text = "; ".join(sentence.more(numbers[name], what) for name, what in names.items())
    text += f"; {sentence.amount(queue, 'people')} wait in queues at home or next door on average"
    return Finding(f"For people on the move: {text}.", numbers | {"queue": queue})


def _burden(told: ToldScheme) -> Finding:
    then, now = (told.uneven(world)[0] for world in (RECORD, SCHEME))
    theil = [told.uneven(world)[1] for world in (RECORD, SCHEME)]
    change = told.rests(now - then, "index")
    before, after = (estimate.of(one, "index") for one in (then, now))
    verb = "moves" if not change.clear else "falls" if change.estimate < 0.0 else "rises"
    text = f"Inequality of burden against the key {verb}: Gini {sentence.amount(after)} rather than "
    text += f"{sentence.amount(before)}, Theil {number.number(np.median(theil[1]))} rather than "
    text += f"{number.number(np.median(theil[0]))}"
    if not change.clear:
        text += "; the model cannot tell which way"
    return Finding(f"{text}. It stays above zero.", {"Gini, change": change, "record": before, "scheme": after})


def _leverage(told: ToldScheme) -> list[Finding]:
    if not told.shared.probes:
        return []
    texts, numbers = [], {}
    for at, probe in enumerate(told.shared.probes):
        then, now = (told.leverage[world][at] for world in (RECORD, SCHEME))
        gap = told.rests(now - then, "events / month")
        before, after = number.together([float(np.median(then)), float(np.median(now))])
        where = number.month_name(str(probe))
        texts.append(
            f"had it stopped in {where}, {after} more encounters a month rather than {before} ({sentence.change(gap)})"
        )
        numbers[f"leverage in {probe}, change"] = gap
    whole = told.rests((told.leverage[SCHEME] - told.leverage[RECORD]).mean(axis=0), "events / month")
    verb = "moves, the model cannot tell which way" if not whole.clear else "falls" if whole.estimate < 0.0 else "rises"
    text = f"Leverage of the transit country {verb}: {'; '.join(texts)}."
    return [Finding(text, {"leverage, change": whole} | numbers)]


def _takes(told: ToldScheme) -> Finding:
    """Who takes most, and what that costs."""
    people = placed(told.shared, SCHEME, Terms()).sum(axis=0)
    order = np.argsort(-np.median(people, axis=1))[:LEADING]
    all_of = told.rests(people.sum(axis=0), "people / year")
    named = {told.named(told.division.members[at]): told.rests(people[at], "people / year") for at in order}
    quotas = int(told.division.quotas.sum())
    text = f"Of {quotas:,} places a year, {sentence.amount(all_of)} people are admitted by procedures, those for work "
    text += "besides; most go to " + ", ".join(f"{name} {sentence.amount(one)}" for name, one in named.items())
    return Finding(f"{text}.", {"admitted": all_of} | named)


def _holds(told: ToldScheme) -> Finding:
    """Who gains, who loses, what transfers hold it."""
    stakes, members = told.stakes, told.division.members
    gains = (stakes.gain >= 0.0).mean(axis=1)
    winners = [told.named(code) for code, chance in zip(members, gains, strict=True) if chance >= MOST]
    losers = [told.named(code) for code, chance in zip(members, gains, strict=True) if chance < FEW]
    bill = told.rests(stakes.no_loss.bill / MILLION, "million usd / year")
    holds, stays = (float(one.holds.mean()) for one in (stakes.no_loss, stakes.no_exit))
    leave = [
        told.country(code) for code, won in zip(members, stakes.leaving, strict=True) if np.mean(won > 0.0) >= MOST
    ]
    more = told.rests(stakes.no_exit.bill / MILLION, "million usd / year")
    text = (
        f"Left alone it does not hold: {sentence.joined(losers)} would lose. " if losers else "Nobody is sure to lose. "
    )
    text += f"In nine draws of ten {sentence.joined(winners) or 'nobody'} would gain. "
    text += (
        f"Transfers of {sentence.amount(bill, 'million dollars')} a year leave nobody worse off than in the record, "
    )
    text += f"and those who gain can pay them in {number.percent(holds)} of draws. "
    if leave:
        text += f"By leaving alone {len(leave)} of {len(members)} members would win; to keep them takes "
        text += f"{sentence.amount(more, 'million dollars')}, which can be paid in {number.percent(stays)} of draws. "
    return Finding(text.strip(), {"transfers, no loss": bill, "transfers, no exit": more}, Basis.assumed)


def _waiting(told: ToldScheme) -> Finding:
    shared, files = told.shared, told.shared.setting.scheme.file.procedures
    texts, numbers = [], {}
    by_name: dict[str, list[np.ndarray]] = {}
    for at, line in enumerate(shared.lines[SCHEME]):
        by_name.setdefault(files[line.procedure].name, []).append(wait(shared.numbers[SCHEME]["wait"][:, at]))
    for name, months in by_name.items():
        one = told.rests(np.mean(months, axis=0), "months")
        numbers[name] = one
        texts.append(f"{name} {sentence.amount(one, 'months')}")
    decided, applied = (told.total(SCHEME, name) for name in ("decided", "applied"))
    rate = told.rests(100.0 * told.total(SCHEME, "placed") / np.maximum(applied, 1.0), "percent")
    text = f"Who applies waits: {'; '.join(texts)}. Of those who apply {sentence.amount(rate, '%')} are admitted"
    return Finding(f"{text}.", numbers | {"admitted of applied": rate, "decided": estimate.of(decided, "people")})


def _unplaced(told: ToldScheme) -> list[Finding]:
    """Places that nobody decides people into, people accepted without a place, and places without a member."""
    shared, case = told.shared, told.shared.setting.scheme.case
    found = []
    if told.division.unplaced:
        full = ", ".join(map(told.country, told.division.full))
        text = f"{told.division.unplaced:,} places a year find no member with room: {full} stand at their ceilings."
        found.append(Finding(text, basis=Basis.published))
    waiting = shared.numbers[SCHEME]["cleared"][-1].sum(axis=0)
    total = told.rests(waiting.sum(axis=0), "people")
    if total.estimate >= 1.0:
        order = np.argsort(-np.median(waiting, axis=1))[:LEADING]
        whom = ", ".join(
            f"{case.origins[list(case.origins)[at]].name} {number.number(np.median(waiting[at]))}" for at in order
        )
        text = f"Accepted and without a place at the end: {sentence.amount(total, 'people')}, most of {whom}."
        found.append(Finding(text, {"without a place": total}))
    files = shared.setting.scheme.file.procedures
    rows = [at for at, line in enumerate(shared.lines[SCHEME]) if files[line.procedure].placed]
    filled = shared.numbers[SCHEME]["placed"][:, rows].sum(axis=(0, 1, 2)) / shared.years
    hosts = shared.setting.keeping(Terms()).sum()
    unused = told.rests(np.maximum(hosts - filled, 0.0), "people / year")
    if hosts and unused.estimate > 0.05 * hosts:
        text = f"Of {number.number(hosts)} places a year {sentence.amount(unused)} stay empty: too few apply, are "
        found.append(Finding(f"{text}decided on, or are accepted.", {"places unused": unused}))
    return found


def _parts(told: ToldScheme) -> list[Finding]:
    """How much of the change comes from procedures, and how much from ending the deals."""
    if KEPT not in told.variants:
        return []
    kept, alone = (told.rests(told.change(name, "irregular"), "people") for name in (KEPT, CONTROL))
    text = f"With the record's deals kept beside the procedures: {sentence.more(kept, 'arrivals between ports')}; with "
    text += f"the deals ended and no procedure: {sentence.more(alone, 'arrivals between ports')}."
    return [Finding(text, {"deals kept": kept, "no procedure": alone})]


def _sensitivity(told: ToldScheme) -> list[Finding]:
    base = told.total(SCHEME, "irregular")
    texts, numbers = [], {}
    for name, words in setup.VARIANTS.items():
        if name in told.variants and words:
            gap = told.rests(told.total(name, "irregular") - base, "people")
            numbers[name] = gap
            texts.append(f"with {words}, {sentence.more(gap, 'arrivals')} than under the scheme")
    return [Finding(f"{'; '.join(texts).capitalize()}.", numbers)] if texts else []


def _laxest(told: ToldScheme) -> list[Finding]:
    """Where people go once members decide by rules of their own."""
    name = list(setup.VARIANTS)[-1]
    if name not in told.variants:
        return []
    share, then = told.taken(name), told.taken(SCHEME)
    gap = np.median(share - then, axis=1)
    most = int(np.argmax(gap))
    now, was = told.rests(share[most], "percent"), told.rests(then[most], "percent")
    if gap[most] < MOVED:
        return []
    where = told.named(told.division.members[most])
    text = f"Once each member decides by its own rule, people move to the one that accepts most: {where} then takes "
    text += f"{sentence.amount(now, '%')} of those placed rather than {number.number(was.estimate)} %."
    return [Finding(text, {"share then": now, "share under the common rule": was})]


def _defector(told: ToldScheme) -> Finding:
    name = told.named(told.division.members[0])
    gap = told.rests(told.change(DEFECTS, "irregular"), "people")
    lost = told.rests(told.total(DEFECTS, "placed") - told.total(SCHEME, "placed"), "people")
    then, now = (told.uneven(world)[0] for world in (SCHEME, DEFECTS))
    uneven = told.rests(now - then, "index")
    text = f"If {name} keeps none of its places: {sentence.more(lost, 'people admitted by procedures')} than under the "
    text += f"full scheme, {sentence.more(gap, 'arrivals between ports')} than in the record, Gini moves by "
    text += f"{sentence.change(uneven)}."
    return Finding(text, {"admitted, change": lost, "arrivals, change": gap, "Gini, change": uneven})
