"""One HTML file about a month's deal: what it would hold, whom it holds back, whether it lasts, and in which silos."""

from __future__ import annotations

from collections.abc import Mapping

from palanca.questions.bargaining.deal import Deal
from palanca.questions.bargaining.prepared import PreparedBargain
from palanca.questions.bargaining.silos import Silos
from palanca.report import sheet, tags
from palanca.report.sheet import Part
from palanca.view import deal as charts
from palanca.view import deal_prose, deal_tables
from palanca.view.chart import Chart
from palanca.view.theme import month_name


def html(table: PreparedBargain, deal: Deal, silos: Silos | None, facts: Mapping[str, str]) -> str:
    """The whole page as text.

    Args:
        table: The table at which it was struck.
        deal: What the talks end in.
        silos: Two ways to divide the issues compared, if any.
        facts: What it rests on, by name.
    """
    drawn = {one.id: one for one in charts.of_deal(table, deal, silos)}
    span = month_name(str(deal.month)) if deal.month is not None else "a table without a calendar"
    return sheet.html(
        f"The deal: {table.declared.file.title}",
        span,
        deal_prose.headline(table, deal),
        deal_prose.caution(deal),
        drawn["deal-packages"],
        [
            Part(
                "package",
                "What it holds",
                tags.table(
                    deal_tables.packages(table, deal), "Packages: Nash median with 90 % of draws, others medians"
                ),
            ),
            Part(
                "concepts",
                "What hangs on the concept",
                tags.bullets(deal_prose.concepts_say(table, deal))
                + tags.table(deal_tables.concepts(deal), "Concepts: gains [payoff] and arrivals [thousand a month]"),
                (drawn["deal-gains"],),
            ),
            Part(
                "keeping",
                "Whether it lasts",
                tags.bullets([*deal_prose.keeping_says(table, deal), *deal_prose.clashes_say(deal)])
                + tags.table(deal_tables.keeping(deal), "Keeping the Nash deal [payoff a month; share]")
                + tags.table(deal_tables.clashes(deal), "What stands in the way where there is no deal"),
            ),
            *([_threats(table, deal, drawn)] if deal.calm is not None else []),
            *([_silos(table, deal, silos, drawn)] if silos is not None else []),
            Part(
                "beliefs",
                "What it rests on",
                tags.bullets(deal_prose.beliefs_say(table)) + tags.facts(facts.items()),
            ),
        ],
    )


def _threats(table: PreparedBargain, deal: Deal, drawn: Mapping[str, Chart]) -> Part:
    return Part(
        "threats",
        "Threats in force",
        tags.bullets(deal_prose.threats_say(table, deal))
        + tags.table(deal_tables.threats(table, deal), "Threats of the month")
        + tags.table(deal_tables.threatened(deal), "The Nash deal with threats in force and without", folded=True),
        (drawn["deal-threats"],),
    )


def _silos(table: PreparedBargain, deal: Deal, silos: Silos, drawn: Mapping[str, Chart]) -> Part:
    return Part(
        "silos",
        "Issues divided in another way",
        tags.bullets(deal_prose.silos_say(table, deal, silos))
        + tags.table(deal_tables.silos(silos, deal.parties), "What each party gets by the change [payoff]")
        + tags.table(deal_tables.siloed(silos, deal), "Packages before and after", folded=True),
        (drawn["deal-silos"],),
    )
