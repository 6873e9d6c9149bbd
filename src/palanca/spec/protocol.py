"""How the deal of a month comes about: as asked for in a word, or as the bargaining table declares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.core.wording import nearest
from palanca.spec.bargain_schema import PROPOSED, ProtocolSpec
from palanca.spec.bargain_spec import BargainSpec

FORMS: tuple[str, ...] = get_args(ProtocolSpec.model_fields["form"].annotation)
WHERE = "--protocol"


@dataclass(frozen=True)
class Protocol:
    """How a deal comes about.

    Args:
        form: One of `FORMS`.
        proposer: Party that proposes, or offers first; none for a concept.
        issues: What an ultimatum leaves open; nothing for all that the others deliver.
        months_between: Time between offers in turn [months].
    """

    form: str
    proposer: str | None = None
    issues: tuple[str, ...] = ()
    months_between: float = 1.0

    @property
    def label(self) -> str:
        """What a table calls it."""
        if self.form == "ultimatum":
            return f"ultimatum by {self.proposer}"
        if self.form == "proposer":
            return f"{self.proposer} proposes"
        return f"offers in turn, {self.proposer} first" if self.form == "alternating" else self.form


def in_force(spec: BargainSpec, month: Month | None) -> Protocol:
    """The protocol that a table declares for a month, or the Nash concept."""
    declared = spec.protocol_at(month)
    return Protocol("nash") if declared is None else _of(declared)


def asked(text: str, spec: BargainSpec, month: Month | None) -> Protocol:
    """A protocol in a word: a name of the table, or `FORM`, `FORM:PARTY`, `alternating:PARTY:MONTHS`.

    Args:
        text: The word.
        spec: The bargaining table.
        month: The month of the talks.

    Raises:
        UsageError: There is no such form or party, a side that proposes is not named, offers in turn have not two
            sides or no time between them, or an ultimatum comes from a side that threatens nothing in the month.
    """
    named = {one.name: one for one in spec.file.protocols}
    found = _of(named[text]) if text in named else _read(text, spec)
    threats = () if month is None else spec.threats_at(month)
    if found.form == "ultimatum" and all(one.sender != found.proposer for one in threats):
        raise UsageError(
            "an ultimatum by a side without a threat",
            where=WHERE,
            found=f"no threat by {found.proposer} in {month}" if month else "a table without a calendar",
            expected="a threat of the proposer in force",
            way_out=f"Take another month, or `proposer:{found.proposer}`, which threatens nothing.",
        )
    return found


def _read(text: str, spec: BargainSpec) -> Protocol:
    form, _, rest = text.partition(":")
    proposer, _, between = rest.partition(":")
    if form not in FORMS:
        hint = nearest(form, FORMS)
        raise UsageError(
            "no such protocol", where=WHERE, found=repr(form), expected=f"one of {', '.join(FORMS)}",
            way_out=f"Did you mean {hint!r}?" if hint else "",
        )  # fmt: skip
    sides = ", ".join(spec.parties)
    if form not in PROPOSED:
        if rest:
            raise UsageError("nobody proposes in a concept", where=WHERE, found=repr(text), expected=repr(form))
        return Protocol(form)
    if not proposer:
        raise UsageError(
            "a protocol without a proposer", where=WHERE, found=repr(text), expected=f"{form}:PARTY, one of {sides}",
            way_out=f"Say who proposes, as in `{form}:{next(iter(spec.parties))}`.",
        )  # fmt: skip
    if proposer not in spec.parties:
        raise UsageError("no such party at the table", where=WHERE, found=repr(proposer), expected=f"one of {sides}")
    if form == "alternating" and len(spec.parties) != 2:
        raise UsageError("offers in turn need two parties", where=WHERE, found=sides, expected="two at the table")
    return Protocol(form, proposer, (), _months(between, form))


def _months(text: str, form: str) -> float:
    if not text:
        return 1.0
    number = float(text) if text.replace(".", "", 1).isascii() and text.replace(".", "", 1).isdigit() else 0.0
    if form != "alternating" or not 0.0 < number <= 1200.0:
        raise UsageError(
            "time between offers cannot be read", where=WHERE, found=repr(text),
            expected="months above 0, as in `alternating:PARTY:0.5`, for offers in turn alone",
        )  # fmt: skip
    return number


def _of(declared: ProtocolSpec) -> Protocol:
    return Protocol(declared.form, declared.proposer, declared.issues, declared.months_between)
