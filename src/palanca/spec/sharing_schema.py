"""The shape of a sharing scheme: members, key, places, procedures, criteria, costs and what else differs."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from palanca.spec.edit import EVERYONE, ChangeEntry
from palanca.spec.schema import AMonth, Covered, Names, Source, Strict, Text
from palanca.spec.uncertain import Sourced, SourcedChance, SourcedPositive

Share = Annotated[float, Field(ge=0.0, le=1.0)]


class Places(Strict):
    """How many people all members together admit in a year.

    Args:
        per_year: People [people / year].
        source: Keys of `sources`.
        note: Why this number.
    """

    per_year: int = Field(ge=0)
    source: Names
    note: Text | None = None


class KeySpec(Strict):
    """How places are divided among members.

    Args:
        kind: A named key, or `weighted` for weights of one's own.
        weights: For `weighted`: weight of each component (`population`, `gdp`, `unemployment`, `applications`).
        caps: For `weighted`: most that a component may add, as a share of what those without a cap add up to.
        year: Year of the figures.
        source: Keys of `sources`.
        note: Why this key.
    """

    kind: Literal["weighted", "eu2015", "ammr2024", "repaired", "population", "gdp"]
    weights: dict[Text, float] = Field(default_factory=dict)
    caps: dict[Text, float] = Field(default_factory=dict)
    year: int
    source: Names
    note: Text | None = None


class PledgeSpec(Strict):
    """What one member offers by itself.

    Args:
        per_year: People [people / year].
        source: Keys of `sources`.
        note: What was said.
    """

    per_year: int = Field(ge=0)
    source: Names
    note: Text | None = None


class ProcedureSpec(Strict):
    """A way to apply from home or from a neighbouring country.

    Args:
        name: How it is written.
        kind: What it decides on; `work` is open to those who migrate for work, all others to everyone else.
        at: Countries in which people apply.
        origins: Origins that may apply.
        groups: Groups that may apply.
        covered: Share of them that may apply [share].
        capacity: Decisions a month, of all places together [people / month].
        wait: Months that a decision takes without congestion [months].
        accepted: Share accepted; that of `criteria` if left out [share].
        appeal: Share of those refused who appeal [share].
        appeal_won: Share of appeals that succeed [share].
        placed: Whether those accepted wait for one of the members' places; if not, acceptance admits.
        hosts: Where acceptance admits: members that take people in, each with its weight; by their places if left out.
        source: Keys of `sources`.
        note: Why these numbers.
    """

    name: Text
    kind: Literal["protection", "prescreening", "work", "sponsor", "family"]
    at: Names
    origins: Covered = EVERYONE
    groups: Covered = EVERYONE
    covered: SourcedChance
    capacity: SourcedPositive
    wait: SourcedPositive
    accepted: SourcedChance | None = None
    appeal: SourcedChance | None = None
    appeal_won: SourcedChance | None = None
    placed: bool = True
    hosts: dict[Text, Annotated[float, Field(gt=0.0)]] = Field(default_factory=dict)
    source: Names
    note: Text | None = None


class Criteria(Strict):
    """Share of decisions that accept, by origin: the common rule, and those of members that decide by their own.

    Args:
        common: The common rule, by origin [share].
        other: Share for an origin that is not listed [share].
        own: What some members accept where each decides by its own rule, by member and origin [share].
        congruent: Whether all decide by the common rule.
        source: Keys of `sources`.
        note: Where they come from.
    """

    common: dict[Text, Share]
    other: Share
    own: dict[Text, dict[Text, Share]] = Field(default_factory=dict)
    congruent: bool = True
    source: Names
    note: Text | None = None


class SharingCosts(Strict):
    """What taking people in costs a member, and what it is worth to the others.

    Args:
        first: Cost of the first person, in the member with the highest income [usd / person].
        rise: How much more a person costs once a member takes on one for every hundred inhabitants in a year [share].
        arrival: Cost of a person who comes irregularly, as a multiple of one who is placed [multiples].
        worth: What a person protected is worth to each member, whoever takes them in, as a share of `first` [share].
    """

    first: Sourced
    rise: Sourced
    arrival: Sourced
    worth: Sourced


class SharingFile(Strict):
    """A sharing scheme as its file has it.

    Args:
        case: The case in whose world it runs.
        title: What it is, in words.
        start: First month in which procedures are open.
        end: Last month; by default the last of the case.
        members: Countries that share, by ISO code; the first is the corridor's destination.
        places: How many people a year they admit, divided by the key; left out where members pledge.
        key: How places are divided; with pledges only what burdens are measured against.
        pledges: What each member offers, in place of a division by the key.
        ceilings: Most that a member can receive in a year; the others take what is over, as far as they can [people].
        trade: Whether quotas are kept, or up to half of each is traded at a price.
        absent: Members that do not keep their quota.
        criteria: Whom they accept.
        procedures: Ways to apply, by id.
        behaviour: Numbers of `palanca.spec` on how people answer, where the scheme has its own.
        costs: What it costs.
        levers: What else differs from the record, worded as changes are.
        sources: Documents that the case does not already name.
    """

    case: Text
    title: Text
    start: AMonth
    end: AMonth | None = None
    members: Names
    places: Places | None = None
    key: KeySpec
    pledges: dict[Text, PledgeSpec] = Field(default_factory=dict)
    ceilings: dict[Text, int] = Field(default_factory=dict)
    trade: Literal["none", "market"] = "none"
    absent: tuple[Text, ...] = ()
    criteria: Criteria
    procedures: dict[Text, ProcedureSpec]
    behaviour: dict[Text, Sourced] = Field(default_factory=dict)
    costs: SharingCosts
    levers: tuple[ChangeEntry, ...] = ()
    sources: dict[Text, Source] = Field(default_factory=dict)
