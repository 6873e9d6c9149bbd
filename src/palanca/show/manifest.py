"""The manifest beside an answer: what anybody needs to get it again, and what differs when somebody has."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from palanca.core import digest
from palanca.core.errors import UsageError
from palanca.show import document
from palanca.show.answer import Answer, Provenance

NAME = "manifest.json"
FORMAT = 2
LIBRARIES = ("palanca", "jax", "jaxlib", "numpy", "scipy", "xarray", "pandas", "zarr", "SALib", "pymoo", "scikit-learn")
SAME = ("answer.json", "data.csv")  # what must come out to the bit; pages and pictures hold the tools that drew them


@dataclass(frozen=True)
class Manifest:
    """How an answer was made, and fingerprints of what came out.

    Args:
        question: Name of the question.
        arguments: Its arguments; contents of files, never their paths.
        case: Name of the case.
        inputs: Content of each file that a user handed in, by its role.
        marks: Fingerprints of what the numbers depend on.
        key: Key of the draws.
        draws: How many draws.
        files: Fingerprint of each file written, by its name.
        versions: Version of each library, by its name.
        machine: Kind of processor and system; the last bits of a number may depend on it.
    """

    question: str
    arguments: dict[str, object]
    case: str
    inputs: dict[str, str]
    marks: dict[str, str]
    key: int
    draws: int
    files: dict[str, str]
    versions: dict[str, str]
    machine: str


@dataclass(frozen=True)
class Difference:
    """One respect in which an answer made again differs from that of a manifest.

    Args:
        what: `fingerprint`, `version`, `machine` or `file`.
        name: Its name.
        then: As the manifest has it; empty if it has none.
        now: As it is now; empty if there is none.
    """

    what: str
    name: str
    then: str
    now: str


def of(answer: Answer, files: Mapping[str, bytes]) -> str:
    """The manifest of an answer as JSON.

    Args:
        answer: The answer.
        files: Content of each file written, by its name.
    """
    marks = {name: digest.of_bytes(content) for name, content in files.items()}
    found = _made(answer.provenance, marks)
    return json.dumps({"format": FORMAT, **asdict(found)}, indent=2, ensure_ascii=False) + "\n"


def now(answer: Answer) -> Manifest:
    """The manifest that an answer would have, with those files that must come out the same."""
    texts = {"answer.json": document.as_json(answer), "data.csv": document.as_csv(answer)}
    return _made(answer.provenance, {name: digest.of_bytes(text.encode("utf-8")) for name, text in texts.items()})


def _made(made: Provenance, files: dict[str, str]) -> Manifest:
    versions = {name: version(name) for name in LIBRARIES} | {"python": platform.python_version()}
    arguments = document.plain(dict(made.arguments))
    assert isinstance(arguments, dict)
    return Manifest(
        question=made.question,
        arguments=arguments,
        case=made.case,
        inputs=dict(made.inputs),
        marks=dict(made.marks),
        key=made.key,
        draws=made.draws,
        files=files,
        versions=versions,
        machine=f"{platform.machine()} {platform.system()}",
    )


def read(path: Path) -> Manifest:
    """A manifest, from its file or from the folder it lies in.

    Raises:
        UsageError: There is none, or it cannot be read.
    """
    found = path / NAME if path.is_dir() else path
    try:
        held = json.loads(found.read_text(encoding="utf-8"))
        if held.pop("format") != FORMAT:
            raise ValueError("a manifest of another version of palanca")
        given = Manifest(**held)
        _check(given)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as fault:
        raise UsageError(
            "cannot read the manifest",
            where=str(found),
            found=fault.strerror or str(fault) if isinstance(fault, OSError) else str(fault),
            expected="the manifest.json that a command wrote beside its results, or its folder",
        ) from fault
    return given


def _check(given: Manifest) -> None:
    """Refuse what only looks like a manifest.

    Raises:
        TypeError: An entry is of another kind than it should be.
    """
    tables = (given.arguments, given.inputs, given.marks, given.files, given.versions)
    if not isinstance(given.question, str) or not all(isinstance(table, dict) for table in tables):
        raise TypeError("arguments, marks, files or versions that are no table")


def differences(then: Manifest, since: Manifest) -> list[Difference]:
    """What differs between an answer and the same made again, causes before consequences."""
    pairs = (
        ("fingerprint", then.marks, since.marks),
        ("version", then.versions, since.versions),
        ("machine", {"machine": then.machine}, {"machine": since.machine}),
        (
            "file",
            {n: m for n, m in then.files.items() if n in SAME},
            {n: m for n, m in since.files.items() if n in SAME},
        ),
    )
    return [
        Difference(what, name, before.get(name, ""), after.get(name, ""))
        for what, before, after in pairs
        for name in {**before, **after}
        if before.get(name) != after.get(name)
    ]


def verdict(found: list[Difference]) -> str:
    """One sentence: the same to the bit or not, and what may be why."""
    files = [one.name for one in found if one.what == "file"]
    causes = [
        f"{one.what} of the {one.name}" if one.what == "fingerprint" else one.name
        for one in found
        if one.what != "file"
    ]
    if not files:
        besides = f", although these differ: {', '.join(causes)}" if causes else ""
        return f"The answer is the same to the bit{besides}."
    why = (
        f"These differ besides and may be why: {', '.join(causes)}"
        if causes
        else "Nothing else that is on record differs"
    )
    return f"The answer is not the same: {', '.join(files)}. {why}."
