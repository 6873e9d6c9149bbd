"""Asks why an outcome changed between two months: the change shared out among its causes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from palanca.cli import asking, sweeping
from palanca.cli.asking import CaseName, Draws, Fit, How, Key, Out, Stale
from palanca.cli.show import Format
from palanca.cli.sweeping import Cluster, Store, Workers

if TYPE_CHECKING:
    from palanca.core.clock import Month
    from palanca.questions.corridor import Corridor
    from palanca.questions.options import RunOptions
    from palanca.questions.outcomes import Asked
    from palanca.questions.why.differences import Differences

    Months = tuple[Month, Month]

FILES = ["why.csv", "why.html"]
HELP = """Why did an outcome change between two months? The change is shared out among its causes, exactly.

Give --from and --to, or --episodes for the changes that the sources explain, beside what they claim. Writes why.csv,
why.html and manifest.json to OUT."""


def register(app: typer.Typer) -> None:
    """Add the question to the tree."""
    app.command("why", help=HELP)(why)


def why(
    case: CaseName = "us-mexico",
    *,
    first: Annotated[str | None, typer.Option("--from", help="The first month, YYYY-MM.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="The second month, YYYY-MM.")] = None,
    outcome: Annotated[
        str, typer.Option(help="What changed, as encounters, deaths or held; a part as encounters:VEN.")
    ] = "encounters",
    episodes: Annotated[
        bool, typer.Option("--episodes", help="All changes that the sources explain, beside what they claim.")
    ] = False,
    draws: Draws = 64,
    key: Key = 1,
    how: How = Format.table,
    out: Out = None,
    fit: Fit = None,
    stale: Stale = False,
    store: Store = None,
    workers: Workers = 0,
    cluster: Cluster = None,
) -> None:
    """Check, share out, show, write."""
    from palanca.core.save import check_folder
    from palanca.spec.load import load

    declared = load(case)
    months = _months(first, last, episodes=episodes)
    if out is not None:
        check_folder(out)
    from palanca.questions import outcomes
    from palanca.questions.options import RunOptions
    from palanca.questions.why import shares as sharing

    asked = outcomes.find(outcome, declared)
    if months is not None:
        sharing.check(declared, *months)
    corridor = asking.corridor(declared, fit, stale=stale)
    means = RunOptions(draws, key, store, workers, cluster)
    if months is None:
        _episodes(corridor, means, how, out)
    else:
        _one(corridor, (months, asked), means, how, out)
    if out is not None:
        asking.manifest(out, corridor, FILES, draws=draws, key=key)


def _months(first: str | None, last: str | None, *, episodes: bool) -> Months | None:
    from palanca.core.clock import Month
    from palanca.core.errors import UsageError

    if episodes:
        if first is not None or last is not None:
            raise UsageError("either two months or all episodes", where="--episodes", found="--from or --to as well")
        return None
    if first is None or last is None:
        raise UsageError(
            "no two months to compare",
            found=f"--from {first or 'nothing'} and --to {last or 'nothing'}",
            way_out="Say which with --from YYYY-MM --to YYYY-MM, or give --episodes.",
        )
    return Month.parse(first, where="--from"), Month.parse(last, where="--to")


def _one(corridor: Corridor, question: tuple[Months, Asked], means: RunOptions, how: Format, out: Path | None) -> None:
    """One change: share out, show, write."""
    from palanca.cli import show
    from palanca.questions.why import episodes as why_episodes
    from palanca.questions.why import shares as sharing
    from palanca.report import why as page
    from palanca.view import why_prose as prose
    from palanca.view import why_tables as tables

    months, asked = question
    with sweeping.progress("histories in chunks") as tell:
        found = sharing.ask(corridor, *months, asked, means=means, progress=tell)
    claims = why_episodes.claims(*months, asked.name)
    apart = _rival(corridor, months, means.key) if asked.name == "encounters" else None
    if how is Format.table:
        show.rows(tables.causes(found), how, f"{prose.title(asked, found)}, {prose.span(found)}")
        said = [*prose.headline(found), prose.harm(found), *prose.claimed(found, claims)]
        for sentence in (*said, *prose.beside(found, apart), prose.CAUTION):
            typer.echo(sentence)
    else:
        show.rows(tables.numbers(found), how)
    if out is not None:
        _write(out, show.as_csv(tables.numbers(found)), page.html(found, claims, apart, _facts(corridor, means)))


def _episodes(corridor: Corridor, means: RunOptions, how: Format, out: Path | None) -> None:
    """All changes that sources explain: share out, show, write."""
    from palanca.cli import show
    from palanca.questions.why import episodes as why_episodes
    from palanca.report import why as page
    from palanca.view import why_prose as prose
    from palanca.view import why_tables as tables

    with sweeping.progress("changes") as tell:
        found = why_episodes.ask(corridor, means=means, progress=tell)
    if how is Format.table:
        show.rows(tables.episodes(found), how, "Share of each change [%], with 90 % intervals")
        for one in found:
            for sentence in prose.episode(one):
                typer.echo(sentence)
        for sentence in (prose.lesson(found), prose.CAUTION):
            typer.echo(sentence)
    else:
        show.rows(tables.episode_numbers(found), how)
    if out is not None:
        html = page.episodes_html(corridor.case.title, found, _facts(corridor, means))
        _write(out, show.as_csv(tables.episode_numbers(found)), html)


def _rival(corridor: Corridor, months: Months, key: int) -> Differences | None:
    """The same change without the model, by a method that knows changes of one month only."""
    from palanca.evidence import episodes
    from palanca.questions.why import differences

    if months[1] - months[0] != 1:
        return None
    spared = [month for one in episodes.table() for month in one.months]
    return differences.differences(corridor.setting, months[1], spared, key=key)


def _facts(corridor: Corridor, means: RunOptions) -> dict[str, str]:
    return {"Case": corridor.case.case, "Draws": str(means.draws), "Key": str(means.key)}


def _write(out: Path, table: str, html: str) -> None:
    from palanca.core import save

    for name, text in zip(FILES, (table, html), strict=True):
        save.text(out / name, text)
