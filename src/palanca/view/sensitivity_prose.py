"""What matters in sentences, and what these shares cannot tell."""

from __future__ import annotations

import numpy as np

from palanca.core.wording import counted
from palanca.questions.sensitivity.runs import Answer
from palanca.spec.tables import parameters
from palanca.view import sensitivity_tables as tables
from palanca.view.theme import month_name, percent, rounded

NAMED = 3
LEAST = 0.02  # share below which a parameter is not named
CAUTION = (
    "Variance shares and effects vary each parameter over its own posterior range and leave out that the figures tie "
    "parameters to one another; what the draws explain keeps these ties, and can credit a parameter with what moves "
    "beside it. Neither says anything of what no parameter stands for: a mechanism left out, or a lever's declared "
    "strength."
)
HARM = "The outcome counts harm to people: what moves it most is where knowing more matters most for them."


def headline(answer: Answer) -> list[str]:
    """What was found."""
    said = [opening(answer), *ranking(answer), *draws_say(answer), *worth_says(answer)]
    return [*said, HARM] if answer.question.outcome.outcome.harm else said


def opening(answer: Answer) -> str:
    """What varies, and by how much."""
    question = answer.question
    low, mid, high = (rounded(float(x)) for x in np.quantile(answer.outcome, (0.05, 0.5, 0.95)))
    months = f"{month_name(str(question.first))} to {month_name(str(question.last))}"
    what = "the effect of the change on " if question.changes else ""
    return (
        f"Mean of {months}, {what}{question.outcome.outcome.what} ({question.outcome.name}): {mid} [{low}, {high}] "
        f"{question.outcome.outcome.unit} over {len(answer.outcome):,} draws (90 % interval)."
    )


def ranking(answer: Answer) -> list[str]:
    """The parameters that move it most."""
    if answer.sobol is None:
        top = tables.order(answer)[:NAMED]
        return [f"The largest effects are those of {', '.join(map(_named, top))}."]
    top = [name for name in tables.order(answer) if (tables.total(answer, name) or (0.0,))[0] >= LEAST][:NAMED]
    shares = "; ".join(f"{_named(name)} {_share(tables.first(answer, name))}" for name in top)
    ratio = answer.sobol.variance / float(answer.outcome.var())
    lines = [
        f"Varied one by one, most of the variance comes from: {shares} alone (Sobol, {answer.sobol.runs:,} runs of the "
        f"{counted(len(answer.sobol.names), 'parameter')} with the largest effects among "
        f"{len(answer.morris.names):,}; Morris, {answer.morris.runs:,} runs)."
    ]
    if not 0.5 < ratio < 2.0:
        lines.append(
            f"So varied, the variance is {rounded(ratio, 2)} times that of the posterior: ties between parameters "
            "matter here, and shares of independent variation mislead; read what the draws explain."
        )
    return lines


def draws_say(answer: Answer) -> list[str]:
    """What the posterior's own draws explain, and so what learning would bring."""
    best = sorted(answer.names, key=lambda name: -answer.explained[name].share)[:NAMED]
    told = [name for name in best if answer.explained[name].share >= LEAST]
    if not told:
        return ["In the posterior's own draws no single parameter explains a part that can be told from none."]
    sd = float(answer.outcome.std())
    shares = "; ".join(f"{_named(name)} {_share(tables.given(answer, name))}" for name in told)
    return [
        f"In the posterior's own draws, explained: {shares}. Learning {told[0]} for certain is expected to take the "
        f"standard deviation from {rounded(sd)} to {rounded(tables.left(answer, told[0]))}."
    ]


def worth_says(answer: Answer) -> list[str]:
    """What learning is worth before choosing whether to change or leave be."""
    if not answer.worth:
        return []
    unit = answer.question.outcome.outcome.unit
    best = max(answer.worth, key=lambda name: answer.worth[name])
    if answer.everything <= 0.0:
        return ["Between changing and leaving be, no draw turns the choice: learning more is worth nothing to it."]
    return [
        f"Between changing and leaving be, knowing everything would be worth {rounded(answer.everything)} {unit}; of "
        f"single parameters {_named(best)} is worth most, {rounded(answer.worth[best])}."
    ]


def _named(name: str) -> str:
    row = parameters().get(name.partition("[")[0])
    return f"{name} ({row.what.partition(';')[0].rstrip('.')})" if row is not None else f"equation {name}"


def _share(share: tables.Share | None) -> str:
    mid, low, high = (percent(100.0 * max(x, 0.0)) for x in share or (0.0, 0.0, 0.0))
    return f"{mid} [{low}, {high}]"
