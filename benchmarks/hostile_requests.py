"""A thousand hostile requests: those that the description of the interface suggests, tricks with paths, slow bodies.

Usage: python benchmarks/hostile_requests.py [--requests 1000] [--url http://127.0.0.1:8000]

A server fails if it answers one with 500 or a trace, tells a path of its machine, hands out a file, lets a script that
was sent stand in a page, or is no longer there at the end.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import socket
import string
import time
from urllib.parse import quote, urlsplit

import httpx

from load_page import served, warm

SCRIPT = "<script>alert(1)</script>"
LEAKS = re.compile(r"Traceback \(most|/site-packages/|/(?:root|home|tmp|usr|work)/[a-z]|root:x:0:0|sqlite3\.")
TRICKS = (
    "/../../../../etc/passwd", "/..%2f..%2f..%2fetc%2fpasswd", "/%2e%2e/%2e%2e/etc/passwd", "/us-mexico/..;/etc/passwd",
    "/static/x/../../app.py", "/static/x/..%5c..%5capp.py", "/static/x/%00", "/us-mexico/whatif/%2e%2e%2fserved.sqlite",
    "/us-mexico%00/whatif", "/us-mexico/whatif?world=../../etc/passwd", "/jobs/..%2f..", "/api/v1/..%2f",
    "/us-mexico/forecast?suppose=%2Fetc%2Fpasswd", "/us-mexico/search?search=..%2f..%2fpyproject.toml",
    "/us-mexico/whatif?contention=%00", "/us-mexico/whatif?contention=%f0%28%8c%28", "/us-mexico/whatif?" + "a" * 5000,
)  # fmt: skip
WORDS = (
    "us-mexico",
    "eu-turkey",
    "whatif",
    "why",
    "deal",
    "jobs",
    "static",
    "api",
    "v1",
    "view",
    "..",
    ".",
    SCRIPT,
    "\u202e",
)


def junk(rng: random.Random) -> str:
    """A text that some program would trip over."""
    return rng.choice(
        [
            SCRIPT,
            "'; drop table jobs; --",
            "{{ 7*7 }}",
            "${jndi:ldap://x}",
            "\x00",
            "9" * 400,
            "-1",
            "NaN",
            "1e309",
            "\u202ereversed",
            "../" * 20,
            "".join(rng.choices(string.printable, k=rng.randrange(1, 60))),
        ]
    )


def body(rng: random.Random, deep: int = 0) -> object:
    """A JSON value of no sense."""
    if deep > 3 or rng.random() < 0.4:
        return rng.choice([junk(rng), rng.randrange(-(10**12), 10**12), rng.random() * 1e300, None, True, [], {}])
    if rng.random() < 0.5:
        return [body(rng, deep + 1) for _ in range(rng.randrange(6))]
    names = ["changes", "set", "to", "from", "draws", "key", "month", "months", "search", "suppose", junk(rng)]
    return {rng.choice(names): body(rng, deep + 1) for _ in range(rng.randrange(6))}


def request(rng: random.Random, paths: list[str]) -> tuple[str, str, bytes, dict[str, str]]:
    """One hostile request: method, address, body, headers."""
    kind = rng.random()
    if kind < 0.2:
        return "GET", rng.choice(TRICKS), b"", {}
    if kind < 0.45:
        path = "/" + "/".join(quote(rng.choice(WORDS), safe="") for _ in range(rng.randrange(1, 5)))
        return rng.choice(["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"]), path, b"", {}
    if kind < 0.7:
        name = rng.choice(
            ["contention", "cbp_one", "draws", "months", "month", "show", "lang", "compare", "world", junk(rng)]
        )
        return "GET", f"/us-mexico/whatif?{quote(name)}={quote(junk(rng))}", b"", {}
    path = rng.choice(paths).replace("{case}", "us-mexico").replace("{name}", quote(junk(rng), safe=""))
    content = json.dumps(body(rng)).encode() if rng.random() < 0.8 else junk(rng).encode("utf-8", "replace")
    kinds = ["application/json", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
    return rng.choice(["POST", "POST", "GET", "DELETE"]), path, content, {"content-type": rng.choice(kinds)}


def fault(found: httpx.Response) -> str:
    """What is wrong with an answer; empty if nothing is."""
    text = found.text
    if found.status_code == 500:
        return "500"
    if LEAKS.search(text):
        return f"leaks {LEAKS.search(text)[0]!r}"  # type: ignore[index]
    if "html" in found.headers.get("content-type", "") and SCRIPT in text:
        return "a script that was sent stands in the page"
    if "content-security-policy" not in found.headers:
        return "no policy"
    return ""


def raw(url: str, parts: list[bytes], pause_s: float = 0.0) -> bytes:
    """Bytes sent as they are, with pauses; the first that come back."""
    place = urlsplit(url)
    with socket.create_connection((place.hostname, place.port), timeout=30.0) as line:
        try:
            for part in parts:
                line.sendall(part)
                time.sleep(pause_s)
            return line.recv(4096)
        except OSError:
            return b""


def raw_tricks(url: str) -> list[str]:
    """Requests that no client sends: broken lines, a length that lies, a body of ten megabytes, one that never ends."""
    head = b"POST /api/v1/us-mexico/whatif HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    found = {
        "broken": raw(url, [b"\x00\xff\r\n\r\n"]),
        "two lengths": raw(url, [head + b"Content-Length: 1\r\nContent-Length: 5\r\n\r\n{}"]),
        "large": raw(url, [head + b"Content-Length: 10000000\r\n\r\n", *([b"x" * 100_000] * 100)]),
        "chunked without end": raw(url, [head + b"Transfer-Encoding: chunked\r\n\r\n", *([b"1\r\nx\r\n"] * 14)], 1.0),
        "smuggled": raw(
            url, [head + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n"]
        ),
    }
    wanted = {"large": b"413", "chunked without end": b"408"}
    return [
        f"{name}: {answer[:60]!r}"
        for name, answer in found.items()
        if b" 500 " in answer or wanted.get(name, b"") not in answer
    ]


def attack(url: str, requests: int) -> dict[str, object]:
    """Every kind of request, and what became of them."""
    rng, faults, statuses = random.Random(1), [], {}
    with httpx.Client(base_url=url, timeout=120.0, trust_env=False) as client:
        paths = list(client.get("/api/v1/openapi.json").json()["paths"])
        for _ in range(requests):
            method, path, content, headers = request(rng, paths)
            try:
                found = client.request(method, path, content=content or None, headers=headers)
            except (httpx.InvalidURL, httpx.LocalProtocolError):
                continue
            statuses[found.status_code] = statuses.get(found.status_code, 0) + 1
            wrong = fault(found)
            if wrong:
                faults.append(f"{wrong}: {method} {path[:120]} {content[:200]!r}")
        faults += raw_tricks(url)
        alive = client.get("/health").status_code == 200
    return {
        "requests": sum(statuses.values()),
        "statuses": dict(sorted(statuses.items())),
        "alive": alive,
        "faults": faults,
    }


def main() -> None:
    """Serve, attack, tell; the exit code is 1 if anything was found."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--requests", type=int, default=1000)
    asked.add_argument("--url", default="")
    given = asked.parse_args()
    if given.url:
        warm(given.url)
        found = attack(given.url, given.requests)
    else:
        with served() as url:
            found = attack(url, given.requests)
    print(json.dumps(found, indent=1, ensure_ascii=False))
    raise SystemExit(bool(found["faults"]) or not found["alive"])


if __name__ == "__main__":
    main()
