"""Answers a question again from the manifest beside its answer, and says whether the same came out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from pathlib import Path

from palanca.api import questions
from palanca.api.load import bare, load
from palanca.api.model import Model
from palanca.core.errors import UsageError
from palanca.core.wording import listed
from palanca.show import manifest
from palanca.show.answer import Answer
from palanca.show.manifest import Difference, Manifest
from palanca.spec.load import loads
from palanca.spec.schema import Case


@dataclass(frozen=True, eq=False)
class Reproduced:
    """The same question answered again.

    Args:
        answer: The answer as it comes out now.
        differences: What differs from the manifest, causes before consequences.
    """

    answer: Answer
    differences: tuple[Difference, ...]

    @property
    def same(self) -> bool:
        """Whether every number is the same to the bit."""
        return not any(one.what == "file" for one in self.differences)

    @property
    def verdict(self) -> str:
        """One sentence: the same or not, and what may be why."""
        return manifest.verdict(list(self.differences))

    def __repr__(self) -> str:
        """The verdict."""
        return self.verdict


def reproduce(
    path: str | Path,
    *,
    fit: str | Path | None = None,
    allow_stale: bool = True,
    store: str | Path | None = None,
    as_known: str = "",
) -> Reproduced:
    """Answer a question again from its manifest.

    Contents of files that a user handed in (the case, changes, tables) stand in the manifest itself, so later edits of
    those files change nothing.

    Args:
        path: The manifest, or the folder it lies in.
        fit: The fit that was used, if it was not the shipped one.
        allow_stale: Whether the fit may be one made from other figures or by other code than now.
        store: Folder of releases that the answer was made with, if any.
        as_known: A month, `YYYY-MM`: only figures that had been published by its end.

    Raises:
        UsageError: It is no manifest of an answer.
    """
    held = manifest.read(Path(path))
    _check(held, str(path))
    ask = questions.ALONE.get(held.question)
    if ask is None:
        loaded = partial(load, fit=fit, allow_stale=allow_stale, store=store, as_known=as_known)
        ask = _of_model(held, loaded)
    answer = ask(**{name: value for name, value in held.arguments.items() if value is not None})
    return Reproduced(answer, tuple(manifest.differences(held, manifest.now(answer))))


def _of_model(held: Manifest, loaded: Callable[[str | Case], Model]) -> Callable[..., Answer]:
    """The question as a method of the model that it was asked of."""
    case = loads(held.inputs["case"], held.case) if "case" in held.inputs else held.case
    alone = held.question == "relief"  # which needs no corridor
    model = bare(held.case) if alone else loaded(case)
    found: Callable[..., Answer] = attrgetter(held.question)(model)
    return found


def _check(held: Manifest, where: str) -> None:
    """Refuse what is no question, and arguments that the question does not take."""
    known = questions.arguments()
    if held.question not in known:
        raise UsageError(
            "the manifest is of no question",
            where=where,
            found=repr(held.question),
            expected=f"one of {listed(sorted(known), 40)}",
        )
    unknown = [name for name in held.arguments if name not in known[held.question]]
    if unknown:
        raise UsageError(
            "the question has no such argument",
            where=where,
            found=listed(unknown),
            expected=listed(known[held.question], 40),
        )
