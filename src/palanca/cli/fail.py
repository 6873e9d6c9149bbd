"""Any palanca error: its message, a link to the docs, and an exit code."""

from __future__ import annotations

import _thread
import os
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import typer

from palanca.core.errors import PalancaError, RoomError, UnforeseenError

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

INTERRUPTED = 130
AGAIN_S = 0.05
REFUSED = 2
UNFORESEEN = 3
TRACE = "PALANCA_TRACEBACK"
SHORT_OF_MEMORY = ("RESOURCE_EXHAUSTED", "Out of memory", "Cannot allocate memory", "bad_alloc")


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
    except Exception as fault:  # the last resort of the command line: no input may end in a traceback
        if os.environ.get(TRACE):
            raise
        shown = _unforeseen(fault)
        typer.echo(str(shown), err=True)
        return REFUSED if isinstance(shown, RoomError) else UNFORESEEN
    except SystemExit as done:
        code = done.code
    else:
        return 0
    finally:
        sys.unraisablehook = before
    if code == INTERRUPTED:
        typer.echo("palanca: interrupted; nothing half-written was kept.", err=True)
    return code if isinstance(code, int) else 0


def _unforeseen(fault: Exception) -> PalancaError:
    """What is said of a fault that nobody foresaw: memory that ran out, or a fault of ours."""
    text = " ".join(str(fault).split())[:300]
    if isinstance(fault, MemoryError) or any(mark in text for mark in SHORT_OF_MEMORY):
        return RoomError(
            "not enough memory for this",
            way_out="Take fewer draws with --draws, or keep the work in a folder with --keep. "
            "Nothing half-written was kept.",
        )
    return UnforeseenError(
        "something went wrong that palanca did not foresee",
        found=f"{type(fault).__name__}: {text}",
        way_out=f"This is a fault of palanca: please report it with the command. {TRACE}=1 shows where it arose.",
    )


def _again(lost: UnraisableHookArgs) -> None:
    """Raise Ctrl-C once more when it came inside a callback of the compiler, where Python drops it."""
    if lost.exc_type is not None and issubclass(lost.exc_type, KeyboardInterrupt):
        again = threading.Timer(AGAIN_S, _thread.interrupt_main)
        again.daemon = True
        again.start()
    else:
        sys.__unraisablehook__(lost)
