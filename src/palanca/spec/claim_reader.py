"""Reads the expression of a claim from its text; series, labels and functions are checked while it is read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from palanca.core.clock import Span
from palanca.core.errors import MonthError
from palanca.core.wording import nearest
from palanca.data import catalogue
from palanca.spec.claim_expression import (
    FUNCTIONS,
    Applied,
    DaysTerm,
    Expression,
    ExpressionFault,
    Operation,
    PlainNumber,
    SeriesTerm,
    chosen,
    meaning,
    months_of,
)
from palanca.spec.faults import FaultKind

# What a sum over labels or months means something for: counts of these, in a month or a year.
COUNTED = ("events", "people", "deaths", "entries", "flights", "visas", "usd", "barrels")
WHOLE = ("total", "all")  # starts of labels that hold the rest of their axis, so that no sum may take both
DAYS = "days"
MOST_BRACKETS = 20
_TOKEN = re.compile(
    r"\s*(?:(?P<months>\d{4}-\d{2}(?:\.\.\d{4}-\d{2})?|\d{4}\.\.\d{4})|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<labels>\[[^\[\]]*\])|(?P<sign>[-+*/(),]))"
)


def parse(text: str) -> Expression:
    """Read an expression and check every series, label and function in it.

    Raises:
        ExpressionFault: It cannot be read, or names what does not exist.
    """
    if text.count("(") > MOST_BRACKETS:
        raise ExpressionFault(
            FaultKind.WRONG_TYPE, "too many brackets", str(text.count("(")), f"{MOST_BRACKETS} at most"
        )
    reader = _Reader(text)
    read = reader.added()
    if reader.here:
        raise _unread(reader)
    meaning(read)
    return read


class _Reader:
    """Reads an expression from left to right, one token ahead."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.kind, self.here = "", ""
        self.next()

    def next(self) -> str:
        """Step to the next token; gives the one that was read."""
        read = self.here
        match = _TOKEN.match(self.text, self.at)
        if match is None:
            if self.text[self.at :].strip():
                raise ExpressionFault(
                    FaultKind.WRONG_TYPE, "cannot read the expression", repr(self.text[self.at :].strip()[:20]),
                    "series, labels in brackets, + - * / and functions",
                )  # fmt: skip
            self.kind, self.here, self.at = "", "", len(self.text)
            return read
        self.at, self.kind = match.end(), str(match.lastgroup)
        self.here = str(match[self.kind])
        return read

    def added(self) -> Expression:
        """Terms under plus and minus."""
        found = self.multiplied()
        while self.here in ("+", "-"):
            found = Operation(self.next(), found, self.multiplied())
        return found

    def multiplied(self) -> Expression:
        """Parts under times and divided by."""
        found = self.part()
        while self.here in ("*", "/"):
            found = Operation(self.next(), found, self.part())
        return found

    def part(self) -> Expression:
        """A number, a series, a function, or something in brackets."""
        if self.kind == "number":
            return PlainNumber(float(self.next()))
        if self.here == "(":
            self.next()
            found = self.added()
            self.closed()
            return found
        if self.kind == "name":
            name = self.next()
            return (
                self.function(name)
                if self.here == "("
                else _series(name, self.labels())
                if name != DAYS
                else DaysTerm()
            )
        raise _unread(self)

    def labels(self) -> tuple[str, ...]:
        """Labels in brackets, if there are any."""
        if self.kind != "labels":
            return ()
        return tuple(label.strip() for label in self.next()[1:-1].split(","))

    def function(self, name: str) -> Expression:
        """A function and its arguments, its name having been read."""
        if name not in FUNCTIONS:
            raise _unknown("unknown function", name, FUNCTIONS)
        self.next()
        part = self.added()
        months: list[Span] = []
        bounds: list[float] = []
        while self.here == ",":
            self.next()
            if self.kind not in ("months", "number"):
                raise _unread(self)
            whole_year = self.kind == "number" and not (FUNCTIONS[name].bound and not bounds)
            if self.kind == "months" or whole_year:
                months.append(_span(self.next()))
            else:
                bounds.append(float(self.next()))
        self.closed()
        return _fitting(Applied(name, part, tuple(months), bounds[0] if bounds else None))

    def closed(self) -> None:
        """Step over a closing bracket."""
        if self.here != ")":
            raise _unread(self)
        self.next()


def _series(name: str, labels: tuple[str, ...]) -> SeriesTerm:
    known = catalogue.entries()
    if name not in known:
        raise _unknown("unknown series", name, known, "an id that `palanca data list` prints")
    row = known[name]
    every = [label for axis in row.labels.values() for label in axis]
    for label in labels:
        if label not in every:
            raise _unknown(f"unknown label of {name}", label, every)
    for label, count in Counter(labels).items():
        if count > 1:
            raise ExpressionFault(FaultKind.DUPLICATE_KEY, "the label stands twice", repr(label), "once")
    term = SeriesTerm(name, labels)
    _summable(term)
    return term


def _summable(term: SeriesTerm) -> None:
    """Refuse a sum over labels that means nothing, or that would count people twice."""
    row = catalogue.get(term.series)
    named = chosen(term)
    counted = row.unit.partition(" ")[0] in COUNTED and not row.unit.startswith("usd / year")
    for axis, labels in row.labels.items():
        taken = named.get(axis, labels)
        if len(taken) == 1:
            continue
        whole = [label for label in taken if label.lower().startswith(WHOLE)]
        if not counted or whole:
            why = f"{whole[0]!r} holds the others" if whole else f"{row.unit} cannot be added up"
            raise ExpressionFault(
                FaultKind.WRONG_QUANTITY, f"one {axis} is meant, for {why}", f"{len(taken)} of {term.series}",
                f"one of {', '.join(labels[:20])}",
            )  # fmt: skip


def _fitting(found: Applied) -> Applied:
    """The function with its arguments, if it takes so many."""
    asked = FUNCTIONS[found.function]
    least, most = asked.months
    given = len(found.months)
    if not least <= given <= most:
        expected = f"{least}" if least == most else f"{least} to {most}"
        raise ExpressionFault(
            FaultKind.WRONG_QUANTITY, f"months that `{found.function}` is given", str(given), f"{expected} of them"
        )
    if asked.bound != (found.bound is not None):
        raise ExpressionFault(
            FaultKind.WRONG_QUANTITY, f"numbers that `{found.function}` is given",
            "none" if asked.bound else "one", "one" if asked.bound else "none",
        )  # fmt: skip
    if found.function == "at" and len(found.months[0]) > 1 and not meaning(found.part).yearly:
        raise ExpressionFault(FaultKind.WRONG_QUANTITY, "`at` names one month", f"{len(found.months[0])} months")
    return found


def _span(text: str) -> Span:
    try:
        return months_of(text)
    except MonthError as fault:
        raise ExpressionFault(
            FaultKind.BAD_DATE, "cannot read the months", repr(text), "YYYY-MM, YYYY or A..B"
        ) from fault


def _unknown(what: str, name: str, names: Iterable[str], expected: str = "") -> ExpressionFault:
    told = expected or "one of " + ", ".join(list(names)[:20])
    return ExpressionFault(FaultKind.UNKNOWN_NAME, what, repr(name), told, nearest(name, names))


def _unread(reader: _Reader) -> ExpressionFault:
    found = repr(reader.here) if reader.here else "its end"
    return ExpressionFault(
        FaultKind.WRONG_TYPE, "cannot read the expression", found, "a series, a number, a function or a bracket"
    )
