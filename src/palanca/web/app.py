"""Puts the site together: pages, interface, what watches it, and what is said when something goes wrong."""

from __future__ import annotations

import sys
import threading
import time
import traceback
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse, PlainTextResponse
from starlette.exceptions import HTTPException

import palanca
from palanca.core.errors import PalancaError, UsageError
from palanca.web import api, pages, problem
from palanca.web.answers import Answers
from palanca.web.desk import Desk, Left
from palanca.web.guard import Guard
from palanca.web.jobs import Jobs
from palanca.web.metrics import Metrics
from palanca.web.problem import HttpError, Problem
from palanca.web.results import ResultStore
from palanca.web.shelf import Shelf
from palanca.web.site import Limits, Site, refused

WARM_AFTER_S = 0.5  # a page that was made before is served first
GONE = 499  # a visitor who left before the answer
FIELDS = ("type", "slug", "title", "status", "where", "found", "expected", "way_out")


def site(folder: Path, limits: Limits | None = None, base: str = "") -> Site:
    """Everything that serves, with results kept in a folder.

    Raises:
        OutputError: The folder takes no files.
    """
    given = limits or Limits()
    store, desk, metrics, shelf = (
        ResultStore(folder, given.megabytes * 1_000_000),
        Desk(given.threads),
        Metrics(),
        Shelf(),
    )
    answers = Answers(store, desk, metrics, given.draws)
    return Site(shelf, store, desk, answers, Jobs(store, answers, shelf, given.minutes), metrics, given, base)


def application(made: Site, hosts: Collection[str] = (), *, warm: bool = True) -> Guard:
    """The site as a server runs it.

    Args:
        made: The site.
        hosts: Names under which it may be asked; any if none.
        warm: Whether to load the first case before anybody asks.
    """

    @asynccontextmanager
    async def alive(_app: FastAPI) -> AsyncIterator[None]:
        made.jobs.start()
        if warm:
            threading.Thread(target=_warm, args=(made,), daemon=True).start()
        yield
        await made.jobs.stop()
        made.desk.close()
        made.store.close()

    app = FastAPI(
        title="palanca",
        version=palanca.__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=alive,
        redirect_slashes=False,
    )
    _watched(app, made)
    app.include_router(api.routes(made))
    app.include_router(pages.routes(made), include_in_schema=False)
    _told(app, made)
    return Guard(app, made.metrics, hosts, made.base)


def _warm(made: Site) -> None:
    """Load the case that the site opens with, and answer its opening question, before anybody asks."""
    time.sleep(WARM_AFTER_S)
    case = made.shelf.first
    made.answers.warm(case, pages.opening_questions(made, case))


def _watched(app: FastAPI, made: Site) -> None:
    began = time.time()

    @app.get(f"{api.ROOT}/openapi.json", include_in_schema=False)
    async def described() -> Response:
        return JSONResponse(openapi(app))

    @app.get("/health", summary="Whether the server is up, and its case loaded")
    async def health() -> Response:
        ready = made.shelf.first.ready
        return JSONResponse({"status": "ready" if ready else "loading", "version": palanca.__version__})

    @app.get("/metrics", summary="Counts, in plain text", response_class=PlainTextResponse)
    async def metrics() -> Response:
        now = {
            "up_seconds": time.time() - began,
            "work_waiting": made.desk.waiting,
            "work_dropped": made.desk.dropped,
            "jobs_queued": made.jobs.count("queued"),
            "jobs_running": made.jobs.count("running"),
            "store_failures": made.store.failures,
        }
        return PlainTextResponse(made.metrics.text(now))


def openapi(app: FastAPI) -> dict[str, Any]:
    """The description of the interface, with the record of a problem."""
    if not app.openapi_schema:
        schema = get_openapi(title="palanca", version=palanca.__version__, routes=app.routes, description=__doc__)
        fields = {name: {"type": "integer" if name == "status" else "string"} for name in FIELDS}
        known = {"type": "object", "properties": fields, "required": ["type", "slug", "title", "status"]}
        schema.setdefault("components", {}).setdefault("schemas", {})["Problem"] = known
        app.openapi_schema = schema
    return app.openapi_schema


def _told(app: FastAPI, made: Site) -> None:
    """What is said when something goes wrong: a record to programs, a page to people."""

    def answer(request: Request, found: Problem) -> Response:
        if request.url.path.startswith((api.ROOT, "/health", "/metrics")) or request.method not in ("GET", "HEAD"):
            return refused(request, found)
        return pages.page_of_problem(made, request, found)

    @app.exception_handler(PalancaError)
    async def of_palanca(request: Request, fault: PalancaError) -> Response:
        of_address = isinstance(fault, UsageError) and fault.where == "address" and fault.what.startswith("no such")
        return answer(request, problem.missing(fault) if of_address else problem.of(fault))  # type: ignore[arg-type]

    @app.exception_handler(HttpError)
    async def of_http(request: Request, fault: HttpError) -> Response:
        return answer(request, problem.of(fault))

    @app.exception_handler(HTTPException)
    async def of_router(request: Request, fault: HTTPException) -> Response:
        known = fault.status_code if fault.status_code in problem.TITLES else 400
        found = answer(request, problem.of(HttpError(known)))
        found.headers.update(fault.headers or {})
        return found

    @app.exception_handler(Left)
    async def of_left(_request: Request, _fault: Left) -> Response:
        return Response(status_code=GONE)

    @app.exception_handler(Exception)
    async def of_ours(request: Request, fault: Exception) -> Response:
        traceback.print_exception(fault, file=sys.stderr)
        return answer(request, problem.of(fault))
