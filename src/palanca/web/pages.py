"""The pages: an answer in the HTML itself, for every question, and files to take home."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from palanca.core.errors import PalancaError, leaves
from palanca.questions.forecast import suppositions
from palanca.show.page import safe_json
from palanca.spec import search_file, sharing
from palanca.web import address, frame, lever_form, make, problem, static_files, view_file
from palanca.web.address import LANG, LANGS, Address
from palanca.web.answers import worlds
from palanca.web.api import asked_of, marked, taken_up
from palanca.web.asked import AskedQuestion, find
from palanca.web.data_page import ages
from palanca.web.guard import DOWNLOADED
from palanca.web.problem import HttpError, Problem
from palanca.web.shelf import KEYS_BY_NAME, ServedCase
from palanca.web.site import Site, query, sent_packed
from palanca.web.view_parts import WorldView
from palanca.web.view_scene import SHOWN

EVER = "public, max-age=31536000, immutable"
CHARTS = {"whatif": ("encounters", "people", "whose-encounters")}  # of a page that does not hold the answer itself


def routes(site: Site) -> APIRouter:
    """Every page."""
    router = APIRouter()
    _add_start(router, site)
    _add_errors(router, site)
    _add_jobs(router, site)
    _add_questions(router, site)
    return router


def opening(case: ServedCase) -> Address:
    """The answered question that the site of a case opens with; history where none is declared."""
    return address.parse(case.case, view_file.of(case.name).opens)


def _add_start(router: APIRouter, site: Site) -> None:
    @router.get("/")
    async def start() -> Response:
        return RedirectResponse(site.base + opening(site.shelf.first).path(), 307)

    @router.get("/static/{mark}/{name:path}")
    async def static(request: Request, mark: str, name: str) -> Response:
        found = static_files.files().get(name)
        if found is None:
            raise HttpError(404)
        kept = EVER if mark == static_files.mark() else "no-cache"
        return sent_packed(request, found.packed, found.kind, cache_control=kept)


def _add_questions(router: APIRouter, site: Site) -> None:
    @router.get("/{case}/")
    @router.get("/{case}")
    async def of_case(case: str) -> Response:
        served = site.case(case)
        path = opening(served).path() if served.corridor else f"/{served.name}/deal"
        return RedirectResponse(site.base + path, 307)

    @router.get("/{case}/whatif")
    async def whatif(request: Request, case: str) -> Response:
        return await world(site, request, site.case(case))

    @router.get("/{case}/data")
    async def data(request: Request, case: str) -> Response:
        served, lang = site.case(case), language(request)
        served.case  # noqa: B018  # a table without a corridor has no figures
        around = site.frame(served, "data", here(request), lang=lang)
        return site.page(request, "data.html", frame=around, series=ages())

    @router.get("/{case}/evidence")
    async def evidence(request: Request, case: str) -> Response:
        served = site.case(case)
        served.case  # noqa: B018
        around = site.frame(served, frame.EVIDENCE, here(request), lang=language(request))
        return site.page(request, "evidence.html", frame=around, kinds=frame.evidence(site.base, served.name))

    @router.get("/{case}/{question}")
    async def question(request: Request, case: str, question: str) -> Response:
        return await other(site, request, site.case(case), question)

    @router.post("/{case}/{question}/start")
    async def start(request: Request, case: str, question: str) -> Response:
        own_form(request)
        served, visitor = site.case(case), site.visitor(request)
        text = (await request.body()).decode("utf-8", errors="replace")
        job = taken_up(site, served, asked_of(site, served, question, text), visitor)
        return marked(RedirectResponse(f"{site.base}/jobs/{job.id}", 303), site, job, visitor)

    @router.get("/{case}/{question}/{name}")
    async def download(request: Request, case: str, question: str, name: str) -> Response:
        served = site.case(case)
        find(question)
        maker = make.maker(name, question)
        asked = asked_of(site, served, question, query(request))
        made = site.answers.kept(served, asked, name)
        if made is None and asked.question.long:
            raise HttpError(404, expected="a question that was answered", way_out="Start it on its page.")
        if made is None:
            made = await site.answers.made(served, asked, name, maker, site.caller(request))
        as_file = f'attachment; filename="palanca-{served.name}-{question}-{name}"'
        return sent_packed(
            request, made, make.media(name), content_disposition=as_file, content_security_policy=DOWNLOADED
        )


def _add_errors(router: APIRouter, site: Site) -> None:
    @router.get("/errors")
    async def errors(request: Request) -> Response:
        around = site.frame(site.shelf.first, "errors", "/errors", lang=language(request))
        known = [(one.slug, " ".join((one.__doc__ or "").partition("Args:")[0].split())) for one in leaves()]
        return site.page(request, "errors.html", frame=around, errors=known)


def _add_jobs(router: APIRouter, site: Site) -> None:
    @router.get("/jobs/{name}")
    async def job(request: Request, name: str) -> Response:
        found = site.jobs.find(name, site.visitor(request))
        if found.status == "done":
            return RedirectResponse(site.base + found.path(), 303)
        around = site.frame(site.case(found.case), found.question, f"/jobs/{name}", lang=language(request))
        return site.page(request, "job.html", frame=around, job=found)

    @router.post("/jobs/{name}/cancel")
    async def cancel(request: Request, name: str) -> Response:
        own_form(request)
        found = await site.jobs.cancel(site.jobs.find(name, site.visitor(request)))
        return RedirectResponse(site.base + found.path(), 303)


async def world(site: Site, request: Request, case: ServedCase) -> Response:
    """The page of a what-if; of an address that cannot be read it shows history, and says what is wrong."""
    found, wrong = Address(case.name, lang=language(request)), None
    declared = case.case
    try:
        form = lever_form.moved(declared, query(request), site.limits.draws)
        if form is not None:
            return RedirectResponse(site.base + form.path(), 303)
        found = address.parse(declared, query(request), site.limits.draws)
        address.choice("show", found.show, ("", *SHOWN))
        made = await site.answers.view(case, found, site.caller(request))
    except PalancaError as fault:
        wrong = problem.of(fault)
        if wrong.status >= 500:
            raise
        found = Address(case.name, lang=language(request))
        made = await site.answers.view(case, found, site.caller(request))
    view = WorldView.model_validate_json(gzip.decompress(made))
    question = "whatif" if found.world else "run"
    around = site.frame(case, "whatif", found.path(), lang=found.lang, files=_files(question, CHARTS.get(question, ())))
    return site.page(
        request,
        "whatif.html",
        wrong.status if wrong else 200,
        frame=around,
        view=view,
        address=found,
        view_json=Markup(safe_json(view.model_dump(mode="json"))),
        problem=wrong,
    )


async def other(site: Site, request: Request, case: ServedCase, name: str) -> Response:
    """The page of any other question."""
    lang, wrong = language(request), None
    question = find(name)
    blank = question.read({"changes": ["-"]} if name == "whatif" else {})
    asked, parts = blank.bounded(site.limits.draws), None
    try:
        asked = asked_of(site, case, name, query(request))
        parts = await _parts(site, request, case, asked)
    except PalancaError as fault:
        wrong = problem.of(fault)
        if wrong.status >= 500:
            raise
    shown: Mapping[str, object] = parts or {"question": question.what, "body": None, "figures": None, "dark": None}
    pictures = tuple(str(one) for one in parts["pictures"]) if parts else ()  # type: ignore[attr-defined]
    around = site.frame(case, name, here(request), lang=lang, files=_files(name, pictures) if parts else ())
    return site.page(
        request,
        "question.html",
        wrong.status if wrong else 200,
        frame=around,
        form=frame.form(site.base, case.name, asked, choices(case, name)),
        said=shown["question"],
        body=Markup(shown["body"]) if parts else None,
        figures=Markup(shown["figures"]) if parts else None,
        dark=Markup(shown["dark"]) if parts else None,
        problem=wrong,
    )


async def _parts(site: Site, request: Request, case: ServedCase, asked: AskedQuestion) -> dict[str, object] | None:
    """What a page shows of an answer; nothing of a long question that nobody has asked before."""
    made = site.answers.kept(case, asked, make.PARTS)
    if made is None and asked.question.long:
        return None
    if made is None:
        made = await site.answers.made(case, asked, make.PARTS, make.parts, site.caller(request))
    found: dict[str, object] = json.loads(gzip.decompress(made))
    return found


def choices(case: ServedCase, question: str) -> dict[str, tuple[str, ...]]:
    """Names to choose from in the form of a question, by field."""
    if question == "search":
        return {"search": tuple(search_file.FORMAT.shipped(case.case.case))}
    if question == "share":
        return {"scheme": tuple(sharing.FORMAT.shipped(case.case.case))}
    if question == "quotas":
        return {"by": tuple(KEYS_BY_NAME)}
    if question == "forecast":
        return {"suppose": ("", suppositions.REACT, suppositions.DEALS, *suppositions.shipped(case.case))}
    if question == "leverage":
        holders = dict.fromkeys(one.holder for one in case.case.levers.values())
        return {"government": ("", *holders)}
    return {}


def language(request: Request) -> str:
    """The language that an address asks for; the usual one where it asks for none that is there."""
    wanted = request.query_params.get("lang", LANG)
    return wanted if wanted in LANGS else LANG


def here(request: Request) -> str:
    """Path and query of a page as they were sent."""
    text = query(request)
    return request.url.path + (f"?{text}" if text else "")


def own_form(request: Request) -> None:
    """Refuse a form that another site sends.

    Raises:
        HttpError: It comes from elsewhere.
    """
    origin = request.headers.get("origin", "")
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none") or (
        origin not in ("", "null") and urlsplit(origin).netloc != request.headers.get("host", "")
    ):
        raise HttpError(400, expected="a form of this site")


def _files(question: str, pictures: tuple[str, ...]) -> tuple[str, ...]:
    return (*make.named(question), *(f"{name}.{kind}" for name in pictures for kind in make.PICTURES))


def page_of_problem(site: Site, request: Request, found: Problem) -> Response:
    """A page that says what is wrong, where there is nothing else to show."""
    around = site.frame(site.shelf.first, "", "/", lang=language(request))
    return site.page(request, "problem.html", found.status, frame=around, problem=found)


def opening_questions(site: Site, case: ServedCase) -> list[AskedQuestion]:
    """What is answered before anybody asks."""
    return worlds(case, opening(case), site.limits.draws)
