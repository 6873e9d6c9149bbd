"""What a reader should take from a deal: whether there is one, for whom, what it does to people, whether it lasts."""

from __future__ import annotations

import numpy as np

from palanca.bargain.solve import Concept
from palanca.core.wording import counted, listed
from palanca.questions.bargaining.deal import MEAN, Pick
from palanca.questions.deal.struck import DEATHS, PEOPLE, Struck, made, plain, share
from palanca.show import estimate, number, sentence
from palanca.show.answer import Finding
from palanca.show.estimate import Basis, Estimate

MOVED = 0.05  # of an issue's range; less is no move
APART = 0.2  # of an issue's range; concepts further apart leave the amount open
BY_NAME = {"nash": "Nash", "kalai-smorodinsky": "Kalai-Smorodinsky"}
CHEAP = 0.1  # of the range of what is given, on average; less is next to nothing


def findings(struck: Struck) -> list[Finding]:
    """In order of importance; what it does to people comes second."""
    found = [_exists(struck)]
    if struck.made.agreed.any():
        found += [_people(struck), _lasts(struck), *_concepts(struck)]
    if struck.silos is not None:
        found[2:2] = _silos(struck)
    return [*found, *_in_the_way(struck), *_threats(struck), *_left_out(struck)]


def _exists(struck: Struck) -> Finding:
    deal, agreed = struck.deal, share(float(struck.made.agreed.mean()))
    when = f"In {number.month_name(str(deal.month))} a" if deal.month is not None else "A"
    text = f"{when} deal from which every party gains exists in {number.percent(agreed.estimate)} of the draws of "
    text += "what governments are believed to want"
    numbers = {"draws with a deal": agreed}
    if struck.made.agreed.any():
        gains = _gains(struck)
        parts = [f"{name} {sentence.amount(one)}" for name, one in gains.items()]
        text += f". {_how(struck)} the gains are: {', '.join(parts)} (in {struck.table.declared.file.unit})"
        numbers |= {f"gain of {name}": one for name, one in gains.items()}
    return Finding(f"{text}.", numbers, Basis.assumed)


def _how(struck: Struck) -> str:
    """How the deal comes about, as a sentence begins."""
    how = struck.deal.how
    if how.proposer is None:
        return f"By the {BY_NAME.get(how.form, how.form)} concept"
    name = struck.party(how.proposer)
    if how.form == "alternating":
        return f"With offers in turn every {number.number(how.months_between)} months, {name} first,"
    if how.form == "proposer":
        return f"If {name} proposes"
    return (
        f"Under an ultimatum by {name} in the {number.percent(struck.backed)} of draws in which its threat is "
        "worth carrying out, and by the Nash concept in the others,"
    )


def _gains(struck: Struck) -> dict[str, Estimate]:
    gains = made(struck.by, struck.made, struck.made.gains)
    return {struck.party(code): struck.rests(gains[:, i]) for i, code in enumerate(struck.deal.parties)}


def _people(struck: Struck) -> Finding:
    """The difference and one level: a difference of medians is not the median of differences."""
    deal, nash = struck.deal, struck.made
    fewer = struck.rests(-struck.fewer(), PEOPLE)
    without = estimate.of(1000.0 * deal.without, PEOPLE)
    text = f"With the deal {sentence.more(fewer, 'people a month')} would arrive than the "
    text += f"{sentence.amount(without)} without it"
    numbers = {"change of arrivals": fewer, "arrivals without a deal": without}
    if nash.deaths is None or deal.deaths_without is None:
        return Finding(f"{text}. Deaths on the way are not modelled in this table.", numbers)
    deaths = struck.rests(made(struck.by, nash, nash.deaths) - deal.deaths_without, DEATHS)
    level = estimate.of(deal.deaths_without, DEATHS)
    text += f"; there would be {sentence.more(deaths, 'deaths on the way a month')}, with {sentence.amount(level)} "
    text += "without it."
    return Finding(text, numbers | {"change of deaths": deaths, "deaths without a deal": level})


