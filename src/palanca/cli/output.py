"""What every command does with an answer: write it first, then print it, and lose nothing on the way."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from palanca.cli import progress
from palanca.cli.options import Format

if TYPE_CHECKING:
    from palanca.show.answer import Answer

PLAIN = {"−": "-", "–": "-", "\u00a0": " ", "…": "...", "→": "->", "≤": "<=", "×": "x", "·": "-", "’": "'"}
UNWATCHED = 100  # columns of output that no terminal shows


def deliver(answer: Answer, how: Format, *, out: Path | None = None, full: bool = False, pictures: bool = True) -> None:
    """Write the files of an answer, then print it.

    Raises:
        OutputError: The folder, the disk or standard output refused; files already written stay.
    """
    if out is not None:
        names = answer.save(out, pictures=pictures)
        shown = [name for name in names if not name.startswith("charts/")]
        charts = len(names) - len(shown)
        tail = f" and {charts} pictures" if charts else ""
        note(f"Wrote {', '.join(shown)}{tail} to {out}.")
        if pictures and not charts and answer.charts:
            note("No Chrome or Chromium was found to draw pictures with; the page shows every chart.")
    say(_text(answer, how, full=full))


def note(text: str) -> None:
    """Say something beside results, on the error stream; silent with --quiet."""
    if not os.environ.get(progress.QUIET):
        typer.echo(text, err=True)


def say(text: str) -> None:
    """Print text on standard output; a closed pipe is no error, and characters a terminal lacks are replaced.

    Raises:
        OutputError: Standard output cannot take it, as a full disk.
    """
    from palanca.core.errors import OutputError

    line = text if text.endswith("\n") else text + "\n"
    coding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        line.encode(coding)
    except UnicodeEncodeError:
        for mark, plain in PLAIN.items():
            line = line.replace(mark, plain)
        line = line.encode(coding, errors="replace").decode(coding)
    try:
        sys.stdout.write(line)
        sys.stdout.flush()
    except BrokenPipeError:
        _silence()
    except OSError as fault:
        _silence()
        raise OutputError(
            "could not print",
            where="standard output",
            found=fault.strerror or str(fault),
            expected="a terminal, pipe or file with room",
            way_out="With --out FOLDER results are written before anything is printed.",
        ) from fault


def width() -> int:
    """Columns to print in."""
    return (
        shutil.get_terminal_size((UNWATCHED, 24)).columns
        if sys.stdout.isatty() or "COLUMNS" in os.environ
        else UNWATCHED
    )


def _silence() -> None:
    """Point standard output nowhere, so that the interpreter does not try again at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())


def _text(answer: Answer, how: Format, *, full: bool) -> str:
    from palanca.show import document, terminal

    if how is Format.json:
        return document.as_json(answer)
    if how is Format.csv:
        return document.as_csv(answer)
    return terminal.full(answer, width()) if full else terminal.first_screen(answer, width())
