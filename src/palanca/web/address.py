"""A what-if as an address: short, readable, and only what differs from the record stands in it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, quote

from palanca.core.clock import Month, Span
from palanca.core.errors import UsageError
from palanca.core.wording import listed, nearest, shown
from palanca.questions import changes as declaring
from palanca.questions import window
from palanca.spec import edit, multiple, tables
from palanca.spec.schema import Case

DRAWS, KEY, LANG, SHOW = 200, 1, "en", ""
LANGS = ("en", "es")
MOST_CHANGES, MOST_COMPARED, LONGEST = 24, 3, 4000
WORLD, REACT, COMPARE = "world", "react", "compare"
OWN = ("months", "month", "show", "draws", "key", "lang")
KNOWN = (WORLD, REACT, COMPARE, *OWN)
KINDS = ("parameters.", "mechanisms.", "basis.", "elections.")
PLAIN = "@:;,=.+-"  # marks that stand in a query as they are
AXES = ("origins", "groups", "sectors")
_VALUE = re.compile(r"(?P<value>[^@:]+)(?:@(?P<first>[^.:]*)(?P<dots>\.\.)?(?P<last>[^:]*))?(?::(?P<who>.+))?")
_NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,9})?")
_SHOW = re.compile(r"[a-z_]{1,24}")


@dataclass(frozen=True)
class ChangeWord:
    """One change as an address words it: `contention=0x@2024-01..2024-06:VEN`.

    Args:
        key: Id of a lever for its own quantity, `ID.cap`, or a whole target as `mechanisms.news`.
        value: A number in the lever's unit, a multiple of its record as `0.5x`, `off` or `none`.
        first: First month changed; nothing for that of the case.
        last: Last month changed; nothing for that of the case.
        who: Codes of origins, groups and sectors; each narrows its own axis.
    """

    key: str
    value: str
    first: Month | None = None
    last: Month | None = None
    who: tuple[str, ...] = ()

    def __str__(self) -> str:
        """As it stands in an address."""
        months = f"@{self.first or ''}{f'..{self.last}' if self.last else ''}" if self.first or self.last else ""
        return f"{self.value}{months}{':' + ','.join(self.who) if self.who else ''}"

    def row(self, case: Case) -> dict[str, object]:
        """The change as a file has it."""
        found: dict[str, object] = {"set": _target(case, self.key), "to": _plain(self.value)}
        found |= {name: str(month) for name, month in (("from", self.first), ("until", self.last)) if month}
        for axis in AXES:
            names = [code for code in self.who if code in getattr(case, axis)]
            found |= {axis: names} if names else {}
        return found


@dataclass(frozen=True)
class AskedWorld:
    """One world: what is changed, and whether governments answer.

    Args:
        changes: Changes worded one by one.
        shipped: Names of changes that come with the case.
        react: Whether the page shows the world in which governments answer.
    """

    changes: tuple[ChangeWord, ...] = ()
    shipped: tuple[str, ...] = ()
    react: bool = False

    def __bool__(self) -> bool:
        """Whether anything is changed."""
        return bool(self.changes or self.shipped)

    def rows(self, case: Case) -> list[dict[str, object] | str]:
        """Changes as `Model.whatif` takes them."""
        return [*self.shipped, *(one.row(case) for one in self.changes)]

    def pairs(self) -> list[tuple[str, str]]:
        """Keys and values as they stand in an address."""
        found = [(one.key, str(one)) for one in self.changes]
        return found + [(WORLD, name) for name in self.shipped] + ([(REACT, "")] if self.react else [])


@dataclass(frozen=True)
class Address:
    """All that makes a page of what-if.

    Args:
        case: Name of the case.
        world: The world asked for.
        compare: Up to three worlds beside it.
        months: Months told, nothing for those that the answer chooses.
        month: Where the cursor stands.
        show: Which outcome is shown, by a short name of the page.
        draws: How many histories.
        key: Key of the draws.
        lang: Language of the page.
    """

    case: str
    world: AskedWorld = AskedWorld()
    compare: tuple[AskedWorld, ...] = ()
    months: Span | None = None
    month: Month | None = None
    show: str = SHOW
    draws: int = DRAWS
    key: int = KEY
    lang: str = LANG

    def but(self, **fields: object) -> Address:
        """The same with other fields."""
        return replace(self, **fields)  # type: ignore[arg-type]  # names are checked by dataclasses

    def query(self) -> str:
        """The address after `?`; `parse` reads it back."""
        return "&".join([*_printed(self.world.pairs(), PLAIN), *self._compared(), *self._own()])

    def path(self) -> str:
        """The address from the root of the site."""
        query = self.query()
        return f"/{self.case}/whatif{'?' + query if query else ''}"

    def told(self) -> str | None:
        """Months told as `Model.whatif` takes them."""
        return f"{self.months.first}..{self.months.last}" if self.months else None

    def _compared(self) -> list[str]:
        return [f"{COMPARE}={';'.join(_printed(one.pairs(), PLAIN.replace(';', '')))}" for one in self.compare]

    def _own(self) -> list[str]:
        given = [
            ("months", self.told() or ""),
            ("month", str(self.month or "")),
            ("show", self.show),
            ("draws", "" if self.draws == DRAWS else str(self.draws)),
            ("key", "" if self.key == KEY else str(self.key)),
            ("lang", "" if self.lang == LANG else self.lang),
        ]
        return _printed([(name, value) for name, value in given if value], PLAIN)


def parse(case: Case, query: str, most_draws: int = DRAWS) -> Address:
    """Read the query of a what-if.

    Args:
        case: The case, which says what levers there are.
        query: What stands after `?`.
        most_draws: How many histories may be asked for.

    Raises:
        UsageError: A key is unknown, or a value cannot be read.
        MonthError: A month cannot be read or lies outside the case.
    """
    if len(query) > LONGEST:
        raise UsageError(
            "the address is too long",
            where="address",
            found=f"{len(query):,} characters",
            expected=f"at most {LONGEST:,}",
        )
    pairs = decoded(query)
    own = [(name, value) for name, value in pairs if name in OWN]
    for name in OWN:
        if sum(1 for one, _ in own if one == name) > 1:
            raise UsageError("stands twice", where=name, expected="one value")
    compared = [value for name, value in pairs if name == COMPARE]
    if len(compared) > MOST_COMPARED:
        raise UsageError(
            "too many worlds", where=COMPARE, found=str(len(compared)), expected=f"at most {MOST_COMPARED}"
        )
    world = _world(case, [(name, value) for name, value in pairs if name not in (*OWN, COMPARE)])
    others = tuple(_world(case, [_pair(part) for part in text.split(";") if part]) for text in compared)
    return Address(case.case, world, others, **_fields(case, dict(own), most_draws))  # type: ignore[arg-type]


def decoded(query: str) -> list[tuple[str, str]]:
    """Keys and values of a query.

    Raises:
        UsageError: An escape is broken, or does not spell text.
    """
    broken = re.search(r"%(?![0-9a-fA-F]{2}).{0,2}", query)
    if broken:
        raise UsageError(
            "broken percent-encoding",
            where="address",
            found=shown(repr(broken[0])),
            expected="two hexadecimal digits after %",
        )
    try:
        # a plus stands for itself here, as it does in a path
        return parse_qsl(query.replace("+", "%2B"), keep_blank_values=True, errors="strict", max_num_fields=200)
    except UnicodeDecodeError as fault:
        raise UsageError("broken percent-encoding", where="address", expected="UTF-8") from fault
    except ValueError as fault:
        raise UsageError("too many values", where="address", expected="at most 200") from fault


def _fields(case: Case, given: dict[str, str], most_draws: int) -> dict[str, object]:
    found: dict[str, object] = {}
    if "months" in given:
        found["months"] = Span(*window.read(case, given["months"]))
    if "month" in given:
        found["month"] = _month(case, given["month"], "month")
    if "show" in given:
        if not _SHOW.fullmatch(given["show"]):
            raise UsageError("cannot read it", where="show", found=shown(repr(given["show"])), expected="a short name")
        found["show"] = given["show"]
    if "draws" in given:
        found["draws"] = whole_number("draws", given["draws"], 8, most_draws)
    if "key" in given:
        found["key"] = whole_number("key", given["key"], 0, 2**31 - 1)
    if "lang" in given:
        found["lang"] = choice("lang", given["lang"], LANGS)
    return found


def whole_number(name: str, text: str, low: int, high: int) -> int:
    """A whole number within bounds.

    Raises:
        UsageError: It is none, or lies outside.
    """
    if not (text.isascii() and text.isdigit() and len(text) < 12 and low <= int(text) <= high):
        raise UsageError(
            "the value does not fit",
            where=name,
            found=shown(repr(text)),
            expected=f"a whole number from {low} to {high}",
        )
    return int(text)


def choice(name: str, text: str, known: Iterable[str]) -> str:
    """One of several names.

    Raises:
        UsageError: It is none of them; names the nearest.
    """
    names = list(known)
    if text in names:
        return text
    hint = nearest(text[:80], names)
    raise UsageError(
        "not among those that are there",
        where=name,
        found=shown(repr(text)),
        expected=f"one of {listed(names, 20)}",
        way_out=f"Did you mean {hint!r}?" if hint else "",
    )


def _world(case: Case, pairs: list[tuple[str, str]]) -> AskedWorld:
    changes: list[ChangeWord] = []
    names: list[str] = []
    react = False
    for name, value in pairs:
        if name == REACT:
            react = react or value in ("", "1", "true") or bool(choice(REACT, value, ("", "1")))
        elif name == WORLD:
            names.append(choice(WORLD, value, declaring.shipped(case)))
        else:
            changes.append(_change(case, name, value))
    if len(changes) + len(names) > MOST_CHANGES:
        raise UsageError(
            "too many changes",
            where="address",
            found=f"{len(changes) + len(names):,}",
            expected=f"at most {MOST_CHANGES}",
            way_out="Put them into a file, and ask with `palanca whatif --changes FILE`.",
        )
    return AskedWorld(tuple(changes), tuple(dict.fromkeys(names)), react)


def _change(case: Case, key: str, text: str) -> ChangeWord:
    _check_key(case, key)
    found = _VALUE.fullmatch(text)
    if not found:
        raise UsageError(
            "cannot read the value",
            where=shown(key),
            found=shown(repr(text)),
            expected="VALUE, VALUE@FROM, VALUE@FROM..UNTIL, and :WHO after it",
        )
    value = found["value"]
    election = key.startswith("elections.")
    if not (
        election or value in (edit.OFF, edit.NONE) or _NUMBER.fullmatch(value) or multiple.factor(value) is not None
    ):
        raise UsageError(
            "cannot read the value",
            where=key,
            found=shown(repr(value)),
            expected="a number, a multiple of the record as `0.5x`, `off` or `none`",
        )
    first, last = (_month(case, found[side], key) if found[side] else None for side in ("first", "last"))
    if found["last"] and not found["dots"]:
        raise UsageError("cannot read the months", where=key, found=shown(repr(text)), expected="@FROM..UNTIL")
    if first and last and last < first:
        raise UsageError(
            "the change ends before it starts",
            where=key,
            found=f"{first} to {last}",
            expected="the earlier month first",
        )
    known = [code for axis in AXES for code in getattr(case, axis)]
    who = tuple(dict.fromkeys(choice(key, code, known) for code in (found["who"] or "").split(",") if code))
    return ChangeWord(key, value, first, last, who)


def _check_key(case: Case, key: str) -> None:
    lever, _, rest = key.partition(".")
    if key.startswith(KINDS) or (lever in case.levers and rest in ("", "cap")):
        return
    names = [*case.levers, *KNOWN]
    hint = nearest(key[:80], names)
    raise UsageError(
        "no such lever",
        where="address",
        found=shown(repr(key)),
        expected="a lever of the case, or one of " + listed(KNOWN, 20),
        way_out=f"Did you mean {hint!r}?" if hint else "",
    )


def _target(case: Case, key: str) -> str:
    lever, _, rest = key.partition(".")
    if lever not in case.levers:
        return key
    return f"levers.{lever}.{rest or tables.mechanisms()[case.levers[lever].mechanism].quantity}"


def _plain(value: str) -> float | str:
    return float(value) if _NUMBER.fullmatch(value) else value


def _month(case: Case, text: str, where: str) -> Month:
    month, span = Month.parse(text, where=where), case.span.span
    if month not in span:
        raise UsageError(
            "outside the span of the case",
            where=where,
            found=str(month),
            expected=f"a month from {span.first} to {span.last}",
        )
    return month


def _pair(part: str) -> tuple[str, str]:
    name, _, value = part.partition("=")
    return name, value


def _printed(pairs: Iterable[tuple[str, str]], safe: str) -> list[str]:
    return [f"{quote(name, safe=safe)}{'=' + quote(value, safe=safe) if value else ''}" for name, value in pairs]
