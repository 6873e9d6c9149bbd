"""Answers with numbers worked out by hand, for a page of the shipped case; nothing is computed by the model."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import xarray as xr

from palanca.core.clock import Month
from palanca.model.outcomes import PLACES
from palanca.show import estimate, table
from palanca.show.answer import Answer, Finding, Provenance
from palanca.spec import load
from palanca.spec.schema import Case
from palanca.web.address import Address, AskedWorld, ChangeWord

DRAWS = 40
FIRST = Month.parse("2024-01")
KEPT = [FIRST + (place - 1) for place in range(9)]  # from the month before the change
PAST = [FIRST + (place - 24) for place in range(40)]
WHOLE = ("ports", "evaded", "removed", "returns", "settled", "gone_home", "kidnapped", "extorted")
BY_ORIGIN = ("encounters", "set_out", "darien", "stops", "let_in", "held")
LEVEL = {"encounters": 4200.0, "set_out": 12000.0, "darien": 6000.0, "stops": 2100.0, "let_in": 2800.0, "held": 5600.0}
MORE = {"encounters": 0.1, "set_out": 0.0, "darien": 0.0, "stops": -0.5, "let_in": 0.2, "held": -0.25, "deaths": 0.5}


def case() -> Case:
    """The shipped case."""
    return load.load("us-mexico")


def spread(share: float) -> np.ndarray:
    """A difference's draws around a share, none of them of another sign."""
    return share * np.linspace(0.5, 1.5, DRAWS)


def dataset(declared: Case, months: list[Month], worlds: tuple[str, ...] = ()) -> xr.Dataset:
    """Levels that are the same in every month; the changed world differs from `FIRST` on by `MORE`."""
    origins, sectors = list(declared.origins), list(declared.sectors)
    begins = np.array([month >= FIRST for month in months], float)

    def made(name: str, level: np.ndarray) -> np.ndarray:
        base = np.broadcast_to(level[None, ..., None], (len(months), *level.shape, DRAWS))
        if not worlds:
            return base
        shape = (len(months), *([1] * level.ndim), 1)
        gap = base * begins.reshape(shape) * spread(MORE.get(name.partition("_by_")[0], 0.0))
        return np.stack([base, base + gap, base + 0.5 * gap])

    axes = ("world", "month") if worlds else ("month",)
    found = {name: (made(name, np.full(len(origins), LEVEL[name])), "origin") for name in BY_ORIGIN}
    sector = "encounters_by_sector" if worlds else "sectors"
    total = LEVEL["encounters"] * len(origins)
    found[sector] = (made("encounters_by_sector", np.full(len(sectors), total / len(sectors))), "sector")
    found["deaths"] = (made("deaths", np.array([20.0, 10.0, 4.0])), "place")
    data = {name: xr.Variable((*axes, dim, "draw"), values) for name, (values, dim) in found.items()}
    data |= {name: xr.Variable((*axes, "draw"), made(name, np.array(1000.0))) for name in WHOLE}
    if worlds:
        data["leverage"] = xr.Variable(("world", "draw"), np.stack([np.full(DRAWS, v) for v in (400.0, 300.0, np.nan)]))
    coords = {"origin": origins, "sector": sectors, "place": list(PLACES)}
    coords["month"] = np.array([str(month) for month in months], "datetime64[M]").astype("datetime64[ns]")
    return xr.Dataset(data, coords | ({"world": list(worlds)} if worlds else {}))


def provenance(question: str, **arguments: object) -> Provenance:
    """Where it comes from."""
    return Provenance(question, arguments, "us-mexico", {}, key=1, draws=DRAWS)


def history(declared: Case) -> Answer:
    """Of `run`."""
    finding = Finding("The Border Patrol counted 1,000 encounters between ports of entry.")
    return Answer("What happened?", dataset(declared, PAST), (finding,), (), (), ("A caveat.",), provenance("run"))


def changed(declared: Case) -> Answer:
    """Of `whatif`: no contention from January 2024."""
    one = estimate.of(1000.0 * np.linspace(0.5, 1.5, DRAWS), "events")
    found = Finding(
        "In January to June 2024 there would have been 1,000 more encounters [550, 1,450].", {"encounters": one}
    )
    held = Finding("A sentence that nobody translated.", {"leverage": one, "change of leverage": one})
    rows = [
        {"outcome": name, "history": 10.0, "change": one, "governments answer": one}
        for name in ("encounters", "let in")
    ]
    origins = [{"origin": "Guatemala", "change": one, "governments answer": one}]
    tables = (
        table.of_rows("Change from history", rows),
        table.of_rows("encounters by origin", origins, note="Change over January to June 2024."),
    )
    changes = [{"set": "levers.contention.effort", "to": "0x", "from": "2024-01"}]
    made = provenance("whatif", changes=changes)
    worlds = ("history", "changed", "answered")
    return Answer("What if?", dataset(declared, KEPT, worlds), (found, held), tables, (), ("A caveat.",), made)


def address(**fields: object) -> Address:
    """The address of `changed`."""
    return Address("us-mexico", AskedWorld((ChangeWord("contention", "0x", FIRST),))).but(**fields)


def model(declared: Case) -> SimpleNamespace:
    """What a view asks of a model: its case."""
    return SimpleNamespace(case=declared)
