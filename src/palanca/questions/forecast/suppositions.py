"""The months ahead under several suppositions side by side, every surprise shared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from palanca.core import read_file
from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.core.wording import listed, nearest
from palanca.questions.corridor import Corridor
from palanca.questions.forecast import deals as forecast_deals
from palanca.questions.forecast import project as forecast
from palanca.questions.forecast.deals import WORD as DEALS
from palanca.questions.forecast.project import PERSIST, REACT, RECORD, Ask, Forecast
from palanca.spec import edit, marks
from palanca.spec.edit import Change
from palanca.spec.schema import Case

WORDS = {
    PERSIST: "levers as they are",
    REACT: "governments answer to arrivals as before",
    RECORD: "levers follow the dated record",
    DEALS: "governments answer, strike deals as their ledger has it, and let effort fade that nobody renews",
}
STOCKS = ("held",)
TOLD = ("encounters", "held", "deaths", "stops", "let_in")
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Supposition:
    """One way the months ahead may be taken.

    Args:
        name: What it is called.
        says: What it supposes, in a sentence.
        levers: Word that levers follow.
        changes: What is changed on top.
    """

    name: str
    says: str
    levers: str = PERSIST
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, eq=False)
class Outlooks:
    """Forecasts side by side.

    Args:
        case: The case.
        last: The last known month.
        months: The months ahead.
        suppositions: What was supposed; levers as they are come first.
        numbers: By supposition's name: outcomes of `TOLD`, (month, draw), and `encounters by origin`,
            (month, origin, draw).
        seen: Encounters later counted, (month); not a number where not known.
        past: Encounters of the months up to the last known, (month).
    """

    case: Case
    last: Month
    months: tuple[Month, ...]
    suppositions: tuple[Supposition, ...]
    numbers: Mapping[str, Mapping[str, np.ndarray]]
    seen: np.ndarray
    past: np.ndarray

    def change(self, name: str, outcome: str) -> np.ndarray:
        """A supposition less levers as they are, (month, ..., draw)."""
        return np.asarray(self.numbers[name][outcome] - self.numbers[PERSIST][outcome])


def shipped(case: Case) -> dict[str, Path]:
    """Files of suppositions about the months ahead that come with a case, by name."""
    return edit.SUPPOSITIONS.shipped(case.case)


def find(case: Case, what: str) -> Supposition:
    """A supposition by a word, the name of a shipped one, or a file of changes.

    Raises:
        UsageError: None of these; names the nearest.
        ChangeError: The file has faults.
    """
    if what in WORDS:
        return Supposition(what, WORDS[what], what)
    known = shipped(case)
    path = known.get(what, Path(what))
    if not read_file.is_file(path):
        hint = nearest(what, [*WORDS, *known])
        raise UsageError(
            "no such supposition",
            where="--suppose",
            found=repr(what),
            expected=f"a file of changes, or one of {listed([*WORDS, *known], 20)}",
            way_out=f"Did you mean {hint!r}?" if hint else "",
        )
    first = marks.text(path).partition("\n")[0]
    says = first.removeprefix("#").strip() if first.startswith("#") else path.stem
    return Supposition(path.stem, says, PERSIST, tuple(edit.read_changes(path)))


def compare(
    corridor: Corridor,
    suppositions: Sequence[Supposition],
    last: Month,
    months: int,
    *,
    draws: int = 400,
    key: int = 1,
    progress: Progress | None = None,
) -> Outlooks:
    """Forecast under each supposition with the same arrivals drawn and every surprise shared.

    Args:
        corridor: The fitted corridor.
        suppositions: Names must differ; levers as they are are added in front.
        last: The last month taken as known.
        months: How many months ahead.
        draws: How many paths.
        key: Same key, same bits.
        progress: Called with suppositions done and all.

    Raises:
        UsageError: Two have one name, or the months cannot be forecast.
        ChangeError: A supposition alters nothing in the months ahead.
    """
    given = [find(corridor.case, PERSIST), *(one for one in suppositions if one.name != PERSIST)]
    names = [one.name for one in given]
    if len(set(names)) < len(names):
        raise UsageError("two suppositions have one name", where="--suppose", found=listed(names), expected="each once")
    numbers: dict[str, dict[str, np.ndarray]] = {}
    found: Forecast | None = None
    for done, one in enumerate(given):
        if one.levers == DEALS:
            numbers[one.name] = _told(forecast_deals.dealt(corridor, Ask(last, months, draws=draws, key=key)).shown)
        else:
            found = forecast.forecast(
                corridor.setting, corridor.fit, Ask(last, months, one.levers, one.changes, draws, key)
            )
            numbers[one.name] = _told(found.shown)
        if progress is not None:
            progress(done + 1, len(given))
    assert found is not None  # levers as they are are always among them
    return Outlooks(
        case=corridor.case,
        last=last,
        months=found.months,
        suppositions=tuple(given),
        numbers=numbers,
        seen=found.seen.sum(axis=1),
        past=found.past.sum(axis=1),
    )


def _told(shown: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    by_origin = np.asarray(shown["encounters"]).sum(axis=2)
    numbers = {name: np.asarray(shown[name]).sum(axis=1) for name in TOLD if name != "encounters"}
    return numbers | {"encounters": by_origin.sum(axis=1), "encounters by origin": by_origin}
