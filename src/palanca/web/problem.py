"""What went wrong, as pages and programs are told it: an error with its slug, never a path or a trace."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType

from palanca.core.errors import (
    BargainError,
    CaseErrors,
    ChangeError,
    FitError,
    MonthError,
    OutputError,
    PalancaError,
    RoomError,
    UnitError,
    UnsettledError,
    UsageError,
)
from palanca.core.wording import printable

KIND = "application/problem+json"
ASKED_WRONGLY = (UsageError, ChangeError, MonthError, UnitError, BargainError, CaseErrors, UnsettledError)
LATER = (FitError, OutputError, RoomError)
_PATH = re.compile(r"(?:(?<=[\s'\"(])|^)(?:[A-Za-z]:)?[\\/](?:[^\s\\/:'\"]+[\\/])+[^\s:'\"]*")
TITLES: Mapping[int, tuple[str, str]] = MappingProxyType(  # of what HTTP itself refuses: slug, words
    {
        400: ("usage", "the request cannot be read"),
        404: ("usage", "nothing is there"),
        405: ("usage", "the address takes no such request"),
        408: ("usage", "the body came too slowly"),
        413: ("usage", "the body is too large"),
        415: ("usage", "the body must be JSON"),
        421: ("usage", "this server has another name"),
        429: ("usage", "too many questions at once"),
        503: ("memory", "too much is asked of this server at the moment"),
    }
)


@dataclass(frozen=True)
class Problem:
    """What went wrong.

    Args:
        status: Of HTTP.
        slug: Which entry of the page of errors.
        title: What is wrong, in one plain clause.
        where: Field or key in which it is wrong.
        found: What stood there.
        expected: What should have stood there.
        way_out: What the reader can do about it.
    """

    status: int
    slug: str
    title: str
    where: str = ""
    found: str = ""
    expected: str = ""
    way_out: str = ""

    def document(self) -> dict[str, object]:
        """As `application/problem+json`."""
        own = {name: value for name, value in asdict(self).items() if value != ""}
        return {"type": f"/errors#{self.slug}", **own}


class HttpError(Exception):
    """A request that is refused before any question is asked.

    Args:
        status: Of HTTP.
        expected: What should have come.
        way_out: What the visitor can do about it.
    """

    def __init__(self, status: int, expected: str = "", way_out: str = "") -> None:
        super().__init__(status)
        self.status, self.expected, self.way_out = status, expected, way_out


def of(fault: Exception) -> Problem:
    """An error as a visitor is told of it."""
    if isinstance(fault, HttpError):
        slug, title = TITLES[fault.status]
        return Problem(fault.status, slug, title, expected=fault.expected, way_out=fault.way_out)
    if isinstance(fault, CaseErrors):
        return Problem(422, fault.slug, clean(fault.what), found=clean("; ".join(fault.faults[:5])))
    if not isinstance(fault, PalancaError):
        return Problem(500, "unforeseen", "something went wrong that palanca did not foresee")
    status = 422 if isinstance(fault, ASKED_WRONGLY) else 503 if isinstance(fault, LATER) else 500
    return Problem(
        status, fault.slug, *map(clean, (fault.what, fault.where, fault.found, fault.expected, fault.way_out))
    )


def missing(fault: UsageError) -> Problem:
    """An error about the address itself: what it names is not there."""
    return Problem(404, fault.slug, *map(clean, (fault.what, fault.where, fault.found, fault.expected, fault.way_out)))


def clean(text: str) -> str:
    """A text without paths of the machine, or characters that nobody sees."""
    return printable(_PATH.sub("…", text))[:2000]
