"""Every probe that a fact may call: what it does, what it must be given, and the quantities that it gives back.

The functions behind the names stand in `palanca.evidence.facts`; a test holds the two lists together.
"""

from __future__ import annotations

from dataclasses import dataclass

SHARE, TIMES, LOG, MULTIPLES = "share", "times", "log points", "multiples of routine control"
YES = "share of draws with yes"


@dataclass(frozen=True)
class Probe:
    """One way to put a question to the model.

    Args:
        what: What it does, for a heading.
        needs: Keys of a step that must be given.
        takes: Keys that may be given.
        gives: Quantities by name, each with its unit and what it is; empty where `measure` names them.
    """

    what: str
    needs: tuple[str, ...]
    takes: tuple[str, ...] = ()
    gives: tuple[tuple[str, str, str], ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key it may be given."""
        return (*self.needs, *self.takes)


PROBES: dict[str, Probe] = {
    "worlds": Probe(
        "History as replayed and, where changes are named, its twin with the same surprises",
        ("measure",),
        ("changes",),
    ),
    "forecast": Probe(
        "Months drawn ahead of a start, nothing after it known but, if asked for, the levers",
        ("start", "measure"),
        ("levers", "changes"),
    ),
    "season": Probe(
        "The fitted season of arrivals into a calendar month, weighed by who was counted in the years of two mixes",
        ("month", "old_mix", "new_mix"),
        (),
        (
            ("old_least", SHARE, "least seasonal change over the years of the old mix"),
            ("old_most", SHARE, "greatest seasonal change over the years of the old mix"),
            ("new_least", SHARE, "least seasonal change over the years of the new mix"),
            ("new_most", SHARE, "greatest seasonal change over the years of the new mix"),
            ("two_month_most", TIMES, "greatest seasonal rise over any two months, last year of the new mix"),
        ),
    ),
    "shares": Probe(
        "The change from the month before taken apart by Shapley values",
        ("month",),
        (),
        (
            ("effort_log", LOG, "part of the transit country's effort, declared and delivered"),
            ("effort_share", SHARE, "part of effort as a share of the whole change"),
            ("season_log", LOG, "part of the calendar month"),
            ("shared_log", LOG, "part of the surprise that all origins share"),
        ),
    ),
    "repeat": Probe(
        "Encounters over people encountered, as recorded and, where changes are named, in the twin",
        ("months",),
        ("changes",),
        (
            ("excess", SHARE, "encounters beyond people encountered, as recorded"),
            ("excess_changed", SHARE, "encounters beyond people encountered, in the twin"),
        ),
    ),
    "asks": Probe(
        "Asks in the ledger, and threats for enforcement, after a one-year high of encounters, against other months",
        ("within",),
        (),
        (("ratio", TIMES, "chance of an ask after a high over that after another month"),),
    ),
    "follows": Probe(
        "Acts of one kind in the ledger after acts of another, against other months, months drawn in blocks",
        ("kind", "following", "within"),
        (),
        (("followed_ratio", TIMES, "chance of the act after the other over that in another month"),),
    ),
    "threat": Probe(
        "The deal of a month with threats in force priced in, and without them",
        ("month",),
        (),
        (
            ("effort_more", MULTIPLES, "enforcement in the deal under threat less that without"),
            ("paid", SHARE, "what the transit country is given under threat, mean share of what could be given"),
            ("paid_calm", SHARE, "what it is given without the threat, likewise"),
        ),
    ),
    "prices": Probe(
        "What is given for a unit of enforcement in the deals of several months, threats left out",
        ("at",),
        (),
        (
            ("first_price", "share per unit of enforcement", "payment for a unit of effort in the first of the months"),
            ("last_price", "share per unit of enforcement", "payment for a unit of effort in the last of the months"),
            ("rise", SHARE, "share of steps from one deal to the next at which the price rises"),
        ),
    ),
    "leverage": Probe(
        "What withdrawal of the transit country's effort would bring, before a fall and after it",
        ("before", "after"),
        (),
        (
            ("people_rise", "events / month", "rise of further arrivals were effort withdrawn"),
            ("loss_rise", "payoff", "rise of what the other side would lose"),
            ("encounters_fall", "events / month", "fall of encounters as recorded"),
        ),
    ),
    "deal": Probe(
        "The deal of a month, issue by issue, and the same under another seat at the table",
        ("deal",),
        ("month", "table", "seat"),
    ),
    "attention": Probe(
        "Weight of an arrival in the destination's politics in two months, and the part of the election clock",
        ("before", "after"),
        (),
        (
            ("clock_rise", TIMES, "weight of the election clock in the later months over that in the earlier"),
            ("weight_rise", TIMES, "weight of an arrival in the later months over that in the earlier"),
        ),
    ),
    "delivered": Probe(
        "Effort that people stopped say was delivered, in two spans of months",
        ("before", "after"),
        (),
        (("change", TIMES, "effort delivered in the later months over that in the earlier"),),
    ),
    "silence": Probe(
        "Silence on democracy weighed against criticism, month by month over years",
        ("month", "years"),
        (),
        (
            ("first_year", "thousand / month", "arrivals under silence less those under criticism, first year"),
            ("last_year", "thousand / month", "arrivals under silence less those under criticism, last year"),
            ("turns", YES, "whether some discount rate turns the sign"),
            ("turns_without_slow", YES, "whether some rate turns the sign with the slow leg switched off"),
        ),
    ),
    "relief": Probe(
        "The game of relief on conditions",
        (),
        (),
        (
            ("partial", YES, "cheap clauses kept and the dear one broken"),
            ("unbought", YES, "no payment in the declared range buys the dear clause"),
            ("graduated", YES, "small slice withdrawn first, the large one at the clock or after"),
            ("falls_in_migration", YES, "severity falls in the nationality's share of encounters"),
            ("falls_in_asked", YES, "severity falls in how hard the transit country asks"),
        ),
    ),
    "fading": Probe(
        "Delivered effort after each deal of the ledger, until half of its rise is gone, and what comes if it fades",
        (),
        (),
        (
            ("halved_share", SHARE, "share of deals, of those that can tell, whose effort halves in 6 to 18 months"),
            ("spells", "deals", "deals that can tell"),
            ("climb", SHARE, "of what a deal held back, the part that comes in its second year if effort fades"),
        ),
    ),
    "criticism": Probe(
        "Statements on democracy per provocation against leverage at the time",
        (),
        (),
        (
            ("ratio", TIMES, "chance of a statement under much leverage over that under little"),
            ("ratio_all", TIMES, "the same ratio with provocations by all countries"),
            ("much", "chance", "chance of a statement, leverage in its top third"),
            ("little", "chance", "chance of a statement, leverage in its bottom third"),
            ("told", "statements", "statements that could have been made in both thirds"),
        ),
    ),
    "tone": Probe(
        "Correlation of tone between migration and other matters in the ledger, quarters drawn in blocks",
        (),
        (),
        (
            ("before", "correlation", "correlation of tone before 2019, no less than 0"),
            ("twice_before", "correlation", "correlation twice as strong, by Fisher's z, which never passes 1"),
            ("after", "correlation", "correlation of tone from 2019 on"),
            ("later", "correlation", "correlation of tone from 2021 on"),
            ("after_apart", "correlation", "the same from 2019 on, acts that touch both left out"),
            ("told", "quarters", "quarters with an act on another matter, in the part of the time that has fewest"),
        ),
    ),
    "price": Probe(
        "Deals struck again with other numbers of people stuck",
        ("at",),
        (),
        (
            ("below", TIMES, "price of effort at the threshold over that with nobody stuck"),
            ("beyond", TIMES, "price at twice the threshold over that at it"),
            ("paid_slope", "payoff / effort", "rise of the price paid in the ledger with the log of people stuck"),
        ),
    ),
    "sharing": Probe(
        "A shipped sharing scheme beside the record, with its first member leaving, and with rules that differ",
        ("scheme",),
        (),
        (
            ("arrivals_fall", SHARE, "arrivals between ports that do not come, of those in the record"),
            ("arrivals_left", SHARE, "arrivals between ports that still come, of those in the record"),
            ("burden_fall", "index", "fall of the Gini coefficient of burden against the key"),
            (
                "leverage_fall",
                "events / month",
                "fall of what would come if the transit country stopped, last of the months asked",
            ),
            ("harm_fall", SHARE, "fall of deaths on the way per person admitted by law, of that in the record"),
            (
                "laxest_gains",
                "points",
                "what the member that gains most takes more of those placed, each by its own rule",
            ),
            ("lost_by_leaving", SHARE, "of those whom procedures admit, fewer once the first member keeps no place"),
        ),
    ),
}
