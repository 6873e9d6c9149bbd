"""Cuts dated entries in time and coverage, so that a change touches exactly the people and days it names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from palanca.spec.days import Day
from palanca.spec.rules import AXES
from palanca.spec.schema import Case, Coverage, Entry

# Names covered, by axis; an axis that is left out is not narrowed.
Named = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Box:
    """Whom something covers: every combination of these origins, groups and sectors."""

    origins: tuple[str, ...]
    groups: tuple[str, ...]
    sectors: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.origins and self.groups and self.sectors)

    def meet(self, other: Box) -> Box:
        """Those covered by both."""
        return Box(
            tuple(x for x in self.origins if x in other.origins),
            tuple(x for x in self.groups if x in other.groups),
            tuple(x for x in self.sectors if x in other.sectors),
        )

    def less(self, other: Box) -> list[Box]:
        """Those covered here and not there, as boxes that do not overlap."""
        shared = self.meet(other)
        origins = tuple(x for x in self.origins if x not in other.origins)
        groups = tuple(x for x in self.groups if x not in other.groups)
        sectors = tuple(x for x in self.sectors if x not in other.sectors)
        rest = (
            Box(origins, self.groups, self.sectors),
            Box(shared.origins, groups, self.sectors),
            Box(shared.origins, shared.groups, sectors),
        )
        return [box for box in rest if box]


@dataclass(frozen=True)
class Window:
    """First and last day of a change; no last day when it holds from then on."""

    first: Day
    last: Day | None

    def meets(self, entry: Entry) -> bool:
        """Whether an entry is in force on some day of the window."""
        starts_in_time = self.last is None or entry.first <= self.last
        return starts_in_time and (entry.last is None or entry.last >= self.first)


def whom(case: Case, named: Named) -> Box:
    """Everyone in the case, narrowed on the axes that are named."""
    return Box(*(named.get(axis, tuple(getattr(case, axis))) for axis in AXES))


def covered(case: Case, entry: Entry) -> Box:
    """Whom an entry covers."""
    return Box(*(getattr(entry, axis).among(tuple(getattr(case, axis))) for axis in AXES))


def replaced(case: Case, entry: Entry, window: Window, named: Named, update: Mapping[str, object]) -> list[Entry]:
    """An entry cut so that `update` holds for those named, within the window, and nothing else moves."""
    own, meant = covered(case, entry), whom(case, named)
    inside = own.meet(meant)
    if not inside or not window.meets(entry):
        return [entry]
    pieces = []
    if entry.first < window.first:
        pieces.append(entry.model_copy(update={"last": window.first.before()}))
    first = max(entry.first, window.first)
    last = entry.last if window.last is None else min(entry.last or window.last, window.last)
    middle = entry.model_copy(update={"first": first, "last": last})
    pieces += [_covering(middle, rest) for rest in own.less(meant)]
    pieces.append((middle if inside == own else _covering(middle, inside)).model_copy(update=dict(update)))
    if window.last is not None and (entry.last is None or entry.last > window.last):
        pieces.append(entry.model_copy(update={"first": window.last.after()}))
    return pieces


def filled(case: Case, entries: list[Entry], window: Window, named: Named, update: Mapping[str, object]) -> list[Entry]:
    """New entries for the days of the window on which those meant are not yet covered.

    An axis that is not named keeps the coverage of the entries in force on those days; where none is in
    force, that of the entries last in force before, or of those first in force after.
    """
    made: list[Entry] = []
    for first, last in _segments(entries, window):
        here = [entry for entry in entries if Window(first, last).meets(entry)]
        taken = [covered(case, entry) for entry in here]
        for model in here or _neighbours(entries, first):
            sides = {axis: named.get(axis, getattr(covered(case, model), axis)) for axis in AXES}
            rest = [Box(**sides)]
            for box in taken:
                rest = [part for piece in rest for part in piece.less(box)]
            taken += rest
            dated = model.model_copy(update={**update, "first": first, "last": last})
            made += [_covering(dated, part) for part in rest]
    return made


def _covering(entry: Entry, box: Box) -> Entry:
    return entry.model_copy(update={axis: Coverage(only=getattr(box, axis)) for axis in AXES})


def _segments(entries: Iterable[Entry], window: Window) -> Iterator[tuple[Day, Day | None]]:
    """The window cut wherever an entry starts or ends; the last piece stays open if the window is."""
    cuts = {window.first}
    for entry in entries:
        cuts |= {day for day in (entry.first, entry.last.after() if entry.last else None) if day is not None}
    starts = sorted(day for day in cuts if window.first <= day and (window.last is None or day <= window.last))
    for i, first in enumerate(starts):
        yield first, starts[i + 1].before() if i + 1 < len(starts) else window.last


def _neighbours(entries: list[Entry], day: Day) -> list[Entry]:
    """Entries in force when the lever was last set before a day, or first set after it."""
    before = [entry for entry in entries if entry.last is not None and entry.last < day]
    if before:
        latest = max(entry.last for entry in before if entry.last is not None)
        return [entry for entry in before if entry.last == latest]
    earliest = min(entry.first for entry in entries)
    return [entry for entry in entries if entry.first == earliest]
