"""A sharing scheme with every belief drawn: what is open to whom in each month, and how people answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float, Int

from palanca.flows.procedures import Behaviour, ProcedureRules
from palanca.kernel import keys
from palanca.show.estimate import Inputs
from palanca.spec.sharing import SharingScheme
from palanca.spec.sharing_schema import ProcedureSpec

WORK = "work"
YEAR = 12.0  # months
# Variants of every scheme by name, and what is said of each; empty for those that have a sentence of their own.
VARIANTS = {
    "half the places": "half the places",
    "twice the places": "twice the places",
    "half the speed": "decisions half as fast",
    "twice the speed": "decisions twice as fast",
    "each by its own rule": "each member deciding by its own rule",
}


@dataclass(frozen=True)
class Terms:
    """How a variant of a scheme differs from what is declared.

    Args:
        places: Multiplies the places of every member.
        speed: Multiplies decisions a month, and divides the months that one takes.
        congruent: Whether all decide by the common rule; as declared if nothing.
        absent: Members that do not keep their quota, besides those declared.
        open: Whether there is any procedure at all.
        levers: Whether the levers of the scheme hold, or those of the record.
    """

    places: float = 1.0
    speed: float = 1.0
    congruent: bool | None = None
    absent: tuple[str, ...] = ()
    open: bool = True
    levers: bool = True


@dataclass(frozen=True, eq=False)
class Setting:
    """A scheme with its quotas and draws of every belief.

    Args:
        scheme: What is declared.
        quotas: People that each member admits in a year.
        numbers: Draws of every belief by its place in the file, (draw).
    """

    scheme: SharingScheme
    quotas: Int[np.ndarray, " member"]
    numbers: Mapping[str, np.ndarray]

    @property
    def draws(self) -> int:
        """How many."""
        return len(next(iter(self.numbers.values())))

    @property
    def months(self) -> int:
        """Months from the first of the scheme to the last of the case."""
        return self.scheme.case.span.last - self.scheme.file.start + 1

    @property
    def inputs(self) -> Inputs:
        """Every belief that varies, for what an estimate rests on."""
        varying = {name: values for name, values in self.numbers.items() if np.ptp(values) > 0.0}
        return Inputs(tuple(varying), np.array(list(varying.values())).reshape(len(varying), self.draws))

    def keeping(self, terms: Terms) -> Float[np.ndarray, " member"]:
        """People that each member really admits in a year under a variant."""
        absent = {*self.scheme.file.absent, *terms.absent}
        kept = np.array([code not in absent for code in self.scheme.file.members])
        return self.quotas * kept * terms.places

    def hosts(self, procedure: str, terms: Terms) -> Float[np.ndarray, " member"]:
        """Share of those whom a common procedure admits that each member takes [share]; none where nobody would."""
        weights, members = self.scheme.file.procedures[procedure].hosts, self.scheme.file.members
        keeping = self.keeping(terms)
        absent = {*self.scheme.file.absent, *terms.absent}
        given = (
            np.array([0.0 if code in absent else weights.get(code, 0.0) for code in members]) if weights else keeping
        )
        return given / given.sum() if given.sum() else np.zeros(len(members))

    def running(self, procedure: str, terms: Terms) -> float:
        """Share of a procedure's decisions that its hosts still stand for, where it names them [share]."""
        weights = self.scheme.file.procedures[procedure].hosts
        absent = {*self.scheme.file.absent, *terms.absent}
        kept = sum(weight for code, weight in weights.items() if code not in absent)
        return kept / sum(weights.values()) if weights else 1.0

    def number(self, name: str) -> np.ndarray:
        """A belief, (draw); zero where the file leaves it out."""
        return self.numbers.get(name, np.zeros(self.draws))


def drawn(scheme: SharingScheme, draws: int, key: int) -> dict[str, np.ndarray]:
    """Draws of every belief; a belief's draws depend on the key and its place in the file alone, (draw)."""
    return {
        place: np.array([belief.at(float(one)) for one in keys.normals(key, f"share/{place}", range(draws), ())])
        for place, belief in scheme.beliefs().items()
    }


def behaviour(setting: Setting) -> Behaviour:
    """How people answer, with its axis of draws."""
    return Behaviour(**{one.name: jnp.asarray(setting.number(f"behaviour.{one.name}")) for one in fields(Behaviour)})


