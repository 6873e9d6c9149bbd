"""Tables of leverage: by world or month first, then by length, origin, payoff and issue."""

from __future__ import annotations

import numpy as np

from palanca.questions.leverage.held import LeverageResults, Worth, better, months
from palanca.questions.leverage.run import ANSWERED, LIMITED, ROUTINE, STOPPED, UNENFORCED
from palanca.show import estimate, number, table
from palanca.show.table import Cell, Table

WORLDS = {
    ROUTINE: "goes to routine control",
    UNENFORCED: "stops enforcing",
    STOPPED: "stops altogether",
    ANSWERED: "stops, others respond",
    LIMITED: "stops, own limits used",
}
MEANINGS = {  # name and meaning of each number of payoffs; `h` holds the leverage over `d`
    "sensitivity": ("sensitivity", "what {d} would lose at once if {h} stopped"),
    "vulnerability": ("vulnerability", "what {d} would lose after using its own means within the law"),
    "vulnerability_in_court": ("vulnerability in court", "the same, were those means contested in court"),
    "shadow_price": ("shadow price", "what one more unit of enforcement by {h} is worth to {d}"),
    "realised": ("realised", "what the dependence buys {h} in the deal of the month"),
    "stopping": ("stopping", "what {h} itself would gain by stopping; below 0 it would hurt itself"),
    "usable_share": ("usable share [%]", "share of those held back whom {h} would let through if it suited itself"),
}
SHOWN = 6  # decimals of a share; a search stops at about as many
Row = dict[str, Cell]


def of(held: LeverageResults) -> list[Table]:
    """Every table; the first is that of the first screen."""
    several = len(held.found.months) > 1
    found = [_by_month(held)] if several else [_by_world(held)]
    found += [_by_length(held), _harm_by_length(held), _by_origin(held)] if held.moves else []
    if not held.moves:
        found = [_levers(held), *found]
    worth = held.worth
    if worth is None:
        return found
    if several:
        found.append(_payoffs_by_month(held, worth))
    if worth.payoffs is not None:
        found += [_payoffs(held, worth), _political(worth)]
    return found if worth.sharing is None else [*found, _shares(worth)]


def _by_world(held: LeverageResults) -> Table:
    lead, begin = held.scope.lead, number.month_name(str(held.found.months[0]))
    rows: list[Row] = [
        {
            f"if {held.country}": label,
            "encounters": _more(held, "encounters", world, lead, 0),
            "deaths": _more(held, "deaths", world, lead, 0),
            "on hold": _more(held, "held", world, lead, 0),
        }
        for world, label in WORLDS.items()
        if world in held.found.worlds
    ]
    level = {name: number.number(float(np.median(held.recorded(name, lead)[0]))) for name in ("encounters", "deaths")}
    waiting = number.number(float(np.median(held.recorded("held", lead)[0])))
    note = "Encounters and deaths a month; on hold at the end. Recorded: "
    note += f"{level['encounters']}, {level['deaths']}, {waiting}."
    return table.of_rows(f"More than recorded, {months(lead)} from {begin}", rows, note=note)


def _by_month(held: LeverageResults) -> Table:
    lead = held.scope.lead
    came = np.median(held.recorded("encounters", lead), axis=-1)
    rows: list[Row] = [
        {
            "from": str(month),
            "recorded": float(f"{came[place]:.3g}"),
            "more if it stops": _more(held, "encounters", STOPPED, lead, place),
            "assumed [%]": _assumed(held, place),
            "deaths": _more(held, "deaths", STOPPED, lead, place),
            "on hold": _more(held, "held", STOPPED, lead, place),
        }
        for place, month in enumerate(held.found.months)
    ]
    note = (
        f"Encounters and deaths a month over {months(lead)}; people on hold at their end, more than recorded. Assumed "
    )
    note += "is the share of the interval of encounters that priors make which no figure narrowed."
    return table.of_rows(f"Had {held.country} stopped, by first month", rows, note=note)


def _by_length(held: LeverageResults) -> Table:
    worlds = [world for world in (STOPPED, ANSWERED, LIMITED) if world in held.found.worlds]
    rows: list[Row] = []
    for place, month in enumerate(held.found.months):
        for length in held.found.lengths:
            row: Row = {"from": str(month), "months": length}
            row["recorded"] = float(f"{np.median(held.recorded('encounters', length)[place]):.4g}")
            row |= {WORLDS[world]: _more(held, "encounters", world, length, place) for world in worlds}
            rows.append(row)
    return table.of_rows("by length", rows, note="More encounters a month than recorded.")


