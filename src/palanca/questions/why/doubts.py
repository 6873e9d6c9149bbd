"""What the figures cannot tell of a change: effects they did not narrow, months without stops, shocks under levers."""

from __future__ import annotations

import numpy as np

from palanca.questions.corridor import Corridor

MANY = 200  # draws from which it is told what was learned, however many were asked for
LEARNED = 0.9  # of the width of its prior: a parameter no narrower has learned nothing from the figures
HANGS_ON = {
    "declared": ("effort_power",),
    "news": ("trust", "dread"),
    "deeds": ("dread", "now_deeds"),
    "ways": ("parole_substitute", "appointment_substitute", "visa_substitute"),
    "others": ("closure_effect", "air_route"),
    "outside": ("pull_circular", "pull_asylum", "push_income"),
    "limits": ("hope_set", "hope_line", "belief_speed"),
    "practice": ("hope_set", "hope_line", "belief_speed"),
    "season": ("season_circular", "season_asylum"),
}
TOGETHER = "detention, prosecution, forces and removals came together, so figures cannot tell which of them did it"
SIGNED = ("news", "ways")  # whose effects have priors on one side of zero
BY_ORIGIN = (
    "order",
    "acceptance",
    "returns",
    "wait_abroad",
    "asylum_limit",
    "release",
    "deeds",
    "port_intake",
    "parole",
    "work_visas",
    "visa",
)


def doubts(corridor: Corridor, span: tuple[int, int], moved: tuple[str, ...]) -> dict[str, str]:
    """Causes that the figures cannot tell, with the reason.

    Args:
        corridor: The fitted corridor.
        span: Places of the two months.
        moved: Causes that moved.
    """
    found = {}
    months = slice(span[0], span[1] + 1)
    if np.any(np.asarray(corridor.inputs.figures.stops_source)[months] < 0.5):
        found["delivered"] = "no stops were published for some of these months, so enforcement is not solved for there"
    width = _learned(corridor)
    for name, needed in HANGS_ON.items():
        known = [width[one] for one in needed if one in width]
        if name in moved and known and min(known) >= LEARNED:
            found[name] = "the figures did not narrow what was assumed of its effect"
    if "deeds" in moved:
        found["deeds"] = "; ".join([*([found["deeds"]] if "deeds" in found else []), TOGETHER])
    return found


def singled(corridor: Corridor, span: tuple[int, int]) -> tuple[str, ...]:
    """Origins for which a lever was set otherwise in the last month than in the first, but not for all origins."""
    found: set[str] = set()
    for name in BY_ORIGIN:
        cube = np.asarray(getattr(corridor.inputs.levers, name))
        gap = cube[span[1]] != cube[span[0]]
        hit = gap.reshape(len(gap), -1).any(axis=1)
        if not hit.all():
            found |= {code for code, there in zip(corridor.case.origins, hit, strict=True) if there}
    return tuple(code for code in corridor.case.origins if code in found)


def _learned(corridor: Corridor) -> dict[str, float]:
    """Width of what is believed of each parameter over the width of its prior."""
    layout = corridor.fit.layout
    prior, width = layout.spread(), corridor.free(MANY, key=1).std(axis=-1)
    return {
        one.name: float(np.mean(width[one.start : one.start + one.size] / prior[one.start : one.start + one.size]))
        for one in layout.entries
        if one.size
    }