@dataclass(frozen=True)
class Line:
    """One queue: a procedure, and the member that decides in it where each has its own rule.

    Args:
        procedure: Name of the procedure in the file.
        member: The member that decides; empty where all decide together.
    """

    procedure: str
    member: str = ""


def lines(setting: Setting, terms: Terms) -> tuple[Line, ...]:
    """The queues of a variant, in order."""
    file = setting.scheme.file
    congruent = file.criteria.congruent if terms.congruent is None else terms.congruent
    hosts = [code for code, people in zip(file.members, setting.keeping(terms), strict=True) if people > 0.0]
    found = []
    for name, one in file.procedures.items():
        split = one.placed and not congruent and one.accepted is None
        found += [Line(name, code) for code in hosts] if split else [Line(name)]
    return tuple(found)


def rules(setting: Setting, terms: Terms) -> ProcedureRules:
    """What is open in each month from the first of the scheme to the last of the case.

    Args:
        setting: The scheme.
        terms: How a variant differs.
    """
    file, queues = setting.scheme.file, lines(setting, terms)
    hosted = dict(zip(file.members, setting.keeping(terms), strict=True))
    total = sum(hosted.values())
    pools = list(dict.fromkeys(line.member for line in queues if file.procedures[line.procedure].placed)) or [""]
    share = {line: hosted[line.member] / total if line.member else 1.0 for line in queues}
    kind = [file.procedures[line.procedure] for line in queues]
    named = [f"procedures.{line.procedure}" for line in queues]
    speed = [share[line] * setting.running(line.procedure, terms) * terms.speed for line in queues]
    member = [
        [float(one.placed and line.member == pool) for pool in pools] for one, line in zip(kind, queues, strict=True)
    ]
    first = ProcedureRules(
        covered=jnp.array([covered(setting, one) for one in kind]),
        reach=jnp.array([setting.number(f"{at}.covered") for at in named]),
        labour=jnp.array([float(one.kind == WORK) for one in kind]),
        capacity=jnp.array([setting.number(f"{at}.capacity") * one for at, one in zip(named, speed, strict=True)]),
        least_wait=jnp.array([np.maximum(setting.number(f"{at}.wait") / terms.speed, 1.0) for at in named]),
        accepted=jnp.array([_accepted(setting, line) for line in queues]),
        appeal=jnp.array([setting.number(f"{at}.appeal") for at in named]),
        appeal_won=jnp.array([setting.number(f"{at}.appeal_won") for at in named]),
        pools=jnp.array(member),
        places=jnp.array([np.full(setting.draws, (hosted[pool] if pool else total) / YEAR) for pool in pools]),
    )
    return _monthly(setting, first, open_to=setting.scheme.last - file.start + 1 if terms.open else 0)


def covered(setting: Setting, one: ProcedureSpec) -> Float[np.ndarray, "origin group"]:
    """1 for the cells that may apply in a procedure at all, 0 for the others."""
    case = setting.scheme.case
    origins, groups = one.origins.among(tuple(case.origins)), one.groups.among(tuple(case.groups))
    return np.outer([name in origins for name in case.origins], [name in groups for name in case.groups]).astype(float)


def _accepted(setting: Setting, line: Line) -> Float[np.ndarray, "origin draw"]:
    """Share of first decisions that accept, by origin."""
    file, origins = setting.scheme.file, tuple(setting.scheme.case.origins)
    if file.procedures[line.procedure].accepted is not None:
        return np.tile(setting.number(f"procedures.{line.procedure}.accepted"), (len(origins), 1))
    common = [file.criteria.common.get(name, file.criteria.other) for name in origins]
    own = file.criteria.own.get(line.member, {})
    shares = [own.get(name, usual) for name, usual in zip(origins, common, strict=True)]
    return np.tile(np.array(shares)[:, None], (1, setting.draws))


def _monthly(setting: Setting, first: ProcedureRules, *, open_to: int) -> ProcedureRules:
    """The same rules in every month; from `open_to` on nobody may apply and nobody is decided on."""
    running = np.arange(setting.months) < open_to

    def over(name: str, value: np.ndarray) -> jnp.ndarray:
        on = running.reshape(-1, *(1,) * value.ndim)
        whole = np.broadcast_to(value, (setting.months, *value.shape))
        return jnp.asarray(np.where(on, whole, 0.0) if name in ("covered", "capacity", "places") else whole)

    return ProcedureRules(
        **{one.name: over(one.name, np.asarray(getattr(first, one.name))) for one in fields(ProcedureRules)}
    )
