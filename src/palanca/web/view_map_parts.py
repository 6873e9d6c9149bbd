"""Records that the corridor is drawn from: ways, stations, the dead, coasts."""

from __future__ import annotations

from palanca.spec.schema import Strict
from palanca.web.view_marks import BasisMark, Tick


class Ribbon(Strict):
    """A way of people: its path, width as recorded and as changed, and what kind of way it is."""

    id: str
    path: str
    tone: str
    core: float
    more: float = 0.0
    fewer: float = 0.0
    round: bool = False


class Mark(Strict):
    """One person who died: where, and whether as recorded (`same`), one more or one fewer."""

    x: float
    y: float
    kind: str


class Station(Strict):
    """A place on the drawing: its name and numbers, what they rest on, and where its label stands.

    Args:
        id: Outcome, origin or sector.
        name: Its name.
        now: Number in the world shown.
        change: Difference with its sign; empty for none.
        doubt: Interval of the difference; empty for none.
        then: Number of history.
        unit: Word after the number, as `times`.
        basis: What history's number rests on.
        source: Who says so.
        letter: Letter on a narrow screen; empty for none.
        at: Where its label stands.
        anchor: How the label stands to that point.
        bar: Width of its bar where there is no drawing, 0 to 1.
    """

    id: str
    name: str
    now: str
    change: str
    doubt: str
    then: str
    unit: str = ""
    basis: BasisMark
    source: str
    letter: str = ""
    at: tuple[float, float] = (0.0, 0.0)
    anchor: str = "start"
    bar: float = 0.0


class HeldDiscs(Strict):
    """People on hold, as discs."""

    x: float
    y: float
    core: float
    more: float
    fewer: float
    thread: str


class Arrow(Strict):
    """The end of what follows an encounter: let in, or removed."""

    id: str
    y: float
    half: float
    tone: str


class CorridorSheet(Strict):
    """The corridor drawn: coasts, ways in two layers, the dead, and the stations."""

    width: float
    height: float
    land: str
    destination: str
    transit: str
    borders: str
    line: str
    source: str
    ribbons: tuple[Ribbon, ...]
    after: tuple[Ribbon, ...]
    arrows: tuple[Arrow, ...]
    chevrons: str
    held: HeldDiscs
    gate: tuple[float, float]
    marks: tuple[Mark, ...]
    dead_rows: tuple[Tick, ...]
    dead_x: float
    stations: dict[str, Station]
    origins: tuple[Station, ...]
    sectors: tuple[Station, ...]
    letters: tuple[Station, ...]
    country: str
    country_at: tuple[float, float]
