"""The first lines of the page: the question, the answer as one sentence, and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass

from palanca.core.clock import Month
from palanca.show import estimate
from palanca.show.estimate import Estimate
from palanca.spec import multiple
from palanca.web.address import AskedWorld, ChangeWord
from palanca.web.view_levers import Levers
from palanca.web.view_parts import Basis, Piece
from palanca.web.view_scene import PLURAL, Scene

HISTORY, BEFORE, UNCLEAR, NONE, CLEAR = "history", "before", "unclear", "none", "clear"


@dataclass(frozen=True)
class Lead:
    """The first lines.

    Args:
        state: Whether nothing is changed, nothing differs yet, the sign cannot be told, nothing differs, or it can.
        question: The question, its changeable parts leading to their levers.
        answer: The one large line.
        sure: How sure, in words.
        basis: What it rests on.
        note: Why it is not surer.
    """

    state: str
    question: tuple[Piece, ...]
    answer: tuple[Piece, ...]
    sure: str
    basis: Basis
    note: str


def lead(scene: Scene, levers: Levers) -> Lead:
    """The first lines of a page."""
    words, month, name = scene.words, scene.words.month(scene.month), scene.outcome
    what = words(PLURAL[name])
    if not scene.numbers.changed:
        text = words("{number} {what} in {month}.", number=scene.then(name), what=what, month=month)
        return Lead(
            HISTORY,
            (Piece(text=words("Nothing is changed yet: this is what happened.")),),
            (Piece(text=text),),
            words("Move a lever to see what it carried."),
            scene.based(scene.numbers.based(name)),
            "",
        )
    asked = tuple(_question(scene, levers))
    begins = scene.numbers.begins
    if begins is not None and scene.month < begins:
        text = words("No difference in {month}: the change begins in {begin}.", month=month, begin=words.month(begins))
        return Lead(BEFORE, asked, (Piece(text=text),), words("Months before a change do not move at all."), scene.based(estimate.Basis.published), "")
    found = scene.numbers.rests(name, scene.month)
    return _changed(scene, asked, found)


def _changed(scene: Scene, asked: tuple[Piece, ...], found: Estimate) -> Lead:
    words, name = scene.words, scene.outcome
    month, what, basis = words.month(scene.month), words(PLURAL[name]), scene.based(found)
    if found.low == found.high == 0.0:
        text = words("No more and no fewer {what} in {month}.", what=what, month=month)
        return Lead(NONE, asked, (Piece(text=text),), words("Every run says the same."), basis, basis.note)
    interval = words.between(found.low, found.high)
    few = found.level is None
    if not (found.clear or (few and (found.low > 0.0 or found.high < 0.0))):
        text = words("More or fewer {what} in {month}: the model cannot tell which.", what=what, month=month)
        return Lead(UNCLEAR, asked, (Piece(text=text),), _runs(scene, interval, few=few), basis, basis.note)
    level = scene.numbers.level(name, scene.month)
    more = found.estimate > 0.0
    number = words("{number} more" if more else "{number} fewer", number=words.amount(abs(found.estimate)))
    then = "recorded" if name == "encounters" else "of history"
    template = words(
        "About {{change}} {what} in {month}: {now} in place of the {then} " + then + ".",
        what=what, month=month, now=scene.now(name), then=words.amount(level),
    )  # fmt: skip
    before, _, after = template.partition("{change}")
    said = words("{interval} more" if more else "{interval} fewer", interval=interval)
    return Lead(
        CLEAR,
        asked,
        (Piece(text=before), Piece(text=number, strong=True), Piece(text=after)),
        _runs(scene, said, few=few),
        basis,
        basis.note,
    )


def _runs(scene: Scene, interval: str, *, few: bool) -> str:
    if few:
        draws = str(scene.numbers.answer.provenance.draws)
        return scene.words("{draws} runs, too few for an interval, say {interval}.", draws=draws, interval=interval)
    return scene.words("9 runs in 10 say {interval}.", interval=interval)


def _question(scene: Scene, levers: Levers) -> list[Piece]:
    """The question of shipped changes, or one put together from the levers moved."""
    world = scene.address.world
    if not world.changes:
        asked = scene.words.said(scene.numbers.answer.question)
        return [Piece(text=asked.text, leads=(levers.touched() or [""])[0])]
    return world_pieces(scene, levers, world)


def world_name(scene: Scene, levers: Levers, world: AskedWorld, question: str) -> str:
    """What a world is called beside others."""
    if world.changes:
        return "".join(piece.text for piece in world_pieces(scene, levers, world))
    return scene.words.said(question).text


def world_pieces(scene: Scene, levers: Levers, world: AskedWorld) -> list[Piece]:
    """What is otherwise in a world, change by change."""
    words = scene.words
    pieces = [Piece(text=words("What if") + " ")]
    for place, word in enumerate(world.changes):
        if place:
            pieces.append(Piece(text=words(", and") + " "))
        pieces += _one(scene, levers, word)
    for name in world.shipped:
        pieces.append(Piece(text=f", {words('and')} {name.replace('-', ' ')}"))
    return [*pieces, Piece(text="?")]


def _one(scene: Scene, levers: Levers, word: ChangeWord) -> list[Piece]:
    words = scene.words
    if word.key not in scene.case.levers:
        return [Piece(text=f"{word.key} {words('had been')} {word.value}")]
    name = words(levers.title(word.key))
    times = multiple.factor(word.value)
    if times == 0.0 or word.value == "0":
        verb = words("had not used {lever}", lever=_inline(name))
    elif times is not None:
        verb = words("had used {times} times its {lever}", times=f"{times:g}", lever=_inline(name))
    else:
        verb = words("had set {lever} to {value}", lever=_inline(name), value=word.value)
    found = [Piece(text=f"{levers.holder(word.key)} "), Piece(text=verb, strong=True, leads=word.key)]
    if word.first:
        found += [Piece(text=f" {words('from')} "), Piece(text=words.month(word.first), strong=True, leads=f"{word.key}-from")]
    if word.last:
        found += [Piece(text=f" {words('to')} "), Piece(text=words.month(word.last), strong=True, leads=f"{word.key}-until")]
    return found


def _inline(name: str) -> str:
    """A name within a sentence: its first letter small unless the word is an acronym."""
    head = name.split(" ")[0]
    return name if head.isupper() or any(letter.isupper() for letter in head[1:]) else name[0].lower() + name[1:]


def told_month(scene_months: tuple[Month, Month], given: Month | None, begins: Month | None) -> Month:
    """The month shown: the one asked for, else the first that differs, else the last known."""
    wanted = given or begins or scene_months[1]
    return min(max(wanted, scene_months[0]), scene_months[1])
