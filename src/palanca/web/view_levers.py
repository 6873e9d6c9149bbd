"""Levers as they stand on the page: value, record and own path by month, whom they cover, and who says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from palanca.core.clock import Month
from palanca.show import number
from palanca.show.estimate import Basis
from palanca.spec import multiple, schedule, tables
from palanca.spec.days import Day
from palanca.spec.schema import Case, Coverage, Entry
from palanca.web.address import AskedWorld, ChangeWord
from palanca.web.view_marks import Tick
from palanca.web.view_parts import Choice, LeverLine, LeverPanel, Note, Slider
from palanca.web.view_scene import Scene
from palanca.web.words import Said

PATH_WIDTH, PATH_BASE, PATH_TOP = 256.0, 42.0, 12.0
BEFORE = 3  # months of a lever's path before the change
WORDED = {"declared": Basis.published, "tacit": Basis.between, "inferred": Basis.assumed}  # what an entry rests on
LATER = 7  # months of it after the first that differs
MOST = 2.0  # multiples of the record that a slider reaches, unless the page says otherwise


@dataclass(frozen=True, eq=False)
class Levers:
    """Levers of a case as recorded and as changed.

    Args:
        scene: What the page shows.
        months: Months of the paths.
    """

    scene: Scene
    months: tuple[Month, ...]

    def touched(self) -> list[str]:
        """Ids of levers that the world changes, in the order of its changes."""
        targets = [str(row["set"]) for row in _rows(self.scene)]
        names = [one.split(".")[1] for one in targets if one.startswith("levers.")]
        return list(dict.fromkeys(names))

    def panels(self) -> list[LeverPanel]:
        """Levers with a slider: those changed, then the first two of the page's own list, or one asked for by name."""
        first = [name for name in self.scene.file.levers if name in self.scene.case.levers]
        chosen = dict.fromkeys([*self.touched(), *first])
        count = max(len(self.touched()), 2) if len(self.touched()) < 2 else len(self.touched())
        return [self.panel(name) for name in list(chosen)[:count]]

    def lines(self, names: Sequence[str]) -> list[LeverLine]:
        """Levers as one line each; the address sets the lever to none from the month shown, where the record has it."""
        return [self.line(name) for name in names]

    def line(self, name: str) -> LeverLine:
        """One lever as a line."""
        lever, scene = self.scene.case.levers[name], self.scene
        at = self._of(scene.case, name, scene.month)
        touched = name in self.touched()
        acts = tables.mechanisms()[lever.mechanism].acts
        state = "changed" if touched else "as recorded" if at else "not in force"
        words = [one for one in scene.address.world.changes if one.key != name]
        query = ""
        if acts and at and not touched:
            own = ChangeWord(name, "0x", scene.month)
            query = scene.query(world=replace(scene.address.world, changes=(*words, own)))
        return LeverLine(
            id=name, name=scene.words(self.title(name)), holder=self.holder(name),
            state=scene.words(state), query=query, current=touched,
        )  # fmt: skip

    def title(self, name: str) -> str:
        """Name of a lever on the page."""
        own = self.scene.file.levers.get(name)
        return own.name if own else self.scene.case.levers[name].what.partition(" - ")[0]

    def holder(self, name: str) -> str:
        """Who holds a lever."""
        return self.scene.words(self.scene.case.countries[self.scene.case.levers[name].holder].name)

    def panel(self, name: str) -> LeverPanel:
        """One lever with its slider, paths and notes."""
        scene, words = self.scene, self.scene.words
        lever = scene.case.levers[name]
        word = next((one for one in scene.address.world.changes if one.key == name), None)
        changed = name in self.touched()
        first = self._first(name, word)
        record = [self._of(scene.case, name, month) for month in self.months]
        own = [self._own(name, month) for month in self.months]
        slider = self._slider(name, word, first)
        top = max([abs(value) for value in (*record, *own)] + [1e-9])
        return LeverPanel(
            id=name,
            name=words(self.title(name)),
            holder=self.holder(name),
            what=words.said(_explained(lever.what)),
            changed=changed,
            shipped=changed and word is None,
            value=self._value(name, slider, changed=changed),
            recorded=self._recorded(name, first),
            slider=slider,
            first=str(first),
            last=str(word.last) if word and word.last else "",
            who=",".join(word.who) if word else "",
            covers=self._covers(self._entries(name, first), word),
            whom=self._choices(name, first, word),
            record_path=self._path(record, top),
            own_path=self._path(own, top) if changed else "",
            path_ticks=self._ticks(),
            notes=tuple(self._note(entry) for entry in self._near(name)),
            acts=tables.mechanisms()[lever.mechanism].acts,
            reset=scene.query(world=self._without(name)),
        )

    def _without(self, name: str) -> AskedWorld:
        world = self.scene.address.world
        return replace(world, changes=tuple(one for one in world.changes if one.key != name), shipped=())

    def _first(self, name: str, word: ChangeWord | None) -> Month:
        """First month of the change: its own, that of the changes, or the month shown."""
        if word is not None and word.first is not None:
            return word.first
        rows = [row for row in _rows(self.scene) if str(row["set"]).startswith(f"levers.{name}.") and "from" in row]
        if rows:
            return Month.parse(str(rows[0]["from"]))
        return self.scene.numbers.begins or self.scene.month

    def _slider(self, name: str, word: ChangeWord | None, first: Month) -> Slider:
        """Multiples of the record where there is one, else the lever's own unit."""
        scene = self.scene
        mechanism = tables.mechanisms()[scene.case.levers[name].mechanism]
        held, now = self._of(scene.case, name, first), self._own(name, first)
        if held:
            most = scene.file.levers[name].most if name in scene.file.levers else MOST
            most = min(most, mechanism.high / held) if held > 0.0 else most
            own = multiple.factor(word.value) if word else None
            at = own if own is not None else min(max(now / held, 0.0), most)
            none, times = scene.words("none"), f"{most:g} ×"
            return Slider(
                low=0.0, high=most, step=0.05, at=round(at, 3), mark=1.0, times=True, low_text=none, high_text=times
            )
        record = max((abs(value) for value in _paths(scene.case, name)), default=0.0)
        low, high = min(mechanism.low, 0.0), min(mechanism.high, 2.0 * record) or mechanism.high
        step = float(f"{(high - low) / 40.0:.1g}")
        return Slider(
            low=low, high=high, step=step, at=now, mark=held, times=False,
            low_text=self._plain(low), high_text=self._plain(high),
        )  # fmt: skip

    def _value(self, name: str, slider: Slider, *, changed: bool) -> str:
        words = self.scene.words
        if not changed:
            return words("As recorded")
        if slider.at == 0.0:
            return words("None")
        return f"{round(100 * slider.at)}{number.NO_BREAK}%" if slider.times else self._amount(name, slider.at)

    def _amount(self, name: str, value: float) -> str:
        """A setting with its unit in words."""
        mechanism = tables.mechanisms()[self.scene.case.levers[name].mechanism]
        unit = {"effort": "× routine control", "setting": ""}.get(mechanism.unit, mechanism.unit.replace(" / ", " a "))
        return f"{self._plain(value)} {self.scene.words(unit) if unit else ''}".strip()

    def _plain(self, value: float) -> str:
        """A setting as it is declared; three digits of a count."""
        return self.scene.words.amount(value) if abs(value) >= 1000.0 else f"{value:g}".replace("-", number.MINUS)

    def _recorded(self, name: str, first: Month) -> str:
        held = [self._of(self.scene.case, name, month) for month in self.months if month >= first]
        values = sorted({value for value in held if value})
        if not values:
            return self.scene.words("not in force")
        low, high = self._amount(name, values[0]), self._amount(name, values[-1])
        if low == high:
            return self.scene.words("recorded: {amount}", amount=high)
        plain = self._plain(values[0])
        return self.scene.words("recorded: {low} to {high}", low=plain, high=high)

    def _of(self, case: Case, name: str, month: Month) -> float:
        held = _paths(case, name)
        place = month - case.span.first
        return held[place] if held and 0 <= place < len(held) else 0.0

    def _own(self, name: str, month: Month) -> float:
        """What the changes set a lever to, for those whom they concern."""
        value = self._of(self.scene.case, name, month)
        for row in _rows(self.scene):
            target, _, quantity = str(row["set"]).removeprefix("levers.").rpartition(".")
            starts = "from" not in row or Month.parse(str(row["from"])) <= month
            ends = "until" not in row or month <= Month.parse(str(row["until"]))
            if target != name or quantity == "cap" or not (starts and ends):
                continue
            times = multiple.factor(str(row["to"]))
            value = value * times if times is not None else float(str(row["to"]))
        return value

    def _entries(self, name: str, first: Month) -> list[Entry]:
        every = [entry for entry in self.scene.case.record if entry.lever == name]
        return [one for one in every if _in_force(one, first)] or every[:1]

    def _near(self, name: str) -> list[Entry]:
        """Entries in force in some month shown."""
        every = [entry for entry in self.scene.case.record if entry.lever == name]
        return [one for one in every if any(_in_force(one, month) for month in self.months)]

    def _covers(self, entries: Sequence[Entry], word: ChangeWord | None) -> Said:
        words, names = self.scene.words, self.scene.names()
        if word is not None and word.who:
            return Said(text=", ".join(names.get(code, code) for code in word.who), lang=words.lang)
        if not entries:
            return Said(text=words("everyone"), lang=words.lang)
        return Said(text=self._whom(entries[0]), lang=words.lang)

    def _choices(self, name: str, first: Month, word: ChangeWord | None) -> tuple[Choice, ...]:
        """Origins and groups that a change of the lever may be narrowed to."""
        case, names, asked = self.scene.case, self.scene.names(), word.who if word else ()
        held = self._entries(name, first)
        codes = [code for code in case.origins if any(code in one.origins.among(tuple(case.origins)) for one in held)]
        codes += [code for code in case.groups if any(code in one.groups.among(tuple(case.groups)) for one in held)]
        return tuple(Choice(text=names[code], query="", value=code, current=code in asked) for code in codes)

    def _whom(self, entry: Entry) -> str:
        words, names = self.scene.words, self.scene.names()

        def told(given: Coverage) -> str:
            if given.only is not None:
                return ", ".join(names.get(code, code) for code in given.only)
            if given.but:
                return words("all but {names}", names=", ".join(names.get(code, code) for code in given.but))
            return ""

        found = [text for text in (told(entry.origins), told(entry.groups), told(entry.sectors)) if text]
        return "; ".join(found) or words("everyone")

    def _note(self, entry: Entry) -> Note:
        words, sources = self.scene.words, self.scene.case.sources
        first = _day(entry.first, self.scene)
        last = _day(entry.last, self.scene) if entry.last else words("open")
        unit = {"effort": words("× routine control"), "setting": ""}.get(
            entry.unit, words(entry.unit.replace(" / ", " a "))
        )
        return Note(
            dates=words("{low} to {high}", low=first, high=last) if first != last else first,
            amount=f"{self._plain(entry.amount)} {unit}".strip(),
            covers=Said(text=self._whom(entry), lang=words.lang),
            basis=self.scene.based(WORDED[entry.basis]),
            note=words.said(entry.note or ""),
            sources=tuple(
                f"{sources[key].title}, {sources[key].publisher}, {sources[key].date}" for key in entry.source
            ),
        )

    def _path(self, values: Sequence[float], top: float) -> str:
        """Steps by month."""
        wide = PATH_WIDTH / len(values)
        height = PATH_BASE - PATH_TOP
        found = ""
        for place, value in enumerate(values):
            y = PATH_BASE - height * value / top
            found += f"{'L' if place else 'M'}{place * wide:.1f} {y:.1f}L{(place + 1) * wide:.1f} {y:.1f}"
        return found

    def _ticks(self) -> tuple[Tick, ...]:
        wide, words = PATH_WIDTH / len(self.months), self.scene.words
        ends = (0, len(self.months) // 2, len(self.months) - 1)
        texts = [words.month(self.months[k], short=True) + (f" {self.months[k].year}" if k else "") for k in ends]
        return tuple(Tick(at=k * wide, text=text) for k, text in zip(ends, texts, strict=True))


def of(scene: Scene) -> Levers:
    """The levers of a page."""
    span = scene.case.span.span
    anchor = scene.numbers.begins or scene.month
    first = max(span.first, anchor + (-BEFORE))
    last = min(span.last, anchor + LATER)
    return Levers(scene, tuple(first + place for place in range(last - first + 1)))


def _explained(what: str) -> str:
    """What a lever is, without its name before it."""
    _, dash, rest = what.partition(" - ")
    return rest[0].upper() + rest[1:] if dash else what


def _rows(scene: Scene) -> list[dict[str, object]]:
    """Changes of the answer as a file words them."""
    given = scene.numbers.answer.provenance.arguments.get("changes", [])
    return [dict(row) for row in given] if isinstance(given, list | tuple) else []


def _in_force(entry: Entry, month: Month) -> bool:
    return entry.first.month <= month and (entry.last is None or month <= entry.last.month)


def _day(day: Day, scene: Scene) -> str:
    return scene.words.month(day.month)


@dataclass(frozen=True, eq=False)
class _Kept:
    """A lever of a case; the same record is the same lever."""

    case: Case
    name: str
    mark: int

    def __hash__(self) -> int:
        return self.mark

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Kept) and self.name == other.name and self.case.record is other.case.record


def _paths(case: Case, name: str) -> tuple[float, ...]:
    return _path_of(_Kept(case, name, hash((name, id(case.record)))))


@lru_cache(maxsize=512)
def _path_of(kept: _Kept) -> tuple[float, ...]:
    """A lever's setting by month: the largest among those it covers [unit of its mechanism]."""
    months = len(kept.case.span.span)
    found = [0.0] * months
    for values in schedule.totals(kept.case, kept.name).values():
        for place, value in enumerate(values[:months]):
            if abs(value) > abs(found[place]):
                found[place] = value
    return tuple(found)
