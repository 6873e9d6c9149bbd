"""The part of what-if in which governments bargain: what is asked, its checks, and the run."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from palanca.cli import opened, progress

if TYPE_CHECKING:
    from palanca.show.answer import Answer

USUAL_DRAWS, MOST_DRAWS = 32, 256  # all draws are held in memory at once


class React(StrEnum):
    """How governments react."""

    bargain = "bargain"


@dataclass(frozen=True)
class Bargaining:
    """What is asked of governments that bargain.

    Args:
        case: Name or path of the case.
        first: First month, as text.
        last: Last month, as text.
        off: Mechanisms left out.
        without: Issues never on the table.
        each_off: Whether each mechanism is left out in turn.
        draws: How many histories.
        key: Key of the draws.
        store: Folder of releases, as `--store` names it.
        as_known: Month by whose end figures had been published.
    """

    case: str
    first: str | None
    last: str | None
    off: tuple[str, ...]
    without: tuple[str, ...]
    each_off: bool
    draws: int
    key: int
    store: Path | None = None
    as_known: str = ""


def ask(asked: Bargaining, fit: Path | None, out: Path | None, *, allow_stale: bool) -> Answer:
    """Check, let governments bargain.

    Raises:
        UsageError: Too many draws, a mechanism or issue that is not there, or months that hold no quarter.
    """
    from palanca.core import save
    from palanca.core.errors import UsageError
    from palanca.questions import contents
    from palanca.questions.bargaining import mechanisms

    if asked.draws > MOST_DRAWS:
        raise UsageError(
            "too many draws for governments that bargain",
            where="--draws",
            found=str(asked.draws),
            expected=f"{MOST_DRAWS} or fewer",
        )
    declared, (spec, _) = opened.case(asked.case, asked.store, asked.as_known), contents.table(None, asked.case)
    left_out = (asked.off, asked.without)
    mechanisms.span(declared, (asked.first, asked.last), spec, left_out, each=asked.each_off)
    if out is not None:
        save.check_folder(out)
    from palanca.api.load import load
    from palanca.questions.options import RunOptions

    with progress.bar("governments bargain") as tell:
        model = load(asked.case, fit=fit, allow_stale=allow_stale, store=asked.store, as_known=asked.as_known)
        return model.bargain(
            start=asked.first,
            end=asked.last,
            off=asked.off,
            without=asked.without,
            each_off=asked.each_off,
            draws=asked.draws,
            key=asked.key,
            run=RunOptions(progress=tell),
        )
