"""Draws the page of the Python interface from signatures and docstrings."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from enum import Enum
from functools import cached_property

HEAD = """# Python

<!-- Drawn from signatures and docstrings by `make docs`; a test compares. Do not edit by hand. -->

Everything public, in `import palanca as pl`. Other modules may change without notice. A question is a method of
[`Model`](#model) or [`Evidence`](#evidence) and returns an [`Answer`](#answer). Errors are of the class
[`PalancaError`](#palancaerror); [each kind](../errors.md) has an entry.
"""
ORDER = ("load", "Model", "Evidence", "Answer", "Finding", "Estimate", "Basis", "RunOptions", "reproduce", "Reproduced")
MADE = ("Model", "Evidence", "Answer")  # a user is given these and calls no constructor
LOADED = ("Model", "Evidence")  # their fields are no concern of a user
SECTIONS = ("Args", "Returns", "Raises", "Reference")


def page() -> str:
    """The page, in the order in which a reader meets the names."""
    import palanca

    names = [name for name in dict.fromkeys((*ORDER, *palanca.__all__)) if name != "__version__"]
    return "\n".join([HEAD, *(entry(name) for name in names)])


def entry(name: str) -> str:
    """One public name with everything below it."""
    thing = public(name)
    lines = [f"## {name}\n"]
    if inspect.isclass(thing):
        lines += _of_class(name, thing)
    else:
        lines += [_signature(f"pl.{name}", thing), *_text(thing)]
    return "\n".join(lines)


def public(name: str) -> object:
    """What a name stands for; `Evidence` is reached through a model alone."""
    import palanca
    from palanca.api.evidence import Evidence

    return Evidence if name == "Evidence" else getattr(palanca, name)


def members(kind: type) -> Iterator[tuple[str, object]]:
    """Public methods and properties of a class, as written."""
    for name, member in vars(kind).items():
        if not name.startswith("_") and (inspect.isfunction(member) or isinstance(member, property | cached_property)):
            yield name, member


def _of_class(name: str, kind: type) -> Iterator[str]:
    if issubclass(kind, Enum):
        yield from _text(kind)
        yield from (f"- `{name}.{one.name}`: {one.value}" for one in kind)
        yield ""
        return
    if name not in MADE and not issubclass(kind, Exception):
        yield _signature(f"pl.{name}", kind)
    yield from _text(kind)
    for below, member in members(kind):
        shown = f"{name}.{below}"
        yield f"### {shown}\n"
        if inspect.isfunction(member):
            yield _signature(shown, member)
        else:
            getter = member.func if isinstance(member, cached_property) else member.fget  # type: ignore[attr-defined]
            yield f"```text\n{shown}: {getter.__annotations__['return']}\n```\n"
        yield from _text(member)


def _signature(shown: str, thing: object) -> str:
    """A call, one argument a line where it is long."""
    given = inspect.signature(thing)  # type: ignore[arg-type]
    parts, by_name = [], False
    for name, one in given.parameters.items():
        if name == "self":
            continue
        if one.kind is inspect.Parameter.KEYWORD_ONLY and not by_name:
            by_name = True
            parts.append("*")
        default = "" if one.default is inspect.Parameter.empty else f" = {_default(one.default)}"
        parts.append(f"{name}: {one.annotation}{default}")
    returns = "" if inspect.isclass(thing) else f" -> {given.return_annotation}"
    line = f"{shown}({', '.join(parts)}){returns}"
    if len(line) > 100:
        line = f"{shown}(\n" + "".join(f"    {part},\n" for part in parts) + f"){returns}"
    return f"```text\n{line}\n```\n"


def _default(value: object) -> str:
    """A default as one would write it; what a factory makes is empty."""
    if repr(value) == "<factory>":
        return "{}"
    return f"{type(value).__name__}.{value.name}" if isinstance(value, Enum) else repr(value)


def _text(thing: object) -> Iterator[str]:
    """A docstring as Markdown: its sections with a line an entry."""
    for heading, body in _sections(inspect.getdoc(thing) or ""):
        if heading == "Args" and getattr(thing, "__name__", "") in LOADED:
            continue
        if heading:
            yield f"**{'Fields' if heading == 'Args' and inspect.isclass(thing) else heading}**\n"
        if heading in ("Args", "Raises"):
            yield "\n".join(f"- `{name}`: {words}" for name, words in _entries(body))
        else:
            yield body
        yield ""


def _sections(text: str) -> Iterator[tuple[str, str]]:
    parts = re.split(rf"^({'|'.join(SECTIONS)}):\n", text, flags=re.MULTILINE)
    yield "", parts[0].strip()
    for heading, body in zip(parts[1::2], parts[2::2], strict=True):
        yield heading, inspect.cleandoc(body.rstrip())


def _entries(body: str) -> Iterator[tuple[str, str]]:
    for part in re.split(r"\n(?=\S)", body):
        name, _, words = part.partition(":")
        yield name, " ".join(words.split())
