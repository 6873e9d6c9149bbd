"""Draws the reference pages on cases, levers, parameters and units from the tables that the code reads."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from palanca.core import save, units
from palanca.spec import relief_schema, schema, series_names, sharing, sharing_schema, tables
from palanca.spec.declared import ATLAS
from palanca.spec.faults import MEANING
from palanca.spec.uncertain import Number

_MADE = "<!-- Drawn from the tables of palanca.spec; a test compares. Do not edit by hand. -->"
_SECTIONS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("span", schema.CaseMonths),
    ("series", series_names.SeriesNames),
    ("series.counted", series_names.CountedWords),
    ("series.followed", series_names.FollowedSeries),
    ("series.assumed", series_names.AssumedOutcomes),
    ("series.deaths", series_names.DeathSeries),
    ("series.repeat_mean", series_names.RepeatMean),
    ("series.oil", series_names.OilPrice),
    ("countries.CODE", schema.Country),
    ("origins.CODE", schema.Origin),
    ("groups.ID", schema.Group),
    ("places.ID", schema.Place),
    ("sectors.ID", schema.Sector),
    ("levers.ID", schema.Lever),
    ("levers.ID.lag", schema.Lag),
    ("record[]", schema.Entry),
    ("parameters.NAME", schema.Parameter),
    ("parameters.NAME.prior", schema.Prior),
    ("elections[]", schema.Election),
    ("sources.KEY", schema.Source),
)
RELIEF: tuple[type[BaseModel], ...] = (
    relief_schema.ReliefFile, Number, relief_schema.ReliefParty, relief_schema.Clause, relief_schema.Due,
    relief_schema.Slice, relief_schema.Licence, relief_schema.OfficeSpec, relief_schema.ReliefStakes,
    relief_schema.SnapCost, relief_schema.Migration, relief_schema.Flights, relief_schema.Reputation,
    relief_schema.ClauseReading, relief_schema.Rival, relief_schema.Seen,
)  # fmt: skip
SHARING: tuple[type[BaseModel], ...] = (
    sharing_schema.SharingFile, Number, sharing_schema.Places, sharing_schema.KeySpec, sharing_schema.PledgeSpec,
    sharing_schema.ProcedureSpec, sharing_schema.Criteria, sharing_schema.SharingCosts,
)  # fmt: skip
_WORDS = {
    "AMonth": "YYYY-MM",
    "Month": "YYYY-MM",
    "Day": "YYYY-MM or YYYY-MM-DD",
    "float": "number",
    "str": "text",
    "Coverage": "`all`, a list of names, or `{except: [names]}`",
    "Number": "a number, see Numbers",
}


def pages() -> dict[str, str]:
    """Every page by file name, as Markdown."""
    return {
        "levers.md": _levers(),
        "parameters.md": _parameters(),
        "units.md": _units(),
        "case-format.md": _format(),
        "relief-format.md": _relief(),
        "sharing-format.md": _sharing(),
    }


def write(folder: Path) -> list[Path]:
    """Write every page into a folder."""
    return [save.text(folder / name, content) for name, content in pages().items()]


def _levers() -> str:
    table = _table(
        ("mechanism", "quantity", "unit", "from", "to", "held by", "cap", "felt", "equation", "what a lever acts on"),
        (
            (
                f"`{m.name}`", m.quantity, m.unit, f"{m.low:g}", f"{m.high:g}", " or ".join(m.holder_roles),
                "people / month" if m.capped else "–",
                f"after {m.lag} months" if m.lag else "at once", m.equation or tables.NO_EQUATION, m.what,
            )
            for m in tables.mechanisms().values()
        ),
    )  # fmt: skip
    return _page(
        "Levers",
        "A lever is something a government can set. Each acts on one of these mechanisms; the list is "
        "closed. A case declares its own levers, says who holds each, and when it was set to what "
        "(`palanca case show --what levers`).",
        "Settings are shapes in time: the size of an effect is fitted. Slots and caps are totals, shared "
        "among all whom an entry covers. Settings of levers that share a mechanism add up. What is felt only "
        "months after it is set can be given another `lag` by its lever.",
        f"A mechanism marked *{tables.NO_EQUATION}* does not act: a case can say what was done, when and how much, and "
        "no number of the model depends on it. A change of such a lever is refused.",
        table,
    )


def _parameters() -> str:
    table = _table(
        ("parameter", "axes", "unit", "from", "to", "default", "fitted", "equation", "source", "what"),
        (
            (
                f"`{p.name}`", " × ".join(p.dims) or "one number", p.unit, f"{p.low:g}", f"{p.high:g}",
                _belief(p), "yes" if p.fitted else "no", p.equation, p.source, p.what,
            )
            for p in tables.parameters().values()
        ),
    )  # fmt: skip
    families = _table(
        ("family", "numbers"),
        ((f"`{name}`", ", ".join(n for n in names if n)) for name, names in tables.FAMILIES.items()),
    )
    return _page(
        "Parameters",
        "Defaults, each with bounds and a source. A case may override any of them under `parameters`, by "
        "a `value` or a `prior` (`palanca case show --what parameters`). One that is not fitted keeps its "
        "prior: no figure here bears on it alone.",
        table,
        "## Families of prior",
        families,
    )


def _units() -> str:
    table = _table(
        ("unit", "measures", "in base units"),
        ((f"`{u.name}`", u.dimension, f"{u.factor:.6g}") for u in units.UNITS.values()),
    )
    return _page(
        "Units",
        "The list is closed; spaces matter. Units that measure the same thing are converted, others are refused.",
        table,
    )


def _format() -> str:
    top = _table(
        ("section", "needed", "holds"),
        (
            (f"`{name}`", "yes" if field.is_required() else "no", _kind(field.annotation))
            for name, field in schema.Case.model_fields.items()
        ),
    )
    parts = []
    for title, model in _SECTIONS:
        parts += [f"## `{title}`", _first_line(model), _fields(model)]
    faults = _table(("fault", "when"), ((f"`{kind.value}`", meaning) for kind, meaning in MEANING.items()))
    return _page(
        "The case file",
        "One YAML document. Unknown keys are refused, nothing is filled in silently, and all faults are "
        "reported together, each with file and line. `palanca case new NAME` writes a commented first "
        "case; `palanca case check FILE` checks one.",
        "`from` and `to` are both included; a month alone means from its first or to its last day. A "
        "month that is partly in force counts by its share of days. Entries of one lever may not cover "
        "the same people on the same days. A case that names no `series` takes those of the shipped case "
        "that has the same `core`.",
        top,
        *parts,
        "## Faults",
        faults,
    )


def _relief() -> str:
    text = (ATLAS / "us-mexico" / "relief.yaml").read_text(encoding="utf-8")
    clause = re.search(r"^clauses:\n  returns:\n(?:    .*\n)+", text, re.MULTILINE)
    parts = []
    for model in RELIEF:
        title = {"ReliefFile": "The file", "Number": "Numbers"}.get(model.__name__, model.__name__)
        parts += [f"## {title}", _first_line(model), _fields(model)]
    return _page(
        "The format of a conditional relief",
        "A conditional relief is a YAML file that lies beside its case under the name `relief.yaml`: what one "
        "government asks of another, what relief hangs on each clause, what giving and taking back costs, and what "
        "was seen. Every fault is reported with its line, and every number has its source.",
        f"```yaml\n{clause[0] if clause else ''}```",
        "The whole shipped file is a good start for another.",
        *parts,
    )


def _sharing() -> str:
    text = (ATLAS / "us-mexico" / "sharing" / "safe-mobility.yaml").read_text(encoding="utf-8")
    example = re.search(r"^procedures:\n(?:  .*\n)+", text, re.MULTILINE)
    parts = []
    for model in SHARING:
        title = {"SharingFile": "The file", "Number": "Numbers"}.get(model.__name__, model.__name__)
        parts += [f"## {title}", _first_line(model), _fields(model)]
    rows = (
        (f"`{row.name}`", row.unit, f"{row.least:g}", f"{row.most:g}", row.source, row.what)
        for row in sharing.behaviour().values()
    )
    return _page(
        "The format of a sharing scheme",
        "A sharing scheme is a YAML file: who shares, by which key, what procedures are open to whom, what it costs, "
        "and what else differs from the record. Schemes that come with a case lie in its folder `sharing`; `palanca "
        "share --list` names them. Every fault is reported with its line, and every number has its source.",
        f"```yaml\n{example[0] if example else ''}```",
        *parts,
        "## Behaviour",
        "How people answer to a procedure (F11 of [the model](../model.md)): even between two ends, all judgements. A "
        "scheme may have its own under `behaviour`.",
        _table(("name", "unit", "from", "to", "source", "meaning"), rows),
    )


def _fields(model: type[BaseModel]) -> str:
    meaning = meanings(model)
    return _table(
        ("key", "needed", "holds", "meaning"),
        (
            (
                f"`{field.alias or name}`", "yes" if field.is_required() else "no", _kind(field.annotation),
                meaning.get(name, ""),
            )
            for name, field in model.model_fields.items()
        ),
    )  # fmt: skip


def _kind(kind: Any) -> str:
    """A type in a reader's words."""
    if hasattr(kind, "__metadata__"):
        return _kind(kind.__origin__)
    if get_origin(kind) in (Union, UnionType):
        return _kind(next(item for item in get_args(kind) if item is not type(None)))
    if get_origin(kind) is Literal:
        return " or ".join(f"`{item}`" for item in get_args(kind))
    if get_origin(kind) is dict:
        return "a mapping, see below"
    if get_origin(kind) is tuple:
        return _items(get_args(kind))
    return _WORDS.get(getattr(kind, "__name__", ""), "a mapping, see below")


