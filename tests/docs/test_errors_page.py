"""Every kind of error has an entry that says what happened, why, and what to do; no entry is for nothing."""

from __future__ import annotations

import re

import pytest
from tree import ROOT

from palanca.core.errors import leaves

PAGE = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
ENTRIES = dict(re.findall(r"^## (\S+)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))


def test_entries_and_kinds_of_error_are_the_same_in_the_same_order():
    assert list(ENTRIES) == [leaf.slug for leaf in leaves()]


@pytest.mark.parametrize("slug", ENTRIES)
def test_every_entry_says_what_happened_why_and_what_to_do(slug):
    parts = re.findall(r"^\*\*(.+?)\*\* (.{20,})", ENTRIES[slug], re.MULTILINE)
    assert [name for name, _ in parts] == ["What happened.", "Why.", "What to do."]
