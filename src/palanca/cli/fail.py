"""Any palanca error: its message, a link to the docs, and an exit code."""

from __future__ import annotations

from collections.abc import Callable

import typer

from palanca.core.errors import PalancaError

INTERRUPTED = 130
REFUSED = 2


def guarded(command: Callable[[], object]) -> int:
    """Run the whole command line and turn what goes wrong into an exit code.

    Typer ends every run with `SystemExit`: 0 when done, 1 when a check failed, 2 for a command that cannot be
    read (it prints why), 130 after Ctrl-C (it prints nothing, so this does).
    """
    try:
        command()
    except PalancaError as fault:
        typer.echo(str(fault), err=True)  # first comes file:line, which editors and terminals can follow
        return REFUSED
    except KeyboardInterrupt:
        code: object = INTERRUPTED
    except SystemExit as done:
        code = done.code
    else:
        return 0
    if code == INTERRUPTED:
        typer.echo("palanca: interrupted; nothing half-written was kept.", err=True)
    return code if isinstance(code, int) else 0
