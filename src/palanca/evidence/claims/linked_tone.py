"""Whether the tone of migration and of other matters came to move together after 2018-19 (fact 29).

Tone is read off the ledger by quarter: an act of goodwill counts +1 and one of ill will -1 for each matter it touches.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from palanca.core.clock import Month
from palanca.evidence.claims.found import Word, word
from palanca.kernel.keys import stream
from palanca.spec.ledger import Ledger
from palanca.spec.ledger_schema import LedgerRow

TONE = {
    "deal": 1.0,
    "renewal": 1.0,
    "favour": 1.0,
    "silence": 1.0,
    "refusal": -1.0,
    "threat": -1.0,
    "withdrawal": -1.0,
    "snapback": -1.0,
    "criticism": -1.0,
}  # an ask is neither
MATTERS = {
    "trade": ("tariff_relief", "trade_forbearance"),
    "energy": ("energy_policy", "energy_forbearance"),
    "security": ("security_cooperation", "security_forbearance"),
    "speech": ("silence_on_democracy", "public_restraint", "summit_attendance", "summit_invitations"),
    "money": ("aid", "development_money", "border_money", "vaccines"),
}
TURN, LATER = Month.parse("2019-01"), Month.parse("2021-01")
TWICE = 2.0
BLOCK = 4  # quarters drawn together
RESAMPLES = 2_000
FEWEST = 8  # quarters with an act on both sides of a correlation below which nothing is said


@dataclass(frozen=True, eq=False)
class Tone:
    """Tone by quarter.

    Args:
        quarters: First months.
        migration: Sum over acts that touch migration (quarter).
        other: Sum over acts that touch another matter (quarter).
        both: Acts that touch both (quarter).
        acts: Acts that touch other matters (quarter).
    """

    quarters: tuple[Month, ...]
    migration: Float[np.ndarray, " quarter"]
    other: Float[np.ndarray, " quarter"]
    both: Float[np.ndarray, " quarter"]
    acts: Float[np.ndarray, " quarter"]

    def part(self, first: Month | None, last: Month | None) -> np.ndarray:
        """Quarters from a month on and up to, not with, another."""
        return np.array([(first is None or q >= first) and (last is None or q < last) for q in self.quarters])


@dataclass(frozen=True, eq=False)
class Linked:
    """What is found of linkage in tone.

    Args:
        tone: Tone by quarter.
        before: Correlation before 2019, resampled (resample).
        after: The same from 2019 on.
        later: The same from 2021 on.
        mixed_share: Share of acts on other matters that touch migration too, before and after [share].
        counted: Quarters with an act on another matter, before, after and from 2021 on.
    """

    tone: Tone
    before: Float[np.ndarray, " resample"]
    after: Float[np.ndarray, " resample"]
    later: Float[np.ndarray, " resample"]
    mixed_share: tuple[float, float]
    counted: tuple[int, int, int]

    @property
    def word(self) -> Word:
        """Whether the correlation at least doubled; open where too few quarters tell."""
        if min(self.counted[:2]) < FEWEST:
            return Word.open
        return word(float(np.mean(self.after >= twice(self.before))))

    @property
    def stays(self) -> Word:
        """Whether from 2021 on it stays above what it was before 2019; open where too few quarters tell."""
        if min(self.counted[0], self.counted[2]) < FEWEST:
            return Word.open
        return word(float(np.mean(self.later > np.maximum(self.before, 0.0))))


def linked_tone(
    ledger: Ledger, *, pair: tuple[str, str] = ("USA", "MEX"), apart: bool = False, inferred: bool = True, key: int = 1
) -> Linked:
    """Correlate the two tones before and after the turn.

    Args:
        ledger: The ledger.
        pair: The two countries.
        apart: Whether acts that touch both matters are left out, since they tie the two by the coding alone.
        inferred: Whether rows count whose link is only inferred.
        key: Same key, same resamples.
    """
    read = ledger if inferred else ledger.without_inferred()
    tone = by_quarter(read, pair, apart=apart)
    parts = [tone.part(None, TURN), tone.part(TURN, None), tone.part(LATER, None)]
    before, after, later = (
        resampled(tone.migration[part], tone.other[part], key, name)
        for part, name in zip(parts, ("before", "after", "later"), strict=True)
    )
    mixed = [_share(tone.both[part].sum(), tone.acts[part].sum()) for part in parts[:2]]
    told = [int((tone.acts[part] > 0.0).sum()) for part in parts]
    return Linked(tone, before, after, later, (mixed[0], mixed[1]), (told[0], told[1], told[2]))


def by_quarter(ledger: Ledger, pair: tuple[str, str], *, apart: bool = False) -> Tone:
    """Sum tones by quarter.

    Args:
        ledger: The ledger.
        pair: The two countries.
        apart: Whether acts that touch both matters are left out.
    """
    kept = {row.id for row in ledger.between(*pair) if set(row.giver) | set(row.taker) <= set(pair)}
    rows = []
    for acts in ledger.by_quarter().values():
        mine = [(tone(ledger, row), *touches(row)) for row in acts if row.id in kept]
        mine = [one for one in mine if not (apart and one[1] and one[2])]
        rows.append(
            (
                sum(t for t, migration, _ in mine if migration),
                sum(t for t, _, other in mine if other),
                sum(1.0 for _, migration, other in mine if migration and other),
                sum(1.0 for _, _, other in mine if other),
            )
        )
    migration, other, both, count = np.array(rows, dtype=float).T
    return Tone(tuple(ledger.by_quarter()), migration, other, both, count)


def tone(ledger: Ledger, row: LedgerRow) -> float:
    """Goodwill +1, ill will -1; lifting a threat is goodwill."""
    return 1.0 if ledger.lifts_a_threat(row) else TONE.get(row.kind, 0.0)


def touches(row: LedgerRow) -> tuple[bool, bool]:
    """Whether a row touches migration, and whether another matter."""
    issues = {item.issue for item in (*row.given, *row.got)}
    others = {issue for matter in MATTERS.values() for issue in matter}
    return bool(issues - others), bool(issues & others)


def resampled(one: np.ndarray, other: np.ndarray, key: int, name: str) -> Float[np.ndarray, " resample"]:
    """Correlation over quarters drawn in blocks of a year on a circle; 0 where either tone never varies.

    Reference:
        Circular blocks: Politis and Romano (1992).
    """
    length = one.size
    rng = stream(key, "linked tone", name, length)
    starts = rng.integers(0, length, size=(RESAMPLES, -(-length // BLOCK)))
    at = ((starts[:, :, None] + np.arange(BLOCK)) % length).reshape(RESAMPLES, -1)[:, :length]
    return correlation(one[at], other[at])


def twice(before: np.ndarray) -> np.ndarray:
    """A correlation twice as strong as another, none below 0: twice on the scale of Fisher's z, which never passes 1.

    Twice the number itself is impossible for every correlation above a half.
    """
    with np.errstate(divide="ignore"):  # a correlation of 1 is infinite there, and twice it is 1 again
        return np.asarray(np.tanh(TWICE * np.arctanh(np.clip(before, 0.0, 1.0))))


def correlation(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Correlation over the last axis; 0 where either never varies."""
    a, b = one - one.mean(-1, keepdims=True), other - other.mean(-1, keepdims=True)
    size = np.sqrt((a**2).sum(-1) * (b**2).sum(-1))
    return np.asarray(np.where(size > 0.0, (a * b).sum(-1) / np.where(size > 0.0, size, 1.0), 0.0))


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0.0 else float("nan")
