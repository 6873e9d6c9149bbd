"""Predicts episodes that the fit never saw, and takes one month's change apart."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from palanca.cli import asking
from palanca.cli.asking import CaseName, How, Key, Out, Stale
from palanca.cli.show import Format

if TYPE_CHECKING:
    from palanca.core.clock import Month
    from palanca.evidence.episodes import Episode, Outcome
    from palanca.infer.posterior import Posterior
    from palanca.questions.why.decompose import Shares
    from palanca.questions.why.differences import Differences
    from palanca.spec.schema import Case

    Study = tuple[list[Outcome], Shares, Differences]

HELP = """Predict episodes of policy from fits that never saw their months, and take one month's change apart.

Fits are kept in FOLDER, so that the same command goes on where it was stopped. Writes episodes.csv, sides.csv,
apart.csv and episodes.html to OUT."""


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("episodes", help=HELP)(episodes)


def episodes(
    case: CaseName = "us-mexico",
    *,
    only: Annotated[list[str] | None, typer.Option(help="An episode by its short name; all if not given.")] = None,
    apart: Annotated[str, typer.Option(help="Month whose change is taken apart.")] = "2024-01",
    folder: Annotated[
        Path | None, typer.Option(help="Where fits are kept; by default episodes-CASE in this folder.")
    ] = None,
    out: Out = None,
    how: How = Format.table,
    draws: Annotated[int, typer.Option(min=20, max=5000, help="How many predictions.")] = 400,
    key: Key = 1,
    curved: Annotated[
        bool, typer.Option("--curved", help="Let parameters scatter about each fit's maximum; some minutes more each.")
    ] = False,
    fit: Annotated[Path | None, typer.Option(help="A fit to use in place of the shipped one, for the change.")] = None,
    stale: Stale = False,
) -> None:
    """Predict, take apart, show, write."""
    from palanca.core.clock import Month
    from palanca.core.save import check_folder
    from palanca.questions.why import decompose
    from palanca.spec.load import load

    declared = load(case)
    month = Month.parse(apart, where="--apart")
    decompose.check(declared, month)
    wanted = _wanted(declared, only or [])
    kept = folder or Path(f"episodes-{declared.case}")
    for needed in (kept, out):
        if needed is not None:
            check_folder(needed)
    posterior = asking.posterior(declared, fit, stale=stale)
    try:
        found = _study(declared, wanted, posterior, month, (kept, draws, key, curved))
    except KeyboardInterrupt:
        typer.echo(f"Stopped. What was made is kept in {kept}; the same command goes on from there.", err=True)
        raise
    _show(found, how)
    if out is not None:
        _write(declared, found, out, {"Draws": str(draws), "Key": str(key), "Parameters scatter": str(curved).lower()})


def _wanted(declared: Case, only: list[str]) -> list[Episode]:
    """The episodes asked for, each one that the case can tell."""
    from palanca.core.errors import UsageError
    from palanca.core.wording import nearest
    from palanca.evidence import episodes as leaving

    known = {episode.id: episode for episode in leaving.table()}
    for name in only:
        if name not in known:
            raise UsageError(
                "no such episode",
                where="--only",
                found=repr(name),
                expected=", ".join(known),
                way_out=f"Did you mean {nearest(name, known)!r}?" if nearest(name, known) else "",
            )
    wanted = [known[name] for name in only] or list(known.values())
    for episode in wanted:
        leaving.check(declared, episode)
    return wanted


def _study(
    declared: Case,
    wanted: list[Episode],
    posterior: Posterior,
    month: Month,
    given: tuple[Path, int, int, bool],
) -> Study:
    from rich.console import Console

    from palanca.evidence import episodes as leaving
    from palanca.infer import history
    from palanca.questions.why import decompose, differences

    folder, draws, key, curved = given
    with Console(stderr=True).status("reading the figures") as status:
        setting = history.prepare(declared)
        status.update("taking the change apart")
        spared = [one for episode in leaving.table() for one in episode.months]
        shares = decompose.decompose(setting, posterior, month, key=key)
        apart = differences.differences(setting, month, spared, key=key)

        def tell(what: str, done: int, total: int) -> None:
            status.update(f"{what}: {done} of {total} done")

        outcomes = leaving.run(setting, wanted, folder, draws=draws, key=key, curved=curved, progress=tell)
    return outcomes, shares, apart


def _show(found: Study, how: Format) -> None:
    from palanca.cli import show
    from palanca.evidence.episodes import score
    from palanca.view import episode_prose, episode_tables

    outcomes, shares, apart = found
    rows = episode_tables.by_episode(outcomes)
    if how is not Format.table:
        show.rows(rows, how)
        return
    scores = score(outcomes)
    show.rows(rows, how, "Contrast of covered less uncovered origins, mean of the months [log points]")
    show.rows(episode_tables.scores(scores), how, "Rules over all episodes")
    show.rows(episode_tables.parts(shares, apart), how, "One month's change taken apart [log points]")
    said = [*episode_prose.headline(scores, outcomes), *map(episode_prose.lesson, outcomes)]
    for sentence in (*said, *episode_prose.apart_says(shares, apart)):
        typer.echo(sentence)


def _write(declared: Case, found: Study, out: Path, facts: dict[str, str]) -> None:
    from palanca.cli import show
    from palanca.core import save
    from palanca.report import episodes as page
    from palanca.view import episode_tables

    outcomes, shares, apart = found
    save.text(out / "episodes.csv", show.as_csv(episode_tables.by_episode(outcomes)))
    save.text(out / "sides.csv", show.as_csv(episode_tables.by_month(outcomes)))
    save.text(out / "apart.csv", show.as_csv(episode_tables.parts(shares, apart)))
    save.text(out / "episodes.html", page.html(declared.title, outcomes, (shares, apart), facts))
    typer.echo(f"Wrote episodes.csv, sides.csv, apart.csv and episodes.html to {out}.", err=True)
