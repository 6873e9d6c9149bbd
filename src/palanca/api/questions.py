"""Which methods of a model, and which functions, are questions: only these are answered again from a manifest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import signature

from palanca.api.claims import claims
from palanca.api.evidence import Evidence
from palanca.api.match import match
from palanca.api.model import Model
from palanca.api.quotas import quotas
from palanca.show.answer import Answer

RUN = ("self", "run", "store")  # how a question is run is no part of it: no manifest may name folders or schedulers
ANSWERS = "Answer"
OWNERS: Mapping[str, type] = {"": Model, "evidence.": Evidence}
ALONE: Mapping[str, Callable[..., Answer]] = {
    "claims": claims,
    "match": match,
    "quotas": quotas,
}  # asked of no model


def arguments() -> dict[str, tuple[str, ...]]:
    """Arguments of every question by its name, such as `whatif` or `evidence.facts`."""
    methods = {
        prefix + name: method
        for prefix, owner in OWNERS.items()
        for name, method in vars(owner).items()
        if not name.startswith("_") and getattr(method, "__annotations__", {}).get("return") == ANSWERS
    }
    every = {**methods, **ALONE}
    return {name: tuple(one for one in signature(ask).parameters if one not in RUN) for name, ask in every.items()}
