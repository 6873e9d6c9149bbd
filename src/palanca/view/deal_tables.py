"""A month's deal as rows of tables: packages, concepts, keeping, threats, silos; and every number in one long table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from palanca.bargain.solve import Concept
from palanca.questions.bargaining.deal import MEAN, Deal, Pick
from palanca.questions.bargaining.prepared import PreparedBargain
from palanca.questions.bargaining.silos import Silos
from palanca.view.theme import MINUS, NONE

Row = dict[str, object]
LEVELS = (0.05, 0.5, 0.95)
NASH = str(Concept.NASH)
LEVEL = "payoff"
DEATHS = "deaths / month"
PEOPLE = "thousand people / month"
NOTHING = 1e-6  # changes of payoff below it are what a search leaves uncertain


def quantiles(values: np.ndarray) -> tuple[float, float, float]:
    """5, 50 and 95 in a hundred of the draws that hold a number; none where no draw does."""
    known = values[np.isfinite(values)]
    if not known.size:
        return (float("nan"),) * 3
    low, mid, high = (float(q) for q in np.nanquantile(known, LEVELS))
    return low, mid, high


def interval(values: np.ndarray) -> str:
    """The median with its 90 % interval: `2.9 [2.1 to 3.6]`; a dash where no draw holds a number."""
    low, mid, high = quantiles(values)
    if not np.isfinite(mid):
        return NONE
    return f"{short(mid)} [{short(low)} to {short(high)}]"


def short(value: float) -> str:
    """Two decimals below ten, one below a hundred, none above."""
    decimals = 2 if abs(value) < 9.995 else 1 if abs(value) < 99.95 else 0
    text = f"{value:,.{decimals}f}"
    return text.replace("-", MINUS) if float(text.replace(",", "")) else text.removeprefix("-")


def where_agreed(pick: Pick, values: np.ndarray) -> np.ndarray:
    """Values of draws with a deal; no number elsewhere."""
    held = pick.agreed.reshape(pick.agreed.shape + (1,) * (values.ndim - 1))
    return np.where(held, values, np.nan)


def shown(name: str, pick: Pick, values: np.ndarray) -> np.ndarray:
    """Values as listed for a concept: of draws with a deal, or of every draw for the mean, which is no bargain."""
    return values if name == MEAN else where_agreed(pick, values)


def held_back(deal: Deal, name: str = NASH) -> np.ndarray:
    """People a month who arrive without a deal and not under it, (draw) [thousand people / month]."""
    return deal.without - shown(name, deal.picks[name], deal.picks[name].arrivals)


def packages(table: PreparedBargain, deal: Deal) -> list[Row]:
    """One row an issue: its unit, whether it is on the table, what it is without a deal and by each concept."""
    found: list[Row] = []
    for k, name in enumerate(deal.issues):
        issue = table.declared.issues[name]
        row: Row = {
            "issue": name,
            "delivered by": issue.owner,
            "unit": issue.unit,
            "on the table": "yes" if deal.on_table[k] else "no",
            "without a deal": _settled(quantiles(deal.quo[:, k])[1]),
            f"{NASH} [90 %]": interval(deal.picks[NASH].package[:, k]),
        }
        row |= {
            other: _settled(quantiles(pick.package[:, k])[1]) for other, pick in deal.picks.items() if other != NASH
        }
        found.append(row)
    return found


def concepts(deal: Deal) -> list[Row]:
    """One row a concept: chance of a deal, gains by party, arrivals under it and without one."""
    found: list[Row] = []
    for name, pick in deal.picks.items():
        row: Row = {"concept": name, "chance of a deal, %": 100.0 * float(pick.agreed.mean())}
        gains = shown(name, pick, pick.gains)
        row |= {f"{party} gains": interval(gains[:, i]) for i, party in enumerate(deal.parties)}
        row["arrivals, thousand / month"] = interval(shown(name, pick, pick.arrivals))
        row["without a deal"] = interval(deal.without)
        row["held back"] = interval(held_back(deal, name))
        found.append(row)
    return found


def keeping(deal: Deal) -> list[Row]:
    """One row a party: what it saves by not delivering, what it then loses, and whether its patience suffices."""
    return [
        {
            "party": one.party,
            "saves in a month": interval(np.where(np.isfinite(one.needed), one.saves, np.nan)),
            "loses each month after": interval(np.where(np.isfinite(one.needed), one.loses, np.nan)),
            "patience needed": interval(one.needed),
            "patience": interval(one.patience),
            "chance kept, %": 100.0 * one.kept_chance,
        }
        for one in deal.enforcement
    ]


def clashes(deal: Deal) -> list[Row]:
    """One row a limit that stands in the way of a deal where there is none."""
    return [{"limit": name, "draws, %": 100.0 * share} for name, share in deal.clashes.items()]


def threats(table: PreparedBargain, deal: Deal) -> list[Row]:
    """One row a threat in force: who threatens whom, and whether carrying it out is worth one's word."""
    return [
        {
            "threat": one.name,
            "by": one.sender,
            "against": one.target,
            "believed, %": 100.0 * float(np.median(table.number(f"threats.{one.name}.belief"))),
            "stands in court, %": 100.0 * float(np.median(one.survival)),
            "worth one's word, % of draws": 100.0 * float(np.mean(one.credible)),
        }
        for one in deal.threats
    ]


