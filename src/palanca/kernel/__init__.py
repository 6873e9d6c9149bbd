"""Named axes, random streams, guards and curves: what the mechanisms need and only JAX can provide."""

import jax

jax.config.update("jax_enable_x64", True)
