"""The claims that come with the case: each has a verdict, and the verdicts are those of a recount by other means."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import pytest
from typer.main import get_command

import palanca
from palanca.cli.app import app
from palanca.data import catalogue
from palanca.data.read import packaged_figures
from palanca.questions.claims import judge
from palanca.questions.claims.check import check
from palanca.spec.claims import load_claims
from palanca.spec.claims_schema import Says
from palanca.spec.load import load


@pytest.fixture(scope="module")
def shipped():
    return check(load_claims("us-mexico").claims, packaged_figures())


def test_every_shipped_claim_has_a_verdict_and_every_figure_its_edition(shipped):
    assert len(shipped) == 98
    for checked in shipped:
        entry = checked.entry
        assert checked.standing != "not checkable" or entry.not_checkable is not None, checked.now.lacking
        assert entry.figure is None or (checked.now.judgements and checked.now.editions)


def packaged(series: str, **labels: str | list[str]) -> pd.Series:
    """A packaged table summed over what is not named, by month or year: read without any of palanca's readers."""
    row = catalogue.get(series)
    read = pd.read_csv(catalogue.TABLES / row.file, dtype=str).set_axis([*row.dims, "value"], axis=1)
    read = read[read["value"] != "0-4"].assign(value=lambda frame: frame["value"].astype(float))
    for axis, names in labels.items():
        read = read[read[axis].isin([names] if isinstance(names, str) else names)]
    return read.groupby(row.dims[0])["value"].sum()


