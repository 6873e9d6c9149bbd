"""Nothing stands in the source that no command and no public name reaches; tests alone keep nothing alive."""

from __future__ import annotations

import ast

import pytest
import reach

ROOTS = [
    ("palanca.__main__", reach.TOP),
    ("palanca.cli.app", reach.TOP),
    ("palanca.cli.app", "main"),
    ("palanca.web.worker", "main"),
]
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
TEXT = "the text form of a loader, for those who hold text"
EXCUSED: dict[tuple[str, str], str] = {  # with the reason
    ("palanca.questions.sweep.deaf", "dask_setup"): "dask loads it by name",
    ("palanca.core.errors", "leaves"): "the page of errors is tested against it",
    ("palanca.spec.reference", "write"): "writes the page of the format, which a test compares",
    ("palanca.data.read", "read_censored"): "the packaged form of `Figures.read_censored`, beside `read`",
    ("palanca.spec.relief", "loads_relief"): TEXT,
    ("palanca.spec.schemes", "loads_schemes"): TEXT,
    ("palanca.evidence.facts.store", "stale"): "a test asks it whether the shipped scorecard must be made again",
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
    assert not sorted(set(modules) - reached - bare)


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
