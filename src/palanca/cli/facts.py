"""Tries facts that a faithful model reproduces, and shows the chance that each holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from palanca.cli import listing, opened, output, progress
from palanca.cli.options import AllowStale, AsKnown, CaseName, Fit, Format, Full, How, Key, Out, Pictures, Store

if TYPE_CHECKING:
    from palanca.api.model import Model
    from palanca.questions.options import RunOptions
    from palanca.show.answer import Answer
    from palanca.spec.schema import Case

HELP = """Which facts that a faithful model reproduces does this one reproduce?

Tries every fact on the fitted model and says which hold, with what chance, and what fails. Facts are not fitted to."""


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("facts", help=HELP)(facts)


def facts(
    case: CaseName = "us-mexico",
    *,
    only: Annotated[str | None, typer.Option(metavar="N,N", help="Only these facts, as 1,24.")] = None,
    add: Annotated[list[Path] | None, typer.Option(metavar="FILE", help="A file of further facts.")] = None,
    listed: Annotated[bool, typer.Option("--list", help="List the facts and run nothing.")] = False,
    draws: Annotated[int, typer.Option(min=2, max=2000, help="Draws of the fit.")] = 64,
    key: Key = 1,
    how: How = Format.table,
    full: Full = False,
    out: Out = None,
    pictures: Pictures = True,
    fit: Fit = None,
    allow_stale: AllowStale = False,
    store: Store = None,
    as_known: AsKnown = "",
    ship: Annotated[bool, typer.Option("--ship", help="Replace the scorecard that the package ships.")] = False,
) -> None:
    """Read, try, write, show."""
    from palanca.core import save
    from palanca.evidence.facts import numbers, tables

    declared = opened.case(case, store, as_known)
    chosen = None if only is None else numbers.parsed(only)
    wanted, texts = numbers.wanted(declared.case, chosen, [str(path) for path in add or []])
    if listed:
        listing.print_rows(tables.listed(wanted.facts), how, f"These facts are tried on {wanted.case}.", full=True)
        return
    _check_ship(ship, only is not None or bool(add) or fit is not None)
    if out is not None:
        save.check_folder(out)
    from palanca.api.load import load
    from palanca.questions.options import RunOptions

    model = load(case, fit=fit, allow_stale=allow_stale, store=store, as_known=as_known)
    with progress.bar("facts") as tell:
        options = RunOptions(draws, key, progress=tell)
        if ship:
            answer = _shipped(model, declared, options)
        else:
            answer = model.evidence.facts(only=chosen, add=texts, draws=draws, key=key, run=options)
    output.deliver(answer, how, out=out, full=full, pictures=pictures)


def _check_ship(ship: bool, narrowed: bool) -> None:
    from palanca.core.errors import UsageError

    if ship and narrowed:
        raise UsageError(
            "only the whole scorecard of the shipped fit is shipped",
            where="--ship",
            found="--only, --add or --fit beside it",
            expected="neither",
        )


def _shipped(model: Model, declared: Case, options: RunOptions) -> Answer:
    """The whole answer, its scorecard put into the package for the docs."""
    from palanca.evidence.facts import answer, numbers, store

    wanted, texts = numbers.wanted(declared.case, None, [])
    tried = answer.tried(model.corridor, wanted, options)
    typer.echo(f"Wrote {store.write(store.where(declared), tried.card, declared)}.", err=True)
    return answer.answer(model.corridor, tried, options, {"only": None, "add": texts})
