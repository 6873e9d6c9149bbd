"""What matters: which parameters an outcome, or a what-if, depends on, and what learning one is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from palanca.cli import opened, output, progress
from palanca.cli.options import (
    AllowStale,
    AsKnown,
    CaseName,
    ChangeFiles,
    Cluster,
    Draws,
    Fit,
    Format,
    From,
    Full,
    How,
    Keep,
    Key,
    Out,
    Pictures,
    Sets,
    Store,
    Until,
    Workers,
)

if TYPE_CHECKING:
    from palanca.questions.changes import Changes
    from palanca.spec.schema import Case

HELP = """What matters for an outcome: which parameters move it, and what is learning one worth?

The outcome is the mean of some months of history or, with --set or --changes, the effect of a change on it. Shows
shares of variance (Sobol), effects (Morris), and what the model's own draws explain."""


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("sensitivity", help=HELP)(sensitivity)


def sensitivity(
    case: CaseName = "us-mexico",
    *,
    outcome: Annotated[str, typer.Option("--outcome", help="An outcome, or one part of it as NAME:PART.")] = "deaths",
    months: Annotated[
        str | None,
        typer.Option("--months", metavar="A..B", help="Months of which the mean is taken; by default the last twelve."),
    ] = None,
    sets: Sets = None,
    changes: ChangeFiles = None,
    first: From = None,
    last: Until = None,
    parameters: Annotated[
        str | None,
        typer.Option("--parameters", metavar="A,B,C", help="Parameters or single numbers, as dread,base[4]; else all."),
    ] = None,
    by_equation: Annotated[bool, typer.Option("--by-equation", help="Vary those of one equation together.")] = False,
    price: Annotated[float, typer.Option("--price", help="What the changes cost, in units of the outcome.")] = 0.0,
    points: Annotated[int, typer.Option("--points", help="Base sample of Sobol, a power of 2; 0 for none.")] = 128,
    trajectories: Annotated[int, typer.Option("--trajectories", help="Trajectories of Morris.")] = 20,
    draws: Draws = 352,
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
    from palanca.questions.sensitivity import sampling

    declared = opened.case(case, store, as_known)
    named = tuple(part.strip() for part in (parameters or "").split(",") if part.strip())
    sample = sampling.Sampling(named, by_equation, points, trajectories)
    sampling.check_draws(draws)
    given = _changes(declared, [*(sets or []), *(changes or [])], first, last)
    if out is not None:
        save.check_folder(out)
    from palanca.api.load import load
    from palanca.questions import outcomes
    from palanca.questions.options import RunOptions

    outcomes.find(outcome, declared)
    model = load(case, fit=fit, allow_stale=allow_stale, store=store, as_known=as_known)
    with progress.bar("histories in chunks") as tell:
        answer = model.sensitivity(
            outcome,
            None if given is None else list(given.rows),
            months=months,
            price=price,
            sampling=sample.plain(),
            draws=draws,
            key=key,
            run=RunOptions(store=keep, workers=workers, cluster=cluster, progress=tell),
        )
    output.deliver(answer, how, out=out, full=full, pictures=pictures)


def _changes(declared: Case, given: list[str], first: str | None, last: str | None) -> Changes | None:
    from palanca.questions import changes as declaring

    if not given and first is None and last is None:
        return None
    return declaring.gather(declared, given, first, last)
