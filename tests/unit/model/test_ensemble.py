"""What an ensemble keeps, refuses, reports and leaves behind when interrupted."""

from __future__ import annotations

import threading

import corridors
import numpy as np
import pytest

from palanca.core.errors import UsageError
from palanca.model import ensemble

KEEP = ("stops", "encounters")


def test_only_what_is_asked_for_is_kept() -> None:
    solved, base, other = ensemble.run(corridors.eventful(), corridors.free(3), corridors.layout(), keep=KEEP)
    assert solved is None
    assert other is None
    assert set(base) == set(KEEP)
    assert base["stops"].shape == (corridors.MONTHS, corridors.ORIGINS, 3)


def test_surprises_are_kept_when_named() -> None:
    asked = (*KEEP, ensemble.SURPRISES)
    solved, base, _ = ensemble.run(corridors.eventful(), corridors.free(3), corridors.layout(), keep=asked)
    assert solved is not None
    assert solved.factor.shape == (corridors.MONTHS, corridors.ORIGINS, 3)
    assert set(base) == set(KEEP)


def test_what_is_kept_does_not_change_its_numbers() -> None:
    inputs, free, plan = corridors.eventful(), corridors.free(3), corridors.layout()
    _, everything, _ = ensemble.run(inputs, free, plan)
    _, few, _ = ensemble.run(inputs, free, plan, keep=KEEP)
    for name in KEEP:
        np.testing.assert_allclose(few[name], everything[name], rtol=1e-12)


def test_an_unknown_field_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match="encounter_total") as caught:
        ensemble.run(corridors.eventful(), corridors.free(1), corridors.layout(), keep=("encounter_total",))
    assert "encounters" in str(caught.value)


def test_no_draws_are_refused() -> None:
    with pytest.raises(UsageError, match="no draws"):
        ensemble.run(corridors.eventful(), corridors.free(1)[:, :0], corridors.layout(), keep=KEEP)


def test_progress_counts_draws_up_to_the_total() -> None:
    told: list[tuple[int, int]] = []
    free = corridors.free(ensemble.CHUNK + 5)
    ensemble.run(
        corridors.eventful(), free, corridors.layout(), keep=KEEP, progress=lambda done, all_: told.append((done, all_))
    )
    assert told == [(ensemble.CHUNK, ensemble.CHUNK + 5), (ensemble.CHUNK + 5, ensemble.CHUNK + 5)]


def test_an_interruption_passes_through_and_leaves_nothing_running() -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    before = threading.active_count()
    free = corridors.free(4 * ensemble.CHUNK)
    with pytest.raises(KeyboardInterrupt):
        ensemble.run(corridors.eventful(), free, corridors.layout(), keep=KEEP, progress=stop)
    assert threading.active_count() <= before
