"""One world as the page shows it: an answer, the month and outcome of an address, and words, turned into a record."""

from __future__ import annotations

import json
from dataclasses import replace

from palanca.api.model import Model
from palanca.questions import changes as declaring
from palanca.questions.outcomes import SHORT
from palanca.show import estimate, number
from palanca.show.answer import Answer
from palanca.show.page import MARKS
from palanca.show.sentence import resting
from palanca.web import view_chart, view_file, view_levers, view_map, view_said
from palanca.web.address import Address, AskedWorld
from palanca.web.view_levers import Levers
from palanca.web.view_numbers import Numbers, history
from palanca.web.view_parts import Basis, Choice, Fact, Grid, Row, Told, WorldView
from palanca.web.view_scene import PLURAL, SHOWN, STATION, Scene
from palanca.web.words import Said, words

PEOPLE = ("deaths", "held", "let_in")
MOST_WORLDS = 4
COMPARED = ("encounters", "let_in", "held", "deaths", "stops")
DEAL_DRAWS = 32

__all__ = ["WorldView", "history", "world_view"]


def world_view(
    answer: Answer, model: Model, address: Address, lang: str, others: tuple[Answer, ...] = ()
) -> WorldView:
    """What the page of one world shows.

    Args:
        answer: Of `whatif`, or of `run` where nothing is changed.
        model: The model it was asked of.
        address: The address: its world, month, outcome and the worlds beside it.
        lang: Language.
        others: Answers of the worlds beside it, in order of the address.
    """
    past = history(model)
    numbers = Numbers(answer, past, "answered" if address.world.react else "changed")
    month = view_said.told_month(numbers.span, address.month, numbers.begins)
    scene = Scene(numbers, words(lang), model.case, view_file.of(model.case.case), replace(address, month=month), month)
    levers = view_levers.of(scene)
    lead = view_said.lead(scene, levers)
    drawing = scene.file.drawing
    months = view_chart.months(scene)
    at = months.index(month)
    return WorldView(
        title="".join(piece.text for piece in lead.answer),
        state=lead.state,
        question=lead.question,
        answer=lead.answer,
        sure=lead.sure,
        sure_basis=lead.basis,
        sure_note=lead.note,
        dots=view_chart.dots(scene),
        month=str(month),
        month_name=scene.words.month(month),
        months=tuple(
            Choice(text=scene.words.month(one), query=scene.query(month=one), value=str(one), current=one == month)
            for one in months
        ),
        earlier=scene.query(month=months[at - 1]) if at else "",
        later=scene.query(month=months[at + 1]) if at + 1 < len(months) else "",
        **_moved(scene, levers),
        sheet=view_map.sheet(scene, drawing) if drawing else None,
        stations=tuple(view_map.letters(scene, drawing)),
        table=_table(scene),
        outcomes=tuple(
            Choice(text=scene.words(PLURAL[name]).capitalize(), query=scene.query(show="" if key == "en" else key), value=key, current=name == scene.outcome)
            for key, name in SHOWN.items()
        ),
        curves=(view_chart.curve(scene), view_chart.curve(scene, narrow=True)),
        **_meaning(scene),
        findings=tuple(_findings(scene)),
        parts=view_chart.parts(scene),
        caveats=tuple(scene.words.said(text) for text in answer.caveats),
        compare=_compare(scene, levers, others),
        keep=_keep(scene),
        bases=tuple(Basis(mark=mark, word=scene.words(word), note=scene.words(BASES[word])) for word, mark in MARKS.items()),
        sources=_sources(scene),
        **_again(scene),
        hidden=tuple(tuple(pair) for pair in _hidden(scene)),
    )


BASES = {
    "published": "an official figure",
    "learned": "the figures moved it",
    "in between": "figures, and a judgement",
    "assumed": "a judgement with its spread",
    "sign assumed": "even the direction is a judgement",
}


def _moved(scene: Scene, levers: Levers) -> dict[str, object]:
    """Levers, ready-made worlds, and whether governments answer."""
    panels = levers.panels()
    shown = {one.id for one in panels}
    listed = [name for name in scene.file.levers if name in scene.case.levers and name not in shown]
    world = scene.address.world
    react = (("as recorded", False), ("answer", True))
    shipped = declaring.shipped(scene.case)
    return {
        "levers": tuple(panels),
        "lines": tuple(levers.lines(listed)),
        "all_levers": tuple(levers.lines([name for name in scene.case.levers if name not in shown])),
        "worlds": tuple(
            Choice(
                text=scene.words.said(declaring.title(path)).text,
                query=scene.query(world=AskedWorld(shipped=(name,), react=world.react), month=None),
                value=name,
                current=name in world.shipped,
            )
            for name, path in shipped.items()
        ),
        "reset": scene.query(world=AskedWorld()),
        "reacts": tuple(
            Choice(text=scene.words(text), query=scene.query(world=replace(world, react=on)), current=world.react is on)
            for text, on in react
        ),
    }


def _table(scene: Scene) -> Grid:
    words = scene.words
    rows = [
        Row(
            name=words(text),
            cells=(scene.then(name), scene.now(name), scene.change(name) or number.NONE, scene.doubt(name) or number.NONE),
        )
        for name, text in STATION.items()
    ]
    month = words.month(scene.month)
    return Grid(
        title=month,
        heads=(month, words("history"), words("changed"), words("difference"), words("9 runs in 10")),
        rows=tuple(rows),
    )


