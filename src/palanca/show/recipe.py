"""How to get an answer again: as Python, and as one command."""

from __future__ import annotations

import json
import pprint
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from palanca.show.answer import Answer, Provenance

ALONE = ("claims", "match", "quotas")  # asked of no model
CHANGES = "changes.yaml"  # as the file is called that a what-if is asked again with
LONGEST = 400  # characters of an argument that a command may hold


@dataclass(frozen=True)
class CommandForm:
    """How the arguments of a question are written in a command.

    Args:
        words: The command.
        positions: Arguments that stand by themselves, in order; `case` among them where the command takes it so.
        options: Options of the other arguments.
        flags: Options of arguments that are true or false, written where they are true.
        denied: Options of arguments that are written where they are false.
    """

    words: str
    positions: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    flags: Mapping[str, str] = field(default_factory=dict)
    denied: Mapping[str, str] = field(default_factory=dict)


KEY = {"key": "--key"}
RUN = {"draws": "--draws"} | KEY
CASE = {"case": "--case"} | RUN
FORMS: Mapping[str, CommandForm] = MappingProxyType(
    {
        "run": CommandForm("run", ("case",), RUN),
        "whatif": CommandForm("whatif", ("case",), {"changes": "--changes", "months": "--months"} | RUN),
        "why": CommandForm("why", ("first", "last"), {"outcome": "--outcome"} | CASE, {"episodes": "--episodes"}),
        "forecast": CommandForm(
            "forecast", ("case",), {"ahead": "--ahead", "last": "--from", "suppose": "--suppose"} | RUN
        ),
        "leverage": CommandForm(
            "leverage", ("government", "month"), {"lengths": "--for", "table": "--table"} | CASE, {"shares": "--shares"}
        ),
        "deal": CommandForm("deal", ("case",), {"month": "--month", "table": "--table", "silos": "--silos"} | RUN),
        "share": CommandForm("share", ("scheme",), CASE, denied={"variants": "--no-variants"}),
        "relief": CommandForm("relief", ("case",), {"ahead": "--ahead"} | RUN),
        "silence": CommandForm(
            "silence", ("case",), {"month": "--month", "years": "--years"} | RUN, denied={"slow": "--no-slow"}
        ),
        "search": CommandForm(
            "search", ("search",), {"packages": "--packages", "population": "--population"} | CASE
        ),
        "evidence.fit": CommandForm("evidence fit", ("case",), RUN),
        "evidence.facts": CommandForm("evidence facts", ("case",), {"only": "--only"} | RUN),
        "evidence.schemes": CommandForm("evidence schemes", ("case",), {"only": "--only"} | RUN),
        "evidence.backtest": CommandForm("evidence backtest", ("case",), KEY),
        "evidence.response": CommandForm("evidence response", ("case",), KEY),
        "evidence.levers": CommandForm("evidence levers", ("month",), {"months": "--for"} | CASE),
        "claims": CommandForm(
            "claims", ("file",), {"only": "--only", "as_known": "--as-known"} | RUN, {"ask": "--answer"}
        ),
    }
)  # fmt: skip


def python(answer: Answer) -> str:
    """Python that asks the same again."""
    made = answer.provenance
    given = {name: value for name, value in made.arguments.items() if value is not None and name != "question"}
    arguments = ",\n".join(f"    {name}={_literal(value)}" for name, value in given.items())
    head = f'"""{answer.question}"""'.replace("\\", "\\\\")
    ask = f"pl.{made.question}" if made.question in ALONE else f"model.{made.question}"
    model = "" if made.question in ALONE else f"model = pl.load({made.case!r})\n"
    return f"{head}\n\nimport palanca as pl\n\n{model}answer = {ask}(\n{arguments},\n)\nprint(answer)\n"


def command(made: Provenance) -> str:
    """One command that asks the same again, with files of the names that it holds; empty where only Python can."""
    form = FORMS.get(made.question)
    if form is None or _needs_python(made.arguments):
        return ""
    given = {"case": made.case} | {name: one for name, one in made.arguments.items() if one not in (None, "", [], ())}
    words = ["palanca", *form.words.split()]
    words += [_word(name, given[name]) for name in form.positions if name in given]
    for name, option in form.options.items():
        for value in _several(name, given[name]) if name in given else ():
            words += [option, value]
    words += [option for name, option in form.flags.items() if given.get(name)]
    words += [option for name, option in form.denied.items() if given.get(name) is False]
    return shlex.join(words)


def changes(made: Provenance) -> str:
    """The changes of a what-if as a file that `palanca whatif --changes FILE` takes; empty for any other question."""
    rows = made.arguments.get("changes")
    if not isinstance(rows, list | tuple):
        return ""
    return "".join(f"- {json.dumps(row, ensure_ascii=False)}\n" for row in rows)


def _needs_python(arguments: Mapping[str, object]) -> bool:
    """Whether an argument has no form in a command: suppositions of one's own, files of facts, work done again."""
    own = arguments.get("suppose")
    rows = isinstance(own, list | tuple) and any(isinstance(one, Mapping) for one in own)
    return rows or bool(arguments.get("add")) or bool(arguments.get("again"))


def _several(name: str, value: object) -> Sequence[str]:
    """Values of one option, which may stand several times."""
    if name == "suppose" and isinstance(value, list | tuple):
        return [str(one) for one in value]
    return [_word(name, value)]


def _word(name: str, value: object) -> str:
    """A value as a word of the command; whole files are told by a name."""
    if name == "changes":
        return CHANGES
    if isinstance(value, list | tuple):
        return ",".join(map(str, value))
    text = str(value)
    return f"{name}.yaml" if "\n" in text or len(text) > LONGEST else text


def _literal(value: object) -> str:
    text = pprint.pformat(value, width=100, sort_dicts=False)
    return text.replace("\n", "\n    ")
