"""The closed tables agree with themselves, and the reference pages with the tables."""

from pathlib import Path

import pytest
from small_cases import text

from palanca.core import units
from palanca.core.errors import CaseFileError, OutputError, UsageError
from palanca.spec import card, parameter, reference, tables
from palanca.spec.edit import apply, parse_set
from palanca.spec.load import load, loads
from palanca.spec.schema import QUANTITIES
from palanca.spec.starter import write

REFERENCE = Path(__file__).parents[3] / "docs" / "reference"
HEAD = "name,dims,unit,low,high,family,p1,p2,equation,source,what\n"


def test_every_mechanism_has_a_known_unit_quantity_role_and_ordered_bounds():
    for mechanism in tables.mechanisms().values():
        assert mechanism.unit in units.UNITS
        assert mechanism.quantity in QUANTITIES
        assert mechanism.low < mechanism.high
        assert set(mechanism.holder_roles) <= {"any", "destination", "transit", "origin", "third"}
        assert mechanism.what
        assert mechanism.acts == mechanism.equation.startswith("F")


def test_the_table_of_parameters_can_be_read():
    assert len(tables.parameters()) >= 3


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("a,,chanse,0,1,beta,1,1,F1,s,w", "'chanse'"),
        ("a,origins,chance,0,1,beta,1,1,F1,s,w", "axes among"),
        ("a,,chance,1,0,beta,1,1,F1,s,w", "lower bound first"),
        ("a,,chance,0,1,gamma,1,1,F1,s,w", "'gamma'"),
        ("a,,chance,0,1,beta,1,,F1,s,w", "as many numbers"),
        ("a,,chance,0,1,normal,2,1,F1,s,w", "found 2"),
        ("a,,chance,0,x,beta,1,1,F1,s,w", "cannot read the row"),
        ("a,,chance,0,1,beta,1,1,F1,,w", "where its default comes from"),
        ("b,,chance,0,1,beta,1,1,F1,s,w\nb,,chance,0,1,beta,1,1,F1,s,w", "stands twice"),
    ],
)
def test_a_row_that_contradicts_itself_is_refused_with_its_line(tmp_path, row, words):
    path = tmp_path / "parameters.csv"
    path.write_text(HEAD + row + "\n")
    with pytest.raises(CaseFileError, match=words) as raised:
        tables.read_parameters(path)
    assert raised.value.where.startswith("parameters.csv:")


def test_an_override_replaces_the_default_in_the_units_of_the_table():
    row = tables.parameters()["news_half_life"]
    default = parameter.beliefs(load("us-mexico"))["news_half_life"]
    assert (default.family, default.p1, default.unit, default.dims) == (row.family, row.p1, row.unit, row.dims)
    given = "parameters:\n  news_half_life: {VALUE, unit: years, period: 2018-01..2019-12, source: MY-SOURCE}\n"
    fixed = loads(text("small") + given.replace("VALUE", "value: 0.5"))
    assert parameter.beliefs(fixed)["news_half_life"].p1 == pytest.approx(6.0)
    prior = loads(text("small") + given.replace("VALUE", "prior: {family: lognormal, median: 0.25, log_sd: 0.4}"))
    belief = parameter.beliefs(prior)["news_half_life"]
    assert (belief.family, belief.p1, belief.p2) == ("lognormal", pytest.approx(3.0), 0.4)


def test_the_starter_case_is_sound_and_never_overwrites(tmp_path):
    path = write("my-case", tmp_path / "my-case")
    assert load(path).case == "my-case"
    with pytest.raises(UsageError, match="already there"):
        write("my-case", path)
    with pytest.raises(UsageError, match="already there"):
        write("my-case", path.parent)
    with pytest.raises(UsageError, match="not a name"):
        write("My case", tmp_path / "other")
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError):
        write("my-case", tmp_path / "file" / "case.yaml")


@pytest.mark.parametrize("part", list(card.PARTS))
def test_every_part_of_a_case_has_rows_with_the_same_keys(part):
    rows = card.rows(apply(load("us-mexico"), [parse_set("parameters.retry=0.5")]), part)
    assert rows
    assert all(list(row) == list(rows[0]) for row in rows)


def test_an_unknown_part_is_refused_with_the_nearest_one():
    with pytest.raises(UsageError, match="Did you mean 'levers'"):
        card.rows(load("us-mexico"), "lever")


@pytest.mark.parametrize("name", ["levers.md", "parameters.md", "units.md", "case-format.md"])
def test_the_reference_page_is_the_one_drawn_from_the_tables(name):
    stored = (REFERENCE / name).read_text(encoding="utf-8")
    assert stored == reference.pages()[name], "redraw with palanca.spec.reference.write(Path('docs/reference'))"


def test_the_reference_names_every_mechanism_parameter_and_unit():
    pages = reference.pages()
    assert all(f"`{name}`" in pages["levers.md"] for name in tables.mechanisms())
    assert all(f"`{name}`" in pages["parameters.md"] for name in tables.parameters())
    assert all(f"`{name}`" in pages["units.md"] for name in units.UNITS)
