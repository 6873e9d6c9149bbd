"""The fields of every question that may be asked over the web, with their bounds."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

STRICT = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
MonthText = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}$", max_length=7, examples=["2024-01"])]
SpanText = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}\.\.[0-9]{4}-[0-9]{2}$", max_length=16)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{1,80}$", max_length=80)]
Draws = Annotated[int, Field(ge=8, le=2000, description="How many draws.")]
Key = Annotated[int, Field(ge=0, le=2**31 - 1, description="Same key, same bits.")]
Names = Annotated[tuple[Name, ...], Field(max_length=16)]
Row = Annotated[dict[str, float | str | tuple[str, ...]], Field(max_length=8)]


class RunAsked(BaseModel):
    """History as the figures and the fitted model tell it."""

    model_config = STRICT
    draws: Draws = 200
    key: Key = 1


class WhatIfAsked(BaseModel):
    """What would have happened had something been different."""

    model_config = STRICT | ConfigDict(
        json_schema_extra={
            "examples": [{"changes": [{"set": "levers.contention.effort", "to": 0, "from": "2024-01"}], "draws": 64}]
        }
    )
    changes: Annotated[
        tuple[Name | Row, ...],
        Field(
            min_length=1,
            max_length=24,
            description="Names of shipped changes, or rows as a file of changes has them: set, to, from, until, "
            "origins, groups, sectors.",
        ),
    ]
    months: SpanText | None = Field(default=None, description="Months told, FROM..TO.")
    draws: Draws = 200
    key: Key = 1


class WhyAsked(BaseModel):
    """Why an outcome changed between two months."""

    model_config = STRICT
    first: MonthText = Field(default="2023-12", description="The first month.")
    last: MonthText = Field(default="2024-01", description="The second, at most a year later.")
    outcome: Name = Field(default="encounters", description="What changed; a part as `encounters:VEN`.")
    draws: Draws = 64
    key: Key = 1


class ForecastAsked(BaseModel):
    """What comes next: the months ahead with levers as they are, and under each supposition."""

    model_config = STRICT
    ahead: int = Field(default=12, ge=1, le=60, description="How many months ahead.")
    suppose: Annotated[tuple[Annotated[str, Field(pattern=r"^[A-Za-z0-9_.+-]{1,120}$")], ...], Field(max_length=4)] = (
        Field(default=(), description="Suppositions by name, side by side; several joined by + are one.")
    )
    last: MonthText | None = Field(default=None, description="Last month taken as known.")
    draws: Draws = 200
    key: Key = 1


class LeverageAsked(BaseModel):
    """How much leverage a government held: its cooperation withdrawn."""

    model_config = STRICT
    government: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = Field(
        default=None, description="Code of the government that stops, as `MEX`."
    )
    month: MonthText | None = Field(default=None, description="First month without its cooperation.")
    draws: Draws = 64
    key: Key = 1


class DealAsked(BaseModel):
    """What a deal of a month would hold: who gains, what it does to people, whether it would last."""

    model_config = STRICT
    month: MonthText | None = Field(default=None, description="Month of the talks.")
    draws: Draws = 64
    key: Key = 1


class ReliefAsked(BaseModel):
    """Relief on conditions: which clauses would be kept, and what would be taken back."""

    model_config = STRICT
    ahead: int = Field(default=12, ge=1, le=36, description="How many months are played.")
    draws: Draws = 200
    key: Key = 1


class SilenceAsked(BaseModel):
    """Whether silence on the partner's democracy pays now and costs later."""

    model_config = STRICT
    month: MonthText = Field(default="2024-01", description="Month of the deal.")
    years: int = Field(default=10, ge=1, le=30, description="How many years to look ahead.")
    slow: bool = Field(default=True, description="Whether silence harms democracy at all.")
    draws: Draws = 64
    key: Key = 1


