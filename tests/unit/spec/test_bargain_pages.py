"""The pages on the bargaining table and on the ledger have a line for every key, and for no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tree import ROOT

from palanca.spec import bargain_schema, ledger_schema, schema, uncertain

REFERENCE = Path(ROOT) / "docs" / "reference"
BARGAIN = {
    "": bargain_schema.BargainFile, "parties.CODE": bargain_schema.PartySpec, "issues.NAME": bargain_schema.IssueSpec,
    "issues.NAME.on_table[]": bargain_schema.OnTable, "payoffs[]": bargain_schema.PayoffSpec,
    "arrivals": bargain_schema.Dislike, "ratifiers.NAME": bargain_schema.RatifierSpec,
    "budgets.NAME": bargain_schema.BudgetSpec,
    "flow": bargain_schema.FlowSpec, "flow.groups[]": bargain_schema.Stream, "threats[]": bargain_schema.ThreatSpec,
    "protocols[]": bargain_schema.ProtocolSpec, "ties[]": bargain_schema.TieSpec,
    "priors": bargain_schema.Priors, "Numbers": uncertain.Number, "sources.KEY": schema.Source,
}  # fmt: skip
LEDGER = {
    "": ledger_schema.LedgerFile, "span": schema.Months, "issues.NAME": ledger_schema.LedgerIssue,
    "rows[]": ledger_schema.LedgerRow,
    "rows[].given[], rows[].got[]": ledger_schema.Item, "rows[].statements": ledger_schema.Statements,
    "sources.KEY": schema.Source,
}  # fmt: skip


def sections(page):
    """The text under each heading of the second level, and under the title."""
    parts = re.split(r"^## (.*)$", (REFERENCE / page).read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {"": parts[0]} | {head.strip("`"): text for head, text in zip(parts[1::2], parts[2::2], strict=True)}


@pytest.mark.parametrize(("page", "models"), [("bargain-format.md", BARGAIN), ("ledger-format.md", LEDGER)])
def test_every_key_has_its_line_in_the_order_of_the_schema_and_says_whether_it_is_needed(page, models):
    found = sections(page)
    assert list(found) == list(models)
    for head, model in models.items():
        table = found[head].partition("| --- | --- | --- | --- |\n")[2].partition("\n\n")[0]
        lines = re.findall(r"^\| `(\w+)` \| (yes|no) \|", table, re.MULTILINE)
        assert lines == [
            (field.alias or name, "yes" if field.is_required() else "no") for name, field in model.model_fields.items()
        ], head


def test_every_form_and_every_kind_of_row_has_its_line():
    forms = sections("bargain-format.md")["payoffs[]"].partition("### Forms")[2]
    assert re.findall(r"^\| `(\w+)` \|", forms, re.MULTILINE) == list(bargain_schema.FORMS)
    kinds = sections("ledger-format.md")["rows[]"].partition("### Kinds")[2]
    assert re.findall(r"^\| `(\w+)` \| (.*) \|$", kinds, re.MULTILINE) == list(ledger_schema.KINDS.items())
