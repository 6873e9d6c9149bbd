"""Before every request: bodies bounded in size and time, the right host, and headers that let a browser run nothing."""

from __future__ import annotations

import asyncio
import json

import pytest

from palanca.web import guard
from palanca.web.guard import Guard
from palanca.web.metrics import Metrics


async def echo(_scope, receive, send):
    whole = b""
    while True:
        message = await receive()
        whole += message.get("body", b"")
        if not message.get("more_body"):
            break
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": str(len(whole)).encode()})


def asked(parts, *, headers=(), method="POST", hosts=("localhost",), path="/api/v1/x", pause_s=0.0, query=b""):
    """Status, headers and body of one request; its body comes in parts, with a pause before each."""
    sent, left, metrics = [], list(parts), Metrics()

    async def receive():
        await asyncio.sleep(pause_s)
        part = left.pop(0) if left else b""
        return {"type": "http.request", "body": part, "more_body": bool(left)}

    async def send(message):
        sent.append(message)

    given = [(b"host", b"localhost:80"), *headers]
    scope = {"type": "http", "method": method, "path": path, "query_string": query, "headers": given}
    asyncio.run(Guard(echo, metrics, hosts)(scope, receive, send))
    return sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"], metrics


def test_a_small_body_passes():
    status, _, body, metrics = asked([b"ab", b"c"])
    assert (status, body) == (200, b"3")
    assert metrics.requests["api", 200] == 1


def test_a_body_of_ten_megabytes_is_refused_by_its_length_alone():
    status, _, body, _ = asked([b""], headers=[(b"content-length", b"10000000")])
    assert status == 413
    assert json.loads(body)["expected"] == "at most 64,000 bytes"


def test_a_body_that_grows_beyond_the_bound_is_refused_while_it_comes():
    status, *_ = asked([b"x" * 30_000] * 400)
    assert status == 413


def test_a_body_that_never_ends_is_refused(monkeypatch):
    monkeypatch.setattr(guard, "BODY_S", 0.1)
    status, *_ = asked([b"x"] * 1000, pause_s=0.03)
    assert status == 408


def test_a_host_of_another_name_is_refused_so_that_no_other_site_can_ask_through_a_browser():
    status, *_ = asked([b""], headers=[(b"host", b"evil.example")])
    assert status == 421
    assert asked([b""], headers=[(b"host", b"evil.example")], hosts=())[0] == 200


def test_an_address_that_is_too_long_is_refused():
    assert asked([b""], query=b"a" * 10_000)[0] == 400


@pytest.mark.parametrize("length", [b"-1", b"many", b"1e9"])
def test_a_length_that_is_no_number_is_refused(length):
    assert asked([b""], headers=[(b"content-length", length)])[0] == 413


def test_no_answer_lets_a_browser_run_what_is_not_served_as_a_file():
    _, headers, *_ = asked([b""])
    policy = headers[b"content-security-policy"].decode()
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
    assert "default-src 'none'" in policy
    assert headers[b"x-content-type-options"] == b"nosniff"
    assert b"access-control-allow-origin" not in headers


@pytest.mark.parametrize("path", ["/x/us-mexico/whatif", "/us-mexico/whatif"])
def test_a_prefix_is_taken_away_whether_the_proxy_did_so_or_not(path):
    seen, sent = [], []

    async def site(scope, _receive, send):
        seen.append(scope["path"])
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": []}
    asyncio.run(Guard(site, Metrics(), base="/x")(scope, receive, send))
    assert seen == ["/us-mexico/whatif"]
