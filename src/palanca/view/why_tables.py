"""Tables of a change shared out: causes with intervals, other ways of counting, and changes beside claims."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from palanca.questions.why.causes import CAUSES, GROUPS, UNDER_WAY
from palanca.questions.why.episodes import Told, robust
from palanca.questions.why.shares import PARTS, Why
from palanca.view import why_prose as prose
from palanca.view.theme import MINUS, whole

Row = dict[str, object]
LEVELS = (0.05, 0.95)
DIGITS = 6


def causes(found: Why) -> list[Row]:
    """One row a cause that moved, in the outcome's unit and as a share of the change, and their sum."""
    shown = [name for name in (UNDER_WAY, *CAUSES) if name == UNDER_WAY or name in found.moved]
    rows = [_row(found, prose.label(found, name), found.people[name]) for name in shown]
    return [*rows, _row(found, "Sum: the change", found.change) | {"reading": ""}]


def groups(found: Why) -> list[Row]:
    """One row a group of causes: over all orders, counted first, last, and among groups alone [share of the change]."""
    return [
        {
            "causes": prose.group(found, name),
            "over all orders": shapley,
            "first of all": first,
            "last of all": last,
            "groups alone": among,
        }
        for name, (first, shapley, last, among) in robust(found).ways.items()
    ]


def numbers(found: Why) -> list[Row]:
    """Every cause, also those that did not move, with all that is known of it; for programs."""
    rows: list[Row] = []
    for name in PARTS:
        low, high = np.quantile(found.people[name], LEVELS)
        share = found.people[name] / found.change
        rows.append(
            {
                "outcome": found.asked.name,
                "unit": found.asked.outcome.unit,
                "from": str(found.months[0]),
                "to": str(found.months[1]),
                "cause": name,
                "group": UNDER_WAY if name == UNDER_WAY else CAUSES[name].group,
                "moved": name in found.moved or name == UNDER_WAY,
                "mean": float(found.people[name].mean()),
                "p5": float(low),
                "p95": float(high),
                **_shares(share),
                "log_points": float(found.logs[name].mean()) if found.logs is not None else float("nan"),
                "first_of_all": float(found.alone[name].mean()),
                "last_of_all": float(found.last[name].mean()),
                "reading": _reading(found, name),
            }
        )
    return [*rows, _whole(found)]


def episodes(given: Sequence[Told]) -> list[Row]:
    """One row a change: what was counted, and the share of each group of causes with its 90 % interval."""
    return [
        {
            "change": f"{one.change.first} to {one.change.last}",
            "counted": whole(float(one.why.change.mean())),
            **{prose.group(one.why, name): _interval(one.why, name) for name in GROUPS},
            "claims of": " ".join(dict.fromkeys(claim.source for claim in one.change.claims)),
        }
        for one in given
    ]


def episode_numbers(given: Sequence[Told]) -> list[Row]:
    """One row a change and group of causes, with what sources claim of that group; for programs."""
    rows: list[Row] = []
    for one in given:
        ways = robust(one.why)
        for name in GROUPS:
            people = one.why.group(name)
            low, high = np.quantile(people, LEVELS)
            first, _, last, among = ways.ways.get(name, (0.0, 0.0, 0.0, 0.0))
            claimed = [claim for claim in one.change.claims if claim.group == name]
            rows.append(
                {
                    "episode": one.change.id,
                    "outcome": one.change.outcome,
                    "from": str(one.change.first),
                    "to": str(one.change.last),
                    "group": name,
                    "mean": float(people.mean()),
                    "p5": float(low),
                    "p95": float(high),
                    **_shares(people / one.why.change),
                    "share_first": first,
                    "share_last": last,
                    "share_among_groups": among,
                    "claims": " | ".join(claim.says for claim in claimed),
                    "claimed": " | ".join(claim.number for claim in claimed if claim.number),
                    "sources": " ".join(dict.fromkeys(claim.source for claim in claimed)),
                }
            )
    return rows


def _row(found: Why, name: str, people: np.ndarray) -> Row:
    low, high = np.quantile(people, LEVELS)
    share = 100.0 * people / found.change if prose.clear(found) else np.full_like(people, np.nan)
    middle = 100.0 * people.mean() / found.change.mean() if prose.clear(found) else np.nan
    return {
        "cause": name,
        found.asked.outcome.unit.split(" / ")[0]: _plain(people.mean()),
        "p5": _plain(low),
        "p95": _plain(high),
        "% of change": _plain(middle),
        "p5 %": _plain(np.quantile(share, LEVELS[0])),
        "p95 %": _plain(np.quantile(share, LEVELS[1])),
        "reading": prose.said(found, people),
    }


def _plain(value: float) -> float:
    """Rounding of some thousand sums left out, and no minus before a zero."""
    return round(float(value), DIGITS) + 0.0


def _whole(found: Why) -> Row:
    low, high = np.quantile(found.change, LEVELS)
    logs = np.log(found.after / found.before) if found.logs is not None else np.full(1, np.nan)
    return {
        "outcome": found.asked.name,
        "unit": found.asked.outcome.unit,
        "from": str(found.months[0]),
        "to": str(found.months[1]),
        "cause": "sum",
        "group": "sum",
        "moved": True,
        "mean": float(found.change.mean()),
        "p5": float(low),
        "p95": float(high),
        **_shares(np.ones_like(found.change)),
        "log_points": float(logs.mean()),
        "first_of_all": float("nan"),
        "last_of_all": float("nan"),
        "reading": "",
    }


def _shares(share: np.ndarray) -> Row:
    low, mid, high = (float(one) for one in np.quantile(share, (0.05, 0.5, 0.95)))
    return {"share": mid, "share_p5": low, "share_p95": high}


def _reading(found: Why, name: str) -> str:
    plain = prose.said(found, found.people[name])
    return f"{plain}; {found.doubts[name]}" if name in found.doubts else plain


def _interval(found: Why, name: str) -> str:
    """A group's share of the change with its 90 % interval [%]."""
    low, high = (100.0 * float(one) for one in np.quantile(found.group(name) / found.change, LEVELS))
    mid = 100.0 * float(found.group(name).mean() / found.change.mean())
    a, b, c = (f"{round(one) + 0:d}".replace("-", MINUS) for one in (mid, low, high))
    return a if a == b == c else f"{a} [{b}, {c}]"
