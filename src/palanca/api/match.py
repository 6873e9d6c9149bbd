"""Matches people to places by several rules: a question of three files, which needs no model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from palanca.core import digest
from palanca.questions.matching import answer as telling
from palanca.questions.matching import run as running
from palanca.questions.sweep import plan
from palanca.show.answer import Answer, Provenance
from palanca.spec.placement import loads_placement, texts

EXAMPLE = "example"
OWN = "own files"


def match(
    files: str | Path | Mapping[str, str] = EXAMPLE,
    *,
    rules: Sequence[str] | None = None,
    unit: str = "people",
    seconds: float = 120.0,
    key: int = 1,
) -> Answer:
    """How people would be matched to places: by deferred acceptance, trading cycles, the welfare optimum, week by week.

    Args:
        files: A folder with `families.csv`, `places.csv` and `pairs.csv`, the name of a shipped example, or the text of
            each file by `families`, `places` and `pairs`; docs/matching.md has the layout.
        rules: Any of `knapsack`, `threshold`, `cycles`, `optimum`, `improved`, `greedy` and `held-back`; all that the
            files allow by default.
        unit: What a capacity counts: `people` (as the files have it), or `families`, whatever their size.
        seconds: How long the solver may search for the optimum [seconds].
        key: Key of the futures that the weekly rule draws; same key, same bits.

    Returns:
        By rule: who gets where, what it adds up to, who could object, and who is left without a place.

    Raises:
        CaseErrors: The files have faults; all of them, each with its line.
        CaseFileError: There is no such folder, or a file cannot be read.
        MatchingError: They cannot be matched, as where families are counted and there are several capacities.
        UsageError: No such rule, or one that the files do not allow.
    """
    given = dict(files) if isinstance(files, Mapping) else texts(files)
    placement = loads_placement(given)
    found = running.run(placement, rules, unit, key, seconds)
    arguments: dict[str, object] = {"files": given, "rules": None if rules is None else list(rules), "unit": unit}
    arguments |= {"seconds": seconds, "key": key}
    marks = {
        "declared": digest.of_record(given),
        "code": plan.code(),
        "question": digest.of_record(["match", arguments]),
    }
    name = EXAMPLE if given == texts(EXAMPLE) else OWN
    return telling.answer(found, Provenance("match", arguments, name, marks, key, 1))
