"""Pieces of HTML: every text is escaped on its way in, tables can be read aloud."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from html import escape

from palanca.view.chart import Chart, Mark, Panel
from palanca.view.theme import column

Row = dict[str, object]


def paragraph(text: str, kind: str = "") -> str:
    """One paragraph, with a class if given."""
    mark = f' class="{kind}"' if kind else ""
    return f"<p{mark}>{escape(text)}</p>"


def bullets(texts: Iterable[str]) -> str:
    """A list of sentences."""
    return "<ul>" + "".join(f"<li>{escape(text)}</li>" for text in texts) + "</ul>"


def section(id_: str, title: str, *parts: str) -> str:
    """A part of the page with its heading."""
    heading = f'<h2 id="{id_}-title">{escape(title)}</h2>'
    return f'<section id="{id_}" aria-labelledby="{id_}-title">{heading}{"".join(parts)}</section>'


def contents(entries: Sequence[tuple[str, str]]) -> str:
    """Links to the parts of the page."""
    links = "".join(f'<li><a href="#{anchor}">{escape(title)}</a></li>' for anchor, title in entries)
    return f'<nav aria-label="Contents"><ul>{links}</ul></nav>'


def table(rows: Sequence[Row], caption: str, *, folded: bool = False) -> str:
    """A table with a caption, headed columns and rows; numbers stand to the right.

    Args:
        rows: Records that share their keys; the first key heads the row.
        caption: One sentence.
        folded: Whether it opens on a click.
    """
    if not rows:
        return ""
    names = list(rows[0])
    numeric = {name for name in names if any(isinstance(row[name], int | float) for row in rows)}
    head = "".join(f'<th scope="col"{_side(name in numeric)}>{escape(name)}</th>' for name in names)
    columns = [column([row[name] for row in rows]) for name in names]
    body = "".join(f"<tr>{_cells(texts, names, numeric)}</tr>" for texts in zip(*columns, strict=True))
    drawn = (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f"<table><caption><span>{escape(caption)}</span></caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
    return f"<details><summary>{escape(caption)}</summary>{drawn}</details>" if folded else drawn


def facts(lines: Iterable[tuple[str, str]]) -> str:
    """Names with their texts, as provenance is listed."""
    found = "".join(f"<dt>{escape(name)}</dt><dd><code>{escape(text)}</code></dd>" for name, text in lines)
    return f"<dl>{found}</dl>"


def chart(drawn: Chart) -> str:
    """A chart with its heading, key, panels and caption; the script draws the panels."""
    key = "".join(_mark(mark) for mark in drawn.key)
    panels = "".join(_panel(drawn, k, panel) for k, panel in enumerate(drawn.panels))
    origin = f' <span class="source">Figures: {escape(drawn.source)}.</span>' if drawn.source else ""
    return (
        f'<figure id="{drawn.id}" aria-labelledby="{drawn.id}-title">'
        f'<h3 id="{drawn.id}-title">{escape(drawn.title)}</h3>'
        f'<ul class="key" aria-label="Key">{key}</ul><div class="panels">{panels}</div>'
        f"<figcaption>{escape(drawn.caption)}{origin}</figcaption></figure>"
    )


def data(charts: Iterable[Chart]) -> str:
    """Every panel's drawing by its place on the page, as JSON that no text can break out of."""
    found = {
        _place(drawn, k): json.loads(panel.figure.to_json()) for drawn in charts for k, panel in enumerate(drawn.panels)
    }
    return safe_json(found)


def safe_json(record: object) -> str:
    """JSON for a script element: a text that holds `</script>` cannot end it."""
    text = json.dumps(record, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _panel(drawn: Chart, k: int, panel: Panel) -> str:
    title = f"<h4>{escape(panel.title)}</h4>" if panel.title else ""
    height = int(panel.figure.layout.height)
    kind = "panel wide" if panel.wide else "panel"
    return (
        f'<div class="{kind}">{title}<div class="plot" id="{_place(drawn, k)}" role="img" '
        f'aria-label="{escape(panel.alt)}" style="height:{height}px"></div></div>'
    )


def _place(drawn: Chart, k: int) -> str:
    return f"plot-{drawn.id}-{k}"


def _mark(mark: Mark) -> str:
    swatch = f'<span class="mark {mark.shape}" style="--mark:var(--{mark.role})" aria-hidden="true"></span>'
    return f"<li>{swatch}{escape(mark.label)}</li>"


def _cells(texts: Sequence[str], names: Sequence[str], numeric: set[str]) -> str:
    first, *others = texts
    return f'<th scope="row">{escape(first)}</th>' + "".join(
        f"<td{_side(name in numeric)}>{escape(text)}</td>" for name, text in zip(names[1:], others, strict=True)
    )


def _side(right: bool) -> str:
    return ' class="number"' if right else ""
