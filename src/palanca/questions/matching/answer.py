"""How people would be matched to places: who gets where by each rule, what it is worth, and who could object."""

from __future__ import annotations

import numpy as np
import xarray as xr

from palanca.core.wording import counted, listed
from palanca.questions.matching import run as running
from palanca.questions.matching.charts import charts
from palanca.questions.matching.run import Matched
from palanca.questions.matching.tables import tables
from palanca.sharing.matching.market import names
from palanca.show import number
from palanca.show.answer import Answer, Finding, Provenance
from palanca.show.estimate import Basis, Estimate

CAUTIONS = (
    "Everything follows from the files: a score is as good as whoever estimated it, and wishes are as told. Scores "
    "say what is expected of a place, not what people would want.",
    "A pair that is not in the file of pairs, or whose place does not offer what the family asks for, is never "
    "matched; equal priorities stand in the order of the file.",
)
UNFINISHED = "The solver was stopped: no matching adds more than {bound}, the best one found adds {best}."


def answer(found: Matched, provenance: Provenance) -> Answer:
    """Put the rules side by side."""
    market = found.market
    unfinished: tuple[str, ...] = ()
    if found.best is not None and found.bound is not None and found.bound > found.best * (1.0 + 1e-6):
        texts = number.together([found.bound, found.best])
        unfinished = (UNFINISHED.format(bound=texts[0], best=texts[1]),)
    return Answer(
        question=f"How would {counted(len(market.families), 'family', 'families')} "
        f"({counted(int(market.people.sum()), 'person', 'people')}) be matched to "
        f"{counted(len(market.places), 'place')}?",
        data=dataset(found),
        findings=tuple(findings(found)),
        tables=tuple(tables(found)),
        charts=tuple(charts(found)),
        caveats=(*unfinished, *CAUTIONS),
        provenance=provenance,
    )


def dataset(found: Matched) -> xr.Dataset:
    """By rule: every number of its report; by rule and family the place."""
    market, reports = found.market, [one.report for one in found.outcomes]
    groups = [one.group for one in reports[0].left_out]
    left = [{one.group: one for one in report.left_out} for report in reports]
    places = np.array(["", *market.places])

    def by_rule(name: str, unit: str, words: str) -> tuple[tuple[str], list[float], dict[str, str]]:
        values = [getattr(one, name) for one in reports]
        return ("rule",), [np.nan if value is None else float(value) for value in values], _about(unit, words)

    def by_group(name: str, unit: str, words: str) -> tuple[tuple[str, str], list[list[int]], dict[str, str]]:
        return ("rule", "group"), [[getattr(one[g], name) for g in groups] for one in left], _about(unit, words)

    return xr.Dataset(
        {
            "families_placed": by_rule("families", "families", "families with a place"),
            "people_placed": by_rule("people", "people", "people with a place"),
            "welfare": by_rule("welfare", "score", "sum of scores"),
            "mean_rank": by_rule("mean_rank", "1", "mean rank of the places of those placed; 1 is the favourite"),
            "favourites": by_rule("favourites", "families", "families at their favourite place"),
            "blocking": by_rule("blocking", "pairs", "pairs of a family and a place that block"),
            "strong_envy": by_rule("strong_envy", "pairs", "pairs of families with strong envy"),
            "weak_envy": by_rule("weak_envy", "pairs", "pairs of families with weak envy only"),
            "waste": by_rule("waste", "pairs", "pairs of a family and a place with room that it prefers"),
            "free": (
                ("rule", "place", "need"),
                np.stack([one.free for one in reports]),
                _about("units of the need", "capacity left free"),
            ),
            "unplaced_families": by_group("unplaced_families", "families", "families without a place"),
            "unplaced_people": by_group("unplaced_people", "people", "people without a place"),
            "placed_at": (
                ("rule", "family"),
                np.stack([places[one.places + 1] for one in found.outcomes]),
                {"long_name": "place of the family; empty where it has none"},
            ),
        },
        {
            "rule": [one.name for one in found.outcomes],
            "family": list(market.families),
            "place": list(market.places),
            "need": list(market.needs),
            "group": groups,
        },
    )


def findings(found: Matched) -> list[Finding]:
    """What the best is, how far each rule is from it, who is left out, who could object."""
    return [
        _reach(found),
        _out(found),
        _objections(found),
        *_weeks(found),
        *_too_large(found),
    ]


