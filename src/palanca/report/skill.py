"""One HTML file about a backtest: skill in sentences, charts and tables, and how it was measured."""

from __future__ import annotations

from palanca.evidence.skill_store import Skill
from palanca.report import sheet, tags
from palanca.report.sheet import Part
from palanca.view import skill as charts
from palanca.view import skill_prose, skill_tables
from palanca.view.theme import month_name


def html(skill: Skill) -> str:
    """The whole page as text."""
    opening, *others = charts.of_skill(skill)
    listed = skill_tables.tables(skill) | {skill_tables.EACH: skill_tables.labels(skill)}
    shown = [tags.table(lines, title, folded=i > 2) for i, (title, lines) in enumerate(listed.items())]
    facts = {"Starts": f"{skill.first} to {skill.last}, every {skill.every}"}
    facts |= {f"Fingerprint, {name}": mark for name, mark in skill.made.items()}
    return sheet.html(
        f"How good forecasts of {skill.case} were",
        f"Starts {month_name(skill.first)} to {month_name(skill.last)}",
        skill_prose.headline(skill),
        skill_prose.looked_at(skill),
        opening,
        [
            Part("charts", "Against what people would use instead", "", tuple(others)),
            Part("tables", "Every score", "".join(shown)),
            Part("method", "How it was measured", tags.bullets(skill_prose.method(skill))),
            Part("provenance", "What it rests on", tags.facts(facts.items())),
        ],
    )
