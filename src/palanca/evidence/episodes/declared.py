"""The episodes that the package knows, and whether a case tells them."""

from __future__ import annotations

import csv
from collections.abc import Container, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.core.wording import listed, nearest
from palanca.spec.schema import Case

TABLE = Path(__file__).with_name("episodes.csv")
BEFORE = 3  # months before an episode whose mean it is compared with
WITHOUT, UNTIL = "without", "before"  # a fit to all other months; a fit to the months before alone


@dataclass(frozen=True)
class Side:
    """People whose encounters are added up.

    Args:
        origins: Their origins; none where there is nobody to compare with.
        groups: Their groups; all if none is named.
    """

    origins: tuple[str, ...]
    groups: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Origins, and groups where they are not all: `MEX (single_adult)`."""
        return " ".join(self.origins) + (f" ({' '.join(self.groups)})" if self.groups else "")

    def where(self, case: Case) -> np.ndarray:
        """1 for those who belong to it, (origin, group)."""
        origins = [origin in self.origins for origin in case.origins]
        groups = [not self.groups or group in self.groups for group in case.groups]
        return np.outer(origins, groups).astype(float)


@dataclass(frozen=True)
class Episode:
    """Months in which levers moved for some people more than for others.

    Args:
        id: Short name.
        title: What happened.
        months: The months left out of the fit and predicted.
        covered: People whose levers moved most.
        uncovered: People to compare them with; with nobody the covered are told by themselves, a level.
        fit: `without` for a fit to all other months; `before` for one to the months before alone, where later months
            hold the same change and nothing else would be left out. Only the first count in scores.
        levers: Levers of the case that the episode consists of.
        sources: Whose word that is, as the case lists them.
        why: Why these people.
    """

    id: str
    title: str
    months: tuple[Month, ...]
    covered: Side
    uncovered: Side
    fit: str
    levers: tuple[str, ...]
    sources: tuple[str, ...]
    why: str

    @property
    def level(self) -> bool:
        """Whether the covered are told by themselves."""
        return not self.uncovered.origins

    @property
    def start(self) -> Month:
        """The last month before it, from which it is predicted."""
        return self.months[0] + (-1)


def table() -> tuple[Episode, ...]:
    """The episodes that the package knows, in order of time."""
    with TABLE.open(newline="", encoding="utf-8") as stream:
        return tuple(_episode(row) for row in csv.DictReader(stream))


def check(case: Case, episode: Episode) -> None:
    """Refuse an episode that the case does not tell.

    Raises:
        UsageError: It lacks the months, an origin, a group, a lever or a source.
    """
    span = case.span.span
    if episode.months[0] + (-BEFORE) not in span or episode.months[-1] not in span:
        raise UsageError(
            "the episode lies outside the case",
            where=episode.id,
            found=f"{episode.months[0] + (-BEFORE)} to {episode.months[-1]}",
            expected=f"months from {span.first} to {span.last}",
        )
    wanted: dict[str, tuple[tuple[str, ...], Container[str]]] = {
        "origins": ((*episode.covered.origins, *episode.uncovered.origins), case.origins),
        "groups": ((*episode.covered.groups, *episode.uncovered.groups), case.groups),
        "levers": (episode.levers, case.levers),
        "sources": (episode.sources, case.sources),
    }
    for what, (names, known) in wanted.items():
        missing = [name for name in names if name not in known]
        if missing:
            raise UsageError(
                f"the episode rests on {what} that the case does not have",
                where=episode.id,
                found=listed(missing, 4),
                way_out="Keep them in the case, or leave this episode out.",
            )


def chosen(case: Case, only: Sequence[str] | None = None) -> list[Episode]:
    """Episodes by their short names, all if none is named; each one that the case tells.

    Raises:
        UsageError: There is no such episode, or the case does not tell it.
    """
    known = {episode.id: episode for episode in table()}
    for name in only or ():
        if name not in known:
            hint = nearest(name, known)
            raise UsageError(
                "no such episode",
                where="--only",
                found=repr(name),
                expected=", ".join(known),
                way_out=f"Did you mean {hint!r}?" if hint else "",
            )
    wanted = [known[name] for name in only or known]
    for episode in wanted:
        check(case, episode)
    return wanted


def _episode(row: dict[str, str]) -> Episode:
    first = Month.parse(row["first"], where=TABLE.name)
    words = {key: tuple(text.split()) for key, text in row.items() if key not in ("title", "why")}
    months = tuple(first + i for i in range(int(row["months"])))
    return Episode(
        id=row["id"],
        title=row["title"],
        months=months,
        covered=Side(words["covered"], words["covered_groups"]),
        uncovered=Side(words["uncovered"], words["uncovered_groups"]),
        fit=row["fit"],
        levers=words["levers"],
        sources=words["sources"],
        why=row["why"],
    )
