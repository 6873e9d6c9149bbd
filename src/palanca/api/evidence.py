"""How far to trust a model: each kind of evidence is one method, and every method returns an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from palanca.api.later import Later
from palanca.core.clock import Month
from palanca.evidence.backtest.starts import starts
from palanca.questions import provenance
from palanca.questions.corridor import Corridor
from palanca.questions.options import RunOptions
from palanca.show.answer import Answer
from palanca.spec.schemes import load_schemes

if TYPE_CHECKING:
    from palanca.evidence.backtest import answer as backtest
    from palanca.evidence.backtest import make as making
    from palanca.evidence.backtest import store as skill_store
    from palanca.evidence.episodes import answer as episodes
    from palanca.evidence.facts import answer as facts
    from palanca.evidence.facts import numbers
    from palanca.evidence.fit import answer as judging
    from palanca.evidence.ledger import answer as deals
    from palanca.evidence.ledger import parts
    from palanca.evidence.levers import answer as levers_answer
    from palanca.evidence.levers import scope as levers_scope
    from palanca.evidence.response import answer as response_answer
    from palanca.evidence.response import asked
    from palanca.evidence.response import run as responding
    from palanca.evidence.response import store as response_store
    from palanca.evidence.schemes import answer as schemes
else:  # each loads what it needs when it is asked
    backtest = Later("palanca.evidence.backtest.answer")
    making = Later("palanca.evidence.backtest.make")
    skill_store = Later("palanca.evidence.backtest.store")
    episodes = Later("palanca.evidence.episodes.answer")
    facts = Later("palanca.evidence.facts.answer")
    numbers = Later("palanca.evidence.facts.numbers")
    judging = Later("palanca.evidence.fit.answer")
    deals = Later("palanca.evidence.ledger.answer")
    parts = Later("palanca.evidence.ledger.parts")
    schemes = Later("palanca.evidence.schemes.answer")
    levers_answer = Later("palanca.evidence.levers.answer")
    levers_scope = Later("palanca.evidence.levers.scope")
    response_answer = Later("palanca.evidence.response.answer")
    asked = Later("palanca.evidence.response.asked")
    responding = Later("palanca.evidence.response.run")
    response_store = Later("palanca.evidence.response.store")


@dataclass(frozen=True, eq=False)
class Evidence:
    """What speaks for and against a model; `Model.evidence` makes one.

    Args:
        corridor: The case lined up with its figures, and draws of what was learned.
        text: The case file as the user wrote it; nothing for a shipped case.
    """

    corridor: Corridor
    text: str | None = None

    def __repr__(self) -> str:
        """Name of the case."""
        return f"Evidence({self.corridor.case.case!r})"

    def fit(self, *, draws: int = 200, key: int = 1, run: RunOptions | None = None) -> Answer:
        """How far the fit can be trusted: whether its chains agree, and how published figures lie in its bands.

        Args:
            draws: How many histories are set against the figures.
            key: Same key, same bits.
            run: Who hears how far the work has come.

        Returns:
            Every check with its state, every fitted number with its draws, and how each series lies in its bands.

        Raises:
            FitError: A calibration is stored beside the fit but cannot be read.
        """
        return self._made(judging.answer(self.corridor, chosen(run, draws, key)))

    def facts(
        self,
        *,
        only: Sequence[int] | None = None,
        add: Sequence[str] = (),
        draws: int = 64,
        key: int = 1,
        run: RunOptions | None = None,
    ) -> Answer:
        """Which facts that a faithful model reproduces this one does, with what chance, and what fails.

        Args:
            only: Numbers of the facts wanted; all by default.
            add: Paths of files of further facts, or their texts.
            draws: Draws of the fit.
            key: Same key, same bits.
            run: Who hears how far the work has come.

        Returns:
            The chance of every fact, and every quantity that was measured for it.

        Raises:
            UsageError: There is no such fact, or one cannot be tried on this case.
            CaseErrors: A file of facts has faults.
            ChangeError: A change that a fact names alters nothing.
        """
        options = chosen(run, draws, key)
        wanted, texts = numbers.wanted(self.corridor.case.case, only, add)
        arguments: dict[str, object] = {"only": None if only is None else list(only), "add": texts}
        tried = facts.tried(self.corridor, wanted, options)
        return self._made(facts.answer(self.corridor, tried, options, arguments))

    def schemes(
        self, *, only: Sequence[str] | None = None, draws: int = 64, key: int = 1, run: RunOptions | None = None
    ) -> Answer:
        """Which schemes that sources see at work in the corridor the model has, and which of them work.

        Args:
            only: Ids of the schemes wanted, such as `SYS13`; all by default.
            draws: Draws of the fit.
            key: Same key, same bits.
            run: Who hears how far the work has come.

        Returns:
            What every scheme came to, the chance of each of its predictions, and every quantity measured for it.

        Raises:
            UsageError: There is no such scheme, or one cannot be tried on this case.
            ChangeError: A change that a prediction names alters nothing.
        """
        options, wanted = chosen(run, draws, key), load_schemes(self.corridor.case.case)
        tried = schemes.tried(self.corridor, wanted if only is None else wanted.only(only), options)
        arguments: dict[str, object] = {"only": None if only is None else list(only)}
        return self._made(schemes.answer(self.corridor, tried, options, arguments))

    def ledger(
        self,
        *,
        only: str | None = None,
        rows: str | None = None,
        inferred: bool = True,
        favours: bool = False,
        draws: int = 64,
        key: int = 1,
        run: RunOptions | None = None,
    ) -> Answer:
        """How well deals between governments are foreseen, and which claims on deals ledger and figures bear out.

        Args:
            only: Parts, with commas between: `forecasts` (the default), `fading`, `criticism`, `linked-tone`, `price`,
                `pathways`, `reactions`, `discretion`; or `all`.
            rows: Path of a ledger to use in place of the case's, or its text.
            inferred: Whether rows count whose link to migration is only inferred.
            favours: Whether one-way favours count as deals too, for forecasts.
            draws: Draws of the fit; 20 or more where a claim is judged.
            key: Same key, same bits.
            run: Who hears how far the work has come.

        Returns:
            Scores of forecasts of deals, and every number that bears on the claims wanted.

        Raises:
            UsageError: There is no such part, or there are too few draws or deals.
            CaseErrors: The ledger has faults.
        """
        read, text = parts.ledger(self.corridor.case.case, rows)
        given = parts.LedgerParts(parts.parsed(only), inferred, favours)
        return self._made(deals.answer(self.corridor, read, given, chosen(run, draws, key), text))

    def backtest(
        self,
        *,
        again: bool = False,
        every: int = 1,
        start: str | None = None,
        end: str | None = None,
        key: int = 1,
        run: RunOptions | None = None,
    ) -> Answer:
        """How good forecasts were that were made from past months as if each were the last.

        Args:
            again: Whether to make the forecasts again, which takes half an hour; by default the scores that come with
                the case are shown, and the arguments below do nothing.
            every: Months from one start to the next.
            start: First month to start from, `YYYY-MM`.
            end: Last month to start from.
            key: Same key, same bits.
            run: Folder that keeps what is done; by default `backtest-CASE` in this folder.

        Returns:
            Scores by forecast, horizon, regime and part, against what people would use instead.

        Raises:
            FitError: The case comes with no backtest, or a file is corrupt.
            UsageError: No forecast from these months can be scored.
        """
        case = self.corridor.case
        if not again:
            return self._made(backtest.answer(case, skill_store.read_skill(case), {"again": False}, key))
        ends = [Month.parse(text, where=name) if text else None for text, name in ((start, "start"), (end, "end"))]
        options = run or RunOptions()
        found = making.make(
            self.corridor.setting,
            starts(case, every, *ends),
            making.folder(case, options.store),
            key=key,
            progress=options.progress,
        )
        arguments = {"again": True, "every": every, "start": start, "end": end, "key": key}
        return self._made(backtest.answer(case, found, arguments, key))

    def episodes(
        self,
        only: list[str] | None = None,
        *,
        draws: int = 400,
        key: int = 1,
        curved: bool = False,
        run: RunOptions | None = None,
    ) -> Answer:
        """Turns of policy, each predicted by a fit that never saw its months, beside what was counted.

        Args:
            only: Short names of episodes; all if not given.
            draws: How many predictions.
            key: Same key, same bits.
            curved: Whether parameters scatter about each fit's maximum; some minutes more for each.
            run: Folder that keeps fits; by default `episodes-CASE` in this folder.

        Returns:
            Contrasts between covered and uncovered people, predicted and counted, by episode and rule.

        Raises:
            UsageError: There is no such episode, or the case does not tell it.
            FitError: A file in the folder is corrupt, or a fit does not end.
        """
        return self._made(episodes.answer(self.corridor, only, chosen(run, draws, key), curved=curved))

    def response(
        self,
        *,
        again: bool = False,
        fitted_to: str | None = None,
        only: str | None = None,
        key: int = 1,
        run: RunOptions | None = None,
    ) -> Answer:
        """Whether the model, told the levers of the months ahead, gives the arrivals that came.

        Args:
            again: Whether to fit and forecast again, which takes twenty minutes; by default what comes with the case
                is shown, and the arguments below do nothing.
            fitted_to: Last month known to the fit, `YYYY-MM`; by default August 2024.
            only: `holdout`, from that fit, or `years`, from every January since 2015; both if nothing.
            key: Same key, same bits.
            run: Folder that keeps what is done; by default `backtest-CASE` in this folder.

        Returns:
            Months inside the 80 % band and scores by start, part and what was told, beside what came.

        Raises:
            FitError: The case comes with no such result, or a file is corrupt.
            UsageError: No forecast from the month can be scored, or there is no such exercise.
        """
        case, options = self.corridor.case, run or RunOptions()
        month, exercise = asked.read(case, fitted_to, only)
        if not again:
            found = response_store.read(case)
            return self._made(response_answer.answer(case, found, {"again": False}, key))
        made = responding.make(
            self.corridor.setting,
            making.folder(case, options.store),
            fitted_to=month,
            only=exercise,
            key=key,
            progress=options.progress,
        )
        arguments = asked.arguments(again=True, fitted_to=fitted_to, only=only)
        return self._made(response_answer.answer(case, made, arguments, key))

    def levers(
        self,
        month: str | None = None,
        *,
        months: int = 3,
        draws: int = 200,
        key: int = 1,
        run: RunOptions | None = None,
    ) -> Answer:
        """What each lever in force in a month did: the same months without it, all else as recorded.

        Args:
            month: First month without the lever, `YYYY-MM`; by default the last from which the case holds them all.
            months: For how many months it is taken away.
            draws: Draws of the fit.
            key: Same key, same bits.
            run: Who hears how far the work has come.

        Returns:
            Encounters, people stopped, waiting and dead that each lever added or kept away, with 80 % intervals.

        Raises:
            UsageError: The months lie outside the case, or no lever that acts is in force then.
        """
        scope = levers_scope.read(self.corridor.case, month, months)
        return self._made(levers_answer.answer(self.corridor, scope, chosen(run, draws, key)))

    def _made(self, found: Answer) -> Answer:
        """The answer with the case file in its provenance, if a user wrote one."""
        return provenance.with_case(found, self.text)


def chosen(run: RunOptions | None, draws: int, key: int) -> RunOptions:
    """How a question is run, with the draws and the key asked for."""
    return replace(run or RunOptions(), draws=draws, key=key)
