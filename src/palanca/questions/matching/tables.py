"""Tables of a matching: the rules side by side, who is left out, what each promises, and who gets where."""

from __future__ import annotations

from palanca.questions.matching.run import Matched
from palanca.show import table
from palanca.show.table import Cell, Table

Rows = list[dict[str, Cell]]
UNPLACED = "–"


def tables(found: Matched) -> list[Table]:
    """Every table, the comparison first."""
    return [
        table.of_rows("Rules compared", _rules(found), units={"share": "%"}, note=_note(found)),
        table.of_rows(
            "People without a place, by group",
            _groups(found),
            note="People, of those in the group; a family is placed whole or not at all.",
        ),
        table.of_rows(
            "Objections",
            _objections(found),
            note="Blocking: the family prefers the place, which could take it by sending away families of lower "
            "priority. Strong envy: it prefers the place of a family of lower priority there, which would not fit "
            "beside all that come before it. Waste: there is free room for it as things stand.",
        ),
        table.of_rows("What each rule promises", _promises(found)),
        table.of_rows("Room left", _room(found), note="Units of each capacity, by rule."),
        table.of_rows("Who gets where", _matches(found), note=f"{UNPLACED}: without a place."),
    ]


def _rules(found: Matched) -> Rows:
    rows: Rows = []
    for one in found.outcomes:
        share, told = found.share(one), one.report
        row: dict[str, Cell] = {"rule": one.label, "families": told.families, "people": told.people}
        if told.welfare is not None:
            row |= {"score": told.welfare, "share": None if share is None else 100.0 * share}
        row |= {"favourite": told.favourites, "blocking": told.blocking, "strong envy": told.strong_envy}
        rows.append(row | {"waste": told.waste})
    return rows


def _note(found: Matched) -> str:
    count = len(found.market.families)
    text = f"Placed, of {count:,} families and {int(found.market.people.sum()):,} people; favourite: families at their "
    text += "first choice; blocking, strong envy and waste count pairs."
    return text + (" Share: of the highest sum of scores." if found.best is not None else "")


def _groups(found: Matched) -> Rows:
    by_rule = [{one.group: one for one in outcome.report.left_out} for outcome in found.outcomes]
    rows: Rows = []
    for group in by_rule[0]:
        row: dict[str, Cell] = {"group": group, "in all": by_rule[0][group].people}
        for one, left in zip(found.outcomes, by_rule, strict=True):
            row[one.name] = left[group].unplaced_people
        rows.append(row)
    return rows


def _objections(found: Matched) -> Rows:
    return [
        {
            "rule": one.label,
            "blocking": one.report.blocking,
            "strong envy": one.report.strong_envy,
            "weak envy": one.report.weak_envy,
            "waste": one.report.waste,
            "mean rank": one.report.mean_rank,
        }
        for one in found.outcomes
    ]


def _promises(found: Matched) -> Rows:
    return [{"rule": one.label, "holds always": one.guarantees, "may fail": one.lacks} for one in found.outcomes]


def _room(found: Matched) -> Rows:
    market = found.market
    rows: Rows = []
    for at, place in enumerate(market.places):
        for need, name in enumerate(market.needs):
            row: dict[str, Cell] = {"place": place, "capacity": name, "in all": int(market.capacities[at, need])}
            rows.append(row | {one.name: int(one.report.free[at, need]) for one in found.outcomes})
    return rows


def _matches(found: Matched) -> Rows:
    market = found.market
    rows: Rows = []
    for at, family in enumerate(market.families):
        row: dict[str, Cell] = {"family": family, "people": int(market.people[at])}
        for one in found.outcomes:
            row[one.name] = market.places[one.places[at]] if one.places[at] >= 0 else UNPLACED
        rows.append(row)
    return rows
