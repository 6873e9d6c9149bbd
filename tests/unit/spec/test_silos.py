"""Divisions into silos: every fault comes with its line, its nearest name and all the others."""

from __future__ import annotations

import pytest

from palanca.core.errors import CaseErrors, CaseFileError
from palanca.spec.bargain_spec import load_bargain
from palanca.spec.silos import FORMAT, load_silos, loads_silos

ISSUES = ("control", "money", "visas")


def faults(text: str) -> list[str]:
    with pytest.raises(CaseErrors) as raised:
        loads_silos(text, ISSUES, "it.yaml")
    return raised.value.faults


def test_a_side_that_is_left_out_links_all_issues():
    before = loads_silos("before: [[control], [visas, money]]", ISSUES)
    assert before.before == (("control",), ("visas", "money"))
    assert before.after == (ISSUES,)
    assert loads_silos("after: [[control, money], [visas]]", ISSUES).before == (ISSUES,)


def test_the_shipped_division_divides_the_shipped_table_by_kind():
    issues = load_bargain("us-mexico").issues
    found = load_silos("before-2018", tuple(issues), "us-mexico")
    kinds = [{issues[name].kind for name in silo} for silo in found.before]
    assert kinds == [{"migration"}, {"economic"}, {"political"}]
    assert found.after == (tuple(issues),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("before:\n- [control, money]\n", ["it.yaml:1: before: no silo for visas", "missing-field"]),
        ("before:\n- [control, money]\n- [visas, money]\n", ["it.yaml:3", "twice", "'money'", "first on line 2"]),
        ("after:\n- [control, mony]\n- [money, visas]\n", ["it.yaml:2", "'mony'", "Did you mean 'money'?"]),
        ("befor: [[control, money, visas]]\n", ["it.yaml:1: befor: unknown key", "Did you mean 'before'?"]),
        ("before: control\n", ["it.yaml:1: before: the wrong kind", "expected a list", "wrong-type"]),
        (
            "before:\n- control\n- [money, visas]\n",
            ["it.yaml:2: before[0]: the wrong", "found 'control'", "a list"],
        ),
        ("before:\n- [control, money, visas]\n- []\n", ["it.yaml:3: before[1]: an empty silo"]),
        (
            "before:\n- [control, money, visas, 3]\n",
            ["it.yaml:2: before[0][3]: the wrong", "found 3; expected text"],
        ),
        ("before: [[control, money, visas]]\nbefore: []\n", ["it.yaml:2", "stands twice"]),
        ("- control\n", ["it.yaml:1: the wrong kind", "found a list of 1", "expected a mapping"]),
        ("{}\n", ["it.yaml:1", "neither `before` nor `after`"]),
    ],
)
def test_what_is_no_division_is_refused_with_its_line(text, said):
    told = "\n".join(faults(text))
    for words in said:
        assert words in told


def test_all_faults_come_together_in_the_order_of_the_file():
    found = faults("sides: 1\nbefore:\n- [control, viza]\nafter: [[money]]\n")
    assert [fault.split(": ")[0] for fault in found] == sorted(fault.split(": ")[0] for fault in found)
    assert len(found) == 4


def test_a_missing_file_is_told_with_the_nearest_shipped_name():
    assert list(FORMAT.shipped("us-mexico")) == ["before-2018"]
    with pytest.raises(CaseFileError, match="Did you mean 'before-2018'"):
        load_silos("before-2081", ISSUES, "us-mexico")
    with pytest.raises(CaseFileError, match="a list of lists"):
        load_silos("none.yaml", ISSUES, "eu-turkey")
