"""Small drawings as coordinates: ten dots, the curve over time, dot and line by origin, an interval, bars."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from palanca.core.clock import Month
from palanca.show import estimate, sentence
from palanca.show.estimate import Estimate
from palanca.web.view_marks import Circle, Tick
from palanca.web.view_numbers import FIRST_CHANGED, LATER
from palanca.web.view_parts import Bar, Curve, Dots, Interval, Part, Parts
from palanca.web.view_scene import PLURAL, Scene

DOTS_LEFT, DOTS_RIGHT, DOTS_BASE, DOTS_TOP = 2.0, 398.0, 82.0, 24.0
BIGGEST, SMALLEST = 6.4, 2.0  # radius of a dot
FEWER, MORE = 0.5, 0.9  # ends of the axis of the dots, in shares of a stretch of history's level
STRETCHES = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 100.0)  # of it: the first that holds all dots
LINE_LEFT, LINE_RIGHT = 6.0, 414.0
PART_LEFT, PART_RIGHT, PART_STEP = 150.0, 470.0, 24.0
BAR_WIDTH = 200.0


def step(span: float, ticks: int) -> float:
    """A round step that cuts a span into about so many parts."""
    rough = max(span, 1e-9) / ticks
    scale = 10.0 ** math.floor(math.log10(rough))
    return scale * next(one for one in (1.0, 2.0, 5.0, 10.0) if rough <= one * scale * 1.0001)


def short(scene: Scene, value: float) -> str:
    """A tick of an axis: `50k`, `1.5m`."""
    size = abs(value)
    if size >= 1e6:
        return f"{size / 1e6:g}m"
    return f"{size / 1000.0:g}k" if size >= 1000.0 else f"{size:g}"


def dots(scene: Scene) -> Dots:
    """Ten runs in place of all, against history; the axis has few lengths: it rarely moves while a lever does."""
    gap = scene.numbers.gap(scene.outcome, scene.month)
    level = scene.numbers.level(scene.outcome, scene.month)
    values = estimate.tenths(gap)
    reach = [stretch * max(level, 1.0) for stretch in STRETCHES]
    size = next((one for one in reach if -FEWER * one <= values[0] and values[-1] <= MORE * one), reach[-1])
    low, high = -FEWER * size, MORE * size

    def x(value: float) -> float:
        return round(DOTS_LEFT + (value - low) / (high - low) * (DOTS_RIGHT - DOTS_LEFT), 1)

    by = step(high - low, 4)
    ticks = [
        Tick(at=x(place * by), text=_tick(scene, place * by), zero=place == 0)
        for place in range(math.ceil(low / by), math.floor(high / by) + 1)
    ]
    title = (
        "Each dot is one run in ten, against what was recorded"
        if scene.differs
        else "Ten dots will show how sure the answer is"
    )
    found = estimate.of(gap)
    label = scene.words(
        "Ten runs of the model: from {low} to {high}, middle {middle}",
        low=scene.words.signed(values[0]),
        high=scene.words.signed(values[-1]),
        middle=scene.words.signed(found.estimate),
    )
    return Dots(
        title=scene.words(title),
        label=label if scene.differs else scene.words("No difference"),
        ticks=tuple(ticks),
        zero=x(0.0),
        low=x(found.low) if scene.differs else x(0.0),
        high=x(found.high) if scene.differs else x(0.0),
        circles=tuple(_heap([x(value) for value in values])) if scene.differs else (),
    )


def _tick(scene: Scene, value: float) -> str:
    if value == 0.0:
        return scene.words("as recorded")
    word = "{number} more" if value > 0.0 else "{number} fewer"
    return scene.words(word, number=short(scene, value))


def _heap(places: Sequence[float]) -> list[Circle]:
    """Dots piled where they fall; they shrink rather than leave the strip."""
    radius = BIGGEST
    while True:
        found: list[Circle] = []
        for x in places:
            y = DOTS_BASE - radius
            while any(math.hypot(one.x - x, one.y - y) < 2.0 * radius - 0.5 for one in found):
                y -= 1.0
            found.append(Circle(x=x, y=round(y, 1), r=round(radius, 1)))
        if min(one.y for one in found) > DOTS_TOP or radius < SMALLEST:
            return found
        radius *= 0.9


def months(scene: Scene) -> list[Month]:
    """Months on the curve: a year before the change to eight months into it, or those that the address tells."""
    first, last = scene.numbers.span
    anchor = scene.numbers.begins or scene.month
    start = max(first, anchor + (-FIRST_CHANGED))
    end = min(last, anchor + LATER)
    if scene.address.months is not None:
        end = min(last, max(end, scene.address.months.last))
    if scene.month < start:
        start = max(first, scene.month)
    if end < scene.month:
        end = min(last, scene.month)
    return [start + place for place in range(end - start + 1)]


@dataclass(frozen=True)
class _Frame:
    """Where a curve lies: edges of its field, and how its values and months become coordinates."""

    width: float
    height: float
    right: float
    most: float
    count: int
    left: float = 46.0
    top: float = 16.0

    @property
    def bottom(self) -> float:
        """Where zero lies."""
        return self.height - 22.0

    def x(self, place: int) -> float:
        """A month."""
        return round(self.left + (self.right - self.left) * place / max(self.count - 1, 1), 1)

    def y(self, value: float) -> float:
        """A value."""
        return round(self.bottom - (self.bottom - self.top) * max(value, 0.0) / self.most, 1)

    def line(self, places: Sequence[int], values: Sequence[float]) -> str:
        """A line through months."""
        points = [f"{self.x(place)} {self.y(value)}" for place, value in zip(places, values, strict=True)]
        return "M" + "L".join(points) if points else ""

    def band(self, places: Sequence[int], lows: Sequence[float], highs: Sequence[float]) -> str:
        """A band between two lines; empty without months."""
        back = self.line([*reversed(places)], [*reversed(lows)])
        return f"{self.line(places, highs)}L{back[1:]}Z" if places else ""


def curve(scene: Scene, *, narrow: bool = False) -> Curve:
    """The outcome shown over time: history, its band where no figure gives it, and the world shown with its band."""
    shown, name, numbers = months(scene), scene.outcome, scene.numbers
    then = [estimate.of(numbers.then(name, month)) for month in shown]
    gaps = [numbers.change(name, month) for month in shown]
    begins, published, every = numbers.begins, name == "encounters", range(len(shown))
    own = [place for place in every if begins is not None and shown[place] + 1 >= begins]
    middle = [then[k].estimate + gaps[k].estimate for k in own]
    lows, highs = ([then[k].estimate + getattr(gaps[k], end) for k in own] for end in ("low", "high"))
    top = max([one.estimate if published else one.high for one in then] + highs)
    by = step(top * 1.05, 3)
    width, height = (340.0, 170.0) if narrow else (680.0, 134.0)
    frame = _Frame(width, height, width - 76.0, by * math.ceil(top * 1.02 / by) or 1.0, len(shown))
    at, ticks, change = shown.index(scene.month), (6 if narrow else 3), scene.change(name)
    return Curve(
        title=scene.words("{what}, by month", what=scene.words(PLURAL[name]).capitalize()),
        label=scene.words("Month shown"),
        width=width,
        height=height,
        history=frame.line(every, [one.estimate for one in then]),
        history_band="" if published else frame.band(every, [one.low for one in then], [one.high for one in then]),
        changed=frame.line(own, middle),
        changed_band=frame.band(own, lows, highs),
        points=tuple(Circle(x=frame.x(k), y=frame.y(one.estimate), r=2.6) for k, one in enumerate(then) if published),
        across=tuple(
            Tick(at=frame.x(k), text=_month_tick(scene, month))
            for k, month in enumerate(shown)
            if (month.number - 1) % ticks == 0
        ),
        up=tuple(Tick(at=frame.y(k * by), text=short(scene, k * by)) for k in range(round(frame.most / by) + 1)),
        cursor=frame.x(at),
        at=at,
        count=len(shown),
        said=f"{scene.words.month(scene.month)}: {scene.then(name)}" + (f", {change}" if change else ""),
        ends=_ends(scene, frame.y(then[-1].estimate), frame.y(middle[-1]) if middle else None),
        first_x=frame.left,
        last_x=frame.right,
        queries=tuple(scene.query(month=month) for month in shown),
    )


def _ends(scene: Scene, then: float, now: float | None) -> tuple[Tick, ...]:
    """What the lines are called, at their ends and apart from each other."""
    text = scene.words("recorded" if scene.outcome == "encounters" else "history")
    if now is None:
        return (Tick(at=then + 4.0, text=text, zero=True),)
    apart = 8.0 if abs(now - then) < 13.0 else 0.0
    sign = -1.0 if now <= then else 1.0
    own = Tick(at=now + 4.0 + sign * apart, text=scene.words("changed"))
    return (Tick(at=then + 4.0 - sign * apart, text=text, zero=True), own)


def _month_tick(scene: Scene, month: Month) -> str:
    name = scene.words.month(month, short=True)
    return f"{name} {month.year}" if month.number == 1 else name


def parts(scene: Scene) -> Parts | None:
    """Whose encounters differ over the months that the answer tells, the largest first; dots are medians."""
    if not scene.numbers.changed:
        return None
    table = next((one for one in scene.numbers.answer.tables if one.name == "encounters by origin"), None)
    if table is None:
        return None
    column = 2 if scene.numbers.world == "answered" else 1
    rows = [(str(row[0]), row[column]) for row in table.rows]
    found = [(scene.words(name), one) for name, one in rows if isinstance(one, Estimate)]
    low = min(0.0, *(one.low for _, one in found))
    high = max(0.0, *(one.high for _, one in found))
    span = max(high - low, 1.0)

    def x(value: float) -> float:
        return round(PART_LEFT + (value - low) / span * (PART_RIGHT - PART_LEFT), 1)

    by = step(span, 3)
    ticks = range(math.ceil(low / by), math.floor(high / by) + 1)
    drawn = tuple(
        Part(
            name=name,
            y=14.0 + PART_STEP * place,
            low=x(one.low),
            high=x(one.high),
            middle=x(one.estimate),
            said=f"{name} {sentence.change(one)}",
        )
        for place, (name, one) in enumerate(found)
    )
    signs = [("+" if k > 0 else "−" if k < 0 else "") for k in ticks]
    return Parts(
        title=scene.words("Whose encounters differ"),
        note=scene.words.said(table.note).text + " " + scene.words("Dots are medians, lines hold 9 runs in 10."),
        label=scene.words("Difference by origin: {rows}", rows="; ".join(one.said for one in drawn[:5])),
        ticks=tuple(
            Tick(at=x(k * by), text=sign + (short(scene, k * by) if k else "0"), zero=k == 0)
            for sign, k in zip(signs, ticks, strict=True)
        ),
        rows=drawn,
        height=14.0 + PART_STEP * len(drawn) + 20.0,
    )


def interval(scene: Scene, given: Estimate, label: str) -> Interval | None:
    """One estimate of a difference on a line that holds zero; what judgement makes of its width is dashed."""
    if given.low == given.high or not np.isfinite([given.low, given.high]).all():
        return None
    reach = 1.25 * max(abs(given.low), abs(given.high))
    low, high = (
        (-reach, 0.25 * reach) if given.high <= 0.0 else (-0.25 * reach, reach) if given.low >= 0.0 else (-reach, reach)
    )

    def x(value: float) -> float:
        return round(LINE_LEFT + (value - low) / (high - low) * (LINE_RIGHT - LINE_LEFT), 1)

    share = given.assumed_share if given.assumed_share is not None and given.assumed_by else None
    kept = 1.0 - (share or 0.0)
    return Interval(
        label=label,
        zero=x(0.0),
        low=x(given.low),
        high=x(given.high),
        middle=x(given.estimate),
        kept_low=x(given.estimate - (given.estimate - given.low) * kept),
        kept_high=x(given.estimate + (given.high - given.estimate) * kept),
        assumed=share is not None and share >= estimate.PARTLY,
    )


def bars(scene: Scene, levels: Sequence[tuple[str, Estimate]]) -> list[Bar]:
    """Levels as bars with their intervals on one scale; the first is history's."""
    most = max(one.high for _, one in levels) or 1.0
    return [
        Bar(
            text=scene.words("{number} " + kind, number=scene.words.amount(one.estimate)),
            kind=kind,
            y=4.0 + 20.0 * place,
            width=round(BAR_WIDTH * max(one.estimate, 0.0) / most / 1.6, 1),
            low=round(BAR_WIDTH * max(one.low, 0.0) / most / 1.6, 1),
            high=round(BAR_WIDTH * max(one.high, 0.0) / most / 1.6, 1),
        )
        for place, (kind, one) in enumerate(levels)
    ]
