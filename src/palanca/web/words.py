"""Every string of the page in the visitor's language; English is the key, and what has no translation says so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from palanca.core.clock import Month
from palanca.core.wording import MONTHS
from palanca.show.number import NO_BREAK, number, signed
from palanca.spec import marks
from palanca.spec.schema import Strict

FOLDER = Path(__file__).parent / "catalogues"
DEPTH = 4  # phrases within phrases
MILLION = f"{NO_BREAK}million"
ANY_MONTH = "|".join(MONTHS)
DATED = re.compile(rf"\b({ANY_MONTH})[ {NO_BREAK}](\d{{4}})")
SHAPES = {"iv": r"(?P<iv>\[[^\]]*\])", "share": r"(?P<share>[0-9.]+\s%)"}  # of places that hold no words
FIELD = re.compile(r"\\\{([a-z]+)\\\}")


class Said(Strict):
    """A text and the language it is in, so that a reader's voice can change where nobody translated it.

    Args:
        text: The text.
        lang: Its language.
    """

    text: str
    lang: str = "en"


class Pattern(Strict):
    """A sentence with places for numbers and phrases, in English and in another language."""

    en: str
    to: str


class Catalogue(Strict):
    """Translations into one language.

    Args:
        months: Names of the months.
        million: What stands for a million after a number.
        month: How a month and a year are joined.
        names: Names that are written otherwise, wherever they stand.
        plain: Texts of the page, whose places are filled by it.
        sentences: Texts of answers, whose places are found in them.
    """

    months: tuple[str, ...]
    million: str
    month: str
    names: dict[str, str]
    plain: dict[str, str]
    sentences: tuple[Pattern, ...]


@dataclass(frozen=True, eq=False)
class Words:
    """The words of one language.

    Args:
        lang: The language.
        held: Its translations.
        patterns: Sentences that can be recognised.
    """

    lang: str
    held: Catalogue
    patterns: tuple[tuple[re.Pattern[str], str], ...]

    def __call__(self, text: str, **fields: str) -> str:
        """A text of the page; places such as `{month}` are filled in."""
        found = self.held.plain.get(text) or self.held.names.get(text, text)
        return found.format(**fields) if fields else found

    def knows(self, text: str) -> bool:
        """Whether the catalogue holds a text."""
        return text in self.held.plain

    def month(self, month: Month, *, year: bool = True, short: bool = False) -> str:
        """A month, as `January 2024`, `January` or `Jan`."""
        name = self.held.months[month.number - 1]
        if short:
            return name[:3]
        return self.held.month.format(month=name, year=month.year) if year else name

    def amount(self, value: float) -> str:
        """A number to three significant digits."""
        return self._localised(number(value))

    def signed(self, value: float) -> str:
        """The same with its sign."""
        return self._localised(signed(value))

    def between(self, low: float, high: float) -> str:
        """An interval; both ends below zero are told by their size, both sides of it with their signs."""
        if low < 0.0 <= high:
            return self("{low} to {high}", low=self.signed(low), high=self.signed(high))
        near, far = sorted((abs(low), abs(high)))
        return self("{low} to {high}", low=self.amount(near), high=self.amount(far))

    def said(self, text: str) -> Said:
        """A sentence of an answer; in English where nobody translated it."""
        if self.lang == "en":
            return Said(text=text)
        found = self._phrase(text, DEPTH)
        return Said(text=text) if found is None else Said(text=found, lang=self.lang)

    def _phrase(self, text: str, depth: int) -> str | None:
        """A translated text; nothing where words of it are not known."""
        if text in self.held.plain:
            return self.held.plain[text]
        for pattern, to in self.patterns if depth else ():
            match = pattern.fullmatch(text)
            if match is None:
                continue
            parts = {name: self._phrase(part, depth - 1) for name, part in match.groupdict().items()}
            if None not in parts.values():
                return to.format(**parts)
        return self._dated(text)

    def _dated(self, text: str) -> str | None:
        """Numbers, names and months as they are written here; nothing where words stand beside them."""
        rest = re.sub(rf"\b({'|'.join([ANY_MONTH, *self.held.names])}|million|to)\b", "", text)
        if re.search(r"\b[a-z]{3,}\b", rest):
            return None
        found = DATED.sub(lambda match: self._month_of(match[1], match[2]), text)
        found = re.sub(rf"\b({ANY_MONTH})\b", lambda match: self._month_of(match[1], ""), found)
        return self._named(self._localised(found)).replace(" to ", f" {self('to')} ")

    def _named(self, text: str) -> str:
        for name, own in self.held.names.items():
            text = text.replace(name, own)
        return text

    def _month_of(self, name: str, year: str) -> str:
        month = self.held.months[MONTHS.index(name)]
        return self.held.month.format(month=month, year=year) if year else month

    def _localised(self, text: str) -> str:
        return text.replace(MILLION, f"{NO_BREAK}{self.held.million}")


@cache
def words(lang: str) -> Words:
    """The words of a language; English where there is no catalogue for it."""
    path = FOLDER / f"{lang}.yaml"
    if not path.is_file():
        return words("en")
    held = Catalogue.model_validate(marks.read(path).content)
    return Words(lang, held, tuple((_pattern(one.en), one.to) for one in held.sentences))


def _pattern(text: str) -> re.Pattern[str]:
    """A regular expression in which `{name}` holds whatever stands there, `{iv}` brackets and `{share}` a share."""
    found = FIELD.sub(lambda match: SHAPES.get(match[1], f"(?P<{match[1]}>.+?)"), re.escape(text))
    return re.compile(found)
