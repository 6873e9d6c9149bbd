"""Says what each lever in force in a month did, by taking them away one at a time."""

from __future__ import annotations

from typing import Annotated

import typer

from palanca.cli import opened, output, progress
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

HELP = """What did each lever in force in a month do?

Takes every lever in force in MONTH away in turn, all else as recorded, and says how many more or fewer people would
have been encountered, stopped in transit, waiting or dead, with 80 % intervals and what they rest on."""


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("levers", help=HELP)(levers)


def levers(
    month: Annotated[
        str | None,
        typer.Argument(metavar="[MONTH]", help="First month without a lever, YYYY-MM; by default the last possible."),
    ] = None,
    *,
    months: Annotated[int, typer.Option("--for", min=1, help="For how many months it is taken away.")] = 3,
    case: CaseOption = "us-mexico",
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
) -> None:
    """Check, run, write, show."""
    from palanca.core import save
    from palanca.evidence.levers import scope

    declared = opened.case(case, store, as_known)
    scope.read(declared, month, months)  # bad input is refused before anything heavy is loaded
    if out is not None:
        save.check_folder(out)
    from palanca.api.load import load
    from palanca.questions.options import RunOptions

    model = load(case, fit=fit, allow_stale=allow_stale, store=store, as_known=as_known)
    with progress.bar("histories") as tell:
        answer = model.evidence.levers(month, months=months, draws=draws, key=key, run=RunOptions(progress=tell))
    output.deliver(answer, how, out=out, full=full, pictures=pictures)
