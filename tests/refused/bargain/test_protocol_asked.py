"""A protocol that cannot be read, or an ultimatum without a threat, is refused with the way out."""

from __future__ import annotations

import pytest

from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.spec.bargain_spec import load_bargain
from palanca.spec.protocol import asked, in_force

JUNE_2019, CALM = Month.parse("2019-06"), Month.parse("2022-03")


@pytest.mark.parametrize(
    ("text", "problem", "told"),
    [
        ("ultimatun:USA", "no such protocol", "ultimatum"),
        ("proposer", "a protocol without a proposer", "proposer:"),
        ("alternating:", "a protocol without a proposer", "alternating:"),
        ("proposer:CAN", "no such party at the table", "USA"),
        ("nash:USA", "nobody proposes in a concept", "nash"),
        ("alternating:USA:0", "time between offers cannot be read", "above 0"),
        ("alternating:USA:soon", "time between offers cannot be read", "above 0"),
        ("proposer:USA:2", "time between offers cannot be read", "in turn alone"),
    ],
)
def test_a_protocol_that_cannot_be_read_is_refused(text, problem, told):
    with pytest.raises(UsageError, match=problem) as caught:
        asked(text, load_bargain("us-mexico"), JUNE_2019)
    assert told in str(caught.value)


@pytest.mark.parametrize(("side", "month"), [("USA", CALM), ("MEX", JUNE_2019)])
def test_an_ultimatum_by_a_side_without_a_threat_is_refused(side, month):
    with pytest.raises(UsageError, match="without a threat") as caught:
        asked(f"ultimatum:{side}", load_bargain("us-mexico"), month)
    assert f"proposer:{side}" in str(caught.value)


@pytest.mark.parametrize(
    ("month", "label"),
    [
        ("2019-04", "nash"),
        ("2019-06", "ultimatum by USA"),
        ("2019-08", "nash"),
        ("2025-01", "ultimatum by USA"),
    ],
)
def test_the_reference_table_dates_its_ultimatums(month, label):
    assert in_force(load_bargain("us-mexico"), Month.parse(month)).label == label
