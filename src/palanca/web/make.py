"""What can be taken home of an answer: data, pictures, the page, and what gives the same again."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType

from palanca.core.errors import UsageError
from palanca.core.wording import listed, nearest, shown
from palanca.show import document, files, manifest, page, recipe
from palanca.show.answer import Answer

PARTS = "parts"
PICTURES = ("svg", "png")
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "json": "application/json",
        "csv": "text/csv; charset=utf-8",
        "nc": "application/x-netcdf",
        "html": "text/html; charset=utf-8",
        "yaml": "application/yaml; charset=utf-8",
        "py": "text/x-python; charset=utf-8",
        "svg": "image/svg+xml",
        "png": "image/png",
    }
)


def parts(answer: Answer) -> bytes:
    """Body and figures of an answer's page, and which pictures it has, as JSON."""
    found = page.parts(answer)
    pictures = [chart.name.replace(" ", "-") for chart in answer.charts]
    record = {"question": answer.question, "body": found.body, "figures": found.figures, "dark": found.dark}
    return json.dumps({**record, "pictures": pictures}, ensure_ascii=False).encode()


def changes(answer: Answer) -> str:
    """The changes as a file that `palanca whatif --changes FILE` takes.

    Raises:
        UsageError: The question has no changes.
    """
    rows = recipe.changes(answer.provenance)
    if not rows:
        raise UsageError("no changes were asked for", where=recipe.CHANGES, expected="a what-if")
    return f"# {answer.question}\n{rows}"


def told(answer: Answer) -> str:
    """The manifest, with digests of the data beside it."""
    made = {files.CSV: document.as_csv(answer).encode(), files.NETCDF: files.packed(answer.data)}
    return manifest.of(answer, made)


PLAIN: Mapping[str, Callable[[Answer], bytes]] = MappingProxyType(
    {
        PARTS: parts,
        files.JSON: lambda answer: document.as_json(answer).encode(),
        files.CSV: lambda answer: document.as_csv(answer).encode(),
        files.NETCDF: lambda answer: files.packed(answer.data),
        files.PAGE: lambda answer: page.html(answer).encode(),
        manifest.NAME: lambda answer: told(answer).encode(),
        "ask.py": lambda answer: recipe.python(answer).encode(),
        recipe.CHANGES: lambda answer: changes(answer).encode(),
    }
)


def named(question: str) -> list[str]:
    """Names of the files of a question, its pictures aside."""
    return [name for name in PLAIN if name != PARTS and (name != recipe.CHANGES or question == "whatif")]


def maker(name: str, question: str) -> Callable[[Answer], bytes]:
    """What makes a file.

    Args:
        name: Its name, as `data.csv` or `encounters.svg`.
        question: Of which question.

    Raises:
        UsageError: There is no such file.
    """
    stem, _, kind = name.rpartition(".")
    if kind in PICTURES and stem:
        return lambda answer: _picture(answer, stem, kind)
    known = named(question)
    if name not in known:
        hint = nearest(name[:80], known)
        raise UsageError(
            "no such file",
            where="address",
            found=shown(repr(name)),
            expected=f"one of {listed(known, 20)}, or a chart as CHART.svg or CHART.png",
            way_out=f"Did you mean {hint!r}?" if hint else "",
        )
    return PLAIN[name]


def media(name: str) -> str:
    """Media type of a file."""
    return KINDS[name.rpartition(".")[2]]


def _picture(answer: Answer, stem: str, kind: str) -> bytes:
    known = {chart.name.replace(" ", "-"): chart for chart in answer.charts}
    if stem not in known:
        hint = nearest(stem[:80], known)
        raise UsageError(
            "no such chart",
            where="address",
            found=shown(repr(stem)),
            expected=f"one of {listed(known, 20)}",
            way_out=f"Did you mean {hint!r}?" if hint else "",
        )
    return files.picture(known[stem], kind)