class SearchAsked(BaseModel):
    """Packages of levers tried on history, and those that no other beats."""

    model_config = STRICT
    search: Name = Field(default="two-years", description="Name of a search that comes with the case.")
    packages: int = Field(default=400, ge=50, le=4000, description="How many packages to try in all.")
    population: int = Field(default=100, ge=10, le=400, description="How many a generation.")
    draws: Draws = 64
    key: Key = 1


class SensitivityAsked(BaseModel):
    """Which parameters an outcome depends on, and what learning one is worth."""

    model_config = STRICT
    outcome: Name = Field(default="deaths", description="Which outcome; a part as `encounters:VEN`.")
    months: SpanText | None = Field(default=None, description="Months of which the mean is taken.")
    draws: Draws = 352
    key: Key = 1


class BargainAsked(BaseModel):
    """Governments that choose effort and favours by bargaining, quarter by quarter."""

    model_config = STRICT
    start: MonthText | None = Field(default=None, description="First month.")
    end: MonthText | None = Field(default=None, description="Last month.")
    off: Names = Field(default=(), description="Mechanisms left out in a second world.")
    without: Names = Field(default=(), description="Issues never on the table in that world.")
    draws: Annotated[int, Field(ge=8, le=128)] = 32
    key: Key = 1


class ShareAsked(BaseModel):
    """What shared responsibility would do in place of barter: who takes how many, who pays, would it hold."""

    model_config = STRICT
    scheme: Name = Field(default="regional-quotas", description="Name of a sharing scheme that comes with the case.")
    variants: bool = Field(default=False, description="Whether to run it in other sizes, speeds and rules besides.")
    draws: Draws = 64
    key: Key = 1


class QuotasAsked(BaseModel):
    """Who takes how many by a key, what trade in quotas would do, and whether it would hold."""

    model_config = STRICT
    by: Name = Field(default="ammr2024", description="The key by which people are divided.")
    total: int = Field(default=100_000, ge=1, le=50_000_000, description="People to divide.")
    year: int = Field(default=2022, ge=2000, le=2100, description="Year of the figures.")
    price: float = Field(default=20_000.0, ge=0.0, le=1e7, description="Dollars a year paid in place of a person.")
    draws: Draws = 200
    key: Key = 1


class ClaimsAsked(BaseModel):
    """What published figures say of claims: which hold, which are overstated, which are wrong."""

    model_config = STRICT
    only: Names | None = Field(default=None, description="Ids of the claims wanted; all if none.")
    as_known: MonthText | None = Field(default=None, description="Only figures published by the end of this month.")


class FitAsked(BaseModel):
    """How far the fit can be trusted."""

    model_config = STRICT
    draws: Draws = 200
    key: Key = 1


class FactsAsked(BaseModel):
    """Stylised facts that the model must show, each tried."""

    model_config = STRICT
    draws: Draws = 64
    key: Key = 1


class SchemesAsked(BaseModel):
    """Past schemes of cooperation, and whether the model shows what they did."""

    model_config = STRICT
    only: Names | None = Field(default=None, description="Ids of the schemes wanted, as `SYS13`.")
    draws: Draws = 64
    key: Key = 1


class LedgerAsked(BaseModel):
    """What the ledger of deals says of when governments strike them."""

    model_config = STRICT
    favours: bool = Field(default=False, description="Whether one-way favours count as deals too.")
    draws: Draws = 64
    key: Key = 1


class BacktestAsked(BaseModel):
    """Forecasts from every past month against what came, beside simple rivals."""

    model_config = STRICT
    key: Key = 1


class ResponseAsked(BaseModel):
    """Whether the model foresees what governments' levers did, from a fit that had not seen it."""

    model_config = STRICT
    key: Key = 1


class LeversAsked(BaseModel):
    """What each lever does on its own, taken away for some months."""

    model_config = STRICT
    month: MonthText | None = Field(default=None, description="First month without the lever.")
    months: int = Field(default=3, ge=1, le=12, description="For how many months it is taken away.")
    draws: Draws = 64
    key: Key = 1
