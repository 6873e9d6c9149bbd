"""Single people moving through a corridor by chance, month after month: no line of it is shared with the engine.

Valid where nothing couples people: no crowding, no ceiling, cap or slot that binds. Everyone is a record of a
replication, a cell and a place; entrants arrive as Poisson counts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

COUNTED = ("encounters", "stops", "let_in", "expelled", "waiting", "returned")
SOUTH, WAITING, AGAIN, ABROAD, RETURNED = range(5)


@dataclass
class Crowd:
    """People of some replications who are in one place."""

    rep: np.ndarray
    cell: np.ndarray

    @classmethod
    def nobody(cls) -> Crowd:
        return cls(np.empty(0, dtype=int), np.empty(0, dtype=int))

    def split(self, chance: np.ndarray, rng: np.random.Generator) -> tuple[Crowd, Crowd]:
        """Those to whom something happens, each by the chance of their cell, and the others."""
        hit = rng.random(len(self.rep)) < chance[self.cell]
        return Crowd(self.rep[hit], self.cell[hit]), Crowd(self.rep[~hit], self.cell[~hit])


def together(*crowds: Crowd) -> Crowd:
    return Crowd(np.concatenate([c.rep for c in crowds]), np.concatenate([c.cell for c in crowds]))


# long: one person passes the events of a month in order; cutting it would hide the order
def simulate(chances: list[dict[str, np.ndarray]], replications: int, seed: int) -> dict[str, np.ndarray]:
    """Counts by month, cell and replication.

    Args:
        chances: One table a month: mean number of people coming and the chance of every event, each by cell.
        replications: How often the whole history is lived through.
        seed: Of the chance.

    Returns:
        Each counted thing, (month, cell, replication).
    """
    rng = np.random.default_rng(seed)
    cells = len(chances[0]["coming"])
    counts = {name: np.zeros((len(chances), cells, replications)) for name in COUNTED}
    places = [Crowd.nobody() for _ in range(5)]

    for t, chance in enumerate(chances):

        def count(name: str, crowd: Crowd, month: int = t) -> None:
            np.add.at(counts[name][month], (crowd.cell, crowd.rep), 1.0)

        arrivals = rng.poisson(chance["coming"][:, None], (cells, replications))
        new = Crowd(
            np.repeat(np.tile(np.arange(replications), cells), arrivals.ravel()),
            np.repeat(np.repeat(np.arange(cells), replications), arrivals.ravel()),
        )
        _, new = new.split(chance["turned_back"], rng)
        # through the transit country
        moving, staying_south = places[SOUTH].split(chance["pace"], rng)
        _, alive = together(new, moving).split(chance["death_transit"], rng)
        stopped, passed = alive.split(chance["stopped"], rng)
        count("stops", stopped)
        taken, rest = stopped.split(chance["removal_share"], rng)
        returning, _ = taken.split(chance["removed_return"], rng)
        _, rest = rest.split(chance["settle"], rng)
        _, sent_south = rest.split(chance["transit_quit"], rng)
        # at the line
        at_port, others = passed.split(chance["port"], rng)
        admitted, _ = at_port.split(chance["port_let_in"], rng)
        crossing_new, to_wait = others.split(chance["cross_new"] * chance["dare"], rng)
        crossing_old, left = places[WAITING].split(chance["cross_waiting"] * chance["dare"] * chance["pace"], rng)
        _, still_waiting = left.split(chance["waiting_quit"], rng)
        heard, left = places[ABROAD].split(chance["abroad_heard"], rng)
        _, left = left.split(chance["abroad_quit"], rng)
        crossing_court, still_abroad = left.split(chance["abroad_cross"] * chance["dare"] * chance["pace"], rng)
        _, left = places[RETURNED].split(chance["returned_removed"], rng)
        _, left = left.split(chance["returned_settle"], rng)
        _, still_returned = left.split(chance["returned_quit"], rng)
        free, still_again = places[AGAIN].split(chance["pace"], rng)
        trying, not_daring = free.split(chance["dare"], rng)
        # crossing, as often as it takes
        crossing = together(crossing_new, crossing_old, crossing_court, trying)
        let_in, again, before_court = [admitted, heard], [still_again], [still_abroad]
        returned = [still_returned]
        while len(crossing.rep):
            _, living = crossing.split(chance["death_border"], rng)
            _, seen = living.split(chance["evade"], rng)
            count("encounters", seen)
            expelled, rest = seen.split(chance["expelled"], rng)
            count("expelled", expelled)
            to_court, rest = rest.split(chance["abroad"], rng)
            home, rest = rest.split(chance["home"], rng)
            detained, rest = rest.split(chance["detained"], rng)
            free, kept = rest.split(chance["release"], rng)
            deported, released = detained.split(1.0 - (1.0 - chance["detained_removed"]) * chance["release"], rng)
            retrying, for_good = expelled.split(chance["retry"], rng)
            from_gate, at_gate = home.split(chance["retry_home"], rng)
            retrying = together(retrying, from_gate, kept.split(chance["retry_home"], rng)[0])
            returned += [for_good.split(chance["accepted"], rng)[0], at_gate.split(chance["taken_back"], rng)[0]]
            crossing, later = retrying.split(chance["retry_soon"] * chance["dare"], rng)
            let_in += [free, released]
            again += [later, deported.split(chance["retry_home"], rng)[0]]
            before_court.append(to_court)
        for crowd in let_in:
            count("let_in", crowd)
        places = [
            together(staying_south, sent_south, returning),
            together(still_waiting, to_wait, not_daring),
            together(*again),
            together(*before_court),
            together(*returned),
        ]
        count("waiting", places[WAITING])
        count("returned", places[RETURNED])
    return counts


def logistic(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-x))


def apply_and_wait(chances: list[dict[str, np.ndarray]], replications: int, seed: int) -> dict[str, np.ndarray]:
    """People who apply in one procedure where there is room for all, by month, cell and replication.

    Args:
        chances: One table a month: mean number of people who would come if applying took nobody from staying, how much
            more come for the procedure, and the chance of every event, each by cell.
        replications: How often the whole history is lived through.
        seed: Of the chance.

    Returns:
        People on the road, applying, admitted, staying at home, in the queue, and before an appeal.
    """
    rng = np.random.default_rng(seed)
    cells = len(chances[0]["coming"])
    names = ("road", "applied", "admitted", "stayed", "queue", "appeals")
    counts = {name: np.zeros((len(chances), cells, replications)) for name in names}
    queue, appeals, onward = (Crowd.nobody() for _ in range(3))
    for t, chance in enumerate(chances):

        def count(name: str, crowd: Crowd, month: int = t) -> None:
            np.add.at(counts[name][month], (crowd.cell, crowd.rep), 1.0)

        arrivals = rng.poisson(chance["coming"][:, None], (cells, replications))
        new = Crowd(
            np.repeat(np.tile(np.arange(replications), cells), arrivals.ravel()),
            np.repeat(np.repeat(np.arange(cells), replications), arrivals.ravel()),
        )
        applying, on_road = new.split(chance["apply"], rng)
        count("road", together(on_road, onward))
        decided, waiting = queue.split(chance["decided"], rng)
        tired, waiting = waiting.split(chance["quit"], rng)
        accepted, refused = decided.split(chance["accepted"], rng)
        appealing, refused = refused.split(chance["appeal"], rng)
        heard, still = appeals.split(chance["heard"], rng)
        won, lost = heard.split(chance["won"], rng)
        again, stay = together(refused, lost).split(chance["refused_road"], rng)
        walking, home = tired.split(chance["quit_road"], rng)
        queue, appeals, onward = together(waiting, applying), together(still, appealing), together(again, walking)
        for name, crowd in (
            ("applied", applying),
            ("admitted", together(accepted, won)),
            ("stayed", together(stay, home)),
        ):
            count(name, crowd)
        count("queue", queue)
        count("appeals", appeals)
    return counts
