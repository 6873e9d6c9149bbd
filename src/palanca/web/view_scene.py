"""What every part of the page is drawn from: numbers of an answer, the month and outcome shown, and the words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from palanca.core.clock import Month
from palanca.questions import outcomes
from palanca.show import estimate, number
from palanca.show.estimate import Estimate
from palanca.show.page import MARKS
from palanca.show.sentence import LEAST, NAMED
from palanca.spec.schema import Case
from palanca.web.address import Address
from palanca.web.view_file import PageFile
from palanca.web.view_marks import BasisMark
from palanca.web.view_numbers import Numbers
from palanca.web.words import Words

SHOWN: Mapping[str, str] = MappingProxyType(  # short names in the address: the outcome that headline and curve tell
    {"en": "encounters", "de": "deaths", "ho": "held", "li": "let_in", "st": "stops"}
)
PLURAL: Mapping[str, str] = MappingProxyType(
    {
        "encounters": "encounters",
        "deaths": "deaths on the way",
        "held": "people on hold",
        "let_in": "people let in",
        "stops": "times that people are stopped in transit",
    }
)
STATION: Mapping[str, str] = MappingProxyType(
    {
        "set_out": "People who set out",
        "darien": "Walked the Darien",
        "stops": "Stopped in transit (events)",
        "returns": "Removed by the transit country",
        "settled": "Asked asylum in the transit country",
        "gone_home": "Gave up and went home",
        "held": "On hold, month's end",
        "encounters": "Encounters between ports (events)",
        "ports": "Encounters at ports (events)",
        "evaded": "Crossed unseen",
        "let_in": "Let in",
        "removed": "Removed by either government",
        "deaths": "Died on the way, at least",
        "kidnapped": "Kidnapped, at assumed chances",
        "extorted": "Extorted, at assumed chances",
    }
)


@dataclass(frozen=True, eq=False)
class Scene:
    """All that the parts of a page share.

    Args:
        numbers: Numbers of the answer.
        words: Words of the visitor's language.
        case: The case as declared.
        file: The page of the case.
        address: The address shown.
        month: Month shown.
    """

    numbers: Numbers
    words: Words
    case: Case
    file: PageFile
    address: Address
    month: Month

    @property
    def outcome(self) -> str:
        """The outcome that headline and curve tell."""
        return SHOWN.get(self.address.show, SHOWN["en"])

    @property
    def stations(self) -> Mapping[str, str]:
        """Outcomes of the corridor; nobody walks the Darien where no origin's way leads through it."""
        walked = any(one.darien > 0.0 for one in self.case.origins.values())
        return STATION if walked else {name: text for name, text in STATION.items() if name != "darien"}

    @property
    def differs(self) -> bool:
        """Whether the month shown may differ from history."""
        begins = self.numbers.begins
        return begins is not None and begins <= self.month

    def names(self) -> dict[str, str]:
        """What codes of origins, groups and sectors stand for, in the visitor's language."""
        return {code: self.words(name) for code, name in outcomes.names(self.case).items()}

    def based(self, given: Estimate | estimate.Basis) -> BasisMark:
        """A mark for a number, and how much of its width is assumed."""
        if not isinstance(given, Estimate):
            return BasisMark(mark=MARKS[str(given)], word=self.words(str(given)))
        share = given.assumed_share
        note = ""
        if share is not None and share >= LEAST and given.assumed_by:
            names = self.words(" and ").join(given.assumed_by[:NAMED])
            note = self.words("{share} of the width is assumed, by {names}", share=number.percent(share), names=names)
        return BasisMark(mark=MARKS[str(given.basis)], word=self.words(str(given.basis)), note=note)

    def now(self, name: str, part: str = "") -> str:
        """Number in the world shown: history's median and the median difference."""
        level = self.numbers.level(name, self.month, part)
        return self.words.amount(level + self.numbers.change(name, self.month, part).estimate)

    def then(self, name: str, part: str = "") -> str:
        """Number of history."""
        return self.words.amount(self.numbers.level(name, self.month, part))

    def change(self, name: str, part: str = "") -> str:
        """Median difference with its sign; empty where none can be read."""
        text = self.words.signed(self.numbers.change(name, self.month, part).estimate) if self.differs else ""
        return text if any(digit in text for digit in "123456789") else ""

    def doubt(self, name: str, part: str = "") -> str:
        """Interval of the difference; empty where there is none."""
        found = self.numbers.change(name, self.month, part)
        if not self.differs or found.low == found.high == 0.0:
            return ""
        low, high = (self.words.signed(end) for end in (found.low, found.high))
        return self.words("{low} to {high}", low=low, high=high)

    def query(self, **fields: object) -> str:
        """Query of the address with other fields."""
        return "?" + self.address.but(**fields).query()
