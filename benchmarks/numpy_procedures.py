"""Procedures of a scheme once more in plain NumPy, person by person's share, from equations F11 to F11d alone."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

Arrays = dict[str, np.ndarray]


@dataclass
class Offices:
    """Procedures open in a story: rules month first, behaviour by name, and who is in them.

    Queues are kept procedure by procedure as (origin, group, draw), so that nothing is summed the way the engine does.
    """

    rules: Arrays
    people: Arrays
    hope: np.ndarray
    record: list[Arrays] = field(default_factory=list)
    stocks: list[Arrays] = field(default_factory=list)
    onward: np.ndarray | float = 0.0

    # long: the month in one piece, as docs/model.md tells it
    def month(self, t: int, newcomers: np.ndarray, belief: np.ndarray, circular: np.ndarray) -> np.ndarray:
        """Newcomers of a month on the road."""
        p, count = self.people, self.rules["labour"].shape[1]
        now = {name: value[t] for name, value in self.rules.items()}
        if not self.stocks:
            self.stocks = [
                dict.fromkeys(("applied", "appealed", "cleared"), np.zeros_like(newcomers)) for _ in range(count)
            ]
        pools = [int(np.argmax(row)) if row.any() else -1 for row in now["pools"]]
        ahead = [sum(self.stocks[k]["cleared"].sum(axis=(0, 1)) for k in range(count) if pools[k] == pool)
                 for pool in range(now["pools"].shape[1])]  # fmt: skip
        odds, waits = [], []
        for k in range(count):
            with np.errstate(divide="ignore", invalid="ignore"):
                line = self.stocks[k]["applied"].sum(axis=(0, 1)) / now["capacity"][k]
                line = np.where(now["capacity"][k] > 0.0, line, np.inf)
                turn = np.where(now["places"][pools[k]] > 0.0, ahead[pools[k]] / now["places"][pools[k]], np.inf)
            wait = np.maximum(now["least_wait"][k], line) + (turn if pools[k] >= 0 else 0.0)
            yes = now["accepted"][k]
            yes = yes + (1.0 - yes) * now["appeal"][k] * now["appeal_won"][k]
            who = circular if now["labour"][k] else 1.0 - circular
            drawn = now["covered"][k][..., None] * who * now["reach"][k] * yes[:, None]
            odds.append(drawn * p["preference"] * np.exp(-wait / p["patience"] - self.hope * belief))
            waits.append(wait)
        nest = 1.0 + sum(odds)
        grown = newcomers * nest ** p["dissimilarity"]
        road, onward = grown / nest + self.onward, np.zeros_like(newcomers)
        accepted, seen = [], {"joined": [], "decided": [], "admitted": [], "wait": waits}
        for k, stock in enumerate(self.stocks):
            ready = stock["applied"] / now["least_wait"][k]
            all_ready = ready.sum(axis=(0, 1))
            decided = ready * np.minimum(1.0, now["capacity"][k] / np.maximum(all_ready, 1e-12))
            refused = decided * (1.0 - now["accepted"][k][:, None])
            tired = (stock["applied"] - decided) * p["queue_quit"]
            heard = stock["appealed"] * p["appeal_heard"]
            joined = grown * odds[k] / nest
            lost = refused * (1.0 - now["appeal"][k]) + heard * (1.0 - now["appeal_won"][k])
            onward = onward + tired * p["quit_road"] + lost * p["refused_road"]
            accepted.append(stock["cleared"] + decided - refused + heard * now["appeal_won"][k])
            self.stocks[k] = {
                "applied": stock["applied"] - decided - tired + joined,
                "appealed": stock["appealed"] - heard + refused * now["appeal"][k],
            }
            seen["joined"].append(joined)
            seen["decided"].append(decided)
        for k in range(count):
            rivals = sum(accepted[j].sum(axis=(0, 1)) for j in range(count) if pools[j] == pools[k])
            room = 1.0 if pools[k] < 0 else np.minimum(1.0, now["places"][pools[k]] / np.maximum(rivals, 1e-12))
            seen["admitted"].append(accepted[k] * room)
            self.stocks[k]["cleared"] = accepted[k] - accepted[k] * room
        self.onward = onward
        self.record.append({name: np.stack(value) for name, value in seen.items()} | {"road": road, "onward": onward})
        return road
