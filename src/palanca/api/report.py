"""One page of several answers, and the questions that such a page of a case holds by default."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from inspect import signature
from operator import attrgetter
from pathlib import Path

from palanca.api import questions
from palanca.api.model import Model
from palanca.core import save
from palanca.core.errors import OutputError, PalancaError, RoomError, UsageError
from palanca.core.wording import listed, nearest
from palanca.evidence.facts import answer as facts
from palanca.questions import changes as declaring
from palanca.questions.changes import Row
from palanca.questions.options import Progress, RunOptions
from palanca.show import report as page
from palanca.show import saved
from palanca.show.answer import Answer
from palanca.show.report import Unanswered
from palanca.spec import edit
from palanca.spec.schema import Case

USUAL = ("run", "whatif", "why", "forecast", "leverage", "evidence.fit", "evidence.backtest", "evidence.facts")
LARGEST = 5_000_000  # bytes of a page
Bar = Callable[[str], AbstractContextManager[Progress]]


@dataclass(frozen=True)
class ReportRequest:
    """What a report of a case is made from.

    Args:
        questions: Names of questions, in order.
        opening: What the what-if asks about, as `Model.whatif` takes changes; empty where the case has none.
        draws: How many draws of each.
        key: Same key, same bits.
    """

    questions: Sequence[str]
    opening: Sequence[str | Path | Row]
    draws: int
    key: int


def report(
    answers: Answer | str | Path | Sequence[Answer | str | Path],
    file: str | Path | None = None,
    *,
    title: str | None = None,
) -> str:
    """Several answers as one self-contained HTML page: answers, charts, how far to trust them, and method.

    Args:
        answers: Answers, or folders that answers were saved in, in the order in which they are told. Those of
            `Model.evidence` stand after the charts of the others.
        file: Where the page is written, whole or not at all; nowhere if nothing.
        title: Heading of the page; put together from the cases if nothing.

    Returns:
        The page.

    Raises:
        UsageError: There is no answer, a folder is none of an answer, or the page would be larger than 5 MB.
        OutputError: The folder or the disk refused; `file` still holds what it held.
    """
    given = [answers] if isinstance(answers, Answer | str | Path) else list(answers)
    return composed([one if isinstance(one, Answer) else saved.read(Path(one)) for one in given], file, title)


def composed(
    answers: Sequence[Answer], file: str | Path | None, title: str | None = None, missing: Sequence[Unanswered] = ()
) -> str:
    """The page of answers that are at hand, written if a file is named; raises as `report` does."""
    if not answers:
        raise UsageError(
            "no answer to report", where="report", expected="one answer at least",
            found="; ".join(f"{one.question}: {one.reason}" for one in missing) or "none",
        )  # fmt: skip
    made = page.html(answers, title or _title(answers), missing)
    size = len(made.encode())
    if size > LARGEST:
        raise UsageError(
            "the page would be too large", where="report", found=f"{size / 1e6:.1f} MB",
            expected=f"at most {LARGEST / 1e6:.0f} MB", way_out="Make two reports of fewer answers each.",
        )  # fmt: skip
    if file is not None:
        save.text(Path(file), made)
    return made


def check(names: Sequence[str]) -> None:
    """Refuse names that are no questions.

    Raises:
        UsageError: One is not.
    """
    known = questions.arguments()
    for name in names:
        if name not in known:
            hint = nearest(name, known)
            raise UsageError(
                "no such question", where="--question", found=repr(name), expected=f"one of {listed(known, 40)}",
                way_out=f"Did you mean {hint!r}?" if hint else "",
            )  # fmt: skip


def ask(model: Model, wanted: ReportRequest, bar: Bar) -> Iterator[Answer | Unanswered]:
    """Ask a model each question in turn; one that the case cannot answer is told with the reason.

    Args:
        model: The model.
        wanted: Which questions, and how.
        bar: Shows how far each has come.
    """
    for name in wanted.questions:
        found: Answer | Unanswered
        with bar(name) as tell:
            try:
                found = _asked(model, name, wanted, tell)
            except (OutputError, RoomError):  # nothing that the case is to blame for
                raise
            except PalancaError as fault:
                found = Unanswered(name, " ".join(str(fault).partition("\n  See docs")[0].split()))
        yield found


def opening(case: Case, shown_first: Sequence[str | Path | Row] = ()) -> list[str | Path | Row]:
    """What the what-if of a report asks about.

    Args:
        case: The case.
        shown_first: What the page of the case opens with; the first changes that come with the case if that is nothing.

    Returns:
        The name of shipped changes where some do the same, for these have a question in words; else what was given.
    """
    known = list(declaring.shipped(case))
    if not shown_first:
        return list(known[:1])
    wanted = edit.apply(case, declaring.gather(case, shown_first).parsed)
    same = [name for name in known if edit.apply(case, declaring.gather(case, name).parsed) == wanted]
    return list(same[:1]) or list(shown_first)


def _asked(model: Model, name: str, wanted: ReportRequest, tell: Progress) -> Answer:
    """One question with what it needs beside draws and key."""
    if name == "evidence.facts":
        return facts.shipped(model.corridor)
    method: Callable[..., Answer] = questions.ALONE.get(name) or attrgetter(name)(model)
    takes = signature(method).parameters
    options = RunOptions(wanted.draws, wanted.key, progress=tell)
    usual = {"draws": wanted.draws, "key": wanted.key, "run": options}
    given: dict[str, object] = {one: value for one, value in usual.items() if one in takes}
    return method(**given, **_besides(model, name, wanted))


def _besides(model: Model, name: str, wanted: ReportRequest) -> dict[str, object]:
    """The changes of a what-if; the months about their start, of which it is asked why, and what a deal would hold."""
    if name not in ("whatif", "why", "deal") or model.fitted is None:
        return {}
    if not wanted.opening:
        raise UsageError(
            "the case comes with no changes to ask about", where=name, expected="changes, as --changes of whatif takes",
            way_out="Ask `palanca whatif` with --out FOLDER, and give the folder with --from.",
        )  # fmt: skip
    if name == "whatif":
        return {"changes": list(wanted.opening)}
    changes = declaring.gather(model.case, list(wanted.opening)).parsed
    starts = [one.first for one in changes if one.first is not None]
    if not starts:
        raise UsageError("the changes begin in no month", where=name, expected="a change with a first month")
    begins = min(starts)
    return {"month": str(begins)} if name == "deal" else {"first": str(begins + -1), "last": str(begins)}


def _title(answers: Sequence[Answer]) -> str:
    cases = listed(dict.fromkeys(one.provenance.case for one in answers), 6)
    return f"What the model says of {cases}"
