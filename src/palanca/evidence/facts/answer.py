"""Which facts the model reproduces: the answer, in words, numbers, tables and charts."""

from __future__ import annotations

import numpy as np
import xarray as xr

from palanca.core.errors import FitError
from palanca.core.wording import counted, listed
from palanca.evidence.facts import scorecard, store, tables, words
from palanca.evidence.facts.bench import Bench
from palanca.evidence.facts.judge import FAILED, PRODUCED, VERDICTS, FactNumber
from palanca.evidence.facts.scorecard import FactTrials, Scorecard
from palanca.questions import provenance
from palanca.questions.corridor import Corridor
from palanca.questions.options import RunOptions
from palanca.show import number, sentence
from palanca.show.answer import Answer, Finding
from palanca.show.chart import Chart, Kind, Panel, named
from palanca.show.estimate import Basis, Estimate
from palanca.spec.facts import Facts

HARM = ("held_more", "deaths_more")  # names of quantities that say what a lever does to people
HARMS = 4  # of them in a sentence
ROLES = dict(zip(VERDICTS, ("kind_3", "kind_5", "kind_2", "kind_6", "kind_4", "kind_1"), strict=True))
FEW = "Only {draws} draws: chances of facts are rough. The shipped scorecard takes 64."
ENOUGH = 64


def tried(corridor: Corridor, facts: Facts, options: RunOptions) -> FactTrials:
    """Try facts on a corridor.

    Raises:
        UsageError: The facts are about another case; an outcome does not exist; a month lies outside a world.
        ChangeError: A change names nothing, fits nothing, or alters nothing.
    """
    bench = Bench(corridor, options.draws, options.key)
    return scorecard.score(bench, facts, progress=options.progress)


def answer(
    corridor: Corridor, found: FactTrials, options: RunOptions, arguments: dict[str, object] | None = None
) -> Answer:
    """Say which facts hold, with what chance, and what fails.

    Args:
        corridor: The fitted corridor.
        found: Facts as tried on it.
        options: How they were tried.
        arguments: Which facts, and the text of those that a user added.
    """
    card = found.card
    few = (FEW.format(draws=card.draws),) if card.draws < ENOUGH else ()
    return Answer(
        question=f"Which of {counted(len(card.scores), 'fact')} about {card.case} does the model reproduce?",
        data=dataset(found),
        findings=tuple(findings(card)),
        tables=tuple(tables.all_of(card)),
        charts=tuple(charts(card)),
        caveats=(*few, words.CAUTION, words.CHANCE),
        provenance=provenance.of(corridor, "evidence.facts", arguments or {}, draws=options.draws, key=options.key),
    )


def shipped(corridor: Corridor) -> Answer:
    """The same of the scorecard that comes with the case, which was made before: no draws of its quantities.

    Raises:
        FitError: The case has no scorecard, it cannot be read, or it rests on another case, figures, fit or code.
    """
    card = store.read(corridor.case)
    stale = store.stale(card, corridor.case)
    if stale:
        raise FitError(
            "the scorecard of facts rests on something else than is here", where=str(store.where(corridor.case)),
            found=f"another {listed(stale)}", way_out="`palanca evidence facts` tries every fact again.",
        )  # fmt: skip
    none = {(one.id, given.name): np.empty(0) for one in card.scores for given in one.numbers}
    options = RunOptions(card.draws, card.key)
    return answer(corridor, FactTrials(card, none), options, {"only": None, "add": []})


