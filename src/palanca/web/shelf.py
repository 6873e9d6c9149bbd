"""The shipped cases, each read at once and loaded once: what a visitor may name, and nothing else."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import palanca
from palanca.api.later import Later
from palanca.core import digest
from palanca.core.errors import UsageError
from palanca.core.wording import listed, nearest, shown
from palanca.data.read import open_figures
from palanca.questions import changes as declaring
from palanca.questions.forecast import suppositions
from palanca.questions.sweep import plan
from palanca.sharing.keys import KEYS
from palanca.spec import bargain_spec, claims, schedule, search_file, sharing
from palanca.spec.load import load as load_case
from palanca.spec.load import shipped
from palanca.spec.schema import Case
from palanca.web import view_file
from palanca.web.asked import AskedQuestion

if TYPE_CHECKING:
    from palanca.api import load as loading
    from palanca.api.model import Model
else:  # a page that was made before is served while the compiler still loads
    loading = Later("palanca.api.load")

KEYS_BY_NAME = [*KEYS, "shapley"]
ATLAS = Path(palanca.__file__).parent / "spec" / "atlas"
FITS = Path(palanca.__file__).parent / "infer" / "shipped"  # as `infer.store` has it, which would load the compiler


@dataclass(eq=False)
class ServedCase:
    """One case that visitors may ask of.

    Args:
        name: Its name.
        corridor: Whether it has one; a bargaining table alone has none.
    """

    name: str
    corridor: bool
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _model: Model | None = None

    @cached_property
    def case(self) -> Case:
        """As declared; read without the compiler.

        Raises:
            UsageError: A table alone has none.
        """
        if not self.corridor:
            raise UsageError(
                "no corridor is fitted here",
                where=self.name,
                expected="the question `deal`",
                way_out="Ask a case with a corridor, such as us-mexico.",
            )
        return load_case(self.name, open_figures().months())

    @property
    def title(self) -> str:
        """In words."""
        return self.case.title if self.corridor else bargain_spec.load_bargain(self.name).file.title

    @cached_property
    def without(self) -> frozenset[str]:
        """Questions of the site for which no file comes with the case."""
        there = {
            "share": bool(sharing.FORMAT.shipped(self.name)),
            "quotas": bool(sharing.FORMAT.shipped(self.name)),  # which divide people among the members of a region
            "claims": self.name in claims.FORMAT.shipped(),
        }
        return frozenset(name for name, found in there.items() if not found)

    @property
    def ready(self) -> bool:
        """Whether it is loaded."""
        return self._model is not None

    def model(self) -> Model:
        """The model, loaded by whoever comes first; the others wait."""
        with self._lock:
            if self._model is None:
                self._model = loading.load(self.name, allow_stale=True)
            return self._model

    @cached_property
    def mark(self) -> str:
        """Stands for all that an answer depends on beside the question: case, figures, fit, code."""
        if not self.corridor:
            return digest.of_record([self.name, plan.code(), plan.versions()])
        fit = FITS / f"{self.name}.nc"
        return digest.of_record(
            [
                schedule.fingerprint(self.case),
                open_figures().until(str(self.case.span.last)).fingerprint(),
                digest.of_file(fit) if fit.is_file() else "",
                digest.of_files([path for path in (ATLAS / self.name).rglob("*.yaml") if path.is_file()]),
                plan.code(),
                plan.versions(),
            ]
        )

    def check(self, asked: AskedQuestion) -> None:
        """Refuse names that are not shipped: a model would take some for files of the machine.

        Raises:
            UsageError: A name is not there, or the case cannot answer the question.
        """
        values = asked.values
        if not self.corridor and not asked.question.bare:
            self.case  # noqa: B018  # which is refused in words
        if not self.corridor:
            return
        if asked.question.name in self.without:
            raise UsageError(
                "nothing comes with the case to ask this about", where=self.name, found=asked.question.name,
                expected="another question, or another case",
            )  # fmt: skip
        named: list[tuple[str, str, list[str]]] = []
        if asked.question.name == "whatif":
            known = list(declaring.shipped(self.case))
            named += [("changes", one, known) for one in values["changes"] if isinstance(one, str)]
        if asked.question.name == "search":
            named.append(("search", values["search"], list(search_file.FORMAT.shipped(self.case.case))))
        if asked.question.name == "share":
            named.append(("scheme", values["scheme"], list(sharing.FORMAT.shipped(self.case.case))))
        if asked.question.name == "quotas":
            named.append(("by", values["by"], KEYS_BY_NAME))
        if asked.question.name == "forecast":
            known = [*suppositions.WORDS, *suppositions.shipped(self.case), *declaring.shipped(self.case)]
            named += [("suppose", part, known) for one in values["suppose"] for part in one.split(suppositions.JOINED)]
        for where, name, names in named:
            if name not in names:
                hint = nearest(name, names)
                raise UsageError(
                    "not among those that come with the case",
                    where=where,
                    found=shown(repr(name)),
                    expected=f"one of {listed(names, 20)}",
                    way_out=f"Did you mean {hint!r}?" if hint else "",
                )


class Shelf:
    """All that is served."""

    def __init__(self) -> None:
        cases = {name: ServedCase(name, corridor=True) for name in shipped()}
        tables = [name for name in bargain_spec.FORMAT.shipped() if name not in cases]
        self.cases = cases | {name: ServedCase(name, corridor=False) for name in tables}

    def find(self, name: str) -> ServedCase:
        """A case by its name.

        Raises:
            UsageError: There is none.
        """
        if name in self.cases:
            return self.cases[name]
        hint = nearest(name[:80], self.cases)
        raise UsageError(
            "no such case",
            where="address",
            found=shown(repr(name)),
            expected=f"one of {listed(self.cases)}",
            way_out=f"Did you mean {hint!r}?" if hint else "",
        )

    @property
    def first(self) -> ServedCase:
        """The case that the site opens with."""
        with_corridor = [one for one in self.cases.values() if one.corridor]
        return next((one for one in with_corridor if view_file.of(one.name).opens), with_corridor[0])
