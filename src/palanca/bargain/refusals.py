"""What this package refuses, by name: input that cannot be bargained over, and a search that did not settle."""

from __future__ import annotations

from palanca.core.errors import BargainError as DeclarationError
from palanca.core.errors import UnsettledError

__all__ = ["DeclarationError", "UnsettledError"]
