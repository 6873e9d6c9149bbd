"""Requests that the description of the interface suggests, in form and out of it: each is answered as it describes."""

from __future__ import annotations

import pytest
import schemathesis
import xarray as xr
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance
from served import running

from palanca.core.errors import UsageError
from palanca.show.answer import Answer, Finding, Provenance
from palanca.web import app
from palanca.web.answers import Answers
from palanca.web.asked import AskedQuestion
from palanca.web.shelf import ServedCase

EACH = 4  # requests of each kind; the benchmark sends a thousand
CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance)


def canned(asked, _model, _run) -> Answer:
    """An answer that takes no time, as only requests are tried here."""
    made = Provenance(asked.question.name, asked.values, "us-mexico", {}, 1, 8)
    return Answer("?", xr.Dataset(), (Finding("Nothing."),), (), (), (), made)


def unseen(*_):
    raise UsageError("nothing is drawn here")


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(AskedQuestion, "ask", canned)
        patch.setattr(ServedCase, "model", lambda _self: None)
        patch.setattr(Answers, "_viewed", unseen)
        with running(app.site(tmp_path_factory.mktemp("served"))) as client:
            yield str(client.base_url)


def test_every_request_is_answered_as_the_interface_describes(url):
    schema = schemathesis.openapi.from_url(f"{url}/api/v1/openapi.json")
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) > 40
    statuses = set()
    for operation in operations:
        if "events" in operation.path:
            continue

        @seed(1)
        @settings(
            max_examples=EACH,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(operation.as_strategy())
        def ask(case):
            found = case.call()
            statuses.add(found.status_code)
            case.validate_response(found, checks=CHECKS)
            assert "Traceback" not in found.text

        ask()
    assert statuses & {404, 422}
