"""One HTML file about one run: sentences, charts, tables, what it cannot tell, and how to get the same bits."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from string import Template

from plotly.offline import get_plotlyjs

from palanca.infer.history import History
from palanca.report import style, tags
from palanca.view import charts, prose, series, tables
from palanca.view.chart import Chart
from palanca.view.theme import darkened, month_name

PROVENANCE = {
    "command": "Command",
    "case": "Case",
    "case_fingerprint": "Fingerprint of the case",
    "data_fingerprint": "Fingerprint of the figures",
    "key": "Key of the draws",
    "versions": "Versions",
    "python": "Python",
}
SECTIONS = {
    "change": "What the change does",
    "history": "What happened, as the model tells it",
    "tables": "By year and by origin",
    "agreement": "How far to trust it",
    "provenance": "How to get the same numbers",
}


def html(history: History, *, lines: Mapping[str, str] | None = None) -> str:
    """The whole page as text: no part of it is fetched when it is viewed.

    Args:
        history: A run, with or without a twin world.
        lines: Further lines of provenance by name, such as the fit's fingerprint.

    Returns:
        One HTML document that holds its own style, script, drawing library and numbers.
    """
    opening, *others = charts.of_history(history)
    drawn = {
        "change": charts.of_twin(history),
        "history": others,
        "agreement": charts.of_agreement(history),
    }
    body = {
        "change": _change(history, drawn["change"]) if history.changes else "",
        "history": _section("history", *map(tags.chart, drawn["history"])),
        "tables": _tables(history),
        "agreement": _agreement(history, drawn["agreement"]),
        "provenance": _provenance(history, lines or {}),
    }
    shown = [(name, SECTIONS[name]) for name, part in body.items() if part]
    return Template(style.asset("page.html")).substitute(
        title=escape(history.case.title),
        style=style.sheet(),
        span=escape(_span(history)),
        headline="".join(tags.paragraph(text, "lead") for text in prose.headline(history)),
        harm="".join(tags.paragraph(text) for text in prose.harm(history)),
        opening=tags.chart(opening),
        contents=tags.contents(shown),
        body="".join(body.values()),
        plotly=get_plotlyjs(),
        data=tags.data([opening, *(one for part in drawn.values() for one in part)]),
        dark=tags.safe_json(darkened()),
        script=style.asset("page.js"),
    )


def _change(history: History, drawn: list[Chart]) -> str:
    said = [prose.worded(history.case, change) for change in history.changes]
    return _section(
        "change",
        "<p>In the twin world, all else as in history:</p>",
        tags.bullets(said),
        *map(tags.chart, drawn),
        tags.table(tables.harm_table(history), "Totals of both worlds in the first months changed, with 90 % bands"),
        tags.table(
            tables.twin_table(history),
            "Encounters of both worlds by origin in the first months changed, with 90 % bands",
            folded=True,
        ),
        "<h3>What this cannot tell</h3>",
        tags.bullets(prose.cannot_tell(history)),
    )


def _tables(history: History) -> str:
    return _section(
        "tables",
        tags.paragraph(
            "Medians over draws; encounters, stops and expulsions are events, the rest are people. The error of "
            "encounters is zero by construction."
        ),
        tags.table(tables.by_year(history), "Every year of the run; years covered in part say how many months"),
        tags.table(tables.by_origin(history), f"Every origin over the whole run, {_span(history)}"),
    )


def _agreement(history: History, drawn: list[Chart]) -> str:
    return _section(
        "agreement",
        "<h3>Solved for, and so proves nothing</h3>",
        tags.bullets(prose.proves_nothing(history)),
        "<h3>Not solved for</h3>",
        tags.paragraph(prose.agrees(history)),
        tags.table(
            tables.agreement_table(history),
            "The model against figures that replay does not solve for; an error of 0.10 is about 10 %, of 0.69 a "
            "factor of two; F and a number name an equation of docs/model.md",
        ),
        *map(tags.chart, drawn),
        "<h3>What the intervals hold</h3>",
        tags.bullets(prose.band_holds(history)),
        "<h3>What is assumed</h3>",
        tags.bullets(prose.assumed()),
    )


def _provenance(history: History, lines: Mapping[str, str]) -> str:
    known = {
        label: str(history.result.attrs[name]) for name, label in PROVENANCE.items() if history.result.attrs.get(name)
    }
    draws = {"Draws": str(history.result.sizes["draw"])}
    changes = {
        f"Change {k}": f"{change.target} = {change.value}: {prose.worded(history.case, change)}"
        for k, change in enumerate(history.changes, 1)
    }
    return _section("provenance", tags.facts((known | changes | draws | dict(lines)).items()))


def _section(name: str, *parts: str) -> str:
    return tags.section(name, SECTIONS[name], *parts)


def _span(history: History) -> str:
    months = series.labels(history)
    return f"{month_name(months[0])} to {month_name(months[-1])}"
