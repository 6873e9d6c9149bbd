"""The natural logarithm in a form that the compiler can work out for many draws at once.

The compiler's own logarithm of double precision is taken one number at a time and was a fifth of a run's time.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

HALF_ROOT = 0x3FE6A09E667F3BCD  # bits of the square root of one half
MANTISSA = 52
LN2_HIGH, LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
SERIES = (
    1.479819860511658591e-01,
    1.531383769920937332e-01,
    1.818357216161805012e-01,
    2.222219843214978396e-01,
    2.857142874366239149e-01,
    3.999999999940941908e-01,
    6.666666666666735130e-01,
)


@jax.custom_jvp
def log(x: Array) -> Array:
    """Natural log of positive numbers, right to the last digit but one.

    Args:
        x: Positive, finite and not below 1e-300; anything else gives nonsense, so hold `x` first.

    Reference:
        The argument is written as 2^k m with m between the roots of 1/2 and 2; log m is a series in (m - 1) / (m + 1),
        with the coefficients of FreeBSD's msun (e_log.c, Sun Microsystems, 1993).
    """
    bits = jax.lax.bitcast_convert_type(x, jnp.int64)
    power = (bits - HALF_ROOT) >> MANTISSA
    over = jax.lax.bitcast_convert_type(bits - (power << MANTISSA), jnp.float64) - 1.0
    ratio = over / (2.0 + over)
    square = ratio * ratio
    series = jnp.zeros_like(x)
    for coefficient in SERIES:
        series = (series + coefficient) * square
    half = 0.5 * over * over
    twos = power.astype(jnp.float64)
    return twos * LN2_HIGH - ((half - (ratio * (half + series) + twos * LN2_LOW)) - over)


@log.defjvp
def _slope(at: tuple[ArrayLike], step: tuple[ArrayLike]) -> tuple[Array, Array]:
    return log(jnp.asarray(at[0])), jnp.asarray(step[0]) / at[0]
