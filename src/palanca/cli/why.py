"""Why an outcome changed between two months: the change shared out among its causes."""

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
    Out,
    Pictures,
    Store,
    Workers,
)

HELP = """Why did an outcome change between two months?

The change is shared out among its causes: they sum to it in every draw. Name two months, as in `palanca why 2023-12
2024-01`, or give --episodes for the changes that the sources explain, beside what they claim."""


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("why", help=HELP)(why)


def why(
    first: Annotated[str | None, typer.Argument(metavar="[FIRST]", help="The first month, YYYY-MM.")] = None,
    last: Annotated[str | None, typer.Argument(metavar="[LAST]", help="The second, at most a year later.")] = None,
    *,
    case: CaseOption = "us-mexico",
    outcome: Annotated[
        str, typer.Option("--outcome", help="What changed, as encounters, deaths or held; a part as encounters:VEN.")
    ] = "encounters",
    episodes: Annotated[
        bool, typer.Option("--episodes", help="All changes that the sources explain, beside what they claim.")
    ] = False,
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
    """Check, share out, write, show."""
    from palanca.core import save
    from palanca.questions.why import months

    declared = opened.case(case, store, as_known)
    months.read(declared, first, last, outcome, episodes=episodes)  # refused before anything heavy is loaded
    if out is not None:
        save.check_folder(out)
    from palanca.api.load import load
    from palanca.questions import outcomes
    from palanca.questions.options import RunOptions

    outcomes.find(outcome, declared)
    model = load(case, fit=fit, allow_stale=allow_stale, store=store, as_known=as_known)
    with progress.bar("changes" if episodes else "histories in chunks") as tell:
        options = RunOptions(store=keep, workers=workers, cluster=cluster, progress=tell)
        answer = model.why(first, last, outcome=outcome, episodes=episodes, draws=draws, key=key, run=options)
    output.deliver(answer, how, out=out, full=full, pictures=pictures)
