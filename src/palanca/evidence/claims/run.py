"""Claims on deals by name: each worked out once, as rows and findings; those that need deals struck share one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from palanca.core.clock import Month
from palanca.evidence.claims import (
    criticism,
    fading,
    linked_tone,
    pathways,
    price,
    rows,
    venezuela,
    words,
)
from palanca.evidence.claims.rows import ClaimRow
from palanca.questions.bargaining import prepared
from palanca.questions.bargaining.prepared import PreparedBargain
from palanca.questions.corridor import Corridor
from palanca.questions.ledger import rules
from palanca.questions.options import RunOptions
from palanca.show.answer import Finding
from palanca.spec.bargain_spec import load_bargain
from palanca.spec.ledger import Ledger

WITH_TABLE = {"criticism", "price", "pathways"}
PRICED = tuple(Month.parse(text) for text in ("2019-07", "2021-04", "2022-10", "2023-04", "2024-01"))  # struck again


@dataclass(frozen=True, eq=False)
class Claim:
    """One claim, worked out.

    Args:
        name: Its name, from `titles`.
        rows: Every number that bears on it.
        findings: What it came to, the most important first.
    """

    name: str
    rows: tuple[ClaimRow, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, eq=False)
class ClaimBench:
    """What claims are set against.

    Args:
        corridor: The fitted corridor.
        ledger: The deal ledger.
        options: Draws and key.
        wanted: Names of the claims.
    """

    corridor: Corridor
    ledger: Ledger
    options: RunOptions
    wanted: tuple[str, ...]

    @cached_property
    def table(self) -> PreparedBargain:
        """The bargaining table made ready for months that any claim looks at."""
        setting = self.corridor.setting
        months = sorted({*criticism.leverage_months(setting), *PRICED})
        talks = load_bargain(setting.case.case)
        pair = (setting, self.corridor.fit)
        return prepared.prepare(talks, months, corridor=pair, draws=self.options.draws, key=self.options.key)

    def all(self) -> list[Claim]:
        """Every claim wanted, in their order.

        Raises:
            UsageError: The case has no such pair of governments, or the ledger does not fit it.
        """
        found = []
        for place, name in enumerate(self.wanted):
            if self.options.progress is not None:
                self.options.progress(place, len(self.wanted))
            found.append(self.one(name))
        return found

    def one(self, name: str) -> Claim:
        """One claim by its name."""
        if name in WITH_TABLE:
            return self._struck(name)
        setting, fit, options = self.corridor.setting, self.corridor.fit, self.options
        if name == "linked-tone":
            tones = [linked_tone.linked_tone(self.ledger, apart=apart, key=options.key) for apart in (False, True)]
            return _claim(name, rows.linked_tone(*tones), words.linked_tone(*tones))
        if name == "fading":
            faded = fading.fading(setting, fit, ledger=self.ledger, draws=options.draws, key=options.key)
            return _claim(name, rows.fading(faded), words.fading(faded))
        if name == "reactions":
            learned = rules.learned(setting, ledger=self.ledger, draws=options.draws, key=options.key)
            return _claim(name, rows.reactions(learned), words.reactions(learned))
        could = venezuela.discretion(setting, fit, draws=options.draws, key=options.key)
        return _claim(name, rows.discretion(could), words.discretion(could))

    def _struck(self, name: str) -> Claim:
        """A claim that needs deals struck at the bargaining table."""
        setting, fit, options = self.corridor.setting, self.corridor.fit, self.options
        if name == "criticism":
            spoken = criticism.criticism(setting, fit, self.table, ledger=self.ledger, key=options.key)
            return _claim(name, rows.criticism(spoken), words.criticism(spoken))
        if name == "price":
            priced = price.price(setting, self.table, PRICED, key=options.key)
            return _claim(name, rows.price(priced), words.price(priced))
        ways = pathways.pathways(setting, fit, self.table, draws=options.draws, key=options.key)
        return _claim(name, rows.pathways_of(ways), words.pathways(ways))


def _claim(name: str, found: Sequence[ClaimRow], findings: Sequence[Finding]) -> Claim:
    return Claim(name, tuple(found), tuple(findings))
