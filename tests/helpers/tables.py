"""A small sound bargaining table as text, which tests break in one place at a time."""

from __future__ import annotations

SOUND = """\
case: corridor/case.yaml
title: A small table
unit: thousand encounters avoided
parties:
  USA: {name: United States, role: destination, weight: 1, patience: {value: 0.9}, exit_hazard: 0.01,
    elections: [2018-11-06, 2020-11-03], source: S1}
  MEX: {name: Mexico, role: transit, weight: {value: 2}, patience: {low: 0.8, high: 0.95}, exit_hazard: 0, source: S1}
issues:
  enforcement: {owner: MEX, what: People are stopped, unit: routine, high: 5, status_quo: 1, kind: migration,
    ledger: [enforcement], lever: effort, observed: {value: 0.6, log_sd: 0.2}, source: S1}
  visas: {owner: USA, what: More visas, unit: 100 000 a year, high: 1, status_quo: 0, menu: [0, 0.5, 1], kind: economic,
    observed: 0.9, source: L1,
    on_table: [{from: 2018-02-15, to: 2018-06-30, cap: 0.5, source: S1, note: At first.},
      {from: 2018-09, to: open, cap: 1, source: S1, note: Later.}]}
payoffs:
  - {name: cost_enforcement, voice: MEX, issue: enforcement, form: quadratic, best: {value: 1, log_sd: 0.1},
     curve: {value: 2}, scaled_by: hosting, basis: assumed, source: S1, note: Dear.}
  - {name: worth_visas, voice: MEX, issue: visas, form: log, scale: {low: 2, high: 8}, rate: 3, basis: literature,
     source: [S1, T1], note: Dear.}
  - {name: cost_visas, voice: congress, issue: visas, form: linear, slope: {value: -2, sd: 1}, basis: assumed,
     source: S1, note: Dear.}
arrivals: {party: USA, dislike: 1, source: S1}
ratifiers:
  congress: {party: USA, floor: {low: -1, high: 1}, dislike: 0.5, source: S1}
budgets:
  purse: {weights: {visas: 2}, limit: 3, source: S1}
flow: {corridor: true, source: S1}
threats:
  - {name: tariff, sender: USA, target: MEX, harm: {low: 5, high: 40}, cost: 7, survival: {low: 0.3, high: 0.8},
     belief: 0.5, reputation: {value: 1}, from: 2019-05-30, to: 2019-06-07, source: S1, note: A tariff.}
priors: {log_sd: 0.5}
sources:
  T1: {title: A document of the table, publisher: A publisher, date: 2019}
"""
# The same without a case: the flow is a closed form.
ALONE = (
    SOUND.replace("case: corridor/case.yaml\n", "")
    .replace("    ledger: [enforcement], lever: effort, ", "    ")
    .replace("{corridor: true, source: S1}", "{groups: [{name: all, size: {low: 20000, high: 80000},\n"
             "  held_back_by: {enforcement: {value: 0.2}}}], source: T1}")
    .replace("S1", "T1").replace("L1", "T1").replace("[T1, T1]", "T1")
)  # fmt: skip
