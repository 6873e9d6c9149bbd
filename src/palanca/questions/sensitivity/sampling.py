"""How much is run to see what matters, and over which parameters; bounded before anything heavy is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from palanca.core.errors import UsageError
from palanca.core.wording import listed, nearest

FEWEST_DRAWS = 20  # from which ranges and shares can be told
MOST_POINTS = 8192  # of Sobol: some hundred thousand histories
MOST_TRAJECTORIES = 1000  # of Morris: some ten thousand


@dataclass(frozen=True)
class Sampling:
    """Which parameters vary, and how finely.

    Args:
        parameters: Names of parameters or of single numbers; empty for all.
        by_equation: Whether parameters of one equation vary together.
        points: Base sample of Sobol, a power of 2; 0 leaves it out.
        trajectories: Of Morris, which also chooses the parameters for Sobol.
    """

    parameters: tuple[str, ...] = ()
    by_equation: bool = False
    points: int = 128
    trajectories: int = 20

    def __post_init__(self) -> None:
        """Refuse samples that no machine would finish, and those that the methods cannot take.

        Raises:
            UsageError: A number lies outside what is possible.
        """
        if not 0 <= self.points <= MOST_POINTS:
            raise UsageError(
                "too many points" if self.points > 0 else "fewer points than none",
                where="points",
                found=f"{self.points:,}",
                expected=f"a power of 2 up to {MOST_POINTS:,}, or 0 to leave it out",
                way_out="Every point is run once for each of a dozen parameters: 1,024 already gives narrow intervals.",
            )
        if self.points & (self.points - 1):
            raise UsageError(
                "not a power of 2", where="points", found=str(self.points), expected="64, 128, 256 and so on"
            )
        if not 2 <= self.trajectories <= MOST_TRAJECTORIES:
            raise UsageError(
                "too many trajectories" if self.trajectories > 2 else "too few trajectories",
                where="trajectories",
                found=f"{self.trajectories:,}",
                expected=f"2 to {MOST_TRAJECTORIES:,}",
                way_out="20 to 100 are usual.",
            )

    def plain(self) -> dict[str, object]:
        """As plain values, from which `read` makes it again."""
        return asdict(self) | {"parameters": list(self.parameters)}


def check_draws(draws: int) -> None:
    """Refuse fewer draws than ranges and shares can be told from.

    Raises:
        UsageError: There are fewer than 20.
    """
    if draws < FEWEST_DRAWS:
        raise UsageError("too few draws", where="draws", found=str(draws), expected=f"{FEWEST_DRAWS} or more")


def read(given: Mapping[str, object] | Sampling | None) -> Sampling:
    """The sampling from plain values.

    Args:
        given: Any of `parameters`, `by_equation`, `points`, `trajectories`.

    Raises:
        UsageError: An unknown name, or a number outside what is possible.
    """
    if given is None or isinstance(given, Sampling):
        return given or Sampling()
    known = [field.name for field in fields(Sampling)]
    for name in given:
        if name not in known:
            hint = nearest(name, known)
            raise UsageError(
                "no such part of a sampling",
                where="sampling",
                found=repr(name),
                expected=f"one of {listed(known)}",
                way_out=f"Did you mean {hint!r}?" if hint else "",
            )
    values = dict(given)
    named = values.get("parameters", ())
    values["parameters"] = tuple(named.split(",") if isinstance(named, str) else named)  # type: ignore[arg-type]
    return Sampling(**values)  # type: ignore[arg-type]
