"""Executable, data-fitted models of migration diplomacy: load a case, ask a question, get an answer."""

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from palanca.api.claims import claims
    from palanca.api.load import load
    from palanca.api.match import match
    from palanca.api.model import Model
    from palanca.api.quotas import quotas
    from palanca.api.report import report
    from palanca.api.reproduce import Reproduced, reproduce
    from palanca.core.errors import PalancaError
    from palanca.questions.options import RunOptions
    from palanca.show.answer import Answer, Finding
    from palanca.show.estimate import Basis, Estimate

__version__ = "0.1.0"
__all__ = [
    "Answer",
    "Basis",
    "Estimate",
    "Finding",
    "Model",
    "PalancaError",
    "Reproduced",
    "RunOptions",
    "__version__",
    "claims",
    "load",
    "match",
    "quotas",
    "report",
    "reproduce",
]
_WHERE = {  # loaded on first use: importing palanca loads no compiler
    "Answer": "palanca.show.answer",
    "Basis": "palanca.show.estimate",
    "Estimate": "palanca.show.estimate",
    "Finding": "palanca.show.answer",
    "Model": "palanca.api.model",
    "PalancaError": "palanca.core.errors",
    "Reproduced": "palanca.api.reproduce",
    "RunOptions": "palanca.questions.options",
    "claims": "palanca.api.claims",
    "load": "palanca.api.load",
    "match": "palanca.api.match",
    "quotas": "palanca.api.quotas",
    "report": "palanca.api.report",
    "reproduce": "palanca.api.reproduce",
}


def __getattr__(name: str) -> object:
    """A public name, from the module that defines it."""
    if name in _WHERE:
        return getattr(import_module(_WHERE[name]), name)
    raise AttributeError(f"module 'palanca' has no attribute {name!r}")


def __dir__() -> list[str]:
    """Public names."""
    return sorted(__all__)


# Double precision, set before JAX is loaded so that importing palanca need not load it, and after if it is there.
os.environ["JAX_ENABLE_X64"] = "1"
if "jax" in sys.modules:
    sys.modules["jax"].config.update("jax_enable_x64", True)
