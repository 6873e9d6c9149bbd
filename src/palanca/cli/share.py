"""Asks what shared responsibility would do in place of barter: who takes how many, who pays, would it hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from palanca.cli import listing, opened, output, progress
from palanca.cli.options import (
    AllowStale,
    AsKnown,
    CaseOption,
    Draws,
    Fit,
    Format,
    Full,
    How,
    Key,
    Out,
    Pictures,
    Store,
)

if TYPE_CHECKING:
    from palanca.spec.schema import Case

HELP = """What if countries shared responsibility by rule instead of bartering?

Runs a sharing scheme (quotas by a key, offices at home and next door, one rule, ways to work) beside the record, on the
same people and surprises: arrivals, deaths, waiting, who takes how many, who pays, who gains, the transit country's
leverage, and whether it would hold. A scheme is a YAML file, or the name of one that comes with the case (--list)."""


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("share", help=HELP)(share)


def share(
    scheme: Annotated[
        str, typer.Argument(metavar="[FILE|NAME]", help="A scheme file, or the name of one that comes with the case.")
    ] = "regional-quotas",
    *,
    case: CaseOption = "us-mexico",
    shipped: Annotated[bool, typer.Option("--list", help="List the schemes that come with the case.")] = False,
    variants: Annotated[
        bool, typer.Option("--variants/--no-variants", help="Also run it in other sizes, speeds and rules.")
    ] = True,
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
) -> None:
    """Check, run, write, show."""
    from palanca.core import save
    from palanca.spec import sharing

    declared = opened.case(case, store, as_known)
    if shipped:
        listing.print_rows(
            _shipped(declared), how, "These schemes come with the case: `palanca share NAME`.", full=True
        )
        return
    sharing.load_sharing(scheme, declared)  # bad input is refused before anything heavy is loaded
    if out is not None:
        save.check_folder(out)
    from palanca.api.load import load
    from palanca.questions.options import RunOptions

    model = load(case, fit=fit, allow_stale=allow_stale, store=store, as_known=as_known)
    with progress.bar("worlds") as tell:
        answer = model.share(scheme, variants=variants, draws=draws, key=key, run=RunOptions(progress=tell))
    output.deliver(answer, how, out=out, full=full, pictures=pictures)


def _shipped(declared: Case) -> list[dict[str, object]]:
    from palanca.spec import sharing

    rows: list[dict[str, object]] = []
    for name in sharing.FORMAT.shipped(declared.case):
        one = sharing.load_sharing(name, declared).file
        places = one.places.per_year if one.places else sum(pledge.per_year for pledge in one.pledges.values())
        rows.append(
            {
                "name": name,
                "title": one.title,
                "from": str(one.start),
                "members": len(one.members),
                "places a year": places,
            }
        )
    return rows
