"""What a world means: the month as a table, consequences for people and governments, findings, worlds side by side."""

from __future__ import annotations

from palanca.questions.outcomes import SHORT
from palanca.show import estimate, number
from palanca.show.answer import Answer
from palanca.show.page import MARKS
from palanca.show.sentence import resting
from palanca.web import view_chart, view_said
from palanca.web.view_levers import Levers
from palanca.web.view_marks import BasisMark
from palanca.web.view_parts import Consequence, Consequences, FindingLine, Grid, GridRow
from palanca.web.view_scene import PLURAL, Scene

PEOPLE = {"deaths": "died on the way, at least", "held": "on hold at month's end", "let_in": "let in"}
COMPARED = ("encounters", "let_in", "held", "deaths", "stops")
DEAL_DRAWS = 32


def table(scene: Scene) -> Grid:
    """Every outcome of the month shown: history, the world shown, their difference and its doubt."""
    words = scene.words
    rows = [
        GridRow(
            name=words(text),
            cells=(
                scene.then(name),
                scene.now(name),
                scene.change(name) or number.NONE,
                scene.doubt(name) or number.NONE,
            ),
        )
        for name, text in scene.stations.items()
    ]
    month = words.month(scene.month)
    return Grid(
        title=month,
        heads=(month, words("history"), words("changed"), words("difference"), words("9 runs in 10")),
        rows=tuple(rows),
    )


def meaning(scene: Scene) -> Consequences:
    """For people, and for governments."""
    words, numbers = scene.words, scene.numbers
    found = Consequences(
        title=words("For people, {month}", month=words.month(scene.month)),
        people=tuple(_consequence(scene, name, what) for name, what in PEOPLE.items()),
        deal=f"month={scene.month}&draws={DEAL_DRAWS}",
    )
    told = next((one for one in numbers.answer.findings if "leverage" in one.numbers), None)
    if told is None:
        return found
    data = numbers.answer.data["leverage"]
    worlds = (("recorded", "history"), ("changed", "changed"))
    levels = [(text, estimate.of(data.sel(world=world).values)) for text, world in worlds]
    partner = next(one.name for one in scene.case.countries.values() if one.role == "transit")
    return found.model_copy(
        update={
            "leverage": tuple(view_chart.bars(scene, levels)),
            "leverage_title": words("What {country} could still withhold", country=words(partner)),
            "leverage_note": words.said(told.text),
            "leverage_basis": scene.based(told.numbers["change of leverage"]),
        }
    )


def _consequence(scene: Scene, name: str, what: str) -> Consequence:
    words, doubt = scene.words, scene.doubt(name)
    return Consequence(
        what=words(what),
        now=scene.now(name),
        change=scene.change(name),
        doubt=words("{interval} · history {then}", interval=doubt, then=scene.then(name)) if doubt else "",
        basis=scene.based(scene.numbers.rests(name, scene.month) if scene.differs else scene.numbers.based(name)),
    )


def findings(scene: Scene) -> list[FindingLine]:
    """Findings of the answer, each with what it rests on and its interval."""
    found = []
    for one in scene.numbers.answer.findings:
        first = next(iter(one.numbers.values()), None)
        basis = BasisMark(mark=MARKS[str(one.basis)], word=scene.words(str(one.basis)))
        drawn = None
        if first is not None and first.basis is one.basis:
            basis = scene.based(first)
            drawn = view_chart.interval(scene, first, resting(first)) if scene.numbers.changed else None
        found.append(FindingLine(basis=basis, said=scene.words.said(one.text), interval=drawn))
    return found


def compare(scene: Scene, levers: Levers, others: tuple[Answer, ...]) -> Grid:
    """History in levels, every other world in differences with their intervals, over the months of the first answer."""
    words = scene.words
    heads = (words("World"), *(words(PLURAL[name]) for name in COMPARED))
    answers = ([scene.numbers.answer] if scene.numbers.changed else []) + list(others)
    if not answers:
        return Grid(title="", heads=heads, rows=())
    first = next(iter(answers[0].findings), None)
    rows = [GridRow(name=words("As recorded"), cells=tuple(_cell(scene, answers[0], name, 1) for name in COMPARED))]
    worlds = ([scene.address.world] if scene.numbers.changed else []) + list(scene.address.compare)
    for place, (answer, world) in enumerate(zip(answers, worlds, strict=False)):
        kept = tuple(
            one for k, one in enumerate(scene.address.compare) if k != place - (1 if scene.numbers.changed else 0)
        )
        query = "" if scene.numbers.changed and place == 0 else scene.query(compare=kept)
        column = 3 if world.react else 2
        rows.append(
            GridRow(
                name=view_said.world_name(scene, levers, world, answer.question)
                + (f" {words('Governments answer.')}" if world.react else ""),
                cells=tuple(_cell(scene, answer, name, column) for name in COMPARED),
                strong=place == 0,
                query=query,
            )
        )
    title = first.text.partition(" there would")[0].removeprefix("In ") if first else ""
    return Grid(title=words.said(title).text, heads=heads, rows=tuple(rows))


def _cell(scene: Scene, answer: Answer, name: str, column: int) -> str:
    """A cell of the answer's own first table."""
    for row in answer.tables[0].rows:
        if row[0] == SHORT[name]:
            cell = row[column]
            if isinstance(cell, estimate.Estimate):
                if cell.low == cell.high == 0.0:
                    return number.NONE
                ends = scene.words(
                    "{low} to {high}", low=scene.words.signed(cell.low), high=scene.words.signed(cell.high)
                )
                return f"{scene.words.signed(cell.estimate)}\n{ends}"
            return scene.words.amount(float(cell)) if isinstance(cell, int | float) else str(cell)
    return number.NONE