def _harm_by_length(held: LeverageResults) -> Table:
    rows: list[Row] = [
        {
            "from": str(month),
            "months": length,
            "deaths a month": _more(held, "deaths", STOPPED, length, place),
            "on hold at the end": _more(held, "held", STOPPED, length, place),
        }
        for place, month in enumerate(held.found.months)
        for length in held.found.lengths
    ]
    return table.of_rows("harm by length", rows, note="More than recorded, had it stopped.")


def _by_origin(held: LeverageResults) -> Table:
    lengths = held.found.lengths
    means = {length: held.found.by_origin(STOPPED, length).mean(axis=0) for length in lengths}
    order = np.argsort(-np.median(means[lengths[-1]], axis=-1))
    names = list(held.names.values())
    rows: list[Row] = [
        {"origin": names[place], **{months(length): estimate.of(means[length][place]) for length in lengths}}
        for place in order
    ]
    note = "More encounters a month if it stops" + (", mean over the months." if len(held.found.months) > 1 else ".")
    return table.of_rows("by origin", rows, note=note)


def _levers(held: LeverageResults) -> Table:
    rows: list[Row] = [{"lever": what, "months in the record": spans} for what, spans in held.levers]
    return table.of_rows(f"Levers of {held.country}", rows)


def _payoffs_by_month(held: LeverageResults, worth: Worth) -> Table:
    rows: list[Row] = [
        {
            "from": str(month),
            "sensitivity": estimate.of(worth.sensitivity[place]),
            "vulnerability": estimate.of(worth.vulnerability[place]),
            "weight of an arrival": estimate.of(worth.salience[place]),
            "enforcement": float(worth.effort[place]),
        }
        for place, month in enumerate(held.found.months)
    ]
    return table.of_rows("payoffs by month", rows, note=f"Sensitivity and vulnerability in {worth.unit}.")


def _payoffs(held: LeverageResults, worth: Worth) -> Table:
    sides = {"h": held.country, "d": worth.parties[worth.depends]}
    rows: list[Row] = []
    for name, (label, meaning) in MEANINGS.items():
        values = getattr(worth.payoffs, name)
        shown = 100.0 * values if name == "usable_share" else values
        rows.append({"number": label, "payoff": estimate.of(shown), "what it says": meaning.format(**sides)})
    return table.of_rows("payoffs", rows, note=f"In {worth.unit}. Table: {worth.title}.")


def _political(worth: Worth) -> Table:
    assert worth.payoffs is not None
    every, each = better(worth.payoffs)
    rows: list[Row] = [
        {
            "who": party,
            "better off [% of draws]": 100.0 * each[place],
            "gain": estimate.of(worth.payoffs.conversion[:, place]),
        }
        for place, party in enumerate(worth.parties)
    ]
    rows.append({"who": "all of them", "better off [% of draws]": 100.0 * every, "gain": None})
    return table.of_rows(
        "political issues", rows, note="What political issues on the table add to a deal without them."
    )


def _shares(worth: Worth) -> Table:
    found = worth.sharing
    assert found is not None
    rows: list[Row] = [
        {
            "issue": issue.replace("_", " "),
            **{party: estimate.of(np.round(found.shares[:, k, p], SHOWN)) for p, party in enumerate(worth.parties)},
        }
        for k, issue in enumerate(found.issues)
    ]
    none = estimate.of(found.no_deals)
    note = f"Shapley shares, in {worth.unit}. Of {2 ** len(found.issues)} subsets {none} hold no deal."
    return table.of_rows("shares by issue", rows, note=note)


def _assumed(held: LeverageResults, place: int) -> Cell:
    """Share of the interval of further encounters that assumed inputs make [percent]."""
    share = held.more("encounters", STOPPED, held.scope.lead, place).assumed_share
    return None if share is None else float(round(100.0 * share))


def _more(held: LeverageResults, outcome: str, world: str, length: int, place: int) -> Cell:
    return estimate.of(held.found.more(outcome, world, length)[place])