def _reach(found: Matched) -> Finding:
    """How many each rule places, and what share of the highest sum it reaches."""
    lead = next((one for one in found.outcomes if one.name == running.BEST), found.outcomes[0])
    text = f"The {lead.label}" if lead.name == running.BEST else lead.label.capitalize()
    text += f" places {number.whole(lead.report.people)} of {number.whole(found.market.people.sum())} people"
    numbers: dict[str, Estimate] = {f"people, {lead.name}": _exact(lead.report.people, "people")}
    if lead.report.welfare is not None:
        share = found.share(lead)
        text += f" and adds {number.number(lead.report.welfare)} in scores"
        text += ", the highest sum there is" if lead.name == running.BEST else ""
        text += (
            f", {number.percent(share)} of the highest sum" if lead.name != running.BEST and share is not None else ""
        )
        numbers[f"sum of scores, {lead.name}"] = _exact(lead.report.welfare, "score")
    others = [one for one in found.outcomes if one is not lead and one.name not in running.WEEKLY]
    told = []
    for one in others:
        share = found.share(one)
        part = f"{one.label} {number.whole(one.report.people)}"
        if share is not None:
            part += f" ({number.percent(share)} of the highest sum)"
            numbers[f"share of the highest sum, {one.name}"] = _exact(100.0 * share, "percent")
        told.append(part)
    text += f". People placed by other rules: {'; '.join(told)}" if told else ""
    return Finding(f"{text}.", numbers, Basis.assumed)


def _out(found: Matched) -> Finding:
    """Who is left without a place by the first rule and the range over rules."""
    every = found.market.people.sum()
    out = {one.name: int(every - one.report.people) for one in found.outcomes}
    least, most = min(out.values()), max(out.values())
    if most == 0:
        return Finding("Every rule places everybody.", {"people without a place": _exact(0, "people")}, Basis.assumed)
    span = f"{number.whole(least)}" if least == most else f"{number.whole(least)} to {number.whole(most)}"
    text = f"Between rules {span} people stay without a place" if least != most else f"{span} people stay without one"
    worst = next(one for one in found.outcomes if out[one.name] == most)
    groups = [one for one in worst.report.left_out if one.unplaced_people]
    told = [f"{one.group} {one.unplaced_people} of {one.people}" for one in groups]
    text += f"; by {worst.label} these are, by group: {listed(told, 5)}"
    numbers = {f"people without a place, {name}": _exact(value, "people") for name, value in out.items()}
    return Finding(f"{text}.", numbers, Basis.assumed)


def _objections(found: Matched) -> Finding:
    """Which rules leave nobody with strong envy, and how many pairs others leave."""
    free = [one.label for one in found.outcomes if one.report.strong_envy == 0]
    rest = [one for one in found.outcomes if one.report.strong_envy]
    told = [f"{one.label} {number.whole(one.report.strong_envy)}" for one in rest]
    text = f"Free of strong envy here: {listed(free, 8) or 'none'}"
    text += f"; pairs of families with it elsewhere: {listed(told, 8)}" if told else ""
    numbers = {f"pairs with strong envy, {one.name}": _exact(one.report.strong_envy, "pairs") for one in found.outcomes}
    return Finding(f"{text}.", numbers, Basis.assumed)


def _weeks(found: Matched) -> list[Finding]:
    """What placing people week by week costs against knowing everyone beforehand."""
    weekly = {one.name: share for one in found.outcomes if one.name in running.WEEKLY and (share := found.share(one))}
    if not weekly:
        return []
    told = [f"{_label(found, name)} reaches {number.percent(share, 1)}" for name, share in weekly.items()]
    text = f"Placed as they come, without knowing who comes later: {' and '.join(told)} of the highest sum."
    return [
        Finding(
            text,
            {f"share of the highest sum, {name}": _exact(100.0 * share, "percent") for name, share in weekly.items()},
            Basis.assumed,
        )
    ]


def _too_large(found: Matched) -> list[Finding]:
    """Families that no place could take, or that no place is possible for, by name."""
    large = found.outcomes[0].report.too_large
    none = np.flatnonzero(~found.market.acceptable().any(axis=1))
    nowhere = [name for name in (found.market.families[at] for at in none) if name not in large]
    told = [f"Even an empty place has no room for {names(large)}: left unplaced."] if large else []
    told += [f"No place that they want offers what they need: {names(nowhere)}; left unplaced."] if nowhere else []
    kinds = ("families larger than any place", "families without a possible place")
    counts = [(kinds[0], len(large)), (kinds[1], len(nowhere))]
    numbers = {name: _exact(count, "families") for name, count in counts if count}
    return [Finding(" ".join(told), numbers, Basis.assumed)] if told else []


def _label(found: Matched, name: str) -> str:
    return next(one.label for one in found.outcomes if one.name == name)


def _exact(value: float, unit: str) -> Estimate:
    return Estimate(float(value), float(value), float(value), unit, None, Basis.assumed)


def _about(unit: str, words: str) -> dict[str, str]:
    return {"units": unit, "long_name": words}
