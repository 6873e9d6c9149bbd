"""The dated record as settings month by month, and fingerprints of a case; plain numbers, no arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from palanca.core import digest, units
from palanca.core.clock import Month, Span
from palanca.spec import check, tables
from palanca.spec.days import Day, share
from palanca.spec.schema import Case, CaseMonths, Entry

Cell = tuple[str, str, str, str]


@dataclass(frozen=True)
class RecordedSetting:
    """One entry of the record on the month axis.

    Args:
        lever: Lever that is set.
        mechanism: What it acts on.
        holder: Country that holds it.
        values: Setting by month, less the one where no entry is in force [unit of the mechanism]; a month that is
            partly covered counts by its days.
            Entries of one lever never overlap, so adding them up gives the lever's own schedule.
        in_force: Share of each month's days on which the entry is in force [share].
        origins: Origins covered, in the order of the case.
        groups: Groups covered.
        sectors: Border sectors covered.
        cap: Most people it can act on while in force [people / month]; None without a cap.
        lag: Months after which it is felt.
        entry: Place of the entry in the record.
    """

    lever: str
    mechanism: str
    holder: str
    values: tuple[float, ...]
    in_force: tuple[float, ...]
    origins: tuple[str, ...]
    groups: tuple[str, ...]
    sectors: tuple[str, ...]
    cap: float | None
    lag: int
    entry: int


def settings(case: Case, span: Span | None = None, lever: str = "") -> list[RecordedSetting]:
    """Every entry of the record that is in force in some month, as values by month.

    Mechanisms that are off are left out; so is what ended before the months wanted, or lies ahead of them.

    Args:
        case: The declared situation.
        span: Months wanted, by default those of the case; what is open stays in force to their end.
        lever: Only this lever; by default all.
    """
    months = span or case.span.span
    found = (
        _setting(case, entry, i, months)
        for i, entry in enumerate(case.record)
        if lever in ("", entry.lever) and case.levers[entry.lever].mechanism not in case.off
    )
    return [setting for setting in found if any(setting.in_force)]


def totals(case: Case, lever: str = "") -> dict[Cell, tuple[float, ...]]:
    """What each lever comes to for each origin, group and sector, however the record is cut into entries.

    Args:
        case: The declared situation.
        lever: Only this lever; by default all.

    Returns:
        By lever, origin, group and sector: the setting of each month, then the cap of each month weighted by
        its days, with -1 where there is none. What stays at zero without a cap is left out.
    """
    given = settings(case, lever=lever)
    reaching: dict[Cell, list[int]] = {}
    for i, setting in enumerate(given):
        for o, g, s in product(setting.origins, setting.groups, setting.sectors):
            reaching.setdefault((setting.lever, o, g, s), []).append(i)
    # Many cells are reached by the same entries: add those up once.
    sums = {which: _sum([given[i] for i in which]) for which in set(map(tuple, reaching.values()))}
    return {cell: sums[tuple(which)] for cell, which in reaching.items() if sums[tuple(which)]}


def fingerprint(case: Case) -> str:
    """Sixteen hexadecimal digits that stand for the content of a case, wherever it was read from."""
    return digest.of_record(case.model_dump(mode="json", by_alias=True))


def until(case: Case, last: Month) -> Case:
    """The same case with another last month; what the record says of later months lies ahead of it."""
    return case.model_copy(update={"span": CaseMonths(first=case.span.first, last=last)})


def history_fingerprint(case: Case, last: Month) -> str:
    """Stands for all in a case that bears on its months up to one, as far as equations see it.

    Who is in it, what each lever was set to month by month, and parameters of its own count. Words do not: titles,
    notes, sources, and how the record is cut into entries; nor do votes, nor a lever that was never set by then or has
    no equation, nor third countries.
    """
    cut = until(case, last)
    cells: dict[str, dict[str, list[str]]] = {}
    for (lever, *people), held in totals(cut).items():
        if not tables.mechanisms()[case.levers[lever].mechanism].acts:
            continue
        cells.setdefault(lever, {}).setdefault(digest.of_record(held), []).append("/".join(people))
    levers = {
        name: [
            case.levers[name].holder,
            case.levers[name].mechanism,
            {key: sorted(who) for key, who in held.items()},
            *([lag(case, name)] if lag(case, name) else []),
        ]
        for name, held in cells.items()
    }
    return digest.of_record(
        {
            "months": [str(cut.span.first), str(last)],
            "countries": [(code, one.role) for code, one in case.countries.items() if one.role != "third"],
            "origins": [(code, one.model_dump(exclude={"name"})) for code, one in case.origins.items()],
            "groups": [(code, one.model_dump(exclude={"name"})) for code, one in case.groups.items()],
            "series": case.series.model_dump(mode="json", exclude_defaults=True, exclude={"counted"})
            if case.series is not None
            else None,
            "sectors": [(code, one.state) for code, one in case.sectors.items()],
            "levers": levers,
            "parameters": {
                name: one.model_dump(mode="json", exclude={"period", "source", "note"})
                for name, one in case.parameters.items()
            },
            "off": sorted(case.off),
        }
    )


def lag(case: Case, lever: str) -> int:
    """Months after which what a lever is set to is felt: its own lag, or that of its mechanism."""
    own = case.levers[lever].lag
    usual = tables.mechanisms()[case.levers[lever].mechanism].lag
    return usual if own is None else round(units.convert(own.value, own.unit, check.LAG_UNIT))


def _sum(given: list[RecordedSetting]) -> tuple[float, ...]:
    values = [sum(month) for month in zip(*(s.values for s in given), strict=True)]
    caps = [
        sum(-part if s.cap is None else s.cap * part for s, part in zip(given, month, strict=True))
        for month in zip(*(s.in_force for s in given), strict=True)
    ]
    matters = any(values) or any(cap > 0 for cap in caps)
    return tuple(round(value, 9) for value in (*values, *caps)) if matters else ()


@lru_cache(maxsize=1024)  # entries are read many times over, and few of them are changed
def _in_force(first: Day, last: Day, months: Span) -> tuple[float, ...]:
    return tuple(share(month, first, last) for month in months)


def _setting(case: Case, entry: Entry, i: int, months: Span) -> RecordedSetting:
    lever = case.levers[entry.lever]
    last = entry.last or Day.end(max(months.last, entry.first.month))
    in_force = _in_force(entry.first, last, months)
    mechanism = tables.mechanisms()[lever.mechanism]
    amount = check.measure(entry.amount, entry.unit, mechanism) - mechanism.usual
    return RecordedSetting(
        lever=entry.lever,
        mechanism=lever.mechanism,
        holder=lever.holder,
        values=tuple(amount * part for part in in_force),
        in_force=in_force,
        origins=entry.origins.among(tuple(case.origins)),
        groups=entry.groups.among(tuple(case.groups)),
        sectors=entry.sectors.among(tuple(case.sectors)),
        cap=units.convert(entry.cap, entry.cap_unit, check.CAP_UNIT)
        if entry.cap is not None and entry.cap_unit
        else None,
        lag=lag(case, entry.lever),
        entry=i,
    )
