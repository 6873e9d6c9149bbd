"""The episodes that the package knows, and whether a case tells them."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.core.wording import listed, nearest
from palanca.spec.schema import Case

TABLE = Path(__file__).with_name("episodes.csv")


@dataclass(frozen=True)
class Episode:
    """Months in which levers moved for some origins more than for others.

    Args:
        id: Short name.
        title: What happened.
        months: The months left out of the fit and predicted.
        covered: Origins whose levers moved most.
        uncovered: Origins to compare them with; those in neither list are left out.
        levers: Levers of the case that the episode consists of.
        sources: Whose word that is, as the case lists them.
        why: Why these origins.
    """

    id: str
    title: str
    months: tuple[Month, ...]
    covered: tuple[str, ...]
    uncovered: tuple[str, ...]
    levers: tuple[str, ...]
    sources: tuple[str, ...]
    why: str

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
        UsageError: It lacks the months, an origin, a lever or a source.
    """
    span = case.span.span
    if episode.start not in span or episode.months[-1] not in span:
        raise UsageError(
            "the episode lies outside the case",
            where=episode.id,
            found=f"{episode.start} to {episode.months[-1]}",
            expected=f"months from {span.first} to {span.last}",
        )
    wanted: dict[str, tuple[tuple[str, ...], Mapping[str, object]]] = {
        "origins": ((*episode.covered, *episode.uncovered), case.origins),
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
    names = {key: tuple(row[key].split()) for key in ("covered", "uncovered", "levers", "sources")}
    months = tuple(first + i for i in range(int(row["months"])))
    return Episode(id=row["id"], title=row["title"], months=months, why=row["why"], **names)
