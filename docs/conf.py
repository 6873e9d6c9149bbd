"""The documentation site: how `make docs` turns the pages of this folder into HTML that opens without a network.

The pages stay plain Markdown, readable without the site. Where each stands on the site is said here, in SECTIONS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pygments.lexers.special import TextLexer

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "palanca"
author = "the palanca authors"
project_copyright = "the palanca authors, Apache License 2.0"
extensions = ["myst_nb"]
root_doc = "index"
exclude_patterns = ["conf.py"]
myst_heading_anchors = 4
nb_execution_mode = "off"  # notebooks carry what they printed; a test runs them and compares
highlight_language = "text"
html_theme = "furo"
html_title = "palanca"
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {"top_of_page_buttons": []}

SECTIONS = {
    "Start": ["start", "tutorials/first-answer", "tutorials/your-own-question", "glossary"],
    "Ask": [
        "whatif", "why", "forecast", "leverage", "bargaining", "levers-search", "sensitivity", "claims", "sharing",
        "quotas", "matching",
    ],
    "How to": ["figures", "own-corridor", "page", "serve", "scale"],
    "The model": ["model", "aegean"],
    "Evidence and limits": ["limits", "fit", "reference/skill", "facts", "schemes", "ledger", "editions", "sources"],
    "Reference": [
        "reference/api", "reference/commands", "errors", "reference/levers", "reference/parameters",
        "reference/series", "reference/units", "reference/facts", "reference/schemes", "reference/claims",
    ],
    "Formats of files": [
        "reference/case-format", "reference/bargain-format", "reference/ledger-format", "reference/facts-format",
        "reference/own-table", "reference/relief-format", "reference/search-format", "reference/sharing-format",
        "reference/silos-format",
    ],
    "Decisions": ["reference/decisions"],
}  # fmt: skip


def contents(app: Sphinx, page: str, source: list[str]) -> None:
    """Add the contents of the site to its first page, and the decisions to theirs."""
    if page == app.config.root_doc:
        source[0] += "".join(_tree(pages, caption) for caption, pages in SECTIONS.items())
    if page == "reference/decisions":
        source[0] += _tree(["/decisions/*"], glob=True)


def _tree(pages: list[str], caption: str = "", *, glob: bool = False) -> str:
    options = [":hidden:", *([f":caption: {caption}"] if caption else []), *([":glob:"] if glob else [])]
    return "\n\n" + "\n".join(["```{toctree}", *options, "", *pages, "```"]) + "\n"


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_lexer("csv", TextLexer)
    app.connect("source-read", contents)
    return {"parallel_read_safe": True}
