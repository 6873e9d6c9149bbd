"""An answer in a terminal: the question, three findings, one table, one caveat, and where the rest is."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from palanca.show.answer import LEAD, Answer, Finding
from palanca.show.sentence import resting
from palanca.show.table import printed

ROWS, FEWEST_ROWS = 12, 3  # of the table on a first screen
LINES = 40  # of a first screen, blank ones too
WIDEST = 100
REST = "More: --full shows all of it, --out FOLDER writes a page, data and charts."


def first_screen(answer: Answer, width: int, rest: str = REST) -> str:
    """What a command prints: the most important, in lines no longer than the terminal.

    Args:
        answer: The answer.
        width: Columns of the terminal; text is not set wider than 100.
        rest: Where the rest is.
    """
    columns = min(width, WIDEST)
    before = [_folded(answer.question, columns)]
    before += ["\n".join(_found(one, columns)) for one in answer.findings[:LEAD]]
    cautions = [f"Caution: {text}" for text in answer.caveats[:1]]
    notes = [f"Note: {text}" for text in answer.provenance.notes]
    after = [_folded(text, columns) for text in (*cautions, *notes, rest)]
    if not answer.tables:
        return "\n\n".join([*before, *after])
    taken = sum(part.count("\n") + 2 for part in (*before, *after))  # with the blank line between
    for rows in range(ROWS, FEWEST_ROWS - 1, -1):
        shown = printed(answer.tables[0].first(rows), columns)
        if taken + shown.count("\n") + 1 <= LINES:
            break
    return "\n\n".join([*before, shown, *after])


def full(answer: Answer, width: int) -> str:
    """All of it: every finding, every table, every caveat, and what made it."""
    columns = min(width, WIDEST)
    made = answer.provenance
    parts = [_folded(answer.question, columns)]
    parts += ["\n".join(_found(one, columns)) for one in answer.findings]
    parts += [printed(table, columns) for table in answer.tables]
    parts += [_folded(f"Caution: {text}", columns) for text in answer.caveats]
    parts += [_folded(f"Note: {text}", columns) for text in made.notes]
    lines = [f"case {made.case}, {made.draws:,} draws, key {made.key}"]
    lines += [f"{name} {mark}" for name, mark in made.marks.items()]
    parts.append("\n".join(_folded(line, columns) for line in lines))
    return "\n\n".join(parts)


def brief(answer: Answer) -> str:
    """Question and leading findings, for the prompt of Python."""
    lines = [answer.question, *(f"- {one.text} ({_basis(one)})" for one in answer.findings[:LEAD])]
    lines += [f"Note: {text}" for text in answer.provenance.notes]
    names = ", ".join(repr(table.name) for table in answer.tables[:8])
    charts = ", ".join(repr(chart.name) for chart in answer.charts[:8])
    lines += [f"Tables: {names or 'none'}.", f"Charts: {charts or 'none'}."]
    lines.append(f"Data: {', '.join(f'{name} {size}' for name, size in answer.data.sizes.items())}.")
    return "\n".join(textwrap.shorten(line, 280, placeholder=" ...") for line in lines)


def _found(finding: Finding, columns: int) -> Iterator[str]:
    text = f"{finding.text} ({_basis(finding)})"
    yield from textwrap.wrap(
        text, columns, initial_indent="- ", subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )


def _basis(finding: Finding) -> str:
    """The basis of a sentence in words, with the share of the width that is assumed where it is known."""
    first = next(iter(finding.numbers.values()), None)
    return str(finding.basis) if first is None or first.basis is not finding.basis else resting(first)


def _folded(text: str, columns: int) -> str:
    return "\n".join(textwrap.wrap(text, columns, break_long_words=False, break_on_hyphens=False))
