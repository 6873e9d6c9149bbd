"""The page docs/reference/series.md, drawn from the catalogue so that the two cannot differ."""

from __future__ import annotations

from palanca.data import catalogue
from palanca.data.catalogue import SeriesEntry

_HEAD = """# Series

Every series of observed figures that palanca ships. This page is drawn from the catalogue by
`palanca.data.reference.page`; `palanca data show ID` prints the figures, `palanca data verify` checks
them.
"""


def page() -> str:
    """The whole page as Markdown: an overview, then one entry per series."""
    entries = catalogue.entries().values()
    overview = ["| id | axes | unit | span |", "|---|---|---|---|"]
    overview += [f"| [{s.id}](#{s.id}) | {', '.join(s.dims)} | {s.unit} | {s.first} to {s.last} |" for s in entries]
    return "\n".join([_HEAD, *overview, "", *(_entry(series) for series in entries)])


def _entry(series: SeriesEntry) -> str:
    lines = [f"## {series.id}", "", series.what, ""]
    lines += [f"- **Axes**: {', '.join(series.dims)}"]
    lines += [f"- **{dim}**: {', '.join(labels)}" for dim, labels in series.labels.items()]
    facts = {
        "Unit": series.unit,
        "Span": f"{series.first} to {series.last}",
        "Publisher": series.publisher,
        "Table": series.table,
        "Edition": series.edition + (f" (current to {series.as_of})" if series.as_of else ""),
        "Rounding": series.rounding,
        "Gaps": _GAPS[series.gaps] + (f"; {series.gaps_note}" if series.gaps_note else ""),
        "Status": series.status,
        "Checksum": f"`{series.checksum}`",
    }
    return "\n".join([*lines, *(f"- **{name}**: {fact}" for name, fact in facts.items()), ""])


_GAPS = {
    "unknown": "an absent cell was not observed",
    "zero": "an absent cell in a month that the table covers is zero",
    "censored": "a cell that reads `0-4` was withheld and is a gap",
}
