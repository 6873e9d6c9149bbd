"""An address says all that makes a page and nothing else; what is printed is read back the same."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palanca.core.clock import Month, Span
from palanca.core.errors import PalancaError
from palanca.questions import changes
from palanca.spec import edit
from palanca.spec.load import load
from palanca.web import address
from palanca.web.address import KNOWN, LANGS, Address, AskedWorld, ChangeWord

CASE = load("us-mexico")
SPAN = CASE.span.span
months = st.integers(SPAN.first.index, SPAN.last.index).map(Month)
values = st.one_of(
    st.integers(-3, 99_999).map(str),
    st.decimals(0, 9, places=2).map(str),
    st.sampled_from(["0x", "0.5x", "1.25x", "off", "none"]),
)
codes = st.lists(st.sampled_from([*CASE.origins, *CASE.groups, *CASE.sectors]), max_size=4, unique=True).map(tuple)
keys = st.sampled_from([*CASE.levers, "contention.cap", "parameters.half_life", "mechanisms.news", "basis.tacit"])


@st.composite
def spans(draw) -> tuple[Month | None, Month | None]:
    first, last = sorted((draw(months), draw(months)))
    return draw(st.sampled_from([(None, None), (first, None), (None, last), (first, last)]))


@st.composite
def words(draw) -> ChangeWord:
    first, last = draw(spans())
    return ChangeWord(draw(keys), draw(values), first, last, draw(codes))


worlds = st.builds(
    AskedWorld,
    st.lists(words(), max_size=4).map(tuple),
    st.lists(st.sampled_from(sorted(changes.shipped(CASE))), max_size=2, unique=True).map(tuple),
    st.booleans(),
)


@st.composite
def addresses(draw) -> Address:
    first, last = sorted((draw(months), draw(months)))
    return Address(
        "us-mexico",
        draw(worlds),
        tuple(draw(st.lists(worlds, max_size=3))),
        draw(st.sampled_from([None, Span(first, last)])),
        draw(st.one_of(st.none(), months)),
        draw(st.sampled_from(["", "de", "held"])),
        draw(st.integers(8, 200)),
        draw(st.integers(0, 2**31 - 1)),
        draw(st.sampled_from(LANGS)),
    )


@settings(max_examples=150, deadline=None)
@given(addresses())
def test_what_is_printed_is_read_back_the_same(one):
    assert address.parse(CASE, one.query()) == one


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_in_words(text):
    try:
        found = address.parse(CASE, text)
    except PalancaError:
        return
    assert address.parse(CASE, found.query()) == found


def test_only_what_differs_stands_in_an_address():
    assert Address("us-mexico").query() == ""
    assert Address("us-mexico").path() == "/us-mexico/whatif"
    told = address.parse(CASE, "contention=0x@2024-01&draws=200&key=1&lang=en")
    assert told.query() == "contention=0x@2024-01"


def test_an_address_asks_for_the_changes_that_a_file_would():
    one = address.parse(CASE, "cbp_one=2900@2024-03..2024-06:VEN,family&world=no-contention&contention=0.5x")
    assert one.world.rows(CASE) == [
        "no-contention",
        {"set": "levers.cbp_one.slots", "to": 2900.0, "from": "2024-03", "until": "2024-06",
         "origins": ["VEN"], "groups": ["family"]},
        {"set": "levers.contention.effort", "to": "0.5x"},
    ]  # fmt: skip


def test_a_multiple_of_the_record_multiplies_every_entry_in_its_months_and_nothing_else():
    row = address.parse(CASE, "contention=0.5x@2024-02").world.changes[0].row(CASE)
    changed = edit.apply(CASE, changes.gather(CASE, [row]).parsed)
    found = {str(one.first): one.effort for one in changed.record if one.lever == "contention"}
    before = {str(one.first): one.effort for one in CASE.record if one.lever == "contention"}
    first = min(before)
    assert found[first] == before[first]
    assert all(found[day] == 0.5 * before[day] for day in before if day != first)
    assert [one for one in changed.record if one.lever != "contention"] == [
        one for one in CASE.record if one.lever != "contention"
    ]


def test_no_lever_has_the_name_of_a_key_of_the_address():
    assert not set(KNOWN) & set(CASE.levers)


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("contencion=0x", "Did you mean 'contention'?"),
        ("contention=0x@2033-01", "outside the span"),
        ("contention=0x@2024-13", "cannot read the month"),
        ("contention=much", "cannot read the value"),
        ("contention=5@2024-03..2024-01", "ends before it starts"),
        ("contention=5:XXX", "not among those"),
        ("contention=%zz", "broken percent-encoding"),
        ("contention=%ff", "broken percent-encoding"),
        ("world=../../etc/passwd", "not among those"),
        ("draws=100000", "a whole number from 8 to 200"),
        ("draws=64&draws=32", "stands twice"),
        ("compare=react&compare=react&compare=react&compare=react", "too many worlds"),
        ("&".join(["contention=1@2024-01"] * 10_000), "too long"),
        ("&".join(f"contention={k}" for k in range(100)), "too many changes"),
        ("show=<script>", "cannot read it"),
    ],
)
def test_an_address_that_cannot_be_read_says_why(query, says):
    with pytest.raises(PalancaError) as fault:
        address.parse(CASE, query)
    assert says in str(fault.value)
