"""A module that is loaded when it is first used: a question then costs only the libraries that it takes itself."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module


@dataclass(frozen=True)
class Later:
    """Stands for a module until one of its names is asked for.

    Args:
        module: Its full name.
    """

    module: str

    def __getattr__(self, name: str) -> object:
        """A name of the module, which is loaded now."""
        return getattr(import_module(self.module), name)
