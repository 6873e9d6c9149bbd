"""Nothing stands in the source that no command and no public name reaches; tests alone keep nothing alive."""

from __future__ import annotations

import ast

import pytest
import reach

ROOTS = [("palanca.__main__", reach.TOP), ("palanca.cli.app", reach.TOP), ("palanca.cli.app", "main")]
DOOR = "palanca"
LAZILY = {  # loaded by name while a command runs
    "palanca.questions.sweep.run": [f"palanca.questions.sweep.{name}" for name in ("store", "lock", "spread")],
    "palanca.show.answer": [f"palanca.show.{name}" for name in ("draw", "files", "document", "terminal", "page")],
}
BY_NAME = {  # called through such a loading, by these names
    ("palanca.show.draw", "figure"),
    ("palanca.show.files", "save"),
    ("palanca.show.document", "of"),
    ("palanca.show.terminal", "brief"),
    ("palanca.show.page", "notebook"),
    ("palanca.questions.sweep.store", "opened"),
    ("palanca.questions.sweep.spread", "made"),
    ("palanca.questions.sweep.lock", "held"),
}
EXCUSED: dict[tuple[str, str], str] = {  # with the reason
    ("palanca.questions.sweep.deaf", "dask_setup"): "dask loads it by name",
    ("palanca.core.errors", "leaves"): "the page of errors is tested against it",
    ("palanca.spec.reference", "write"): "writes the page of the format, which a test compares",
    ("palanca.data.read", "read_censored"): "the packaged form of `Figures.read_censored`, beside `read`",
}
LEFT = {  # to be wired or removed: tests alone use these
    "bargain.clauses": "bearable_costs kept_one_by_one office_threshold",
    "bargain.concepts": "agree",
    "bargain.feasible": "assemble",
    "bargain.leverage": "Discretion Conversion dependence discretion realised conversion",
    "bargain.shapley": "Worths worths pairs split Robustness robustness sampled worth_to",
    "bargain.trackrecord": "through",
    "core.read_file": "checked",
    "core.save": "check_output",
    "data.align": "mask yearly_to_months",
    "evidence.facts.page": "probes quantities",
    "evidence.facts.store": "stale",
    "flows.transit": "arrests",
    "infer.deals_synthetic": "Recovery invented blank played recovery table",
    "infer.politics": "write",
    "infer.politics_attention": "expected prior fitted_to ahead",
    "infer.politics_democracy": "figures prior fitted_to",
    "infer.politics_fit": "Assumed fit ship",
    "infer.politics_heldout": "scores",
    "infer.politics_sample": "SamplingLength posterior prior lasting_errors label near_nothing",
    "infer.politics_support": "Approval figures prior fitted_to",
    "infer.whatif": "shipped find gather",
    "model.record": "packed",
    "model.run": "history twin",
    "politics.attention": "answer_to_step",
    "politics.cost": "cost_m",
    "politics.hosting": "cost_m",
    "politics.push": "Drivers log_push",
    "questions.ledger.contexts": "Plain plain_contexts",
    "questions.ledger.deployed": "share_left",
    "questions.ledger.rules": "answer",
    "show.sentence": "sureness",
}
EXCUSED |= {
    (f"palanca.{name}", what): "to be wired or removed" for name, all_of in LEFT.items() for what in all_of.split()
}


@pytest.fixture(scope="module")
def found():
    modules = reach.modules()
    tools = [(name, what) for name in modules if name.startswith("tools.") for what in (reach.TOP, "main")]
    door = [modules[DOOR].bound[name] for name in modules[DOOR].bound if not name.startswith("_")]
    return modules, reach.reached(modules, [*ROOTS, *tools, *door, *BY_NAME], LAZILY)


def test_every_module_is_reached(found):
    modules, seen = found
    reached = {name for name, _ in seen}
    bare = {name for name, module in modules.items() if not module.defined}  # packages without code of their own
    left = set(modules) - reached - bare
    assert not sorted(left - {name for name, _ in EXCUSED})


def test_every_public_function_and_class_is_reached(found):
    modules, seen = found
    left = [
        f"{name}: {what}"
        for name, module in modules.items()
        if not name.startswith("tools.")
        for what, node in module.defined.items()
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not what.startswith("_")
        and (name, what) not in seen
        and (name, what) not in EXCUSED
    ]
    assert not left, "\n" + "\n".join(left)
