"""The interface for programs: every question as JSON, problems as problem+json, long questions as jobs."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from palanca.questions import changes as declaring
from palanca.show import files
from palanca.spec import tables
from palanca.web import address, make
from palanca.web.answers import worlds
from palanca.web.asked import QUESTIONS, AskedQuestion, find
from palanca.web.jobs import Job, Visitor
from palanca.web.problem import KIND, HttpError
from palanca.web.shelf import ServedCase
from palanca.web.site import COOKIE, Site, body, query, sent, sent_packed

JSON = "application/json"
ROOT = "/api/v1"
PROBLEM = {
    "description": "A problem: what is wrong, where, what was found and expected, and the way out.",
    "content": {KIND: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
REFUSED: dict[int | str, dict[str, Any]] = dict.fromkeys((400, 404, 408, 413, 415, 422, 429, 500, 503), PROBLEM)
EXAMPLES = {
    "whatif": "contention=0x@2024-01&draws=64",
    "why": "first=2023-12&last=2024-01",
    "leverage": "government=MEX&month=2024-03",
    "deal": "month=2024-01",
    "forecast": "ahead=12&suppose=react",
}


def routes(site: Site) -> APIRouter:
    """Every address below `/api/v1`."""
    router = APIRouter(prefix=ROOT)
    _add_jobs(router, site)
    _add_case(router, site)
    for name in QUESTIONS:
        _add_question(router, site, name)
    _add_unknown(router, site)
    return router


def asked_of(site: Site, case: ServedCase, name: str, text: str) -> AskedQuestion:
    """What a query asks.

    Raises:
        PalancaError: It cannot be read, or names what is not there.
    """
    if name == "whatif":
        found = worlds(case, address.parse(case.case, text, site.limits.draws), site.limits.draws)[0]
    else:
        pairs = [pair for pair in address.decoded(text) if pair[0] != "lang"]
        if name == "deal" and case.corridor and not any(key == "month" for key, _ in pairs):
            pairs.append(("month", str(case.case.span.last)))  # the latest, where a visitor names none
        found = find(name).of_pairs(pairs)
    found = found.bounded(site.limits.draws)
    case.check(found)
    return found


def taken_up(site: Site, case: ServedCase, found: AskedQuestion, visitor: Visitor) -> Job:
    """A long question put into the queue."""
    return site.jobs.add(case, found, visitor)


def marked(response: Response, site: Site, job: Job, visitor: Visitor) -> Response:
    """An answer that lets the browser keep whose the job is."""
    if not visitor.token:
        response.set_cookie(COOKIE, job.owner, httponly=True, samesite="strict", path=f"{site.base}/", max_age=604800)
    return response


def events(site: Site, job: Job) -> StreamingResponse:
    """How far a job is, as it moves."""

    async def told() -> AsyncIterator[str]:
        last = job
        async for now in site.jobs.follow(job):
            last = now
            yield f"event: progress\ndata: {json.dumps(now.document(site.base))}\n\n"
        yield f"event: end\ndata: {json.dumps(last.document(site.base))}\n\n"

    return StreamingResponse(told(), media_type="text/event-stream", headers={"x-accel-buffering": "no"})


def _add_case(router: APIRouter, site: Site) -> None:
    @router.get("/", summary="What can be asked of what", responses=REFUSED)
    async def overview(request: Request) -> Response:
        cases = [
            {"case": one.name, "title": one.title, "href": f"{site.base}{ROOT}/{one.name}"}
            for one in site.shelf.cases.values()
        ]
        return sent(request, json.dumps({"cases": cases}, ensure_ascii=False).encode(), JSON)

    @router.get("/{case}", summary="Levers, shipped worlds, months and questions of a case", responses=REFUSED)
    async def described(request: Request, case: str) -> Response:
        return sent(request, json.dumps(describe(site, site.case(case)), ensure_ascii=False).encode(), JSON)

    @router.get(
        "/{case}/view", summary="What the page of a what-if shows", responses=REFUSED, openapi_extra=_query("whatif")
    )
    async def view(request: Request, case: str) -> Response:
        served = site.case(case)
        found = address.parse(served.case, query(request), site.limits.draws)
        made = await site.answers.view(served, found, site.caller(request))
        return sent_packed(request, made, JSON)


def _add_question(router: APIRouter, site: Site, name: str) -> None:
    question = QUESTIONS[name]

    async def answered(request: Request, served: ServedCase, asked: AskedQuestion) -> Response:
        kept = site.answers.kept(served, asked, files.JSON)
        if kept is None and question.long:
            raise HttpError(400, expected="a job", way_out=f"POST the same to {ROOT}/{served.name}/{name}/jobs.")
        made = kept or await site.answers.made(served, asked, files.JSON, make.PLAIN[files.JSON], site.caller(request))
        return sent_packed(request, made, JSON)

    async def posted(request: Request, case: str) -> tuple[ServedCase, AskedQuestion]:
        served, given = site.case(case), await body(request)
        asked = question.read(given).bounded(site.limits.draws)
        served.check(asked)
        return served, asked

    @router.get(f"/{{case}}/{name}", summary=question.what, responses=REFUSED, openapi_extra=_query(name))
    async def get(request: Request, case: str) -> Response:
        served = site.case(case)
        return await answered(request, served, asked_of(site, served, name, query(request)))

    @router.post(f"/{{case}}/{name}", summary=question.what, responses=REFUSED, openapi_extra=_body(name))
    async def post(request: Request, case: str) -> Response:
        return await answered(request, *await posted(request, case))

    if question.long:

        @router.post(
            f"/{{case}}/{name}/jobs",
            summary=f"{question.what} As a job.",
            status_code=202,
            responses=REFUSED,
            openapi_extra=_body(name),
        )
        async def start(request: Request, case: str) -> Response:
            served, asked = await posted(request, case)
            visitor = site.visitor(request)
            job = taken_up(site, served, asked, visitor)
            where = {"location": f"{site.base}{ROOT}/jobs/{job.id}"}
            return marked(JSONResponse(job.document(site.base), 202, where), site, job, visitor)


def _add_jobs(router: APIRouter, site: Site) -> None:
    def own(request: Request, name: str) -> Job:
        return site.jobs.find(name, site.visitor(request))

    @router.get("/jobs/{name}", summary="How far a job is", responses=REFUSED)
    async def job(request: Request, name: str) -> Response:
        return JSONResponse(own(request, name).document(site.base))

    @router.delete("/jobs/{name}", summary="Cancel a job", responses=REFUSED)
    async def cancel(request: Request, name: str) -> Response:
        return JSONResponse((await site.jobs.cancel(own(request, name))).document(site.base))

    @router.get("/jobs/{name}/events", summary="How far a job is, as server-sent events", responses=REFUSED)
    async def follow(request: Request, name: str) -> Response:
        return events(site, own(request, name))

    @router.get("/jobs/{name}/result", summary="The answer of a job", responses=REFUSED)
    async def result(request: Request, name: str) -> Response:
        found = own(request, name)
        kept = site.answers.kept(site.case(found.case), found.asked(), files.JSON)
        if kept is None:
            raise HttpError(404, expected="a job that is done")
        return sent_packed(request, kept, JSON)


def _add_unknown(router: APIRouter, site: Site) -> None:
    @router.get("/{case}/{question}", include_in_schema=False)
    async def unknown(case: str, question: str) -> Response:
        site.case(case)
        find(question)
        raise HttpError(404)


def describe(site: Site, case: ServedCase) -> dict[str, object]:
    """All that can be asked of a case."""
    questions = {
        one.name: {"what": one.what, "long": one.long, "fields": one.fields.model_json_schema()["properties"]}
        for one in QUESTIONS.values()
        if (case.corridor and one.name not in case.without) or one.bare
    }
    found: dict[str, object] = {"case": case.name, "title": case.title, "questions": questions}
    if not case.corridor:
        return found
    declared = case.case
    span = declared.span.span
    return found | {
        "months": [str(span.first), str(span.last)],
        "draws": site.limits.draws,
        "origins": {code: one.name for code, one in declared.origins.items()},
        "groups": {code: one.name for code, one in declared.groups.items()},
        "sectors": {code: one.name for code, one in declared.sectors.items()},
        "worlds": {name: declaring.title(path) for name, path in declaring.shipped(declared).items()},
        "levers": {name: _lever(case, name) for name in declared.levers},
    }


def _lever(case: ServedCase, name: str) -> dict[str, object]:
    lever = case.case.levers[name]
    acts_on = tables.mechanisms()[lever.mechanism]
    record = [
        {
            "from": str(one.first),
            "to": str(one.last) if one.last else None,
            "value": one.amount,
            "unit": one.unit,
            "basis": one.basis,
            "note": one.note,
            "source": list(one.source),
        }
        for one in case.case.record
        if one.lever == name
    ]
    return {
        "holder": lever.holder,
        "what": lever.what,
        "mechanism": lever.mechanism,
        "quantity": acts_on.quantity,
        "unit": acts_on.unit,
        "low": acts_on.low,
        "high": acts_on.high,
        "usual": acts_on.usual,
        "acts": acts_on.acts,
        "record": record,
    }


def _query(name: str) -> dict[str, Any]:
    """What a query may hold, for the description of the interface."""
    if name == "whatif":
        changes = {
            "name": "changes",
            "in": "query",
            "style": "form",
            "explode": True,
            "description": "LEVER=VALUE[@FROM[..UNTIL]][:WHO]; see the page of addresses.",
            "schema": {"type": "object", "additionalProperties": {"type": "string"}},
            "example": {"contention": "0x@2024-01"},
        }
        months = {"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}\.\.[0-9]{4}-[0-9]{2}$"}
        whole = {"type": "integer", "minimum": 8, "maximum": address.DRAWS}
        own = [("world", {"type": "string"}), ("months", months), ("draws", whole)]
        return {"parameters": [changes, *({"name": key, "in": "query", "schema": schema} for key, schema in own)]}
    schema = QUESTIONS[name].fields.model_json_schema()
    return {
        "parameters": [
            {"name": key, "in": "query", "schema": part, "explode": False, "style": "form"}
            for key, part in schema["properties"].items()
        ]
    }


def _body(name: str) -> dict[str, Any]:
    schema = QUESTIONS[name].fields.model_json_schema()
    return {"requestBody": {"required": True, "content": {JSON: {"schema": schema}}}}
