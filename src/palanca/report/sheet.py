"""One HTML file of sentences, charts and tables, whatever they are about; nothing of it is fetched when viewed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from string import Template

from plotly.offline import get_plotlyjs

from palanca.report import style, tags
from palanca.view.chart import Chart
from palanca.view.theme import darkened


@dataclass(frozen=True)
class Part:
    """A section of the page.

    Args:
        id: Anchor.
        title: Heading.
        html: What it says, as made by `tags`.
        charts: Charts shown after it.
    """

    id: str
    title: str
    html: str
    charts: tuple[Chart, ...] = ()


def html(title: str, span: str, lead: Sequence[str], caution: str, opening: Chart, parts: Sequence[Part]) -> str:
    """The whole page as text.

    Args:
        title: What it is about.
        span: Months or source, below the title.
        lead: Sentences at the head.
        caution: What to keep in mind, set apart from them.
        opening: Chart beside them.
        parts: Sections in order.
    """
    return Template(style.asset("page.html")).substitute(
        title=escape(title),
        style=style.sheet(),
        span=escape(span),
        headline="".join(tags.paragraph(text, "lead") for text in lead),
        harm=tags.paragraph(caution),
        opening=tags.chart(opening),
        contents=tags.contents([(part.id, part.title) for part in parts]),
        body="".join(
            tags.section(part.id, part.title, part.html, *(tags.chart(one) for one in part.charts)) for part in parts
        ),
        plotly=get_plotlyjs(),
        data=tags.data([opening, *(one for part in parts for one in part.charts)]),
        dark=tags.safe_json(darkened()),
        script=style.asset("page.js"),
    )
