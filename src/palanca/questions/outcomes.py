"""What a question may ask about: every outcome of a month by name, with its unit and whose it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
from jax import Array

from palanca.core.errors import UsageError
from palanca.core.wording import listed, nearest
from palanca.model.outcomes import PLACES
from palanca.show.estimate import Basis
from palanca.spec import schedule
from palanca.spec.schema import Case

Fields = Mapping[str, Array]


@dataclass(frozen=True)
class Outcome:
    """One thing that can be asked about.

    Args:
        name: What commands and files call it.
        unit: Its unit.
        what: What it counts, for a heading.
        fields: What is needed of `model.outcomes.MonthlyOutcomes`.
        split: Axes by which one part of it can be asked for.
        stock: Whether it stands at the end of a month rather than flows in it; months then average.
        harm: Whether less of it is always better for people on the move.
        assumed: Whether it rests on chances or prices that no figure of the fit bears on.
        told_by: The series of a case that tells of it, a field of `spec.series_names.SeriesNames`, if one can.
    """

    name: str
    unit: str
    what: str
    fields: tuple[str, ...]
    split: tuple[str, ...] = ("origin",)
    stock: bool = False
    harm: bool = False
    assumed: bool = False
    told_by: str = ""

    def least(self, case: Case) -> Basis:
        """The weakest basis that its numbers have in a case: assumed where no series there tells of it."""
        untold = bool(self.told_by) and case.series is not None and getattr(case.series, self.told_by) is None
        return Basis.assumed if self.assumed or untold else Basis.learned


def _of_origins(
    name: str, what: str, unit: str = "people / month", *, stock: bool = False, told_by: str = ""
) -> Outcome:
    return Outcome(name, unit, what, (name,), stock=stock, harm=stock, told_by=told_by)


OUTCOMES: dict[str, Outcome] = {
    one.name: one
    for one in (
        Outcome(
            "encounters",
            "events / month",
            "encounters between ports of entry",
            ("encounters", "sectors"),
            ("origin", "group", "sector"),
        ),
        _of_origins("ports", "encounters at ports of entry", "events / month", told_by="ports"),
        _of_origins("appointments", "appointments kept at ports of entry", told_by="appointments"),
        Outcome("admitted", "people / month", "people admitted by appointment or parole", ("appointments",), ()),
        _of_origins("stops", "people stopped by the transit country", "events / month", told_by="stops"),
        _of_origins("returns", "people removed by the transit country", told_by="returns"),
        _of_origins("darien", "people who walked the Darien", told_by="walked"),
        _of_origins("set_out", "people who set out"),
        _of_origins("let_in", "people let in after an encounter", told_by="followed"),
        _of_origins("expelled", "people expelled", "events / month", told_by="followed"),
        _of_origins("removed", "people removed by either country", told_by="followed"),
        _of_origins("evaded", "people who crossed unseen"),
        _of_origins("settled", "people who asked asylum in the transit country", told_by="claims"),
        _of_origins("gone_home", "people who gave up and went home"),
        _of_origins("held", "people waiting on hold in the corridor", "people", stock=True, told_by="stops"),
        Outcome("deaths", "deaths / month", "deaths on the way", ("deaths",), ("place",), harm=True, told_by="deaths"),
        Outcome("kidnapped", "people / month", "people kidnapped on the way", ("kidnapped",), harm=True, assumed=True),
        Outcome("extorted", "people / month", "people extorted on the way", ("extorted",), harm=True, assumed=True),
        Outcome("fees", "usd / month", "fees paid for the way", ("fees",), harm=True, assumed=True),
    )
}
SHORT = {  # what each is called in a table, where a column is narrow
    "encounters": "encounters",
    "ports": "encounters at ports",
    "appointments": "appointments kept",
    "admitted": "admitted or paroled",
    "stops": "stopped in transit",
    "returns": "removed in transit",
    "darien": "walked the Darien",
    "set_out": "set out",
    "let_in": "let in",
    "expelled": "expelled",
    "removed": "removed by either",
    "evaded": "crossed unseen",
    "settled": "asked asylum there",
    "gone_home": "went home",
    "held": "on hold (mean)",
    "deaths": "deaths on the way",
    "kidnapped": "kidnapped (assumed)",
    "extorted": "extorted (assumed)",
    "fees": "fees paid, usd (assumed)",
}
FIELDS = tuple(sorted({field for one in OUTCOMES.values() for field in one.fields}))


@dataclass(frozen=True)
class OutcomeQuery:
    """An outcome, or one part of it.

    Args:
        outcome: Which.
        axis: Axis of the part; empty for all.
        part: Name on that axis; empty for all.
        place: Its place on that axis.
    """

    outcome: Outcome
    axis: str = ""
    part: str = ""
    place: int = 0

    @property
    def name(self) -> str:
        """As it is asked for, such as `encounters:VEN`."""
        return f"{self.outcome.name}:{self.part}" if self.part else self.outcome.name

    def of(self, fields: Fields, places: Array) -> Array:
        """Its numbers.

        Args:
            fields: Fields of `MonthlyOutcomes` by name, month first and draw last.
            places: Lawful places by parole in the same months, from `places`, (month) [people / month].

        Returns:
            (month, draw).
        """
        if self.outcome.name == "admitted":
            return jnp.sum(fields["appointments"], axis=1) + self.parole(places)[:, None]
        if self.axis == "sector":
            return fields["sectors"][:, self.place]
        whole = fields[self.outcome.name]
        if self.outcome.name == "encounters":
            whole = jnp.sum(whole, axis=1 if self.axis == "group" else 2)
        return whole[:, self.place] if self.part else jnp.sum(whole, axis=1)

    def parole(self, places: Array) -> Array:
        """Lawful places by parole, so far as they count in this outcome [people / month]."""
        return places if self.outcome.name == "admitted" else jnp.zeros_like(places)


def places(case: Case) -> np.ndarray:
    """Places by parole that a case declares, (month) [people / month]; taken for people who came.

    Parole of the four nationalities was used to about nine tenths of its places (327,000 by December 2023).
    """
    found = np.zeros(len(case.span.span))
    for name in [name for name, lever in case.levers.items() if lever.mechanism == "parole"]:
        values = [one.values for one in schedule.settings(case, lever=name)]
        # entries of one lever that hold in one month are of different people, not places
        found += np.max(values, axis=0, initial=0.0) if values else 0.0
    return found


def find(text: str, case: Case, *, where: str = "--outcome") -> OutcomeQuery:
    """An outcome by its name, or a part of it as `NAME:PART`.

    Args:
        text: Such as `deaths`, `encounters:VEN`, `encounters:family` or `encounters:tucson`.
        case: Says which origins, groups and sectors there are.
        where: What to name in a message.

    Raises:
        UsageError: There is no such outcome, or no such part of it; names the nearest.
    """
    name, _, part = text.partition(":")
    if name not in OUTCOMES:
        raise _unknown("no such outcome", where, name, list(OUTCOMES))
    outcome = OUTCOMES[name]
    if not part:
        return OutcomeQuery(outcome)
    axes = {"origin": list(case.origins), "group": list(case.groups), "sector": list(case.sectors), "place": [*PLACES]}
    known = {one: (axis, axes[axis].index(one)) for axis in outcome.split for one in axes[axis]}
    if part not in known:
        raise _unknown(f"{name!r} has no such part", where, part, list(known))
    axis, place = known[part]
    return OutcomeQuery(outcome, axis, part, place)


def _unknown(what: str, where: str, found: str, known: list[str]) -> UsageError:
    hint = nearest(found, known)
    return UsageError(
        what,
        where=where,
        found=repr(found),
        expected=f"one of {listed(known, 20)}" if known else "none: it is counted as a whole",
        way_out=f"Did you mean {hint!r}?" if hint else "",
    )


def names(case: Case) -> dict[str, str]:
    """What each code of an origin, group or sector stands for."""
    return {
        **{code: origin.name for code, origin in case.origins.items()},
        **{code: group.name for code, group in case.groups.items()},
        **{code: sector.name for code, sector in case.sectors.items()},
    }
