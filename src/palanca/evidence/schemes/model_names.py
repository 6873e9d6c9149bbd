"""Looks for what a scheme requires of the model: mechanisms and levers that act, outcomes, issues, parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from palanca.core.errors import UsageError
from palanca.core.wording import nearest
from palanca.questions import outcomes
from palanca.spec import tables
from palanca.spec.bargain_spec import load_bargain
from palanca.spec.schema import Case
from palanca.spec.schemes_schema import Requires

SLIP = 0.85  # likeness from which a name that is not there is taken for a slip of the pen


@dataclass(frozen=True)
class ModelNames:
    """What a model has, by kind of name; each says whether it acts.

    Args:
        known: By kind of `Requires`, every name with whether an equation stands behind it.
        levers: Levers of each scheme, by its id.
    """

    known: Mapping[str, Mapping[str, bool]]
    levers: Mapping[str, tuple[str, ...]]

    def lacking(self, requires: Requires | None, where: str) -> str:
        """What of a requirement the model does not have, in words; nothing if it has all.

        Raises:
            UsageError: A name is not there and looks like a slip for one that is.
        """
        if requires is None:
            return ""
        missing = [f"{kind[:-1]} {name!r}" for kind, name in requires.named if not self._has(kind, name, where)]
        return f"The model has no {' and no '.join(missing)}: {requires.why}" if missing else ""

    def _has(self, kind: str, name: str, where: str) -> bool:
        known = self.known[kind]
        if name in known:
            return known[name]
        hint = nearest(name, known)
        if hint and SequenceMatcher(None, name.lower(), hint.lower()).ratio() >= SLIP:
            raise UsageError(
                f"no such {kind[:-1]} of the model, and nearly one",
                where=where,
                found=repr(name),
                expected="a name of the model, or one unlike any of its names for what it lacks",
                way_out=f"Did you mean {hint!r}?",
            )
        return False


def names(case: Case) -> ModelNames:
    """Everything that schemes of a case may require."""
    mechanisms = {name: one.acts for name, one in tables.mechanisms().items()}
    levers: dict[str, list[str]] = {}
    for name, lever in case.levers.items():
        for system in lever.system:
            levers.setdefault(system, []).append(name)
    return ModelNames(
        known={
            "mechanisms": mechanisms,
            "levers": {name: mechanisms[lever.mechanism] for name, lever in case.levers.items()},
            "outcomes": dict.fromkeys(outcomes.OUTCOMES, True),
            "issues": dict.fromkeys(load_bargain(case.case).issues, True),
            "parameters": dict.fromkeys(tables.parameters(), True),
        },
        levers={system: tuple(found) for system, found in levers.items()},
    )
