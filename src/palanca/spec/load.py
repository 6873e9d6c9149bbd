"""YAML → Case; every complaint carries file and line and what was expected, and all come together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from palanca.core.errors import CaseErrors
from palanca.core.wording import nearest
from palanca.spec import check, marks, packaged, salvage
from palanca.spec.faults import Fault, Kind, Place
from palanca.spec.schema import Case

ATLAS, NAME = packaged.ATLAS, "case.yaml"


def load(what: str | Path) -> Case:
    """Read a case from a file, or a shipped case by its name.

    Raises:
        CaseFileError: There is no such file or name, or the file is not YAML.
        CaseErrors: The case has faults; all of them, each with file and line.
    """
    return read(marks.read(find(what)))


def loads(text: str, name: str = "case") -> Case:
    """Read a case from YAML text; `name` is what messages call it.

    Raises:
        CaseFileError: The text is not YAML.
        CaseErrors: The case has faults.
    """
    return read(marks.parse(text, name))


def shipped() -> list[str]:
    """Names of the cases that come with the package."""
    return list(packaged.of_cases(NAME))


def find(what: str | Path) -> Path:
    """The file behind a path or the name of a shipped case.

    Raises:
        CaseFileError: Neither a file nor a shipped case.
    """
    way_out = "`palanca case new NAME` writes a first case file."
    return packaged.find(what, packaged.of_cases(NAME), noun="case", kind="shipped case", way_out=way_out)


def read(marked: marks.Marked) -> Case:
    """Turn marked YAML into a case.

    Raises:
        CaseErrors: The case has faults; all of them, each with file and line.
    """
    found = list(marked.faults)
    try:
        case = Case.model_validate(marked.content)
        found += check.faults(case)
    except ValidationError as fault:
        found += [*complaints(fault, Case), *salvage.faults(marked.content, fault)]
        raise CaseErrors(worded(found, marked)) from fault
    if found:
        raise CaseErrors(worded(found, marked))
    return case


def worded(found: Iterable[Fault], marked: marks.Marked) -> list[str]:
    """Faults as lines of text in the order of the file."""
    placed = [(marked.where(fault.place), fault) for fault in found]
    placed.sort(key=lambda pair: int(pair[0].rpartition(":")[2]))
    return list(dict.fromkeys(fault.worded(where) for where, fault in placed))


def complaints(raised: ValidationError, model: Any) -> list[Fault]:
    """What pydantic found wrong with a record, in our own words; `model` is its type."""
    return [_complaint(error, model) for error in raised.errors(include_url=False)]


def _complaint(error: ErrorDetails, model: Any) -> Fault:
    place, kind, context = _place(error["loc"]), error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        keys = _keys(model, error["loc"][:-1])
        key = str(place[-1])
        return Fault(Kind.UNKNOWN_KEY, place, "unknown key", repr(key), "one of " + ", ".join(keys), nearest(key, keys))
    if kind == "missing":
        return Fault(Kind.MISSING_FIELD, place[:-1], f"`{place[-1]}` is missing")
    if kind in set(Kind):
        return Fault(Kind(kind), place, error["msg"], str(context["found"]), str(context["expected"]))
    if kind == "literal_error":
        valid = str(context["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
        found = _shown(error["input"])
        hint = nearest(str(error["input"]), valid)
        return Fault(Kind.UNKNOWN_NAME, place, "not on the list", found, "one of " + ", ".join(valid), hint)
    if kind in ("greater_than_equal", "less_than_equal", "greater_than", "finite_number"):
        return Fault(Kind.OUT_OF_BOUNDS, place, "out of bounds", _shown(error["input"]), _asked(error))
    return Fault(Kind.WRONG_TYPE, place, "the wrong kind of value", _shown(error["input"]), _asked(error))


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
                return _plain(field.annotation)
        return None
    items = [item for item in get_args(kind) if item is not Ellipsis]
    return _plain(items[-1]) if items else None


def _plain(kind: Any) -> Any:
    """A type without `Annotated` around it or `None` beside it."""
    if hasattr(kind, "__metadata__"):
        return _plain(kind.__origin__)
    if get_origin(kind) in (Union, UnionType):
        return _plain(next(item for item in get_args(kind) if item is not type(None)))
    return kind
