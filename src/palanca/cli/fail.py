"""Any palanca error: its message, a link to the docs, and an exit code."""

from __future__ import annotations

import _thread
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import typer

from palanca.core.errors import PalancaError

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

INTERRUPTED = 130
AGAIN_S = 0.05
REFUSED = 2


def guarded(command: Callable[[], object]) -> int:
    """Run the whole command line and turn what goes wrong into an exit code.

    Typer ends every run with `SystemExit`: 0 when done, 1 when a check failed, 2 for a command that cannot be
    read (it prints why), 130 after Ctrl-C (it prints nothing, so this does).
    """
    before, sys.unraisablehook = sys.unraisablehook, _again
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
    finally:
        sys.unraisablehook = before
    if code == INTERRUPTED:
        typer.echo("palanca: interrupted; nothing half-written was kept.", err=True)
    return code if isinstance(code, int) else 0


def _again(lost: UnraisableHookArgs) -> None:
    """Raise Ctrl-C once more when it came inside a callback of the compiler, where Python drops it."""
    if lost.exc_type is not None and issubclass(lost.exc_type, KeyboardInterrupt):
        again = threading.Timer(AGAIN_S, _thread.interrupt_main)
        again.daemon = True
        again.start()
    else:
        sys.__unraisablehook__(lost)
