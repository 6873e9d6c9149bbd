"""Asks how much leverage a government held: its cooperation withdrawn from one month on, or from many."""

from __future__ import annotations

from typing import Annotated

import typer

from palanca.cli import opened, output, progress
from palanca.cli.options import (
    AllowStale,
    AsKnown,
    CaseOption,
    Cluster,
    Draws,
    Fit,
    Format,
    Full,
    How,
    Keep,
    Key,
    Months,
    Out,
    Pictures,
    Store,
    TableFile,
    Workers,
)

HELP = """How much leverage did a government hold?

Compares history with worlds that share every surprise of it, but in which the government's cooperation stops: who
would have come, what it does to people, before and after other governments respond. Where the case has a bargaining
table, also what it is worth in payoff and what it buys. --shares shares that out among issues, which takes longer."""


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("leverage", help=HELP)(leverage)


def leverage(
    government: Annotated[
        str | None,
        typer.Argument(metavar="[GOVERNMENT]", help="Code of the country that stops; by default in transit."),
    ] = None,
    month: Annotated[
        str | None, typer.Argument(metavar="[MONTH]", help="First month without its cooperation, YYYY-MM.")
    ] = None,
    *,
    case: CaseOption = "us-mexico",
    months: Months = None,
    lengths: Annotated[
        str | None, typer.Option("--for", metavar="MONTHS", help="For how many months, comma between; as 1,3,6.")
    ] = None,
    shares: Annotated[bool, typer.Option("--shares", help="Share gains out among issues, over every subset.")] = False,
    table: TableFile = None,
    draws: Draws = 64,
    key: Key = 1,
    how: How = Format.table,
    full: Full = False,
    out: Out = None,
    pictures: Pictures = True,
    fit: Fit = None,
    allow_stale: AllowStale = False,
    store: Store = None,
    as_known: AsKnown = "",
    keep: Keep = None,
    workers: Workers = 0,
    cluster: Cluster = None,
) -> None:
    """Check, run, write, show."""
    from palanca.core import save
    from palanca.questions.leverage import scope

    declared, window = opened.case(case, store, as_known), _window(month, months)
    lasting = None if lengths is None else _lengths(lengths)
    asked = scope.read(declared, government, window, lasting)  # bad input is refused before anything heavy is loaded
    scope.check_shares(asked, shares=shares)
    scope.table_of(declared, table)
    if out is not None:
        save.check_folder(out)
    from palanca.api.load import load
    from palanca.questions.options import RunOptions

    model = load(case, fit=fit, allow_stale=allow_stale, store=store, as_known=as_known)
    with progress.bar("histories in chunks") as tell:
        answer = model.leverage(
            asked.country,
            window,
            lengths=lasting,
            shares=shares,
            table=table,
            draws=draws,
            key=key,
            run=RunOptions(store=keep, workers=workers, cluster=cluster, progress=tell),
        )
    output.deliver(answer, how, out=out, full=full, pictures=pictures)


def _window(month: str | None, months: str | None) -> str | None:
    from palanca.core.errors import UsageError

    if month is not None and months is not None:
        raise UsageError(
            "months are given twice", where="--months", found=f"{month} and {months}", expected="MONTH or --months"
        )
    return month if months is None else months


def _lengths(text: str) -> list[int]:
    from palanca.core.errors import UsageError

    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdigit() and 0 < int(part) <= 600 for part in parts):
        raise UsageError("cannot read the lengths", where="--for", found=repr(text), expected="months such as 1,3,6")
    return [int(part) for part in parts]
