"""A case with its figures and its fit: every question is one method, and every method returns an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from palanca.api.evidence import Evidence, chosen
from palanca.api.later import Later
from palanca.core.clock import Month
from palanca.evidence.episodes import declared as episodes_of_policy
from palanca.questions import changes as declaring
from palanca.questions import provenance, window
from palanca.questions.changes import Given
from palanca.questions.corridor import Corridor, needed
from palanca.questions.forecast import suppositions
from palanca.questions.forecast.span import ForecastSpan
from palanca.questions.options import RunOptions
from palanca.show.answer import Answer
from palanca.spec import search_file
from palanca.spec import sharing as sharing_file
from palanca.spec.schema import Case

if TYPE_CHECKING:
    from palanca.api import bargaining
    from palanca.evidence.backtest import past
    from palanca.questions import outcomes
    from palanca.questions.forecast import answer as forecast
    from palanca.questions.history import answer as history
    from palanca.questions.search import answer as searching
    from palanca.questions.sensitivity import answer as sensitivity
    from palanca.questions.sensitivity import runs as sensitivity_runs
    from palanca.questions.sensitivity import sampling as sample
    from palanca.questions.share import answer as sharing
    from palanca.questions.whatif import answer as whatif
    from palanca.questions.why import answer as why
    from palanca.questions.why import explained
    from palanca.questions.why import months as why_months
else:  # each loads what it needs when it is asked
    bargaining = Later("palanca.api.bargaining")
    past = Later("palanca.evidence.backtest.past")
    forecast = Later("palanca.questions.forecast.answer")
    history = Later("palanca.questions.history.answer")
    searching = Later("palanca.questions.search.answer")
    sensitivity = Later("palanca.questions.sensitivity.answer")
    sensitivity_runs = Later("palanca.questions.sensitivity.runs")
    sample = Later("palanca.questions.sensitivity.sampling")
    sharing = Later("palanca.questions.share.answer")
    whatif = Later("palanca.questions.whatif.answer")
    outcomes = Later("palanca.questions.outcomes")
    why = Later("palanca.questions.why.answer")
    explained = Later("palanca.questions.why.explained")
    why_months = Later("palanca.questions.why.months")


@dataclass(frozen=True, eq=False)
class Model:
    """A case with its figures and its fitted parameters; `palanca.load` makes one.

    Args:
        fitted: The case lined up with its figures, and draws of what was learned; nothing without a corridor.
        text: The case file as the user wrote it; nothing for a shipped case.
        name: Shipped name or path of the case, or of a bargaining table that needs no corridor.
    """

    fitted: Corridor | None
    text: str | None = None
    name: str = ""

    @property
    def corridor(self) -> Corridor:
        """The fitted corridor; an error where there is none."""
        return needed(self.fitted, self.name)

    @property
    def case(self) -> Case:
        """The case as declared."""
        return self.corridor.case

    @property
    def evidence(self) -> Evidence:
        """How far to trust it: scores, episodes and the like, each one method."""
        return Evidence(self.corridor, self.text)

    def __repr__(self) -> str:
        """Name and months of the case."""
        if self.fitted is None:
            return f"Model({self.name!r}, no corridor)"
        span = self.case.span.span
        return f"Model({self.case.case!r}, {span.first} to {span.last})"

    def run(self, *, draws: int = 200, key: int = 1, run: RunOptions | None = None) -> Answer:
        """History as the figures and the fitted model tell it, held against every published series.

        Args:
            draws: How many histories; 1,000 take about 2 GB.
            key: Same key, same bits.
            run: Who hears how far it has come; draws and key above hold.

        Raises:
            InvariantError: The accounts of people do not balance.
        """
        return self._made(history.answer(self.corridor, chosen(run, draws, key)))

    def whatif(
        self, changes: Given, *, start: str | None = None, end: str | None = None, months: str | None = None,
        draws: int = 200, key: int = 1, run: RunOptions | None = None, question: str | None = None,
    ) -> Answer:  # fmt: skip
        """What would have happened had something been different, every surprise of history kept.

        Args:
            changes: Values by target, as `{"levers.contention.effort": 0}`; the name of shipped changes; the path of a
                file of changes; or a list of these.
            start: First month of values by target, `YYYY-MM`; by default the first of the case.
            end: Last month of values by target.
            months: Months told, `FROM..TO`; by default from the first that differs to half a year after the start of
                the change that begins last.
            draws: How many histories.
            key: Same key, same bits.
            run: Where work is kept and who does it; draws and key above hold.
            question: The question in words; by default that of shipped changes, or put together from the changes.

        Returns:
            Worlds `history`, `changed` (governments as recorded) and `answered` (governments answering).

        Raises:
            ChangeError: A change names nothing, fits nothing, contradicts another or alters nothing.
            UsageError: Nothing differs yet in the months asked for.
        """
        given = declaring.gather(self.case, changes, start, end, question)
        told = None if months is None else window.read(self.case, months)
        return self._made(whatif.answer(self.corridor, given, chosen(run, draws, key), told))

    def deal(
        self, month: str | None = None, *, protocol: str | None = None, table: str | Path | None = None,
        silos: str | Path | None = None, draws: int = 64, key: int = 1, run: RunOptions | None = None,
    ) -> Answer:  # fmt: skip
        """What a deal of a month would hold: who gains, what it does to people, and whether it would last.

        Args:
            month: Month of the talks, `YYYY-MM`; a table that declares its own flow takes none.
            protocol: `ultimatum:PARTY`, `proposer:PARTY`, `alternating:PARTY[:MONTHS]` or a concept, else as declared.
            table: A bargaining table to use in place of the case's own: path, shipped name, or content.
            silos: Two ways to divide the issues, to be compared: path, shipped name, or content.
            draws: Draws of what is believed.
            key: Same key, same bits.
            run: Who hears how far it has come; draws and key above hold.

        Raises:
            UsageError: No such month or protocol; or it has no proposer, or is an ultimatum without a threat.
            CaseErrors: The table or the division has faults.
            UnsettledError: Searches for a deal did not converge.
        """
        return self._made(bargaining.deal(self._asked(draws, key, run), month, table, silos, protocol))

    def bargain(
        self, *, start: str | None = None, end: str | None = None, off: Sequence[str] = (), without: Sequence[str] = (),
        each_off: bool = False, draws: int = 32, key: int = 1, run: RunOptions | None = None,
    ) -> Answer:  # fmt: skip
        """What if governments had chosen effort and favours by bargaining, quarter by quarter, as surprises came.

        Args:
            start: First month, `YYYY-MM`; by default January 2018, or January 2023 where something is left out.
            end: Last month; by default the last of the case.
            off: Mechanisms left out in a second world, `otherwise`, as `linkage`.
            without: Issues never on the table in that world, as `silence`.
            each_off: Whether each mechanism is left out in turn.
            draws: How many histories; all are held in memory at once.
            key: Same key, same bits.
            run: Who hears how far it has come; draws and key above hold.

        Raises:
            UsageError: A mechanism or issue is not there, or the months hold no quarter.
        """
        return self._made(bargaining.bargain(self._asked(draws, key, run), (start, end), (off, without), each=each_off))

    def silence(
        self, month: str = "2024-01", *, years: int = 10, slow: bool = True,
        draws: int = 64, key: int = 1, run: RunOptions | None = None,
    ) -> Answer:  # fmt: skip
        """Whether silence on the partner's democracy pays now and costs later, beside open criticism.

        Args:
            month: Month of the deal, `YYYY-MM`.
            years: How many years to look ahead.
            slow: Whether silence harms democracy, and criticism mends it, at all.
            draws: Draws of what is believed.
            key: Same key, same bits.
            run: Who hears how far it has come; draws and key above hold.
        """
        return self._made(bargaining.silence(self._asked(draws, key, run), month, years, slow=slow))

    def relief(
        self, file: str | Path | None = None, *, ahead: int = 12,
        draws: int = 400, key: int = 1, run: RunOptions | None = None,
    ) -> Answer:  # fmt: skip
        """Relief on conditions: which clauses would be kept, what would be taken back, and when flights would stop.

        Args:
            file: A file of conditional relief in place of the case's own: path, name of a shipped case, or content.
            ahead: How many months are played, 1 to 36.
            draws: Draws of what is believed.
            key: Same key, same bits.
            run: Draws and key above hold; nothing else is taken notice of.

        Raises:
            CaseErrors: The file has faults.
            UsageError: Too many months, or the figures do not hold the share of encounters.
        """
        return self._made(bargaining.relief(self._asked(draws, key, run), file, ahead))

    def leverage(
        self, government: str | None = None, month: str | None = None, *, lengths: Sequence[int] | None = None,
        shares: bool = False, table: str | None = None, draws: int = 64, key: int = 1, run: RunOptions | None = None,
    ) -> Answer:  # fmt: skip
        """How much leverage a government held: its cooperation withdrawn, every surprise of history kept.

        Args:
            government: Code of the government that stops, as `MEX`; by default the one in transit.
            month: First month without its cooperation, `YYYY-MM`, or several as `FROM..TO`; by default the last from
                which the case holds every length.
            lengths: For how many months each; by default 1, 3 and 6, as far as the case goes on.
            shares: Whether gains are shared out among issues, over every subset of them; of one month only.
            table: Bargaining table in place of the case's own: a path, a name or its content.
            draws: How many histories.
            key: Same key, same bits.
            run: Where work is kept and who does it; draws and key above hold.

        Returns:
            Worlds `recorded`, `stopped` and `answered` (other governments responding); of a transit country also
            `routine`, `unenforced` and `limited` (the destination's own limits used). Payoffs where a table prices it.

        Raises:
            UsageError: The government holds no lever, a window goes beyond the case, or shares of several months.
        """
        which = (government, month, lengths)
        return self._made(bargaining.leverage(self._asked(draws, key, run), which, table, shares=shares))

    def why(
        self, first: str | None = None, last: str | None = None, *, outcome: str = "encounters", episodes: bool = False,
        draws: int = 64, key: int = 1, run: RunOptions | None = None,
    ) -> Answer:  # fmt: skip
        """Why an outcome changed between two months: the change shared out among its causes, exactly in every draw.

        Args:
            first: The first month, `YYYY-MM`.
            last: The second, at most a year later.
            outcome: What changed, as `encounters`, `deaths` or `held`; a part as `encounters:VEN`.
            episodes: All changes that the sources explain, beside what they claim, in place of two months.
            draws: How many draws.
            key: Same key, same bits.
            run: Where work is kept and who does it; draws and key above hold.

        Returns:
            Shares by cause, in the outcome's unit and in log points; with episodes, of groups of causes by change.

        Raises:
            UsageError: The months are not in order, too far apart or outside the case; or no such outcome.
        """
        options = chosen(run, draws, key)
        months = why_months.read(self.case, first, last, outcome, episodes=episodes)
        if months is None:
            return self._made(explained.answer(self.corridor, options))
        part = outcomes.find(outcome, self.case, where="outcome")
        spared = [month for one in episodes_of_policy.table() for month in one.months]
        return self._made(why.answer(self.corridor, *months, part, options, spared))

    def search(
        self, search: str | Path = "two-years", *, packages: int = 2000, population: int = 200,
        draws: int = 200, key: int = 1, run: RunOptions | None = None,
    ) -> Answer:  # fmt: skip
        """What would have been better: packages of levers tried on history, and those that no other beats.

        Args:
            search: Name of a search that comes with the case, path of a file, or its content.
            packages: How many packages to try in all.
            population: How many a generation.
            draws: In how many histories each is tried.
            key: Same key, same bits.
            run: Where work is kept and who does it; draws and key above hold.

        Returns:
            Options `the record`, `everything off`, the best of each objective and the balanced one, by draw; every
            package tried as judged.

        Raises:
            CaseErrors: The search has faults; all of them, each with its line.
            UsageError: No package keeps all limits, or the case has no bargaining table.
        """
        wanted, text = search_file.given(search, self.case)
        found = searching.answer(
            self.corridor, wanted, chosen(run, draws, key), packages=packages, population=population, given=text
        )
        return self._made(found)

    def share(
        self, scheme: str | Path = "regional-quotas", *, variants: bool = True,
        draws: int = 64, key: int = 1, run: RunOptions | None = None,
    ) -> Answer:  # fmt: skip
        """What shared responsibility would do in place of barter: who takes how many, who pays, would it hold.

        Args:
            scheme: A sharing scheme: path, name of one that comes with the case, or content.
            variants: Whether to run it in other sizes, speeds and rules besides.
            draws: How many histories.
            key: Same key, same bits.
            run: Who hears how far it has come; draws and key above hold.

        Returns:
            Worlds `record` and `scheme` on the same surprises; quotas, matches, burdens and payments by member.

        Raises:
            CaseErrors: The scheme has faults; all of them, each with its line.
            SharingError: A member has no figure for the key.
        """
        wanted, text = sharing_file.given(scheme, self.case)
        return self._made(sharing.answer(self.corridor, wanted, chosen(run, draws, key), text, variants=variants))

    def forecast(
        self, ahead: int = 12, *, suppose: suppositions.Given = (), last: str | None = None,
        draws: int = 400, key: int = 1, run: RunOptions | None = None,
    ) -> Answer:  # fmt: skip
        """What comes next: the months ahead with levers as they are, and under each supposition on the same paths.

        Args:
            ahead: How many months ahead, 1 to 60.
            suppose: `react` (governments answer to arrivals as before), `deals` (and strike deals as their ledger has
                it), `record` (levers follow the dated record: hindsight), the name of a shipped supposition or of
                shipped changes, the path of a file of changes, or a text `TARGET=VALUE`; several of these joined by
                `+` are one world; a list makes several worlds side by side.
            last: Last month taken as known, `YYYY-MM`; by default the last with figures.
            draws: How many paths.
            key: Same key, same bits.
            run: Who hears how far it has come; draws and key above hold.

        Returns:
            World `persist` (levers as they are) and one world a supposition, by its name.

        Raises:
            UsageError: The months cannot be forecast, or there is no such supposition.
            ChangeError: A supposition alters nothing in the months ahead.
        """
        given = suppositions.gather(self.case, suppose)
        known = Month.parse(last, where="last") if last else self.case.span.last
        span = ForecastSpan(known, ahead, draws, key)
        span.check(self.case)
        return self._made(forecast.answer(self.corridor, span, given, chosen(run, draws, key), past.scores(self.case)))

    def sensitivity(
        self,
        outcome: str = "deaths",
        changes: Given | None = None,
        *,
        months: str | None = None,
        price: float = 0.0,
        sampling: Mapping[str, object] | None = None,
        draws: int = 352,
        key: int = 1,
        run: RunOptions | None = None,
    ) -> Answer:
        """Which parameters an outcome, or the effect of changes on it, depends on, and what learning one is worth.

        Args:
            outcome: Which outcome, as `deaths`; a part as `encounters:VEN`.
            changes: As of `whatif`; the outcome is then their effect. Rows as `{"set": ..., "to": ..., "from": ...}`
                carry months.
            months: Months of which the mean is taken, `FROM..TO`; by default the last twelve of the case.
            price: What carrying the changes out costs, in the outcome's unit.
            sampling: Any of `parameters` (names, or single numbers as `base[4]`; all if none), `by_equation` (vary
                those of one equation together), `points` (Sobol, a power of 2; 0 for none), `trajectories` (Morris).
            draws: Draws that give ranges and what they themselves explain, 20 or more.
            key: Same key, same bits.
            run: Where work is kept and who does it; draws and key above hold.

        Returns:
            Effects and shares of variance by parameter.

        Raises:
            UsageError: No such outcome or parameter, too large a sample, or an outcome that is the same in every draw.
        """
        given = None if changes is None else declaring.gather(self.case, changes)
        question = sensitivity_runs.SensitivityQuestion(
            outcomes.find(outcome, self.case, where="outcome"),
            *window.read(self.case, months or window.last_year(self.case)),
            given.parsed if given is not None else (),
            price,
            sample.read(sampling),
            draws,
            key,
        )
        return self._made(sensitivity.answer(self.corridor, question, given, chosen(run, draws, key)))

    def _asked(self, draws: int, key: int, run: RunOptions | None) -> bargaining.Asked:
        return bargaining.Asked(self.fitted, self.name, chosen(run, draws, key))

    def _made(self, found: Answer) -> Answer:
        """The answer with the case file in its provenance, if a user wrote one."""
        return provenance.with_case(found, self.text)
