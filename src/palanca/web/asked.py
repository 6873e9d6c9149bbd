"""What may be asked over the web, question by question, and how a model answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from palanca.api.later import Later
from palanca.core.errors import UsageError
from palanca.core.wording import listed, nearest, shown
from palanca.questions.options import RunOptions
from palanca.show.answer import Answer
from palanca.web.asked_fields import (
    BacktestAsked,
    BargainAsked,
    ClaimsAsked,
    DealAsked,
    FactsAsked,
    FitAsked,
    ForecastAsked,
    LedgerAsked,
    LeverageAsked,
    LeversAsked,
    QuotasAsked,
    ReliefAsked,
    ResponseAsked,
    RunAsked,
    SchemesAsked,
    SearchAsked,
    SensitivityAsked,
    ShareAsked,
    SilenceAsked,
    WhatIfAsked,
    WhyAsked,
)

if TYPE_CHECKING:
    from palanca.api import questions as doors
    from palanca.api.model import Model
else:  # which loads the compiler
    doors = Later("palanca.api.questions")


@dataclass(frozen=True)
class WebQuestion:
    """One question as the web asks it.

    Args:
        name: As in the address, and as the method of a model.
        fields: What may be asked, with bounds.
        long: Whether it runs as a job: it takes more than some seconds.
        bare: Whether a table without a corridor answers it.
        alone: Whether no model answers it: figures and declared files do.
        of_case: Name of the argument that takes the name of the case, of a question that no model answers; or nothing.
    """

    name: str
    fields: type[BaseModel]
    long: bool = False
    bare: bool = False
    alone: bool = False
    of_case: str = ""

    @property
    def what(self) -> str:
        """In one sentence."""
        return (self.fields.__doc__ or "").strip()

    def read(self, given: Mapping[str, object]) -> AskedQuestion:
        """What is asked, from plain values.

        Raises:
            UsageError: A field is unknown or does not fit.
        """
        try:
            return AskedQuestion(self, self.fields.model_validate(dict(given)))
        except ValidationError as fault:
            raise _worded(self.fields, fault) from fault

    def of_pairs(self, pairs: list[tuple[str, str]]) -> AskedQuestion:
        """What is asked, from the keys and values of a query; lists have commas between.

        Raises:
            UsageError: A field is unknown, stands twice or does not fit.
        """
        found: dict[str, object] = {}
        for name, text in pairs:
            if name in found:
                raise UsageError("stands twice", where=shown(name), expected="one value")
            if text == "":
                continue  # a form sends a field that was left empty
            field = self.fields.model_fields.get(name)
            several = field is not None and "tuple" in str(field.annotation)
            found[name] = [part for part in text.split(",") if part] if several else text
        return self.read(found)


@dataclass(frozen=True)
class AskedQuestion:
    """A question with its fields, checked.

    Args:
        question: Which.
        asked: What.
    """

    question: WebQuestion
    asked: BaseModel

    @property
    def values(self) -> dict[str, Any]:
        """The fields that are given, as plain values."""
        return self.asked.model_dump(mode="json", exclude_none=True)

    @property
    def query(self) -> str:
        """The address after `?`: what differs from the default."""
        own = self.asked.model_dump(mode="json", exclude_defaults=True)
        return "&".join(f"{name}={_text(value)}" for name, value in own.items())

    def bounded(self, most_draws: int) -> AskedQuestion:
        """The same, if it asks for no more draws than a server gives.

        Raises:
            UsageError: It asks for more.
        """
        draws = getattr(self.asked, "draws", 0)
        if draws > most_draws and "draws" in self.asked.model_fields_set:
            raise UsageError(
                "more draws than this server gives", where="draws", found=str(draws), expected=f"at most {most_draws}"
            )
        return self if draws <= most_draws else self.question.read({**self.values, "draws": most_draws})

    def ask(self, model: Model, run: RunOptions) -> Answer:
        """The model's answer, or that of the figures alone."""
        if self.question.alone:
            method: Callable[..., Answer] = doors.ALONE[self.question.name]
            given = {self.question.of_case: model.name} if self.question.of_case else {}
            return method(**given, **self.values)
        method = attrgetter(self.question.name)(model)
        return method(**self.values, run=run)


QUESTIONS: Mapping[str, WebQuestion] = {
    one.name: one
    for one in (
        WebQuestion("run", RunAsked),
        WebQuestion("whatif", WhatIfAsked),
        WebQuestion("why", WhyAsked),
        WebQuestion("forecast", ForecastAsked),
        WebQuestion("leverage", LeverageAsked),
        WebQuestion("deal", DealAsked, bare=True),
        WebQuestion("relief", ReliefAsked),
        WebQuestion("silence", SilenceAsked),
        WebQuestion("search", SearchAsked, long=True),
        WebQuestion("sensitivity", SensitivityAsked, long=True),
        WebQuestion("bargain", BargainAsked, long=True),
        WebQuestion("share", ShareAsked, long=True),
        WebQuestion("quotas", QuotasAsked, alone=True),
        WebQuestion("claims", ClaimsAsked, alone=True, of_case="file"),
        WebQuestion("evidence.fit", FitAsked),
        WebQuestion("evidence.facts", FactsAsked, long=True),
        WebQuestion("evidence.schemes", SchemesAsked, long=True),
        WebQuestion("evidence.ledger", LedgerAsked, long=True),
        WebQuestion("evidence.backtest", BacktestAsked),
        WebQuestion("evidence.response", ResponseAsked),
        WebQuestion("evidence.levers", LeversAsked, long=True),
    )
}


def find(name: str) -> WebQuestion:
    """A question by its name.

    Raises:
        UsageError: There is none.
    """
    if name in QUESTIONS:
        return QUESTIONS[name]
    hint = nearest(name[:80], QUESTIONS)
    raise UsageError(
        "no such question",
        where="address",
        found=shown(repr(name)),
        expected=f"one of {listed(QUESTIONS, 30)}",
        way_out=f"Did you mean {hint!r}?" if hint else "",
    )


def _worded(fields: type[BaseModel], fault: ValidationError) -> UsageError:
    """The first fault of a body or a query, in the words of every other error."""
    faults = fault.errors(include_url=False)
    first = next((one for one in faults if one["type"] == "extra_forbidden"), faults[0])  # a name that was mistyped
    where = ".".join(str(part) for part in first["loc"][:4]) or "body"
    given = first.get("input")
    unknown = first["type"] == "extra_forbidden"
    name = str(first["loc"][-1]) if first["loc"] else ""
    hint = nearest(name[:80], fields.model_fields) if unknown else ""
    return UsageError(
        "no such field" if unknown else "the value does not fit",
        where=shown(where),
        found=shown(repr(name if unknown else given)),
        expected=f"one of {listed(fields.model_fields, 20)}" if unknown else _lower(str(first["msg"])),
        way_out=f"Did you mean {hint!r}?" if hint else "",
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        return ",".join(str(one) for one in value)
    return str(value).lower() if isinstance(value, bool) else str(value)
