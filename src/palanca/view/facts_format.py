"""The tables of keys and probes that the page on the format of facts holds, drawn from the schema."""

from __future__ import annotations

from palanca.spec.facts_probes import PROBES


def probes() -> str:
    """Every probe with what it does, takes and gives, in Markdown."""
    rows = ["| probe | does | needs | may take | gives |", "| --- | --- | --- | --- | --- |"]
    for name, probe in PROBES.items():
        given = ", ".join(f"`{quantity}`" for quantity, _, _ in probe.gives) or "what `measure` names"
        cells = [f"`{name}`", probe.what, _named(probe.needs), _named(probe.takes), given]
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows)


def quantities() -> str:
    """Every quantity that a probe gives by itself, with unit and meaning."""
    rows = ["| probe | quantity | unit | what |", "| --- | --- | --- | --- |"]
    rows += [
        f"| `{name}` | `{quantity}` | {unit} | {what} |"
        for name, probe in PROBES.items()
        for quantity, unit, what in probe.gives
    ]
    return "\n".join(rows)


def _named(keys: tuple[str, ...]) -> str:
    return ", ".join(f"`{key}`" for key in keys) or "–"