def dataset(found: FactTrials) -> xr.Dataset:
    """The chance of each fact; each quantity, with its draws where these are draws of the fit."""
    card = found.card
    numbers = [(one.id, given) for one in card.scores for given in one.numbers]
    labels = [f"{fact}.{given.name}" for fact, given in numbers]
    chances = [words.chance(one.chance) for one in card.scores]
    variables = {
        "result": xr.Variable("fact", [one.verdict for one in card.scores], {"long_name": "what each fact came to"}),
        "title": xr.Variable("fact", [one.title for one in card.scores], {"long_name": "title of each fact"}),
    }
    for name, field in (("chance", "estimate"), ("chance_low", "low"), ("chance_high", "high")):
        values = np.array([np.nan if one is None else getattr(one, field) for one in chances])
        attrs = {"units": "percent", "long_name": "share of draws in which a fact holds"}
        variables[name] = xr.Variable("fact", values, attrs)
    for name, field in (("median", "mid"), ("low", "low"), ("high", "high"), ("unknown_share", "unknown_share")):
        values = np.array([getattr(given, field) for _, given in numbers], dtype=float)
        variables[name] = xr.Variable("quantity", values, {"units": "of each quantity", "long_name": "over all draws"})
    units = [given.unit for _, given in numbers]
    variables["unit"] = xr.Variable("quantity", units, {"long_name": "unit of each quantity"})
    variables["what"] = xr.Variable("quantity", [given.what for _, given in numbers], {"long_name": "what it is"})
    drawn = [k for k, (fact, given) in enumerate(numbers) if found.draws[fact, given.name].size == card.draws]
    coords: dict[str, list[object]] = {"fact": [one.id for one in card.scores], "quantity": list(labels)}
    if drawn:
        values = np.stack([found.draws[numbers[k][0], numbers[k][1].name] for k in drawn])
        attrs = {"units": "of each quantity", "long_name": "quantities drawn with the parameters of the fit"}
        variables["drawn"] = xr.Variable(("drawn_quantity", "draw"), values, attrs)
        coords["drawn_quantity"] = [labels[k] for k in drawn]
    return xr.Dataset(variables, coords)


def findings(card: Scorecard) -> list[Finding]:
    """The count; the facts that separate explanations; what the levers tried do to people; and which fail."""
    counts = {word: _count(card.count(word)) for word in VERDICTS}
    first, *others = words.headline(card)
    harm = _harm(card)
    return [
        Finding(first, counts),
        *(Finding(text) for text in others),
        *([harm] if harm else []),
        *(Finding(text) for text in words.named(card)),
    ]


def _count(size: int) -> Estimate:
    return Estimate(float(size), float(size), float(size), "facts", None, Basis.learned)


def _harm(card: Scorecard) -> Finding | None:
    """What the levers of the first facts that measure it do to people; tables have the others."""
    found = {
        given.what: _percent(given)
        for one in card.scores
        for given in one.numbers
        if given.name in HARM and given.mid is not None
    }
    if not found:
        return None
    kept = dict(list(found.items())[:HARMS])
    text = "; ".join(f"{name}: {sentence.change(one)} %" for name, one in kept.items())
    return Finding(f"What levers do to people: {text}.", kept)


def _percent(given: FactNumber) -> Estimate:
    middle, low, high = (100.0 * (end if end is not None else np.nan) for end in (given.mid, given.low, given.high))
    return Estimate(middle, low, high, "percent")


def charts(card: Scorecard) -> list[Chart]:
    """The chance of every fact, and the share of draws in which each assertion holds."""
    drawn = []
    for word, role in ROLES.items():
        some = [(f"{one.id} {one.title}", words.chance(one.chance)) for one in card.scores if one.verdict == word]
        known = [(name, found) for name, found in some if found is not None]
        if known:
            drawn.append(named(word, known, role))
    ends = ((100.0 * FAILED, number.percent(FAILED)), (100.0 * PRODUCED, number.percent(PRODUCED)))
    found = (
        [
            Chart(
                "chances",
                Kind.dots,
                "The chance that each fact holds",
                "Share of draws in which all that a fact asserts holds; bars are the 90 % interval that the number of "
                "draws leaves. Dotted lines part produced from in between, and in between from not produced.",
                (Panel(tuple(drawn), "percent of draws", marks=ends),),
            )
        ]
        if drawn
        else []
    )
    parts = [
        (f"{one.id} {words.asserted(part)}", _share(part.within_share)) for one in card.scores for part in one.tried
    ]
    if parts:
        found.append(
            Chart(
                "assertions",
                Kind.bars,
                "The share of draws in which each assertion holds",
                "One bar an assertion, by number of its fact; a fact holds in a draw where all of its assertions do.",
                (Panel((named("holds in", parts),), "percent of draws"),),
            )
        )
    return found


def _share(share: float) -> Estimate:
    return Estimate(100.0 * share, 100.0 * share, 100.0 * share, "percent", None)
