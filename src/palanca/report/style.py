"""What every page wears: the stylesheet with the palette as its variables, and the files beside it."""

from __future__ import annotations

from pathlib import Path

from palanca.view.theme import FONT, PALETTE

ASSETS = Path(__file__).parent / "assets"


def sheet() -> str:
    """The stylesheet, light and dark."""
    light = "".join(f"--{name}:{part.light};" for name, part in PALETTE.items())
    dark = "".join(f"--{name}:{part.dark};" for name, part in PALETTE.items())
    return (
        f":root{{--font:{FONT};{light}color-scheme:light dark}}"
        f"@media screen and (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}"
        f"@media screen{{:root[data-theme=dark]{{{dark}color-scheme:dark}}}}"
        ":root[data-theme=light]{color-scheme:light}" + asset("page.css")
    )


def asset(name: str) -> str:
    """A file that goes into the page as it is."""
    return (ASSETS / name).read_text(encoding="utf-8")
