"""The functions behind the probes that facts may call, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from palanca.evidence.facts import bargains, claims, deals, sharing, worlds
from palanca.evidence.facts.bench import Bench
from palanca.evidence.facts.worlds import Call, Found

Run = Callable[[Bench, Call], Found]

RUN: Mapping[str, Run] = MappingProxyType(
    {
        "worlds": worlds.worlds,
        "forecast": worlds.forecast,
        "season": worlds.season,
        "shares": worlds.shares,
        "repeat": worlds.repeat,
        "asks": bargains.asks,
        "follows": bargains.follows,
        "threat": bargains.threat,
        "prices": bargains.prices,
        "leverage": bargains.leverage,
        "deal": deals.deal,
        "attention": deals.attention,
        "delivered": deals.delivered,
        "silence": bargains.hush,
        "relief": bargains.relief,
        "fading": claims.fading,
        "criticism": claims.criticism,
        "tone": claims.tone,
        "price": claims.price,
        "sharing": sharing.sharing,
    }
)
