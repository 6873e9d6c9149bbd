"""The part of `ask whatif` in which governments bargain, once with a mechanism or an issue and once without."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from palanca.cli import asking
from palanca.cli.show import Format

if TYPE_CHECKING:
    from palanca.core.clock import Month
    from palanca.questions.whatif.bargained import Bargained
    from palanca.spec.schema import Case

FIRST = "2023-01"
MOST_DRAWS, USUAL_DRAWS = 64, 32


def answer(
    declared: Case,
    question: tuple[list[str], list[str]],
    months: tuple[str | None, str | None],
    changes: tuple[list[str] | None, list[str] | None],
    sample: tuple[int, int],
    shown: tuple[Format, Path | None, Path | None, bool],
) -> None:
    """Check, play both, show, write.

    Args:
        declared: The case.
        question: Mechanisms off, issues never on the table.
        months: First and last month played, as typed.
        changes: Changes as typed, which do not mix with bargaining.
        sample: Draws and key.
        shown: Format, folder, fit, and whether a stale fit will do.
    """
    from rich.console import Console

    from palanca.core.save import check_folder
    from palanca.questions.whatif import bargained
    from palanca.spec.bargain_spec import load_bargain

    how, out, fit, stale = shown
    talks = load_bargain(declared.case)
    bargained.check(talks, *question)
    draws, key = _draws(changes, sample)
    span = _span(declared, months)
    if out is not None:
        check_folder(out)
    corridor = asking.corridor(declared, fit, stale=stale)
    with Console(stderr=True).status("governments bargain") as status:
        found = bargained.ask(corridor, talks, span, question, draws=draws, key=key, tell=status.update)
    _show(found, how)
    if out is not None:
        _write(found, out, {"Case": declared.case, "Draws": str(draws), "Key": str(key)})
        asking.manifest(out, corridor, ["whatif.csv", "whatif.html"], draws=draws, key=key)


def _draws(changes: tuple[list[str] | None, list[str] | None], sample: tuple[int, int]) -> tuple[int, int]:
    from palanca.core.errors import UsageError

    if any(changes):
        raise UsageError(
            "governments that bargain set the levers themselves",
            where="--set, --changes",
            found="changes beside --off or --without",
            way_out="Ask one at a time.",
        )
    draws, key = sample
    if draws > MOST_DRAWS:
        typer.echo(f"Note: bargaining is slow; it takes {USUAL_DRAWS} draws ({MOST_DRAWS} at most).", err=True)
        draws = USUAL_DRAWS
    return draws, key


def _span(declared: Case, months: tuple[str | None, str | None]) -> tuple[Month, Month]:
    from palanca.core.clock import Month

    first, last = months
    end = Month.parse(last, where="--until") if last else declared.span.span.last
    return Month.parse(first or FIRST, where="--from"), end


def _show(found: Bargained, how: Format) -> None:
    from palanca.cli import show
    from palanca.view import bargained as view

    if how is not Format.table:
        show.rows(view.summary(found), how)
        return
    typer.echo(found.asked)
    show.rows(view.summary(found), how, "Governments bargain, and otherwise")
    for sentence in (*view.says(found), view.CAUTION):
        typer.echo(sentence)


def _write(found: Bargained, out: Path, facts: dict[str, str]) -> None:
    from palanca.cli import show
    from palanca.core import save
    from palanca.report import bargained as page
    from palanca.view import bargained as view

    save.text(out / "whatif.csv", show.as_csv(view.by_month(found)))
    save.text(out / "whatif.html", page.html(found, facts))
