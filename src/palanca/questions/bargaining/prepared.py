"""A declared bargaining table in numbers: one bargain for every draw of its beliefs, the corridor and politics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from palanca.bargain import plain
from palanca.bargain.arrivals import Flow
from palanca.bargain.feasible import BargainProblem, bare, floors, grounded
from palanca.bargain.reply import best_reply
from palanca.bargain.threats import Threat, incidence
from palanca.bargain.utility import FORMS, PayoffTerms
from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.infer import politics as public
from palanca.infer.history import PreparedCase
from palanca.infer.politics import Politics
from palanca.infer.posterior import AbstractDraws
from palanca.kernel.keys import normals
from palanca.politics.courts import expected_strength
from palanca.politics.hosting import Host, price
from palanca.questions.bargaining import emulator, response
from palanca.questions.bargaining.emulator import Emulator
from palanca.questions.bargaining.months import HORIZON
from palanca.questions.bargaining.response import Progress, Response
from palanca.questions.bargaining.silence_cost import cost_factor
from palanca.spec.bargain_spec import BargainSpec as Declared

ROUNDS = 2  # best replies to best replies; they come to rest at once where no payoff mixes two parties' issues
LEVERS = {"effort": 0, "returns": 1, "parole": 2, "own": 3}  # places in `Emulator.rate`


@dataclass(frozen=True, eq=False)
class Context:
    """What a month brings to the table.

    Args:
        month: First month of the window, or none for a table without a calendar.
        arrivals: Flow of people by package, (draw) first.
        salience: Weight of an arrival in the destination's politics, (draw) [1 at the usual].
        hosting: Factor on the transit country's cost of delivery, (draw) [1 while few are stuck].
        cap: Greatest amount of each issue, (issue) [unit of issue].
        on_table: Whether each issue can be set in this month, (issue).
        in_force: What levers were in fact set to, (issue) [unit of issue]; the status quo where no lever is known.
        court_share: What courts would leave of the strength of a unilateral act, were it contested, (draw) [share].
    """

    month: Month | None
    arrivals: Flow
    salience: np.ndarray
    hosting: np.ndarray
    cap: np.ndarray
    on_table: np.ndarray
    in_force: np.ndarray
    court_share: np.ndarray


@dataclass(frozen=True, eq=False)
class PreparedBargain:
    """A bargaining table ready to be sat down at.

    Args:
        declared: The table as its file has it.
        base: One bargain for every draw, the draw first; without arrivals and disagreement.
        values: Every uncertain number by dotted name, (draw).
        floors: Declared floors.
        contexts: What each month brings.
        emulated: The closed form through the corridor, by month in the order of `contexts`; none without a corridor.
        found: The corridor's own answers, likewise.
    """

    declared: Declared
    base: BargainProblem
    values: dict[str, np.ndarray]
    floors: tuple[float | None, ...]
    contexts: tuple[Context, ...]
    emulated: Emulator | None
    found: Response | None

    @property
    def draws(self) -> int:
        """How many draws."""
        return int(self.base.weight.shape[0])

    def context(self, month: Month | None) -> Context:
        """What one month brings.

        Raises:
            UsageError: It was not made ready.
        """
        for one in self.contexts:
            if one.month == month:
                return one
        raise UsageError("this month was not made ready", where=str(month))

    def at(
        self, month: Month | None, *, threatened: bool = True, bluffs: bool = False, courts: bool = True
    ) -> BargainProblem:
        """The bargains of a month, the draw first: disagreement from best replies, less the threats in force.

        Args:
            month: The month.
            threatened: Whether threats of the month are priced in.
            bluffs: Whether those count too that are not worth carrying out; see `harm`.
            courts: Whether courts may strike threats down.
        """
        context = self.context(month)
        scaled = replace(
            self.base,
            high=jnp.minimum(self.base.high, jnp.asarray(np.where(context.on_table, context.cap, np.inf))),
            dislike=self.base.dislike * context.salience[:, None],
            terms=tuple(self._scaled(number, context) for number in range(len(self.base.terms))),
            arrivals=context.arrivals,
        )
        scaled = self._tied(scaled, month)
        scaled = replace(scaled, status_quo=jnp.minimum(scaled.status_quo, scaled.high))
        calm = _alone(scaled, self._own_issues(context))
        harm = (
            self.harm(month, bluffs=bluffs, courts=courts)
            if threatened
            else np.zeros((self.draws, len(self.base.parties)))
        )
        grounds = jax.vmap(lambda one: one.payoffs(one.status_quo)[: len(one.parties)])(calm)
        ready: BargainProblem = jax.vmap(lambda one, d: grounded(one, self.floors, d))(calm, grounds - harm)
        return ready

    def free(self, month: Month | None) -> np.ndarray:
        """Which issues are on the table."""
        return self.context(month).on_table

    def harm(self, month: Month | None, *, bluffs: bool = False, courts: bool = True) -> np.ndarray:
        """What threats in force take from no deal, (draw, party) [payoff].

        A threat counts in draws in which carrying it out is worth its cost; see `bargain.threats.Threat.chance`.

        Args:
            month: The month.
            bluffs: Whether it counts in the other draws too.
            courts: Whether courts may strike it down; if not, it stands for sure.
        """
        found = np.zeros((self.draws, len(self.base.parties)))
        for said in () if month is None else self.declared.threats_at(month):
            target, sender = (self.base.parties.index(code) for code in (said.target, said.sender))
            told = self.threat(said.name)
            moved = incidence(told if courts else replace(told, survival=1.0), bluffs=bluffs)
            found[:, target] -= np.asarray(moved.no_deal_target)
            found[:, sender] -= np.asarray(moved.no_deal_sender)
        return found

    def threat(self, name: str) -> Threat:
        """One declared threat in numbers, (draw)."""
        return Threat(*(self.number(f"threats.{name}.{part.name}") for part in fields(Threat)))

    def credible(self, month: Month) -> dict[str, float]:
        """Share of draws in which carrying a threat out would be worth its cost to keep one's word, by threat."""
        threats = self.declared.threats_at(month)
        return {said.name: float(np.mean(np.asarray(self.threat(said.name).credible()))) for said in threats}

    def deaths(self, month: Month | None, package: np.ndarray) -> np.ndarray | None:
        """Deaths on the way under a package, between what the corridor gave at the points about it, (draw).

        Args:
            month: The month.
            package: Amounts, (draw, issue) [unit of issue].

        Returns:
            Mean over the months that count [deaths / month]; none for a table without a corridor.
        """
        if self.found is None or month is None:
            return None
        at = [one.month for one in self.contexts].index(month)
        issues = self.declared.issues.values()
        levers = {str(one.lever): package[:, k] for k, one in enumerate(issues) if one.lever in LEVERS}
        return emulator.between(self.found.deaths[at], levers)

    def number(self, name: str) -> np.ndarray:
        """One number of the table by dotted name, (draw)."""
        return self.values[name] if name in self.values else np.full(self.draws, self.declared.middle(name))

    def _scaled(self, number: int, context: Context) -> PayoffTerms:
        """Terms of one form, dearer where many are stuck or democracy wears down; each form begins with a size."""
        terms = self.base.terms[number]
        rows = [one for one in self.declared.file.payoffs if one.form == terms.form]
        factor = np.ones((self.draws, len(rows), 1))
        for at, row in enumerate(rows):
            if row.scaled_by == "hosting":
                factor[:, at, 0] = context.hosting
            elif row.scaled_by == "democracy":
                factor[:, at, 0] = cost_factor(self.declared, context.month)
        linear = np.array([name in ("slope", "curve", "scale") for name in FORMS[terms.form].coefficients])
        padded = np.zeros(terms.coefficients.shape[-1], bool)
        padded[: linear.size] = linear
        return replace(terms, coefficients=terms.coefficients * np.where(padded, factor, 1.0))

    def _tied(self, problem: BargainProblem, month: Month | None) -> BargainProblem:
        """The same talks with the ties of a month."""
        ties, places = self.declared.ties_at(month), list(self.declared.issues)
        pairs = tuple((places.index(tie.issues[0]), places.index(tie.issues[1])) for tie in ties)
        ratio = np.tile([tie.ratio for tie in ties], (self.draws, 1))
        return replace(problem, ties=pairs, tie_ratio=jnp.asarray(ratio.reshape(self.draws, len(ties))))

    def _own_issues(self, context: Context) -> np.ndarray:
        """Which issues each party sets for itself without a deal, (party, issue)."""
        issues = self.declared.issues
        alone = [not issue.traded or issue.kind == "migration" for issue in issues.values()]
        owner = np.array(self.base.owner)[None] == np.arange(len(self.base.parties))[:, None]
        return owner & np.array(alone) & context.on_table


