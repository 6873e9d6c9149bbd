"""One HTML file about episodes left out of the fit, and about one month's change taken apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from palanca.evidence.episodes import Outcome, score
from palanca.questions.why.decompose import Shares
from palanca.questions.why.differences import Differences
from palanca.report import sheet, tags
from palanca.report.sheet import Part
from palanca.view import episode_prose, episode_tables
from palanca.view import episodes as charts


def html(case: str, outcomes: Sequence[Outcome], apart: tuple[Shares, Differences], facts: Mapping[str, str]) -> str:
    """The whole page as text.

    Args:
        case: Title of the case.
        outcomes: Every episode.
        apart: The change taken apart, by the model and without it.
        facts: What it rests on, by name.
    """
    opening, sides, taken = charts.of_study(outcomes, *apart)
    scores = score(outcomes)
    months = [month for one in outcomes for month in one.episode.months]
    rows = tags.table(episode_tables.by_episode(outcomes), "The contrast of every episode [log points]", folded=True)
    whose = tags.bullets([f"{one.episode.title}: {one.episode.why}" for one in outcomes])
    *lead, caution = episode_prose.headline(scores, outcomes)
    return sheet.html(
        f"Episodes left out: {case}",
        f"{min(months)} to {max(months)}",
        lead,
        caution,
        opening,
        [
            Part(
                "lessons",
                "What each episode teaches",
                tags.bullets([episode_prose.lesson(one) for one in outcomes]),
                (sides,),
            ),
            Part("scores", "Scores", tags.table(episode_tables.scores(scores), "Rules over all episodes") + rows),
            Part(
                "apart",
                "One month's change taken apart",
                tags.bullets(episode_prose.apart_says(*apart))
                + tags.table(episode_tables.parts(*apart), "Parts of the change [log points]"),
                (taken,),
            ),
            Part("method", "Who is compared, and what it rests on", whose + tags.facts(facts.items())),
        ],
    )
