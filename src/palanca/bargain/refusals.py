"""What this package refuses, by name: input that cannot be bargained over, and a search that did not settle."""

from __future__ import annotations

from palanca.core.errors import FitError, UsageError

DeclarationError = UsageError
"""Issues, utilities, floors or a partition that cannot be bargained over."""

UnsettledError = FitError
"""A search for a deal that did not converge; carries its residual."""
