"""How far to trust a model: each kind of evidence is one method, and every method returns an answer."""

from __future__ import annotations

from dataclasses import dataclass

from palanca.questions.corridor import Corridor


@dataclass(frozen=True, eq=False)
class Evidence:
    """What speaks for and against a model; `Model.evidence` makes one.

    Args:
        corridor: The case lined up with its figures, and draws of what was learned.
        text: The case file as the user wrote it; nothing for a shipped case.
    """

    corridor: Corridor
    text: str | None = None

    def __repr__(self) -> str:
        """Name of the case."""
        return f"Evidence({self.corridor.case.case!r})"
