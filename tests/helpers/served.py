"""A site that serves in a thread of the test, on a free port, and a client that asks it over a socket."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import uvicorn

from palanca.web import app
from palanca.web.serve import LOOPBACK, ListenAt, listening
from palanca.web.site import Site

PATIENCE_S = 120.0  # machines that test are slow


@contextmanager
def running(made: Site, *, hosts: tuple[str, ...] = LOOPBACK) -> Iterator[httpx.Client]:
    """A client of a site that serves until the block ends."""
    bound = listening(ListenAt(port=0))
    config = uvicorn.Config(app.application(made, hosts, warm=False), log_level="critical", http="h11", lifespan="on")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    until = time.monotonic() + PATIENCE_S
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    address = f"http://127.0.0.1:{bound.getsockname()[1]}"
    try:
        with httpx.Client(base_url=address, timeout=PATIENCE_S, trust_env=False) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join(PATIENCE_S)
        bound.close()
