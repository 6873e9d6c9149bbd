"""Named axes, random streams, guards and curves: what the mechanisms need and only JAX can provide."""
