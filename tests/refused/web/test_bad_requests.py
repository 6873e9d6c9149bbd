"""Each request that cannot be answered ends in a problem with a slug and a way out, never a trace."""

from __future__ import annotations

import socket

import pytest
from served import running
from typer.testing import CliRunner

from palanca.cli.app import app as commands
from palanca.core.errors import OutputError, PalancaError, UsageError, leaves
from palanca.web import app
from palanca.web.problem import KIND
from palanca.web.serve import ListenAt, listening, serve
from palanca.web.site import Limits

ROOT = "/api/v1/us-mexico"
SLUGS = {one.slug for one in leaves()}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return app.site(tmp_path_factory.mktemp("served"), Limits(draws=64))


@pytest.fixture(scope="module")
def client(made):
    with running(made) as given:
        yield given


@pytest.mark.parametrize(
    ("query", "status", "slug", "says"),
    [
        ("contencion=0x", 404, "usage", "contention"),
        ("contention=0x@2033-01", 422, "usage", "2013-10"),
        ("contention=99@2024-01", 422, "bad-change", "a number from 0 to 10"),
        ("contention=9x@2024-01", 422, "bad-change", "a number from 0 to 10"),
        ("&".join(["contention=1@2024-01"] * 2_000), 400, "usage", "at most"),
        ("contention=%zz", 422, "usage", "hexadecimal"),
        ("contention=%ff%fe", 422, "usage", "UTF-8"),
        ("contention=1x@2024-01", 422, "bad-change", "another value"),
        ("draws=1000000", 422, "usage", "from 8 to 64"),
    ],
)
def test_an_address_that_cannot_be_answered(client, query, status, slug, says):
    found = client.get(f"{ROOT}/whatif?{query}")
    assert found.status_code == status
    assert found.headers["content-type"] == KIND
    told = found.json()
    assert told["slug"] == slug
    assert told["slug"] in SLUGS
    assert says in " ".join(map(str, told.values()))


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"no json", "application/json", 400),
        (b"{", "application/json", 400),
        (b"[1]", "application/json", 422),
        (b"[" * 20_000, "application/json", 400),
        (b'{"changes": NaN}', "application/json", 400),
        (b'{"draws": 8}', "application/json", 422),
        (b'{"chnges": []}', "application/json", 422),
        (b'{"changes": [], "draws": 8}', "application/json", 422),
        (b'{"changes": ["no-contention"], "draws": 1e9}', "application/json", 422),
        (b'{"changes": ["no-contention"], "draws": 2000}', "application/json", 422),
        (b"changes=1", "application/x-www-form-urlencoded", 415),
        (b" " * 10_000_000, "application/json", 413),
        (b"\xff\xfe", "application/json", 400),
    ],
)
def test_a_body_that_cannot_be_read(client, body, kind, status):
    found = client.post(f"{ROOT}/whatif", content=body, headers={"content-type": kind})
    assert found.status_code == status
    assert found.headers["content-type"] == KIND
    assert found.json()["slug"] in SLUGS


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/api/v1/jobs/not-yours", 404),
        ("DELETE", "/api/v1/jobs/not-yours", 404),
        ("GET", "/api/v1/jobs/not-yours/events", 404),
        ("GET", "/api/v1/jobs/not-yours/result", 404),
        ("GET", "/api/v1/nowhere/whatif", 404),
        ("GET", "/api/v1/us-mexico/nothing", 404),
        ("PUT", f"{ROOT}/whatif", 405),
        ("GET", f"{ROOT}/search", 400),
        ("GET", "/api/v1/eu-turkey/why", 422),
        ("GET", f"{ROOT}/why?first=2024-1", 422),
        ("GET", f"{ROOT}/why?first=2023-12&first=2023-11", 422),
        ("GET", f"{ROOT}/forecast?ahead=1000", 422),
        ("GET", f"{ROOT}/deal?month=1999-01", 422),
    ],
)
def test_an_address_that_is_not_there_or_asks_too_much(client, method, address, status):
    found = client.request(method, address)
    assert found.status_code == status, found.text
    assert found.json()["slug"] in SLUGS


def test_a_full_disk_refuses_jobs_in_words(made, client, monkeypatch):
    def full(*_):
        raise OutputError("the server cannot keep this at the moment", way_out="Try again later.")

    store = made.store
    monkeypatch.setattr(store, "must", full)
    found = client.post(f"{ROOT}/search/jobs", json={"packages": 50})
    assert (found.status_code, found.json()["slug"]) == (503, "cannot-write")


def test_a_port_in_use_is_refused_before_anything_is_loaded(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        found = CliRunner().invoke(commands, ["serve", "--port", str(port), "--keep", str(tmp_path)])
    assert isinstance(found.exception, UsageError)
    assert "--port" in str(found.exception)


def test_a_folder_without_write_access_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError) as fault:
        serve(ListenAt(port=0), tmp_path / "file", Limits(), lambda _line: None)
    assert "--keep" in str(fault.value)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "example.org"])
def test_a_server_that_others_could_ask_must_be_meant(host):
    with pytest.raises(UsageError) as fault:
        ListenAt(host).check()
    assert "--public" in str(fault.value)


def test_a_public_server_needs_every_bound(tmp_path):
    found = CliRunner().invoke(commands, ["serve", "--public", "--max-draws", "64", "--keep", str(tmp_path)])
    assert isinstance(found.exception, UsageError)
    assert "--max-minutes" in str(found.exception)
    assert "--max-draws" not in found.exception.found


@pytest.mark.parametrize("prefix", ["/a b", "/<x>", "/../x"])
def test_a_prefix_that_is_none(prefix):
    with pytest.raises(UsageError):
        ListenAt(prefix=prefix).check()


def test_a_host_that_is_not_there():
    with pytest.raises(PalancaError):
        listening(ListenAt("256.1.1.1"))
