"""What pydantic finds wrong with a record, in our own words, with the nearest valid key or name."""

from __future__ import annotations

from collections.abc import Mapping
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from palanca.core.wording import nearest
from palanca.spec.faults import Fault, FaultKind, Place


def of(raised: ValidationError, model: Any) -> list[Fault]:
    """What pydantic found wrong with a record, in our own words; `model` is its type."""
    return [_complaint(error, model) for error in raised.errors(include_url=False)]


def _complaint(error: ErrorDetails, model: Any) -> Fault:
    place, kind, context = _place(error["loc"]), error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        keys = _keys(model, error["loc"][:-1])
        key = str(place[-1])
        return Fault(
            FaultKind.UNKNOWN_KEY, place, "unknown key", repr(key), "one of " + ", ".join(keys), nearest(key, keys)
        )
    if kind == "missing":
        return Fault(FaultKind.MISSING_FIELD, place[:-1], f"`{place[-1]}` is missing")
    if kind in set(FaultKind):
        return Fault(FaultKind(kind), place, error["msg"], str(context["found"]), str(context["expected"]))
    if kind == "literal_error":
        valid = str(context["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
        found = _shown(error["input"])
        hint = nearest(str(error["input"]), valid)
        return Fault(FaultKind.UNKNOWN_NAME, place, "not on the list", found, "one of " + ", ".join(valid), hint)
    if kind in ("greater_than_equal", "less_than_equal", "greater_than", "finite_number"):
        return Fault(FaultKind.OUT_OF_BOUNDS, place, "out of bounds", _shown(error["input"]), _asked(error))
    return Fault(FaultKind.WRONG_TYPE, place, "the wrong kind of value", _shown(error["input"]), _asked(error))


def _asked(error: ErrorDetails) -> str:
    """Pydantic's own words for what belongs there, as a noun phrase."""
    words = error["msg"].replace("Input should be ", "").replace("tuple", "list").replace("dictionary", "mapping")
    words = words.replace("a valid ", "a ").replace("a string", "text").replace(" or instance of", " such as")
    return words[:1].lower() + words[1:]


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, tuple):
        return f"a list of {len(value)}"
    return repr(value) if len(repr(value)) < 60 else repr(value)[:57] + "…'"


def _place(loc: tuple[int | str, ...]) -> Place:
    """Pydantic's place without the steps that only our reading of coverage adds."""
    return tuple(part for part in loc if part != "only")


def _keys(model: Any, loc: tuple[int | str, ...]) -> list[str]:
    """The keys that the mapping at this place may have."""
    here: Any = model
    for part in loc:
        here = _inside(here, part)
    fields = here.model_fields if isinstance(here, type) and issubclass(here, BaseModel) else {}
    return [field.alias or name for name, field in fields.items() if name != "only"]


def _inside(kind: Any, part: int | str) -> Any:
    """The type one step further in: a field of a record, the value of a mapping, the item of a list."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        for name, field in kind.model_fields.items():
            if part in (name, field.alias):
                return plain(field.annotation)
        return None
    items = [item for item in get_args(kind) if item is not Ellipsis]
    return plain(items[-1]) if items else None


def plain(kind: Any) -> Any:
    """A type without `Annotated` around it or `None` beside it."""
    if hasattr(kind, "__metadata__"):
        return plain(kind.__origin__)
    if get_origin(kind) in (Union, UnionType):
        return plain(next(item for item in get_args(kind) if item is not type(None)))
    return kind