def _lasts(struck: Struck) -> Finding:
    deal = struck.deal
    known = [one for one in deal.enforcement if np.isfinite(one.kept_chance)]
    keeps = {struck.party(one.party): share(one.kept_chance) for one in known}
    parts = [f"{name} in {number.percent(one.estimate)}" for name, one in keeps.items()]
    text = f"Without a judge {' and '.join(parts)} of draws would rather honour it than break it"
    numbers = {f"{name} honours": one for name, one in keeps.items()}
    agreed = struck.made.agreed
    if known:
        first = max(known, key=lambda one: float(one.breaks_first[agreed].mean()))
        often = share(float(first.breaks_first[agreed].mean()))
        text += f"; {struck.party(first.party)} has the least patience to spare in {number.percent(often.estimate)}"
        numbers["least patience to spare"] = often
    held = share(float(deal.self_enforcing.agreed.mean()))
    text += f". Some deal that all would honour exists in {number.percent(held.estimate)} of draws."
    return Finding(text, numbers | {"draws with a deal that all honour": held}, Basis.assumed)


def _concepts(struck: Struck) -> list[Finding]:
    """Where concepts agree, and where the amount hangs on the concept and is not identified."""
    deal = struck.deal
    concepts = {name: deal.picks[name] for name in map(str, Concept)}
    bargains = {name: pick for name, pick in concepts.items() if pick.agreed.any()}
    moves, spreads = _by_concept(struck, bargains)
    on = struck.on_table()
    open_ = [k for k in on if moves[:, k].any() and not moves[:, k].all()]
    size = [k for k in on if k not in open_ and spreads[k] > APART]
    same = [k for k in on if k not in open_ and k not in size]

    def names(which: list[int]) -> str:
        return listed([plain(deal.issues[k]) for k in which], limit=12)

    parts = [f"the {counted(len(bargains), 'way')} to divide gains agree on {names(same)}"] if same else []
    if size:
        parts.append(f"they differ in how much of {names(size)} is given, so that the amount is not identified")
    if open_:
        parts.append(f"they differ in whether {names(open_)} moves at all, which is not identified")
    lost = share(1.0 - float(deal.picks[MEAN].agreed.mean()))
    mean = "The salience-weighted mean of wishes, which is no bargain, leaves somebody worse off in "
    found = [Finding(f"{_sentence('; '.join(parts))}.", basis=Basis.assumed)] if parts else []
    return [*found, Finding(f"{mean}{number.percent(lost.estimate)} of draws.", {"somebody loses": lost})]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _by_concept(struck: Struck, bargains: dict[str, Pick]) -> tuple[np.ndarray, np.ndarray]:
    """Whether each concept moves each issue, (concept, issue), and how far medians lie apart, (issue)."""
    size = struck.range()
    middles = np.array([np.nanmedian(pick.package, axis=0) for pick in bargains.values()])
    moved = np.abs(middles - np.median(struck.deal.quo, axis=0)) > MOVED * size
    return moved, (middles.max(axis=0) - middles.min(axis=0)) / size


def _in_the_way(struck: Struck) -> list[Finding]:
    """What stands in the way where there is no deal."""
    clashes = {name: share(one) for name, one in struck.deal.clashes.items()}
    if not clashes:
        return []
    none = share(1.0 - float(struck.made.agreed.mean()))
    parts = ", ".join(f"{name} ({number.percent(one.estimate)})" for name, one in clashes.items())
    text = f"There is no deal in {number.percent(none.estimate)} of draws; in the way, as shares of all draws: {parts}."
    return [Finding(text, {"draws without a deal": none, **clashes})]


def _threats(struck: Struck) -> list[Finding]:
    """What threats in force change, and what that says of effort without payment (fact 22)."""
    deal = struck.deal
    if deal.calm is None or deal.month is None:
        return []
    worth = {plain(one.name): share(float(np.mean(one.credible))) for one in deal.threats}
    parts = [f"{name} in {number.percent(one.estimate)} of draws" for name, one in worth.items()]
    found = [Finding(f"Carrying out a threat is worth its cost: {', '.join(parts)}.", worth)]
    for target in dict.fromkeys(one.target for one in struck.table.declared.threats_at(deal.month)):
        i, name = deal.parties.index(target), struck.party(target)
        both = (made(struck.by, pick, pick.payoffs)[:, i] for pick in (struck.made, deal.calm))
        level = struck.rests(np.subtract(*both))
        text = f"Threats in force change the payoff of {name} in the deal by {sentence.change(level)}."
        found.append(Finding(text, {f"payoff of {name}": level}))
        found += _effort_and_payment(struck, deal.calm, target)
    if deal.unchecked is not None:
        gap = struck.rests(
            1000.0
            * (
                made(struck.by, struck.made, struck.made.arrivals)
                - made(struck.by, deal.unchecked, deal.unchecked.arrivals)
            ),
            PEOPLE,
        )
        text = f"Because courts may strike a threat down, {sentence.more(gap, 'people a month')} arrive under the deal."
        found.append(Finding(text, {"arrivals by courts": gap}))
    return found


