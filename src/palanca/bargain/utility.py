"""What a party gets from an issue: a closed list of concave forms, declared as data and summed in compiled code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.tree_util import register_dataclass
from jaxtyping import Float

from palanca.bargain.refusals import DeclarationError

Shape: TypeAlias = Callable[[Array, Array], Array]
Rule: TypeAlias = Callable[[tuple[float, ...]], str]
COEFFICIENTS = 3


@dataclass(frozen=True)
class PayoffForm:
    """One concave form.

    Attributes:
        coefficients: Names, in order.
        value: Payoff of an amount `x` from 0 up, with the coefficients along the last axis.
        fault: What keeps these coefficients from being concave, or nothing.
        formula: The form in words.
    """

    coefficients: tuple[str, ...]
    value: Shape
    fault: Rule
    formula: str


def _powered(x: Array, exponent: Array) -> Array:
    """X ** exponent with value and slope 0 at 0, where the slope of a root has no value."""
    inside = x > 0.0
    return jnp.where(inside, jnp.where(inside, x, 1.0) ** exponent, 0.0)


def _nothing(_: tuple[float, ...]) -> str:
    return ""


def _no_negative(*at: int) -> Rule:
    def fault(c: tuple[float, ...]) -> str:
        return "a coefficient below 0" if any(c[i] < 0.0 for i in at) else ""

    return fault


def _root(c: tuple[float, ...]) -> str:
    return _no_negative(0)(c) or ("" if 0.0 < c[1] <= 1.0 else "an exponent outside (0, 1]")


def _steep(c: tuple[float, ...]) -> str:
    return _no_negative(0)(c) or ("" if c[1] >= 1.0 else "an exponent below 1")


def _soft(c: tuple[float, ...]) -> str:
    return _no_negative(0)(c) or ("" if c[2] > 0.0 else "a width that is not above 0")


FORMS: dict[str, PayoffForm] = {
    "linear": PayoffForm(("slope",), lambda x, c: c[..., 0] * x, _nothing, "slope x"),
    "quadratic": PayoffForm(
        ("slope", "curve"),
        lambda x, c: c[..., 0] * x - 0.5 * c[..., 1] * x**2,
        _no_negative(1),
        "slope x - curve x^2 / 2, curve >= 0",
    ),
    "log": PayoffForm(
        ("scale", "rate"),
        lambda x, c: c[..., 0] * jnp.log1p(c[..., 1] * x),
        _no_negative(0, 1),
        "scale log(1 + rate x), both >= 0",
    ),
    "power": PayoffForm(
        ("scale", "exponent"),
        lambda x, c: c[..., 0] * _powered(x, c[..., 1]),
        _root,
        "scale x^exponent, scale >= 0, 0 < exponent <= 1",
    ),
    "saturating": PayoffForm(
        ("scale", "rate"),
        lambda x, c: -c[..., 0] * jnp.expm1(-c[..., 1] * x),
        _no_negative(0, 1),
        "scale (1 - exp(-rate x)), both >= 0",
    ),
    "steep_cost": PayoffForm(
        ("scale", "exponent"),
        lambda x, c: -c[..., 0] * _powered(x, c[..., 1]),
        _steep,
        "-scale x^exponent, scale >= 0, exponent >= 1",
    ),
    "threshold_cost": PayoffForm(
        ("slope", "threshold", "width"),
        lambda x, c: -c[..., 0] * c[..., 2] * jax.nn.softplus((x - c[..., 1]) / c[..., 2]),
        _soft,
        "-slope width log(1 + exp((x - threshold) / width)), slope >= 0, width > 0",
    ),
}


@dataclass(frozen=True)
class Term:
    """One declared payoff: what a voice gets from an issue.

    Attributes:
        voice: Party or ratifier that feels it.
        issue: Issue it comes from.
        form: Name in `FORMS`.
        coefficients: Numbers of the form, in its order [payoff; per unit of the issue].
        from_top: Whether the amount is counted down from the issue's upper bound, as what the other side is left.
    """

    voice: str
    issue: str
    form: str
    coefficients: tuple[float, ...]
    from_top: bool = False

    def check(self) -> None:
        """Refuse a form that is not on the list or is not concave.

        Raises:
            DeclarationError: Names the voice, the issue and the way out.
        """
        where = f"payoff of {self.voice} from {self.issue}"
        form = FORMS.get(self.form)
        if form is None:
            raise DeclarationError(
                "unknown form of payoff", where=where, found=repr(self.form), expected="one of " + ", ".join(FORMS)
            )
        if len(self.coefficients) != len(form.coefficients):
            raise DeclarationError(
                f"wrong number of coefficients for '{self.form}'",
                where=where,
                found=str(len(self.coefficients)),
                expected=", ".join(form.coefficients),
            )
        fault = "a coefficient that is no number" if not np.all(np.isfinite(self.coefficients)) else ""
        fault = fault or form.fault(self.coefficients)
        if fault:
            raise DeclarationError(
                "this payoff is not concave",
                where=where,
                found=fault,
                expected=form.formula,
                way_out="Only concave payoffs have one best deal; take another form, or make the issue lumpy.",
            )


@register_dataclass
@dataclass(frozen=True)
class PayoffTerms:
    """All declared payoffs of one form, as numbers.

    Attributes:
        origin: Amount when the issue is at 0: 0, or the issue's upper bound if counted from the top.
        coefficients: As in `FORMS`, padded to `COEFFICIENTS`.
        form: Name in `FORMS`.
        voice: Which voice each belongs to.
        issue: Which issue each comes from.
        sign: 1, or -1 if counted from the top.
    """

    origin: Float[Array, " term"]
    coefficients: Float[Array, "term coefficient"]
    form: str = field(metadata={"static": True})
    voice: tuple[int, ...] = field(metadata={"static": True})
    issue: tuple[int, ...] = field(metadata={"static": True})
    sign: tuple[float, ...] = field(metadata={"static": True})

    def payoffs(self, package: Float[Array, " issue"], voices: int) -> Float[Array, " voice"]:
        """Sum over the terms, voice by voice [payoff]."""
        amount = self.origin + jnp.array(self.sign) * package[jnp.array(self.issue)]
        felt = jnp.array(np.arange(voices)[:, None] == np.array(self.voice), dtype=float)
        return felt @ FORMS[self.form].value(amount, self.coefficients)


def gather(terms: tuple[Term, ...], voices: list[str], issues: list[str], top: np.ndarray) -> tuple[PayoffTerms, ...]:
    """Sort declared payoffs by form into arrays.

    Args:
        terms: Checked terms.
        voices: Names of parties and ratifiers, in order.
        issues: Names of issues, in order.
        top: Upper bound of each issue.
    """
    found = []
    for form in FORMS:
        mine = [term for term in terms if term.form == form]
        if mine:
            at = [issues.index(term.issue) for term in mine]
            padded = [term.coefficients + (0.0,) * (COEFFICIENTS - len(term.coefficients)) for term in mine]
            found.append(
                PayoffTerms(
                    origin=jnp.array([top[i] if term.from_top else 0.0 for i, term in zip(at, mine, strict=True)]),
                    coefficients=jnp.array(padded, dtype=float),
                    form=form,
                    voice=tuple(voices.index(term.voice) for term in mine),
                    issue=tuple(at),
                    sign=tuple(-1.0 if term.from_top else 1.0 for term in mine),
                )
            )
    return tuple(found)
