"""The whole tree of errors; each class carries the slug of its entry in docs/errors.md."""

from __future__ import annotations

from typing import ClassVar

from palanca.core.wording import printable


class PalancaError(Exception):
    """Something a user can act on: where, what was found, what was expected, and the way out.

    Args:
        what: What is wrong, in one plain clause.
        where: File, line, column, sheet or option in which it is wrong.
        found: What stood there.
        expected: What should have stood there.
        way_out: What the reader can do about it.
    """

    slug: ClassVar[str] = "error"

    def __init__(self, what: str, *, where: str = "", found: str = "", expected: str = "", way_out: str = "") -> None:
        super().__init__(what)
        self.what, self.where, self.found = what, where, found
        self.expected, self.way_out = expected, way_out

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        facts = "; ".join(
            part
            for part in (
                f"found {self.found}" if self.found else "",
                f"expected {self.expected}" if self.expected else "",
            )
            if part
        )
        lines = [head + (f": {facts}." if facts else ".")]
        if self.way_out:
            lines.append(f"  {self.way_out}")
        lines.append(f"  See docs/errors.md#{self.slug}")
        return printable("\n".join(lines), spared="\n")


class UnitError(PalancaError):
    """A unit that is not on the list, or that does not fit the quantity."""

    slug = "unknown-unit"


class MonthError(PalancaError):
    """A month that cannot be read, or that lies outside the span."""

    slug = "bad-month"


class SeriesError(PalancaError):
    """A series that is not in the catalogue, or whose packaged table does not match it."""

    slug = "bad-series"


class ReleaseError(PalancaError):
    """A published release that cannot be read: truncated, renamed, moved header, missing sheet, bad count."""

    slug = "bad-release"


class CaseFileError(PalancaError):
    """A case file that cannot be found or is not YAML."""

    slug = "bad-case-file"


class CaseErrors(PalancaError):
    """All the faults of a case file together, each with file and line.

    Args:
        faults: One message per fault, each starting with `file:line`.
        of: What has them.
    """

    slug = "case-faults"

    def __init__(self, faults: list[str], of: str = "the case") -> None:
        self.faults = list(faults)
        super().__init__(f"{len(self.faults)} fault{'s' if len(self.faults) != 1 else ''} in {of}")

    def __str__(self) -> str:
        return printable("\n".join([*self.faults, f"{self.what}. See docs/errors.md#{self.slug}"]), spared="\n")


class ChangeError(PalancaError):
    """A declared change that names nothing, fits nothing, or alters nothing."""

    slug = "bad-change"


class FitError(PalancaError):
    """A fit that is missing, stale, corrupt or did not converge."""

    slug = "bad-fit"


class BargainError(PalancaError):
    """Issues, payoffs, floors, a partition or a table of arrivals that cannot be bargained over."""

    slug = "bad-bargain"


class MatchingError(PalancaError):
    """Families, places, sizes, capacities, wishes or priorities that cannot be matched."""

    slug = "bad-matching"


class UnsettledError(PalancaError):
    """A search for a deal, or for best replies, that did not converge; carries its residual."""

    slug = "unsettled-deal"


class SharingError(PalancaError):
    """Weights, figures, quotas, costs or transfers by which responsibility cannot be shared."""

    slug = "bad-sharing"


class InvariantError(PalancaError):
    """A law of the model that a run broke: names the rule, the month and the draw."""

    slug = "broken-invariant"


class OutputError(PalancaError):
    """A result that could not be written; what was there before is untouched."""

    slug = "cannot-write"


class StoreError(PalancaError):
    """A store of a sweep that is of another sweep, in use by another, damaged, or no store."""

    slug = "bad-store"


class ClusterError(PalancaError):
    """Workers that cannot be reached, that run other code, or that end while at work."""

    slug = "no-cluster"


class UsageError(PalancaError):
    """A command that was asked for something it cannot do."""

    slug = "usage"


class RoomError(PalancaError):
    """Not enough memory for what was asked."""

    slug = "memory"


class UnforeseenError(PalancaError):
    """A fault of palanca itself, which no input of a user should bring about."""

    slug = "unforeseen"


def leaves() -> list[type[PalancaError]]:
    """Every kind of error a user can meet, in order of declaration."""
    return list(PalancaError.__subclasses__())
