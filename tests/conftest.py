"""Runs every test on the CPU, with the names of array axes checked as the arithmetic is traced."""

import os
import sys
from pathlib import Path

os.environ.setdefault("JAX_PLATFORMS", "cpu")

import pytest
from jaxtyping import install_import_hook

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE / "helpers"), str(HERE.parent / "benchmarks")]

install_import_hook(["palanca.flows", "palanca.policy", "palanca.politics", "palanca.kernel"], "beartype.beartype")

LONG = "PALANCA_LONG_TESTS"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what takes minutes and has a shorter sister, unless it is asked for."""
    if LONG in os.environ:
        return
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(pytest.mark.skip(reason=f"takes a minute or more; {LONG}=1 or `make slow` runs it"))