def prepare(
    declared: Declared,
    months: Sequence[Month],
    *,
    corridor: tuple[PreparedCase, AbstractDraws] | None,
    draws: int = 200,
    key: int = 1,
    progress: Progress | None = None,
) -> PreparedBargain:
    """Draw the table's beliefs and work out what each month brings.

    Args:
        declared: The table.
        months: Months to make ready; none for a table whose flow is declared.
        corridor: The case made ready and its posterior, for a table whose flow is the corridor's.
        draws: How many draws.
        key: Same key, same draws.
        progress: Called with windows run and all windows.

    Raises:
        UsageError: The table needs a corridor, or a month, and has none; or scales payoffs by a democracy not known.
    """
    for month in months if declared.file.flow.corridor else (None,):
        cost_factor(declared, month)  # a democracy that is not known is refused here, before anything is run
    values = drawn(declared, draws, key)
    each = [
        plain.declared(declared.declaration({name: float(row[i]) for name, row in values.items()}))
        for i in range(draws)
    ]
    base: BargainProblem = jax.tree.map(lambda *leaves: jnp.stack(leaves), *(bare(one) for one in each))
    if not declared.file.flow.corridor:
        alone = (_plain_context(declared, values, base),)
        return PreparedBargain(declared, base, values, floors(each[0]), alone, None, None)
    if corridor is None or not months:
        raise UsageError("this table needs a month", way_out="Say which with --month YYYY-MM.")
    setting, posterior = corridor
    free = posterior.draws(key, range(draws))
    points = [*emulator.grid(), {}]
    found = response.respond(
        setting, free, posterior, months, response.Settings.of(points), horizon=HORIZON, progress=progress
    )
    emulated = emulator.through(replace(found, encounters=found.encounters[:, :-1]))
    contexts = tuple(
        _context(declared, base, setting, month, (emulated, found.held[i, -1], i), key)
        for i, month in enumerate(months)
    )
    return PreparedBargain(declared, base, values, floors(each[0]), contexts, emulated, found)


