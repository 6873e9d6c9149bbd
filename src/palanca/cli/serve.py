"""Serve the pages and the interface: move a lever, see what the model says and how sure it is, send it on."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from palanca.cli import output

HELP = """Serve pages to ask on: move a lever, see what differs and how sure that is, send the address on.

It listens on this machine alone unless --public is given; then every --max-... bound must be given too. Results and
jobs are kept in a folder, and outlive the server."""
BOUNDS = ("max_draws", "max_minutes", "max_connections", "max_megabytes")


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("serve", help=HELP)(serve)


def serve(
    context: typer.Context,
    *,
    host: Annotated[str, typer.Option("--host", help="Name or address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Port to listen on; 0 for any free one.")
    ] = 8000,
    prefix: Annotated[
        str, typer.Option("--prefix", metavar="/NAME", help="Prefix of every address, behind a proxy.")
    ] = "",
    public: Annotated[
        bool, typer.Option("--public", help="Let others than this machine ask; says what is exposed.")
    ] = False,
    keep: Annotated[
        Path | None, typer.Option("--keep", help="Folder for results and jobs; by default one in the user's cache.")
    ] = None,
    max_draws: Annotated[int, typer.Option("--max-draws", min=8, max=2000, help="Most draws of one question.")] = 400,
    max_minutes: Annotated[float, typer.Option("--max-minutes", min=0.1, help="Longest job.")] = 60.0,
    max_connections: Annotated[int, typer.Option("--max-connections", min=4, help="Most connections at a time.")] = 400,
    max_megabytes: Annotated[int, typer.Option("--max-megabytes", min=1, help="Most that results take on disk.")] = 300,
) -> None:
    """Check, listen, serve."""
    from palanca.core.errors import UsageError

    if public:
        given = {name: str(context.get_parameter_source(name)).endswith("COMMANDLINE") for name in BOUNDS}
        left = [f"--{name.replace('_', '-')}" for name, stands in given.items() if not stands]
        if left:
            raise UsageError(
                "a public server without bounds",
                where="--public",
                found=f"no {', '.join(left)}",
                expected="every --max-... given",
                way_out="Say how much one visitor may take.",
            )
    from palanca.web.serve import ListenAt
    from palanca.web.serve import serve as run
    from palanca.web.site import Limits

    limits = Limits(max_draws, max_minutes, max_connections, megabytes=max_megabytes)
    run(ListenAt(host, port, public, prefix), keep or _usual(), limits, output.note)


def _usual() -> Path:
    """The folder of results in the user's cache."""
    from palanca.core.errors import UsageError

    try:
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "palanca" / "served"
    except RuntimeError as fault:
        raise UsageError("this user has no home", where="--keep", expected="--keep FOLDER") from fault
