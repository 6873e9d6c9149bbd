"""What a reader should take from a relief on conditions: what the game produces of what was seen, people, and why."""

from __future__ import annotations

import numpy as np

from palanca.bargain.snapback import RESPONSES
from palanca.questions.deal.struck import share
from palanca.questions.relief import facts
from palanca.questions.relief.facts import DECLARED, FEW, MOST, SeenPart, Study
from palanca.questions.relief.tables import believed
from palanca.show import estimate, number, sentence
from palanca.show.answer import Finding
from palanca.show.estimate import Basis, Estimate, Inputs

WHOLE = ("partial", "graduated")
DAYS = 30.0  # of a month, for a count at a rate


def findings(study: Study) -> list[Finding]:
    """In order of importance; what it does to people comes third."""
    found = {one.id: one for one in study.findings}
    parts = [one for one in study.findings if one.id not in (*WHOLE, "never")]
    has = [one for one in parts if one.chance >= MOST]
    lacks = [one for one in parts if one.chance < FEW]
    said = [*(_whole(found[name], study) for name in WHOLE), _people(study)]
    said += [_parts("The game produces in most draws", has)] if has else []
    said += [_parts("It hardly ever produces", lacks)] if lacks else []
    return [
        *said,
        *_due(study),
        _response(study),
        _payment(study, found["unbought"]),
        _severity(study),
        _lesson(study),
    ]


def inputs(study: Study) -> Inputs:
    """Beliefs that are judgements, by draw."""
    beliefs, numbers = study.setting.relief.beliefs(), study.setting.numbers
    names = tuple(name for name, belief in beliefs.items() if belief.basis == "assumed")
    return Inputs(names, np.array([numbers[name] for name in names]).reshape(len(names), len(study.lesson.before)))


def percent(chance: float) -> str:
    """A share in hundredths; one that is not nothing but less than one hundredth has a decimal."""
    return number.percent(chance, 1 if 0.0 < chance < 0.01 else 0)


def _whole(one: SeenPart, study: Study) -> Finding:
    relief, reading = study.setting.relief, study.setting.relief.file.reading
    if one.id == "partial":
        size = np.median(study.setting.each("slice.size"), axis=0)
        cheap = float(size[[study.setting.place(name) for name in reading.cheap]].sum() / size.sum())
        what = f"Cheap clauses, on which {percent(cheap)} of the relief hangs, are kept and the dear one "
        what += f"({relief.clauses[reading.dear].name}) is broken"
    else:
        small, large = (relief.clauses[name].slice.name for name in (reading.small, reading.large))
        what = f"{small} is withdrawn first, and {large} not before its licence ends,"
    verdict = (
        "the game produces what was seen" if one.chance >= MOST
        else "the game leaves open whether it goes so" if one.chance >= FEW
        else "the game does not produce what was seen"
    )  # fmt: skip
    text = f"{what} in {percent(one.chance)} of {len(one.holds)} draws: {verdict}."
    return Finding(text, {one.id: share(one.chance)})


def _people(study: Study) -> Finding:
    """What flights that go on or stop mean in people."""
    setting = study.setting
    monthly = facts.people_returned(setting, study.courses[DECLARED])
    always = setting.numbers["flights.people"] * setting.numbers["flights.rate"]
    back = _rests(study, monthly.sum(axis=1), "people")
    fewer = _rests(study, (always[:, None] - monthly).sum(axis=1), "people")
    text = f"Flights return {sentence.amount(back, 'people')} in {setting.months} months, "
    text += f"{sentence.amount(fewer)} fewer than if they never stopped"
    numbers = {"returned": back, "fewer than with all flights": fewer}
    relief = setting.relief
    stopped = relief.first("stopped")
    if stopped is not None:
        start = relief.file.start
        flown = (stopped.month - start.month) + (stopped.number - start.number) / DAYS
        numbers["returned until flights stopped"] = until = _rests(study, flown * always, "people")
        text += f"; until they did stop, on {stopped}, that rate makes {sentence.amount(until)}"
    return Finding(f"{text}.", numbers)


def _parts(words: str, found: list[SeenPart]) -> Finding:
    listed = "; ".join(f"{one.says} ({percent(one.chance)})" for one in found)
    return Finding(f"{words}: {listed}.", {one.id: share(one.chance) for one in found}, Basis.assumed)


