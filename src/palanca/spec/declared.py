"""The one loader of declared files: found by path or shipped name, read strictly, all faults told together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar, get_origin

from pydantic import BaseModel, ValidationError, create_model
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from palanca.core import read_file
from palanca.core.errors import CaseErrors, CaseFileError
from palanca.core.wording import nearest, shown
from palanca.spec import complaints
from palanca.spec.faults import Fault, Place
from palanca.spec.marks import Marked
from palanca.spec.schema import Strict

ATLAS = Path(__file__).parent / "atlas"
F = TypeVar("F", bound=BaseModel)


@dataclass(frozen=True)
class FileFormat(Generic[F]):
    """One kind of declared file.

    Args:
        noun: What such a file is called.
        schema: The record that holds its content.
        shipped_as: What a shipped name is the name of, as in `shipped case with a ledger`.
        way_out: What to do if no shipped name is near.
        name: Name of the file that lies beside its case.
        folder: Folder beside the case in which files of this kind lie, where there can be several.
    """

    noun: str
    schema: type[F]
    shipped_as: str
    way_out: str
    name: str = ""
    folder: str = ""

    def shipped(self, case: str = "") -> dict[str, Path]:
        """Files that come with the package, by the name of their case or, in a folder, by their own."""
        if self.name:
            return {path.parent.name: path for path in sorted(ATLAS.glob(f"*/{self.name}"))}
        return {path.stem: path for path in sorted((ATLAS / case / self.folder).glob("*.yaml"))} if case else {}

    def find(self, what: str | Path, case: str = "") -> Path:
        """The file behind a path or a shipped name.

        Raises:
            CaseFileError: Neither; names the nearest.
        """
        known, wanted = self.shipped(case), str(what)
        if read_file.is_file(what):
            return Path(what)
        if wanted in known:
            return known[wanted]
        hint = nearest(wanted, list(known)) if len(wanted) <= read_file.LONGEST_NAME else ""
        raise CaseFileError(
            f"no such {self.noun}",
            where=shown(wanted),
            found=f"neither a file nor the name of a {self.shipped_as}",
            expected="a path" + (f", or one of {', '.join(known)}" if known else ""),
            way_out=f"Did you mean {hint!r}?" if hint else self.way_out,
        )


@dataclass(frozen=True)
class Draft(Generic[F]):
    """What can be read of a file; rules are checked against it even where some entries are malformed.

    Args:
        file: The record; malformed entries are left out, a malformed section is empty or None.
        marked: The content as written, with its lines.
        malformed: Sections of which something cannot be read.
        kept: For a list with entries left out, the places in the file of those that are kept.
    """

    file: F
    marked: Marked
    malformed: frozenset[str] = frozenset()
    kept: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, file: F) -> Draft[F]:
        """A record that was not read from a file."""
        return cls(file, Marked(""))

    def whole(self, *sections: str) -> bool:
        """Whether every entry of these sections can be read."""
        return not self.malformed & set(sections)

    def names(self, section: str) -> tuple[str, ...]:
        """Every name that a section declares, whether or not its entry can be read."""
        if self.whole(section):
            return tuple(getattr(self.file, section) or ())
        given = self._content.get(section)
        return tuple(str(name).strip() for name in given) if isinstance(given, dict) else ()

    def listed(self, section: str, key: str = "name") -> tuple[str, ...]:
        """The name of every entry of a list, by its place; empty where it has none."""
        if self.whole(section):
            return tuple(str(getattr(item, key)) for item in getattr(self.file, section))
        given = self._content.get(section)
        found = (row.get(key) if isinstance(row, dict) else None for row in given) if isinstance(given, tuple) else ()
        return tuple(name.strip() if isinstance(name, str) else "" for name in found)

    def declares(self, section: str) -> bool:
        """Whether the section is there, so that at least its names can be read."""
        return self.whole(section) or isinstance(self._content.get(section), dict)

    def items(self, section: str) -> Iterator[tuple[Place, Any]]:
        """Entries of a section that can be read, each with its place."""
        entries = getattr(self.file, section)
        if isinstance(entries, Mapping):
            yield from (((section, name), entry) for name, entry in entries.items())
        else:
            places = self.kept.get(section, tuple(range(len(entries))))
            yield from (((section, at), entry) for at, entry in zip(places, entries, strict=True))

    def records(self) -> Iterator[tuple[Place, Strict]]:
        """Every record in the file that can be read, with its place, outer ones first."""
        for name in type(self.file).model_fields:
            value = getattr(self.file, name)
            if isinstance(value, Mapping | tuple):
                for place, entry in self.items(name):
                    yield from _within(entry, place)
            else:
                yield from _within(value, (name,))

    @property
    def _content(self) -> Mapping[str, Any]:
        return self.marked.content if isinstance(self.marked.content, dict) else {}


Rules = Callable[[Draft[F]], Iterable[Fault]]


def read(marked: Marked, schema: type[F], rules: Rules[F]) -> F:
    """Turn marked YAML into a record.

    Args:
        marked: The file's content and lines.
        schema: Its shape.
        rules: What must hold between entries, checked among all that can be read.

    Raises:
        CaseErrors: The file has faults; all of them, each with file and line.
    """
    found = list(marked.faults)
    try:
        file = schema.model_validate(marked.content)
    except ValidationError as raised:
        found += complaints.of(raised, schema)
        if isinstance(marked.content, dict):
            found += rules(_partial(marked, schema, raised))
        raise CaseErrors(worded(found, marked)) from raised
    found += rules(Draft(file, marked))
    if found:
        raise CaseErrors(worded(found, marked))
    return file


def worded(found: Iterable[Fault], marked: Marked) -> list[str]:
    """Faults as lines of text in the order of the file."""
    placed = [(marked.where(fault.place), fault) for fault in found]
    placed.sort(key=lambda pair: int(pair[0].rpartition(":")[2]))
    return list(dict.fromkeys(fault.worded(where) for where, fault in placed))


def _partial(marked: Marked, schema: type[F], raised: ValidationError) -> Draft[F]:
    """What is left once unknown keys and every malformed entry are set aside."""
    content: dict[str, Any] = deepcopy(marked.content) if isinstance(marked.content, dict) else {}
    wrong: dict[str, set[object]] = {}
    for error in raised.errors(include_url=False, include_input=False):
        if not _without(content, error):
            section, entry, *_ = (*error["loc"], None, None)
            wrong.setdefault(str(section), set()).add(entry)
    values: dict[str, Any] = {}
    kept: dict[str, tuple[int, ...]] = {}
    for name, known in schema.model_fields.items():
        given, bad = content.get(name), wrong.get(name, set())
        if isinstance(given, tuple):
            kept[name] = tuple(at for at in range(len(given)) if not bad & {at, None})
            given = tuple(given[at] for at in kept[name])
        elif isinstance(given, dict) and _of(known) is dict:
            given = {key: item for key, item in given.items() if not bad & {key, None}}
        values[name] = _section(name, known, given)
    return Draft(schema.model_construct(**values), marked, frozenset(wrong), kept)


def _without(content: dict[str, Any], error: ErrorDetails) -> bool:
    """Drop an unknown key; False if the error is another, or the key is not where it points."""
    if error["type"] != "extra_forbidden":
        return False
    here: Any = content
    part: Any
    for part in error["loc"][:-1]:
        if (isinstance(here, tuple) and isinstance(part, int)) or (isinstance(here, dict) and part in here):
            here = here[part]
        else:
            return False
    return isinstance(here, dict) and here.pop(error["loc"][-1], here) is not here


def _section(name: str, known: FieldInfo, given: object) -> Any:
    """One section as its record, or what stands for one that cannot be read."""
    # A field of its own record, so that it is read exactly as it would be in the whole.
    part = create_model("Part", __base__=Strict, **{name: (known.annotation, known)})  # type: ignore[call-overload]
    try:
        return getattr(part.model_validate({} if given is None else {name: given}), name)
    except ValidationError:
        empty: Any = {} if _of(known) is dict else () if _of(known) is tuple else None
        return empty if known.is_required() else known.get_default(call_default_factory=True)


def _of(known: FieldInfo) -> Any:
    return get_origin(complaints.plain(known.annotation))


def _within(value: object, place: Place) -> Iterator[tuple[Place, Strict]]:
    if isinstance(value, Strict):
        yield place, value
        for name, known in type(value).model_fields.items():
            yield from _within(getattr(value, name), (*place, known.alias or name))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _within(item, (*place, str(key)))
    elif isinstance(value, tuple):
        for at, item in enumerate(value):
            yield from _within(item, (*place, at))
