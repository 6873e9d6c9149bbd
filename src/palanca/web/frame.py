"""What every page of the site has around its answer: tabs, languages, downloads, and a form for what is asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from palanca.web.asked import QUESTIONS, AskedQuestion, WebQuestion

TABS = (
    "whatif",
    "why",
    "forecast",
    "leverage",
    "deal",
    "relief",
    "search",
    "share",
    "quotas",
    "claims",
    "evidence",
    "data",
)
BARE = ("deal",)
EVIDENCE = "evidence"


@dataclass(frozen=True)
class Tab:
    """One way on.

    Args:
        name: Key of the catalogue.
        href: Where it leads.
        current: Whether it is open.
    """

    name: str
    href: str
    current: bool


@dataclass(frozen=True)
class File:
    """One download.

    Args:
        name: Its name.
        href: Where it lies.
    """

    name: str
    href: str


@dataclass(frozen=True)
class Frame:
    """What every template gets.

    Args:
        case: Name of the case.
        title: The case in words.
        question: Which tab is open.
        lang: Language.
        base: Prefix of the site, put before every own address.
        static: Where scripts and styles lie.
        here: This page from the root of the site, with its query.
        tabs: Questions.
        files: Downloads of the answer.
        langs: The same page in every language.
        version: Of palanca.
    """

    case: str
    title: str
    question: str
    lang: str
    base: str
    static: str
    here: str
    tabs: tuple[Tab, ...]
    files: tuple[File, ...]
    langs: tuple[Tab, ...]
    version: str


@dataclass(frozen=True)
class FormField:
    """One field of a form.

    Args:
        name: As in the address.
        kind: `number`, `month`, `choice`, `flag` or `text`.
        value: As it stands.
        help: What it means.
        low: Least number.
        high: Greatest number.
        choices: Names to choose from.
    """

    name: str
    kind: str
    value: str
    help: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class AskForm:
    """What is asked, as a form that works without script.

    Args:
        action: Where it is sent, by GET.
        start: Where a long question is started, by POST; empty for one that is answered at once.
        fields: Its fields.
    """

    action: str
    start: str
    fields: tuple[FormField, ...]

    @property
    def long(self) -> bool:
        """Whether it runs as a job."""
        return bool(self.start)


def tabs(base: str, case: str, current: str, *, bare: bool, without: Collection[str] = ()) -> tuple[Tab, ...]:
    """The questions of a case.

    Args:
        base: Prefix of the site.
        case: Name of the case.
        current: Which is open.
        bare: Whether it has no corridor.
        without: Questions for which nothing comes with it.
    """
    shown = BARE if bare else [name for name in TABS if name not in without]
    return tuple(Tab(name, f"{base}/{case}/{name}", name == current.partition(".")[0]) for name in shown)


def evidence(base: str, case: str) -> tuple[Tab, ...]:
    """The kinds of evidence."""
    names = [name for name in QUESTIONS if name.startswith(f"{EVIDENCE}.")]
    return tuple(Tab(name, f"{base}/{case}/{name}", False) for name in names)


def form(base: str, case: str, asked: AskedQuestion, choices: Mapping[str, tuple[str, ...]]) -> AskForm:
    """The form of a question, filled in with what is asked.

    Args:
        base: Prefix of the site.
        case: Name of the case.
        asked: What is asked.
        choices: Names to choose from, by field.
    """
    question = asked.question
    action = f"{base}/{case}/{question.name}"
    fields = tuple(_field(question, name, asked, choices) for name in question.fields.model_fields)
    return AskForm(action, f"{action}/start" if question.long else "", fields)


def _field(question: WebQuestion, name: str, asked: AskedQuestion, choices: Mapping[str, tuple[str, ...]]) -> FormField:
    schema = question.fields.model_json_schema()["properties"][name]
    own = next((one for one in schema.get("anyOf", ()) if one.get("type") != "null"), schema)
    given = getattr(asked.asked, name)
    value = ",".join(map(str, given)) if isinstance(given, tuple) else "" if given is None else str(given)
    kind = _kind(own, name, choices)
    return FormField(
        name,
        kind,
        value.lower() if kind == "flag" else value,
        schema.get("description", own.get("description", "")).replace("`", ""),
        own.get("minimum"),
        own.get("maximum"),
        choices.get(name, ()),
    )


def _kind(schema: Mapping[str, Any], name: str, choices: Mapping[str, tuple[str, ...]]) -> str:
    if name in choices:
        return "choice"
    if schema.get("type") in ("integer", "number"):
        return "number"
    if schema.get("type") == "boolean":
        return "flag"
    return "month" if schema.get("maxLength") == 7 else "text"
