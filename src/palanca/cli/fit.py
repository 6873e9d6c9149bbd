"""Sets a case's parameters from the figures and stores them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

HELP = "Set the parameters of a case from the figures, at their most probable values, and store them."


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("fit", help=HELP)(fit)


def fit(
    case: Annotated[str, typer.Argument(help="A shipped case, or the path of a case file.")] = "us-mexico",
    out: Annotated[
        Path | None, typer.Option("--out", help="File to write; by default fit-CASE.npz in this folder.")
    ] = None,
    ship: Annotated[bool, typer.Option("--ship", help="Replace the fit that the package ships.")] = False,
    most_steps: Annotated[int, typer.Option(min=1, help="Evaluations after which the search stops.")] = 4000,
) -> None:
    """Fit, and say what was found."""
    from rich.console import Console

    from palanca.case.load import load
    from palanca.cli import caching, show
    from palanca.infer import fit as fitting
    from palanca.infer import history, store, verdict

    caching.start()
    declared = load(case)
    setting = history.prepare(declared)
    target = store.where(declared) if ship else out or Path(f"fit-{declared.case}.npz")
    with Console(stderr=True).status("compiling") as status:

        def tell(count: int, value: float) -> None:
            if count % 20 == 0:
                status.update(f"{count:,} evaluations, log density {value:,.1f}")

        found = fitting.fit(setting.evidence, most_steps=most_steps, progress=tell)
    store.write(target, found, store.marks(declared))
    show.rows(verdict.by_parameter(found), show.Format.table, "Parameters: what the figures say of them")
    typer.echo(
        f"{found.steps:,} evaluations, log density {found.value:,.1f}, largest slope left {found.gradient:.2g} "
        f"per prior standard deviation.\nQuick mode: the maximum and its curvature, not a sampled posterior. "
        f"Stored in {target}."
    )