def threatened(deal: Deal) -> list[Row]:
    """One row an issue on the table, then one a party's payoff: the Nash deal with threats in force and without."""
    if deal.calm is None:
        return []
    rows = [
        (name, deal.picks[NASH].package[:, k], deal.calm.package[:, k])
        for k, name in enumerate(deal.issues)
        if deal.on_table[k]
    ]
    levels = [where_agreed(pick, pick.payoffs) for pick in (deal.picks[NASH], deal.calm)]
    rows += [(f"payoff of {party}", levels[0][:, i], levels[1][:, i]) for i, party in enumerate(deal.parties)]
    return [
        {"what": name, "threatened": interval(now), "calm": interval(calm), "change": interval(now - calm)}
        for name, now, calm in rows
    ]


def silos(found: Silos, parties: Sequence[str]) -> list[Row]:
    """One row a party: what it gets by the change, and in how many draws it gains or loses."""
    return [
        {
            "party": party,
            "change of payoff": interval(found.change[:, i]),
            "gains, % of draws": 100.0 * float(np.mean(found.change[:, i] > NOTHING)),
            "loses, % of draws": 100.0 * float(np.mean(found.change[:, i] < -NOTHING)),
        }
        for i, party in enumerate(parties)
    ]


def siloed(found: Silos, deal: Deal) -> list[Row]:
    """One row an issue on the table: its amount before and after the change, and the silos it is in."""
    return [
        {
            "issue": name,
            "silo before": _number(found.before, name),
            "silo after": _number(found.after, name),
            "before": interval(found.packages[0, :, k]),
            "after": interval(found.packages[1, :, k]),
            "change": interval(found.packages[1, :, k] - found.packages[0, :, k]),
        }
        for k, name in enumerate(deal.issues)
        if deal.on_table[k]
    ]


def numbers(table: PreparedBargain, deal: Deal, found: Silos | None = None) -> list[Row]:
    """Every number, long: what it is, by which concept, of whom, and 5, 50 and 95 in a hundred of the draws."""
    rows = [*_of_picks(table, deal), *_of_rest(deal)]
    return [*rows, *(_of_silos(table, deal, found) if found is not None else ())]


