"""Makes one page of several answers, asked now or saved before."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from palanca.cli import opened, output, progress
from palanca.cli.options import AllowStale, AsKnown, CaseName, ChangeFiles, Draws, Fit, Key, Store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from palanca.questions.changes import Row
    from palanca.show.answer import Answer
    from palanca.show.report import Unanswered
    from palanca.spec.schema import Case

HELP = """What does the model say of a case, on one page to send on?

Asks what happened, the what-if that the page of the case opens with, why, what comes next, who held how much leverage,
and how far to trust it; or what --question names. --from takes answers that were saved with --out, in the order given.
The page holds all of it: answers first, then charts, evidence, limits, and how to get each again. What a case cannot
answer is named with the reason."""


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("report", help=HELP)(report)


def report(
    case: CaseName = "us-mexico",
    *,
    question: Annotated[
        list[str] | None, typer.Option("--question", metavar="NAME", help="A question, as whatif or evidence.fit.")
    ] = None,
    changes: ChangeFiles = None,
    folder: Annotated[
        list[Path] | None,
        typer.Option("--from", metavar="FOLDER", help="An answer saved with --out, told before those asked now."),
    ] = None,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the page is written.")] = Path(
        "palanca-report.html"
    ),
    draws: Draws = 200,
    key: Key = 1,
    fit: Fit = None,
    allow_stale: AllowStale = False,
    store: Store = None,
    as_known: AsKnown = "",
) -> None:
    """Check, ask, compose, write."""
    from palanca.core import save
    from palanca.core.errors import OutputError
    from palanca.show import saved

    if out.is_dir():
        raise OutputError("a folder stands there", where=str(out), expected="the name of a file, such as report.html")
    kept = [saved.read(one) for one in folder or ()]
    declared = opened.case(case, store, as_known) if question or not kept else None
    save.check_folder(out.parent)
    from palanca.api import report as making

    made: list[Answer | Unanswered] = list(kept)
    if declared is not None:
        names = list(question or making.USUAL)
        making.check(names)
        wanted = making.ReportRequest(names, _opening(declared, changes or ()), draws, key)
        from palanca.api.load import load

        model = load(case, fit=fit, allow_stale=allow_stale, store=store, as_known=as_known)
        made += making.ask(model, wanted, progress.bar)
    _write(made, out, declared.title if declared is not None and not kept else None)


def _opening(declared: Case, changes: Sequence[str]) -> Sequence[str | Path | Row]:
    """What the what-if asks: what a user names, or else what the page of the case opens with."""
    from palanca.api import report as making
    from palanca.questions import changes as declaring
    from palanca.web import address, view_file

    if changes:
        declaring.gather(declared, list(changes))  # bad input is refused before anything heavy is loaded
        return list(changes)
    query = view_file.of(declared.case).opens
    return making.opening(declared, address.parse(declared, query).world.rows(declared) if query else ())


def _write(made: Sequence[Answer | Unanswered], out: Path, title: str | None) -> None:
    from palanca.api import report as making
    from palanca.show.answer import Answer

    answers = [one for one in made if isinstance(one, Answer)]
    missing = [one for one in made if not isinstance(one, Answer)]
    page = making.composed(answers, out, title, missing)
    for one in missing:
        output.note(f"Not answered: {one.question}. {one.reason}")
    output.note(f"Wrote {out}: {len(answers)} answers, {len(page.encode()) / 1e6:.1f} MB.")
    output.say("\n".join(one.question for one in answers))
