"""The Python interface: the list of public names, what importing palanca loads, and that every name is explained."""

from __future__ import annotations

import inspect
import json
import os
import subprocess
import sys
from enum import Enum

import pytest
from tree import ROOT

import draw_api
import palanca

PUBLIC = [  # users write these names: one that goes or changes is a change for them
    "Answer",
    "Basis",
    "Estimate",
    "Finding",
    "Model",
    "PalancaError",
    "Reproduced",
    "RunOptions",
    "__version__",
    "claims",
    "load",
    "match",
    "quotas",
    "report",
    "reproduce",
]
HEAVY = {"jax", "jaxlib", "numpy", "pandas", "xarray", "plotly", "scipy", "pydantic", "numpyro"}
CALLS = [name for name in PUBLIC if name != "__version__"]


def calls(name: str) -> dict[str, object]:
    """A public function or class, with its public methods and properties, by name."""
    thing = draw_api.public(name)
    if not inspect.isclass(thing):
        return {name: thing}
    below = {f"{name}.{one}": getattr(member, "fget", None) or getattr(member, "func", None) or member
             for one, member in draw_api.members(thing)}  # fmt: skip
    return below if issubclass(thing, Enum) else {name: thing, **below}


def test_the_list_of_public_names_is_this_one() -> None:
    assert palanca.__all__ == PUBLIC
    assert dir(palanca) == sorted(PUBLIC)


def test_importing_palanca_loads_neither_the_compiler_nor_the_libraries_of_numbers() -> None:
    asked = "import json, sys, palanca; print(json.dumps(sorted(sys.modules)))"
    shown = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    ).stdout  # fmt: skip
    assert not HEAVY & set(json.loads(shown))


def test_importing_palanca_sets_double_precision() -> None:
    asked = "import palanca, jax.numpy; print(jax.numpy.ones(1).dtype)"
    shown = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "JAX_ENABLE_X64": "0"},
    ).stdout  # fmt: skip
    assert shown.strip() == "float64"


def test_a_name_that_is_not_public_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'whatif'"):
        _ = palanca.whatif


@pytest.mark.parametrize("name", [*CALLS, "Evidence"])
def test_every_public_name_and_method_has_a_docstring_and_types(name: str) -> None:
    for below, thing in calls(name).items():
        assert len(inspect.getdoc(thing) or "") > 15, below
        given = inspect.signature(thing)
        untyped = [one.name for one in given.parameters.values() if one.name != "self" and one.annotation is one.empty]
        assert not untyped, f"{below}: {untyped}"
        assert inspect.isclass(thing) or given.return_annotation is not given.empty, below


@pytest.mark.parametrize("name", ["Model", "Evidence"])
def test_every_argument_of_a_question_is_explained(name: str) -> None:
    for below, thing in calls(name).items():
        for argument in inspect.signature(thing).parameters:
            assert argument == "self" or f"\n    {argument}: " in (inspect.getdoc(thing) or ""), f"{below}: {argument}"


@pytest.mark.parametrize("name", ["Model", "Evidence"])
def test_every_public_method_of_a_model_is_a_question_that_returns_an_answer(name: str) -> None:
    methods = {below: thing for below, thing in calls(name).items() if below != name and below.count(".") == 1}
    asked = {below for below, thing in methods.items() if len(inspect.signature(thing).parameters) > 1}
    assert asked
    assert not {below for below in asked if inspect.signature(methods[below]).return_annotation != "Answer"}
