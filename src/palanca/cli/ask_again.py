"""Asks a question again from its manifest, and says whether the answer is the same to the bit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from palanca.cli.show import Format

if TYPE_CHECKING:
    from palanca.questions.manifest import Manifest

HELP = """Ask the same question again from the manifest.json beside an answer, and compare the two to the bit.

Says which fingerprint, version or file differs; ends with exit code 1 if a result does."""


def register(app: typer.Typer) -> None:
    """Add the question to the tree."""
    app.command("again", help=HELP)(again)


def again(
    context: typer.Context,
    manifest: Annotated[Path, typer.Argument(help="A manifest.json, or the folder it is in.")],
    *,
    out: Annotated[
        Path | None, typer.Option(help="Folder to keep the new results in; by default they are only compared.")
    ] = None,
    how: Annotated[Format, typer.Option("--format", help="How to print what differs.")] = Format.table,
) -> None:
    """Read, run, compare."""
    from dataclasses import asdict
    from tempfile import TemporaryDirectory

    from palanca.cli import show
    from palanca.questions import manifest as manifests

    then = manifests.read(manifest)
    with TemporaryDirectory(prefix="palanca-again-") as aside:
        folder = out or Path(aside)
        _apart(manifest, folder)
        now = _run(context, then, folder)
    found = manifests.differences(then, now)
    if how is not Format.table or found:
        show.rows([asdict(one) for one in found], how, "What differs")
    typer.echo(manifests.verdict(found), err=how is not Format.table)
    if any(one.what == "file" for one in found):
        raise typer.Exit(1)


def _apart(manifest: Path, folder: Path) -> None:
    """Refuse to write the new results over the old ones."""
    from palanca.core.errors import UsageError

    old = manifest if manifest.is_dir() else manifest.parent
    if folder.resolve() == old.resolve():
        raise UsageError(
            "the new results would replace those to compare with",
            where="--out",
            found=str(folder),
            expected="another folder, or none",
        )


def _run(context: typer.Context, then: Manifest, folder: Path) -> Manifest:
    """The manifest's command, its results in another folder and what it prints left out."""
    import contextlib
    import io
    import shlex
    import sys

    from palanca.core.errors import UsageError
    from palanca.questions import manifest as manifests

    words = manifests.elsewhere(then.arguments, folder)
    if words[:2] == ["ask", "again"]:
        raise UsageError("a manifest of asking again", found=shlex.join(words), expected="one of a question")
    typer.echo(f"Asking again: palanca {shlex.join(then.arguments)}", err=True)
    typed, sys.argv = sys.argv, [sys.argv[0], *words]  # the command writes what was typed into its manifest
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            context.find_root().command.main(args=words, prog_name="palanca", standalone_mode=False)
    finally:
        sys.argv = typed
    return manifests.read(folder)
