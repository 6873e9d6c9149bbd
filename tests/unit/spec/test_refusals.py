"""For every kind of fault there is one broken file that earns it, word for word and line for line."""

from pathlib import Path

import pytest

from palanca.core.errors import CaseErrors, CaseFileError
from palanca.spec.faults import MEANING, FaultKind
from palanca.spec.load import load, loads

BROKEN = Path(__file__).parents[2] / "refused" / "case"
NOT_CASES = {"not-yaml", "empty"}


def expected(path: Path) -> list[str]:
    lines = path.read_text().splitlines()
    assert lines[0] == "# Expected, word for word:"
    return [line[2:] for line in lines[1:] if line.startswith(f"# {path.name}:")]


@pytest.mark.parametrize("kind", list(FaultKind))
def test_the_broken_file_earns_its_fault_in_these_words(kind):
    path = BROKEN / f"{kind.value}.yaml"
    with pytest.raises(CaseErrors) as raised:
        load(path)
    assert raised.value.faults == expected(path)
    assert any(fault.endswith(f"[{kind.value}]") for fault in raised.value.faults)


def test_every_broken_file_and_every_meaning_belongs_to_a_kind():
    assert {path.stem for path in BROKEN.glob("*.yaml")} - NOT_CASES == {kind.value for kind in FaultKind}
    assert set(MEANING) == set(FaultKind)


def test_faults_of_shape_and_of_rule_are_told_together_in_the_order_of_the_file():
    text = (BROKEN / "delay-sum.yaml").read_text().replace("effort: 1.0", "effort: much")
    text = text.replace("from: 2018-06-15, to: open", "from: 2017-06-15, to: open").replace(
        "holder: USA", "holder: UAS"
    )
    with pytest.raises(CaseErrors) as raised:
        loads(text, "many.yaml")
    kinds = [fault.rpartition("[")[2].rstrip("]") for fault in raised.value.faults]
    assert kinds == ["delay-sum", "unknown-name", "wrong-type", "outside-span"]
    assert str(raised.value).endswith("4 faults in the case. See docs/errors.md#case-faults")


def test_a_malformed_declaration_does_not_echo_through_what_refers_to_it():
    text = (BROKEN / "delay-sum.yaml").read_text().replace("[0.6, 0.3, 0.0]", "[0.6, 0.4, 0.0]")
    text = text.replace("{name: United States, role: destination}", "{name: United States, role: destinatoin}")
    with pytest.raises(CaseErrors) as raised:
        loads(text, "one.yaml")
    assert len(raised.value.faults) == 1
    assert "Did you mean 'destination'?" in raised.value.faults[0]


def test_a_file_that_is_not_yaml_is_refused_with_its_line():
    with pytest.raises(CaseFileError, match=r"^not-yaml\.yaml:3: not a case file"):
        load(BROKEN / "not-yaml.yaml")


def test_an_empty_file_is_refused():
    with pytest.raises(CaseFileError, match="an empty file"):
        load(BROKEN / "empty.yaml")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: &x [*x]", "an alias that contains itself"),
        ("a: !python/object 1", "the tag"),
        ("? [a]\n: 1", "a key that is not a plain word"),
        ("a: 1\n---\nb: 2", "but found another document"),
    ],
)
def test_what_yaml_allows_and_a_case_does_not_is_refused(text, words):
    with pytest.raises(CaseFileError, match=words):
        loads(text)


def test_a_list_or_a_word_is_not_a_case():
    for text in ("- 1", "word"):
        with pytest.raises(CaseErrors, match="wrong-type"):
            loads(text)


def test_a_missing_file_is_told_with_the_nearest_shipped_name():
    with pytest.raises(CaseFileError, match="Did you mean 'us-mexico'"):
        load("us-mexiko")
    with pytest.raises(CaseFileError, match="palanca case new NAME"):
        load("nowhere/at/all.yaml")


def test_bytes_that_are_not_text_are_refused(tmp_path):
    path = tmp_path / "odd.yaml"
    path.write_bytes(b"case: \xff\xfe")
    with pytest.raises(CaseFileError, match=r"odd\.yaml:1: not text in UTF-8: found the byte 0xff"):
        load(path)


def test_numbers_that_are_not_finite_are_refused():
    text = (BROKEN / "out-of-bounds.yaml").read_text()
    for value in (".nan", ".inf"):
        with pytest.raises(CaseErrors, match=r"record\[0\]\.effort: out of bounds"):
            loads(text.replace("effort: 11", f"effort: {value}"))
