"""Every kind of fault a case file can have, and how one is worded for the reader who must mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from palanca.core.wording import nearest, printable

Place = tuple[str | int, ...]
# The last step of a place that means: where this key stands for the second time.
AGAIN = "(again)"


class FaultKind(StrEnum):
    """The kinds of fault, each with a broken file among the tests that earns it."""

    UNKNOWN_KEY = "unknown-key"
    MISSING_FIELD = "missing-field"
    DUPLICATE_KEY = "duplicate-key"
    WRONG_TYPE = "wrong-type"
    OUT_OF_BOUNDS = "out-of-bounds"
    BAD_DATE = "bad-date"
    REVERSED_DATES = "reversed-dates"
    OUTSIDE_SPAN = "outside-span"
    UNKNOWN_UNIT = "unknown-unit"
    UNIT_MISFIT = "unit-misfit"
    UNKNOWN_NAME = "unknown-name"
    UNKNOWN_MECHANISM = "unknown-mechanism"
    UNKNOWN_PARAMETER = "unknown-parameter"
    UNKNOWN_DATA_CODE = "unknown-data-code"
    WRONG_QUANTITY = "wrong-quantity"
    WRONG_CAP = "wrong-cap"
    WRONG_LAG = "wrong-lag"
    WRONG_HOLDER = "wrong-holder"
    WRONG_PRIOR = "wrong-prior"
    WRONG_ROLES = "wrong-roles"
    CONTRADICTION = "contradiction"
    UNSPOKEN_DEEDS = "unspoken-deeds"
    DELAY_SUM = "delay-sum"
    UNSAFE_TEXT = "unsafe-text"


MEANING = {
    FaultKind.UNKNOWN_KEY: "a key that the format does not have",
    FaultKind.MISSING_FIELD: "a field that every entry of this kind needs",
    FaultKind.DUPLICATE_KEY: "the same key twice in one mapping",
    FaultKind.WRONG_TYPE: "text where a number belongs, a list where a name belongs, and so on",
    FaultKind.OUT_OF_BOUNDS: "a number outside the bounds of its mechanism or parameter",
    FaultKind.BAD_DATE: "a date that cannot be read",
    FaultKind.REVERSED_DATES: "an end before its start",
    FaultKind.OUTSIDE_SPAN: "a date outside the span of the case",
    FaultKind.UNKNOWN_UNIT: "a unit that is not on the list",
    FaultKind.UNIT_MISFIT: "a unit that measures something else",
    FaultKind.UNKNOWN_NAME: "a lever, country, origin, group, sector or source that the case does not declare",
    FaultKind.UNKNOWN_MECHANISM: "a mechanism that is not in the table of what levers can act on",
    FaultKind.UNKNOWN_PARAMETER: "a parameter that is not in the table of parameters",
    FaultKind.UNKNOWN_DATA_CODE: "an origin whose code the figures do not know",
    FaultKind.WRONG_QUANTITY: "an entry that sets another quantity than its lever's mechanism takes, none, or two",
    FaultKind.WRONG_CAP: "a cap on a mechanism that takes none, or a cap without its unit",
    FaultKind.WRONG_LAG: "a lag longer than the span, or on a mechanism that acts at once",
    FaultKind.WRONG_HOLDER: "a lever held by a country whose role does not allow it",
    FaultKind.WRONG_PRIOR: "a parameter with neither value nor prior, or both, or a prior with the wrong numbers",
    FaultKind.WRONG_ROLES: "not exactly one destination and one transit country",
    FaultKind.CONTRADICTION: "one lever set twice for the same people on the same days",
    FaultKind.UNSPOKEN_DEEDS: "consequences carried out that no warning has announced",
    FaultKind.DELAY_SUM: "shares of arrival delay that do not sum to one",
    FaultKind.UNSAFE_TEXT: "a character that is not seen or that commands a terminal, or a start that spreadsheets run",
}


@dataclass(frozen=True)
class Fault:
    """One fault at one place of a file; `names` are the valid names to suggest from."""

    kind: FaultKind
    place: Place
    what: str
    found: str = ""
    expected: str = ""
    hint: str = ""

    def worded(self, where: str) -> str:
        """One line a reader can act on, starting with `where` (a `file:line`)."""
        facts = "; ".join(
            text
            for text in (
                f"found {self.found}" if self.found else "",
                f"expected {self.expected}" if self.expected else "",
            )
            if text
        )
        head = f"{where}: {printable(path(self.place))}: {self.what}" if self.place else f"{where}: {self.what}"
        hint = f" Did you mean {self.hint!r}?" if self.hint else ""
        return f"{head}{': ' + facts if facts else ''}.{hint} [{self.kind}]"


def unknown(kind: FaultKind, place: Place, what: str, name: str, names: Iterable[str], *, expected: str = "") -> Fault:
    """A fault for a name that is not on a list, with the nearest name that is."""
    known = list(names)
    return Fault(kind, place, what, repr(name), expected or _some(known), nearest(name, known))


def path(place: Place) -> str:
    """A place in a file as a reader writes it, as in `record[3].unit`."""
    text = ""
    for part in place[:-1] if place[-1:] == (AGAIN,) else place:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def _some(names: list[str]) -> str:
    if not names:
        return "a declared name, of which there are none"
    return "one of " + ", ".join(names[:20]) + (", …" if len(names) > 20 else "")
