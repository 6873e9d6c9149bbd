"""The model of docs/model.md once more in plain NumPy: the rival for speed and the second opinion on every number.

Written from the equations alone: it shares no arithmetic with the package. It takes the arrays of a story and the
parameters by name, with draws on the last axis, and gives the record of each month under the same names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

import numpy_harm
from numpy_procedures import Offices
from numpy_setting_out import Arrays, appointed, chances, darien, driven

STATE = (
    "belief", "news", "warned", "dread", "gone_1", "gone_2", "south", "waiting", "again", "abroad", "returned",
    "usual", "encounters",
)  # fmt: skip
STOCKS = ("south", "waiting", "again", "abroad", "returned")
EFFORT_RANGE = (1e-6, 8.0)
FACTOR_RANGE = (1e-9, 1e9)


@dataclass
class Plain:
    """The arrays of a story, as NumPy, month first."""

    corridor: Arrays
    outside: Arrays
    figures: Arrays
    gates: Arrays
    levers: Arrays
    start: Arrays

    @classmethod
    def of(cls, inputs: Any) -> Plain:
        """Copy a story's arrays out."""
        start = arrays_of(inputs.start)
        start["gone_1"], start["gone_2"] = start.pop("set_out_1"), start.pop("set_out_2")
        return cls(
            corridor=arrays_of(inputs.corridor),
            outside=arrays_of(inputs.outside),
            figures=arrays_of(inputs.figures),
            gates=arrays_of(inputs.figures.gates),
            levers=arrays_of(inputs.levers),
            start={name: start[name] for name in STATE},
        )


def replay(plain: Plain, values: Arrays) -> tuple[Arrays, Arrays]:
    """Solve every month's surprises from the figures; the surprises and the record."""
    return Engine(plain, values).run(plain.levers, None)


def project(plain: Plain, now: Arrays, shocks: Arrays, values: Arrays, offices: Offices | None = None) -> Arrays:
    """Run the surprises forward under other levers, and procedures where there are any; the record."""
    return Engine(plain, values, offices).run(now, shocks)[1]


