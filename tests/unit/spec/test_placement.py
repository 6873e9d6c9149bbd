"""The three files of a placement: what is read, and that every fault is told with its file and line."""

from __future__ import annotations

import pytest

from palanca.core.errors import CaseErrors, CaseFileError
from palanca.questions.matching.given import markets, weeks
from palanca.spec.placement import loads_placement, texts

SOUND = {
    "families": "family,group,people,asks,week\nAhmed,single parent,3,arabic; Single Parent,1\n"
    "Lee,couple,2,,2\nOld,couple,2,,0\n",
    "places": "place,people,offers\nHill,4,arabic;single parent\nPort,2,\n",
    "pairs": "family,place,rank,priority,score\nAhmed,Hill,2,,0.5\nAhmed,Port,1,1,0.9\nLee,Hill,,1,0.4\n"
    "Lee,Port,1,1,0.7\nOld,Port,1,1,1\n",
}


def changed(part: str, old: str, new: str) -> dict[str, str]:
    assert old in SOUND[part]
    return SOUND | {part: SOUND[part].replace(old, new, 1)}


def test_a_sound_placement_becomes_a_market() -> None:
    now, past = markets(loads_placement(SOUND))
    assert (now.families, now.places, past.families) == (("Ahmed", "Lee"), ("Hill", "Port"), ("Old",))
    # Ahmed asks for what only Hill offers, so Port cannot take the family however it ranks it; Lee does not want Hill.
    assert now.rank.tolist() == [[0, -1], [-1, 0]]
    assert now.acceptable().tolist() == [[True, False], [False, True]]
    assert now.priority[:, 0].tolist() == [1, 0]  # without a number after one with
    assert now.score is not None
    assert now.score.tolist() == [[0.5, 0.0], [0.4, 0.7]]
    assert weeks(loads_placement(SOUND)).tolist() == [1, 2]


def test_without_ranks_and_priorities_scores_decide_and_ties_stand_in_the_order_of_the_file() -> None:
    pairs = "family,place,score\nAhmed,Hill,0.5\nLee,Hill,0.5\nLee,Port,0.7\n"
    now, _ = markets(loads_placement(SOUND | {"pairs": pairs}))
    assert now.rank[1].tolist() == [1, 0]
    assert now.priority[:, 0].tolist() == [0, 1]


def test_people_are_the_sum_of_what_a_family_takes_where_they_have_no_column() -> None:
    given = {
        "families": "family,children,adults\nA,2,1\n",
        "places": "place,children,adults\nP,5,5\n",
        "pairs": "family,place,rank\nA,P,1\n",
    }
    now, _ = markets(loads_placement(given))
    assert (now.people.tolist(), now.sizes.tolist(), now.score) == ([3], [[2, 1]], None)


def test_the_shipped_example_is_sound_and_has_what_every_rule_needs() -> None:
    now, past = markets(loads_placement(texts("example")))
    assert len(now.families) == 30
    assert len(past.families) == 16
    assert now.capacities[:, 0].sum() < now.people.sum()


@pytest.mark.parametrize(
    ("part", "old", "new", "told"),
    [
        ("pairs", "Lee,Port,1,1,0.7", "Lee,Prot,1,1,0.7", "pairs.csv:5: place: found 'Prot', which is not declared."),
        ("pairs", "Ahmed,Hill", "Achmed,Hill", "pairs.csv:2: family: found 'Achmed'"),
        ("families", "Lee,couple", "Ahmed,couple", "families.csv:3: the family 'Ahmed' stands a second time, first at"),
        ("places", "Port,2,", "Hill,2,", "places.csv:3: the place 'Hill' stands a second time"),
        ("places", "Port,2,", "Port,-2,", "places.csv:3: people: found '-2', expected a whole number of 0 or more"),
        ("families", "Lee,couple,2", "Lee,couple,two", "families.csv:3: people: found 'two', expected a whole number"),
        ("families", "Lee,couple,2,", "Lee,couple,2.5,", "families.csv:3: people: found '2.5'"),
        ("pairs", "0.7", "much", "pairs.csv:5: score: found 'much', expected a number"),
        ("pairs", "0.7", "nan", "pairs.csv:5: score: found 'nan'"),
        ("pairs", "Lee,Hill,,", "Lee,Hill,1,", "pairs.csv:5: rank 1 again for 'Lee', first at pairs.csv:4"),
        ("pairs", "Lee,Hill,,", "Lee,Hill,0,", "pairs.csv:4: rank: found '0', expected a whole number of 1 or more"),
        ("pairs", "Lee,Port,1,1", "Lee,Hill,1,1", "pairs.csv:5: the pair stands a second time, first at pairs.csv:4"),
        ("pairs", "Lee,Port,1,1,0.7", "Lee,Port,1", "pairs.csv:5: found 3 values, expected 5"),
        ("pairs", "family,place,rank", "family,place,wish", "pairs.csv:1: unknown column 'wish'"),
        ("places", "place,people", "place,beds", "families.csv:1: the column 'beds' is missing"),
        ("places", "place,people,offers", "place,week,offers", "'week' cannot be the name of a capacity"),
        ("families", "family,group", "group,group", "families.csv:1: the column 'group' stands twice"),
        ("families", "Lee,", ",", "families.csv:3: family: found '', expected a name"),
        ("families", "Lee,", "L\x1bee,", "expected a name"),
        ("families", "Lee,", '"Lee,', "not CSV"),
    ],
)  # fmt: skip
def test_every_fault_is_told_with_file_and_line(part: str, old: str, new: str, told: str) -> None:
    with pytest.raises(CaseErrors) as caught:
        loads_placement(changed(part, old, new))
    assert told in str(caught.value)


def test_faults_come_together_and_a_flood_of_them_is_cut() -> None:
    given = changed("places", "Port,2,", "Port,-2,") | {"pairs": SOUND["pairs"].replace("Ahmed", "Nobody")}
    with pytest.raises(CaseErrors) as caught:
        loads_placement(given)
    assert len(caught.value.faults) == 3
    many = "".join(f"N{k},Hill,1,1,1\n" for k in range(500))
    with pytest.raises(CaseErrors) as caught:
        loads_placement(SOUND | {"pairs": SOUND["pairs"] + many})
    assert caught.value.faults[-1] == "and 460 more"


@pytest.mark.parametrize("part", ["families", "places", "pairs"])
def test_an_empty_file_or_one_without_rows_is_refused(part: str) -> None:
    with pytest.raises(CaseErrors, match="empty"):
        loads_placement(SOUND | {part: ""})
    if part != "pairs":
        with pytest.raises(CaseErrors, match="no "):
            loads_placement(SOUND | {part: SOUND[part].split("\n")[0] + "\n"})


def test_pairs_without_wishes_are_refused() -> None:
    with pytest.raises(CaseErrors, match="neither 'rank' nor 'score'"):
        loads_placement(SOUND | {"pairs": "family,place\nLee,Port\n"})
    with pytest.raises(CaseErrors, match="not given"):
        loads_placement({"families": SOUND["families"]})


def test_a_folder_that_is_none_is_refused(tmp_path) -> None:
    with pytest.raises(CaseFileError, match="no such folder"):
        texts(tmp_path / "nothing")
    with pytest.raises(CaseFileError, match=r"Did you mean 'example'\?") as caught:
        texts("exampel")
    assert "families.csv" in str(caught.value)
    (tmp_path / "families.csv").write_text("family\n", encoding="utf-8")
    with pytest.raises(CaseFileError, match=r"places\.csv"):
        texts(tmp_path)
