"""Asks what would have been better: packages of levers within bounds, and which of them no other beats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from palanca.cli import listing, opened, output, progress
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
    Out,
    Pictures,
    Store,
    Workers,
)

if TYPE_CHECKING:
    from palanca.spec.schema import Case

HELP = """What would have been better?

Tries packages of levers within bounds on history, in many draws, and keeps those that no other beats on what is wanted.
A search is a YAML file, or the name of one that comes with the case (--list shows them). Deaths and people on hold
stand beside every package."""


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("search", help=HELP)(search)


def search(
    what: Annotated[
        str, typer.Argument(metavar="[FILE|NAME]", help="A search file, or the name of one that comes with the case.")
    ] = "two-years",
    *,
    case: CaseOption = "us-mexico",
    packages: Annotated[int, typer.Option(min=2, max=1_000_000, help="Packages to try in all.")] = 2000,
    population: Annotated[int, typer.Option(min=4, max=5000, help="Packages of one generation.")] = 200,
    shipped: Annotated[bool, typer.Option("--list", help="List the searches that come with the case.")] = False,
    draws: Draws = 200,
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
    """Check, search, write, show."""
    from palanca.core import save
    from palanca.spec import search_file

    declared = opened.case(case, store, as_known)
    if shipped:
        listing.print_rows(
            _shipped(declared), how, "These searches come with the case: `palanca search NAME`.", full=True
        )
        return
    search_file.load_search(what, declared)  # bad input is refused before anything heavy is loaded
    if out is not None:
        save.check_folder(out)
    from palanca.api.load import load
    from palanca.questions.options import RunOptions

    model = load(case, fit=fit, allow_stale=allow_stale, store=store, as_known=as_known)
    with progress.bar("packages") as tell:
        options = RunOptions(store=keep, workers=workers, cluster=cluster, progress=tell)
        answer = model.search(what, packages=packages, population=population, draws=draws, key=key, run=options)
    output.deliver(answer, how, out=out, full=full, pictures=pictures)


def _shipped(declared: Case) -> list[dict[str, object]]:
    from palanca.spec import search_file

    rows: list[dict[str, object]] = []
    for name in search_file.FORMAT.shipped(declared.case):
        one = search_file.load_search(name, declared).file
        aims = ", ".join(objective.outcome for objective in one.objectives)
        rows.append({"name": name, "title": one.title, "levers": len(one.levers), "objectives": aims})
    return rows
