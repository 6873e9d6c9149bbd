"""What a month's deal says, sentence by sentence: the package, people, concepts, keeping, threats, silos, beliefs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from palanca.core.wording import counted, listed
from palanca.questions.bargaining.deal import MEAN, Deal, Pick
from palanca.questions.bargaining.prepared import PreparedBargain
from palanca.questions.bargaining.silos import Silos
from palanca.view.deal_tables import LEVEL, NASH, NOTHING, held_back, interval, quantiles, short, where_agreed
from palanca.view.theme import month_name, percent, rounded

THOUSAND = 1000.0
MOVED = 0.05  # of an issue's range; less is no move
APART = 0.2  # of an issue's range; concepts further apart leave the amount open
CHEAP = 0.1  # of the range of what is given, on average; less is next to nothing


def headline(table: PreparedBargain, deal: Deal) -> list[str]:
    """Whether there is a deal, what it holds and whom it holds back."""
    nash, draws = deal.picks[NASH], table.draws
    when = f"In {month_name(str(deal.month))} a" if deal.month is not None else "A"
    said = [
        f"{when} deal from which every party gains exists in {percent(100.0 * float(nash.agreed.mean()))} of "
        f"{counted(draws, 'draw')} of what is believed."
    ]
    if nash.agreed.any():
        said += [_package(table, deal), *people_say(deal)]
    off = [_plain(name) for name, on in zip(deal.issues, deal.on_table, strict=True) if not on]
    if off:
        said.append(f"Off the table, and held at the status quo: {listed(off)}.")
    if deal.unsettled:
        said.append(f"{counted(deal.unsettled, 'search', 'searches')} did not converge and are left out.")
    return said


def people_say(deal: Deal) -> list[str]:
    """How many people the deal keeps from arriving; they are people, whatever the payoffs say."""
    low, mid, high = (THOUSAND * q for q in quantiles(held_back(deal)))
    if not np.isfinite(mid):
        return []
    way = "fewer" if mid >= 0.0 else "more"
    ends = sorted((abs(low), abs(high))) if low * high > 0.0 else (low, high) if mid >= 0.0 else (-high, -low)
    under, without = (
        rounded(THOUSAND * quantiles(values)[1], 2)
        for values in (deal.picks[NASH].arrivals, np.where(deal.picks[NASH].agreed, deal.without, np.nan))
    )
    return [
        f"Under the Nash deal {rounded(abs(mid), 2)} {way} people a month [{rounded(ends[0], 2)} to "
        f"{rounded(ends[1], 2)}] arrive than without a deal: {under} in place of {without}."
    ]


def caution(deal: Deal) -> str:
    """What no payoff counts."""
    low, mid, high = (THOUSAND * q for q in quantiles(held_back(deal)))
    many = (
        f"The {rounded(mid, 2)} a month [{rounded(low, 2)} to {rounded(high, 2)}] whom the Nash deal would hold back "
        "are people"
        if np.isfinite(mid) and mid > 0.0
        else "Those whom a deal would hold back are people"
    )
    return (
        f"{many}: stopped, returned, or kept from leaving. No payoff here is theirs. {_deaths(deal)}; a deal that is "
        "good for both governments can be bad for them."
    )


def _deaths(deal: Deal) -> str:
    """Deaths on the way with the deal and without, where the corridor says; what becomes of people nobody says."""
    under, without = deal.picks[NASH].deaths, deal.deaths_without
    if under is None or without is None or not np.isfinite(under).any():
        return "What becomes of them, and deaths on the way, are not modelled"
    return (
        f"The corridor has {interval(under)} deaths a month on the way with the deal and {interval(without)} without; "
        "what becomes of those held back is not modelled"
    )


def concepts_say(table: PreparedBargain, deal: Deal) -> list[str]:
    """Where the concepts agree and where the conclusion hangs on the concept; what hangs on it is not identified."""
    bargains = {name: pick for name, pick in deal.picks.items() if name != MEAN and pick.agreed.any()}
    if not bargains:
        return []
    moves, spreads = _by_concept(table, deal, bargains)
    on = np.flatnonzero(deal.on_table).tolist()
    open_ = [k for k in on if moves[:, k].any() and not moves[:, k].all()]
    size = [k for k in on if k not in open_ and spreads[k] > APART]
    same = [k for k in on if k not in open_ and k not in size]
    said = []
    if same:
        said.append(f"The {len(bargains)} concepts agree on {_names(deal, same)}.")
    if size:
        said.append(
            f"They move {_names(deal, size)} the same way or not at all, but medians differ by more than "
            f"{percent(100.0 * APART)} of the bound: the amount is not identified."
        )
    if open_:
        said.append(f"Whether {_names(deal, open_)} moves at all hangs on the concept: not identified.")
    mean = deal.picks[MEAN]
    lost = 100.0 * (1.0 - float(mean.agreed.mean()))
    return [*said, f"The salience-weighted mean, no bargain, leaves somebody worse off in {percent(lost)} of draws."]


def keeping_says(table: PreparedBargain, deal: Deal) -> list[str]:
    """Whether each party would keep the Nash deal."""
    return [
        f"{_party(table, one.party)} keeps the deal in {percent(100.0 * one.kept_chance)} of draws with one: it needs "
        f"a patience of {interval(one.needed)} and has {interval(one.patience)}."
        for one in deal.enforcement
        if np.isfinite(one.kept_chance)
    ]


def clashes_say(deal: Deal) -> list[str]:
    """What stands in the way where there is no deal."""
    none = 1.0 - float(deal.picks[NASH].agreed.mean())
    if not deal.clashes:
        return []
    said = ", ".join(f"{name} ({percent(100.0 * share)})" for name, share in deal.clashes.items())
    return [f"There is no deal in {percent(100.0 * none)} of draws; in the way, as share of all draws: {said}."]


def threats_say(table: PreparedBargain, deal: Deal) -> list[str]:
    """What threats in force change: levels of payoffs, deliveries and payments, and what that says of fact 22."""
    if deal.calm is None or deal.month is None:
        return []
    nash, calm = deal.picks[NASH], deal.calm
    said = [
        f"To carry out {_plain(one.name)} is worth one's word in {percent(100.0 * np.mean(one.credible))} of draws."
        for one in deal.threats
    ]
    standing = table.declared.threats_at(deal.month)
    for target in dict.fromkeys(one.target for one in standing):
        number = deal.parties.index(target)
        level = where_agreed(nash, nash.payoffs)[:, number] - where_agreed(calm, calm.payoffs)[:, number]
        said.append(
            f"Threatened, {_party(table, target)} has {_signed(level)} beside the same deal without a threat, as a "
            f"level of payoff; its gain is counted from a worse disagreement, so that gains do not compare."
        )
        said.append(_substitutes(table, deal, calm, target))
    return said


def silos_say(table: PreparedBargain, deal: Deal, found: Silos) -> list[str]:
    """Who gains and loses when issues are divided in another way, by the numbers."""
    draws = found.change.shape[0]
    said = [
        f"From {counted(len(found.before), 'silo')} to {counted(len(found.after), 'silo')}, over "
        f"{counted(draws, 'draw')}, threats left out:"
    ]
    for i, party in enumerate(deal.parties):
        change = found.change[:, i]
        gains, loses = (percent(100.0 * float(np.mean(one))) for one in (change > NOTHING, change < -NOTHING))
        said.append(f"{_party(table, party)}: {_signed(change)}; it gains in {gains} of draws and loses in {loses}.")
    known = found.better[np.isfinite(found.better)]
    if known.size:
        low, mid, high = quantiles(np.exp(known))
        said.append(
            f"The product of gains is multiplied by {short(mid)} [{short(low)} to {short(high)}], over the "
            f"{counted(known.size, 'draw')} in which all gain both ways."
        )
    else:
        said.append("In no draw do all gain both ways, so that products of gains do not compare.")
    before, after = (
        f"{short(float(found.deals[side].mean()))} of {len(silos)}"
        for side, silos in enumerate((found.before, found.after))
    )
    fewer = THOUSAND * (found.arrivals[0] - found.arrivals[1])
    least, middle, most = (rounded(q, 2) for q in quantiles(fewer))
    return [
        *said,
        f"Silos that end in a deal, on average: {before} before, {after} after.",
        f"People a month who no longer arrive by the change: {middle} [{least} to {most}]; they too are people held "
        "back.",
        *([f"{counted(found.left_out, 'draw')} left out, as a search did not converge."] if found.left_out else []),
    ]


def beliefs_say(table: PreparedBargain) -> list[str]:
    """Which numbers are assumed, and where arrivals come from."""
    beliefs, payoffs = table.declared.beliefs(), table.declared.file.payoffs
    assumed = sum(one.basis == "assumed" for one in payoffs)
    flow = (
        "how arrivals answer to the issues comes from the corridor fitted to figures"
        if table.declared.file.flow.corridor
        else "how arrivals answer to the issues is declared as well: no corridor is fitted"
    )
    return [
        f"{counted(len(beliefs), 'number')} of the table are beliefs with a spread, and {assumed} of "
        f"{counted(len(payoffs), 'payoff')} are assumed; {flow}.",
        f"Intervals hold 90 % of draws of these beliefs; payoffs are in {table.declared.file.unit}. A share of draws "
        "is not the chance that history would have gone so.",
    ]


def _package(table: PreparedBargain, deal: Deal) -> str:
    nash = deal.picks[NASH]
    parts = []
    for code in deal.parties:
        mine = [
            f"{_plain(name)} {interval(nash.package[:, k])} (without {short(quantiles(deal.quo[:, k])[1])})"
            for k, name in enumerate(deal.issues)
            if deal.on_table[k] and table.declared.issues[name].owner == code
        ]
        if mine:
            parts.append(f"{_party(table, code)} delivers {', '.join(mine)}")
    return f"By the Nash concept {'; '.join(parts)}."


def _by_concept(table: PreparedBargain, deal: Deal, bargains: dict[str, Pick]) -> tuple[np.ndarray, np.ndarray]:
    """Whether each concept moves each issue, (concept, issue), and how far medians lie apart, (issue)."""
    size = _range(table, deal)
    quo = np.array([quantiles(deal.quo[:, k])[1] for k in range(len(deal.issues))])
    middles = np.array(
        [[quantiles(pick.package[:, k])[1] for k in range(len(deal.issues))] for pick in bargains.values()]
    )
    return np.abs(middles - quo) > MOVED * size, (middles.max(axis=0) - middles.min(axis=0)) / size


def _substitutes(table: PreparedBargain, deal: Deal, calm: Pick, target: str) -> str:
    """Whether the threat makes the target deliver more, or lets it be paid less for the same (fact 22)."""
    issues = table.declared.issues
    mine = np.array([issues[name].traded and issues[name].owner == target for name in deal.issues]) & deal.on_table
    other = np.array([issues[name].traded and issues[name].owner != target for name in deal.issues]) & deal.on_table
    if not mine.any() or not other.any():
        return f"Nothing that {_party(table, target)} could deliver, or be paid with, is on the table."
    size = _range(table, deal)

    def moved(pick: Pick, which: np.ndarray) -> np.ndarray:
        shares: np.ndarray = ((pick.package - deal.quo) / size)[:, which].mean(axis=1) * 100.0
        return shares

    nash = deal.picks[NASH]
    work, was = moved(nash, mine), moved(calm, mine)
    paid, pay = moved(nash, other), moved(calm, other)
    more, less = quantiles(work - was)[1] / 100.0, quantiles(paid - pay)[1] / 100.0
    cheap = quantiles(paid)[1] / 100.0 < CHEAP
    if more > MOVED and cheap:
        verdict = "the numbers bear out that a threat lets effort rise at next to no payment"
    elif more > MOVED:
        verdict = "effort rises, but not at next to no payment"
    elif less < -MOVED and cheap:
        verdict = "the threat stands in for payment, which is next to nothing, and effort does not rise by it"
    elif less < -MOVED:
        verdict = (
            "the threat stands in for part of the payment; that effort rises at next to no payment is not borne out"
        )
    else:
        verdict = "the threat moves neither by much; that effort rises at next to no payment is not borne out"
    return (
        f"What {_party(table, target)} delivers goes from {interval(was)} to {interval(work)} hundredths of its "
        f"bounds, what it is given from {interval(pay)} to {interval(paid)}: {verdict}."
    )


def _range(table: PreparedBargain, deal: Deal) -> np.ndarray:
    """From least to greatest amount under the month's caps, (issue) [unit of issue]."""
    low, high = bounds(table, deal)
    return np.where(high > low, high - low, 1.0)


def bounds(table: PreparedBargain, deal: Deal) -> tuple[np.ndarray, np.ndarray]:
    """Least and greatest amount of each issue under the month's caps, (issue) [unit of issue]."""
    high = np.array([table.declared.issues[name].high for name in deal.issues])
    low = np.array([table.declared.issues[name].low for name in deal.issues])
    return low, np.minimum(high, table.context(deal.month).cap)


def _signed(values: np.ndarray) -> str:
    low, mid, high = quantiles(values)
    if not np.isfinite(mid):
        return "no number"
    return f"{'+' if mid > 0.0 else ''}{short(mid)} {LEVEL} [{short(low)} to {short(high)}]"


def _names(deal: Deal, which: Sequence[int]) -> str:
    return listed([_plain(deal.issues[k]) for k in which], limit=12)


def _party(table: PreparedBargain, code: str) -> str:
    return table.declared.parties[code].name


def _plain(name: str) -> str:
    return name.replace("_", " ")
