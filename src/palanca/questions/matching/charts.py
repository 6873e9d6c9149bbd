"""Charts of a matching: what each rule is worth, and who is left without a place."""

from __future__ import annotations

from palanca.questions.matching.run import Matched
from palanca.show.chart import Chart, Kind, Panel, Series

ROLES = ("changed", "history", "figures")


def charts(found: Matched) -> list[Chart]:
    """The rules compared, then those left out by group."""
    labels = tuple(one.label for one in found.outcomes)
    everyone = int(found.market.people.sum())
    people = Panel((Series("people", labels, tuple(float(one.report.people) for one in found.outcomes)),), "people",
                   f"People placed, of {everyone:,}")  # fmt: skip
    panels = [people]
    if found.best:
        share = tuple(100.0 * (found.share(one) or 0.0) for one in found.outcomes)
        panels.insert(0, Panel((Series("score", labels, share),), "%", "Sum of scores, of the highest there is"))
    envy = tuple(float(one.report.strong_envy) for one in found.outcomes)
    panels.append(Panel((Series("pairs", labels, envy),), "pairs of families", "Strong envy"))
    caption = "Each bar is one rule on the same families and places; none is best in everything."
    return [Chart("rules", Kind.bars, "The rules side by side", caption, tuple(panels)), _left_out(found)]


def _left_out(found: Matched) -> Chart:
    """People without a place by group, a panel a rule."""
    panels = []
    for one in found.outcomes:
        groups = sorted(one.report.left_out, key=lambda left: left.group)
        panels.append(
            Panel(
                (
                    Series(
                        "without a place",
                        tuple(left.group for left in groups),
                        tuple(100.0 * left.unplaced_people / left.people if left.people else 0.0 for left in groups),
                    ),
                ),
                "% of the group",
                one.label,
            )
        )
    return Chart(
        "left-out",
        Kind.bars,
        "Who is left without a place",
        "People without a place as a share of their group, by rule.",
        tuple(panels),
    )
