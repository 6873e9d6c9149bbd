"""One HTML file about why an outcome changed, or about all changes that sources explain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from palanca.questions.why.differences import Differences
from palanca.questions.why.episodes import Claim, Told
from palanca.questions.why.shares import Why
from palanca.report import sheet, tags
from palanca.report.sheet import Part
from palanca.view import why as charts
from palanca.view import why_prose as prose
from palanca.view import why_tables as tables


def html(found: Why, given: Sequence[Claim], apart: Differences | None, facts: Mapping[str, str]) -> str:
    """The page of one change, as text.

    Args:
        found: The change shared out.
        given: What sources claim of it.
        apart: The same change without the model, where there is such a rival.
        facts: What it rests on, by name.
    """
    unit = found.asked.outcome.unit
    claims = [Part("claims", "What the sources say", tags.bullets(prose.claimed(found, given)))] if given else []
    return sheet.html(
        f"Why: {prose.title(found.asked, found)}",
        prose.span(found),
        [*prose.headline(found), prose.harm(found)],
        prose.CAUTION,
        charts.waterfall(found),
        [
            Part("causes", "Every cause", tags.table(tables.causes(found), f"Causes of the change [{unit}]")),
            *claims,
            Part(
                "counting",
                "Other ways of counting",
                tags.bullets(prose.beside(found, apart))
                + tags.table(tables.groups(found), "Groups of causes, mean share of the change"),
            ),
            Part("method", "What it rests on", tags.facts(facts.items())),
        ],
    )


def episodes_html(case: str, given: Sequence[Told], facts: Mapping[str, str]) -> str:
    """The page of all changes that sources explain, as text."""
    told = [
        Part(
            one.change.id,
            prose.span(one.why),
            tags.bullets([*prose.headline(one.why), prose.harm(one.why), *prose.claimed(one.why, one.change.claims)]),
            (charts.waterfall(one.why, anchor=f"why-{one.change.id}"),),
        )
        for one in given
    ]
    return sheet.html(
        f"Why arrivals changed: {case}",
        f"{len(given)} changes that the sources explain",
        [prose.lesson(given)],
        prose.CAUTION,
        charts.episodes(given),
        [
            Part("shares", "Shares of all changes", tags.table(tables.episodes(given), "Shares with 90 % intervals")),
            *told,
            Part("method", "What it rests on", tags.facts(facts.items())),
        ],
    )
