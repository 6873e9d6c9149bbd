"""Case + named changes → new Case; the only way to alter one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from pydantic import Field, TypeAdapter, ValidationError

from palanca.core.clock import Month
from palanca.core.errors import ChangeError
from palanca.core.wording import listed, nearest
from palanca.spec import carve, check, complaints, declared, marks, multiple, rules, schedule, tables
from palanca.spec.carve import Named, Window
from palanca.spec.days import Day
from palanca.spec.declared import FileFormat
from palanca.spec.schema import AMonth, Case, Coverage, Covered, Entry, Parameter, Source, Strict, Text

OFF, NONE = "off", "none"
BY_CHANGE = "change"
EVERYONE = Coverage()
BASES = ("declared", "tacit", "inferred")
_KINDS = ("levers", "parameters", "mechanisms", "basis", "elections")
_FORMS = "levers.ID.QUANTITY, levers.ID.cap, parameters.NAME, mechanisms.NAME, basis.NAME or elections.COUNTRY.MONTH"


@dataclass(frozen=True)
class Change:
    """One thing that is to be otherwise.

    Args:
        target: `levers.ID.QUANTITY`, `levers.ID.cap`, `parameters.NAME`, `mechanisms.NAME`, `basis.NAME` or
            `elections.COUNTRY.MONTH`.
        value: The new number in the table's unit; `0.5x` for a multiple of a lever's record; `off` for a mechanism or
            a basis, `none` for a cap, the new month for an election.
        first: First month changed; by default the first of the case.
        last: Last month changed; by default from `first` on.
        origins: Origins changed; by default those that the lever covers.
        groups: Groups changed.
        sectors: Border sectors changed.
        where: File and line, for messages.
    """

    target: str
    value: float | str
    first: Month | None = None
    last: Month | None = None
    origins: Coverage = EVERYONE
    groups: Coverage = EVERYONE
    sectors: Coverage = EVERYONE
    where: str = ""

    @property
    def spot(self) -> str:
        """Where messages say it stands."""
        return f"{self.where}: {self.target}" if self.where else self.target

    @property
    def named(self) -> bool:
        """Whether the change names whom it concerns."""
        return any(getattr(self, axis) != EVERYONE for axis in rules.AXES)


class ChangeEntry(Strict):
    """One change as a file words it: `{set: TARGET, to: VALUE, from: MONTH, until: MONTH, origins: ...}`."""

    set: Text
    to: float | Text
    first: AMonth | None = Field(default=None, alias="from")
    last: AMonth | None = Field(default=None, alias="until")
    origins: Covered = EVERYONE
    groups: Covered = EVERYONE
    sectors: Covered = EVERYONE


# Lists of changes that come with a case: of its history, and for the months ahead.
CHANGES = FileFormat("list of changes", ChangeEntry, "shipped list of changes", "", folder="changes")
SUPPOSITIONS = FileFormat("supposition", ChangeEntry, "shipped supposition", "", folder="ahead")


def parse_set(text: str, first: Month | None = None, last: Month | None = None) -> Change:
    """Read a change as a command line words it, as in `levers.contention.effort=0`.

    Raises:
        ChangeError: There is no `=`, or what follows it is neither a number nor `off` nor `none`.
    """
    target, equals, value = (part.strip() for part in text.partition("="))
    if not equals or not target or not value:
        raise ChangeError("cannot read the change", found=repr(text), expected=f"TARGET=VALUE with {_FORMS}")
    return Change(target, _value(value, target), first, last)


def read_changes(path: Path) -> list[Change]:
    """Read a YAML list of changes, each `{set: TARGET, to: VALUE, from: YYYY-MM, until: YYYY-MM}`.

    `origins`, `groups` and `sectors` may narrow whom a change concerns, worded as in a case file.

    Raises:
        CaseFileError: There is no such file, or it is not YAML.
        ChangeError: The file has faults; all of them, each with file and line.
    """
    return _read(marks.read(path))


def loads_changes(text: str, name: str = "changes") -> list[Change]:
    """The same from text; JSON will do as well.

    Raises:
        CaseFileError: It is not YAML.
        ChangeError: It has faults; all of them, each with its line.
    """
    return _read(marks.parse(text, name))


def _read(marked: marks.Marked) -> list[Change]:
    kind = tuple[ChangeEntry, ...]
    try:
        wanted = TypeAdapter(kind).validate_python(marked.content, strict=True)
    except ValidationError as fault:
        lines = declared.worded([*marked.faults, *complaints.of(fault, kind)], marked)
        raise ChangeError("faults in the changes:\n" + "\n".join(lines)) from fault
    if marked.faults:
        raise ChangeError("faults in the changes:\n" + "\n".join(declared.worded(marked.faults, marked)))
    changes = []
    for i, item in enumerate(wanted):
        where = marked.where((i,))
        value = _value(item.to, f"{where}: {item.set}") if isinstance(item.to, str) else item.to
        changes.append(Change(item.set, value, item.first, item.last, item.origins, item.groups, item.sectors, where))
    return changes


def apply(case: Case, changes: Sequence[Change]) -> Case:
    """A new case in which each change holds; the old one is untouched, and nothing moves before a change.

    Raises:
        ChangeError: A change names nothing, fits nothing, contradicts another or alters nothing.
    """
    for change in changes:
        _check_whom_and_when(case, change)
    for one, other in combinations(changes, 2):
        _check_agreement(case, one, other)
    for change in changes:
        changed = _applied(case, change)
        if _effect(changed, change) == _effect(case, change):
            raise ChangeError(
                "the change alters nothing", where=change.spot, found=f"{change.value} already holds",
                expected="another value, other months or other people",
            )  # fmt: skip
        case = changed
    return case


def _value(text: str, where: str) -> float | str:
    lasting = where.rpartition(" ")[2].startswith("elections.")
    if text in (OFF, NONE) or lasting or multiple.factor(text) is not None:
        return text
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if number - number != 0:
        raise ChangeError(
            "cannot read the value",
            where=where,
            found=repr(text),
            expected=f"a number, a multiple of the record as `0.5x`, `{OFF}` or `{NONE}`",
        )
    return number


def _applied(case: Case, change: Change) -> Case:
    kind, _, rest = change.target.partition(".")
    if kind == "levers" and "." in rest:
        return _lever(case, change, *rest.rsplit(".", 1))
    if kind == "parameters" and rest:
        return _parameter(case, change, rest)
    if kind == "mechanisms" and rest:
        return _mechanism(case, change, rest)
    if kind == "basis" and rest:
        return _basis(case, change, rest)
    if kind == "elections" and rest:
        return _election(case, change)
    hint = nearest(kind, _KINDS)
    quantity = _quantity_of(case, rest)
    way_out = f"Did you mean 'levers.{rest}.{quantity}'?" if quantity else f"Did you mean '{hint}.…'?" if hint else ""
    raise ChangeError("unknown target", where=change.spot, found=repr(change.target), expected=_FORMS, way_out=way_out)


def _quantity_of(case: Case, lever: str) -> str:
    return tables.mechanisms()[case.levers[lever].mechanism].quantity if lever in case.levers else ""


def _lever(case: Case, change: Change, name: str, quantity: str) -> Case:
    if name not in case.levers:
        raise _unknown(change, "lever", name, list(case.levers))
    mechanism = tables.acting(case.levers[name].mechanism, change.spot)
    entries = [entry for entry in case.record if entry.lever == name]
    if not entries:
        raise ChangeError(
            "the lever has no entry to take coverage from", where=change.spot, found="an empty record",
            expected="at least one entry; a setting of 0 will do",
        )  # fmt: skip
    window, named = _window(case, change), _named(case, change)
    if quantity == "cap":
        return _with(case, name, window, named, _cap(change, mechanism), fill=False)
    if quantity != mechanism.quantity:
        raise ChangeError(
            "wrong quantity", where=change.spot, found=repr(quantity), expected=f"{mechanism.quantity!r}",
            way_out=f"Did you mean 'levers.{name}.{mechanism.quantity}'?",
        )  # fmt: skip
    if (times := multiple.factor(change.value)) is not None:
        found = multiple.scaled(case, name, window, named, times, change.spot)
        return case.model_copy(update={"record": found})
    amount = _number(change, mechanism.low, mechanism.high, mechanism.unit)
    return _with(case, name, window, named, {quantity: amount, "unit": mechanism.unit}, fill=amount != mechanism.usual)


def _cap(change: Change, mechanism: tables.Mechanism) -> dict[str, object]:
    if not mechanism.capped:
        takers = [name for name, row in tables.mechanisms().items() if row.capped]
        raise ChangeError(
            f"{mechanism.name!r} takes no cap", where=change.spot, found="a cap", expected=f"one on {listed(takers)}"
        )
    if change.value == NONE:
        return {"cap": None, "cap_unit": None}
    return {"cap": _number(change, 0.0, float("inf"), check.CAP_UNIT), "cap_unit": check.CAP_UNIT}


def _with(case: Case, name: str, window: Window, named: Named, update: dict[str, object], *, fill: bool) -> Case:
    record: list[Entry] = []
    for entry in case.record:
        record += carve.replaced(case, entry, window, named, update) if entry.lever == name else [entry]
    if fill:
        entries = [entry for entry in case.record if entry.lever == name]
        record += carve.filled(case, entries, window, named, update)
    return case.model_copy(update={"record": tuple(record)})


def _parameter(case: Case, change: Change, name: str) -> Case:
    if name not in tables.parameters():
        raise _unknown(change, "parameter", name, list(tables.parameters()))
    _timeless(change)
    row = tables.parameters()[name]
    value = _number(change, row.low, row.high, row.unit)
    given = Parameter(
        value=value, unit=row.unit, period=f"{case.span.first}..{case.span.last}", source=(BY_CHANGE,),
        note="Set by a named change.",
    )  # fmt: skip
    source = Source(title="A named change", publisher="whoever asked", date="when it was asked")
    return case.model_copy(
        update={
            "parameters": {**case.parameters, name: given},
            "sources": {**case.sources, BY_CHANGE: source},
        }
    )


def _mechanism(case: Case, change: Change, name: str) -> Case:
    if name not in tables.mechanisms():
        raise _unknown(change, "mechanism", name, list(tables.mechanisms()))
    _only_off(change)
    tables.acting(name, change.spot)
    return case.model_copy(update={"off": tuple(dict.fromkeys((*case.off, name)))})


def _basis(case: Case, change: Change, name: str) -> Case:
    """Leave out every entry that rests on this kind of word, to see how much hangs on it."""
    if name not in BASES:
        raise _unknown(change, "basis", name, list(BASES))
    _only_off(change)
    return case.model_copy(update={"record": tuple(e for e in case.record if e.basis != name)})


def _election(case: Case, change: Change) -> Case:
    """Hold an election in another month; its day is the first of that month."""
    _timeless(change)
    dates = [f"{one.country}.{one.date.month}" for one in case.elections]
    named, span = change.target.partition(".")[2], case.span.span
    if named not in dates:
        raise _unknown(change, "election", named, dates)
    now = Month.parse(str(change.value), where=change.spot)
    if now not in span:
        raise ChangeError(
            "outside the span of the case", where=change.spot, found=str(now),
            expected=f"a month from {span.first} to {span.last}",
        )  # fmt: skip
    moved = {"date": Day.start(now)}
    pairs = zip(dates, case.elections, strict=True)
    record = tuple(one.model_copy(update=moved) if name == named else one for name, one in pairs)
    return case.model_copy(update={"elections": record})


def _only_off(change: Change) -> None:
    _timeless(change)
    if change.value != OFF:
        raise ChangeError(
            "this can only be switched off", where=change.spot, found=repr(change.value), expected=f"`{OFF}`"
        )


def _number(change: Change, low: float, high: float, unit: str) -> float:
    if isinstance(change.value, str) or not low <= change.value <= high:
        raise ChangeError(
            "the value does not fit", where=change.spot, found=str(change.value),
            expected=f"a number from {low:g} to {high:g} [{unit}]",
        )  # fmt: skip
    return float(change.value)


def _unknown(change: Change, noun: str, name: str, names: list[str]) -> ChangeError:
    hint = nearest(name, names)
    return ChangeError(
        f"unknown {noun}", where=change.spot, found=repr(name), expected=f"one of {listed(names)}",
        way_out=f"Did you mean {hint!r}?" if hint else "",
    )  # fmt: skip


def _timeless(change: Change) -> None:
    if change.first or change.last or change.named:
        raise ChangeError(
            "this change holds throughout and for everyone", where=change.spot, found="months or people",
            expected="neither; name a lever to change some months or people only",
        )  # fmt: skip


def _window(case: Case, change: Change) -> Window:
    """The days of a change; one that lasts to the end of the span stays open beyond it."""
    last = change.last if change.last is not None and change.last < case.span.last else None
    return Window(Day.start(change.first or case.span.first), Day.end(last) if last else None)


def _named(case: Case, change: Change) -> Named:
    """The names that a change gives, by axis; an axis without names stays as the lever covers it."""
    return {
        axis: getattr(change, axis).among(tuple(getattr(case, axis)))
        for axis in rules.AXES
        if getattr(change, axis) != EVERYONE
    }


def _check_whom_and_when(case: Case, change: Change) -> None:
    span = case.span.span
    for month in (change.first, change.last):
        if month is not None and month not in span:
            raise ChangeError(
                "outside the span of the case", where=change.spot, found=str(month),
                expected=f"a month from {span.first} to {span.last}",
            )  # fmt: skip
    if change.first and change.last and change.last < change.first:
        raise ChangeError(
            "the change ends before it starts", where=change.spot, found=f"{change.first} to {change.last}",
            expected="the earlier month first",
        )  # fmt: skip
    for axis, given, names in (
        ("origins", change.origins, case.origins),
        ("groups", change.groups, case.groups),
        ("sectors", change.sectors, case.sectors),
    ):
        for fault in rules.uncovered(given, tuple(names), (axis,), axis):
            raise ChangeError(
                fault.what, where=change.spot, found=fault.found, expected=fault.expected,
                way_out=f"Did you mean {fault.hint!r}?" if fault.hint else "",
            )  # fmt: skip


def _check_agreement(case: Case, one: Change, other: Change) -> None:
    """Refuse two changes that say different things of the same months and people."""
    if one.target != other.target or one.value == other.value:
        return
    a, b, end = _window(case, one), _window(case, other), Day.end(case.span.last)
    together = max(a.first, b.first) <= min(a.last or end, b.last or end)
    people = carve.whom(case, _named(case, one)).meet(carve.whom(case, _named(case, other)))
    if together and people:
        raise ChangeError(
            "two changes contradict each other", where=other.spot, found=f"{one.value} and {other.value}",
            expected="one value for the same months and people",
        )  # fmt: skip


def _effect(case: Case, change: Change) -> object:
    """What a change could have altered, for comparison before and after."""
    kind, _, rest = change.target.partition(".")
    if kind == "levers":
        return schedule.totals(case, rest.rsplit(".", 1)[0])
    if kind in ("mechanisms", "basis"):
        return schedule.settings(case)
    if kind == "elections":
        return case.elections
    given = case.parameters.get(rest)
    row = tables.parameters()[rest]
    default = row.p1 if row.family == "fixed" else None
    return (given.value, given.prior) if given else (default, None)
