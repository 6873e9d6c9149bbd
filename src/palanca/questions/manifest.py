"""Writes beside results what anybody needs to get them again, and says what differs when somebody has."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from palanca.core import digest, save
from palanca.core.errors import UsageError

NAME = "manifest.json"
FORMAT = 1
LIBRARIES = ("palanca", "jax", "jaxlib", "numpy", "scipy", "xarray", "pandas", "zarr", "SALib", "pymoo", "scikit-learn")


@dataclass(frozen=True)
class Manifest:
    """How results were made, and fingerprints of what came out.

    Args:
        arguments: What the user typed after `palanca`, word by word.
        marks: Fingerprints of what the results depend on, by name: case, data, code, fit, question.
        key: Key of the draws.
        draws: How many draws.
        files: Fingerprint of each result file, by its name.
        versions: Version of each library, by its name.
        python: Version of Python.
        machine: Kind of processor and system; the last bits of a number may depend on it.
    """

    arguments: tuple[str, ...]
    marks: dict[str, str]
    key: int
    draws: int
    files: dict[str, str]
    versions: dict[str, str]
    python: str
    machine: str


@dataclass(frozen=True)
class Difference:
    """One respect in which results made again differ from those of a manifest.

    Args:
        what: Fingerprint, version or file.
        name: Its name.
        then: As the manifest has it; empty if it has none.
        now: As it is now; empty if there is none.
    """

    what: str
    name: str
    then: str
    now: str


def write(
    folder: Path, arguments: Sequence[str], marks: Mapping[str, str], files: Sequence[str], *, key: int, draws: int
) -> Path:
    """Write `manifest.json` into a folder of results.

    Args:
        folder: Folder of the results.
        arguments: What the user typed after `palanca`: `sys.argv[1:]`.
        marks: Fingerprints that the results depend on; `sweep.plan.marks`, or a result's provenance without its run.
        files: Names of the result files in the folder; each must come out the same when made again.
        key: Key of the draws.
        draws: How many draws.

    Raises:
        OutputError: The folder or the disk refused.
    """
    made = Manifest(
        arguments=tuple(arguments),
        marks=dict(marks),
        key=key,
        draws=draws,
        files={name: digest.of_file(folder / name) for name in files},
        versions={name: version(name) for name in LIBRARIES},
        python=platform.python_version(),
        machine=f"{platform.machine()} {platform.system()}",
    )
    return save.text(folder / NAME, json.dumps({"format": FORMAT, **asdict(made)}, indent=2, ensure_ascii=False) + "\n")


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
        given = Manifest(**held | {"arguments": tuple(held["arguments"])})
        _sound(given)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as fault:
        raise UsageError(
            "cannot read the manifest",
            where=str(found),
            found=fault.strerror or str(fault) if isinstance(fault, OSError) else str(fault),
            expected="the manifest.json that a command wrote beside its results, or its folder",
        ) from fault
    return given


def _sound(given: Manifest) -> None:
    """Refuse what only looks like a manifest.

    Raises:
        TypeError: An entry is of another kind than it should be.
    """
    tables = (given.marks, given.files, given.versions)
    if not given.arguments or not all(isinstance(word, str) for word in given.arguments):
        raise TypeError("arguments that are no list of words")
    if not all(isinstance(table, dict) for table in tables):
        raise TypeError("marks, files or versions that are no table")


def differences(then: Manifest, now: Manifest) -> list[Difference]:
    """What differs between results and the same made again, causes before consequences."""
    pairs = (
        ("fingerprint", then.marks, now.marks),
        ("version", then.versions | {"python": then.python}, now.versions | {"python": now.python}),
        ("machine", {"machine": then.machine}, {"machine": now.machine}),
        ("file", then.files, now.files),
    )
    return [
        Difference(what, name, before.get(name, ""), after.get(name, ""))
        for what, before, after in pairs
        for name in {**before, **after}
        if before.get(name) != after.get(name)
    ]


def verdict(found: Sequence[Difference]) -> str:
    """One sentence: the same to the bit or not, and what may be why."""
    files = [one.name for one in found if one.what == "file"]
    causes = [
        f"{one.what} of {one.name}" if one.what == "fingerprint" else one.name for one in found if one.what != "file"
    ]
    if not files:
        besides = f", although these differ: {', '.join(causes)}" if causes else ""
        return f"The results are the same to the bit{besides}."
    why = (
        f"These differ besides and may be why: {', '.join(causes)}"
        if causes
        else "Nothing else that is on record differs"
    )
    return f"The results are not the same: {', '.join(files)}. {why}."


def elsewhere(arguments: Sequence[str], out: Path) -> list[str]:
    """The same arguments with another folder for the results, and with nothing taken from a store.

    Args:
        arguments: Of a manifest.
        out: The folder.

    Raises:
        UsageError: The arguments name no folder for the results, so there were none to compare with.
    """
    anywhere = _without(_without(arguments, "--store"), "--cluster")  # a store would only read what it holds
    words = _without(anywhere, "--out")
    if len(words) == len(anywhere):
        raise UsageError(
            "the manifest's command wrote no results to a folder",
            where="arguments",
            found=" ".join(arguments),
            expected="--out among them",
        )
    return [*words, "--out", str(out)]


def _without(words: Sequence[str], option: str) -> list[str]:
    """The words without an option and its value."""
    kept, after = [], False
    for word in words:
        if not after and word != option and not word.startswith(f"{option}="):
            kept.append(word)
        after = word == option
    return kept
