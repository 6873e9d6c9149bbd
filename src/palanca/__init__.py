"""Executable, data-fitted models of migration diplomacy."""

import os
import sys

__version__ = "0.1.0"

# Double precision, set before JAX is loaded so that importing palanca need not load it, and after if it is there.
os.environ["JAX_ENABLE_X64"] = "1"
if "jax" in sys.modules:
    sys.modules["jax"].config.update("jax_enable_x64", True)
