"""Runs the site on a socket: what is exposed is said first, and a port in use is refused before anything is loaded."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from palanca.core.errors import UsageError
from palanca.web import app
from palanca.web.site import Limits, Site

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
KEEP_ALIVE_S, STOP_S = 15, 3
Say = Callable[[str], None]


@dataclass(frozen=True)
class ListenAt:
    """Where a server listens.

    Args:
        host: Name or address.
        port: Port; 0 for any that is free.
        public: Whether others than this machine may ask.
        prefix: Of every address, behind a proxy: empty or `/x`.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    public: bool = False
    prefix: str = ""

    def check(self) -> None:
        """Refuse to be seen by others unless that is asked for.

        Raises:
            UsageError: The address is not that of this machine alone, or the prefix is none.
        """
        if not self.public and not _own(self.host):
            raise UsageError(
                "others could ask this server",
                where="--host",
                found=repr(self.host),
                expected="127.0.0.1, ::1 or localhost",
                way_out="Add --public and its bounds if that is meant.",
            )
        if self.prefix and not all(
            part.replace("-", "").isalnum() for part in self.prefix.removeprefix("/").split("/")
        ):
            raise UsageError("cannot read the prefix", where="--prefix", found=repr(self.prefix), expected="/NAME")


def serve(place: ListenAt, folder: Path, limits: Limits, say: Say) -> None:
    """Serve until the process is told to stop.

    Args:
        place: Where.
        folder: Where results and jobs are kept.
        limits: How much is given.
        say: Is told the address, and what is exposed.

    Raises:
        UsageError: The port is in use, or the address is none of this machine's.
        OutputError: The folder takes no files.
    """
    place.check()
    with listening(place) as bound:
        base = f"/{place.prefix.strip('/')}" if place.prefix.strip("/") else ""
        made = app.site(folder, limits, base)
        address, port = bound.getsockname()[:2]
        name = f"[{address}]" if ":" in address else address
        for line in exposed(place, limits, made) if place.public else ():
            say(line)
        say(f"Serving on http://{name}:{port}{base}/ (Ctrl-C stops).")
        config = uvicorn.Config(
            app.application(made, () if place.public else (*LOOPBACK, name)),
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=place.public or bool(base),
            forwarded_allow_ips="127.0.0.1",
            limit_concurrency=limits.waiting,
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=STOP_S,
            h11_max_incomplete_event_size=16_384,
            http="h11",
        )
        uvicorn.Server(config).run(sockets=[bound])


def exposed(place: ListenAt, limits: Limits, made: Site) -> list[str]:
    """What a public server gives to anybody who reaches it, line by line."""
    return [
        f"Anybody who reaches {place.host}:{place.port} can ask. There are no accounts, and connections are not "
        "encrypted: put a proxy before it that does that.",
        f"Cases: {', '.join(made.shelf.cases)}. Files of this machine cannot be named.",
        f"Bounds: {limits.draws} draws a question, {limits.threads} questions at a time, one job at a time of at most "
        f"{limits.minutes:g} minutes, {limits.waiting} connections, {limits.megabytes} MB of results in "
        f"{made.store.path.parent}.",
        "Open: pages, /api/v1, /health, /metrics.",
    ]


def listening(place: ListenAt) -> socket.socket:
    """The socket.

    Raises:
        UsageError: The port is in use, or the address is none of this machine's.
    """
    bound = None
    try:
        family, *_, where = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(where)
        bound.listen(512)
    except OSError as fault:
        if bound is not None:
            bound.close()
        raise UsageError(
            "the server cannot listen there",
            where="--host, --port",
            found=f"{place.host}:{place.port}: {fault.strerror}",
            expected="a port that is free",
            way_out="Another server may be running; choose another with --port, or 0 for any.",
        ) from fault
    return bound


def _own(host: str) -> bool:
    """Whether an address is that of this machine alone."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
