"""Which schemes of a corridor the model has, and which work: the answer, in words, numbers, tables and a chart."""

from __future__ import annotations

import xarray as xr

from palanca.core.wording import counted
from palanca.evidence.facts import answer as facts_answer
from palanca.evidence.facts.answer import ENOUGH, FEW
from palanca.evidence.facts.bench import Bench
from palanca.evidence.facts.scorecard import FactTrials, Scorecard
from palanca.evidence.schemes import scheme_card, tables, words
from palanca.evidence.schemes.scheme_card import WORDS, SchemeCard, SchemeTrials
from palanca.questions import provenance
from palanca.questions.corridor import Corridor
from palanca.questions.options import RunOptions
from palanca.show.answer import Answer, Finding
from palanca.show.chart import Chart, Kind, Panel, named
from palanca.show.estimate import Basis, Estimate
from palanca.spec.schemes import Schemes

ROLES = dict(zip(WORDS, ("kind_3", "kind_5", "kind_2"), strict=True))


def tried(corridor: Corridor, schemes: Schemes, options: RunOptions) -> SchemeTrials:
    """Try schemes on a corridor.

    Raises:
        UsageError: The schemes are about another case, or one cannot be tried on this one.
        ChangeError: A change names nothing, fits nothing, or alters nothing.
    """
    bench = Bench(corridor, options.draws, options.key)
    return scheme_card.score(bench, schemes, progress=options.progress)


def answer(
    corridor: Corridor, found: SchemeTrials, options: RunOptions, arguments: dict[str, object] | None = None
) -> Answer:
    """Say which schemes work, which in part, and which are missing.

    Args:
        corridor: The fitted corridor.
        found: Schemes as tried on it.
        options: How they were tried.
        arguments: Which schemes.
    """
    card = found.card
    few = (FEW.format(draws=card.draws),) if card.draws < ENOUGH else ()
    return Answer(
        question=f"Which of {counted(len(card.scores), 'scheme')} of {card.case} does the model have, and which work?",
        data=dataset(found),
        findings=tuple(findings(card)),
        tables=tuple(tables.all_of(card)),
        charts=tuple(charts(card)),
        caveats=(words.CAUTION, words.CHANCE, *few),
        provenance=provenance.of(corridor, "evidence.schemes", arguments or {}, draws=options.draws, key=options.key),
    )


def findings(card: SchemeCard) -> list[Finding]:
    """The count of schemes, the count of predictions, and which are missing."""
    numbers = {word: _count(len(card.of(word))) for word in WORDS}
    texts = [words.headline(card), words.counts(card), *words.missing(card)]
    return [Finding(texts[0], numbers), *(Finding(text) for text in texts[1:])]


def dataset(found: SchemeTrials) -> xr.Dataset:
    """What each scheme came to, the chance of each prediction, and each quantity with its draws."""
    card = found.card
    every = FactTrials(Scorecard(card.case, card.draws, card.key, tuple(card.predictions)), found.draws)
    titles = {str(one.id): one.title for one in card.predictions}
    data = facts_answer.dataset(every).drop_vars("title").rename(fact="prediction")
    labels = {"prediction": [titles[str(number)] for number in data["prediction"].values]}
    for axis in ("quantity", "drawn_quantity"):
        if axis in data.coords:
            pairs = [str(name).partition(".") for name in data[axis].values]
            labels[axis] = [f"{titles[number]} {name}" for number, _, name in pairs]
    told = {"prediction": [words.came(one) for one in card.predictions]}
    data = data.assign_coords(labels).assign(result=xr.Variable("prediction", told["prediction"], data["result"].attrs))
    of_schemes = {
        "scheme_result": ([one.word for one in card.scores], "what each scheme came to"),
        "scheme_title": ([one.title for one in card.scores], "title of each scheme"),
        "scheme_holds": ([one.held for one in card.scores], "predictions of each that hold"),
        "scheme_predictions": ([len(one.predictions) for one in card.scores], "predictions of each"),
    }
    variables = {name: xr.Variable("scheme", cells, {"long_name": what}) for name, (cells, what) in of_schemes.items()}
    return data.assign(variables).assign_coords(scheme=[one.id for one in card.scores])


def charts(card: SchemeCard) -> list[Chart]:
    """The share of each scheme's predictions that hold."""
    drawn = []
    for word, role in ROLES.items():
        some = [(f"{one.id} {one.title}", _share(one.held / len(one.predictions))) for one in card.of(word)]
        if some:
            drawn.append(named(word, some, role))
    return [
        Chart(
            "schemes",
            Kind.dots,
            "The share of its predictions that holds, scheme by scheme",
            "A scheme works where all hold; it is missing where the model has no means to express any.",
            (Panel(tuple(drawn), "percent of predictions"),),
        )
    ]


def _count(size: int) -> Estimate:
    return Estimate(float(size), float(size), float(size), "schemes", None, Basis.learned)


def _share(share: float) -> Estimate:
    return Estimate(100.0 * share, 100.0 * share, 100.0 * share, "percent", None)
