"""The corridor drawn: ways of people whose width is their number, stations with labels, one mark for each who died."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from palanca.show import chart
from palanca.show.estimate import Basis
from palanca.web.view_file import Drawing, End, Way
from palanca.web.view_map_parts import Arrow, CorridorSheet, HeldDiscs, Mark, Ribbon, Station
from palanca.web.view_marks import Tick
from palanca.web.view_scene import STATION, Scene

THINNEST, VISIBLE = 0.9, 20.0  # width of a ribbon of few people, and from how many on it is drawn
RIM, GAP = 0.08, 1.8  # difference of widths that shows, and that leaves a pale gap between rim and core
STEP = 5.2  # from one mark of the dead to the next
PORTS, UNSEEN = "ports", "unseen"
LETTERS = "ABCDEFGH"
LISTED = ("set_out", "darien", "stops", "held", "encounters", "let_in", "deaths")
SERIES = {  # whose figures say so
    "encounters": ("usbp_by_origin",),
    "stops": ("mx_stops_by_origin",),
    "deaths": ("deaths_by_route",),
    "darien": ("darien_by_origin",),
}
LET_IN_Y, REMOVED_Y = 44.0, 84.0


@dataclass(frozen=True)
class _Size:
    """People on a way in history and in the world shown [people / month]."""

    then: float
    now: float


def sheet(scene: Scene, drawing: Drawing) -> CorridorSheet:
    """The corridor in the month shown."""
    held = _size(scene, "held")
    return CorridorSheet(
        width=drawing.size[0],
        height=drawing.size[1],
        land=drawing.land,
        destination=drawing.destination,
        transit=drawing.transit,
        borders=drawing.borders,
        line=drawing.line,
        source=drawing.source,
        ribbons=tuple(_ribbons(scene, drawing)),
        after=tuple(_after(scene, drawing)),
        arrows=tuple(_arrows(scene, drawing)),
        chevrons=drawing.stopped.arrows,
        held=_held(drawing, held),
        gate=drawing.darien.at,
        marks=tuple(_dead(scene, drawing)),
        dead_rows=tuple(Tick(at=row.at[1] + 8.0, text=scene.words(f"died: {row.place}")) for row in drawing.dead.rows),
        dead_x=drawing.dead.rows[0].at[0] + drawing.dead.columns * STEP + 8.0,
        stations=_placed(scene, drawing),
        origins=tuple(_origins(scene, drawing)),
        sectors=tuple(_ends(scene, drawing)),
        letters=tuple(letters(scene, drawing)),
        country=scene.words(next(one.name for one in scene.case.countries.values() if one.role == "destination")),
        country_at=drawing.country,
    )


def _placed(scene: Scene, drawing: Drawing) -> dict[str, Station]:
    """Every station with where its label stands."""
    size, (x, y) = _size(scene, "held"), drawing.held.at
    below = y + math.sqrt(max(size.then, size.now, 0.0) / 1000.0) * drawing.held.scale + 15.0
    at = {
        "stops": drawing.stopped.label,
        "darien": drawing.darien.label,
        "deaths": drawing.dead.label,
        "held": (x, round(below, 1)),
    }
    return {name: station(scene, name).model_copy(update={"at": at.get(name, (0.0, 0.0))}) for name in STATION}


def station(scene: Scene, name: str) -> Station:
    """An outcome as a place of the corridor."""
    series = SERIES.get(name)
    return Station(
        id=name,
        name=scene.words(STATION[name]),
        now=scene.now(name),
        change=scene.change(name),
        doubt=scene.doubt(name),
        then=scene.then(name),
        basis=scene.based(scene.numbers.based(name)),
        source=chart.source(*series) if series else scene.words("The model; no series counts it."),
        bar=_bar(scene, name),
    )


def letters(scene: Scene, drawing: Drawing | None) -> list[Station]:
    """Stations with a letter for a narrow screen, and the point where it stands."""
    found = []
    places = [name for name in LISTED if drawing or name in scene.stations]
    for letter, name in zip(LETTERS, places, strict=False):
        at = drawing.key.get(name, (0.0, 0.0)) if drawing else (0.0, 0.0)
        found.append(station(scene, name).model_copy(update={"letter": letter if drawing else "", "at": at}))
    return found


def _bar(scene: Scene, name: str) -> float:
    most = max(scene.numbers.level(one, scene.month) for one in LISTED)
    return min(1.0, scene.numbers.level(name, scene.month) / most) if most else 0.0


def _size(scene: Scene, name: str, part: str = "") -> _Size:
    then = scene.numbers.level(name, scene.month, part)
    return _Size(then, then + scene.numbers.change(name, scene.month, part).estimate)


def _sum(sizes: Sequence[_Size]) -> _Size:
    return _Size(sum(one.then for one in sizes), sum(one.now for one in sizes))


def _less(one: _Size, other: _Size) -> _Size:
    return _Size(max(0.0, one.then - other.then), max(0.0, one.now - other.now))


def _width(drawing: Drawing, people: float) -> float:
    return max(THINNEST if people > VISIBLE else 0.0, people * drawing.scale / 1000.0)


def _ribbon(drawing: Drawing, name: str, path: str, size: _Size, tone: str = "way") -> Ribbon:
    """Core as wide as what both worlds share; a rim for more, hatching for fewer."""
    then, now = (_width(drawing, people) for people in (size.then, size.now))
    return Ribbon(
        id=name,
        path=path,
        tone=tone,
        core=round(min(then, now), 2),
        more=round(now, 2) if now > then + RIM else 0.0,
        fewer=round(then, 2) if now < then - RIM else 0.0,
        round=name in ("trunk-1", "home"),
    )


def _ribbons(scene: Scene, drawing: Drawing) -> list[Ribbon]:
    out = {code: _size(scene, "set_out", code) for code in scene.case.origins}
    walked = {code: _size(scene, "darien", code) for code in scene.case.origins}
    otherwise = {code: _less(out[code], walked[code]) for code in out}

    def ways(kind: str, given: Sequence[Way], sizes: dict[str, _Size], tone: str) -> list[Ribbon]:
        return [
            _ribbon(
                drawing, f"{kind}-{place}", one.way, _sum([sizes[code] for code in one.origins if code in sizes]), tone
            )
            for place, one in enumerate(given)
        ]

    home = _sum([out[code] for code in drawing.home.origins if code in out])
    away = _less(_sum(list(out.values())), home)
    ends = [(end, _end(scene, end)) for end in drawing.ends]
    reached = _less(_sum([size for _, size in ends]), home)
    return [
        *ways("air", drawing.air, otherwise, "pale"),
        *ways("walk", drawing.walk, walked, "way"),
        _ribbon(drawing, "darien", drawing.darien.way, _size(scene, "darien")),
        *ways("overland", drawing.overland, out, "way"),
        _ribbon(drawing, "stopped", drawing.stopped.way, _size(scene, "stops"), "stop"),
        _ribbon(drawing, "trunk-1", drawing.trunk[0], away),
        _ribbon(drawing, "trunk-2", drawing.trunk[1], reached),
        _ribbon(drawing, "home", drawing.home.way, home),
        *_fan(drawing, ends),
    ]


def _end(scene: Scene, end: End) -> _Size:
    if end.sector in (PORTS, UNSEEN):
        return _size(scene, "ports" if end.sector == PORTS else "evaded")
    return _size(scene, "encounters_by_sector", end.sector)


def _fan(drawing: Drawing, ends: Sequence[tuple[End, _Size]]) -> list[Ribbon]:
    """Ways from the trunk to the line, side by side where they begin."""
    widths = [_width(drawing, max(size.then, size.now)) for _, size in ends]
    x, top = drawing.fan.middle - sum(widths) / 2.0, drawing.fan.top
    found = []
    for (end, size), width in zip(ends, widths, strict=True):
        middle = x + width / 2.0
        x += width
        across, down = end.at
        path = f"M{middle:.1f} {top:g}C{middle:.1f} {top - 35:g} {across:g} {down + 44:g} {across:g} {down - 5:g}"
        tone = {PORTS: "pale", UNSEEN: "unseen"}.get(end.sector, "way")
        found.append(_ribbon(drawing, f"end-{end.sector}", path, size, tone))
    return found


def _arrows(scene: Scene, drawing: Drawing) -> list[Arrow]:
    found = []
    for name, y, tone in (("let_in", LET_IN_Y, "way"), ("removed", REMOVED_Y, "stop")):
        size = _size(scene, name)
        found.append(Arrow(id=name, y=y, half=round(_width(drawing, max(size.then, size.now)) / 2.0, 2), tone=tone))
    return found


def _after(scene: Scene, drawing: Drawing) -> list[Ribbon]:
    """Ribbons of what follows an encounter."""
    return [
        _ribbon(drawing, f"after-{name}", f"M322 {y:g}L420 {y:g}", _size(scene, name), tone)
        for name, y, tone in (("let_in", LET_IN_Y, "way"), ("removed", REMOVED_Y, "stop"))
    ]


def _held(drawing: Drawing, size: _Size) -> HeldDiscs:
    """Areas: a disc of what both worlds share, a ring for more, hatching for fewer."""
    then, now = (math.sqrt(max(people, 0.0) / 1000.0) * drawing.held.scale for people in (size.then, size.now))
    x, y = drawing.held.at
    return HeldDiscs(
        x=x,
        y=y,
        core=round(min(then, now), 2),
        more=round(now, 2) if now > then + RIM else 0.0,
        fewer=round(then, 2) if now < then - RIM else 0.0,
        thread=f"M{x + then:.1f} {y - 6:g}{drawing.held.way}",
    )


def _dead(scene: Scene, drawing: Drawing) -> list[Mark]:
    found = []
    for row in drawing.dead.rows:
        size = _size(scene, "deaths", row.place)
        then, now = round(size.then), round(size.now)
        for place in range(max(then, now)):
            kind = "same" if place < min(then, now) else "more" if now > then else "fewer"
            x = row.at[0] + (place % drawing.dead.columns) * STEP
            y = row.at[1] + (place // drawing.dead.columns) * STEP
            found.append(Mark(x=round(x, 1), y=round(y, 1), kind=kind))
    return found


def _origins(scene: Scene, drawing: Drawing) -> list[Station]:
    names = scene.names()
    return [
        station(scene, "set_out").model_copy(
            update={
                "id": code,
                "name": names[code],
                "now": scene.now("set_out", code),
                "then": scene.then("set_out", code),
                "change": scene.change("set_out", code),
                "doubt": scene.doubt("set_out", code),
                "at": label.at,
                "anchor": label.anchor,
            }
        )
        for code, label in drawing.labels.items()
        if code in scene.case.origins
    ]


def _ends(scene: Scene, drawing: Drawing) -> list[Station]:
    names = scene.names()
    found = []
    for end in drawing.ends:
        if end.label is None:
            continue
        size = _end(scene, end)
        name = names.get(end.sector, scene.words(end.sector.capitalize()))
        found.append(
            Station(
                id=end.sector,
                name=name,
                now=scene.words.amount(size.now),
                then=scene.words.amount(size.then),
                change="",
                doubt="",
                basis=scene.based(Basis.published if end.sector not in (PORTS, UNSEEN) else Basis.learned),
                source="",
                at=end.label,
                anchor=end.anchor,
            )
        )
    return found
