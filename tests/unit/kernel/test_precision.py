"""Double precision holds whichever part of palanca is imported first, and importing palanca loads no compiler."""

from __future__ import annotations

import subprocess
import sys

import pytest


def after(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip()


def test_importing_palanca_loads_no_compiler() -> None:
    assert after("import sys, palanca; print('jax' in sys.modules)") == "False"


@pytest.mark.parametrize("first", ["import jax, palanca", "import palanca, jax", "import palanca.flows.corridor, jax"])
def test_numbers_are_double_whichever_is_imported_first(first: str) -> None:
    assert after(f"{first}; print(jax.numpy.ones(()).dtype)") == "float64"
