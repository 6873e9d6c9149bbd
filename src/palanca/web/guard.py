"""Stands before every request: how large and slow a body may be, which host is meant, and what a browser may do."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from typing import Any

from palanca.web import problem
from palanca.web.metrics import Metrics
from palanca.web.problem import HttpError, Problem

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Served = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

BODY_BYTES = 64_000
BODY_S = 10.0
DRAIN_BYTES, DRAIN_S = 16_000_000, 2.0
PATH_BYTES = 6000
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "font-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
DOWNLOADED = (  # a page taken home holds its own script: it is sent as a file, and if shown then in a sandbox
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data: blob:; "
    "sandbox allow-scripts"
)
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
    (b"x-frame-options", b"DENY"),
)
KINDS = ("static", "api", "jobs", "health", "metrics")


class Guard:
    """Wraps the whole site.

    Args:
        site: What is guarded.
        metrics: Where requests are counted.
        hosts: Names under which the server may be asked; any if none.
        base: Prefix behind a proxy; the site never sees it, whether the proxy takes it away or not.
    """

    def __init__(self, site: Served, metrics: Metrics, hosts: Collection[str] = (), base: str = "") -> None:
        self.site, self.metrics, self.hosts, self.base = site, metrics, frozenset(hosts), base

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.site(scope, receive, send)
            return
        began, sent = time.perf_counter(), [0]

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent[0] = message["status"]
                message["headers"] = [*message.get("headers", ()), *_missing(message.get("headers", ()))]
            await send(message)

        if self.base and scope["path"].startswith(f"{self.base}/"):
            scope = {**scope, "path": scope["path"].removeprefix(self.base)}
        try:
            self._check(scope)
            await self.site(scope, _bounded(scope, receive), sending)
        except HttpError as fault:
            if not sent[0]:
                await _drained(receive)
                await _refuse(problem.of(fault), sending)
        finally:
            self.metrics.request(_kind(scope["path"]), sent[0] or 499, time.perf_counter() - began)

    def _check(self, scope: MutableMapping[str, Any]) -> None:
        headers = dict(scope["headers"])
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > PATH_BYTES:
            raise HttpError(400, expected=f"an address of at most {PATH_BYTES:,} characters")
        host = headers.get(b"host", b"").decode("latin-1").lower()
        name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
        if self.hosts and name not in self.hosts:
            raise HttpError(421, way_out="Ask it by the address that it printed when it started.")
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > BODY_BYTES:
            raise HttpError(413, expected=f"at most {BODY_BYTES:,} bytes")


def _bounded(scope: MutableMapping[str, Any], receive: Receive) -> Receive:
    """The body, refused as soon as it is too large or too slow."""
    state = {"bytes": 0, "until": time.monotonic() + BODY_S, "whole": scope["method"] in ("GET", "HEAD")}

    async def receiving() -> Message:
        if state["whole"]:
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), max(state["until"] - time.monotonic(), 0.001))
        except TimeoutError as fault:
            raise HttpError(408, expected=f"the whole body within {BODY_S:g} seconds") from fault
        if message["type"] == "http.request":
            state["bytes"] += len(message.get("body", b""))
            state["whole"] = not message.get("more_body", False)
            if state["bytes"] > BODY_BYTES:
                raise HttpError(413, expected=f"at most {BODY_BYTES:,} bytes")
        return message

    return receiving


async def _drained(receive: Receive) -> None:
    """Read what still comes, within bounds, and throw it away: a browser that is cut off never reads the refusal."""
    seen, until = 0, time.monotonic() + DRAIN_S
    while seen < DRAIN_BYTES and time.monotonic() < until:
        try:
            message = await asyncio.wait_for(receive(), max(until - time.monotonic(), 0.001))
        except TimeoutError:
            return
        seen += len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body", False):
            return


async def _refuse(found: Problem, send: Send) -> None:
    body = json.dumps(found.document()).encode()
    headers = [
        (b"content-type", problem.KIND.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": found.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _missing(given: Collection[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Headers of every answer; an answer may bring a policy of its own."""
    there = {name.lower() for name, _ in given}
    policy = [] if b"content-security-policy" in there else [(b"content-security-policy", POLICY.encode())]
    kept = [] if b"cache-control" in there else [(b"cache-control", b"no-cache")]
    return [*HEADERS, *policy, *kept]


def _kind(path: str) -> str:
    """Which of few kinds a request is of."""
    first = path.strip("/").partition("/")[0]
    return first if first in KINDS else "page"
