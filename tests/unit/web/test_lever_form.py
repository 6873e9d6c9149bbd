"""A form without script asks for the address that the script makes."""

from __future__ import annotations

import page_answers as made
import pytest

from palanca.core.errors import UsageError
from palanca.web import view_file
from palanca.web.address import parse
from palanca.web.lever_form import moved

DRAWS = 400


@pytest.fixture(scope="module")
def case():
    return made.case()


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("lever=contention&times=0.5&from=2024-02&until=", "contention=0.5x@2024-02"),
        (
            "lever=contention&times=0&from=2024-02&until=2024-05&who=HND&who=family",
            "contention=0x@2024-02..2024-05:HND,family",
        ),
        (
            "contention=0x@2024-01&month=2024-03&lever=contention&times=0.25&from=2024-01",
            "contention=0.25x@2024-01&month=2024-03",
        ),
        ("contention=0x@2024-01&react=&lever=contention&times=1&from=2024-01", "react"),
        ("contention=0x@2024-01&lever=cbp_one&value=300&from=2024-02", "cbp_one=300@2024-02&contention=0x@2024-01"),
        (
            "compare=contention%3D0x%402024-01%3Breact&lever=cbp_one&times=0",
            "cbp_one=0x&compare=contention=0x@2024-01;react",
        ),
    ],
)  # fmt: skip
def test_fields_become_the_address_of_the_moved_lever(case, query, wanted):
    assert moved(case, query, DRAWS).query() == wanted


def test_an_address_is_no_form(case):
    assert moved(case, "contention=0x@2024-01", DRAWS) is None


@pytest.mark.parametrize(
    "query", ["lever=contention&from=2024-01", "lever=contencion&times=0", "lever=contention&times=many"]
)
def test_a_form_that_cannot_be_read_is_refused(case, query):
    with pytest.raises(UsageError):
        moved(case, query, DRAWS)


def test_the_address_that_a_case_opens_with_can_be_read(case):
    opens = view_file.of("us-mexico").opens
    assert parse(case, opens, DRAWS).query() == opens
