"""A lever moved by a form without script: its fields become the address that the script would have made."""

from __future__ import annotations

from urllib.parse import quote

from palanca.core.errors import UsageError
from palanca.spec import multiple
from palanca.spec.schema import Case
from palanca.web.address import PLAIN, Address, decoded, parse

LEVER, TIMES, VALUE, FIRST, LAST, WHO = FIELDS = ("lever", "times", "value", "from", "until", "who")


def moved(case: Case, query: str, most_draws: int) -> Address | None:
    """The address that a form asks for; nothing where the query is an address already.

    Args:
        case: The case, which says what levers there are.
        query: What stands after `?`: fields of a form beside the parts of the address that it was on.
        most_draws: How many histories may be asked for.

    Raises:
        UsageError: There is no value, or the address that comes of it cannot be read.
        MonthError: A month cannot be read or lies outside the case.
    """
    pairs = decoded(query)
    given = dict(pairs)
    if LEVER not in given:
        return None
    value = f"{given[TIMES]}x" if given.get(TIMES) else given.get(VALUE, "")
    if not value:
        raise UsageError("no value", where=given[LEVER][:80], expected=f"{TIMES} or {VALUE}")
    kept = [(name, text) for name, text in pairs if name not in (*FIELDS, given[LEVER])]
    if multiple.factor(value) != 1.0:  # the record is not a change
        months = f"@{given.get(FIRST, '')}..{given.get(LAST, '')}".removesuffix("..").removesuffix("@")
        who = ",".join(text for name, text in pairs if name == WHO and text)
        kept.insert(0, (given[LEVER], f"{value}{months}{':' + who if who else ''}"))
    return parse(case, "&".join(f"{quote(name)}={quote(text, safe=PLAIN)}" for name, text in kept), most_draws)
