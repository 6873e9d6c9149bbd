"""Records that the page is drawn from: plain texts and coordinates, nothing left to compute or to word."""

from __future__ import annotations

from palanca.spec.schema import Strict
from palanca.web.words import Said


class Piece(Strict):
    """A stretch of a line: its text, whether it stands out, and the lever that it leads to."""

    text: str
    strong: bool = False
    leads: str = ""


class Basis(Strict):
    """What a number rests on: shape of its mark, its word, and a sentence on the share that is assumed."""

    mark: str
    word: str
    note: str = ""


class Choice(Strict):
    """One of several: its text, the query of its address, whether it is the one shown."""

    text: str
    query: str
    value: str = ""
    current: bool = False


class Tick(Strict):
    """A label of an axis, and where."""

    at: float
    text: str
    zero: bool = False


class Circle(Strict):
    """A dot."""

    x: float
    y: float
    r: float


class Dots(Strict):
    """Ten dots, a run in ten each, on an axis that stays while a lever moves."""

    title: str
    label: str
    ticks: tuple[Tick, ...]
    zero: float
    low: float
    high: float
    circles: tuple[Circle, ...]


class Ribbon(Strict):
    """A way of people: its path, width as recorded and as changed, and what kind of way it is."""

    id: str
    path: str
    tone: str
    core: float
    more: float = 0.0
    fewer: float = 0.0
    round: bool = False


class Mark(Strict):
    """One person who died: where, and whether as recorded (`same`), one more or one fewer."""

    x: float
    y: float
    kind: str


class Station(Strict):
    """A place on the drawing: its name and numbers, what they rest on, and where its label stands.

    Args:
        id: Outcome, origin or sector.
        name: Its name.
        now: Number in the world shown.
        change: Difference with its sign; empty for none.
        doubt: Interval of the difference; empty for none.
        then: Number of history.
        unit: Word after the number, as `times`.
        basis: What history's number rests on.
        source: Who says so.
        letter: Letter on a narrow screen; empty for none.
        at: Where its label stands.
        anchor: How the label stands to that point.
        bar: Width of its bar where there is no drawing, 0 to 1.
    """

    id: str
    name: str
    now: str
    change: str
    doubt: str
    then: str
    unit: str = ""
    basis: Basis
    source: str
    letter: str = ""
    at: tuple[float, float] = (0.0, 0.0)
    anchor: str = "start"
    bar: float = 0.0


class Held(Strict):
    """People on hold, as discs."""

    x: float
    y: float
    core: float
    more: float
    fewer: float
    thread: str


class Arrow(Strict):
    """The end of what follows an encounter: let in, or removed."""

    id: str
    y: float
    half: float
    tone: str


class Sheet(Strict):
    """The corridor drawn: coasts, ways in two layers, the dead, and the stations."""

    width: float
    height: float
    land: str
    destination: str
    transit: str
    borders: str
    line: str
    source: str
    ribbons: tuple[Ribbon, ...]
    after: tuple[Ribbon, ...]
    arrows: tuple[Arrow, ...]
    chevrons: str
    held: Held
    gate: tuple[float, float]
    marks: tuple[Mark, ...]
    dead_rows: tuple[Tick, ...]
    dead_x: float
    stations: dict[str, Station]
    origins: tuple[Station, ...]
    sectors: tuple[Station, ...]
    letters: tuple[Station, ...]
    country: str
    country_at: tuple[float, float]


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


class Row(Strict):
    """A row of a table as it is read."""

    name: str
    cells: tuple[str, ...]
    strong: bool = False
    query: str = ""


class Grid(Strict):
    """A table as it is read."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]


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


class Told(Strict):
    """A finding: what it rests on, its sentence, its interval."""

    basis: Basis
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


class Fact(Strict):
    """A consequence: what, its number, the difference, and its doubt."""

    what: str
    now: str
    change: str
    doubt: str
    basis: Basis


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
    basis: Basis
    note: Said
    sources: tuple[str, ...]


class LeverPanel(Strict):
    """A lever that can be moved.

    Args:
        id: As the address calls it.
        name: Its name.
        holder: Who holds it.
        what: What it is.
        changed: Whether it is otherwise.
        value: Its value in words.
        recorded: The record in words.
        low: Lower end of the slider.
        high: Upper end.
        step: Step of the slider.
        at: Where the slider stands, in the unit of the ends.
        mark: Where the record stands.
        times: Whether the slider tells multiples of the record; else the lever's own unit.
        unit: That unit.
        low_text: What stands below the lower end.
        high_text: What stands below the upper end.
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
    value: str
    recorded: str
    low: float
    high: float
    step: float
    at: float
    mark: float
    times: bool
    unit: str
    low_text: str
    high_text: str
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


class WorldView(Strict):
    """The page of one world; see `view.world_view`."""

    title: str
    state: str
    question: tuple[Piece, ...]
    answer: tuple[Piece, ...]
    sure: str
    sure_basis: Basis
    sure_note: str
    dots: Dots | None
    month: str
    month_name: str
    months: tuple[Choice, ...]
    earlier: str
    later: str
    levers: tuple[LeverPanel, ...]
    lines: tuple[LeverLine, ...]
    all_levers: tuple[LeverLine, ...]
    worlds: tuple[Choice, ...]
    reset: str
    reacts: tuple[Choice, ...]
    sheet: Sheet | None
    stations: tuple[Station, ...]
    table: Grid
    outcomes: tuple[Choice, ...]
    curves: tuple[Curve, Curve]
    people: tuple[Fact, ...]
    people_title: str
    leverage: tuple[Bar, ...]
    leverage_title: str
    leverage_note: Said
    leverage_basis: Basis | None
    deal: str
    findings: tuple[Told, ...]
    parts: Parts | None
    caveats: tuple[Said, ...]
    compare: Grid
    keep: str
    bases: tuple[Basis, ...]
    sources: tuple[Said, ...]
    address: str
    command: str
    python: str
    printed: str
    draws_note: str
    hidden: tuple[tuple[str, str], ...]
