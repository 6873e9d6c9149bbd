"""Which methods of a model are questions: only these are answered again from a manifest."""

from __future__ import annotations

from collections.abc import Mapping
from inspect import signature

from palanca.api.evidence import Evidence
from palanca.api.model import Model

RUN = ("self", "run")  # how a question is run is no part of it: no manifest may name folders or schedulers
ANSWERS = "Answer"
OWNERS: Mapping[str, type] = {"": Model, "evidence.": Evidence}


def arguments() -> dict[str, tuple[str, ...]]:
    """Arguments of every question by its name, such as `whatif` or `evidence.facts`."""
    return {
        prefix + name: tuple(one for one in signature(method).parameters if one not in RUN)
        for prefix, owner in OWNERS.items()
        for name, method in vars(owner).items()
        if not name.startswith("_") and getattr(method, "__annotations__", {}).get("return") == ANSWERS
    }
