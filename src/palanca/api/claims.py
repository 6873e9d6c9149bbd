"""Checks claims on published figures: a question of the figures alone, which needs no fit unless the model is asked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from palanca.api.load import load
from palanca.core import digest
from palanca.data.read import open_figures
from palanca.questions import contents
from palanca.questions.claims import answer as checking
from palanca.questions.claims import handed
from palanca.questions.claims.handed import ModelReply, Replies
from palanca.questions.options import RunOptions
from palanca.questions.sweep import plan
from palanca.show.answer import Answer, Provenance
from palanca.spec.claims import Claims

SHIPPED = "us-mexico"


def claims(
    file: str | Path = SHIPPED,
    *,
    only: Sequence[str] | None = None,
    ask: bool = False,
    draws: int = 64,
    key: int = 1,
    store: str | Path | None = None,
    as_known: str = "",
    run: RunOptions | None = None,
) -> Answer:
    """How claims stand against published figures, as known now and as known when they were said.

    Args:
        file: Path or content of a file of claims, or the name of a case that comes with some.
        only: Ids of the claims wanted; all by default.
        ask: Whether the model answers what is handed on to it: causes and counterfactuals; some seconds each.
        draws: Draws of the fit, where the model is asked.
        key: Same key, same bits.
        store: Folder of releases taken in with `palanca data update`: older ones tell what was known then.
        as_known: A month, `YYYY-MM`: only figures that had been published by its end count as known now.
        run: Who hears how far it has come.

    Returns:
        The verdict on every claim with its figure, and how far each is off.

    Raises:
        CaseErrors: The file has faults; all of them, each with its line.
        CaseFileError: There is no such file, or it is not YAML.
        UsageError: There is no claim of an id.
        SeriesError: There is no store there, or a table of figures is damaged.
    """
    read, content = contents.claims(file)
    wanted = read if only is None else read.only(only)
    figures = open_figures(Path(store) if store is not None else None, as_known)
    options = RunOptions(draws, key, progress=run.progress if run is not None else None)
    replies = _replies(wanted, options, store, as_known) if ask else {}
    arguments: dict[str, object] = {"file": content, "only": None if only is None else list(only), "ask": ask}
    arguments |= {"as_known": as_known, "draws": draws, "key": key}
    marks = {
        "declared": digest.of_record([one.entry.model_dump(mode="json") for one in wanted.claims]),
        "data": figures.fingerprint(),
        "code": plan.code(),
        "question": digest.of_record(["claims", arguments]),
    }
    made = Provenance("claims", arguments, read.case.case, marks, key, draws)
    return checking.answer(wanted, figures, replies, made)


def _replies(wanted: Claims, options: RunOptions, store: str | Path | None, as_known: str) -> Replies:
    """What the model answers to each claim that is handed on."""
    model = load(wanted.case, store=store, as_known=as_known)
    found: dict[str, ModelReply] = {}
    given = [one.entry for one in wanted.claims if one.entry.handed_on is not None]
    for done, entry in enumerate(given, 1):
        asked = entry.handed_on
        assert asked is not None
        if asked.why is not None:
            months = (str(asked.why.first), str(asked.why.last))
            made = model.why(*months, outcome=asked.outcome, draws=options.draws, key=options.key)
        else:
            start, end = (None if month is None else str(month) for month in (asked.first, asked.last))
            told = None if asked.months is None else f"{asked.months.first}..{asked.months.last}"
            given_changes = list(asked.whatif or ())
            made = model.whatif(
                given_changes, start=start, end=end, months=told, draws=options.draws, key=options.key
            )  # fmt: skip
        found[entry.id] = handed.reply(made, asked.number)
        if options.progress is not None:
            options.progress(done, len(given))
    return found