class Engine:
    """One set of draws, ready to run."""

    def __init__(self, plain: Plain, values: Arrays, offices: Offices | None = None) -> None:
        self.plain, self.offices = plain, offices
        self.p = {name: np.ascontiguousarray(value, dtype=float) for name, value in values.items()}
        p, c, self.draws = self.p, plain.corridor, values["base"].shape[-1]
        self.foreign = c["foreign"][:, None, None]
        self.circular = c["circular"][..., None]
        self.exposure = self.foreign * p["stop_exposure"][:, None] * p["stop_group"]
        self.level = p["base"][:, None] + p["mix"]
        self.fade = {"news": np.exp2(-1.0 / p["news_half_life"]), "warned": np.exp2(-1.0 / p["warning_half_life"])}
        self.walk_odds = p["walk_up"] / (1.0 - p["walk_up"])
        self.weights = np.exp(p["appeal"])
        self.not_evaded = 1.0 - c["hides"][:, None] * p["evade"]
        self.demand = np.exp(p["appointment_demand"])[:, None]
        self.not_removed = 1.0 - p["detained_removed"]
        self.free_if_held = (1.0 - c["kept"])[:, None]

    def run(self, levers: Arrays, shocks: Arrays | None) -> tuple[Arrays, Arrays]:
        """All months, replayed if no surprises are given."""
        world = {name: np.repeat(value, self.draws, axis=-1).astype(float) for name, value in self.plain.start.items()}
        months = self.plain.figures["encounters"].shape[0]
        solved, record = [], []
        for t in range(months):
            now = {name: value[t] for name, value in levers.items()}
            then = {name: value[t] for name, value in self.plain.levers.items()}
            gates = self._replay_gates(t) if shocks is None else self._gates(t, now, then, world)
            half = self._first_half(t, now, world, chances(now, gates))
            if shocks is None:
                answer = self._solve(t, world, half)
                solved.append(answer)
            else:
                answer = {name: shocks[name][t] for name in ("factor", "pace", "effort")}
            record.append(self._second_half(t, (now, then), world, half, answer))
        return _stacked(solved), _stacked(record)

    def _replay_gates(self, t: int) -> Arrays:
        return {name: gate[t][..., None] for name, gate in self.plain.gates.items()}

    def _gates(self, t: int, now: Arrays, then: Arrays, world: Arrays) -> Arrays:
        """The figures' gates plus what the changed levers add; the computed gate where history had none."""
        p = self.p
        crowd_now = np.log(np.maximum(world["encounters"], 1.0) / 30_000.0)
        crowd_then = self.plain.figures["crowding"][t]
        seen = self._replay_gates(t)
        gates = {}
        if now["order"].any():
            known = (then["order"] > 0.0)[..., None]
            log_now, log_then = (np.log(np.where(x > 0.0, x, 1.0))[..., None] for x in (now["order"], then["order"]))
            extra = p["follow_acceptance"] * (now["acceptance"] - then["acceptance"])[..., None] + log_now - log_then
            alone = p["follow_expelled"] + p["follow_acceptance"] * now["acceptance"][..., None] + log_now
            gates["expelled"] = np.where(known, seen["expelled"] + extra, alone)
        if now["wait_abroad"].any():
            known = (then["wait_abroad"] > 0.0)[..., None]
            log_now, log_then = (
                np.log(np.where(x > 0.0, x, 1.0))[..., None] for x in (now["wait_abroad"], then["wait_abroad"])
            )
            gates["abroad"] = np.where(known, seen["abroad"] + log_now - log_then, p["follow_abroad"] + log_now)
        limit = (now["asylum_limit"] - then["asylum_limit"])[..., None]
        room = (now["reception"] - then["reception"])[..., None]
        gates["home"] = seen["home"] + p["limit_home"] * limit
        gates["home"] += p["returns_home"] * (now["returns"] - then["returns"])[..., None]
        gates["detained"] = seen["detained"] + p["limit_detained"] * limit
        gates["detained"] -= p["reception_detained"] * room
        gates["detained"] -= p["crowding_detained"] * (crowd_now - crowd_then)
        return gates

    def _first_half(self, t: int, now: Arrays, world: Arrays, fates: Arrays) -> Arrays:
        p, o, c = self.p, self.plain.outside, self.plain.corridor
        month = int(o["calendar_month"][t])
        entry = fates["let_in"] + fates["detained"] * self.free_if_held * now["release"][..., None]
        for words, spoken in (("news", "news"), ("warned", "warning")):
            world[words] = np.clip(world[words] * self.fade[words] + now[spoken][..., None], -1.0, 1.0)
        word = world["news"]
        said = entry + p["trust"] * np.where(word > 0.0, word * (1.0 - entry), word * entry)
        deeds = now["deeds"][..., None]
        said_now, done_now = p["now_words"] * world["warned"], p["now_deeds"] * deeds
        said_on, done_on = world["warned"] - said_now, deeds - done_now
        at_once = 1.0 - (1.0 - said_now) * (1.0 - done_now)
        later = 1.0 - (1.0 - said_on) * (1.0 - done_on)
        dare = np.exp(p["hope_line"] * (1.0 - self.circular) * (said - 1.0) - p["dread"] * at_once)
        believed = world["belief"]
        log_out = p["hope_set"] * believed - p["dread"] * world["dread"]
        world["belief"] = believed + p["belief_speed"] * (said - believed)
        world["dread"] = world["dread"] + p["belief_speed"] * (later - world["dread"])
        outside = {name: value[t] for name, value in o.items()}
        log_out = log_out + self.level + driven(p, outside, now, self.circular, believed)
        gone = np.exp(log_out, out=log_out)
        delay = c["delay"][:, :, None, None]
        coming = delay[0] * gone + delay[1] * world["gone_1"] + delay[2] * world["gone_2"]
        by_land = (1.0 - c["air"] * (1.0 - now["visa"]))[:, None]
        turned, walked = darien(p, by_land * c["walks"][:, None], now["closure"])
        coming -= coming * turned
        met = by_land + (1.0 - by_land) * p["air_exposure"]
        half = {"gone": gone, "coming": coming, "walked": walked}
        half["appointed"] = appointed(p, coming, now, self.demand)
        declared = now["effort"][..., None]
        half["weight"] = self.exposure * met[:, None] * np.where(declared > 0.0, declared ** p["effort_power"], 0.0)
        half["death_line"], half["death_way"] = numpy_harm.dying(
            p, self.foreign, said, c["heat"][month], np.exp(self.plain.figures["crowding"][t])
        )
        half["seen_share"] = (1.0 - half["death_line"]) * self.not_evaded
        back = fates["expelled"] * p["retry"] + (fates["home"] + fates["kept"]) * p["retry_home"][:, None]
        half["dare"], half["soon"] = dare, p["retry_soon"] * dare
        half["per_first"] = 1.0 / (1.0 - half["soon"] * back * half["seen_share"])
        self._at_the_line(now, world, dare, half)
        half.update({"chance_" + name: chance for name, chance in fates.items()})
        return half

    def _at_the_line(self, now: Arrays, world: Arrays, dare: np.ndarray, half: Arrays) -> None:
        """Who may cross, wait, walk up to a port or leave the court."""
        p = self.p
        half["may_cross"] = world["waiting"] * p["cross_waiting"] * dare
        odds = self.walk_odds * np.exp(p["port_effect"] * now["port_intake"][..., None])
        not_port = 1.0 / (1.0 + odds)
        half["new_port"] = odds * not_port
        half["new_cross"] = not_port * p["cross_new"] * dare
        half["new_wait"] = not_port - half["new_cross"]
        # the court
        half["heard"] = world["abroad"] * p["abroad_heard"]
        rest = world["abroad"] - half["heard"]
        half["court_quit"] = rest * p["abroad_quit"]
        half["court_rest"] = rest - half["court_quit"]
        half["may_cross_court"] = half["court_rest"] * p["abroad_cross"] * dare

    def _solve(self, t: int, world: Arrays, half: Arrays) -> Arrays:
        """Bracketed Newton steps on the logarithm of the effort, until every draw has its stops."""
        p, f = self.p, self.plain.figures
        alive = 1.0 - half["death_way"]
        fresh, south, weight = half["coming"] * alive, world["south"] * alive, half["weight"]
        per_first = half["seen_share"] * half["per_first"]
        gain = half["new_cross"] * per_first
        on_hold = ((half["may_cross"] + half["may_cross_court"] + world["again"] * half["dare"]) * per_first).sum(
            axis=1
        )
        figure, usual = f["encounters"][t][:, None], world["usual"]

        def at(effort: np.ndarray) -> tuple[np.ndarray, ...]:
            """At an effort: share passing, encounters of newcomers per unit, of those on hold, factor, pace."""
            free = np.exp(-effort * weight)
            reach = gain * free
            unit = np.maximum((fresh * reach).sum(axis=1), 1e-12)
            held = (south * reach).sum(axis=1) + on_hold
            # figure = unit * z + held * z / (z + usual): the larger root of unit z^2 + b z - figure * usual
            b = unit * usual + held - figure
            root = np.sqrt(b * b + 4.0 * unit * figure * usual)
            stable = 2.0 * figure * usual / np.maximum(b + root, 1e-12)
            z = np.clip(np.where(b > 0.0, stable, (root - b) / (2.0 * unit)), *FACTOR_RANGE)
            return free, unit, held, z, z / (z + usual)

        effort = np.array(p["effort_early"])
        if f["stops_source"][t] > 0.5:
            stops = f["stops"][t] * (p["stops_per_return"] if f["stops_source"][t] > 1.5 else 1.0)
            goal = np.log(stops + 1.0)
            low, high = (np.full(self.draws, edge) for edge in EFFORT_RANGE)
            previous, previous_gap = None, None
            for _ in range(200):  # the secant rule on logs, bisection where it leaves the bracket
                _, _, _, z, pace = at(effort)
                people = fresh * z[:, None] + south * pace[:, None]
                caught = (people * -np.expm1(-effort * weight)).sum(axis=(0, 1))
                caught += (half["appointed"] * np.expm1(np.minimum(effort * weight, 20.0))).sum(axis=(0, 1))
                gap = np.log(caught + 1.0) - goal
                high = np.where(gap > 0, effort, high)
                low = np.where(gap <= 0, effort, low)
                if np.all((np.abs(gap) < 1e-13) | (high - low <= 1e-15 * high)):
                    break
                if previous is None:
                    step = effort * np.exp(-gap)
                else:
                    rise = gap - previous_gap
                    rise = np.where(rise == 0.0, np.inf, rise)
                    step = effort * np.exp(np.clip(-gap * np.log(effort / previous) / rise, -20.0, 20.0))
                new = np.where((step > low) & (step < high), step, np.sqrt(low * high))
                previous, previous_gap = effort, gap
                effort = np.where(np.abs(gap) < 1e-13, effort, new)
        _, unit, held, z, pace = at(effort)
        tilt = unit + held * usual / (z + usual) ** 2
        memory = p["pace_memory"]
        world["usual"] = usual**memory * z ** (1.0 - memory)
        bound = (z <= FACTOR_RANGE[0]) | (z >= FACTOR_RANGE[1])
        return {
            "factor": z,
            "pace": pace,
            "effort": effort,
            "slope": z * tilt / np.maximum(figure, 1e-12),
            "at_bound": bound.astype(float),
        }

    # long: the month in one piece, as docs/model.md tells it; functions would only pass its names about
    def _second_half(
        self, t: int, levers: tuple[Arrays, Arrays], world: Arrays, half: Arrays, surprise: Arrays
    ) -> Arrays:
        p, o, f = self.p, self.plain.outside, self.plain.figures
        now, then = levers
        start = world["south"] + world["waiting"] + world["again"] + world["abroad"] + world["returned"]
        # transit
        entries = half["coming"] * surprise["factor"][:, None]
        if self.offices is not None:
            moving = self.circular * np.exp(-p["circular_fade"] * (o["knot"][t] + o["way"][t]))
            entries = self.offices.month(t, entries, world["belief"], moving)
        pace = surprise["pace"][:, None]
        from_south = world["south"] * pace
        travellers = entries + from_south
        died_way = travellers * half["death_way"]
        travellers -= died_way
        stopped = travellers * -np.expm1(-surprise["effort"] * half["weight"])
        passed = travellers - stopped
        events = stopped + half["appointed"] * np.expm1(np.minimum(surprise["effort"] * half["weight"], 20.0))
        if f["returns_known"][t] > 0.5:
            ceiling = f["returns"][t] * now["removal"] / max(float(then["removal"]), 0.01)
        else:
            ceiling = p["removal_routine"] * now["removal"]
        taken = stopped * p["removal_share"][:, None]
        taken *= np.minimum(1.0, ceiling / np.maximum(taken.sum(axis=(0, 1)), 1e-12))
        taken_back = taken * p["removed_return"]
        rest = stopped - taken
        settled = rest * p["settle_share"][:, None]
        rest -= settled
        quit_way = rest * p["transit_quit"]
        south = world["south"] - from_south + rest - quit_way + taken_back
        # the line and the crossing
        to_port = passed * half["new_port"]
        to_cross = passed * half["new_cross"]
        appointed = half["appointed"]
        ports = to_port + appointed
        cross_waiting = half["may_cross"] * pace
        rest_waiting = world["waiting"] - cross_waiting
        quit_waiting = rest_waiting * p["waiting_quit"]
        court_cross = half["may_cross_court"] * pace
        free_again = world["again"] * pace
        once_more = free_again * half["dare"]
        again = once_more + court_cross
        first = to_cross + cross_waiting + again
        attempts = first * half["per_first"]
        died_line = attempts * half["death_line"]
        seen = attempts * half["seen_share"]
        evaded = attempts - died_line - seen
        # what follows
        covered = (now["returns"] > 0.0)[..., None]
        home_chance = np.broadcast_to(half["chance_home"], seen.shape)
        in_chance, kept_chance, released = half["chance_let_in"], half["chance_kept"], now["release"][..., None]
        if covered.any():
            under_cap = (seen * home_chance * covered).sum(axis=(0, 1))
            kept = np.minimum(1.0, now["returns_cap"] / np.maximum(under_cap, 1e-12))
            held = np.where(covered, home_chance * kept, home_chance)
            in_chance = in_chance + (home_chance - held) * released
            kept_chance = kept_chance + (home_chance - held) * (1.0 - released)
            home_chance = held
        expelled, court = seen * half["chance_expelled"], seen * half["chance_abroad"]
        at_gate, detained, straight = seen * home_chance, seen * half["chance_detained"], seen * in_chance
        home = at_gate + seen * kept_chance
        back, home_back = expelled * p["retry"], home * p["retry_home"][:, None]
        accepted = self.foreign * np.minimum(now["acceptance"], 1.0)[..., None]
        taken_in = (expelled - back) * accepted
        law = self.foreign * np.minimum(now["returns"], 1.0)[..., None] * at_gate * (1.0 - p["retry_home"][:, None])
        deported = detained - detained * self.not_removed * released
        deported_back = deported * p["retry_home"][:, None]
        admitted = ports * o["port_let_in"][t]
        darien = (entries + appointed) * half["walked"]
        lost = darien * p["death_darien"]
        # the next month
        world["gone_2"], world["gone_1"] = world["gone_1"], half["gone"]
        world["south"] = south
        world["waiting"] = rest_waiting - quit_waiting + passed * half["new_wait"] + free_again - once_more
        world["again"] = world["again"] - free_again + (1.0 - half["soon"]) * (back + home_back) + deported_back
        world["abroad"] = half["court_rest"] - court_cross + court
        moved_on = world["returned"] * p["returned_removed"]
        stay = world["returned"] - moved_on
        claims = stay * p["returned_settle"]
        stay = stay - claims
        gave_up = stay * p["returned_quit"]
        world["returned"] = stay - gave_up + taken_in + law
        world["encounters"] = seen.sum(axis=(0, 1))
        end = world["south"] + world["waiting"] + world["again"] + world["abroad"] + world["returned"]
        # sectors
        k, way = int(o["knot"][t]), o["way"][t]
        pull = np.exp(
            p["drift"][k] * (1.0 - way) + p["drift"][k + 1] * way - p["barrier_effect"] * now["barrier"][:, None]
        )
        people = seen.sum(axis=1)
        share = people / np.einsum("nsd,sd->nd", self.weights, pull)
        sectors = np.einsum("nsd,nd->sd", self.weights, share) * pull
        over_cap = attempts - first - half["soon"] * (back + home_back)  # have tried again already
        let_in = straight + detained - deported - over_cap * released + admitted + half["heard"]
        gone_home = (
            expelled - back - taken_in + quit_way + quit_waiting + half["court_quit"] + ports - admitted + gave_up
        )
        sent_on = deported - deported_back + taken - taken_back + moved_on
        removed = home - home_back - law - over_cap * (1.0 - released) + sent_on
        settled = settled + claims
        lost_on_way = died_way + died_line + lost
        went = let_in + evaded + removed + settled + gone_home + lost_on_way + end
        came = start + entries + appointed + lost
        return {
            "encounters": seen,
            "sectors": sectors,
            "ports": ports.sum(axis=1),
            "appointments": appointed.sum(axis=1),
            "stops": events.sum(axis=1),
            "stops_group": events.sum(axis=0),
            "returns": taken.sum(axis=1),
            "darien": darien.sum(axis=1),
            "set_out": (entries + appointed + lost).sum(axis=1),
            "let_in": let_in.sum(axis=1),
            "expelled": expelled.sum(axis=1),
            "removed": removed.sum(axis=1),
            "evaded": evaded.sum(axis=1),
            "settled": settled.sum(axis=1),
            "gone_home": gone_home.sum(axis=1),
            "follow": np.stack([x.sum(axis=(0, 1)) for x in (expelled, court, home, detained, straight)]),
            "stocks": np.stack([world[s].sum(axis=(0, 1)) for s in STOCKS]),
            "held": end.sum(axis=1),
            **numpy_harm.suffered(
                p, self.foreign, (entries, from_south + appointed, start), surprise["effort"] * half["weight"]
            ),
            "deaths": np.stack([x.sum(axis=(0, 1)) for x in (died_line, died_way, darien * p["death_darien"])]),
            "repeats": ((attempts - first + again) * half["seen_share"]).sum(axis=(0, 1)),
            "imbalance": (np.abs(came - went) / np.maximum(came, 1.0)).max(axis=(0, 1)),
        }


def arrays_of(record: Any) -> Arrays:
    """Fields of a flat record as NumPy; nested records are left out."""
    return {name: np.asarray(value, dtype=float) for name, value in vars(record).items() if hasattr(value, "shape")}


def _stacked(months: list[Arrays]) -> Arrays:
    return {name: np.stack([m[name] for m in months]) for name in months[0]} if months else {}