def drawn(declared: Declared, draws: int, key: int) -> dict[str, np.ndarray]:
    """Every uncertain number of a table by dotted name, (draw); one number's draws do not depend on the others."""
    return {
        name: np.array([belief.at(float(x)) for x in normals(key, f"talks/{name}", range(draws), ())])
        for name, belief in declared.beliefs().items()
    }


def _context(
    declared: Declared,
    base: BargainProblem,
    setting: PreparedCase,
    month: Month,
    answers: tuple[Emulator, np.ndarray, int],
    key: int,
) -> Context:
    emulated, held, at = answers
    draws = held.shape[-1]
    politics = public.fitted(setting.case.case)
    salience = politics.salience(month, month + (HORIZON - 1), draws, key).mean(axis=0)
    host = Host(1.0, 1.0, politics.drawn("threshold", draws, key), politics.drawn("steepness", draws, key), 0.0)
    caps = declared.caps(month)
    cap = np.array([caps[name] for name in base.issues])
    low = np.array([issue.low for issue in declared.issues.values()])
    return Context(
        month=month,
        arrivals=flow_of(declared, emulated, at),
        salience=salience,
        hosting=np.asarray(price(held, host)),
        cap=cap,
        on_table=cap > low,
        in_force=_in_force(declared, setting, month),
        court_share=court_share(politics, draws, key),
    )


def court_share(politics: Politics, draws: int, key: int) -> np.ndarray:
    """What courts would leave of a contested act's strength over the months that count, (draw) [share]."""
    odds = politics.drawn("survival_odds", draws, key)
    return np.asarray(expected_strength(1.0, odds / (1.0 + odds), HORIZON))


def flow_of(declared: Declared, emulated: Emulator, at: int) -> Flow:
    """The closed form of one month as a flow over the table's issues, the draw first."""
    size, bypass = emulated.size[at], emulated.bypass_share[at]
    rate = np.zeros((size.size, 2, len(declared.issues)))
    for k, issue in enumerate(declared.issues.values()):
        if issue.lever in LEVERS:
            rate[:, :, k] = emulated.rate[LEVERS[issue.lever], at][:, None]
            if issue.lever == "effort":
                rate[:, 1, k] = 0.0
    return Flow(jnp.asarray(np.stack([size * (1.0 - bypass), size * bypass], axis=1)), jnp.asarray(rate))


def _in_force(declared: Declared, setting: PreparedCase, month: Month) -> np.ndarray:
    levels = response.levels(setting.inputs, setting.case.span.span.position(month))
    quo = [issue.status_quo for issue in declared.issues.values()]
    return np.array(
        [levels.get(str(issue.lever), was) for issue, was in zip(declared.issues.values(), quo, strict=True)]
    )


def _plain_context(declared: Declared, values: dict[str, np.ndarray], base: BargainProblem) -> Context:
    draws = int(base.weight.shape[0])
    flows = [
        plain.flow(declared.declaration({name: float(row[i]) for name, row in values.items()}), base.issues)
        for i in range(draws)
    ]
    ones, issues = np.ones(draws), declared.issues.values()
    none = Flow(jnp.zeros((draws, 1)), jnp.zeros((draws, 1, len(base.issues))))
    arrivals: Flow = none if flows[0] is None else jax.tree.map(lambda *leaves: jnp.stack(leaves), *flows)
    return Context(
        month=None,
        arrivals=arrivals,
        salience=ones,
        hosting=ones,
        cap=np.array([issue.high for issue in issues]),
        on_table=np.ones(len(base.issues), bool),
        in_force=np.array([issue.status_quo for issue in issues]),
        court_share=ones,
    )


@jax.jit
def _alone(problem: BargainProblem, own: Array) -> BargainProblem:
    """Talks whose status quo is what each party does for itself, (draw) first; what is tied nobody gives alone."""

    def replies(one: BargainProblem) -> Array:
        package = one.status_quo
        for _ in range(ROUNDS):
            for party in range(len(one.parties)):
                mine = own[party]
                reply = best_reply(one, jnp.array(party), mine, package).package
                package = jnp.where(jnp.any(mine), reply, package)
        return package

    return replace(problem, status_quo=jax.vmap(replies)(problem))