def _due(study: Study) -> list[Finding]:
    """The month in which the dear clause falls due, and how soon it is broken."""
    setting = study.setting
    dear = setting.relief.file.reading.dear
    month = setting.relief.due()[dear]
    broken = setting.relief.first("broken", dear)
    if month > setting.months or broken is None:
        return []
    kept = share(float(np.asarray(study.courses[DECLARED].kept)[:, month - 1, setting.place(dear)].mean()))
    text = f"The dear clause falls due in month {month} and is kept in that month with a chance of "
    text += f"{number.percent(kept.estimate, 1)}; it was seen broken on {broken}, in month "
    text += f"{setting.relief.month_of(broken)}."
    return [Finding(text, {"chance kept when due": kept})]


def _response(study: Study) -> Finding:
    """What the destination does in a month to the clock, and what giving back would be were it free."""
    setting = study.setting
    response = np.asarray(study.courses[DECLARED].response)[:, : setting.clock].mean(axis=(0, 1))
    chances = dict(zip(RESPONSES, map(float, response), strict=True))
    forbears, part, full, back = (percent(chance) for chance in chances.values())
    free = float(facts.restored(study.courses["unpriced"])[:, : setting.clock].mean())
    text = "In a month before the licence ends, the destination forbears with a chance of "
    text += f"{forbears}, withdraws what was broken with {part}, all with {full}, and restores all with {back} "
    text += f"({percent(free)} were that free)."
    if chances["full"] > chances["part"]:
        text += " All goes more often than what was broken: keeping a cheap clause does not protect what hangs on it."
    numbers = {name: share(chance) for name, chance in chances.items()} | {"restore if free": share(free)}
    return Finding(text, numbers)


def _payment(study: Study, unbought: SeenPart) -> Finding:
    most = believed(study.setting.relief.beliefs()["office.most_payment"])
    text = f"No oil payment of {most} units a month buys the dear clause in {percent(unbought.chance)} of draws, even "
    return Finding(f"{text}if every breach that is seen is answered.", {"unbought": share(unbought.chance)})


def _severity(study: Study) -> Finding:
    """How the share of encounters and the transit country's asking move the answer."""
    relief, found = study.setting.relief, {one.id: one.chance for one in study.findings}
    texts: list[str] = []
    numbers: dict[str, Estimate] = {}
    for what, words in (
        ("migration", f"nobody from {relief.country('conditioned')} among encounters"),
        ("asked", f"a {relief.country('transit')} that does not ask"),
    ):
        steps = study.severity[what]
        none, twice = (share(float(steps[step].mean())) for step in (facts.STEPS[0], facts.STEPS[-1]))
        falls = share(found[f"falls_in_{what}"])
        texts.append(
            f"with {words}, {percent(none.estimate)} of relief is withheld; with twice as much as declared, "
            f"{percent(twice.estimate)} (less in {percent(falls.estimate)} of draws)"
        )
        numbers |= {f"{what} none": none, f"{what} twice": twice, f"{what} falls": falls}
    text = "; ".join(texts)
    known = share(study.setting.share)
    text += (
        f". Its nationals were {percent(known.estimate)} of encounters in the {relief.file.migration.months} months "
    )
    return Finding(f"{text[:1].upper()}{text[1:]}before.", numbers | {"share of encounters": known})


def _lesson(study: Study) -> Finding:
    """What a breach teaches of the other side, and for the next round."""
    one = study.lesson
    named = {
        "before": one.before,
        "after": one.after,
        "renewed before": one.renewed_before,
        "renewed after": one.renewed_after,
    }
    numbers = {name: _rests(study, 100.0 * values, "percent") for name, values in named.items()}
    before, after, renewed, then = (sentence.amount(found, "%") for found in numbers.values())
    text = (
        f"A seen breach of the dear clause takes the belief that relief can buy it from {before} to {after}, and the "
    )
    return Finding(f"{text}chance that the same relief is worth renewing from {renewed} to {then}.", numbers)


def _rests(study: Study, values: np.ndarray, unit: str) -> Estimate:
    return estimate.rests(values, inputs(study), unit, least=Basis.assumed)
