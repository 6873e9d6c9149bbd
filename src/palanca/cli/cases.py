"""Commands on cases: list, check, show, new."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from palanca.cli import listing, opened
from palanca.cli.options import AsKnown, Format, Full, Store

app = typer.Typer(
    help="Declare a situation: countries, levers, dates, sources.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

REFERENCE = "us-mexico"
Which = Annotated[str, typer.Argument(metavar="[FILE|NAME]", help="A case file or a shipped case.")]
HowTo = Annotated[Format, typer.Option("--format", help="How to print it.")]


@app.command("list")
def list_(how: HowTo = Format.table) -> None:
    """List the cases that come with palanca."""
    from palanca.spec import load

    found = []
    for name in load.shipped():
        case = load.load(name)
        found.append(
            {
                "case": name,
                "title": case.title,
                "first": str(case.span.first),
                "last": str(case.span.last),
                "levers": len(case.levers),
                "entries": len(case.record),
            }
        )
    listing.print_rows(found, how, "These cases come with palanca; `palanca case show NAME` prints one.", full=True)


@app.command()
def check(
    what: Annotated[str, typer.Argument(metavar="[FILE|NAME]", help="A case file or a shipped case.")] = REFERENCE,
    store: Store = None,
    as_known: AsKnown = "",
) -> None:
    """Check a case: every fault with file and line, and whether it can be run and fitted, or why not."""
    from palanca.core.wording import counted
    from palanca.data.read import open_figures
    from palanca.spec import figures, load, schedule

    observed = open_figures(store, as_known, what)
    months = observed.months()
    case = load.load(what, months)
    entries = counted(len(case.record), "dated entry", "dated entries")
    levers = counted(len(case.levers), "lever")
    typer.echo(f"{case.case}: sound; {levers}, {entries}, {case.span.first} to {case.span.last}.")
    typer.echo(f"fingerprint {schedule.fingerprint(case)}")
    gaps = [*figures.gaps(case, months, observed.rows), *figures.sums(case, observed)]
    if not gaps:
        fit = "" if case.case in load.shipped() else f" Commands need a fit of it first: `palanca fit {what}`."
        typer.echo(f"It can be run and fitted: it covers what the figures count.{fit}")
        return
    typer.echo("It cannot be run or fitted yet:")
    for gap in gaps:
        typer.echo(f"  {gap.what}: {gap.found}; expected {gap.expected}: {gap.problem}.")
    for way_out in dict.fromkeys(gap.way_out for gap in gaps):
        typer.echo(way_out)


@app.command()
def show(
    what: Annotated[str, typer.Argument(metavar="[FILE|NAME]", help="A case file or a shipped case.")] = REFERENCE,
    part: Annotated[
        str,
        typer.Option(
            "--what",
            help="summary, levers, record, parameters, origins, countries, groups, places, sectors, series,"
            " elections or sources.",
        ),
    ] = "summary",
    how: HowTo = Format.table,
    full: Full = False,
    store: Store = None,
    as_known: AsKnown = "",
) -> None:
    """Show what a case declares."""
    from palanca.spec import card

    case = opened.case(what, store, as_known)
    rows = card.rows(case, part)
    title = (
        f"The case {case.case} declares this ({part}):"
        if len(rows) == 1
        else f"The case {case.case} has {len(rows)} rows of {part}."
    )
    listing.print_rows(rows, how, title, full=full)


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="Name of the case: small letters, digits, hyphens.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder or file to write; by default NAME, or NAME.yaml.")
    ] = None,
    like: Annotated[str, typer.Option("--from", help="A shipped case or a file to copy, such as us-mexico.")] = "",
) -> None:
    """Write a commented first case with made-up figures, ready to fit and to change, or a copy of another."""
    from palanca.spec import starter

    path = starter.write(name, out, like)
    typer.echo(f"Wrote {path}. Next: palanca case check {path}")
