"""Shows how good past forecasts were, or makes and scores them again."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from palanca.cli import fail, opened, output, progress
from palanca.cli.options import AsKnown, CaseName, Format, Full, How, Keep, Key, Out, Pictures, Store

if TYPE_CHECKING:
    from palanca.core.clock import Month
    from palanca.data.read import Figures
    from palanca.show.answer import Answer
    from palanca.spec.schema import Case

HELP = """How good were forecasts made from past months as if each were the last, beside what people would use instead?

Shows the scores that come with the case. With --again the forecasts are made anew, which takes half an hour the first
time: every fit and forecast is kept in --keep (by default backtest-CASE in this folder), so that the same command
goes on where it was stopped."""


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("backtest", help=HELP)(backtest)


def backtest(
    case: CaseName = "us-mexico",
    *,
    again: Annotated[bool, typer.Option("--again", help="Make and score the forecasts anew.")] = False,
    every: Annotated[int, typer.Option(min=1, help="With --again: start from every so many months.")] = 1,
    first: Annotated[
        str | None, typer.Option("--from", metavar="YYYY-MM", help="With --again: first month to start from.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--until", metavar="YYYY-MM", help="With --again: last month to start from.")
    ] = None,
    ship: Annotated[
        bool, typer.Option("--ship", help="With --again: replace the scores that come with the case.")
    ] = False,
    key: Key = 1,
    how: How = Format.table,
    full: Full = False,
    out: Out = None,
    pictures: Pictures = True,
    store: Store = None,
    as_known: AsKnown = "",
    keep: Keep = None,
) -> None:
    """Check, make if asked, write, show."""
    from palanca.core import save
    from palanca.core.clock import Month
    from palanca.core.errors import UsageError
    from palanca.evidence.backtest.starts import starts

    declared = opened.case(case, store, as_known)
    ends = [Month.parse(text, where=name) if text else None for text, name in ((first, "--from"), (last, "--until"))]
    wanted = starts(declared, every, *ends)
    if not again and (ship or keep is not None or every != 1 or first or last):
        raise UsageError(
            "nothing is made without --again",
            where="evidence backtest",
            found="--ship, --keep, --every, --from or --until",
            expected="these with --again",
        )
    if out is not None:
        save.check_folder(out)
    from palanca.evidence.backtest import answer as telling
    from palanca.evidence.backtest import store as shelf

    if not again:
        found = telling.answer(declared, shelf.read_skill(declared), {"again": False}, key)
    else:
        if ship:
            save.check_folder(shelf.SHIPPED)
        arguments: dict[str, object] = {"again": True, "every": every, "start": first, "end": last, "key": key}
        from palanca.data.read import open_figures

        found = _made(declared, open_figures(store, as_known), wanted, arguments, keep=keep, ship=ship)
    output.deliver(found, how, out=out, full=full, pictures=pictures)


def _made(
    declared: Case, figures: Figures, wanted: list[Month], arguments: dict[str, object], *, keep: Keep, ship: bool
) -> Answer:
    """Forecast and score; a fit of the case is not needed, as every year is fitted anew."""
    from palanca.api import compiler
    from palanca.core import save
    from palanca.evidence.backtest import answer as telling
    from palanca.evidence.backtest import make
    from palanca.evidence.backtest import store as shelf
    from palanca.infer import history

    kept, key = make.folder(declared, keep), int(str(arguments["key"]))
    save.check_folder(kept)
    compiler.start()
    try:
        with progress.bar("fits, forecasts and baselines") as tell:
            skill = make.make(history.prepare(declared, figures), wanted, kept, key=key, progress=tell)
    except KeyboardInterrupt:
        typer.echo(f"Interrupted. What was made is kept in {kept}; the same command goes on from there.", err=True)
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(fail.INTERRUPTED)  # threads that still compile crash an interpreter that ends around them
    if ship:
        typer.echo(f"Wrote {shelf.write(shelf.where(declared), skill)}.", err=True)
    return telling.answer(declared, skill, arguments, key)
