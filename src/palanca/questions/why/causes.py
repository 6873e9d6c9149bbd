"""What a change can be put down to: every cause, whose it is, and which levers it holds.

A lever goes by what it acts on and, where several governments can hold it, by its holder. Words, the travel
shutdown, and sanctions and aid stand apart from the government that spoke or ordered them: words act on what people
expect alone, the shutdown was the pandemic's, and sanctions and aid are felt at home, late and little by little.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.tree_util import register_dataclass
from jaxtyping import Float

from palanca.model import build
from palanca.model.run import CorridorInputs
from palanca.policy.levers import LeverLevels
from palanca.spec.schema import Case

UNDER_WAY = "under_way"
TRANSIT, DESTINATION = "transit", "destination"


@dataclass(frozen=True)
class Cause:
    """One thing that moves between two months.

    Args:
        name: Short name.
        group: Which causes it is counted with when there is room for few.
        label: What tables call it, short; `{transit}` and `{destination}` stand for the two countries.
        words: The same inside a sentence.
        holds: What counts as part of it.
    """

    name: str
    group: str
    label: str
    words: str
    holds: str


CAUSES: dict[str, Cause] = {
    one.name: one
    for one in (
        Cause("season", "season", "season", "the season", "month of the year in which people set out"),
        Cause("carry", "shocks", "earlier shocks", "earlier shocks", "shocks of months before, which fade or go on"),
        Cause(
            "shared",
            "shocks",
            "new shocks of all origins",
            "new shocks shared by all origins",
            "what all origins share of changes that nothing modelled explains",
        ),
        Cause(
            "own",
            "shocks",
            "new shocks of single origins",
            "new shocks of single origins",
            "changes of single origins that nothing modelled explains",
        ),
        Cause(
            "declared",
            "transit",
            "{transit}: effort as declared",
            "{transit}'s enforcement as its levers declare it",
            "enforcement that levers declare, doubted in strength as in a what-if",
        ),
        Cause(
            "delivered",
            "transit",
            "{transit}: effort beyond that",
            "{transit}'s enforcement beyond what its levers declare",
            "the rest of the enforcement that published stops show",
        ),
        Cause(
            "transit",
            "transit",
            "{transit}: other levers",
            "{transit}'s other levers",
            "returns accepted, capacity to remove, visas, cordons",
        ),
        Cause(
            "limits",
            "destination",
            "{destination}: limits",
            "{destination}'s orders, returns and limits on asylum",
            "expulsions, returns, limits on asylum, releases, room to hold people",
        ),
        Cause(
            "deeds",
            "destination",
            "{destination}: consequences",
            "{destination}'s consequences carried out",
            "detention, prosecution and removal, as far as what was announced is carried out",
        ),
        Cause(
            "ways",
            "destination",
            "{destination}: legal ways",
            "{destination}'s legal ways",
            "appointments, parole, visas for work, intake at ports",
        ),
        Cause(
            "news",
            "news",
            "words newly spoken",
            "words newly spoken",
            "news of being let in, and warnings, announced in these months",
        ),
        Cause(
            "others", "others", "third countries' levers", "third countries' levers", "levers of all other governments"
        ),
        Cause(
            "practice",
            "practice",
            "practice beyond levers",
            "practice beyond declared levers",
            "what followed stops and encounters beyond what levers and crowding make of them",
        ),
        Cause(
            "outside",
            "others",
            "jobs and other outside series",
            "jobs and other outside series",
            "jobs, incomes, oil, democracy, sanctions, aid, the travel shutdown",
        ),
    )
}
PIPELINE = Cause(
    UNDER_WAY,
    UNDER_WAY,
    "already under way",
    "what was already under way",
    "people on the way or on hold, hopes and fears raised before",
)
PARTS = {**CAUSES, UNDER_WAY: PIPELINE}
GROUPS = {  # what each is called in a table, and inside a sentence
    "transit": ("{transit}'s levers", "{transit}'s levers and enforcement"),
    "destination": ("{destination}'s levers", "{destination}'s own levers"),
    "news": ("words newly spoken", "words newly spoken"),
    "practice": ("practice beyond levers", "practice beyond declared levers"),
    "season": ("season", "the season"),
    "shocks": ("shocks, unexplained", "shocks that the model does not explain"),
    "others": ("other causes", "other causes (jobs, third countries)"),
    UNDER_WAY: ("already under way", "what was already under way"),
}
FIELDS = {
    "effort": "declared",
    "removal": "transit",
    "visa": "transit",
    "order": "limits",
    "returns": "limits",
    "returns_cap": "limits",
    "wait_abroad": "limits",
    "asylum_limit": "limits",
    "reception": "limits",
    "slots": "ways",
    "slots_open": "ways",
    "port_intake": "ways",
    "parole": "ways",
    "work_visas": "ways",
    "release": "limits",
    "news": "news",
    "warning": "news",
    "deeds": "deeds",
    "shutdown": "outside",
    "sanctions": "outside",
    "oil_licence": "outside",
    "aid": "outside",
    "air_route": "others",
    "closure": "others",
}
HELD = ("acceptance", "barrier")  # these go by their holder
HOLDERS = ("transit", "limits", "others")  # cause of what the transit country, the destination and others hold


@register_dataclass
@dataclass(frozen=True)
class SharedLevers:
    """Levers that several governments hold, taken apart by holder in the order of `HOLDERS`.

    Args:
        acceptance: Share of those expelled that is accepted.
        barrier: Hardening of sectors.
    """

    acceptance: Float[Array, "holder *month origin group"]
    barrier: Float[Array, "holder *month sector"]


def held(case: Case) -> SharedLevers:
    """The levers that several governments hold, by holder: the record of each lined up by itself."""
    parts = [build.levers(_only(case, cause)) for cause in HOLDERS]
    return SharedLevers(*(jnp.stack([getattr(part, name) for part in parts]) for name in HELD))


def cause_of(case: Case, lever: str) -> str:
    """Name of the cause that a lever of a case belongs to."""
    mechanism = case.levers[lever].mechanism
    if mechanism not in HELD:
        return {**FIELDS, "appointments": "ways"}[mechanism]
    country = case.countries.get(case.levers[lever].holder)
    role = country.role if country is not None else ""
    return {TRANSIT: "transit", DESTINATION: "limits"}.get(role, "others")


def label(case: Case, cause: str) -> str:
    """What tables call a cause, or what was under way."""
    return _filled(PARTS[cause].label, _countries(case))


def words(case: Case, cause: str) -> str:
    """The same inside a sentence."""
    return _filled(PARTS[cause].words, names(case))


def group_label(case: Case, group: str) -> str:
    """What tables call a group of causes."""
    return _filled(GROUPS[group][0], _countries(case))


def group_words(case: Case, group: str) -> str:
    """The same inside a sentence."""
    return _filled(GROUPS[group][1], names(case))


def members(group: str) -> list[str]:
    """Parts that a group holds."""
    return [name for name, one in PARTS.items() if one.group == group]


def names(case: Case) -> dict[str, str]:
    """Names of the two countries, as sentences use them."""
    article = {"United States": "the United States"}
    return {role: article.get(name, name) for role, name in _countries(case).items()}


def _countries(case: Case) -> dict[str, str]:
    found: dict[str, str] = {one.role: one.name for one in reversed(case.countries.values())}
    return {role: found[role] for role in (TRANSIT, DESTINATION)}


def _filled(text: str, countries: dict[str, str]) -> str:
    return text.format(**countries).replace("States's", "States'")


def moved(inputs: CorridorInputs, shares: SharedLevers, place: int, horizon: int) -> tuple[str, ...]:
    """Causes that differ from a month in any of the months after it; all others have no part, exactly.

    Args:
        inputs: The corridor.
        shares: Levers by holder.
        place: Place of the month.
        horizon: How many months after it are looked at.
    """
    rows = slice(place, place + horizon + 1)
    found = {"carry", "shared", "own", "delivered"}
    levers = {field.name: np.asarray(getattr(inputs.levers, field.name))[rows] for field in fields(LeverLevels)}
    found |= {cause for name, cause in FIELDS.items() if _differs(levers[name])}
    for number, cause in enumerate(HOLDERS):
        if any(_differs(np.asarray(getattr(shares, name))[number, rows]) for name in HELD):
            found.add(cause)
    if _differs(np.asarray(inputs.outside.calendar_month)[rows]):
        found.add("season")
    if any(
        _differs(np.asarray(getattr(inputs.outside, n))[rows])
        for n in ("jobs", "democracy", "income", "oil", "knot", "way")
    ):
        found.add("outside")
    figures = inputs.figures
    seen = [*(getattr(figures.gates, field.name) for field in fields(figures.gates)), figures.crowding, figures.returns]
    seen += [figures.returns_known, inputs.outside.port_let_in]
    limits = (levers[name] for name in (*FIELDS, *HELD) if FIELDS.get(name, "limits") in {"limits", "transit"})
    if any(_differs(np.asarray(one)[rows]) for one in seen) or any(_differs(one) for one in limits):
        found.add("practice")
    return tuple(name for name in CAUSES if name in found)


def _differs(values: np.ndarray) -> bool:
    return bool(np.any(values[1:] != values[:1]))


def _only(case: Case, cause: str) -> Case:
    record = (entry for entry in case.record if case.levers[entry.lever].mechanism in HELD)
    return case.model_copy(update={"record": tuple(one for one in record if cause_of(case, one.lever) == cause)})
