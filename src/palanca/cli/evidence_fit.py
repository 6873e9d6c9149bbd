"""Says how far the fit can be trusted; ends with exit code 1 while a check of it is red."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from palanca.cli import opened, output, progress
from palanca.cli.options import AllowStale, AsKnown, CaseName, Draws, Fit, Format, Full, How, Key, Out, Pictures, Store

if TYPE_CHECKING:
    from palanca.api.model import Model
    from palanca.infer.check_counts import CheckCounts
    from palanca.show.answer import Answer

HELP = """How far can the fit be trusted?

Runs histories of the fitted model, sets them against the published figures, and checks how the chains that made the
fit agree. Ends with exit code 1 while a check is red, and shows its answer all the same."""


ENOUGH = 200  # histories; with few, bands are rough and checks turn red by chance


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("fit", help=HELP)(fit)


def fit(
    case: CaseName = "us-mexico",
    *,
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
    ship: Annotated[
        bool, typer.Option("--ship", help="Store how many checks are red beside the fit; answers then say so.")
    ] = False,
) -> None:
    """Check, write, show."""
    from palanca.core import save
    from palanca.core.errors import UsageError

    opened.case(case, store, as_known)  # bad input is refused before anything heavy is loaded
    if ship and draws < ENOUGH:
        raise UsageError(
            "too few histories to count checks by", where="--draws", found=str(draws), expected=f"{ENOUGH} or more"
        )
    if out is not None:
        save.check_folder(out)
    from palanca.api.load import load
    from palanca.questions.options import RunOptions

    model = load(case, fit=fit, allow_stale=allow_stale, store=store, as_known=as_known)
    with progress.bar("histories") as tell:
        answer = model.evidence.fit(draws=draws, key=key, run=RunOptions(progress=tell))
    counts = check_count(model, answer)
    if ship:
        keep(model, counts)
    output.deliver(answer, how, out=out, full=full, pictures=pictures)
    raise typer.Exit(1 if counts.red else 0)


def check_count(model: Model, answer: Answer) -> CheckCounts:
    """How many checks are red, from the answer."""
    from palanca.infer import check_counts
    from palanca.infer.posterior import Posterior

    assert isinstance(model.corridor.fit, Posterior)  # `load` reads nothing else
    return check_counts.count(model.corridor.fit, [str(state) for state in answer.data["state"].values])


def keep(model: Model, counts: CheckCounts) -> None:
    """Store counts beside the fit of a model."""
    from palanca.infer import check_counts

    assert model.corridor.fit_file is not None  # `load` names it
    typer.echo(f"Wrote {check_counts.write(model.corridor.fit_file, counts)}.", err=True)
