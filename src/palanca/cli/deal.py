"""Asks what a deal of a month would hold: who gains, what it does to people, and whether it would last."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from palanca.cli import opened, output, progress
from palanca.cli.options import AllowStale, AsKnown, Fit, Format, Full, How, Key, Month, Out, Pictures, Store, TableFile

HELP = """What would a deal of a month hold, who would gain, and would it last?

Bargains over all issues that could be on the table, under draws of what governments are believed to want, by four ways
to divide gains; says what the deal does to people on the way, and whether each side would honour it without a judge.
With --protocol one side proposes, under a threat or not,
or both in turn; with --silos two ways to divide the issues are compared."""


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("deal", help=HELP)(deal)


def deal(
    case: Annotated[
        str, typer.Argument(metavar="[CASE]", help="A shipped case or table, or a case file with its table beside it.")
    ] = "us-mexico",
    *,
    month: Month = None,
    protocol: Annotated[
        str | None,
        typer.Option(
            metavar="FORM[:PARTY]",
            help="How it comes about: `ultimatum`, `proposer` or `alternating` and a party; or a concept, as `nash`.",
        ),
    ] = None,
    table: TableFile = None,
    silos: Annotated[
        str | None, typer.Option(metavar="FILE", help="Two ways to divide the issues, by path or shipped name.")
    ] = None,
    draws: Annotated[int, typer.Option(min=4, max=2000, help="Draws of what is believed.")] = 64,
    key: Key = 1,
    how: How = Format.table,
    full: Full = False,
    out: Out = None,
    pictures: Pictures = True,
    fit: Fit = None,
    allow_stale: AllowStale = False,
    store: Store = None,
    as_known: AsKnown = "",
) -> None:
    """Check, bargain, write, show."""
    from palanca.core import save

    fitted = _check(case, month, table, silos, protocol, store, as_known)
    if out is not None:
        save.check_folder(out)
    from palanca.api.load import bare, load
    from palanca.questions.options import RunOptions

    with progress.bar("asking the corridor, then bargaining") as tell:
        model = load(case, fit=fit, allow_stale=allow_stale, store=store, as_known=as_known) if fitted else bare(case)
        options = RunOptions(progress=tell)
        answer = model.deal(month, protocol=protocol, table=table, silos=silos, draws=draws, key=key, run=options)
    output.deliver(answer, how, out=out, full=full, pictures=pictures)


def _check(
    case: str,
    month: str | None,
    table: str | None,
    silos: str | None,
    protocol: str | None,
    store: Path | None,
    as_known: str,
) -> bool:
    """Refuse what cannot be, before anything heavy is loaded; says whether the table needs a corridor."""
    from palanca.core.clock import Month
    from palanca.questions import contents
    from palanca.questions.bargaining import months
    from palanca.spec import protocol as protocols

    when = None if month is None else Month.parse(month, where="--month")
    spec, _ = contents.table(table, case)
    if silos is not None:
        contents.silos(silos, spec, case)
    fitted = spec.file.flow.corridor
    months.check(spec, opened.case(case, store, as_known) if fitted and when is not None else None, when)
    if protocol is not None:
        protocols.asked(protocol, spec, when)
    return fitted
