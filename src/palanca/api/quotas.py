"""Divides people among countries: a question of published figures and a key, which needs no model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from palanca.core import digest
from palanca.core.errors import SharingError
from palanca.data.read import open_figures
from palanca.questions.options import RunOptions
from palanca.questions.quotas import answer as dividing
from palanca.questions.quotas.study import SHAPLEY, QuotaRequest
from palanca.questions.sweep import plan
from palanca.sharing import keys
from palanca.sharing.keys import Key
from palanca.show.answer import Answer, Provenance

AREA = "americas"


def quotas(
    by: str = "ammr2024",
    total: int = 100_000,
    year: int = 2022,
    countries: Sequence[str] | None = None,
    weights: Mapping[str, float | Sequence[float]] | None = None,
    capacity: Mapping[str, float] | None = None,
    offers: Mapping[str, float] | None = None,
    spill: Mapping[str, float] | None = None,
    *,
    price: float = 20_000.0,
    limits: tuple[float, float] = (0.5, 2.0),
    transfers: Mapping[str, float] | None = None,
    assume: Mapping[str, float] | None = None,
    bargain: bool = False,
    draws: int = 200,
    key: int = 1,
    store: str | Path | None = None,
) -> Answer:
    """Who takes how many by a key, what trade in quotas would do, and whether it would hold.

    Args:
        by: A key: `eu2015`, `repaired`, `ammr2024`, `population`, `gdp`, or `shapley`, by capacity.
        total: People to divide.
        year: Year of the figures.
        countries: ISO codes; all of the Americas with a figure for every measure by default.
        weights: Weights of a key of your own in place of `by`, by measure: `population`, `gdp`, `unemployment`,
            `applications`, `hosted`, `offer`. Two numbers are a weight and a cap, a multiple of the sum of a country's
            shares of the measures of size.
        capacity: Most that a country can take, by country [people].
        offers: What each country offers to take [people].
        spill: What a person hosted by one country is worth to another, by `HOST:OBSERVER` [usd / person].
        price: What a country may pay in place of hosting a person [usd / year].
        limits: Least of its quota that a country hosts itself when quotas are traded [share], and most that it hosts
            then, as a multiple of its quota.
        transfers: What is agreed to be paid besides, by `PAYER:RECEIVER` [usd / year].
        assume: Values in place of assumed ranges: `first_cost`, `doubling`, `worth`, `by_size`.
        bargain: Whether places and payments are bargained over as one package; some seconds.
        draws: Draws of what is assumed of costs and worths.
        key: Same key, same bits.
        store: Folder of releases taken in with `palanca data update`.

    Returns:
        Quotas exact to the person, shares by every shipped key, what caps do, trade, and who would leave.

    Raises:
        SharingError: A key, weight, country, capacity or offer cannot be divided by, or nobody would join. A country
            that lacks a figure is left out and named; it is an error only where fewer than two are left.
        SeriesError: There is no store there, or a table of figures is damaged.
    """
    arguments: dict[str, object] = {
        "by": by,
        "total": total,
        "year": year,
        "countries": None if countries is None else list(countries),
        "weights": None if weights is None else {name: _numbers(one) for name, one in weights.items()},
        "capacity": _plain(capacity),
        "offers": _plain(offers),
        "spill": _plain(spill),
        "price": price,
        "limits": list(limits),
        "transfers": _plain(transfers),
        "assume": _plain(assume),
        "bargain": bargain,
        "draws": draws,
        "key": key,
    }
    wanted = QuotaRequest(
        by=_key(by, weights),
        total=total,
        year=year,
        countries=None if countries is None else tuple(countries),
        capacity=dict(capacity or {}),
        offers=dict(offers or {}),
        spill=dict(spill or {}),
        price=price,
        transfers=dict(transfers or {}),
        least=limits[0],
        most=limits[1],
        assume=dict(assume or {}),
        bargain=bargain,
    )
    figures = open_figures(Path(store) if store is not None else None)
    marks = {
        "declared": digest.of_record(arguments),
        "data": figures.fingerprint(),
        "code": plan.code(),
        "question": digest.of_record(["quotas", arguments]),
    }
    made = Provenance("quotas", arguments, AREA, marks, key, draws)
    return dividing.answer(wanted, RunOptions(draws, key), figures, made)


def _key(by: str, weights: Mapping[str, float | Sequence[float]] | None) -> Key | None:
    """The key that is meant; none for the one by capacity."""
    if weights is None:
        return None if by == SHAPLEY else keys.named(by)
    pairs = {name: _numbers(one) for name, one in weights.items()}
    caps = {name: pair[1] for name, pair in pairs.items() if len(pair) > 1}
    return keys.custom({name: pair[0] for name, pair in pairs.items()}, caps)


def _numbers(given: float | Sequence[float]) -> list[float]:
    """A weight, and a cap if there is one."""
    found = [float(given)] if isinstance(given, int | float) else [float(one) for one in given]
    if len(found) not in (1, 2):
        raise SharingError(
            "not a weight", where="weights", found=str(given), expected="a weight, or a weight and a cap"
        )
    return found


def _plain(given: Mapping[str, float] | None) -> dict[str, float] | None:
    return None if given is None else dict(given)
