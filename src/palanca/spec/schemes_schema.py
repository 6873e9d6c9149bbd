"""The shape of a file of schemes: what each is, what it requires of the model, and what it predicts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from palanca.spec.facts_schema import Assertion, Fact, Given, Step, Tolerance
from palanca.spec.schema import Names, Strict, Text

SchemeId = Annotated[str, StringConstraints(pattern=r"^SYS\d\d$")]
MOST = 9  # predictions of one scheme, so that a prediction has a number of its own
KINDS = ("mechanisms", "levers", "outcomes", "issues", "parameters")


class Requires(Strict):
    """What the model must have before a scheme or a prediction can be tried; `why` says what it stands for.

    A mechanism or lever is there where an equation computes its effect; an outcome where questions can ask for it; an
    issue where it lies on the bargaining table of the case; a parameter where the model has one of that name.
    """

    mechanisms: Names = ()
    levers: Names = ()
    outcomes: Names = ()
    issues: Names = ()
    parameters: Names = ()
    why: Text

    @property
    def named(self) -> list[tuple[str, str]]:
        """Every name with its kind."""
        return [(kind, name) for kind in KINDS for name in getattr(self, kind)]


class Prediction(Strict):
    """One prediction: what is said, what the model must have, what is done, what must then hold."""

    claim: Text
    requires: Requires | None = None
    part: Text | None = None
    caveat: Text | None = None
    evidence: Literal["twin", "replay", "forecast", "figures", "bargaining"] | None = None
    given: Given | None = None
    when: tuple[Step, ...] = ()
    needs: tuple[Assertion, ...] = ()
    then: tuple[Assertion, ...] = ()
    tolerance: Tolerance | None = None

    def fact(self, number: int, title: str, source: tuple[str, ...], lacking: str = "") -> Fact:
        """The prediction as a fact, which is how it is tried.

        Args:
            number: Its number among facts.
            title: What it is called.
            source: Who says so.
            lacking: What the model lacks for it; nothing if it has all.
        """
        if lacking:
            return Fact(id=number, title=title, claim=self.claim, source=source, not_expressible=lacking)
        return Fact(
            id=number,
            title=title,
            claim=self.claim,
            source=source,
            part=self.part,
            caveat=self.caveat,
            evidence=self.evidence,
            given=self.given,
            when=self.when,
            needs=self.needs,
            then=self.then,
            tolerance=self.tolerance,
        )


class Scheme(Strict):
    """One system, scheme, programme or instrument; its levers are those of the case whose `system` names it."""

    id: SchemeId
    title: Text
    what: Text
    source: Names
    issues: Names = ()
    requires: Requires | None = None
    predictions: Annotated[tuple[Prediction, ...], Field(max_length=MOST)]


class SchemesFile(Strict):
    """A file of schemes."""

    case: Text
    schemes: tuple[Scheme, ...]
