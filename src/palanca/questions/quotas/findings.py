"""What a delegate should take from a division of people: who takes how many, what trade does, whether it would hold."""

from __future__ import annotations

import numpy as np

from palanca.core.wording import counted, listed
from palanca.questions.quotas.figures import MILLION
from palanca.questions.quotas.study import QuotaStudy
from palanca.questions.quotas.tables import order, rests
from palanca.show import estimate, number, sentence
from palanca.show.answer import Finding
from palanca.show.estimate import Basis, Estimate
from palanca.spec.sharing_countries import NAMES

NAMED = 3


def findings(study: QuotaStudy) -> list[Finding]:
    """In order of importance."""
    found = [_quotas(study)]
    found += [_unplaced(study)] if study.quotas.unplaced else []
    found += [_holds(study), _trade(study), _defector(study)]
    found += [_caps(study)] if study.anomaly is not None else []
    found += [_leaving(study), _pledge(study), _groups(study)]
    found += [_offers(study)] if study.uniform is not None else []
    found += [_externality(study)] if study.wanted.spill else []
    found += [_package(study)] if study.package is not None else []
    return found


def label(study: QuotaStudy) -> str:
    """What the key is called in a sentence."""
    return "capacity (Shapley shares)" if study.wanted.by is None else f"the key “{study.wanted.by.label}”"


def chance(given: np.ndarray, what: str) -> Estimate:
    """The share of draws in which something holds; assumed, for every draw is."""
    share = float(np.mean(given))
    return Estimate(share, share, share, "share", None, Basis.assumed, assumed_by=(what,))


def _quotas(study: QuotaStudy) -> Finding:
    first = order(study)[:NAMED]
    parts = [
        f"{study.figures.called(c)} {study.quotas.quotas[c]:,} ({number.percent(float(study.shares.share[c]), 1)})"
        for c in first
    ]
    text = (
        f"Of {study.wanted.total:,} people, by {label(study)} on figures of {study.wanted.year}: {', '.join(parts)}; "
    )
    text += f"{len(study.countries)} countries in all."
    if study.figures.missing:
        text += f" Left out because no figure is published: {study.figures.without()}."
    numbers = {study.countries[c]: estimate.published(float(study.quotas.quotas[c]), "people") for c in first}
    return Finding(text, numbers, Basis.published)


def _unplaced(study: QuotaStudy) -> Finding:
    over = [
        f"{name} {people:,}"
        for name, people in zip(study.figures.names, study.quotas.over.tolist(), strict=True)
        if people > 0
    ]
    text = f"{study.quotas.unplaced:,} of {study.wanted.total:,} people have no place: capacities are below the total. "
    text += f"Above capacity by the key alone: {listed(over, 20)}."
    return Finding(text, {"unplaced": estimate.published(float(study.quotas.unplaced), "people")}, Basis.published)


def _holds(study: QuotaStudy) -> Finding:
    alone, free, firm = (chance(row, "worth") for row in study.held.holds)
    count, better = len(study.countries), int(((study.held.win > 0.0).mean(axis=1) > 0.5).sum())
    all_stay, can_gain, can_stay = (number.percent(one.estimate) for one in (alone, free, firm))
    text = f"Would it hold? In most draws {better} of {count} countries are better off leaving alone while the others "
    text += f"keep their quotas; all stay of themselves in {all_stay} of draws. Transfers can make all better off than "
    text += f"without a scheme in {can_gain}, and than outside it in {can_stay}"
    numbers = {"all stay": alone, "transfers against no scheme": free, "transfers against leaving": firm}
    if np.isfinite(study.held.bill).any():
        bill = rests(study, study.held.bill / MILLION, "million usd / year")
        text += f", where {sentence.amount(bill)} million dollars a year change hands"
        numbers["bill"] = bill
    return Finding(f"{text}.", numbers, Basis.sign_assumed)


def _trade(study: QuotaStudy) -> Finding:
    held, wanted = study.held, study.wanted
    price = rests(study, held.price, "usd / person")
    moved = rests(study, np.maximum(held.hosted - study.quotas.quotas[:, None], 0.0).sum(axis=0).round(), "people")
    saved = rests(study, held.saved.sum(axis=0) / MILLION, "million usd / year")
    payer = int(np.argmax(np.median(held.paid, axis=1)))
    pays = rests(study, held.paid[payer] / MILLION, "million usd / year")
    text = f"If quotas are traded and each country hosts at least {number.percent(wanted.least)} of its own and at "
    text += f"most {wanted.most:g} times as many, a place costs {sentence.amount(price)} dollars a year: "
    text += f"{sentence.amount(moved)} people are hosted by another country than the one whose quota they are in, "
    text += f"{study.figures.called(payer)} pays {sentence.amount(pays)} million, and all together save "
    text += f"{sentence.amount(saved)} million. The market counts what hosting costs governments, not where people "
    text += "want to be."
    return Finding(text, {"price": price, "moved": moved, "pays": pays, "saved": saved})


def _defector(study: QuotaStudy) -> Finding:
    first = order(study)[0]
    quota, whole = int(study.quotas.quotas[first]), int(study.quotas.quotas.sum())
    taken, others = float(study.without_largest.sum()), whole - quota
    name = study.figures.called(first)
    text = f"Without {name}, {others:,} of {whole:,} places are left if the others keep to their quotas; to place "
    text += f"{taken:,.0f} they would together have to take {number.number(taken / max(others, 1))} times as many."
    return Finding(text, {"left": estimate.published(float(others), "people")}, Basis.published)


