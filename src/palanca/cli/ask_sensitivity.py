"""Asks what matters: which parameters an outcome, or a what-if, hangs on, and what learning is worth."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from palanca.cli import asking, sweeping
from palanca.cli.asking import CaseName, Fit, How, Key, Out, Stale
from palanca.cli.show import Format
from palanca.cli.sweeping import Cluster, Store, Workers

if TYPE_CHECKING:
    from palanca.questions.sensitivity.runs import Answer, Means, Question
    from palanca.spec.edit import Change
    from palanca.spec.schema import Case

HELP = """What matters? Variance shares (Sobol), effects (Morris), and what learning a parameter is worth.

The outcome is the mean of some months of history or, with --set or --changes, the effect of a change on it. Writes
sensitivity.csv, sensitivity.html and manifest.json to OUT."""


def register(app: typer.Typer) -> None:
    """Add the question to the tree."""
    app.command("sensitivity", help=HELP)(sensitivity)


def sensitivity(
    case: CaseName = "us-mexico",
    *,
    outcome: Annotated[str, typer.Option(help="An outcome, or one part of it as NAME:PART.")] = "deaths",
    over: Annotated[
        str, typer.Option(metavar="FROM..TO", help="Months of which the mean is taken.")
    ] = "2023-09..2024-08",
    sets: Annotated[list[str] | None, typer.Option("--set", help="A change, as levers.contention.effort=0.")] = None,
    first: Annotated[str | None, typer.Option("--from", help="First month of the --set changes.")] = None,
    last: Annotated[str | None, typer.Option("--until", help="Last month of the --set changes.")] = None,
    changes: Annotated[list[str] | None, typer.Option(help="A file of changes, or the name of a shipped one.")] = None,
    parameters: Annotated[
        str | None,
        typer.Option(metavar="A,B,C", help="Parameters or single numbers of them, as hope,base[4]; all if none."),
    ] = None,
    by_equation: Annotated[
        bool, typer.Option("--by-equation", help="Vary parameters of one equation together.")
    ] = False,
    price: Annotated[float, typer.Option(help="What carrying the changes out costs, in units of the outcome.")] = 0.0,
    points: Annotated[int, typer.Option(min=0, help="Base sample of Sobol, a power of 2; 0 leaves it out.")] = 128,
    trajectories: Annotated[int, typer.Option(min=2, help="Trajectories of Morris.")] = 20,
    draws: Annotated[int, typer.Option(min=20, max=20000, help="Draws that give ranges and given-data shares.")] = 352,
    key: Key = 1,
    how: How = Format.table,
    out: Out = None,
    fit: Fit = None,
    stale: Stale = False,
    store: Store = None,
    workers: Workers = 0,
    cluster: Cluster = None,
) -> None:
    """Check, run, show, write."""
    from palanca.core.save import check_folder
    from palanca.spec import edit
    from palanca.spec.load import load

    declared = load(case)
    window = asking.span(declared, over, "--over")
    _check_points(points)
    wanted = _changes(declared, (sets or [], first, last, changes or []))
    edit.apply(declared, wanted)
    if out is not None:
        check_folder(out)
    from palanca.questions import outcomes

    asked = outcomes.find(outcome, declared)
    corridor = asking.corridor(declared, fit, stale=stale)
    from palanca.questions.sensitivity import runs as running

    named = tuple(part.strip() for part in (parameters or "").split(",") if part.strip())
    question = running.Question(asked, *window, tuple(wanted), named, by_equation, price, draws, key)
    means = running.Means(points, trajectories, store, workers, cluster)
    with sweeping.progress("runs") as tell:
        answer = running.matters(corridor, question, means, tell)
    _show(answer, how)
    if out is not None:
        _write(answer, out, _facts(declared, question, means))
        asking.manifest(out, corridor, ["sensitivity.csv", "sensitivity.html"], draws=draws, key=key)


def _check_points(points: int) -> None:
    from palanca.core.errors import UsageError

    if points & (points - 1):
        raise UsageError("not a power of 2", where="--points", found=str(points), expected="64, 128, 256 and so on")


def _changes(declared: Case, given: tuple[list[str], str | None, str | None, list[str]]) -> list[Change]:
    from palanca.core.clock import Month
    from palanca.infer import whatif

    sets, first, last, files = given
    months = [Month.parse(text, where=name) if text else None for text, name in ((first, "--from"), (last, "--until"))]
    if not sets and not files and months == [None, None]:
        return []
    return whatif.gather(declared, sets, months[0], months[1], files)


def _facts(declared: Case, question: Question, means: Means) -> dict[str, str]:
    return {
        "Case": declared.case,
        "Outcome": question.outcome.name,
        "Months": f"{question.first}..{question.last}",
        "Draws": str(question.draws),
        "Key": str(question.key),
        "Points": str(means.points),
        "Trajectories": str(means.trajectories),
        **{f"Change {k}": f"{change.target} = {change.value}" for k, change in enumerate(question.changes, 1)},
    }


def _show(answer: Answer, how: Format) -> None:
    from palanca.cli import show
    from palanca.view import sensitivity_prose as prose
    from palanca.view import sensitivity_tables as tables

    if how is not Format.table:
        show.rows(tables.numbers(answer), how)
        return
    unit = answer.question.outcome.outcome.unit
    show.rows(
        tables.summary(answer), how, f"Shares of variance with 90 % intervals; effect, spread and worth in {unit}"
    )
    for sentence in (*prose.headline(answer), prose.CAUTION):
        typer.echo(sentence)


def _write(answer: Answer, out: Path, facts: dict[str, str]) -> None:
    from palanca.cli import show
    from palanca.core import save
    from palanca.report import sensitivity as page
    from palanca.view import sensitivity_tables as tables

    save.text(out / "sensitivity.csv", show.as_csv(tables.numbers(answer)))
    save.text(out / "sensitivity.html", page.html(answer, facts))
