"""Divides people among the countries of the Americas by a key, and says what follows."""

from __future__ import annotations

from typing import Annotated

import typer

from palanca.cli import output
from palanca.cli.options import Format, Full, How, Key, Out, Pictures, Store

HELP = """Who takes how many people by a distribution key, who pays, and would it hold?

Divides people among the countries of the Americas by shares of population, income, unemployment and past effort: the
keys of the European Union of 2015 (with its anomaly, and repaired) and 2024, one by capacity, or your own weights.
Quotas are exact to the person; a country without a figure is named and left out. Trade in quotas, a set price, exits
and transfers follow from assumed ranges of what hosting costs."""
Named = list[str] | None


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("quotas", help=HELP)(quotas)


def quotas(
    *,
    by: Annotated[
        str, typer.Option("--by", metavar="KEY", help="eu2015, repaired, ammr2024, population, gdp or shapley.")
    ] = "ammr2024",
    total: Annotated[int, typer.Option(help="People to divide.")] = 100_000,
    year: Annotated[int, typer.Option(help="Year of the figures.")] = 2022,
    countries: Annotated[
        str | None, typer.Option(metavar="ISO,ISO", help="Only these countries; all with figures by default.")
    ] = None,
    weight: Annotated[
        Named,
        typer.Option(
            metavar="MEASURE=WEIGHT[:CAP]", help="A weight of a key of your own, as gdp=0.5 or unemployment=0.1:0.3."
        ),
    ] = None,
    capacity: Annotated[Named, typer.Option(metavar="ISO=PEOPLE", help="Most that a country can take.")] = None,
    offer: Annotated[Named, typer.Option(metavar="ISO=PEOPLE", help="What a country offers to take.")] = None,
    spill: Annotated[
        Named, typer.Option(metavar="HOST:OTHER=USD", help="What a person hosted is worth to another country.")
    ] = None,
    transfer: Annotated[
        Named, typer.Option(metavar="PAYER:RECEIVER=USD", help="What is agreed to be paid besides, a year.")
    ] = None,
    price: Annotated[
        float, typer.Option("--pay", metavar="USD", help="What may be paid a year in place of hosting a person.")
    ] = 20_000.0,
    least: Annotated[float, typer.Option(help="Least of its quota that a country hosts itself in trade.")] = 0.5,
    most: Annotated[float, typer.Option(help="Most that it hosts in trade, as a multiple of its quota.")] = 2.0,
    assume: Annotated[
        Named, typer.Option(metavar="NAME=VALUE", help="A value in place of an assumed range, as worth=1.")
    ] = None,
    bargain: Annotated[bool, typer.Option("--bargain", help="Bargain over places and payments; some seconds.")] = False,
    draws: Annotated[int, typer.Option(min=20, max=5000, help="Draws of what is assumed of costs.")] = 200,
    key: Key = 1,
    how: How = Format.table,
    full: Full = False,
    out: Out = None,
    pictures: Pictures = True,
    store: Store = None,
) -> None:
    """Read, divide, write, show."""
    from palanca.core import save

    if out is not None:
        save.check_folder(out)
    weights = named(weight, "--weight")
    others = {
        name: None if values is None else {one: numbers[0] for one, numbers in values.items()}
        for name, values in (
            ("capacity", named(capacity, "--capacity")),
            ("offers", named(offer, "--offer")),
            ("spill", named(spill, "--spill")),
            ("transfers", named(transfer, "--transfer")),
            ("assume", named(assume, "--assume")),
        )
    }
    wanted = None if countries is None else [name.strip().upper() for name in countries.split(",") if name.strip()]
    from palanca.api.quotas import quotas as ask

    answer = ask(
        by,
        total,
        year,
        wanted,
        weights,
        price=price,
        limits=(least, most),
        bargain=bargain,
        draws=draws,
        key=key,
        store=store,
        **others,
    )
    output.deliver(answer, how, out=out, full=full, pictures=pictures)


def named(given: list[str] | None, option: str) -> dict[str, list[float]] | None:
    """Numbers by name, from words such as `USA=20000`; two numbers only where a weight has a cap.

    Raises:
        UsageError: A word has no number, or a name stands twice.
    """
    from palanca.core.errors import UsageError

    if not given:
        return None
    found: dict[str, list[float]] = {}
    for word in given:
        name, _, text = word.partition("=")
        name = name.strip() if option in ("--weight", "--assume") else name.strip().upper()
        try:
            numbers = [float(part) for part in text.split(":")]
        except ValueError:
            numbers = []
        if not name or not 1 <= len(numbers) <= (2 if option == "--weight" else 1) or name in found:
            raise UsageError(
                "cannot read a number by name",
                where=option,
                found=repr(word),
                expected="NAME=NUMBER, each name once",
                way_out=f"`palanca quotas --help` says what {option} takes.",
            )
        found[name] = numbers
    return found
