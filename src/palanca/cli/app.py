"""The command tree and global options."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from palanca import __version__
from palanca.cli import (
    cases,
    claims,
    data,
    deal,
    evidence,
    fail,
    fit,
    forecast,
    leverage,
    match,
    progress,
    quotas,
    relief,
    renamed,
    report,
    reproduce,
    run,
    search,
    sensitivity,
    serve,
    share,
    silence,
    whatif,
    why,
)

app = typer.Typer(
    name="palanca",
    help="Migration diplomacy as a model that runs: people moving, levers, and what if.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help starts faster, copies well, and reads the same on every terminal
    context_settings={"max_content_width": 110, "help_option_names": ["-h", "--help"]},
)
app.add_typer(data.app, name="data")
app.add_typer(cases.app, name="case")
app.add_typer(evidence.app, name="evidence")
run.register(app)
forecast.register(app)
fit.register(app)
leverage.register(app)
search.register(app)
deal.register(app)
relief.register(app)
silence.register(app)
share.register(app)
whatif.register(app)
why.register(app)
sensitivity.register(app)
claims.register(app)
serve.register(app)
quotas.register(app)
match.register(app)
report.register(app)
reproduce.register(app)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"palanca {__version__}")
        raise typer.Exit


def _first_lines(tree: typer.Typer) -> None:
    """List every command with the whole first line of its help; typer would cut it."""
    for one in tree.registered_commands:
        text = one.help or (one.callback.__doc__ if one.callback is not None else "") or ""
        one.short_help = text.strip().partition("\n")[0]
    for group in tree.registered_groups:
        if group.typer_instance is not None:
            _first_lines(group.typer_instance)
            listed = group.typer_instance.info.help
            if isinstance(listed, str):
                group.short_help = listed


_first_lines(app)


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no notes on the error stream.")] = False,
) -> None:
    """Migration diplomacy as a model that runs: people moving, levers, and what if."""
    if quiet:
        os.environ[progress.QUIET] = "1"


def main() -> None:
    """Run the command line; any palanca error ends in a message and exit code 2."""
    sys.exit(fail.guarded(_command))


def _command() -> None:
    renamed.refuse(sys.argv[1:])
    app(prog_name="palanca")
