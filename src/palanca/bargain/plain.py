"""Declarations from plain lists and mappings, as a YAML file gives them; unknown keys are refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields
from typing import Any, TypeVar

import jax.numpy as jnp
import numpy as np

from palanca.bargain.arrivals import Flow
from palanca.bargain.issues import Budget, Declaration, Issue, Party, Ratifier
from palanca.bargain.refusals import DeclarationError
from palanca.bargain.utility import FORMS, Term

Record = TypeVar("Record", Issue, Party, Ratifier, Budget)
SECTIONS = ("parties", "issues", "payoffs", "ratifiers", "budgets", "flow")


def declared(data: Mapping[str, Any]) -> Declaration:
    """Read parties, issues, payoffs, ratifiers and budgets.

    Args:
        data: Lists of mappings by section. Parties, issues and ratifiers take the fields of their records; a payoff
            takes `voice`, `issue`, `form`, the form's coefficients by name, and `from_top`; a budget takes `name`,
            `weights` by issue and `limit`.

    Raises:
        DeclarationError: At the first key that is unknown or missing, or fault of what is declared.
    """
    _known(data, SECTIONS, "bargain")
    found = Declaration(
        parties=tuple(_record(Party, row, "parties", i) for i, row in enumerate(_rows(data, "parties"))),
        issues=tuple(_record(Issue, row, "issues", i) for i, row in enumerate(_rows(data, "issues"))),
        terms=tuple(_term(row, i) for i, row in enumerate(_rows(data, "payoffs"))),
        ratifiers=tuple(_record(Ratifier, row, "ratifiers", i) for i, row in enumerate(_rows(data, "ratifiers"))),
        budgets=tuple(_record(Budget, row, "budgets", i) for i, row in enumerate(_rows(data, "budgets"))),
    )
    found.check()
    return found


def flow(data: Mapping[str, Any], issues: Sequence[str]) -> Flow | None:
    """Read the groups of people, each with a `size` [people / month] and `held_back_by`, rates by issue.

    Args:
        data: What `declared` takes.
        issues: Names in order.
    """
    groups = _rows(data, "flow")
    rate = np.zeros((len(groups), len(issues)))
    size = np.zeros(len(groups))
    for i, row in enumerate(groups):
        where = f"flow, entry {i + 1}"
        _known(row, ("size", "held_back_by"), where)
        size[i] = float(_needed(row, "size", where))
        for name, value in row.get("held_back_by", {}).items():
            if name not in issues:
                raise DeclarationError("unknown issue", where=where, found=repr(name), expected=", ".join(issues))
            rate[i, list(issues).index(name)] = float(value)
    return Flow(jnp.array(size), jnp.array(rate)) if groups else None


def _record(kind: type[Record], row: Mapping[str, Any], section: str, at: int) -> Record:
    where = f"{section}, entry {at + 1}"
    _known(row, [field.name for field in fields(kind)], where)
    for field in fields(kind):
        if field.default is MISSING:
            _needed(row, field.name, where)
    values = dict(row)
    if "menu" in values:
        values["menu"] = tuple(float(x) for x in values["menu"])
    if "weights" in values:
        values["weights"] = tuple((str(name), float(x)) for name, x in values["weights"].items())
    return kind(**values)


def _term(row: Mapping[str, Any], at: int) -> Term:
    where = f"payoffs, entry {at + 1}"
    name = str(_needed(row, "form", where))
    if name not in FORMS:
        raise DeclarationError("unknown form of payoff", where=where, found=repr(name), expected=", ".join(FORMS))
    wanted = FORMS[name].coefficients
    _known(row, ("voice", "issue", "form", "from_top", *wanted), where)
    numbers = tuple(float(_needed(row, one, where)) for one in wanted)
    voice, issue = (str(_needed(row, one, where)) for one in ("voice", "issue"))
    return Term(voice, issue, name, numbers, bool(row.get("from_top", False)))


def _rows(data: Mapping[str, Any], section: str) -> list[Mapping[str, Any]]:
    rows = data.get(section, [])
    if not (isinstance(rows, list) and all(isinstance(row, Mapping) for row in rows)):
        raise DeclarationError("not a list of entries", where=section, found=type(rows).__name__)
    return rows


def _known(row: Mapping[str, Any], keys: Sequence[str], where: str) -> None:
    unknown = [str(key) for key in row if key not in keys]
    if unknown:
        raise DeclarationError(
            "unknown key", where=where, found=", ".join(unknown), expected="among " + ", ".join(keys)
        )


def _needed(row: Mapping[str, Any], key: str, where: str) -> Any:
    if key not in row:
        raise DeclarationError("a missing key", where=where, expected=f"'{key}'")
    return row[key]
