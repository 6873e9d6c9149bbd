"""The shape of a bargaining table: parties, issues, payoffs, what is on the table when; unknown keys are refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from palanca.spec.faults import FaultKind
from palanca.spec.schema import FirstDay, LastDay, Names, Source, Strict, Text
from palanca.spec.uncertain import DOMAINS, AnyNumber, Chance, Domain, InnerChance, NotNegative, Positive

# Concave forms and the domain of each coefficient, as in palanca.bargain.utility, which this package may not import.
FORMS: Mapping[str, Mapping[str, str]] = {
    "linear": {"slope": "any"},
    "quadratic": {"slope": "any", "curve": "not_negative"},
    "log": {"scale": "not_negative", "rate": "not_negative"},
    "power": {"scale": "not_negative", "exponent": "share"},
    "saturating": {"scale": "not_negative", "rate": "not_negative"},
    "steep_cost": {"scale": "not_negative", "exponent": "one_or_more"},
    "threshold_cost": {"slope": "not_negative", "threshold": "any", "width": "positive"},
}
COEFFICIENTS = ("slope", "best", "curve", "scale", "rate", "exponent", "threshold", "width")
LEVERS = ("effort", "returns", "parole", "own")
PROPOSED = ("ultimatum", "proposer", "alternating")  # forms in which a side proposes; the others are concepts


class PartySpec(Strict):
    """A government at the table.

    Args:
        name: How it is written.
        role: Its part in the corridor.
        weight: Bargaining weight [relative].
        patience: Weight of next month's payoff [share].
        exit_hazard: Chance that whoever decides leaves office or loses the mandate [chance / month].
        floor: Least payoff it accepts, as from an outside option [payoff]; nothing beyond no deal if not given.
        elections: Days on which it votes, in order.
        source: Keys of `sources`.
        note: What a reader should know.
    """

    name: Text
    role: Literal["destination", "transit", "origin"]
    weight: Positive
    patience: InnerChance
    exit_hazard: Chance
    floor: AnyNumber | None = None
    elections: tuple[FirstDay, ...] = ()
    source: Names
    note: Text | None = None


class OnTable(Strict):
    """Days on which an issue can be on the table, and up to what amount.

    Args:
        first: First day (`from` in the file).
        last: Last day (`to`); None while it stays open.
        cap: Greatest amount that law and capacity allow [unit of issue].
        source: Keys of `sources`.
        note: Why.
    """

    first: FirstDay = Field(alias="from")
    last: LastDay = Field(alias="to")
    cap: float = Field(gt=0)
    source: Names
    note: Text


class IssueSpec(Strict):
    """Something one party can deliver.

    Args:
        owner: Party that delivers it.
        what: What delivering it means.
        unit: Unit of its amounts.
        low: Least amount [unit of issue].
        high: Greatest amount [unit of issue].
        status_quo: Amount without a deal [unit of issue].
        menu: The only amounts possible, for an issue that comes in lumps.
        per: Period over which its amounts are counted, `none` for a level or a total.
        kind: What sort of issue it is.
        traded: Whether it is given in exchange; what is set within a deal but never traded says false.
        ledger: Issues of the deal ledger that it stands for.
        lever: Which axis of the corridor's response it moves.
        observed: Chance that a breach is seen in the month [chance].
        on_table: When it can be on the table; always and in full if not given.
        source: Keys of `sources`.
        note: What a reader should know.
    """

    owner: Text
    what: Text
    unit: Text
    low: float = Field(default=0.0, ge=0)
    high: float
    status_quo: float
    menu: tuple[float, ...] = ()
    per: Literal["month", "year", "none"] = "month"
    kind: Literal["migration", "economic", "political"]
    traded: bool = True
    ledger: tuple[Text, ...] = ()
    lever: Literal["effort", "returns", "parole", "own", "none"] = "none"
    observed: Chance
    on_table: Annotated[tuple[OnTable, ...], Field(min_length=1)] | None = None
    source: Names
    note: Text | None = None


class PayoffSpec(Strict):
    """What a party or ratifier gets from an issue, in one of the listed concave forms.

    Args:
        name: Its own name.
        voice: Party or ratifier that feels it.
        issue: Issue it comes from.
        form: Name of the form.
        slope: Coefficient of the form [payoff / unit of issue].
        best: Amount at which a quadratic is highest [unit of issue]; stands in place of `slope`, which is best x curve.
        curve: Coefficient of the form [payoff / unit of issue^2].
        scale: Coefficient of the form [payoff].
        rate: Coefficient of the form [1 / unit of issue].
        exponent: Coefficient of the form.
        threshold: Coefficient of the form [unit of issue].
        width: Coefficient of the form [unit of issue].
        from_top: Whether the amount is counted down from the issue's upper bound.
        scaled_by: Which political multiplier it is scaled by, month by month.
        basis: Whether its size is assumed, from the literature, or from figures.
        source: Keys of `sources`.
        note: Why it has this size.
    """

    name: Text
    voice: Text
    issue: Text
    form: Text
    slope: AnyNumber | None = None
    best: AnyNumber | None = None
    curve: AnyNumber | None = None
    scale: AnyNumber | None = None
    rate: AnyNumber | None = None
    exponent: AnyNumber | None = None
    threshold: AnyNumber | None = None
    width: AnyNumber | None = None
    from_top: bool = False
    scaled_by: Literal["none", "hosting", "democracy"] = "none"
    basis: Literal["assumed", "literature", "figures"]
    source: Names
    note: Text

    @property
    def given(self) -> tuple[str, ...]:
        """Names of the coefficients written."""
        return tuple(name for name in COEFFICIENTS if getattr(self, name) is not None)

    @property
    def wanted(self) -> Mapping[str, str]:
        """Domain of every coefficient that its form takes, as written; nothing for a form that is not listed."""
        form = FORMS.get(self.form, {})
        if self.form == "quadratic" and self.best is not None and self.slope is None:
            return {"best": "not_negative", "curve": "not_negative"}
        return form

    def domain_of(self, coefficient: str) -> Domain:
        """Where a coefficient can lie, as its form says."""
        return DOMAINS[self.wanted.get(coefficient, "any")]


class Dislike(Strict):
    """What arrivals cost whom.

    Args:
        party: Party that dislikes them.
        dislike: What a thousand cost it at usual attention [payoff / thousand people].
        source: Keys of `sources`.
        note: What a reader should know.
    """

    party: Text
    dislike: NotNegative
    source: Names
    note: Text | None = None


class RatifierSpec(Strict):
    """Someone at home without whom a deal does not stand.

    Args:
        party: Party it belongs to.
        floor: Least payoff it accepts [payoff]; what it has without a deal if not given.
        dislike: What a thousand arrivals cost it [payoff / thousand people].
        source: Keys of `sources`.
        note: What a reader should know.
    """

    party: Text
    floor: AnyNumber | None = None
    dislike: NotNegative | None = None
    source: Names
    note: Text | None = None


class BudgetSpec(Strict):
    """A ceiling on a weighted sum of issues.

    Args:
        weights: Weight of each issue [unit of budget / unit of issue].
        limit: The ceiling [unit of budget].
        source: Keys of `sources`.
        note: What a reader should know.
    """

    weights: dict[Text, float] = Field(min_length=1)
    limit: float
    source: Names
    note: Text | None = None


class Stream(Strict):
    """People who come unless held back.

    Args:
        name: Its own name.
        size: How many come if every issue is at 0 [people / month].
        held_back_by: How strongly a unit of each issue thins them, exponentially [1 / unit of issue].
    """

    name: Text
    size: NotNegative
    held_back_by: dict[Text, NotNegative] = Field(default_factory=dict)


class FlowSpec(Strict):
    """Where arrivals by package come from: the fitted corridor of the case, or groups in closed form.

    Args:
        corridor: Whether the corridor of the case answers.
        groups: Groups of people.
        source: Keys of `sources`.
        note: What a reader should know.
    """

    corridor: bool = False
    groups: tuple[Stream, ...] = ()
    source: Names
    note: Text | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.corridor == bool(self.groups):
            found = "both" if self.corridor else "neither"
            context = {"found": found, "expected": "`corridor: true` or `groups`"}
            raise PydanticCustomError(FaultKind.MISSING_FIELD.value, "either a corridor or groups", context)
        return self


class ThreatSpec(Strict):
    """A harm announced if no agreement is reached.

    Args:
        name: Its own name.
        sender: Party that threatens.
        target: Party that is threatened.
        harm: What it costs the target if carried out [payoff].
        cost: What it costs the sender if carried out [payoff].
        survival: Chance that it stands in court once carried out [chance].
        belief: Chance, in the target's eyes, that it is carried out if no agreement is reached [chance].
        reputation: What backing down costs the sender [payoff].
        first: First day on which it stands (`from` in the file).
        last: Last day (`to`); None while it stays open.
        source: Keys of `sources`.
        note: What was threatened.
    """

    name: Text
    sender: Text
    target: Text
    harm: NotNegative
    cost: NotNegative
    survival: Chance
    belief: Chance
    reputation: NotNegative
    first: FirstDay = Field(alias="from")
    last: LastDay = Field(alias="to")
    source: Names
    note: Text


class ProtocolSpec(Strict):
    """How a deal comes about on some days: an efficient deal by the Nash concept where nothing is declared.

    Args:
        name: Its own name.
        form: One side proposes at a deadline, at any time, or both in turn; or gains are divided by a concept.
        proposer: Party that proposes, or offers first; none for a concept.
        issues: What an ultimatum leaves open until its deadline; by default all that the others deliver.
        months_between: Time from an offer to the answer with another, for offers in turn [months].
        first: First day on which it holds (`from` in the file).
        last: Last day (`to`), which for an ultimatum is its deadline; None while it stays open.
        source: Keys of `sources`.
        note: What it rests on.
    """

    name: Text
    form: Literal[
        "ultimatum", "proposer", "alternating", "nash", "kalai-smorodinsky", "egalitarian", "utilitarian"
    ]  # fmt: skip
    proposer: Text | None = None
    issues: tuple[Text, ...] = ()
    months_between: float = Field(default=1.0, gt=0)
    first: FirstDay = Field(alias="from")
    last: LastDay = Field(alias="to")
    source: Names
    note: Text


class TieSpec(Strict):
    """A clause that binds what one side gives to what another does: a deal holds both or neither.

    Args:
        name: Its own name.
        issues: The two issues, of two owners.
        ratio: Amount of the second for a unit of the first [unit / unit].
        first: First day on which it holds (`from` in the file).
        last: Last day (`to`); None while it stays open.
        source: Keys of `sources`.
        note: What it rests on.
    """

    name: Text
    issues: Annotated[tuple[Text, ...], Field(min_length=2, max_length=2)]
    ratio: float = Field(gt=0)
    first: FirstDay = Field(alias="from")
    last: LastDay = Field(alias="to")
    source: Names
    note: Text


class Priors(Strict):
    """What is believed where an entry does not say.

    Args:
        log_sd: Spread of a middle that has none of its own [log, or log odds of a chance].
    """

    log_sd: float = Field(gt=0)


class BargainFile(Strict):
    """A bargaining table as it stands in its file.

    Args:
        case: The case that it belongs to, if any: a shipped name, or a path seen from the file.
        title: What is bargained over by whom.
        unit: What payoffs are counted in.
        parties: Who bargains, by code.
        issues: What about, in the order of packages.
        payoffs: What each gets from each issue.
        arrivals: What arrivals cost.
        ratifiers: Who else must agree.
        budgets: Ceilings across issues.
        flow: Where arrivals by package come from.
        threats: Harms announced if no agreement is reached.
        protocols: How a deal comes about, where it is not an efficient one by the Nash concept.
        ties: Clauses that bind two issues.
        priors: What is believed where an entry does not say.
        sources: Documents that the case and its ledger do not already name.
    """

    case: Text | None = None
    title: Text
    unit: Text
    parties: dict[Text, PartySpec]
    issues: dict[Text, IssueSpec]
    payoffs: tuple[PayoffSpec, ...]
    arrivals: Dislike
    ratifiers: dict[Text, RatifierSpec] = Field(default_factory=dict)
    budgets: dict[Text, BudgetSpec] = Field(default_factory=dict)
    flow: FlowSpec
    threats: tuple[ThreatSpec, ...] = ()
    protocols: tuple[ProtocolSpec, ...] = ()
    ties: tuple[TieSpec, ...] = ()
    priors: Priors
    sources: dict[Text, Source] = Field(default_factory=dict)
