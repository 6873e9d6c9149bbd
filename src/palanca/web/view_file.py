"""What the page of a case opens with, the levers it shows first, and the drawing of its corridor: YAML to records."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from palanca.spec import declared, marks
from palanca.spec.declared import FileFormat
from palanca.spec.schema import Names, Strict, Text


def _pair(value: object) -> object:
    return tuple(float(part) for part in value) if isinstance(value, tuple | list) else value


Point = Annotated[tuple[float, float], BeforeValidator(_pair)]
Anchor = Literal["start", "middle", "end"]


class FirstLever(Strict):
    """A lever that the page shows first: its name there, and how far its slider goes in multiples of the record."""

    name: Text
    most: float = 2.0


class Way(Strict):
    """A way of people on the drawing: from where, and its path."""

    origins: Names
    way: Text


class Gate(Strict):
    """A place that all who take a way pass: the way on from it, the place, where its label stands."""

    way: Text
    at: Point
    label: Point


class Loop(Strict):
    """The way back of those stopped: its path, label, and arrow heads."""

    way: Text
    label: Point
    arrows: Text


class Disc(Strict):
    """People on hold as an area: its middle, radius of a thousand people's square root, and the thread to the line."""

    at: Point
    scale: float
    way: Text


class Fan(Strict):
    """Where the ways to the line part: middle and height."""

    middle: float
    top: float


class End(Strict):
    """One end of the fan: a sector, `ports` or `unseen`, where it meets the line, and where its label stands."""

    sector: Text
    at: Point
    label: Point | None = None
    anchor: Anchor = "middle"


class DeadRow(Strict):
    """Where the marks of those who died in one place begin."""

    place: Text
    at: Point


class Dead(Strict):
    """Marks of the dead: label, marks a line, and the places."""

    label: Point
    columns: int
    rows: tuple[DeadRow, ...]


class OriginLabel(Strict):
    """Where the name of an origin stands."""

    at: Point
    anchor: Anchor = "start"


class Drawing(Strict):
    """The corridor as it is drawn, in units of the drawing; ways show from where to where, not roads.

    Args:
        source: Publisher of the coasts.
        size: Width and height.
        scale: Width of a ribbon for 1,000 people a month.
        home: Way of the transit country's own people.
        air: Ways of those who do not walk the Darien.
        walk: Ways to the Darien.
        overland: Ways of those from between the Darien and the transit country.
        darien: The Darien.
        trunk: Common way through the transit country, its two parts.
        stopped: Way back of those stopped.
        held: People on hold.
        fan: Where ways to the line part.
        ends: Their ends, from west to east.
        dead: Marks of the dead.
        labels: Where origins' names stand.
        country: Where the destination's name stands.
        key: Where letters stand on a narrow screen, by outcome.
        land: Coasts.
        destination: Outline of the destination.
        transit: Outline of the transit country.
        borders: Borders.
        line: The line between both.
    """

    source: Text
    size: Point
    scale: float
    home: Way
    air: tuple[Way, ...]
    walk: tuple[Way, ...]
    overland: tuple[Way, ...]
    darien: Gate
    trunk: tuple[Text, Text]
    stopped: Loop
    held: Disc
    fan: Fan
    ends: tuple[End, ...]
    dead: Dead
    labels: dict[Text, OriginLabel]
    country: Point
    key: dict[Text, Point]
    land: Text
    destination: Text
    transit: Text
    borders: Text
    line: Text


class PageFile(Strict):
    """The page of a case.

    Args:
        opens: Query of the address that it opens with.
        levers: Levers shown first, by id.
        drawing: The corridor; without one the page lists the stations with bars.
    """

    opens: str = ""
    levers: dict[Text, FirstLever] = Field(default_factory=dict)
    drawing: Drawing | None = None


FORMAT = FileFormat("page", PageFile, "shipped case with a page", "", name="page.yaml")


@lru_cache(maxsize=8)
def of(case: str) -> PageFile:
    """The page file that comes with a case; an empty one where there is none.

    Raises:
        CaseErrors: The file has faults.
    """
    path = FORMAT.shipped().get(case)
    return PageFile() if path is None else declared.read(marks.read(path), PageFile, lambda draft: ())
