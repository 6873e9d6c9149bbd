"""The site as one record: cases, results, work, jobs, bounds, and how a page or an answer of the interface is sent."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from fastapi import Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

import palanca
from palanca.core.errors import UsageError
from palanca.web import static_files
from palanca.web.address import LANG, LANGS
from palanca.web.answers import Answers, packed
from palanca.web.desk import Caller, Desk
from palanca.web.frame import File, Frame, Tab, tabs
from palanca.web.jobs import Jobs, Visitor
from palanca.web.metrics import Metrics
from palanca.web.problem import KIND, HttpError, Problem
from palanca.web.results import ResultStore
from palanca.web.shelf import ServedCase, Shelf
from palanca.web.words import words

TEMPLATES = Path(__file__).parent / "templates"
HTML = "text/html; charset=utf-8"
COOKIE = "palanca_visitor"
SMALL = 600  # bytes below which nothing is gained by packing


@dataclass(frozen=True)
class Limits:
    """How much a server gives.

    Args:
        draws: Most draws of one question.
        minutes: Longest job.
        waiting: Most connections at a time.
        threads: Questions answered at a time.
        megabytes: Most that results may take on disk.
    """

    draws: int = 400
    minutes: float = 60.0
    waiting: int = 400
    threads: int = 2
    megabytes: int = 300


@dataclass(frozen=True, eq=False)
class Site:
    """Everything that serves a request.

    Args:
        shelf: The cases.
        store: Results and jobs on disk.
        desk: Who does the work.
        answers: Where answers come from.
        jobs: Long questions.
        metrics: What is counted.
        limits: How much is given.
        base: Prefix behind a proxy; empty or `/x`.
    """

    shelf: Shelf
    store: ResultStore
    desk: Desk
    answers: Answers
    jobs: Jobs
    metrics: Metrics
    limits: Limits
    base: str = ""

    @cached_property
    def templates(self) -> Environment:
        """Every text is escaped on its way in, and a name that is not there is an error."""
        return Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )

    @property
    def static(self) -> str:
        """Where scripts and styles lie."""
        return f"{self.base}/static/{static_files.mark()}"

    def frame(
        self, case: ServedCase, question: str, here: str, *, lang: str = LANG, files: tuple[str, ...] = ()
    ) -> Frame:
        """What a page has around its answer.

        Args:
            case: The case.
            question: Which tab is open.
            here: Address from the root of the site, with its query.
            lang: Language.
            files: Names of downloads.
        """
        path, _, query = here.partition("?")
        tail = f"?{query}" if query else ""
        return Frame(
            case=case.name,
            title=case.title,
            question=question,
            lang=lang,
            base=self.base,
            static=self.static,
            here=self.base + here,
            tabs=tabs(self.base, case.name, question, bare=not case.corridor, without=case.without),
            files=tuple(File(name, f"{self.base}{path}/{name}{tail}") for name in files),
            langs=tuple(Tab(one, self.base + _in_language(here, one), one == lang) for one in LANGS),
            version=palanca.__version__,
        )

    def page(self, request: Request, template: str, status: int = 200, **given: object) -> Response:
        """A page, from its template, in the language of its frame."""
        frame = given["frame"]
        assert isinstance(frame, Frame)
        text = self.templates.get_template(template).render({"problem": None, "words": words(frame.lang), **given})
        return sent(request, text.encode(), HTML, status)

    def caller(self, request: Request) -> Caller:
        """Who waits for an answer."""
        return Caller(request.is_disconnected, request.client.host if request.client else "")

    def visitor(self, request: Request) -> Visitor:
        """Who asks."""
        token = request.cookies.get(COOKIE, "")
        return Visitor(token if 16 <= len(token) <= 64 else "", request.client.host if request.client else "")

    def case(self, name: str) -> ServedCase:
        """A case by its name.

        Raises:
            UsageError: There is none.
        """
        return self.shelf.find(name)


def sent(request: Request, content: bytes, kind: str, status: int = 200, **headers: str) -> Response:
    """Content, packed where the browser takes it and something is gained."""
    if len(content) < SMALL:
        return Response(content, status, headers, kind)
    return sent_packed(request, packed(content), kind, status, **headers)


def sent_packed(request: Request, made: bytes, kind: str, status: int = 200, **headers: str) -> Response:
    """Content that is packed already."""
    own = {"vary": "accept-encoding", **{name.replace("_", "-"): text for name, text in headers.items()}}
    if "gzip" in request.headers.get("accept-encoding", "").lower():
        return Response(made, status, own | {"content-encoding": "gzip"}, kind)
    return Response(gzip.decompress(made), status, own, kind)


def refused(request: Request, found: Problem) -> Response:
    """A problem, for the interface."""
    return sent(request, json.dumps(found.document(), ensure_ascii=False).encode(), KIND, found.status)


def query(request: Request) -> str:
    """The query as it was sent.

    Raises:
        UsageError: It holds what no address may hold.
    """
    raw: bytes = request.scope["query_string"]
    if not raw.isascii():
        raise UsageError("broken percent-encoding", where="address", expected="ASCII, other letters as %XX")
    return raw.decode("ascii")


async def body(request: Request) -> dict[str, object]:
    """The JSON record in the body of a request.

    Raises:
        HttpError: It is no JSON, or too large, or came too slowly.
        UsageError: It is no record.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise HttpError(415, expected="content-type: application/json")
    try:
        found = json.loads(await request.body(), parse_constant=_no_number)
    except (ValueError, RecursionError) as fault:
        raise HttpError(400, expected="a body that is JSON") from fault
    if not isinstance(found, dict):
        raise UsageError("not a record", where="body", expected="a JSON object")
    return found


def _no_number(_text: str) -> float:
    raise ValueError


def _in_language(address: str, lang: str) -> str:
    """The same page in another language."""
    path, _, query = address.partition("?")
    kept = [part for part in query.split("&") if part and not part.startswith("lang=")]
    if lang != LANG:
        kept.append(f"lang={lang}")
    return f"{path}?{'&'.join(kept)}" if kept else path
