"""The site as a visitor meets it: the answer in the HTML, the same from the interface, and files to take home."""

from __future__ import annotations

import ast
import csv
import io
import json
import re

import pytest
import xarray as xr
import yaml
from served import running

import palanca
from palanca.web import app, asked
from palanca.web.site import Limits

CHANGED = "contention=0x@2024-01&draws=8"
PATHS = re.compile(r"/(?:root|home|tmp|usr|work|Users)/|site-packages|Traceback")


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    made = app.site(tmp_path_factory.mktemp("served"), Limits(draws=64))
    with running(made) as given:
        yield given


@pytest.fixture(scope="module")
def answer(client):
    return client.get(f"/api/v1/us-mexico/whatif?{CHANGED}").json()


def test_the_interface_tells_what_the_model_tells(answer):
    model = palanca.load("us-mexico", allow_stale=True)
    own = model.whatif([{"set": "levers.contention.effort", "to": "0x", "from": "2024-01"}], draws=8)
    assert answer == json.loads(json.dumps(own.document))


def test_a_body_asks_the_same_as_an_address(client, answer):
    given = {"changes": [{"set": "levers.contention.effort", "to": "0x", "from": "2024-01"}], "draws": 8}
    assert client.post("/api/v1/us-mexico/whatif", json=given).json() == answer


def test_a_page_holds_the_answer_without_script(client, answer):
    found = client.get(f"/us-mexico/whatif?{CHANGED}")
    assert found.status_code == 200
    told = re.sub(r"<script.*?</script>", "", found.text, flags=re.S)
    number = re.search(r"[0-9][0-9,]+ more encounters", answer["findings"][0]["text"])
    assert number
    assert number[0].split()[0] in told


def test_a_page_runs_nothing_of_its_own_and_escapes_what_a_visitor_writes(client):
    for query in (CHANGED, "contention=%3Cscript%3Ealert(1)%3C/script%3E", "%22%3E%3Cimg%20src=x%20onerror=1%3E=0x"):
        found = client.get(f"/us-mexico/whatif?{query}")
        scripts = re.findall(r"<script([^>]*)>", found.text)
        assert all("src=" in one or 'type="application/json"' in one for one in scripts)
        assert not re.search(r"<[a-z]+[^>]* (on[a-z]+|style)=", found.text)
        assert "alert(1)</script>" not in found.text
        assert "<img src=x" not in found.text
        assert "unsafe" not in found.headers["content-security-policy"]


def test_an_address_that_cannot_be_read_shows_history_and_says_what_is_wrong(client):
    found = client.get("/us-mexico/whatif?contencion=0x&draws=8")
    assert found.status_code == 422
    assert "contention" in found.text
    assert "contencion" in found.text


@pytest.mark.parametrize("name", ["data.csv", "data.nc", "answer.json", "changes.yaml", "ask.py", "manifest.json"])
def test_what_is_taken_home_opens(client, answer, name):
    found = client.get(f"/us-mexico/whatif/{name}?{CHANGED}")
    assert found.status_code == 200
    assert found.headers["content-disposition"].startswith("attachment")
    if name == "data.csv":
        rows = list(csv.DictReader(io.StringIO(found.text)))
        assert {"variable", "unit", "estimate", "low", "high"} <= set(rows[0])
    elif name == "data.nc":
        with xr.open_dataset(io.BytesIO(found.content), engine="h5netcdf") as data:
            assert data.sizes["draw"] == 8
    elif name == "changes.yaml":
        assert yaml.safe_load(found.text)[0] == {"set": "levers.contention.effort", "to": "0x", "from": "2024-01"}
    elif name == "ask.py":
        calls = [one for one in ast.walk(ast.parse(found.text)) if isinstance(one, ast.Call)]
        asked = next(one for one in calls if getattr(one.func, "attr", "") == "whatif")
        given = {word.arg: ast.literal_eval(word.value) for word in asked.keywords}
        assert (given["draws"], given["changes"][0]["to"]) == (8, "0x")
    else:
        held = found.json()
        assert (held["question"] == answer["question"]) or held["question"] == "whatif"


def test_nothing_tells_a_path_of_the_machine(client):
    for address in (
        "/nowhere/whatif",
        "/us-mexico/nothing",
        "/us-mexico/whatif/nothing.csv",
        "/api/v1/us-mexico/search",
        "/api/v1/aegean/evidence.response",
        "/api/v1/us-mexico/forecast?suppose=pyproject.toml",
        "/api/v1/eu-turkey/whatif",
        "/us-mexico/..%2f..%2f..%2fetc%2fpasswd",
        "/static/x/..%2f..%2fapp.py",
        "/jobs/1",
    ):
        found = client.get(address)
        assert not PATHS.search(found.text), (address, found.text)
        assert found.status_code in (400, 404, 422, 503), address
        assert "root:" not in found.text


@pytest.mark.parametrize("name", ["pyproject.toml", "README.md", "case.yaml"])
def test_no_file_of_the_machine_can_be_named(client, name):
    for question, given in (
        ("whatif", {"changes": [name]}),
        ("search", {"search": name}),
        ("forecast", {"suppose": [name]}),
    ):
        address = f"/api/v1/us-mexico/{question}" + ("/jobs" if question == "search" else "")
        found = client.post(address, json=given)
        assert found.status_code == 422
        assert "not among those" in found.json()["title"]


def test_the_description_of_the_interface_names_every_question_and_its_examples_hold(client):
    found = client.get("/api/v1/openapi.json").json()
    assert found["openapi"].startswith("3.1")
    for name, question in asked.QUESTIONS.items():
        schema = found["paths"][f"/api/v1/{{case}}/{name}"]["post"]["requestBody"]["content"]["application/json"]
        for example in schema["schema"].get("examples", ()):
            assert question.read(example)


def test_every_question_has_a_page_and_one_that_runs_as_a_job_says_how_to_start_it(client):
    found = client.get("/us-mexico/search?packages=50&key=7")
    assert found.status_code == 200
    assert 'formaction="/us-mexico/search/start"' in found.text or "/us-mexico/search/start" in found.text
    assert client.get("/us-mexico/data").status_code == 200
    assert client.get("/us-mexico/evidence").status_code == 200


def test_a_form_of_another_site_starts_nothing(client):
    headers = {"origin": "http://evil.example", "content-type": "application/x-www-form-urlencoded"}
    assert client.post("/us-mexico/search/start", content="key=1", headers=headers).status_code == 400


def test_health_and_metrics_say_how_it_is(client, answer):
    assert client.get("/health").json()["status"] in ("ready", "loading")
    told = client.get("/metrics").text
    assert re.search(r'palanca_requests_total\{kind="api",status="200"\} [1-9]', told)
    assert 'palanca_results_total{from="model"}' in told
