"""Tries the schemes of a corridor, and shows which work, which in part, and which are missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from palanca.cli import listing, opened, output, progress
from palanca.cli.options import AllowStale, AsKnown, CaseName, Fit, Format, Full, How, Key, Out, Pictures, Store

if TYPE_CHECKING:
    from palanca.api.model import Model
    from palanca.questions.options import RunOptions
    from palanca.show.answer import Answer
    from palanca.spec.schemes import Schemes

HELP = """Which schemes of the corridor does the model have, and which of them work?

Tries every prediction of every system, programme and instrument that sources describe. Takes some minutes."""


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("schemes", help=HELP)(schemes)


def schemes(
    case: CaseName = "us-mexico",
    *,
    only: Annotated[str | None, typer.Option(metavar="ID,ID", help="Only these schemes, as SYS01,SYS13.")] = None,
    listed: Annotated[bool, typer.Option("--list", help="List the schemes and run nothing.")] = False,
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
    from palanca.core.errors import UsageError
    from palanca.evidence.schemes import tables
    from palanca.spec.schemes import load_schemes

    declared = opened.case(case, store, as_known)
    chosen = None if only is None else [part.strip() for part in only.split(",")]
    wanted = load_schemes(declared.case) if chosen is None else load_schemes(declared.case).only(chosen)
    if listed:
        listing.print_rows(tables.listed(wanted.schemes), how, f"These schemes are tried on {wanted.case}.", full=True)
        return
    if ship and (only is not None or fit is not None):
        raise UsageError(
            "only the whole scorecard of the shipped fit is shipped",
            where="--ship",
            found="--only or --fit beside it",
            expected="neither",
        )
    if out is not None:
        save.check_folder(out)
    from palanca.api.load import load
    from palanca.questions.options import RunOptions

    model = load(case, fit=fit, allow_stale=allow_stale, store=store, as_known=as_known)
    with progress.bar("predictions") as tell:
        options = RunOptions(draws, key, progress=tell)
        if ship:
            answer = _shipped(model, wanted, options)
        else:
            answer = model.evidence.schemes(only=chosen, draws=draws, key=key, run=options)
    output.deliver(answer, how, out=out, full=full, pictures=pictures)


def _shipped(model: Model, wanted: Schemes, options: RunOptions) -> Answer:
    """The whole answer, its scorecard put into the package for the docs."""
    from palanca.evidence.schemes import answer, store

    found = answer.tried(model.corridor, wanted, options)
    kept = store.CARDS.where(model.corridor.case)
    typer.echo(f"Wrote {store.CARDS.write(kept, found.card, model.corridor.case)}.", err=True)
    return answer.answer(model.corridor, found, options, {"only": None})
