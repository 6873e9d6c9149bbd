"""The bar of a sweep counts what a store held, and judges the time left from what was made since."""

from __future__ import annotations

import pytest
import rich.progress

from palanca.cli import progress


def test_the_time_left_is_judged_from_jobs_of_this_run_alone(monkeypatch):
    clock = {"now": 100.0}
    made: list[rich.progress.Progress] = []
    real = rich.progress.Progress

    def bar(*columns, **given):
        made.append(real(*columns, **given, get_time=lambda: clock["now"], auto_refresh=False))
        return made[-1]

    monkeypatch.setattr(rich.progress, "Progress", bar)
    with progress.bar("histories") as tell:
        for done in (80, 81, 82, 83, 84):  # 80 were in the store; then one every ten seconds
            tell(done, 100)
            clock["now"] += 10.0
        task = made[0].tasks[0]
        assert (task.completed, task.total) == (84, 100)
        assert task.time_remaining == pytest.approx(16 * 10, rel=0.35)


def test_the_bar_goes_to_the_error_stream(capsys):
    with progress.bar("histories") as tell:
        tell(1, 2)
    assert capsys.readouterr().out == ""
