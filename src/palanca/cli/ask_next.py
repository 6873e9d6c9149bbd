"""Asks what comes next under several suppositions, side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from palanca.cli import asking, sweeping
from palanca.cli.asking import CaseName, Fit, How, Key, Out, Stale
from palanca.cli.show import Format

if TYPE_CHECKING:
    from palanca.core.clock import Month
    from palanca.questions.forecast.suppositions import Outlooks, Supposition
    from palanca.spec.schema import Case

HELP = """What comes next? The forecast under named suppositions side by side, every surprise shared.

Levers as they are always come first. Without --suppose: governments that answer, and every supposition that comes with
the case, if nothing later than the last known month is known. Writes next.csv, next.html and manifest.json to OUT."""


def register(app: typer.Typer) -> None:
    """Add the question to the tree."""
    app.command("next", help=HELP)(coming)


def coming(
    case: CaseName = "us-mexico",
    *,
    suppose: Annotated[
        list[str] | None,
        typer.Option(help="react, deals, record, a file of changes, or the name of one that comes with the case."),
    ] = None,
    start: Annotated[str | None, typer.Option("--from", help="Last month taken as known, YYYY-MM.")] = None,
    months: Annotated[int, typer.Option(min=1, max=24, help="How many months ahead.")] = 6,
    draws: Annotated[int, typer.Option(min=20, max=5000, help="How many paths.")] = 400,
    key: Key = 1,
    how: How = Format.table,
    out: Out = None,
    fit: Fit = None,
    stale: Stale = False,
) -> None:
    """Check, draw, show, write."""
    from palanca.core.clock import Month
    from palanca.core.save import check_folder
    from palanca.spec.load import load

    declared = load(case)
    last = Month.parse(start, where="--from") if start else declared.span.last
    if out is not None:
        check_folder(out)
    given = _given(declared, suppose, last, months)
    corridor = asking.corridor(declared, fit, stale=stale)
    from palanca.questions.forecast import suppositions

    with sweeping.progress("suppositions") as tell:
        found = suppositions.compare(corridor, given, last, months, draws=draws, key=key, progress=tell)
    _show(found, how)
    if out is not None:
        _write(found, out, {"Case": declared.case, "Draws": str(draws), "Key": str(key)})
        asking.manifest(out, corridor, ["next.csv", "next.html"], draws=draws, key=key)


def _given(declared: Case, named: list[str] | None, last: Month, months: int) -> list[Supposition]:
    """What is supposed, refused before the long work starts where it would be."""
    from palanca.questions.forecast import scenario, suppositions
    from palanca.questions.forecast.deals import WORD as DEALS
    from palanca.questions.forecast.project import PERSIST, REACT, Ask
    from palanca.spec import edit

    ahead = last == declared.span.last
    names = named or [REACT, DEALS, *(suppositions.shipped(declared) if ahead else ())]
    given = [suppositions.find(declared, name) for name in names]
    for one in given:
        ask = Ask(last, months, PERSIST if one.levers == DEALS else one.levers, one.changes)
        ask.check(declared)
        if one.changes:
            scenario.check(one.changes)
            edit.apply(ask.plain(declared), list(one.changes))
    return given


def _show(found: Outlooks, how: Format) -> None:
    from palanca.cli import show
    from palanca.view import suppositions as view

    if how is not Format.table:
        show.rows(view.all_numbers(found), how)
        return
    show.rows(
        view.summary(found),
        how,
        "Over the months ahead, and changes from levers as they are; people on hold at their end",
    )
    show.rows(view.by_month(found), how, "Encounters by month, medians")
    for sentence in (*view.says(found), view.CAUTION):
        typer.echo(sentence)


def _write(found: Outlooks, out: Path, facts: dict[str, str]) -> None:
    from palanca.cli import show
    from palanca.core import save
    from palanca.report import suppositions as page
    from palanca.view import suppositions as view

    save.text(out / "next.csv", show.as_csv(view.all_numbers(found)))
    save.text(out / "next.html", page.html(found, facts))