def _meaning(scene: Scene) -> dict[str, object]:
    """For people, and for governments."""
    words = scene.words
    people = tuple(
        Fact(
            what=words({"deaths": "died on the way, at least", "held": "on hold at month's end", "let_in": "let in"}[name]),
            now=scene.now(name),
            change=scene.change(name),
            doubt=words("{interval} · history {then}", interval=scene.doubt(name), then=scene.then(name)) if scene.doubt(name) else "",
            basis=scene.based(scene.numbers.rests(name, scene.month) if scene.differs else scene.numbers.based(name)),
        )
        for name in PEOPLE
    )
    found: dict[str, object] = {
        "people": people,
        "people_title": words("For people, {month}", month=words.month(scene.month)),
        "leverage": (),
        "leverage_title": "",
        "leverage_note": Said(text=""),
        "leverage_basis": None,
        "deal": f"month={scene.month}&draws={DEAL_DRAWS}",
    }
    told = next((one for one in scene.numbers.answer.findings if "leverage" in one.numbers), None)
    if told is None:
        return found
    data = scene.numbers.answer.data["leverage"]
    levels = [("recorded", estimate.of(data.sel(world="history").values)), ("changed", estimate.of(data.sel(world="changed").values))]
    partner = next(one.name for one in scene.case.countries.values() if one.role == "transit")
    return found | {
        "leverage": tuple(view_chart.bars(scene, levels)),
        "leverage_title": words("What {country} could still withhold", country=words(partner)),
        "leverage_note": words.said(told.text),
        "leverage_basis": scene.based(told.numbers["change of leverage"]),
    }


def _findings(scene: Scene) -> list[Told]:
    found = []
    for one in scene.numbers.answer.findings:
        first = next(iter(one.numbers.values()), None)
        basis = Basis(mark=MARKS[str(one.basis)], word=scene.words(str(one.basis)))
        drawn = None
        if first is not None and first.basis is one.basis:
            basis = scene.based(first)
            drawn = view_chart.interval(scene, first, resting(first)) if scene.numbers.changed else None
        found.append(Told(basis=basis, said=scene.words.said(one.text), interval=drawn))
    return found


def _compare(scene: Scene, levers: Levers, others: tuple[Answer, ...]) -> Grid:
    """History in levels, every other world in differences with their intervals, over the months of the first answer."""
    words = scene.words
    heads = (words("World"), *(words(PLURAL[name]) for name in COMPARED))
    answers = ([scene.numbers.answer] if scene.numbers.changed else []) + list(others)
    if not answers:
        return Grid(title="", heads=heads, rows=())
    first = next(iter(answers[0].findings), None)
    rows = [Row(name=words("As recorded"), cells=tuple(_cell(scene, answers[0], name, 1) for name in COMPARED))]
    worlds = ([scene.address.world] if scene.numbers.changed else []) + list(scene.address.compare)
    for place, (answer, world) in enumerate(zip(answers, worlds, strict=False)):
        kept = tuple(one for k, one in enumerate(scene.address.compare) if k != place - (1 if scene.numbers.changed else 0))
        query = "" if scene.numbers.changed and place == 0 else scene.query(compare=kept)
        column = 3 if world.react else 2
        rows.append(
            Row(
                name=view_said.world_name(scene, levers, world, answer.question) + (f" {words('Governments answer.')}" if world.react else ""),
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
                ends = scene.words("{low} to {high}", low=scene.words.signed(cell.low), high=scene.words.signed(cell.high))
                return f"{scene.words.signed(cell.estimate)}\n{ends}"
            return scene.words.amount(float(cell)) if isinstance(cell, int | float) else str(cell)
    return number.NONE


def _keep(scene: Scene) -> str:
    """Query that puts the world shown beside the next one; empty where four are there already."""
    world = scene.address.world
    if not world or len(scene.address.compare) >= MOST_WORLDS - 1 or world in scene.address.compare:
        return ""
    return scene.query(compare=(*scene.address.compare, world))


def _sources(scene: Scene) -> tuple[Said, ...]:
    said = dict.fromkeys(one.source for one in scene.numbers.answer.charts if one.source)
    notes = [scene.words.said(text) for text in scene.numbers.answer.provenance.notes]
    coasts = [Said(text=scene.words("Coastlines: {source}, public domain.", source=scene.file.drawing.source), lang=scene.words.lang)] if scene.file.drawing else []
    return (*(Said(text=text) for text in said), *notes, *coasts)


def _again(scene: Scene) -> dict[str, str]:
    """How to get the same numbers again: address, command, Python."""
    made = scene.numbers.answer.provenance
    address = scene.address.path()
    rows = made.arguments.get("changes", [])
    assert isinstance(rows, list | tuple)
    case = made.case
    if not scene.numbers.changed:
        command, python = f"palanca run {case} --draws {made.draws}", f'pl.load("{case}").run(draws={made.draws})'
    else:
        given = json.dumps(list(rows), ensure_ascii=False)
        command = f"palanca whatif {case} --changes changes.yaml --draws {made.draws} --key {made.key}"
        python = f'pl.load("{case}").whatif({given}, draws={made.draws}, key={made.key})'
    return {
        "address": address,
        "command": command,
        "python": python,
        "printed": scene.words("This world: {address}", address=address),
        "draws_note": scene.words(
            "{draws} histories, key {key}, intervals of 90 %.", draws=str(made.draws), key=str(made.key)
        ),
    }


def _hidden(scene: Scene) -> list[tuple[str, str]]:
    """Parts of the address as hidden fields of a form."""
    found = []
    for part in scene.address.query().split("&"):
        name, _, value = part.partition("=")
        if name:
            found.append((name, value))
    return found
