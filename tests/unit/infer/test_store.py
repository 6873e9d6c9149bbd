"""A stored posterior comes back as it was, opens in ArviZ, says when it is stale, and is refused when broken."""

import os
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import posteriors
import pytest
import xarray as xr

from palanca.core.errors import FitError
from palanca.data.read import Figures, packaged_figures
from palanca.infer import full, history, store
from palanca.infer.posterior import How, Posterior
from palanca.policy.follow import STAGES
from palanca.spec import edit, parameter, schedule
from palanca.spec.days import Day
from palanca.spec.schema import Case

OTHER = "0" * 16


@pytest.fixture(scope="module")
def case() -> Case:
    return posteriors.as_fitted()


@pytest.fixture(scope="module")
def posterior() -> Posterior:
    return posteriors.sampled()


@pytest.fixture(scope="module")
def content(case: Case, posterior: Posterior, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("stored") / "fit.nc"
    return store.write(path, posterior, case, command="palanca fit us-mexico").read_bytes()


@pytest.fixture(scope="module")
def small() -> Posterior:
    return full.of_fit(posteriors.laplace(), draws=8)


@pytest.fixture
def path(content: bytes, tmp_path: Path) -> Path:
    written = tmp_path / "fit.nc"
    written.write_bytes(content)
    return written


def stale(path: Path, given: Case, found: Posterior, *marks: str) -> Path:
    """Store a posterior as if it had been made from something else."""
    told = {"series": {"usbp_total": OTHER}, "case": OTHER, "code": OTHER}
    return store.write(
        path, found, given, made_from=replace(store.marks(given), **{mark: told[mark] for mark in marks})
    )


def test_a_posterior_comes_back_as_it_was(case: Case, posterior: Posterior, path: Path) -> None:
    back, changed = store.read(path, case)
    assert changed == []
    assert back.how is How.sampled
    for name in ("free", "chain", "mean", "spread"):
        assert np.array_equal(getattr(back, name), getattr(posterior, name)), name
    assert back.search == posterior.search
    assert back.track is not None
    assert posterior.track is not None
    assert np.array_equal(back.track.energy, posterior.track.energy)
    assert back.diagnostics is not None
    assert posterior.diagnostics is not None
    assert np.array_equal(back.diagnostics.r_hat, posterior.diagnostics.r_hat, equal_nan=True)
    assert back.diagnostics.finished == 1000
    assert np.array_equal(back.draws(7, range(9)), posterior.draws(7, range(9)))


def test_a_quick_fit_is_stored_as_such(case: Case, tmp_path: Path) -> None:
    path = store.write(tmp_path / "quick.nc", full.of_fit(posteriors.laplace()), case)
    back, _ = store.read(path, case)
    assert back.how is How.quick
    assert back.track is None
    assert back.diagnostics is None


def test_a_stored_posterior_of_a_thousand_draws_takes_at_most_five_megabytes_and_a_shipped_one_two(
    case: Case, posterior: Posterior, content: bytes, tmp_path: Path
) -> None:
    assert len(content) < 5_000_000
    few = store.thinned(posterior)
    assert few.size == store.SHIPPED_DRAWS >= 400
    assert store.write(tmp_path / "few.nc", few, case).stat().st_size < 2_000_000


def test_arviz_opens_it_with_named_parameters_and_draws_that_agree(
    case: Case, posterior: Posterior, path: Path
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # its daily notice of a next major version
        import arviz as az
    found = az.from_netcdf(path)
    assert set(found.groups()) == {"posterior", "unconstrained_posterior", "sample_stats"}
    assert found.posterior.retry.dims == ("chain", "draw", "origin", "group")
    assert list(found.posterior.origin.values) == list(case.origins)
    assert list(found.posterior.gate.values) == list(STAGES)
    assert found.posterior.retry.attrs["units"] == parameter.beliefs(case)["retry"].unit
    entry = next(one for one in posterior.layout.entries if one.name == "retry")
    log_odds = posterior.free[entry.start, posterior.chain == 2]
    assert np.allclose(
        found.posterior.retry.values[2, :, 0, 0], 1.0 / (1.0 + np.exp(-log_odds)), rtol=2**-11
    )  # kept to 11 bits
    assert int(found.sample_stats.diverging.sum()) == 0
    assert az.summary(found, var_names=["stop_group"]).shape[0] == 3
    found.close()


def test_what_changed_since_is_named(case: Case, small: Posterior, tmp_path: Path) -> None:
    path = stale(tmp_path / "fit.nc", case, small, "series", "code")
    assert store.read(path, case)[1] == ["figures", "code"]


@pytest.mark.parametrize(
    ("mark", "says"), [("series", "edition of the figures"), ("code", "other code"), ("case", "version of the case")]
)
def test_a_fit_that_a_user_names_is_refused_when_it_is_of_something_else(
    case: Case, small: Posterior, tmp_path: Path, mark: str, says: str
) -> None:
    path = stale(tmp_path / "fit.nc", case, small, mark)
    with pytest.raises(FitError, match=says) as told:
        store.choose(case, path)
    assert "palanca fit us-mexico" in str(told.value)
    assert "--allow-stale" in str(told.value)
    found, note = store.choose(case, path, stale_too=True)
    assert found.size == small.size
    assert says in note


def test_a_fit_stopped_before_it_converged_is_refused_unless_accepted_and_then_says_so(
    case: Case, tmp_path: Path
) -> None:
    found = posteriors.sampled(planned=500)
    assert found.diagnostics is not None
    early = replace(found.diagnostics, r_hat=np.where(found.layout.fitted(), 1.2, np.nan))
    path = store.write(tmp_path / "fit.nc", replace(found, diagnostics=early), case)
    with pytest.raises(FitError, match="stopped before it converged") as told:
        store.choose(case, path)
    assert "1,000 of 2,000 iterations" in str(told.value)
    assert "--allow-stale" in str(told.value)
    used, note = store.choose(case, path, stale_too=True)
    assert used.size == found.size
    assert "stopped before it converged, after 1,000 of 2,000 iterations" in note


@pytest.mark.parametrize(("r_hat", "planned"), [(1.0, 2000), (1.2, 1000)])
def test_a_fit_that_converged_early_or_was_not_stopped_is_used(
    case: Case, tmp_path: Path, r_hat: float, planned: int
) -> None:
    found = posteriors.sampled()
    assert found.diagnostics is not None
    fitted = found.layout.fitted()
    done = replace(
        found.diagnostics,
        r_hat=np.where(fitted, r_hat, np.nan),
        ess_bulk=np.where(fitted, 900.0, np.nan),
        ess_tail=np.where(fitted, 900.0, np.nan),
        planned=planned,
    )
    path = store.write(tmp_path / "fit.nc", replace(found, diagnostics=done), case)
    used, note = store.choose(case, path)
    assert note == ""
    assert used.diagnostics is not None
    assert used.diagnostics.converged == (r_hat <= 1.01)


def test_the_shipped_fit_serves_an_edited_case_with_a_note_but_no_other_code(
    case: Case, small: Posterior, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "SHIPPED", tmp_path)
    stale(tmp_path / "us-mexico.nc", case, small, "case")
    _, note = store.choose(case)
    assert "another version of the case" in note
    assert "palanca fit us-mexico" in note
    stale(tmp_path / "us-mexico.nc", case, small, "case", "code")
    with pytest.raises(FitError, match="other code"):
        store.choose(case)


def test_a_fresh_fit_needs_no_note(case: Case, path: Path) -> None:
    assert store.choose(case, path)[1] == ""


def test_a_missing_fit_says_how_to_make_one(case: Case, tmp_path: Path) -> None:
    with pytest.raises(FitError, match="no fit for this case") as told:
        store.read(tmp_path / "none.nc", case)
    assert "palanca fit us-mexico" in str(told.value)


@pytest.mark.parametrize("keep", [0.0, 0.001, 0.3, 0.9, 0.999])
def test_a_truncated_fit_is_refused(case: Case, path: Path, keep: float) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: int(keep * len(whole))])
    with pytest.raises(FitError, match="cannot read the fit"):
        store.read(path, case)


