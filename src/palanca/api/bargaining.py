"""Questions about bargaining as a model asks them: declared files are read, and their contents kept as arguments."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from palanca.core.clock import Month
from palanca.questions import contents, provenance
from palanca.questions.bargaining import months
from palanca.questions.corridor import Corridor
from palanca.questions.deal import answer as dealing
from palanca.questions.options import RunOptions
from palanca.show.answer import Answer


@dataclass(frozen=True, eq=False)
class Asked:
    """Of what a question is asked, and how it is run.

    Args:
        corridor: The fitted corridor, if there is one.
        name: Shipped name or path of the case or table.
        options: How to run it.
    """

    corridor: Corridor | None
    name: str
    options: RunOptions


def deal(asked: Asked, month: str | None, table: str | Path | None, silos: str | Path | None) -> Answer:
    """See `Model.deal`."""
    spec, text = contents.table(table, asked.name)
    when = None if month is None else Month.parse(month, where="--month")
    needed = asked.corridor if spec.file.flow.corridor else None
    months.check(spec, None if needed is None else needed.case, when)
    divided, division = (None, None) if silos is None else contents.silos(silos, spec, asked.name)
    arguments = {"month": None if when is None else str(when), "table": text, "silos": division}
    options = asked.options
    if needed is None:
        made = provenance.alone("deal", arguments, asked.name, spec.file.model_dump(mode="json"), options)
    else:
        made = provenance.of(needed, "deal", arguments, draws=options.draws, key=options.key)
    return dealing.answer(needed, spec, when, options, made, divided)
