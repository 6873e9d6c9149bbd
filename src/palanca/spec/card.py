"""Case → plain rows, for terminal, docs and report alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from palanca.core.errors import UsageError
from palanca.core.wording import listed, nearest
from palanca.spec import parameter, schedule, tables
from palanca.spec.schema import Case, Coverage, Entry
from palanca.spec.series_names import FiguresRecord, named

Row = dict[str, object]


def rows(case: Case, what: str) -> list[Row]:
    """The rows of one part of a case.

    Raises:
        UsageError: There is no such part.
    """
    if what not in PARTS:
        hint = nearest(what, PARTS)
        raise UsageError(
            "no such part of a case",
            found=repr(what),
            expected=f"one of {listed(PARTS, 20)}",
            way_out=f"Did you mean {hint!r}?" if hint else "",
        )
    return PARTS[what](case)


def _summary(case: Case) -> list[Row]:
    sourced = sum(entry.date_basis != "to-verify" for entry in case.record)
    facts: dict[str, object] = {
        "case": case.case,
        "title": case.title,
        "span": f"{case.span.first} to {case.span.last}",
        "countries": len(case.countries),
        "origins": len(case.origins),
        "groups": len(case.groups),
        "sectors": len(case.sectors),
        "levers": len(case.levers),
        "of these without an equation": sum(_acts(case, name) != "yes" for name in case.levers),
        "dated entries": len(case.record),
        "of these with a date to verify": len(case.record) - sourced,
        "of these with an inferred setting": sum(entry.basis == "inferred" for entry in case.record),
        "parameters overridden": len(case.parameters),
        "elections": len(case.elections),
        "sources": len(case.sources),
        "mechanisms off": ", ".join(case.off) or "none",
        "fingerprint": schedule.fingerprint(case),
    }
    return [{"what": key, "value": value} for key, value in facts.items()]


def _levers(case: Case) -> list[Row]:
    number = {name: sum(entry.lever == name for entry in case.record) for name in case.levers}
    return [
        {
            "lever": name,
            "holder": lever.holder,
            "mechanism": lever.mechanism,
            "acts": _acts(case, name),
            "quantity": tables.mechanisms()[lever.mechanism].quantity,
            "entries": number[name],
            "system": " ".join(lever.system),
            "what": lever.what,
        }
        for name, lever in case.levers.items()
    ]


def _acts(case: Case, lever: str) -> str:
    return "yes" if tables.mechanisms()[case.levers[lever].mechanism].acts else tables.NO_EQUATION


def _record(case: Case) -> list[Row]:
    return [_entry(case, entry) for entry in case.record]


def _entry(case: Case, entry: Entry) -> Row:
    return {
        "lever": entry.lever,
        "from": str(entry.first),
        "to": str(entry.last) if entry.last else "open",
        "setting": entry.amount,
        "unit": entry.unit,
        "acts": _acts(case, entry.lever),
        "cap": entry.cap,
        "origins": _whom(entry.origins, case.origins),
        "groups": _whom(entry.groups, case.groups),
        "sectors": _whom(entry.sectors, case.sectors),
        "basis": entry.basis,
        "date_basis": entry.date_basis,
        "source": " ".join(entry.source),
        "note": entry.note or "",
    }


def _whom(coverage: Coverage, names: Mapping[str, object]) -> str:
    covered = coverage.among(tuple(names))
    if len(covered) == len(names):
        return "all"
    if 2 * len(covered) > len(names):
        return "all but " + " ".join(name for name in names if name not in covered)
    return " ".join(covered)


def _parameters(case: Case) -> list[Row]:
    return [
        {
            "parameter": name,
            "axes": " ".join(belief.dims),
            "unit": belief.unit,
            "belief": belief.family,
            "p1": belief.p1,
            "p2": belief.p2,
            "low": belief.low,
            "high": belief.high,
            "from the case": name in case.parameters,
            "source": ", ".join(belief.source),
        }
        for name, belief in parameter.beliefs(case).items()
    ]


def _origins(case: Case) -> list[Row]:
    return [
        {
            "origin": code,
            "name": origin.name,
            "season": origin.kind,
            **{f"after {i} months": part for i, part in enumerate(origin.delay)},
            "darien": origin.darien,
            "air": origin.air,
            "data": origin.data,
        }
        for code, origin in case.origins.items()
    ]


def _series(case: Case) -> list[Row]:
    if case.series is None:
        return []
    found: list[Row] = []
    for role in type(case.series).model_fields:
        told = getattr(case.series, role)
        series = " ".join(named(told)) if isinstance(told, FiguresRecord) else told
        found += [{"what": role, "series": series}] if told is not None else []
    return found


def _elections(case: Case) -> list[Row]:
    return [
        {"country": vote.country, "date": str(vote.date), "kind": vote.kind, "source": " ".join(vote.source)}
        for vote in case.elections
    ]


def _named(section: str, noun: str) -> Callable[[Case], list[Row]]:
    """Rows of a section that maps names to records of plain text."""

    def of(case: Case) -> list[Row]:
        return [{noun: name, **dict(item)} for name, item in getattr(case, section).items()]

    return of


PARTS: dict[str, Callable[[Case], list[Row]]] = {
    "summary": _summary,
    "levers": _levers,
    "record": _record,
    "parameters": _parameters,
    "origins": _origins,
    "countries": _named("countries", "country"),
    "groups": _named("groups", "group"),
    "places": _named("places", "place"),
    "sectors": _named("sectors", "sector"),
    "series": _series,
    "elections": _elections,
    "sources": _named("sources", "source"),
}
