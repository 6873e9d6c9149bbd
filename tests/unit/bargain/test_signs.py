"""Which way a deal, payoffs and dependence move when one thing changes, whatever the numbers about it."""

from __future__ import annotations

from typing import NamedTuple

import bargains
import hypothesis.strategies as st
import numpy as np
import pytest
from bargains import agree, dependence
from hypothesis import given, settings

from palanca.bargain.threats import Threat

# A point at which no amount but D's own effort stands at a bound: its legal cap binds, as a tightening needs.
BASES = st.fixed_dictionaries(
    {
        "cap": st.floats(0.2, 0.4),
        "theta_t": st.floats(0.6, 0.72),
        "flow": st.floats(35.0, 55.0),
        "bypass": st.floats(0.05, 0.15),
        "theta_d": st.floats(0.25, 0.4),
        "worth": st.floats(9.0, 14.0),
    }
)
TARIFF = Threat(harm=2.0, cost=0.6, belief=0.5, reputation=1.0)


class Seen(NamedTuple):
    """What the table of signs speaks of."""

    effort: float
    visas: float
    payoff: float
    vulnerability: float
    price: float
    sensitivity: float
    silence: float
    inside: bool


def look(base: dict[str, float], *threats: Threat) -> Seen:
    problem = bargains.private_optimum(bargains.with_own_effort(**base))
    for threat in threats:
        problem = bargains.threatened(problem, threat, "D", "T")
    deal = agree(problem)
    lost = dependence(problem, deal.package, "D", ("enforcement",), ("own effort",))
    z = np.asarray(deal.package)
    amounts = np.delete(z, 1) / np.delete(np.asarray(problem.high), 1)
    return Seen(
        effort=float(z[0]),
        visas=float(z[2]),
        payoff=float(deal.payoffs[1]),
        vulnerability=float(lost.vulnerability),
        price=float(lost.shadow_price[0]),
        sensitivity=float(lost.sensitivity),
        silence=float(z[3]),
        inside=bool(np.all((amounts > 0.01) & (amounts < 0.99))),
    )


CHANGES = {
    "dislike of arrivals up 30%": (lambda base: base | {"dislike": 1.3}, "+++++"),
    "flow up 30%": (lambda base: base | {"flow": 1.3 * base["flow"]}, "+++++"),
    "T's effort more effective by 30%": (lambda base: base | {"theta_t": 1.3 * base["theta_t"]}, "-++++"),
    "D's effort more effective by 50%": (lambda base: base | {"theta_d": 1.5 * base["theta_d"]}, "-----"),
    "D's legal cap tighter by 30%": (lambda base: base | {"cap": 0.7 * base["cap"]}, "+++++"),
    "30% more go round T": (lambda base: base | {"bypass": base["bypass"] + 0.3}, "-----"),
    "T's effort dearer by 50%": (lambda base: base | {"effort_cost": 1.5}, "----+"),
    "D minds democracy four times as much": (lambda base: base | {"democracy": 4.0}, "-+--+"),
}


def signs(before: Seen, after: Seen) -> str:
    return "".join("+" if new > old else "-" for old, new in zip(before[:5], after[:5], strict=True))


@pytest.mark.parametrize("what", list(CHANGES))
@settings(max_examples=12, deadline=None, derandomize=True)
@given(base=BASES)
def test_effort_visas_payoff_vulnerability_and_price_move_as_theory_says(what, base):
    change, expected = CHANGES[what]
    before, after = look(base), look(change(base))
    assert before.inside
    assert after.inside
    assert signs(before, after) == expected
    if what == "D minds democracy four times as much":
        assert after.silence < before.silence


@settings(max_examples=12, deadline=None, derandomize=True)
@given(base=BASES)
def test_a_believed_tariff_threat_buys_effort_for_fewer_visas_and_lowers_the_targets_level(base):
    """T13 of the signs: the level U_T falls although the gain above the worse disagreement rises."""
    before, after = look(base), look(base, TARIFF)
    assert signs(before, after) == "+--+-"


@settings(max_examples=12, deadline=None, derandomize=True)
@given(base=BASES, tighter=st.floats(0.2, 0.9))
def test_vulnerability_lies_between_nothing_and_sensitivity_and_a_tighter_cap_raises_it(base, tighter):
    """T29."""
    wide = look(base | {"cap": 1.0})
    assert 0.0 < wide.vulnerability <= wide.sensitivity
    before, after = look(base), look(base | {"cap": tighter * base["cap"]})
    assert 0.0 < before.vulnerability <= before.sensitivity
    assert after.vulnerability > before.vulnerability