def _effort_and_payment(struck: Struck, calm: Pick, target: str) -> list[Finding]:
    """Whether a threat makes its target deliver more, or lets it be paid less for the same."""
    deal, issues, name = struck.deal, struck.table.declared.issues, struck.party(target)
    traded = np.array([issues[one].traded for one in deal.issues]) & deal.on_table
    own = np.array([issues[one].owner == target for one in deal.issues])
    if not (traded & own).any() or not (traded & ~own).any():
        return []

    def moved(pick: Pick, which: np.ndarray) -> np.ndarray:
        return np.asarray(((pick.package - deal.quo) / struck.range())[:, which].mean(axis=1) * 100.0)

    work, paid = (moved(struck.made, which) for which in (traded & own, traded & ~own))
    more, pay = work - moved(calm, traded & own), paid - moved(calm, traded & ~own)
    gaps = [struck.rests(values, "percentage points of the range") for values in (more, pay)]
    given = struck.rests(paid, "percent of the range")
    cheap, least = given.estimate < 100.0 * CHEAP, 100.0 * MOVED
    if gaps[0].estimate > least:
        verdict = "effort rises" + (" at next to no payment" if cheap else ", but not at next to no payment")
    elif gaps[1].estimate < -least:
        verdict = "the threat stands in for " + (
            "payment, which is next to nothing" if cheap else "part of the payment"
        )
    else:
        verdict = "the threat moves neither by much"
    text = (
        f"Threatened, {name} delivers {sentence.change(gaps[0])} percentage points of its range and is given "
        f"{sentence.change(gaps[1])}, {sentence.amount(given)} % of what it could be given: {verdict}."
    )
    return [Finding(text, {"delivered": gaps[0], "given": gaps[1], "given in all": given})]


def _silos(struck: Struck) -> list[Finding]:
    """Who gains and loses when issues are divided in another way."""
    found = struck.silos
    if found is None:
        return []
    before, after = (counted(len(silos), "silo") for silos in (found.before, found.after))
    parts: list[str] = []
    numbers: dict[str, Estimate] = {}
    for i, code in enumerate(struck.deal.parties):
        change = _compared(struck, found.change[:, i])
        loses = share(float(found.loses[:, i].mean()))
        name = struck.party(code)
        parts.append(
            f"{name}'s payoff changes by {sentence.change(change)}, a loss in {number.percent(loses.estimate)} of draws"
        )
        numbers |= {f"change for {name}": change, f"{name} loses": loses}
    text = f"With issues in {after} rather than {before}, threats left out: {'; '.join(parts)}."
    people = _compared(struck, 1000.0 * (found.arrivals[1] - found.arrivals[0]), PEOPLE, Basis.learned)
    deals = [float(np.mean(one)) for one in found.deals]
    further = (
        f"On average {number.number(deals[0])} of {before} and {number.number(deals[1])} of {after} end in a deal; "
        f"with the change {sentence.more(people, 'people a month')} arrive, and they too are people."
    )
    return [Finding(text, numbers, Basis.assumed), Finding(further, {"change of arrivals": people})]


def _compared(struck: Struck, values: np.ndarray, unit: str = "payoff", least: Basis = Basis.assumed) -> Estimate:
    """Summarise values of the draws in which silos were compared."""
    whole = np.full(struck.table.draws, np.nan)
    if struck.silos is not None:
        whole[struck.silos.kept] = values
    return struck.rests(whole, unit, least)


def _left_out(struck: Struck) -> list[Finding]:
    deal = struck.deal
    off = [plain(name) for name, on in zip(deal.issues, deal.on_table, strict=True) if not on]
    found = (
        [Finding(f"Off the table, and held at the status quo: {listed(off)}.", basis=Basis.published)] if off else []
    )
    lost = deal.unsettled + (struck.silos.left_out if struck.silos is not None else 0)
    if lost:
        text = f"{counted(lost, 'search', 'searches')} for a deal did not converge and are left out."
        found.append(Finding(text, basis=Basis.learned))
    return found
