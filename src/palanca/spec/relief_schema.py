"""The shape of a conditional relief: clauses, slices, stakes, clock, what was seen; every number a sourced belief."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from palanca.spec.schema import FirstDay, LastDay, Names, Source, Strict, Text
from palanca.spec.uncertain import Sourced, SourcedChance, SourcedInnerChance


class ReliefParty(Strict):
    """A government at the table.

    Args:
        patience: Weight of next month's payoff [share].
        precision: How closely its choices follow its payoffs [per unit of its payoff].
    """

    patience: SourcedInnerChance
    precision: Sourced


class Licence(Strict):
    """The paper through which a slice of relief is given.

    Args:
        name: What it is called.
        first: Day from which it holds.
        last: Day on which it lapses unless renewed; none if it has no term.
    """

    name: Text
    first: FirstDay
    last: LastDay = None


class Slice(Strict):
    """Relief that hangs on a clause.

    Args:
        name: How it is written.
        licence: The paper that gives it, with its term.
        size: Revenue that it brings [payoff / month].
        oil: Whether withdrawing it touches the price of oil.
    """

    name: Text
    licence: Licence
    size: Sourced
    oil: bool = False


class Due(Strict):
    """When a clause falls due: a fact, with its document.

    Args:
        date: First day on which it can be broken; nothing is owed before.
        source: Keys of `sources`.
        note: What was to be done by then.
    """

    date: FirstDay
    source: Names
    note: Text


class Clause(Strict):
    """What is asked for, what it costs to give, and what hangs on it.

    Args:
        name: How it is written.
        due: When it falls due; from the day on which relief begins if left out.
        survival_cost: Fall in the log chance to stay in office while it is kept [log points / month].
        seen_chance: Chance that a breach is seen [chance / month].
        worth: What it is worth to the destination while kept [payoff / month].
        slice: The relief tied to it.
    """

    name: Text
    due: Due | None = None
    survival_cost: Sourced
    seen_chance: SourcedChance
    worth: Sourced
    slice: Slice


class OfficeSpec(Strict):
    """What staying in power is worth to the government under conditions.

    Args:
        worth: Worth of office itself [payoff / month].
        revenue: Revenue whatever is done [payoff / month].
        distrust: Chance, in its eyes, that relief goes however it behaves [chance]; used where a variant says so.
        most_payment: Most oil relief that could be paid for any clause [payoff / month].
    """

    worth: Sourced
    revenue: Sourced
    distrust: SourcedChance
    most_payment: Sourced


class ReliefStakes(Strict):
    """What else either side gains or loses; see `bargain.snapback.Stakes`.

    Args:
        relief_cost: Cost to the destination of relief in force [per unit of relief / month].
        resolve: What it gains by withdrawing relief tied to a breach that it sees [per unit of relief].
        flights: What deportation flights are worth to it [payoff / month].
        standing: What letting them go on is worth to the other side [payoff / month].
        retort: What stopping them is worth to it while relief is withheld [per unit of relief / month].
        restore_cost: What giving relief back costs the destination [per unit of relief]; nothing if left out.
        word: What withdrawing relief tied to no breach that it sees costs it [per unit of relief]; likewise.
    """

    relief_cost: Sourced
    resolve: Sourced
    flights: Sourced
    standing: Sourced
    retort: Sourced
    restore_cost: Sourced | None = None
    word: Sourced | None = None


class SnapCost(Strict):
    """What withdrawing a unit of relief costs the destination [payoff per unit of relief].

    Args:
        oil_price: Through the price of oil.
        migration: Through departures, if all encounters were of that nationality.
        advocacy: Through the transit country's displeasure, if it asked for nothing else.
        asked: How hard it asks [share].
        lift: By how much losses weigh more on election day [share].
        spell: Months over which that weight fades going back [months].
        lapse: Share of the cost that is left when a licence is let lapse on its last day [share].
    """

    oil_price: Sourced
    migration: Sourced
    advocacy: Sourced
    asked: SourcedChance
    lift: Sourced
    spell: Sourced
    lapse: SourcedChance


class Migration(Strict):
    """Where the nationality's share of encounters is read.

    Args:
        series: Id of a catalogued series by month and origin.
        origin: Its code there.
        months: Whole months before the relief over which the share is taken.
    """

    series: Text
    origin: Text
    months: int = Field(ge=1, le=24)


class Reputation(Strict):
    """What the destination believes of the other's kind, and what a breach teaches.

    Args:
        trusted: Belief, before, that it is of the kind that can be bought [chance].
        keeps_bought: Chance that this kind keeps the dear clause [chance].
        keeps_survivor: The same for a kind that puts office first [chance].
    """

    trusted: SourcedChance
    keeps_bought: SourcedChance
    keeps_survivor: SourcedChance


class ClauseReading(Strict):
    """Which clauses stand for what in the two facts that the case is known for.

    Args:
        cheap: Clauses said to be kept.
        dear: The clause said to be broken.
        small: The clause whose slice is said to go first.
        large: The clause whose slice is said to go at the clock.
    """

    cheap: Names
    dear: Text
    small: Text
    large: Text


class Rival(Strict):
    """Another reading of which slice hangs on which clause: two slices change places.

    Args:
        name: How it is written.
        swap: The two clauses.
        source: Keys of `sources`.
        note: Why it may be so.
    """

    name: Text
    swap: tuple[Text, Text]
    source: Names
    note: Text


class Seen(Strict):
    """Something that happened.

    Args:
        date: Day.
        act: What happened to a clause (kept, broken), to its slice (withdrawn, lapsed), or to the flights.
        clause: The clause it happened to, or whose slice it happened to; none for the flights.
        row: The row of the case's deal ledger that tells it.
        source: Keys of `sources`.
        note: What happened, in neutral words.
    """

    date: FirstDay
    act: Literal["kept", "broken", "withdrawn", "lapsed", "stopped", "resumed"]
    clause: Text | None = None
    row: Text | None = None
    source: Names
    note: Text


class Flights(Strict):
    """How many people flights carry.

    Args:
        people: People on a flight [people].
        rate: Flights in a month while they go on [flights / month].
    """

    people: Sourced
    rate: Sourced


class ReliefFile(Strict):
    """A conditional relief as it stands in its file.

    Args:
        case: The case whose countries and sources it uses: a shipped name, or a path seen from the file.
        title: What it is about.
        start: Day on which relief begins; months of the game are counted from it.
        election: Day of the destination's next election.
        destination: Country that gives relief.
        conditioned: Country under conditions.
        units: What a unit of payoff is on either side.
        parties: Both governments.
        clauses: What is asked for, by name.
        office: What office is worth.
        stakes: What else is at stake.
        snap_cost: What withdrawing costs.
        migration: Where the share of the nationality is read.
        flights: How many people flights carry.
        record: What a breach teaches.
        reading: Which clauses stand for what.
        rivals: Other readings of what hangs on what.
        seen: What happened, in order of date.
        sources: Documents that the case does not already name.
    """

    case: Text
    title: Text
    start: FirstDay
    election: FirstDay
    destination: Text
    conditioned: Text
    units: dict[Literal["destination", "conditioned"], Text]
    parties: dict[Text, ReliefParty]
    clauses: dict[Text, Clause]
    office: OfficeSpec
    stakes: ReliefStakes
    snap_cost: SnapCost
    migration: Migration
    flights: Flights
    record: Reputation
    reading: ClauseReading
    rivals: dict[Text, Rival] = Field(default_factory=dict)
    seen: tuple[Seen, ...]
    sources: dict[Text, Source] = Field(default_factory=dict)
