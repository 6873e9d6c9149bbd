"""Questions about bargaining as a model asks them: declared files are read, and their contents kept as arguments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from palanca.core.clock import Month
from palanca.questions import contents, provenance
from palanca.questions.bargaining import answer as bargained
from palanca.questions.bargaining import mechanisms, months
from palanca.questions.corridor import Corridor, needed
from palanca.questions.deal import answer as dealing
from palanca.questions.leverage import answer as levering
from palanca.questions.leverage import scope
from palanca.questions.options import RunOptions
from palanca.questions.relief import answer as conditional
from palanca.questions.silence import answer as weighing
from palanca.show.answer import Answer
from palanca.spec import protocol as protocols


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


def deal(
    asked: Asked,
    month: str | None,
    table: str | Path | None,
    silos: str | Path | None,
    protocol: str | None = None,
) -> Answer:
    """See `Model.deal`."""
    spec, text = contents.table(table, asked.name)
    when = None if month is None else Month.parse(month, where="--month")
    priced = asked.corridor if spec.file.flow.corridor else None
    months.check(spec, None if priced is None else priced.case, when)
    how = None if protocol is None else protocols.asked(protocol, spec, when)
    divided, division = (None, None) if silos is None else contents.silos(silos, spec, asked.name)
    arguments = {"month": None if when is None else str(when), "table": text, "silos": division}
    if protocol is not None:
        arguments["protocol"] = protocol
    options = asked.options
    if priced is None:
        made = provenance.alone("deal", arguments, asked.name, spec.file.model_dump(mode="json"), options)
    else:
        made = provenance.of(priced, "deal", arguments, draws=options.draws, key=options.key)
    return dealing.answer(priced, spec, when, options, made, divided, how)


def relief(asked: Asked, file: str | Path | None, ahead: int) -> Answer:
    """See `Model.relief`."""
    declared, text = contents.relief(file, asked.name)
    arguments = {"file": text, "ahead": ahead}
    record = declared.file.model_dump(mode="json")
    made = provenance.alone("relief", arguments, declared.case.case, record, asked.options)
    return conditional.answer(declared, ahead, asked.options, made)


def silence(asked: Asked, month: str, years: int, *, slow: bool) -> Answer:
    """See `Model.silence`."""
    corridor, options = needed(asked.corridor, asked.name), asked.options
    spec, _ = contents.table(None, asked.name)
    when = Month.parse(month, where="--month")
    months.check(spec, corridor.case, when)
    arguments = {"month": str(when), "years": years, "slow": slow}
    made = provenance.of(corridor, "silence", arguments, draws=options.draws, key=options.key)
    return weighing.answer(corridor, spec, when, options, made, years=years, slow=slow)


def leverage(
    asked: Asked,
    which: tuple[str | None, str | None, Sequence[int] | None],
    table: str | None,
    *,
    shares: bool,
) -> Answer:
    """See `Model.leverage`; `which` is the government, the month and the lengths."""
    corridor, options = needed(asked.corridor, asked.name), asked.options
    wanted = scope.read(corridor.case, *which)
    scope.check_shares(wanted, shares=shares)
    priced = scope.table_of(corridor.case, table)
    given = scope.table_text(table)
    return levering.answer(corridor, wanted, options, table=priced, shares=shares, given=given)


def bargain(
    asked: Asked,
    span: tuple[str | None, str | None],
    left_out: tuple[Sequence[str], Sequence[str]],
    *,
    each: bool,
) -> Answer:
    """See `Model.bargain`."""
    corridor, options = needed(asked.corridor, asked.name), asked.options
    spec, _ = contents.table(None, asked.name)
    first, last = mechanisms.span(corridor.case, span, spec, left_out, each=each)
    arguments = {
        "start": str(first),
        "end": str(last),
        "off": list(left_out[0]),
        "without": list(left_out[1]),
        "each_off": each,
    }
    made = provenance.of(corridor, "bargain", arguments, draws=options.draws, key=options.key)
    return bargained.answer(corridor, spec, (first, last), left_out, options, made, each=each)