def _of_picks(table: PreparedBargain, deal: Deal) -> Iterator[Row]:
    units = [table.declared.issues[name].unit for name in deal.issues]
    for k, name in enumerate(deal.issues):
        yield _row("without a deal", "", name, units[k], deal.quo[:, k])
    yield _row("arrivals without a deal", "", "", PEOPLE, deal.without)
    if deal.deaths_without is not None:
        yield _row("deaths without a deal", "", "", DEATHS, deal.deaths_without)
    others = {"calm": deal.calm, "in no court": deal.unchecked, "without a judge": deal.self_enforcing}
    named = {**deal.picks, **{f"{NASH}, {how}": pick for how, pick in others.items() if pick is not None}}
    for concept, pick in named.items():
        yield _chance("a deal exists", concept, "", float(pick.agreed.mean()))
        for k, name in enumerate(deal.issues):
            yield _row("package", concept, name, units[k], pick.package[:, k])
        for i, party in enumerate(deal.parties):
            yield _row("gain", concept, party, LEVEL, shown(concept, pick, pick.gains)[:, i])
            yield _row("payoff", concept, party, LEVEL, shown(concept, pick, pick.payoffs)[:, i])
        arrivals = shown(concept, pick, pick.arrivals)
        yield _row("arrivals", concept, "", PEOPLE, arrivals)
        yield _row("held back", concept, "", PEOPLE, deal.without - arrivals)
        if pick.deaths is not None:
            yield _row("deaths", concept, "", DEATHS, shown(concept, pick, pick.deaths))
        if concept in deal.picks:
            for issue, found in deal.lump_shares(concept).items():
                for amount, share in found.items():
                    yield _chance(f"{issue} at {amount:g}", concept, issue, share)


def _of_rest(deal: Deal) -> Iterator[Row]:
    for one in deal.enforcement:
        known = np.isfinite(one.needed)
        yield _row("saved by a breach", NASH, one.party, LEVEL, np.where(known, one.saves, np.nan))
        yield _row("lost after a breach", NASH, one.party, LEVEL, np.where(known, one.loses, np.nan))
        yield _row("patience needed", NASH, one.party, "share", one.needed)
        yield _row("patience", NASH, one.party, "share", one.patience)
        yield _chance("keeps the deal", NASH, one.party, one.kept_chance)
        if known.any():
            yield _chance("breaks first", NASH, one.party, float(np.mean(one.breaks_first[known])))
    for name, share in deal.clashes.items():
        yield _chance("stands in the way", NASH, name, share)
    for threat in deal.threats:
        yield _chance("threat worth one's word", "", threat.name, float(np.mean(threat.credible)))
        yield _row("stands in court", "", threat.name, "chance", threat.survival)
        yield _row("moves its target, could payoff be handed over", "", threat.name, LEVEL, threat.could_be_paid)


def _of_silos(table: PreparedBargain, deal: Deal, found: Silos) -> Iterator[Row]:
    for i, party in enumerate(deal.parties):
        change = found.change[:, i]
        yield _row("change by silos", NASH, party, LEVEL, change)
        yield _chance("gains by silos", NASH, party, float(np.mean(change > NOTHING)))
        yield _chance("loses by silos", NASH, party, float(np.mean(change < -NOTHING)))
        yield _row("false alarms tolerated", NASH, party, "chance / month", found.tolerated[:, i])
    yield _row("change of the log product of gains", NASH, "", "log points", found.better)
    for side, word in enumerate(("before", "after")):
        for k, name in enumerate(deal.issues):
            unit = table.declared.issues[name].unit
            yield _row(f"package in silos {word}", NASH, name, unit, found.packages[side, :, k])
        yield _row(f"arrivals in silos {word}", NASH, "", PEOPLE, found.arrivals[side])
        yield _row(f"silos with a deal {word}", NASH, "", "silos", found.deals[side].astype(float))


def _row(what: str, concept: str, of: str, unit: str, values: np.ndarray) -> Row:
    low, mid, high = quantiles(values)
    return {
        "what": what, "concept": concept, "of": of, "unit": unit, "p5": low, "median": mid, "p95": high,
        "chance": float("nan"),
    }  # fmt: skip


def _chance(what: str, concept: str, of: str, chance: float) -> Row:
    return _row(what, concept, of, "share of draws", np.array([np.nan])) | {"chance": chance}


def _number(partition: Sequence[Sequence[str]], issue: str) -> int:
    return next(i for i, silo in enumerate(partition, start=1) if issue in silo)


def _settled(value: float) -> float:
    """The value, or zero where it is no more than what a search leaves uncertain."""
    return 0.0 if abs(value) < NOTHING else value
