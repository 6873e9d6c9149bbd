"""Another pair of countries, other issues and other payoffs are declared in YAML, without code."""

from __future__ import annotations

import numpy as np
import pytest
from bargains import agree, assemble
from ruamel.yaml import YAML

from palanca.bargain.plain import declared, flow
from palanca.bargain.refusals import DeclarationError

TEXT = """
parties:
  - {name: EU, weight: 2.0, dislike: 1.0}
  - {name: Turkey}
ratifiers:
  - {name: parliament, party: EU}
issues:
  - {name: readmission, owner: Turkey, high: 2.0}
  - {name: money, owner: EU, high: 3.0}
payoffs:
  - {voice: Turkey, issue: readmission, form: quadratic, slope: -1.0, curve: 1.0}
  - {voice: Turkey, issue: money, form: log, scale: 4.0, rate: 1.0}
  - {voice: EU, issue: money, form: steep_cost, scale: 1.0, exponent: 2.0}
  - {voice: parliament, issue: readmission, form: saturating, scale: 1.0, rate: 2.0}
  - {voice: parliament, issue: money, form: linear, slope: -0.5}
budgets:
  - {name: purse, weights: {money: 1.0}, limit: 2.5}
flow:
  - {size: 10.0, held_back_by: {readmission: 0.5}}
  - {size: 2.0}
"""


def read(text):
    return YAML(typ="safe").load(text)


def test_a_bargain_between_other_governments_is_declared_in_yaml():
    data = read(TEXT)
    found = declared(data)
    problem = assemble(found, flow(data, [issue.name for issue in found.issues]))
    at = np.array([1.0, 2.0])
    by_hand = [-(10 * np.exp(-0.5) + 2) - 4.0, -1.5 + 4 * np.log(3.0), 1 - np.exp(-2.0) - 1.0]
    np.testing.assert_allclose(problem.payoffs(at), by_hand)
    outcome = agree(problem)
    assert bool(outcome.agreed)
    assert float(outcome.payoffs[2]) >= float(problem.floor[0]) - 1e-8


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("owner: EU", "ownr: EU", "unknown key.*ownr"),
        ("{name: Turkey}", "{weight: 1.0}", "missing key.*name"),
        ("curve: 1.0", "bend: 1.0", "unknown key.*bend"),
        ("form: log", "form: cube", "unknown form"),
        ("exponent: 2.0", "exponent: 0.5", "not concave"),
        ("owner: EU", "owner: Mali", "nobody at the table"),
    ],
)
def test_what_is_misspelt_or_misfits_is_refused(old, new, said):
    with pytest.raises(DeclarationError, match=said):
        declared(read(TEXT.replace(old, new)))


def test_a_flow_held_back_by_an_unknown_issue_is_refused():
    data = read(TEXT.replace("{readmission: 0.5}", "{walls: 0.5}"))
    with pytest.raises(DeclarationError, match=r"unknown issue.*walls"):
        flow(data, ["readmission", "money"])
