"""What made an answer of a fitted corridor: fingerprints, arguments, key and draws, in one record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from palanca.core import digest
from palanca.questions.corridor import Corridor
from palanca.questions.options import RunOptions
from palanca.questions.sweep import plan
from palanca.show.answer import Answer, Provenance


def of(corridor: Corridor, question: str, arguments: Mapping[str, object], *, draws: int, key: int) -> Provenance:
    """The provenance of an answer.

    Args:
        corridor: What was asked.
        question: The question's name, as the method of `Model` has it.
        arguments: Its arguments as plain values; those of the run (draws, key) among them.
        draws: How many draws.
        key: Key of the draws.
    """
    whole = dict(arguments) | {"draws": draws, "key": key}
    marks = plan.marks(corridor.case, corridor.free(draws, key), [question, whole], corridor.setting.figures)
    return Provenance(question, whole, corridor.case.case, marks, key, draws, notes=corridor.notes)


def with_case(found: Answer, text: str | None) -> Answer:
    """An answer that carries the case file of its user, so that it can be given again without that file."""
    if text is None:
        return found
    made = found.provenance
    return replace(found, provenance=replace(made, inputs={**made.inputs, "case": text}))


def alone(
    question: str, arguments: Mapping[str, object], name: str, declared: object, options: RunOptions
) -> Provenance:
    """The provenance of an answer that rests on a declared file and on no corridor.

    Args:
        question: The question's name, as the method of `Model` has it.
        arguments: Its arguments as plain values.
        name: Name of the case or table.
        declared: All that the file declares, as something JSON can hold.
        options: Draws and key.
    """
    whole = dict(arguments) | {"draws": options.draws, "key": options.key}
    marks = {
        "declared": digest.of_record(declared),
        "code": plan.code(),
        "question": digest.of_record([question, whole]),
    }
    return Provenance(question, whole, name, marks, options.key, options.draws)
