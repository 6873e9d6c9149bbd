"""Runs every test on the CPU, with the names of array axes checked as the arithmetic is traced."""

import os
import sys
from pathlib import Path

os.environ.setdefault("JAX_PLATFORMS", "cpu")

from jaxtyping import install_import_hook

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE / "helpers"), str(HERE.parent / "benchmarks")]

install_import_hook(["palanca.flows", "palanca.policy", "palanca.kernel"], "beartype.beartype")
