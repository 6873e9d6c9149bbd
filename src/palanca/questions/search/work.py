"""One chunk of draws under many packages, as a job that any worker can do from what it is handed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import jax
import jax.numpy as jnp
import numpy as np

from palanca.core import digest
from palanca.model.parameters import Layout
from palanca.model.run import CorridorInputs
from palanca.questions.bargaining import response
from palanca.questions.corridor import Corridor
from palanca.questions.search import costs, levers, worlds
from palanca.questions.search.costs import Prices, Sides
from palanca.questions.search.levers import Sums
from palanca.questions.search.worlds import SearchWindow
from palanca.questions.sweep import plan as planning
from palanca.spec.bargain_spec import BargainSpec as Declared
from palanca.spec.search_file import SearchSpec

BLOCK = 16  # packages compiled for at once
WIDEST = 50  # draws of one job at most
WINDOWS_KEPT = 64


@dataclass(frozen=True, eq=False)
class Ground:
    """All that packages of one search have in common; two of one mark are the same.

    Args:
        mark: Stands for everything below.
        marks: Fingerprints by name, as a sweep's store wants them.
        inputs: The corridor.
        layout: Where each parameter lies.
        free: Free numbers of every draw, (length, draw).
        sums: How levers add up, in the months of the window.
        prices: What costs are made of.
        sides: Where things stand at the table.
        places: Parole places as recorded, (month) [people / month].
        place: Place of the window's first month.
        months: Length of the window.
    """

    mark: str
    marks: dict[str, str]
    inputs: CorridorInputs
    layout: Layout
    free: np.ndarray
    sums: Sums
    prices: Prices
    sides: Sides
    places: np.ndarray
    place: int
    months: int

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ground) and other.mark == self.mark

    def __hash__(self) -> int:
        return hash(self.mark)

    @property
    def draws(self) -> int:
        """How many draws."""
        return int(self.free.shape[1])

    @property
    def jobs(self) -> int:
        """How many chunks of draws."""
        return -(-self.draws // WIDEST)

    @property
    def width(self) -> int:
        """Draws of a chunk."""
        return -(-self.draws // self.jobs)

    @property
    def last(self) -> int:
        """Draws of the last chunk that count."""
        return self.draws - self.width * (self.jobs - 1)


def ready(corridor: Corridor, declared: Declared, search: SearchSpec, draws: int, key: int) -> Ground:
    """Make a search ready to be run.

    Args:
        corridor: The fitted corridor.
        declared: The case's bargaining table.
        search: What is looked for.
        draws: How many draws.
        key: Same key, same draws.

    Raises:
        ChangeError: A lever cannot be changed as the search says.
        UsageError: The bargaining table knows no transit country.
        FitError: The case has no fitted politics.
    """
    span, window = corridor.case.span.span, search.window
    place, months = span.position(window.first), len(window)
    foreign = np.asarray(corridor.inputs.corridor.foreign)
    prices, sides = costs.ready(declared, window, foreign, draws, key)
    free = corridor.free(draws, key)
    question = {
        "levers": [lever.model_dump(mode="json") for lever in search.file.levers],
        "window": [str(window.first), str(window.last)],
        "talks": declared.file.model_dump(mode="json"),
        "key": key,
    }
    marks = planning.marks(corridor.case, free, question, corridor.setting.figures)
    return Ground(
        mark=digest.of_record(marks),
        marks=marks,
        inputs=corridor.inputs,
        layout=corridor.fit.layout,
        free=free,
        sums=levers.cut(levers.measure(search), place, months),
        prices=prices,
        sides=sides,
        places=levers.recorded_places(corridor.case)[place : place + months],
        place=place,
        months=months,
    )


@dataclass(frozen=True)
class Work:
    """Packages under one chunk of draws.

    Args:
        ground: What packages have in common.
        values: Value of each lever, (package, lever).
        partner: Whether to run each once more with the transit country's cooperation withdrawn.
    """

    ground: Ground
    values: np.ndarray
    partner: bool

    def __call__(self, job: int, /) -> dict[str, np.ndarray]:
        """Outcomes by name, (package, draw)."""
        ground, count = self.ground, len(self.values)
        window = _window(ground, job)
        blocks = []
        for first in range(0, count, BLOCK):
            chosen = np.minimum(np.arange(first, first + BLOCK), count - 1)
            some = jnp.asarray(self.values[chosen])
            found = worlds.packages(ground.inputs, window, ground.sums, some, ground.sides, self.partner)
            blocks.append({name: np.asarray(array)[: count - first] for name, array in found.items()})
        return {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}


@dataclass(frozen=True)
class Shown:
    """The record, then a few packages, with all that is known of them, for one chunk of draws.

    Args:
        ground: What packages have in common.
        values: Value of each lever, (package, lever); the record and these are at most `BLOCK`.
    """

    ground: Ground
    values: np.ndarray

    def __call__(self, job: int, /) -> dict[str, np.ndarray]:
        """Outcomes by name, (1 + package, draw)."""
        ground, window = self.ground, _window(self.ground, job)
        chosen = jnp.asarray(self.values)
        some = jax.vmap(levers.packaged, in_axes=(None, 0))(ground.sums, chosen)
        places = jax.vmap(levers.parole_places, in_axes=(None, 0))(ground.sums, chosen)
        rows = np.minimum(np.arange(BLOCK), len(self.values))
        now = jax.tree.map(lambda then, others: jnp.concatenate([then[None], others])[rows], window.given.levers, some)
        opened = jnp.concatenate([jnp.asarray(ground.places)[None], places])[rows]
        found = worlds.under(ground.inputs, window, now, opened, ground.sides)
        return {name: np.asarray(array)[: 1 + len(self.values)] for name, array in found.items()}


@lru_cache(maxsize=WINDOWS_KEPT)
def _window(ground: Ground, job: int) -> SearchWindow:
    """History of one chunk of draws; packages of one generation after another start from it."""
    chosen = np.minimum(np.arange(job * ground.width, (job + 1) * ground.width), ground.draws - 1)
    values = ground.layout.constrain(jnp.asarray(ground.free[:, chosen]))
    replayed = jax.block_until_ready(response.starts(ground.inputs, values))
    prices = costs.chunk(ground.prices, chosen)
    return worlds.window_of(ground.inputs, replayed, values, prices, ground.place, ground.months)
