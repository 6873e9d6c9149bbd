"""Checks the sound part of a case whose shape is at fault, so that all faults are told together."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from palanca.spec import check
from palanca.spec.faults import Fault, Kind
from palanca.spec.schema import Case

LISTS = ("record", "elections")
# What stands in for a malformed declaration: its name stays declared, and others are checked against it.
_STAND_INS: dict[str, dict[str, object]] = {
    "countries": {"name": "unreadable", "role": "origin"},
    "origins": {
        "name": "unreadable", "kind": "mixed", "delay": (1.0, 0.0, 0.0), "darien": 0.0, "air": 0.0,
        "data": "OTH",
    },
    "groups": {"name": "unreadable"},
    "places": {"name": "unreadable", "what": "unreadable"},
    "sectors": {"name": "unreadable", "state": "unreadable"},
    "sources": {"title": "unreadable", "publisher": "unreadable", "date": "unreadable"},
}  # fmt: skip
_WORDS = {"case": "unnamed", "title": "untitled"}
_BY_COUNTRY = (Kind.WRONG_ROLES, Kind.WRONG_HOLDER)


def faults(content: object, raised: ValidationError) -> list[Fault]:
    """Breaches of the rules among what is left once every malformed item is set aside."""
    if not isinstance(content, dict):
        return []
    sound, dropped = deepcopy(content), set[str]()
    errors = raised.errors(include_url=False, include_input=False)
    if not all(_mended(sound, error, dropped) for error in errors):
        return []
    numbers: dict[str, Sequence[int]] = {}
    for name in LISTS:
        items = sound.get(name, ())
        numbers[name] = [i for i, item in enumerate(items) if item is not None]
        sound[name] = tuple(items[i] for i in numbers[name])
    try:
        case = Case.model_validate(sound)
    except ValidationError:
        # Setting items aside left too little to be a case; its shape must be mended first.
        return []
    return [fault for fault in check.faults(case, numbers) if not _echo(fault, dropped)]


def _mended(sound: dict[str, Any], error: ErrorDetails, dropped: set[str]) -> bool:
    """Set aside what an error points at; False when the rest cannot stand without it."""
    loc = error["loc"]
    section = str(loc[0]) if loc else ""
    if error["type"] == "extra_forbidden" and len(loc) <= 3:
        return _without(sound, loc)
    if section in _WORDS:
        sound[section] = _WORDS[section]
        return True
    held = sound.get(section)
    if len(loc) < 2 or not isinstance(held, dict | tuple):
        return False
    if section in LISTS:
        sound[section] = tuple(None if i == loc[1] else item for i, item in enumerate(held))
    elif section in _STAND_INS and isinstance(held, dict):
        held[str(loc[1])] = dict(_STAND_INS[section])
        if section == "countries":
            dropped.add(section)
    elif section in ("levers", "parameters") and isinstance(held, dict):
        held.pop(str(loc[1]), None)
        dropped.add(repr(loc[1]))
    else:
        return False
    return True


def _without(sound: dict[str, Any], loc: tuple[int | str, ...]) -> bool:
    """Drop an unknown key."""
    here: Any = sound
    for part in loc[:-1]:
        here = here[part]
    if isinstance(here, dict):
        here.pop(loc[-1], None)
    return True


def _echo(fault: Fault, dropped: set[str]) -> bool:
    """Whether a fault only echoes an item that was set aside."""
    if fault.kind in _BY_COUNTRY:
        return "countries" in dropped
    return fault.kind is Kind.UNKNOWN_NAME and fault.found in dropped
