"""The scorecard of schemes: every prediction tried as a fact is, and the word for each scheme from its predictions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from palanca.core.errors import UsageError
from palanca.evidence.facts import scorecard as facts_scorecard
from palanca.evidence.facts.bench import Bench
from palanca.evidence.facts.judge import VERDICTS
from palanca.evidence.facts.scorecard import FactScore, Progress
from palanca.evidence.schemes import model_names
from palanca.evidence.schemes.model_names import ModelNames
from palanca.spec.facts import Facts
from palanca.spec.facts_schema import Fact
from palanca.spec.schemes import Schemes
from palanca.spec.schemes_schema import Scheme

WORKS, PARTLY, MISSING = "works", "partly", "missing"
WORDS = (WORKS, PARTLY, MISSING)
NUMBERED = 10  # prediction k of scheme n is number 10 n + k among facts
UNSAID = "The model has what this requires now, but nothing is declared that must hold."


@dataclass(frozen=True)
class SchemeScore:
    """One scheme, judged.

    Args:
        id: Such as `SYS01`.
        title: Its title.
        what: What it is.
        sources: Where it is described.
        levers: Levers of the case that belong to it and act.
        idle: Those that are recorded and do not act.
        issues: Issues of the bargaining table that belong to it.
        lacks: What the model lacks for all of it; nothing if it has all.
        predictions: Each prediction, as a fact.
    """

    id: str
    title: str
    what: str
    sources: tuple[str, ...]
    levers: tuple[str, ...]
    idle: tuple[str, ...]
    issues: tuple[str, ...]
    lacks: str
    predictions: tuple[FactScore, ...]

    @property
    def held(self) -> int:
        """How many predictions hold in nine draws of ten or more."""
        return sum(one.verdict == VERDICTS[0] for one in self.predictions)

    @property
    def absent(self) -> int:
        """How many predictions the model has no means to express."""
        return sum(one.chance is None for one in self.predictions)

    @property
    def silent(self) -> int:
        """How many say nothing of the model: figures contradict them, or have too few cases to tell."""
        return sum(one.verdict in VERDICTS[4:] for one in self.predictions)

    @property
    def word(self) -> str:
        """`works`, `partly` or `missing`; see the function of the same name."""
        return word(len(self.predictions) - self.silent, self.held, self.absent)


@dataclass(frozen=True)
class SchemeCard:
    """Every scheme asked for, judged.

    Args:
        case: Name of the case.
        draws: Draws of the posterior.
        key: Key of the draws.
        scores: In the order of the file.
        made: Fingerprints of what it rests on, where it is kept.
    """

    case: str
    draws: int
    key: int
    scores: tuple[SchemeScore, ...]
    made: Mapping[str, str] = field(default_factory=dict)

    def of(self, wanted: str) -> list[SchemeScore]:
        """Schemes with a word."""
        return [one for one in self.scores if one.word == wanted]

    @property
    def predictions(self) -> list[FactScore]:
        """Every prediction of every scheme."""
        return [prediction for one in self.scores for prediction in one.predictions]


@dataclass(frozen=True, eq=False)
class SchemeTrials:
    """A scorecard of schemes with the draws behind it.

    Args:
        card: Every scheme, judged.
        draws: Every quantity by number of its prediction and its name, (draw).
    """

    card: SchemeCard
    draws: Mapping[tuple[int, str], np.ndarray]


def word(predictions: int, held: int, absent: int) -> str:
    """`works` where every prediction holds, `missing` where none can be expressed, `partly` otherwise.

    Args:
        predictions: How many that say something of the model.
        held: How many of them hold.
        absent: How many of them the model has no means to express.
    """
    return PARTLY if not predictions else MISSING if absent == predictions else WORKS if held == predictions else PARTLY


def score(bench: Bench, schemes: Schemes, *, progress: Progress | None = None) -> SchemeTrials:
    """Try every prediction of every scheme.

    Args:
        bench: What they are tried on.
        schemes: The schemes.
        progress: Called as `progress(done, predictions)`.

    Raises:
        UsageError: The schemes are about another case; an outcome or issue does not exist; a month lies outside a
            world; a name that the model lacks looks like a slip for one that it has.
        ChangeError: A change names nothing, fits nothing, or alters nothing.
    """
    case = bench.corridor.case
    if schemes.case != case.case:
        raise UsageError("schemes of another case", found=schemes.case, expected=case.case)
    model = model_names.names(case)
    facts, lacks = declared(schemes, model)
    found = facts_scorecard.score(bench, facts, progress=progress)
    tried = {one.id: one for one in found.card.scores}
    scores = tuple(
        SchemeScore(
            id=one.id,
            title=one.title,
            what=one.what,
            sources=one.source,
            levers=tuple(name for name in model.levers.get(one.id, ()) if model.known["levers"][name]),
            idle=tuple(name for name in model.levers.get(one.id, ()) if not model.known["levers"][name]),
            issues=one.issues,
            lacks=lacks[one.id],
            predictions=tuple(tried[numbered(one, k)] for k in range(len(one.predictions))),
        )
        for one in schemes.schemes
    )
    return SchemeTrials(SchemeCard(case.case, bench.draws, bench.key, scores), found.draws)


def declared(schemes: Schemes, model: ModelNames) -> tuple[Facts, dict[str, str]]:
    """Predictions as facts, those that the model cannot express with the reason; and what each scheme lacks.

    Raises:
        UsageError: A name that the model lacks looks like a slip for one that it has.
    """
    facts: list[Fact] = []
    where: dict[int, str] = {}
    lacks: dict[str, str] = {}
    for scheme in schemes.schemes:
        place = schemes.where[scheme.id, 0]
        lacks[scheme.id] = model.lacking(scheme.requires, place)
        for k, prediction in enumerate(scheme.predictions):
            number, place = numbered(scheme, k), schemes.where[scheme.id, k]
            unsaid = "" if prediction.then else UNSAID
            lacking = lacks[scheme.id] or model.lacking(prediction.requires, place) or unsaid
            facts.append(prediction.fact(number, f"{scheme.id} P{k + 1}", scheme.source, lacking))
            where[number] = place
    return Facts(schemes.case, tuple(facts), where), lacks


def numbered(scheme: Scheme, place: int) -> int:
    """Number of a prediction among facts."""
    return NUMBERED * int(scheme.id[3:]) + place + 1
