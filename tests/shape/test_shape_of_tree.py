"""The tree holds nothing of one machine, nothing secret, nothing huge, and installs from a whole lock."""

from __future__ import annotations

import re
import tomllib

import pytest
from tree import ROOT, kept_files, kept_texts

MACHINE = re.compile(r"(?<![\w.~-])/(?:work|farm|root|home/\w+|Users/\w+)/")
REGISTRY = re.compile(
    r"py" + r"pi\.org|python" + r"hosted\.org|npm" + r"js\.|--(?:extra-)?index" + r"-url", re.IGNORECASE
)
PIN = re.compile(r"^([a-z0-9-]+)==(\S+)(?: ;.*)? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE)


def test_no_file_names_a_path_of_one_machine():
    assert not {name: m[0] for name, text in kept_texts().items() if (m := MACHINE.search(text))}


def test_no_file_names_the_address_of_a_package_registry():
    assert not {name: m[0] for name, text in kept_texts().items() if (m := REGISTRY.search(text))}


def test_no_file_is_larger_than_two_megabytes():
    assert not [path.name for path in kept_files() if path.stat().st_size > 2_000_000]


@pytest.mark.parametrize("name", ["run", "dev"])
def test_every_line_of_a_lock_is_an_exact_version_with_hashes(name):
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    left = PIN.sub("", text)
    assert not [line for line in left.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert len(PIN.findall(text)) >= 20


def test_the_lock_for_development_holds_the_versions_of_the_lock_for_running():
    run, dev = (
        {name: version for name, version, _ in PIN.findall((ROOT / "requirements" / file).read_text("utf-8"))}
        for file in ("run.txt", "dev.txt")
    )
    assert run.items() <= dev.items()


def test_everything_that_the_package_asks_for_is_in_the_lock():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = settings["project"]["dependencies"] + settings["build-system"]["requires"]
    names = {re.match(r"[A-Za-z0-9.]+(?:[-_][A-Za-z0-9.]+)*", line)[0].lower().replace(".", "-") for line in asked}
    locked = {name for name, _, _ in PIN.findall((ROOT / "requirements" / "run.txt").read_text("utf-8"))}
    assert names <= locked


def test_contributing_is_read_in_one_screen_or_two():
    assert len((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines()) <= 60


def test_make_alone_lists_every_target_that_a_person_calls():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    called = set(re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)[1].split())
    described = set(re.findall(r"^([a-z]+):.*## .+$", text, re.MULTILINE))
    assert called == described