# long: one plain condition a claim, which are best read together
def test_the_shipped_verdicts_are_those_of_a_recount_on_the_tables(shipped):
    """Every figure again by pandas, and every word of comparison again as a plain condition."""
    us, ofo = packaged("usbp_total"), packaged("ofo_total")
    back, stops = packaged("mx_returns_by_origin"), packaged("mx_stops_by_origin")
    family, child = packaged("usbp_by_group", group="family"), packaged("usbp_by_group", group="child")
    seen = packaged("follow_by_origin", origin11="VEN", outcome="total_encounters")
    let_in = {
        label: packaged("follow_by_origin", origin11=label, outcome=["usbp_releases", "ofo_paroles"])[
            "2021-01":"2023-12"
        ].sum()
        for label in catalogue.get("follow_by_origin").labels["origin11"]
        if label != "OTH"
    }
    january = [us[f"{year}-01"] / us[f"{year - 1}-12"] for year in range(2000, 2025)]
    ven = packaged("usbp_by_origin", origin="VEN")
    rise = (ven["2023-12"] - ven["2023-11"]) / (us["2023-12"] - us["2023-11"])
    met = us + ofo
    waiting = sum(
        packaged(name, outcome="mpp_returns")["2019-03":"2020-12"].sum() for name in ("follow_usbp", "follow_ofo")
    )
    expelled = packaged("follow_by_origin", origin11="VEN", outcome="t42_expulsions")
    new = packaged("mx_stops_by_origin", origin=["CUB", "HTI", "VEN", "BRA", "COL", "NIC", "IND"])
    adults = packaged("usbp_cells", origin5="MEX", group="single_adult")
    kept = [
        packaged(name, group="family", authority="title8")["2021-02":"2021-03"].sum()
        for name in ("usbp_cells", "ofo_cells")
    ]
    every = [packaged(name, group="family")["2021-02":"2021-03"].sum() for name in ("usbp_cells", "ofo_cells")]
    chnv = packaged("chnv_paroles_by_origin")["2022-10":"2023-09"].sum()
    years = {year: family[f"{year}-01" : f"{year}-12"].sum() for year in range(2014, 2021)}
    high = max(month for month in us.index if month < "2021-03" and us[month] >= us["2021-03"])
    back_years = (2021 * 12 + 3 - int(high[:4]) * 12 - int(high[5:])) / 12
    supported = {
        "CL000-01": 225000 <= us["2023-12"] <= 275000,
        "CL000-02": us["2023-12"] == us[:"2023-12"].max(),
        "CL000-03": 6e6 < us["2021-02":"2023-12"].sum() <= 9e6,
        "CL000-05": us["2024-01"] / us["2023-12"] <= 0.75,
        "CL000-06": pd.Series(january).median() < 1.0,
        "CL000-09": 7.2e6 <= packaged("venezuelans_abroad")["2023"] <= 8e6,
        "CL000-10": 250000 < seen["2023-01":"2023-12"].sum() <= 375000,
        "CL000-12": max(let_in, key=let_in.get) == "VEN",
        "CL000-13": 0.0 <= rise <= 1.0,
        "CL001-05": 200000 <= met["2022-01":"2022-09"].mean() < 2e6,
        "CL001-06": 2000 <= waiting < 20000,
        "CL001-09": 20000 <= packaged("darien_by_origin", origin="HTI")["2021-01":"2021-12"].sum() < 200000,
        "CL001-11": new["2022-01":"2022-08"].sum() > new["2021-01":"2021-08"].sum(),
        "CL001-12": 2000 <= expelled["2022-10":"2022-11"].sum() < 20000,
        "CL002-01": 2e6 <= met["2021-02":"2023-04"].sum() < 2e7,
        "CL002-05": packaged("deaths_by_route")["2021-05":"2023-05"].sum() >= 3130,
        "CL003-02": 18.0 <= back_years <= 20.0,
        "CL003-03": 172000 < met["2021-03"] <= 258000,
        "CL003-10": 18800 < child["2021-03"] + packaged("ofo_by_group", group="child")["2021-03"] <= 28200,
        "CL003-11": child["2021-03"] == child[:"2021-03"].max(),
        "CL003-13": family["2021-03"] / family["2021-02"] >= 1.25,
        "CL003-14": 0.5 < sum(kept) / sum(every) <= 0.75,
        "CL003-15": round(100 * (stops["2021-03"] / stops["2021-01"] - 1)) == 49,
        "CL003-16": round(100 * (back["2021-03"] / back["2021-01"] - 1)) == 72,
        "CL003-17": back["2021-03"] == 7946,
        "CL003-18": back["2021-03"] * 31 / met["2021-03"] < 2.0,
        "CL003-19": 0.9 <= (family + child)["2021-04"] / (family + child)["2021-03"] < 1.0,
        "CL003-23": 24000 < back["2019-06"] <= 36000,
        "CL003-24": 2.7 <= back["2019-06"] / back["2021-03"] <= 3.3,
        "CL003-25": us["2019-09"] / us["2019-05"] <= 0.75,
        "CL003-29": 50.0 < packaged("mx_approval_yearly")["2021"] <= 75.0,
        "CL003-32": max(years, key=years.get) == 2019,
        "CL003-34": adults["2021-01"] > adults["2020-06"],
        "CL004-04": 200000 < us["2023-09"] <= 300000,
        "CL004-05": us["2023-09"] == us["2023-01":"2023-09"].max(),
        "CL004-10": 20000 <= chnv < 200000,
        "CL004-14": packaged("usbp_cells", authority="title42").get("2023-06", 0.0) == 0.0,
    }  # fmt: skip
    ranked = {
        label: packaged("follow_by_origin", origin11=label, outcome="total_encounters")["2023-01":"2023-12"].sum()
        for label in let_in
    }
    supported["CL000-11"] = sorted(ranked, key=ranked.get, reverse=True)[1] == "VEN"
    judged = {one.entry.id: one.standing for one in shipped if one.now is not None}
    assert judged.keys() == supported.keys()
    assert {name for name, standing in judged.items() if standing == "supported"} == {
        name for name, holds in supported.items() if holds
    }
    counts = Counter(str(one.standing) for one in shipped)
    assert counts["supported"] == sum(supported.values())
    text = palanca.claims().findings[0].text
    assert f"{counts['supported']} are supported" in text
    assert all(
        f"{counts[word]} {word}" in text for word in ("overstated", "understated", "contradicted", "not checkable")
    )


def test_a_word_turned_round_turns_the_verdict(shipped):
    """Each shipped value that is supported and precise would not be with its word of comparison turned round."""
    turned = {"over": "under", "at_least": "at_most", "under": "over", "at_most": "at_least"}
    tried = 0
    for checked in shipped:
        says = checked.entry.says
        if says is None or says.value not in turned or checked.standing != "supported":
            continue
        other = Says(**{turned[says.value]: getattr(says, says.value)})
        assert judge.value(other, checked.now.value, checked.unit).standing != "supported", checked.entry.id
        tried += 1
    assert tried >= 6


def test_what_palanca_has_instead_is_there():
    """Commands exist, series are in the catalogue, levers are those of the case."""
    tree, case = get_command(app), load("us-mexico")
    named = [one.entry.not_checkable.instead for one in load_claims("us-mexico").claims if one.entry.not_checkable]
    told = [text for text in named if text is not None]
    assert len(told) >= 30
    for text in told:
        command, _, rest = text.partition(" (")
        program, *words = command.split()
        assert program == "palanca"
        assert words[0] in tree.commands, text
        if words[:2] == ["data", "show"]:
            assert words[2] in catalogue.entries(), text
        if "record" in words and rest:
            lever = rest.rstrip(")").split(",")[0]
            assert lever in case.levers, text
            assert any(entry.lever == lever for entry in case.record), text
