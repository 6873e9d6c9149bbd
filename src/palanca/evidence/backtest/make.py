"""Makes a backtest: forecasts from every start, their rivals, and the scores of all; goes on where it was stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from palanca.core.clock import Month
from palanca.evidence.backtest import prequential, rivals, run, skill
from palanca.evidence.backtest.record import CHOSEN, Skill
from palanca.infer.history import PreparedCase
from palanca.questions.forecast import panel_figures
from palanca.questions.options import Progress
from palanca.spec.schema import Case


def folder(case: Case, store: Path | None) -> Path:
    """Where fits and forecasts are kept: making them again would take half an hour."""
    return store or Path(f"backtest-{case.case}")


def make(
    setting: PreparedCase, starts: Sequence[Month], kept: Path, *, key: int = 1, progress: Progress | None = None
) -> Skill:
    """Forecast from every start that is not on disk yet, and score all.

    Args:
        setting: From `history.prepare`.
        starts: Last known month of each forecast.
        kept: Where fits and forecasts are kept.
        key: Same key, same bits.
        progress: Called as `progress(done, jobs)`; jobs are fits, forecasts, baselines and structures together.

    Raises:
        FitError: A file in the folder is corrupt.
        OutputError: The folder or the disk refuses.
    """
    years = len({month.year for month in starts})
    pasts = rivals.pasts(setting)
    judged = starts[-1] - prequential.begins(pasts["origins"]) + 1
    begun = {
        "parameters": 0,
        "forecasts": years,
        "baselines": years + len(starts),
        "structures": years + 2 * len(starts),
    }
    jobs = years + 2 * len(starts) + judged

    def tell(what: str, done: int, _: int) -> None:
        if progress is not None:
            progress(begun[what] + done, jobs)

    def baselines(done: int, total: int) -> None:
        tell("baselines", done, total)

    def structures(done: int, total: int) -> None:
        tell("structures", done, total)

    made = run.run(setting, starts, kept, key=key, progress=tell)
    compared = rivals.run(pasts, starts, kept, key=key, progress=baselines)
    circular = panel_figures.circular(setting.case)
    chosen = prequential.run(pasts["origins"], circular, starts, kept, key=key, progress=structures)
    with_chosen = replace(compared, total=compared.total | {CHOSEN: chosen.sample})
    return skill.of(setting.case, made, with_chosen, key=key)
