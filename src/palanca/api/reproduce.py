"""Answers a question again from the manifest beside its answer, and says whether the same came out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

from palanca.api.load import load
from palanca.core.errors import UsageError
from palanca.show import manifest
from palanca.show.answer import Answer
from palanca.show.manifest import Difference
from palanca.spec.load import loads


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


def reproduce(path: str | Path, *, fit: str | Path | None = None, allow_stale: bool = True) -> Reproduced:
    """Answer a question again from its manifest.

    Contents of files that a user handed in (the case, changes, tables) stand in the manifest itself, so later edits of
    those files change nothing.

    Args:
        path: The manifest, or the folder it lies in.
        fit: The fit that was used, if it was not the shipped one.
        allow_stale: Whether the fit may be one made from other figures or by other code than now.

    Raises:
        UsageError: It is no manifest of an answer.
    """
    held = manifest.read(Path(path))
    case = loads(held.inputs["case"], held.case) if "case" in held.inputs else held.case
    model = load(case, fit=fit, allow_stale=allow_stale)
    try:
        ask: Callable[..., Answer] = attrgetter(held.question)(model)
    except AttributeError as fault:
        raise UsageError(
            "the manifest is of no question", where=str(path), found=repr(held.question), expected="a method of Model"
        ) from fault
    if held.question.startswith("_") or not callable(ask):
        raise UsageError("the manifest is of no question", where=str(path), found=repr(held.question))
    arguments = {name: value for name, value in held.arguments.items() if value is not None}
    answer = ask(**arguments)
    return Reproduced(answer, tuple(manifest.differences(held, manifest.now(answer))))
