"""The documentation site builds without a warning, holds every page, and asks nothing of a network."""

from __future__ import annotations

import re
import subprocess
import sys

import browser
import pytest
from playwright.sync_api import sync_playwright
from tree import ROOT

PAGES = sorted(
    path.relative_to(ROOT / "docs") for path in (ROOT / "docs").rglob("*") if path.suffix in {".md", ".ipynb"}
)
ASKED = re.compile(r"""<(?:link|script|img)\b[^>]*?(?:href|src)=["'](?:https?:)?//[^"']*""")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The built site; every warning is a failure."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "--quiet", "--fail-on-warning", "--keep-going",
               "-d", str(folder / "read"), "docs", str(folder / "html")]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder / "html"


@pytest.fixture(scope="module")
def opened():
    """A page of a real browser, without a network."""
    program = browser.executable()
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=list(browser.FLAGS))
        yield running.new_context(offline=True).new_page()
        running.close()


def test_every_page_of_the_documents_is_a_page_of_the_site(site):
    assert len(PAGES) > 60
    assert not {"search", "genindex"} & {page.stem for page in PAGES}, "the site has pages of its own of that name"
    assert not [page for page in PAGES if not (site / page).with_suffix(".html").exists()]


def test_no_page_of_the_site_loads_anything_from_a_network(site):
    asked = {path.name: ASKED.findall(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")}
    assert not {name: found for name, found in asked.items() if found}


@pytest.mark.parametrize(("word", "page"), [("shapley", "leverage"), ("posterior", "model")])
def test_the_search_of_the_site_finds_a_word_on_its_page_from_a_folder(site, word, page, opened):
    opened.goto(f"{(site / 'search.html').as_uri()}?q={word}")
    opened.wait_for_selector(f'#search-results a[href^="{page}.html"]', timeout=30_000)


@pytest.mark.parametrize("width", [1280, 420])
def test_no_page_of_the_site_is_wider_than_its_window(site, opened, width):
    opened.set_viewport_size({"width": width, "height": 900})
    for page in ("index", "model", "reference/skill", "tutorials/first-answer"):
        opened.goto((site / f"{page}.html").as_uri())
        assert opened.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page
