"""The command tree and global options."""

from __future__ import annotations

import sys
from functools import partial
from typing import Annotated

import typer

from palanca import __version__
from palanca.cli import (
    ask,
    cases,
    data,
    deal,
    evidence,
    facts,
    fail,
    fit,
    forecast,
    ledger,
    leverage,
    pact,
    reproduce,
    run,
    silence,
    snapback,
    whatif,
)

app = typer.Typer(
    name="palanca",
    help="Migration diplomacy as a model that runs: people moving, levers, and what if.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help starts faster, copies well, and reads the same on every terminal
    context_settings={"max_content_width": 110},
)
app.add_typer(data.app, name="data")
app.add_typer(cases.app, name="case")
app.add_typer(ask.app, name="ask")
app.add_typer(evidence.app, name="evidence")
run.register(app)
forecast.register(app)
fit.register(app)
leverage.register(app)
deal.register(app)
snapback.register(app)
silence.register(app)
ledger.register(app)
pact.register(app)
facts.register(app)
whatif.register(app)
reproduce.register(app)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"palanca {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Options that come before any command."""


def main() -> None:
    """Run the command line; any palanca error ends in a message and exit code 2."""
    sys.exit(fail.guarded(partial(app, prog_name="palanca")))
