"""What every lever is set to, as numbers on the month axis, ready for the mechanisms."""

from __future__ import annotations

from dataclasses import dataclass

from jax import Array
from jax.tree_util import register_dataclass
from jaxtyping import Float


@register_dataclass
@dataclass(frozen=True)
class LeverLevels:
    """Settings added up over the levers that share a mechanism; all lack the axis of draws.

    Within one month the leading axis is gone. Strengths are settings of 1 or below unless said otherwise.

    Args:
        effort: Declared enforcement in transit [multiples of routine control].
        removal: Declared removal capacity of the transit country [multiples of routine].
        order: Expulsion order in force.
        acceptance: Share of those expelled that the transit country accepts.
        returns: Returns to the transit country under ordinary law.
        returns_cap: Most people so returned [people / month].
        wait_abroad: Claimants made to wait in the transit country.
        asylum_limit: Bars and limits on asylum.
        reception: Room to receive and release.
        slots: Appointments at ports [people / month].
        port_intake: Walk-up intake at ports, 0 as usual.
        parole: Legal entry by air [multiples of 30,000 people / month].
        work_visas: Temporary work visas [multiples of 100,000 people / year].
        release: Share of those whom the rules would let in who are released [share].
        news: Words newly spoken this month about being let in [words].
        warning: Words newly spoken this month about consequences [words].
        deeds: How far announced consequences are carried out [share].
        shutdown: Travel shut down.
        sanctions: Share of the economy under sanctions, as felt by now.
        oil_licence: Share of oil output that licences let be sold in spite of them, as felt by now.
        aid: Aid to the country [multiples of 1,000 million usd / year], as felt by now.
        air_route: An air route past the Darien opened to a nationality.
        closure: The way through the Darien declared closed.
        visa: Air route into the transit country closed by a visa.
        barrier: Hardening of sectors.
    """

    effort: Float[Array, "*month origin group"]
    removal: Float[Array, "*month"]
    order: Float[Array, "*month origin group"]
    acceptance: Float[Array, "*month origin group"]
    returns: Float[Array, "*month origin group"]
    returns_cap: Float[Array, "*month"]
    wait_abroad: Float[Array, "*month origin group"]
    asylum_limit: Float[Array, "*month origin group"]
    reception: Float[Array, "*month origin group"]
    slots: Float[Array, "*month"]
    slots_open: Float[Array, "*month origin group"]
    port_intake: Float[Array, "*month origin group"]
    parole: Float[Array, "*month origin group"]
    work_visas: Float[Array, "*month origin group"]
    release: Float[Array, "*month origin group"]
    news: Float[Array, "*month origin group"]
    warning: Float[Array, "*month origin group"]
    deeds: Float[Array, "*month origin group"]
    shutdown: Float[Array, "*month origin group"]
    sanctions: Float[Array, "*month origin group"]
    oil_licence: Float[Array, "*month origin group"]
    aid: Float[Array, "*month origin group"]
    air_route: Float[Array, "*month origin group"]
    closure: Float[Array, "*month origin group"]
    visa: Float[Array, "*month origin"]
    barrier: Float[Array, "*month sector"]
