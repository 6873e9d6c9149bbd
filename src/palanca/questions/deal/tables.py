"""Tables of a deal: what it holds first; then concepts, promises, threats, limits and silos."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from palanca.questions.deal.data import lumps, picks
from palanca.questions.deal.struck import DEATHS, NOTHING, PEOPLE, THOUSAND, Struck, made, plain
from palanca.show import estimate, number, table
from palanca.show.estimate import Basis
from palanca.show.table import Cell, Table

YES_NO = (0.0, 1.0)  # menu of what is given or not
Rows = list[dict[str, Cell]]


def tables(struck: Struck) -> list[Table]:
    """What the deal holds, then all others that have a row."""
    by = struck.by
    if struck.deal.how.form == "ultimatum":
        by = f"{by} in {number.percent(struck.backed)} of draws, nash in the others"
    note = f"Medians over draws with a deal ({by}); brackets hold 90 %."
    found = [table.of_rows("What the deal holds", _held(struck), note=note)]
    found += [
        table.of_rows("Gains and people by concept", _concepts(struck), note="Gains in payoff, people a month."),
        table.of_rows(
            "Packages by concept",
            _packages(struck),
            note="Medians over draws with a deal, units as above; of the mean, over all draws.",
        ),
        table.of_rows(
            "Issues that come in lumps", _lumps(struck), note="Percent of draws with a deal that take the amount."
        ),
        table.of_rows(
            "Who would honour the deal",
            _promises(struck),
            note="Payoff a month; patience is the weight of next month's payoff. Percent are of draws with a deal.",
        ),
        table.of_rows("Where there is no deal", _clashes(struck), note="Percent of all draws."),
        table.of_rows("Threats", _threats(struck)),
        table.of_rows("With threats in force and without", _threatened(struck)),
        table.of_rows("Silos: change of payoff", _silos(struck)),
        table.of_rows("Silos: packages", _siloed(struck)),
        table.of_rows("Silos: where interests lie", _interests(struck), note="Percent of all that is at stake."),
    ]
    return [one for one in found if one.rows]


def _held(struck: Struck) -> Rows:
    """One row an issue on the table."""
    rows: Rows = []
    for k in struck.on_table():
        issue, unit = struck.deal.issues[k], struck.unit(struck.deal.issues[k])
        yes_no = struck.deal.menus[k] == YES_NO
        deal: Cell = _amount(struck, struck.by, k) if yes_no else struck.rests(struck.made.package[:, k])
        owner = struck.table.declared.issues[issue].owner
        without = _middle(struck.deal.quo[:, k])
        rows.append(
            {"issue": plain(issue), "by": owner, "no deal": without, "deal": deal, "unit": _brief(unit, yes_no)}
        )
    return rows


def _brief(unit: str, yes_no: bool) -> str:
    """A unit without what stands behind its first comma."""
    return "% of draws" if yes_no else unit.partition(",")[0]


def _concepts(struck: Struck) -> Rows:
    """One row a concept."""
    rows: Rows = []
    for name, pick in picks(struck).items():
        gains, arrivals = made(name, pick, pick.gains), THOUSAND * made(name, pick, pick.arrivals)
        row: dict[str, Cell] = {"concept": name, "deal, % of draws": 100.0 * float(pick.agreed.mean())}
        row |= {f"{code} gains": struck.rests(gains[:, i]) for i, code in enumerate(struck.deal.parties)}
        row["arrivals"] = struck.rests(arrivals, PEOPLE, Basis.learned)
        row["fewer than without"] = struck.rests(THOUSAND * struck.deal.without - arrivals, PEOPLE)
        if pick.deaths is not None:
            row["deaths"] = struck.rests(made(name, pick, pick.deaths), DEATHS, Basis.learned)
        rows.append(row)
    return rows


def _packages(struck: Struck) -> Rows:
    """One row an issue, off the table too: its amount without a deal and by each concept."""
    deal = struck.deal
    return [
        {
            "issue": plain(name),
            "no deal": _middle(deal.quo[:, k]),
            **{concept: _amount(struck, concept, k) for concept in deal.picks},
        }
        for k, name in enumerate(deal.issues)
    ]


def _amount(struck: Struck, concept: str, k: int) -> Cell:
    """A median; of what is given or not, in how many draws it is."""
    if struck.deal.menus[k] == YES_NO:
        part = struck.deal.lump_shares(concept)[struck.deal.issues[k]].get(1.0, 0.0)
        return f"yes in {number.percent(part)}"
    return _middle(struck.deal.picks[concept].package[:, k])


def _lumps(struck: Struck) -> Rows:
    return [
        {
            "issue": plain(issue),
            "amount": amount,
            **{concept: 100.0 * part for concept, part in by.items()},
        }
        for issue, amount, by in lumps(struck)
    ]


def _promises(struck: Struck) -> Rows:
    """One row a quantity, one column a party: what it saves by a breach, then loses, and whether patience suffices."""
    columns: dict[str, dict[str, Cell]] = {}
    for one in struck.deal.enforcement:
        known = np.isfinite(one.needed)
        columns[struck.party(one.party)] = {
            "saved in the month of a breach": struck.rests(np.where(known, one.saves, np.nan)),
            "lost each month after": struck.rests(np.where(known, one.loses, np.nan)),
            "chance that a breach is seen": struck.rests(one.detection, "chance"),
            "patience needed": struck.rests(one.needed, "share"),
            "patience, less the chance of leaving office": struck.rests(one.patience, "share"),
            "honours it, % of draws": 100.0 * one.kept_chance,
            "least patience to spare, % of draws": 100.0 * float(one.breaks_first[known].mean() if known.any() else 0),
        }
    labels = next(iter(columns.values()))
    return [{"": label, **{party: rows[label] for party, rows in columns.items()}} for label in labels]


def _clashes(struck: Struck) -> Rows:
    return [{"limit": name, "in the way, %": 100.0 * part} for name, part in struck.deal.clashes.items()]


def _threats(struck: Struck) -> Rows:
    """One row a threat in force: who threatens whom, and whether carrying it out is worth its cost."""
    return [
        {
            "threat": plain(one.name),
            "by": one.sender,
            "against": one.target,
            "believed, %": 100.0 * float(np.median(struck.table.number(f"threats.{one.name}.belief"))),
            "stands in court, %": 100.0 * float(np.median(one.survival)),
            "worth its cost, % of draws": 100.0 * float(np.mean(one.credible)),
            "moves target, were payoff handed over": struck.rests(one.could_be_paid),
        }
        for one in struck.deal.threats
    ]


def _threatened(struck: Struck) -> Rows:
    """One row an issue on the table, then one a party's payoff."""
    deal, nash = struck.deal, struck.made
    if deal.calm is None:
        return []
    rows = [(plain(deal.issues[k]), nash.package[:, k], deal.calm.package[:, k]) for k in struck.on_table()]
    levels = [made(struck.by, pick, pick.payoffs) for pick in (nash, deal.calm)]
    rows += [
        (f"payoff of {struck.party(code)}", levels[0][:, i], levels[1][:, i]) for i, code in enumerate(deal.parties)
    ]
    return [
        {"what": name, "threatened": struck.rests(now), "not": struck.rests(calm), "change": struck.rests(now - calm)}
        for name, now, calm in rows
    ]