def _items(kinds: Sequence[Any]) -> str:
    inside = _kind(kinds[0])
    number = "" if Ellipsis in kinds else f"{len(kinds)} of "
    return "a list, see below" if "below" in inside else f"a list: {number}{inside}"


def _first_line(model: type[BaseModel]) -> str:
    return inspect.cleandoc(model.__doc__ or "").splitlines()[0]


def meanings(model: type[BaseModel]) -> dict[str, str]:
    """What a docstring says of each field."""
    text = inspect.cleandoc(model.__doc__ or "").partition("Args:\n")[2]
    return {m[1]: " ".join(m[2].split()) for m in re.finditer(r"^ {4}(\w+): (.+(?:\n {8}.+)*)", text, re.M)}


def _belief(row: tables.ParameterRow) -> str:
    names = tables.FAMILIES[row.family]
    if row.family == "fixed":
        return f"{row.p1:g}"
    numbers = [f"{names[0]} {row.p1:g}", *([f"{names[1]} {row.p2:g}"] if row.p2 is not None else [])]
    return f"{row.family}: {', '.join(numbers)}"


def _page(title: str, *parts: str) -> str:
    return "\n\n".join((f"# {title}", _MADE, *parts)) + "\n"


def _table(head: Sequence[str], body: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *body]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
