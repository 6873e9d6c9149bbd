"""Records that the page is drawn from: plain texts and coordinates, nothing left to compute or to word."""

from __future__ import annotations

from palanca.spec.schema import Strict
from palanca.web.view_map_parts import CorridorSheet, Station
from palanca.web.view_marks import BasisMark, Circle, Tick
from palanca.web.words import Said


class TextPiece(Strict):
    """A stretch of a line: its text, whether it stands out, and the lever that it leads to."""

    text: str
    strong: bool = False
    leads: str = ""


class Choice(Strict):
    """One of several: its text, the query of its address, whether it is the one shown."""

    text: str
    query: str
    value: str = ""
    current: bool = False


class Dots(Strict):
    """Ten dots, a run in ten each, on an axis that stays while a lever moves."""

    title: str
    label: str
    ticks: tuple[Tick, ...]
    zero: float
    low: float
    high: float
    circles: tuple[Circle, ...]


class Curve(Strict):
    """Lines over time: paths, ticks of both axes, the cursor, and dots of figures."""

    title: str
    label: str
    width: float
    height: float
    history: str
    history_band: str
    changed: str
    changed_band: str
    points: tuple[Circle, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    cursor: float
    at: int
    count: int
    said: str
    ends: tuple[Tick, ...]
    first_x: float
    last_x: float
    queries: tuple[str, ...]


class GridRow(Strict):
    """A row of a table as it is read."""

    name: str
    cells: tuple[str, ...]
    strong: bool = False
    query: str = ""


class Grid(Strict):
    """A table as it is read."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[GridRow, ...]


class Interval(Strict):
    """An estimate on a line: interval, what would be left of it were the judgement known, the middle, and zero."""

    label: str
    zero: float
    low: float
    high: float
    middle: float
    kept_low: float
    kept_high: float
    assumed: bool


class FindingLine(Strict):
    """A finding: what it rests on, its sentence, its interval."""

    basis: BasisMark
    said: Said
    interval: Interval | None = None


class Part(Strict):
    """A row of dot and line: whose number differs."""

    name: str
    y: float
    low: float
    high: float
    middle: float
    said: str


class Parts(Strict):
    """Dot and line by origin."""

    title: str
    note: str
    label: str
    ticks: tuple[Tick, ...]
    rows: tuple[Part, ...]
    height: float


class Consequence(Strict):
    """A consequence: what, its number, the difference, and its doubt."""

    what: str
    now: str
    change: str
    doubt: str
    basis: BasisMark


class Bar(Strict):
    """A bar with its interval."""

    text: str
    kind: str
    y: float
    width: float
    low: float
    high: float


class Note(Strict):
    """One entry of a lever's record: when, how strong, whom it covers, what it rests on, who says so."""

    dates: str
    amount: str
    covers: Said
    basis: BasisMark
    note: Said
    sources: tuple[str, ...]


class Slider(Strict):
    """A slider of a lever.

    Args:
        low: Lower end.
        high: Upper end.
        step: Its step.
        at: Where it stands.
        mark: Where the record stands.
        times: Whether it tells multiples of the record; else the lever's own unit.
        low_text: What stands below the lower end.
        high_text: What stands below the upper end.
    """

    low: float
    high: float
    step: float
    at: float
    mark: float
    times: bool
    low_text: str
    high_text: str


class LeverPanel(Strict):
    """A lever that can be moved.

    Args:
        id: As the address calls it.
        name: Its name.
        holder: Who holds it.
        what: What it is.
        changed: Whether it is otherwise.
        shipped: Whether ready-made changes make it so, and none of its own.
        value: Its value in words.
        recorded: The record in words.
        slider: Its slider.
        first: First month changed.
        last: Last month changed; empty for open.
        who: Whom the change covers, as an address has it; empty for all whom the lever covers.
        covers: The same in words.
        whom: Origins and groups that a change may be narrowed to.
        record_path: The recorded path by month.
        own_path: The changed path.
        path_ticks: Months below the paths.
        notes: Entries of its record.
        acts: Whether it acts in the model.
        reset: Query of the address with this lever as recorded.
    """

    id: str
    name: str
    holder: str
    what: Said
    changed: bool
    shipped: bool
    value: str
    recorded: str
    slider: Slider
    first: str
    last: str
    who: str
    covers: Said
    whom: tuple[Choice, ...]
    record_path: str
    own_path: str
    path_ticks: tuple[Tick, ...]
    notes: tuple[Note, ...]
    acts: bool
    reset: str


class LeverLine(Strict):
    """A lever as one line: its name, holder, what it is set to, and the address that opens it."""

    id: str
    name: str
    holder: str
    state: str
    query: str
    current: bool


class LeverBoard(Strict):
    """All levers: those with a slider, the next as lines, every other, ready-made worlds, how governments behave."""

    panels: tuple[LeverPanel, ...]
    lines: tuple[LeverLine, ...]
    every: tuple[LeverLine, ...]
    worlds: tuple[Choice, ...]
    reset: str
    reacts: tuple[Choice, ...]


class Consequences(Strict):
    """What it means, for people and for governments; the address of a deal of the month."""

    title: str
    people: tuple[Consequence, ...]
    deal: str
    leverage: tuple[Bar, ...] = ()
    leverage_title: str = ""
    leverage_note: Said = Said(text="")
    leverage_basis: BasisMark | None = None


class Again(Strict):
    """How to get the same numbers again."""

    address: str
    query: str
    command: str
    python: str
    printed: str
    draws: str


class Lead(Strict):
    """The first lines.

    Args:
        state: `history`, `before` (nothing differs yet), `unclear` (the sign cannot be told), `none` or `clear`.
        question: The question, its changeable parts leading to their levers.
        answer: The one large line.
        sure: How sure, in words.
        basis: What it rests on, and why it is not surer.
    """

    state: str
    question: tuple[TextPiece, ...]
    answer: tuple[TextPiece, ...]
    sure: str
    basis: BasisMark


class WorldView(Strict):
    """The page of one world.

    Args:
        title: The answer as one line.
        lead: The first lines.
        dots: Ten runs.
        month: Month shown.
        month_name: Its name.
        months: Months that can be shown.
        earlier: Query of the month before; empty at the first.
        later: Query of the month after; empty at the last.
        board: Levers.
        sheet: The corridor drawn; nothing where the case brings no drawing.
        stations: Its places as a list.
        table: The month as a table.
        outcomes: Outcomes that headline and curve can tell.
        curves: The outcome over time, for wide and for narrow screens.
        meaning: What it means.
        findings: Findings of the answer.
        parts: Whose encounters differ.
        caveats: What it cannot tell.
        compare: Worlds side by side.
        keep: Query that keeps this world beside the next; empty where it cannot be.
        bases: What marks mean.
        sources: Where figures come from.
        again: How to get the same again.
        hidden: Parts of the address as fields of a form.
    """

    title: str
    lead: Lead
    dots: Dots
    month: str
    month_name: str
    months: tuple[Choice, ...]
    earlier: str
    later: str
    board: LeverBoard
    sheet: CorridorSheet | None
    stations: tuple[Station, ...]
    table: Grid
    outcomes: tuple[Choice, ...]
    curves: tuple[Curve, Curve]
    meaning: Consequences
    findings: tuple[FindingLine, ...]
    parts: Parts | None
    caveats: tuple[Said, ...]
    compare: Grid
    keep: str
    bases: tuple[BasisMark, ...]
    sources: tuple[Said, ...]
    again: Again
    hidden: tuple[tuple[str, str], ...]