def _silos(struck: Struck) -> Rows:
    found = struck.silos
    if found is None:
        return []
    return [
        {
            "party": struck.party(code),
            "change": estimate.of(found.change[:, i], basis=Basis.assumed),
            "gains, % of draws": 100.0 * float(np.mean(found.change[:, i] > NOTHING)),
            "loses, % of draws": 100.0 * float(np.mean(found.loses[:, i])),
            "false alarms tolerated a month": estimate.of(found.tolerated[:, i], "chance / month", basis=Basis.assumed),
        }
        for i, code in enumerate(struck.deal.parties)
    ]


def _siloed(struck: Struck) -> Rows:
    """One row an issue on the table: its amount before and after, and the silos it is in."""
    found = struck.silos
    if found is None:
        return []
    before, after = found.packages
    return [
        {
            "issue": plain(struck.deal.issues[k]),
            "silo before": _number(found.before, struck.deal.issues[k]),
            "silo after": _number(found.after, struck.deal.issues[k]),
            **{
                name: estimate.of(np.where(np.abs(values) < NOTHING, 0.0, values), basis=Basis.assumed)
                for name, values in (
                    ("before", before[:, k]), ("after", after[:, k]), ("change", after[:, k] - before[:, k])
                )
            },
        }
        for k in struck.on_table()
    ]  # fmt: skip


def _interests(struck: Struck) -> Rows:
    """One row an issue on the table: how much of what is at stake for each party lies in it."""
    found = struck.silos
    if found is None:
        return []
    return [
        {
            "issue": plain(struck.deal.issues[k]),
            **{
                struck.party(code): 100.0 * float(np.median(found.interest[:, i, k]))
                for i, code in enumerate(struck.deal.parties)
            },
        }
        for k in struck.on_table()
    ]


def _number(partition: Sequence[Sequence[str]], issue: str) -> int:
    return next(i for i, silo in enumerate(partition, start=1) if issue in silo)


def _middle(values: np.ndarray) -> float:
    """The median, zero where it is no more than what a search leaves uncertain; no number where no draw holds one."""
    known = values[np.isfinite(values)]
    middle = float(np.median(known)) if known.size else float("nan")
    return 0.0 if abs(middle) < NOTHING else float(f"{middle:.3g}")
