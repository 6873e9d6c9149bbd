"""One world as the page shows it: an answer, the month and outcome of an address, and words, turned into a record."""

from __future__ import annotations

import json
from dataclasses import replace

from palanca.api.model import Model
from palanca.questions import changes as declaring
from palanca.show import recipe
from palanca.show.answer import Answer
from palanca.show.page import MARKS
from palanca.web import view_chart, view_file, view_levers, view_map, view_means, view_said
from palanca.web.address import Address, AskedWorld
from palanca.web.view_levers import Levers
from palanca.web.view_marks import BasisMark
from palanca.web.view_numbers import Numbers, history
from palanca.web.view_parts import Again, Choice, LeverBoard, WorldView
from palanca.web.view_scene import PLURAL, SHOWN, Scene
from palanca.web.words import Said, words

MOST_WORLDS = 4
BASES = {
    "published": "an official figure",
    "learned": "the figures moved it",
    "in between": "figures, and a judgement",
    "assumed": "a judgement with its spread",
    "sign assumed": "even the direction is a judgement",
}

__all__ = ["WorldView", "history", "world_view"]


def world_view(answer: Answer, model: Model, address: Address, lang: str, others: tuple[Answer, ...] = ()) -> WorldView:
    """What the page of one world shows.

    Args:
        answer: Of `whatif`, or of `run` where nothing is changed.
        model: The model it was asked of.
        address: The address: its world, month, outcome and the worlds beside it.
        lang: Language.
        others: Answers of the worlds beside it, in order of the address.
    """
    past = history(model)
    numbers = Numbers(answer, past, model.case, "answered" if address.world.react else "changed")
    month = view_said.told_month(numbers.span, address.month, numbers.begins)
    scene = Scene(numbers, words(lang), model.case, view_file.of(model.case.case), replace(address, month=month), month)
    levers = view_levers.of(scene)
    lead = view_said.lead(scene, levers)
    drawing = scene.file.drawing
    months = view_chart.months(scene)
    at = months.index(month)
    return WorldView(
        title="".join(piece.text for piece in lead.answer),
        lead=lead,
        dots=view_chart.dots(scene),
        month=str(month),
        month_name=scene.words.month(month),
        months=tuple(
            Choice(text=scene.words.month(one), query=scene.query(month=one), value=str(one), current=one == month)
            for one in months
        ),
        earlier=scene.query(month=months[at - 1]) if at else "",
        later=scene.query(month=months[at + 1]) if at + 1 < len(months) else "",
        board=_board(scene, levers),
        sheet=view_map.sheet(scene, drawing) if drawing else None,
        stations=tuple(view_map.letters(scene, drawing)),
        table=view_means.table(scene),
        outcomes=_outcomes(scene),
        curves=(view_chart.curve(scene), view_chart.curve(scene, narrow=True)),
        meaning=view_means.meaning(scene),
        findings=tuple(view_means.findings(scene)),
        parts=view_chart.parts(scene),
        caveats=tuple(scene.words.said(text) for text in answer.caveats),
        compare=view_means.compare(scene, levers, others),
        keep=_keep(scene),
        bases=tuple(
            BasisMark(mark=mark, word=scene.words(word), note=scene.words(BASES[word])) for word, mark in MARKS.items()
        ),
        sources=_sources(scene),
        again=_again(scene),
        hidden=tuple(_hidden(scene)),
    )


def _outcomes(scene: Scene) -> tuple[Choice, ...]:
    """Outcomes that headline and curve can tell."""
    return tuple(
        Choice(
            text=scene.words(PLURAL[name]).capitalize(),
            query=scene.query(show="" if key == "en" else key),
            value=key,
            current=name == scene.outcome,
        )
        for key, name in SHOWN.items()
    )


def _board(scene: Scene, levers: Levers) -> LeverBoard:
    """Levers, ready-made worlds, and whether governments answer."""
    panels, world = levers.panels(), scene.address.world
    shown = {one.id for one in panels}
    listed = [name for name in scene.file.levers if name in scene.case.levers and name not in shown]
    ready = [
        Choice(
            text=scene.words.said(declaring.title(path)).text,
            query=scene.query(world=AskedWorld(shipped=(name,), react=world.react), month=None),
            value=name,
            current=name in world.shipped,
        )
        for name, path in declaring.shipped(scene.case).items()
    ]
    reacts = [
        Choice(text=scene.words(text), query=scene.query(world=replace(world, react=on)), current=world.react is on)
        for text, on in (("as recorded", False), ("answer", True))
    ]
    return LeverBoard(
        panels=tuple(panels),
        lines=tuple(levers.lines(listed)),
        every=tuple(levers.lines([name for name in scene.case.levers if name not in shown])),
        worlds=tuple(ready),
        reset=scene.query(world=AskedWorld()),
        reacts=tuple(reacts),
    )


def _keep(scene: Scene) -> str:
    """Query that puts the world shown beside the next one; empty where four are there already."""
    world = scene.address.world
    if not world or len(scene.address.compare) >= MOST_WORLDS - 1 or world in scene.address.compare:
        return ""
    return scene.query(compare=(*scene.address.compare, world))


def _sources(scene: Scene) -> tuple[Said, ...]:
    said = dict.fromkeys(one.source for one in scene.numbers.answer.charts if one.source)
    notes = [scene.words.said(text) for text in scene.numbers.answer.provenance.notes]
    coasts = (
        [
            Said(
                text=scene.words("Coastlines: {source}, public domain.", source=scene.file.drawing.source),
                lang=scene.words.lang,
            )
        ]
        if scene.file.drawing
        else []
    )
    return (*(Said(text=text) for text in said), *notes, *coasts)


def _again(scene: Scene) -> Again:
    """How to get the same numbers again: address, command, Python."""
    made, words = scene.numbers.answer.provenance, scene.words
    address = scene.address.path()
    if scene.numbers.changed:
        given = json.dumps(made.arguments.get("changes"), ensure_ascii=False)
        python = f'pl.load("{made.case}").whatif({given}, draws={made.draws}, key={made.key})'
    else:
        python = f'pl.load("{made.case}").run(draws={made.draws}, key={made.key})'
    return Again(
        address=address,
        query="?" + scene.address.query(),
        command=recipe.command(made),
        python=python,
        printed=words("This world: {address}", address=address),
        draws=words("{draws} histories, key {key}, intervals of 90 %.", draws=str(made.draws), key=str(made.key)),
    )


def _hidden(scene: Scene) -> list[tuple[str, str]]:
    """Parts of the address as hidden fields of a form."""
    found = []
    for part in scene.address.query().split("&"):
        name, _, value = part.partition("=")
        if name:
            found.append((name, value))
    return found