@pytest.mark.parametrize("at", [0.2, 0.5, 0.8])
def test_a_fit_with_altered_bytes_is_refused(case: Case, path: Path, at: float) -> None:
    whole = bytearray(path.read_bytes())
    place = int(at * len(whole))
    whole[place : place + 4000] = bytes(255 - byte for byte in whole[place : place + 4000])
    path.write_bytes(whole)
    with pytest.raises(FitError, match="cannot read the fit"):
        store.read(path, case)


@pytest.mark.parametrize("at", [893_113, 1_300_000, 1_000])
def test_the_shipped_fit_with_512_bytes_gone_is_refused_before_netcdf_sees_it(
    case: Case, tmp_path: Path, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """HDF5 has hung and crashed on holes like these."""
    whole = bytearray(store.where(case).read_bytes())
    assert any(whole[at : at + 512])
    whole[at : at + 512] = bytes(512)
    path = tmp_path / "fit.nc"
    path.write_bytes(whole)
    monkeypatch.setattr(store.xr, "open_datatree", lambda *_, **__: pytest.fail("opened"))
    with pytest.raises(FitError, match="altered after it was written"):
        store.read(path, case)


def test_a_named_pipe_in_the_place_of_a_fit_is_refused_and_not_waited_for(case: Case, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fit.nc")
    with pytest.raises(FitError, match="not a regular file"):
        store.read(tmp_path / "fit.nc", case)


def test_other_programs_read_a_fit_with_its_checksum(path: Path) -> None:
    with xr.open_datatree(path, engine="h5netcdf") as tree:
        assert "posterior" in tree.children


def test_a_file_of_another_kind_is_refused(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "fit.nc"
    path.write_text("no netCDF")
    with pytest.raises(FitError, match="cannot read the fit"):
        store.read(path, case)


def test_a_fit_of_other_parameters_is_refused(case: Case, small: Posterior, tmp_path: Path) -> None:
    fewer = replace(small.layout, entries=small.layout.entries[:-2])
    length = fewer.length
    cut = replace(small, layout=fewer, free=small.free[:length], mean=small.mean[:length], spread=small.spread[:length])
    path = store.write(tmp_path / "fit.nc", cut, case)
    with pytest.raises(FitError, match="of other parameters") as told:
        store.read(path, case)
    assert f"{length} numbers" in str(told.value)
    assert length < small.layout.length


def test_the_shipped_fit_is_of_this_case_these_figures_and_this_code(case: Case) -> None:
    found, changed = store.read(store.where(case), case)
    assert changed == [], "rebuild it with `make fit`"
    assert found.how is How.sampled


def test_a_posterior_thinned_to_be_shipped_keeps_every_chain_its_mean_and_its_draws(posterior: Posterior) -> None:
    whole = posterior
    few = store.thinned(whole, 20)
    assert few.size == 20
    assert set(few.chain) == set(whole.chain)
    assert np.array_equal(few.mean, whole.mean)
    part = whole.free[:, [int(np.argmin(np.abs(whole.free - draw[:, None]).max(axis=0))) for draw in few.free.T]]
    np.testing.assert_allclose(few.free, part, rtol=2.0**-15)  # what the rounding leaves
    assert store.thinned(whole, whole.size) is whole


def test_later_entries_later_levers_words_and_votes_do_not_make_the_shipped_fit_stale(case: Case) -> None:
    last = case.span.last
    ahead = case.record[-1].model_copy(update={"first": Day.start(last + 5), "last": None, "note": "ahead"})
    levers = {**case.levers, "new": case.levers[ahead.lever].model_copy(update={"what": "a lever set later"})}
    contention = next(at for at, one in enumerate(case.record) if one.lever == "contention" and one.last is None)
    ended = case.record[contention].model_copy(update={"last": Day.end(last + 6), "note": "ended since"})
    record = (
        *case.record[:contention],
        ended,
        *case.record[contention + 1 :],
        ahead.model_copy(update={"lever": "new"}),
    )
    vote = case.elections[0].model_copy(update={"date": Day.first_of("2026-11-03")})
    words = {"title": "Other words", "elections": (*case.elections, vote), "levers": levers, "record": record}
    later = case.model_copy(update=words)
    assert schedule.fingerprint(later) != schedule.fingerprint(case)
    assert store.read(store.where(case), later)[1] == []
    assert store.read(store.where(case), schedule.until(later, last + 4))[1] == []


@pytest.mark.parametrize("place", [0, 68, -1])
def test_an_entry_that_differs_in_one_month_of_the_fit_makes_it_of_another_case(case: Case, place: int) -> None:
    month = list(case.span.span)[place]
    changed = edit.apply(case, [edit.parse_set("levers.routine_control.effort=3", month, month)])
    assert store.read(store.where(case), changed)[1] == ["case"]


def test_a_run_reads_no_series_besides_those_that_a_fit_is_marked_with(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: set[str] = set()
    cells = Figures.cells
    monkeypatch.setattr(Figures, "cells", lambda self, name: (asked.add(name), cells(self, name))[1])
    history.prepare(case)
    assert asked == set(store.read_by(case))


def test_figures_count_to_the_last_month_of_the_fit_whatever_their_edition_is_called() -> None:
    figures = packaged_figures()
    told = figures.digests(["usbp_total", "no_such_series"], "2019-12")
    assert told["no_such_series"] == ""
    assert figures.digests(["usbp_total"], "2020-01") != {"usbp_total": told["usbp_total"]}
    renamed = tuple(
        replace(one, row=replace(one.row, edition="another edition", as_of="2030-01"))
        for one in figures.editions["usbp_total"]
    )
    reissued = replace(figures, editions={"usbp_total": renamed})
    assert reissued.digests(["usbp_total"], "2019-12") == {"usbp_total": told["usbp_total"]}
