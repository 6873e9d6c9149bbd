"""Links between pages lead somewhere, notes of the changelog say something, decisions say enough."""

from __future__ import annotations

import re

import pytest
from tree import ROOT, pages

LINK = re.compile(r"(!?)\[[^\]]*\]\((?!https?://|mailto:)([^)#\s]*)(#[^)\s]*)?\)")
NOTES = sorted(path for path in (ROOT / "changelog.d").glob("*") if not path.name.startswith("."))


def anchors(text: str) -> set[str]:
    """The anchors that headings get: small letters, hyphens for blanks, no signs."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def links(page: str) -> list[tuple[str, str, str]]:
    """Mark of a picture, target and anchor of every link of a page, code left out."""
    text = re.sub(r"^```.*?^```$|^ {4}[^\n]*$|`[^`\n]*`", "", pages()[page], flags=re.MULTILINE | re.DOTALL)
    return LINK.findall(text)


@pytest.mark.parametrize("page", sorted(pages()))
def test_every_picture_of_a_page_is_there(page):
    folder = (ROOT / page).parent
    assert not [target for picture, target, _ in links(page) if picture and not (folder / target).exists()]


@pytest.mark.parametrize("page", sorted(pages()))
def test_every_link_of_a_page_leads_to_a_file_and_a_heading_that_exist(page):
    for picture, target, anchor in links(page):
        found = (ROOT / page).parent / target if target else ROOT / page
        assert picture or found.exists(), target
        if anchor and found.suffix == ".md":
            assert anchor[1:] in anchors(found.read_text(encoding="utf-8")), f"{target}{anchor}"


@pytest.mark.parametrize("note", NOTES, ids=lambda note: note.name)
def test_a_note_of_the_changelog_has_a_kind_and_says_something_to_users(note):
    assert re.fullmatch(r"[a-z0-9-]+\.(added|changed|fixed|results|removed)\.md", note.name)
    text = note.read_text(encoding="utf-8").strip()
    assert 40 <= len(text) <= 600
    assert text.endswith(".")


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "decisions").glob("*.md")), ids=lambda page: page.stem)
def test_a_decision_has_its_number_context_choice_alternatives_and_status(page):
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# {page.name[:4]} ")
    assert re.findall(r"^\*\*(\w+)\.\*\*", text, re.MULTILINE) == [
        "Context",
        "Choice",
        "Alternatives",
        "Status",
    ]


def test_decisions_are_numbered_without_gaps():
    numbers = [int(page.name[:4]) for page in sorted((ROOT / "docs" / "decisions").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))