def _caps(study: QuotaStudy) -> Finding:
    seen, shares, key = study.anomaly, study.shares, study.wanted.by
    assert seen is not None
    assert key is not None
    left = estimate.published(shares.remainder, "share")
    count = len(study.countries)
    raised = [study.figures.called(c) for c in order(study) if seen.raised[c]]
    if shares.remainder > 0.0:
        lowered = int(shares.capped.any(axis=1).sum())
        text = f"Caps leave {number.percent(shares.remainder, 1)} of the whole over, which is spread again by size: "
        text += f"they bind {lowered} of {count} countries, and raise {listed(raised, 6)} above the share without caps."
    elif shares.capped.any():
        held = [NAMES[one] for one, caps in zip(study.countries, shares.capped, strict=True) if caps.any()]
        text = f"Corrections would take {listed(held, 6)} below nothing: held at 0, the others scaled down by "
        text += f"{number.percent(-shares.remainder, 1)}."
    else:
        text = "No cap binds, and shares sum to 1 without a second division."
    inverse = [one.measure for one in key.components if one.inverse and one.weight > 0.0]
    if inverse:
        wrong = counted(int(seen.backwards.any(axis=1).sum()), "country", "countries")
        text += f" Counting {' and '.join(inverse)} moves {wrong} of {count} the wrong way: up though above the mean, "
        text += "or down though below it."
    return Finding(text, {"left over": left}, Basis.published)


def _leaving(study: QuotaStudy) -> Finding:
    """The rounds in which losers leave, by the middle of what is assumed."""
    joined = study.joined
    count = int(joined.inside.sum())
    text = "Without trade and transfers, by the middle of what is assumed, "
    if not joined.rounds:
        return Finding(f"{text}no country loses by the scheme.", {}, Basis.sign_assumed)
    country, gain = min(joined.rounds[0], key=lambda one: one[1])
    text += (
        f"{study.figures.called(country)} loses most, {number.number(-gain / MILLION)} million dollars a year; when "
    )
    text += (
        f"losers leave and the others take over, {counted(count, 'country', 'countries')} of {len(joined.inside)} are "
    )
    text += f"left after {counted(len(joined.rounds), 'round')}"
    text += f": {listed((NAMES[study.countries[c]] for c in np.nonzero(joined.inside)[0]), 8)}." if count else "."
    return Finding(text, {}, Basis.sign_assumed)


def _pledge(study: QuotaStudy) -> Finding:
    held, quotas = study.held, float(study.quotas.quotas.sum())
    short = rests(study, (quotas - held.pledged.sum(axis=0)).round(), "people")
    into = rests(study, held.into.sum(axis=0) / MILLION, "million usd / year")
    text = f"If every country may pay {study.wanted.price:,.0f} dollars a year in place of hosting a person, "
    text += f"{sentence.amount(short)} people of the quotas are hosted by nobody, and {sentence.amount(into)} million "
    text += "a year come into the fund."
    return Finding(text, {"nobody hosts": short, "fund": into})


def _groups(study: QuotaStudy) -> Finding:
    names = listed((study.figures.names[c] for c in study.largest), 12)
    count = len(study.largest)
    if study.core.empty:
        weights = study.core.certificate
        members = [
            " with ".join(study.countries[study.largest[k]] for k in range(count) if coalition >> k & 1)
            for coalition in np.argsort(-weights, kind="stable")[:NAMED].tolist()
        ]
        text = f"Among {names}, some group always does better alone: the coalitions {'; '.join(members)} and others "
        text += "weigh more together than all do (the core is empty)."
    else:
        text = f"Among {names}, costs and worths can be divided so that no group does better with a scheme of its own, "
        text += "if those it leaves behind host nobody (the core is not empty). What breaks a scheme is leaving while "
        text += "the others go on."
    if study.complaint < 1.0:
        text += " Trade divides what it saves so that no group of them saves more by trading among itself."
    return Finding(text, {}, Basis.assumed)


def _offers(study: QuotaStudy) -> Finding:
    """What the uniform rule makes of what countries offer."""
    assert study.uniform is not None
    total, offered = study.wanted.total, float(sum(study.wanted.offers.values()))
    side = "no more than it offers" if offered >= total else "no less than it offers"
    level = float(np.max(study.uniform)) if offered >= total else float(np.min(study.uniform))
    bound = "most" if offered >= total else "least"
    text = (
        f"Countries offer {number.whole(offered)} places for {total:,} people. Under the uniform rule, without money, "
    )
    text += f"each takes {side}, and {number.whole(level)} at {bound}; no country gains by misstating what it wants."
    return Finding(text, {"offered": estimate.published(offered, "people")}, Basis.published)


def _externality(study: QuotaStudy) -> Finding:
    lost = rests(study, study.held.lost / MILLION, "million usd / year")
    text = "Clearing is efficient all the same: what was said of others' worths moves nobody."
    if float(np.max(study.held.lost)) > 1.0:
        text = "Clearing is not efficient, for it makes what hosting costs each government alone equal: by what was "
        text += f"said of its worth to others it loses {sentence.amount(lost)} million dollars a year."
    return Finding(text, {"lost": lost})


def _package(study: QuotaStudy) -> Finding:
    package = study.package
    assert package is not None
    if not package.agreed:
        text = "Bargaining over places and payments ends without a deal: "
        text += listed((f"{one.name} ({number.percent(one.weight)})" for one in package.clashes), 6)
        text += " cannot all be met, by these weights."
        return Finding(text, {}, Basis.assumed)
    each = float(package.gain.mean()) / MILLION
    payer = int(np.argmax(package.paid))
    most = number.number(float(package.paid[payer]) / MILLION)
    text = f"Bargained over as one package of places and payments, {package.hosted.sum():,.0f} people are hosted and "
    text += f"each of {len(package.gain)} countries gains {number.number(each)} million dollars a year; "
    text += f"{study.figures.called(study.largest[payer])} pays {most} million. By the middle of what is assumed."
    return Finding(text, {}, Basis.assumed)
