"""Commands and options that have another name now: refused with the new one, never run under the old."""

from __future__ import annotations

from collections.abc import Sequence

from palanca.core.errors import UsageError

COMMANDS: dict[tuple[str, ...], str] = {
    ("ask", "whatif"): "palanca whatif",
    ("ask", "why"): "palanca why",
    ("ask", "leverage"): "palanca leverage GOVERNMENT --months A..B",
    ("ask", "next"): "palanca forecast --suppose NAME",
    ("ask", "search"): "palanca search",
    ("ask", "sensitivity"): "palanca sensitivity",
    ("ask", "again"): "palanca reproduce",
    ("ask",): "palanca whatif, why, leverage, forecast, search, sensitivity or reproduce",
    ("snapback",): "palanca relief",
    ("ledger",): "palanca evidence ledger",
    ("pact",): "palanca evidence ledger",
    ("facts",): "palanca evidence facts",
    ("backtest",): "palanca evidence backtest",
    ("episodes",): "palanca evidence episodes",
    ("series",): "palanca data",
}
OPTIONS: dict[tuple[str, str], str] = {  # by command, or * for all, and option
    ("*", "--stale"): "--allow-stale",
    ("*", "--over"): "--months A..B",
    ("*", "--talks"): "--table",
    ("run", "--set"): "palanca whatif --set",
    ("run", "--changes"): "palanca whatif --changes",
    ("run", "--from"): "palanca whatif --from",
    ("run", "--until"): "palanca whatif --until",
    ("run", "--mode"): "palanca whatif --react bargain",
    ("run", "--each-off"): "palanca whatif --react bargain --each-off",
    ("fit", "--verdict"): "palanca evidence fit",
    ("fit", "--out"): "--file FILE",
    ("search", "--file"): "palanca search NAME",
    ("forecast", "--months"): "--ahead N",
    ("leverage", "--month"): "palanca leverage GOVERNMENT MONTH",
    ("leverage", "--of"): "palanca leverage GOVERNMENT MONTH",
    ("why", "--from"): "two months, as in palanca why 2023-12 2024-01",
    ("why", "--to"): "two months, as in palanca why 2023-12 2024-01",
    ("data", "--from"): "palanca data update FILE",
    ("forecast", "--levers"): "--suppose NAME",
    ("forecast", "--changes"): "--suppose NAME",
}


def refuse(words: Sequence[str]) -> None:
    """Refuse an old name of a command or an option.

    Args:
        words: What the user typed after `palanca`.

    Raises:
        UsageError: Names the new one.
    """
    plain = [word for word in words if not word.startswith("-")]
    for size in (2, 1):
        old = tuple(plain[:size])
        if old in COMMANDS and len(old) == size:
            raise _renamed("command", f"palanca {' '.join(old)}", COMMANDS[old])
    command = plain[0] if plain else ""
    for word in words:
        option = word.partition("=")[0]
        new = OPTIONS.get((command, option)) or OPTIONS.get(("*", option))
        if new is not None:
            raise _renamed("option", option, new)


def _renamed(noun: str, old: str, new: str) -> UsageError:
    return UsageError(f"this {noun} has another name now", where=old, expected=new, way_out="`palanca -h` lists all.")
