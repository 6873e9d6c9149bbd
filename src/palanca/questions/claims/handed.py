"""Claims on causes and counterfactuals: the question of the model that each is handed on to, and its command."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass

from palanca.core.errors import UsageError
from palanca.core.wording import listed, nearest
from palanca.show.answer import Answer, Finding
from palanca.show.estimate import Estimate
from palanca.spec.claims_schema import HandedOn


@dataclass(frozen=True, eq=False)
class ModelReply:
    """What the model answered to a claim that was handed on.

    Args:
        finding: The finding that replies.
        number: The number in it that does.
        name: What that number is called.
    """

    finding: Finding
    number: Estimate
    name: str


Replies = Mapping[str, ModelReply]


def reply(found: Answer, wanted: str | None) -> ModelReply:
    """The finding of an answer, and the number in it, that reply to a claim.

    Args:
        found: The answer.
        wanted: Name of the number; the first with an interval if nothing.

    Raises:
        UsageError: The answer has no such number; names the nearest.
    """
    in_order = [
        (name, ModelReply(finding, one, name)) for finding in found.findings for name, one in finding.numbers.items()
    ]
    known = dict(reversed(in_order))  # the first of a name
    if wanted is None:
        wanted = next((name for name, one in in_order if one.number.level is not None), next(iter(known), ""))
    if wanted in known:
        return known[wanted]
    for table in found.tables:
        for row in table.rows:
            first = next((cell for cell in row if isinstance(cell, Estimate)), None)
            if row[0] == wanted and first is not None:
                return ModelReply(Finding(f"{table.name}: {wanted}.", {wanted: first}), first, wanted)
    hint = nearest(wanted, known)
    raise UsageError(
        "the answer has no such number",
        where="handed_on.number",
        found=repr(wanted),
        expected=f"one of {listed(known, 20)}",
        way_out=f"Did you mean {hint!r}?" if hint else "",
    )


def command(given: HandedOn, case: str) -> str:
    """The command that asks the model, as it is typed."""
    if given.why is not None:
        part = "" if given.outcome == "encounters" else f" --outcome {given.outcome}"
        return f"palanca why {given.why.first} {given.why.last} --case {case}{part}"
    assert given.whatif is not None
    changes = " ".join(f"--set {shlex.quote(one)}" if "=" in one else f"--changes {one}" for one in given.whatif)
    months = "".join(f" --{name} {month}" for name, month in (("from", given.first), ("until", given.last)) if month)
    if given.months is not None:
        months += f" --months {given.months.first}..{given.months.last}"
    return f"palanca whatif {case} {changes}{months}"
