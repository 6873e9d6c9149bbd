"""An answer as one self-contained HTML page, and as what a notebook shows; nothing of it is fetched when viewed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import uuid4

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from palanca.show import draw
from palanca.show.answer import LEAD, Answer, Finding
from palanca.show.chart import Chart, in_words
from palanca.show.sentence import resting
from palanca.show.theme import FONT, PALETTE, darkened

ASSETS = Path(__file__).parent / "assets"
ROWS = 12
LONGEST = 4000  # characters of the arguments that a page shows
MARKS = {  # shape of each basis mark; the word always stands beside it
    "published": "square",
    "learned": "disc",
    "in between": "half",
    "assumed": "ring",
    "sign assumed": "either",
}


@dataclass(frozen=True)
class PageParts:
    """What an answer shows, for a page of its own or a site: no script and no style stands in the text.

    Args:
        body: Findings, charts, tables, caveats, and how to get the same again, as HTML.
        figures: Every drawn panel by its id, as `page.js` draws them, for a data block `figures`.
        dark: Every light colour with its dark counterpart, for a data block `dark`.
    """

    body: Markup
    figures: Markup
    dark: Markup


def parts(answer: Answer) -> PageParts:
    """The parts of an answer that every page shows."""
    charts, figures = charted(answer)
    body = (
        templates()
        .get_template("answer.html")
        .render(
            answer=answer,
            made=answer.provenance,
            lead=[finding(one) for one in answer.findings[:LEAD]],
            more=[finding(one) for one in answer.findings[LEAD:]],
            charts=charts,
            arguments=_arguments(answer),
        )
    )
    return PageParts(Markup(body), Markup(safe_json(figures)), Markup(safe_json(darkened())))


def _arguments(answer: Answer) -> str:
    """The arguments as JSON; whole files among them are cut, for the manifest has them."""
    told = json.dumps(answer.document["provenance"]["arguments"], ensure_ascii=False)  # type: ignore[index]
    return (
        told if len(told) <= LONGEST else f"{told[:LONGEST]}… ({len(told):,} characters; the manifest holds them all)"
    )


def html(answer: Answer) -> str:
    """The whole page."""
    found = parts(answer)
    return (
        templates()
        .get_template("page.html")
        .render(
            answer=answer,
            body=found.body,
            style=Markup(style()),
            script=Markup(asset("page.js")),
            plotly=Markup(get_plotlyjs()),
            figures=found.figures,
            dark=found.dark,
        )
    )


def notebook(answer: Answer) -> str:
    """Findings, the first chart and the first table, for a cell of a notebook."""
    figure = json.loads(draw.figure(answer.charts[0]).to_json()) if answer.charts else None
    table = answer.tables[0] if answer.tables else None
    return (
        templates()
        .get_template("notebook.html")
        .render(
            answer=answer,
            lead=[finding(one) for one in answer.findings[:LEAD]],
            table=table,
            rows=ROWS,
            figure=figure and Markup(safe_json(figure)),
            height=figure and figure["layout"]["height"],
            cell=uuid4().hex,
            plotly=Markup(get_plotlyjs()),
            dark=Markup(safe_json(darkened())),
        )
    )


def style() -> str:
    """The stylesheet, light and dark."""
    light = "".join(f"--{name}:{part.light};" for name, part in PALETTE.items())
    dark = "".join(f"--{name}:{part.dark};" for name, part in PALETTE.items())
    roles = "".join(f".role-{name}{{--mark:var(--{name})}}" for name in PALETTE)
    return (
        f":root{{--font:{FONT};{light}color-scheme:light dark}}"
        f"@media screen and (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}"
        f"@media screen{{:root[data-theme=dark]{{{dark}color-scheme:dark}}}}"
        ":root[data-theme=light]{color-scheme:light}" + asset("page.css") + roles
    )


def asset(name: str) -> str:
    """A file that goes into the page as it is."""
    return (ASSETS / name).read_text(encoding="utf-8")


def safe_json(record: object) -> str:
    """JSON for a script element: a text that holds `</script>` cannot end it."""
    text = json.dumps(record, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def charted(answer: Answer, prefix: str = "") -> tuple[list[dict[str, object]], dict[str, object]]:
    """Every chart as the template takes it, and every drawn panel by its id.

    Args:
        answer: The answer.
        prefix: Before every id, which tells charts of several answers on one page apart.
    """
    charts = [_chart(chart, prefix) for chart in answer.charts]
    figures = {panel["id"]: panel.pop("figure") for chart in charts for panel in chart["panels"]}  # type: ignore[attr-defined]
    return charts, figures


def finding(given: Finding) -> dict[str, str]:
    """A finding as the template takes it: its text, the mark of its basis, and the basis in words."""
    first = next(iter(given.numbers.values()), None)
    words = str(given.basis) if first is None or first.basis is not given.basis else resting(first)
    return {"text": given.text, "mark": MARKS[str(given.basis)], "basis": words}


def _chart(given: Chart, prefix: str) -> dict[str, object]:
    lone = len(given.panels) == 1
    panels = []
    for place, one in enumerate(given.panels):
        figure = draw.panel(one, given.kind, lone=lone)
        panels.append(
            {
                "id": f"{prefix}plot-{given.name}-{place}".replace(" ", "-"),
                "title": one.title,
                "note": one.note,
                "alt": in_words(one, given.kind),
                "wide": lone,
                "figure": json.loads(figure.to_json()),
            }
        )
    return {
        "chart": given,
        "anchor": f"{prefix}chart-{given.name}".replace(" ", "-"),
        "key": given.key(),
        "panels": panels,
    }


@cache
def templates() -> Environment:
    """Every text is escaped on its way in, and a name that is not there is an error."""
    return Environment(
        loader=FileSystemLoader(ASSETS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
