"""The first lines of the page: the question, the answer as one sentence, and how sure it is."""

from __future__ import annotations

from palanca.core.clock import Month
from palanca.show.estimate import Basis, Estimate
from palanca.spec import multiple
from palanca.web.address import AskedWorld, ChangeWord
from palanca.web.view_levers import Levers
from palanca.web.view_marks import BasisMark
from palanca.web.view_parts import Lead, TextPiece
from palanca.web.view_scene import PLURAL, Scene

HISTORY, BEFORE, UNCLEAR, NONE, CLEAR = "history", "before", "unclear", "none", "clear"


def lead(scene: Scene, levers: Levers) -> Lead:
    """The first lines of a page."""
    words, month, name = scene.words, scene.words.month(scene.month), scene.outcome
    if not scene.numbers.changed:
        text = words("{number} {what} in {month}.", number=scene.then(name), what=words(PLURAL[name]), month=month)
        asked = [TextPiece(text=words("Nothing is changed yet: this is what happened."))]
        sure, basis = words("Move a lever to see what it carried."), scene.based(scene.numbers.based(name))
        return _plain(HISTORY, asked, text, sure, basis)
    asked = _question(scene, levers)
    begins = scene.numbers.begins
    if begins is not None and scene.month < begins:
        text = words("No difference in {month}: the change begins in {begin}.", month=month, begin=words.month(begins))
        sure, basis = words("Months before a change do not move at all."), scene.based(Basis.published)
        return _plain(BEFORE, asked, text, sure, basis)
    return _changed(scene, asked, scene.numbers.rests(name, scene.month))


def _plain(state: str, asked: list[TextPiece], text: str, sure: str, basis: BasisMark) -> Lead:
    """First lines without a number that stands out."""
    return Lead(state=state, question=tuple(asked), answer=(TextPiece(text=text),), sure=sure, basis=basis)


def _changed(scene: Scene, asked: list[TextPiece], found: Estimate) -> Lead:
    words, name = scene.words, scene.outcome
    month, what, basis = words.month(scene.month), words(PLURAL[name]), scene.based(found)
    doubt = words("The interval holds doubt about parameters, not about the equations")
    basis = basis.model_copy(update={"note": basis.note or doubt})
    if found.low == found.high == 0.0:
        text = words("No more and no fewer {what} in {month}.", what=what, month=month)
        return _plain(NONE, asked, text, words("Every run says the same."), basis)
    interval, few = words.between(found.low, found.high), found.level is None
    if found.low <= 0.0 <= found.high:
        text = words("More or fewer {what} in {month}: the model cannot tell which.", what=what, month=month)
        return _plain(UNCLEAR, asked, text, _runs(scene, interval, few=few), basis)
    more = found.estimate > 0.0
    number = words("{number} more" if more else "{number} fewer", number=words.amount(abs(found.estimate)))
    recorded = "About {{change}} {what} in {month}: {now} in place of the {then} recorded."
    told = "About {{change}} {what} in {month}: {now} in place of the {then} of history."
    template = words(
        recorded if name == "encounters" else told,
        what=what, month=month, now=scene.now(name), then=scene.then(name),
    )  # fmt: skip
    before, _, after = template.partition("{change}")
    said = words("{interval} more" if more else "{interval} fewer", interval=interval)
    return Lead(
        state=CLEAR,
        question=tuple(asked),
        answer=(TextPiece(text=before), TextPiece(text=number, strong=True), TextPiece(text=after)),
        sure=_runs(scene, said, few=few),
        basis=basis,
    )


def _runs(scene: Scene, interval: str, *, few: bool) -> str:
    if few:
        draws = str(scene.numbers.answer.provenance.draws)
        return scene.words("{draws} runs, too few for an interval, say {interval}.", draws=draws, interval=interval)
    return scene.words("9 runs in 10 say {interval}.", interval=interval)


def _question(scene: Scene, levers: Levers) -> list[TextPiece]:
    """The question of shipped changes, or one put together from the levers moved."""
    world = scene.address.world
    if not world.changes:
        asked = scene.words.said(scene.numbers.answer.question)
        return [TextPiece(text=asked.text, leads=(levers.touched() or [""])[0])]
    return world_pieces(scene, levers, world)


def world_name(scene: Scene, levers: Levers, world: AskedWorld, question: str) -> str:
    """What a world is called beside others."""
    if world.changes:
        return "".join(piece.text for piece in world_pieces(scene, levers, world))
    return scene.words.said(question).text


def world_pieces(scene: Scene, levers: Levers, world: AskedWorld) -> list[TextPiece]:
    """What is otherwise in a world, change by change."""
    words = scene.words
    pieces = [TextPiece(text=words("What if") + " ")]
    for place, word in enumerate(world.changes):
        if place:
            pieces.append(TextPiece(text=words(", and") + " "))
        pieces += _one(scene, levers, word)
    for name in world.shipped:
        pieces.append(TextPiece(text=f", {words('and')} {name.replace('-', ' ')}"))
    return [*pieces, TextPiece(text="?")]


def _one(scene: Scene, levers: Levers, word: ChangeWord) -> list[TextPiece]:
    words = scene.words
    if word.key not in scene.case.levers:
        return [TextPiece(text=f"{word.key} {words('had been')} {word.value}")]
    name = words(levers.title(word.key))
    times = multiple.factor(word.value)
    if times == 0.0 or word.value == "0":
        verb = words("had not used {lever}", lever=_inline(name))
    elif times is not None:
        verb = words("had used {times} times its {lever}", times=f"{times:g}", lever=_inline(name))
    else:
        verb = words("had set {lever} to {value}", lever=_inline(name), value=word.value)
    holder = levers.holder(word.key)
    named = f"in a sentence: {holder}"  # some names take an article there
    found = [
        TextPiece(text=f"{words(named) if words.knows(named) else holder} "),
        TextPiece(text=verb, strong=True, leads=word.key),
    ]
    if word.first:
        found += [
            TextPiece(text=f" {words('from')} "),
            TextPiece(text=words.month(word.first), strong=True, leads=f"{word.key}-from"),
        ]
    if word.last:
        found += [
            TextPiece(text=f" {words('to')} "),
            TextPiece(text=words.month(word.last), strong=True, leads=f"{word.key}-until"),
        ]
    return found


def _inline(name: str) -> str:
    """A name within a sentence: its first letter small unless the word is an acronym."""
    head, _, _ = name.partition(" ")
    return name if head.isupper() or any(letter.isupper() for letter in head[1:]) else name[0].lower() + name[1:]


def told_month(scene_months: tuple[Month, Month], given: Month | None, begins: Month | None) -> Month:
    """The month shown: the one asked for, else the first that differs, else the last known."""
    wanted = given or begins or scene_months[1]
    return min(max(wanted, scene_months[0]), scene_months[1])
