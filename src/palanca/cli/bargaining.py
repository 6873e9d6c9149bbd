"""Bargain mode of `palanca run`: governments choose their levers by bargaining, quarter by quarter."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from palanca.cli.show import Format

if TYPE_CHECKING:
    import numpy as np

    from palanca.core.clock import Month
    from palanca.infer.posterior import Posterior
    from palanca.questions.bargaining.ablation import Ablation
    from palanca.questions.bargaining.run import BargainingRun
    from palanca.spec.schema import Case

MOST_DRAWS = 256  # all draws are held in memory at once
PUSH = 1.1  # rise of surprises by which the loop's answer is measured
FIRST = "2018-01"


@dataclass(frozen=True)
class Asked:
    """What was asked of bargain mode.

    Args:
        draws: How many histories.
        key: Key of the run.
        first: First month, as text; the default if nothing.
        last: Last month, as text; the case's last if nothing.
        out: Folder for the results.
        how: How to print the tables.
        each: Whether to leave each mechanism out in turn.
    """

    draws: int
    key: int
    first: str | None
    last: str | None
    out: Path
    how: Format
    each: bool


def run(declared: Case, posterior: Posterior, asked: Asked) -> None:
    """Play, show, write.

    Raises:
        UsageError: Too many draws, or months that hold no quarter.
    """
    from palanca.core.clock import Month
    from palanca.core.errors import UsageError

    if asked.draws > MOST_DRAWS:
        raise UsageError(
            "too many draws for bargain mode",
            where="--draws",
            found=str(asked.draws),
            expected=f"{MOST_DRAWS} or fewer",
        )
    first = Month.parse(asked.first or FIRST, where="--from")
    last = Month.parse(asked.last, where="--until") if asked.last else declared.span.span.last
    found, answered, without = _play(declared, posterior, asked, (first, last))
    _show(found, answered, without, asked.how)
    _write(declared, (found, answered, without), asked)


def _play(
    declared: Case, posterior: Posterior, asked: Asked, span: tuple[Month, Month]
) -> tuple[BargainingRun, np.ndarray, tuple[Ablation, ...]]:
    from rich.console import Console

    from palanca.infer import history
    from palanca.questions.bargaining import ablation as without
    from palanca.questions.bargaining import prepared
    from palanca.questions.bargaining import run as bargaining
    from palanca.spec.bargain_spec import load_bargain

    talks = load_bargain(declared.case)
    with Console(stderr=True).status("reading the figures") as status:
        setting = history.prepare(declared)
        bargaining.check(setting, span)
        ready = prepared.prepare(talks, [span[0]], corridor=(setting, posterior), draws=asked.draws, key=asked.key)

        def tell(done: int, total: int) -> None:
            status.update(f"bargaining: {done} of {total} quarters done; the first takes longest")

        found = bargaining.run(setting, posterior, ready, span, key=asked.key, progress=tell)
        status.update("raising surprises to see what is answered")
        raised = bargaining.run(setting, posterior, ready, span, key=asked.key, push=PUSH)
        rise = bargaining.frozen_rise(setting, posterior, ready, found, key=asked.key, push=PUSH)
        parts: tuple[Ablation, ...] = ()
        if asked.each:
            parts = without.ablations(
                setting,
                posterior,
                ready,
                found,
                key=asked.key,
                tell=lambda name: status.update(f"leaving out: {name}"),
            )
    return found, bargaining.answered(found, raised, rise), parts


def _show(found: BargainingRun, answered: np.ndarray, without: tuple[Ablation, ...], how: Format) -> None:
    from palanca.cli import show
    from palanca.view import play as view

    show.rows(view.by_year(found), how, "Governments bargain: by year")
    if how is not Format.table:
        return
    show.rows(view.packages(found), how, "What was in force, mean over quarters")
    if without:
        show.rows(view.mechanisms(without), how, "One mechanism off at a time")
    for sentence in view.says(found, answered):
        typer.echo(sentence)


def _write(declared: Case, found: tuple[BargainingRun, np.ndarray, tuple[Ablation, ...]], asked: Asked) -> None:
    from palanca.cli import show
    from palanca.core import save
    from palanca.report import play as page
    from palanca.view import play as view

    played, answered, without = found
    facts = {"Draws": str(asked.draws), "Key": str(asked.key), "Surprises": "those of history"}
    save.text(asked.out / "bargain.csv", show.as_csv(view.by_year(played)))
    save.text(asked.out / "bargain.html", page.html(declared.title, played, without, answered, facts))
    written = "bargain.csv and bargain.html"
    if without:
        save.text(asked.out / "mechanisms.csv", show.as_csv(view.mechanisms(without)))
        written = "bargain.csv, mechanisms.csv and bargain.html"
    typer.echo(f"Wrote {written} to {asked.out}.", err=True)
