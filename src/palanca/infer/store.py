"""A posterior on disk: one netCDF file that ArviZ reads, tied to the fingerprints of what it was made from.

Which posterior a command may use:

- Its parameters must be those of the case, by name and label. There is no way round that, except for years: a fit to an
  earlier last month is carried forward, with a note (`infer/carried.py`).
- It is held against the case and the figures up to the last month that it was fitted to: entries, levers and figures
  of later months do not make it stale, nor do words.
- One made from other figures of those months than the package holds or another version of the model's code is refused;
  `--allow-stale` lets it through, with a note. Where a store or a date gives other figures than the package, the fit
  is used, with a note: publishers revise, and a revision should not cost a fit.
- One that was stopped before its iterations were done and before its chains agreed is refused likewise. One that did
  all its iterations and still fails is used, and every answer says so (`infer/check_counts.py`).
- One that a user names with `--fit` must also be of the very case; again `--allow-stale` lets it through.
- The shipped one is also used for an edited copy of its case that keeps the name, with a note: trying an edit out
  should not cost a fit, but its parameters were learned from the case as shipped.
"""

from __future__ import annotations

import io
import json
import os
import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

import palanca
from palanca.core import digest, read_file, save, seal
from palanca.core.clock import Month
from palanca.core.errors import FitError
from palanca.core.wording import MONTHS, counted, shown
from palanca.data.read import Figures, packaged_figures
from palanca.infer import carried, equivalent, stored_groups
from palanca.infer.posterior import LEAST_ESS, MOST_R_HAT, How, Posterior, Track
from palanca.model.parameters import layout
from palanca.spec import schedule
from palanca.spec.figures import series_of
from palanca.spec.schema import Case
from palanca.spec.series_names import named

SHIPPED = Path(__file__).parent / "shipped"
CODE = ("flows", "policy", "model", "infer", "kernel")
AFTER = {  # these read, judge or show a fit, and cannot change one
    "model/attention.py", "model/ensemble.py", "model/record.py", "kernel/guard.py", "kernel/keys.py",
    "infer/agree.py", "infer/calibrate.py", "infer/check_counts.py", "infer/diagnose.py", "infer/simulated.py",
    "infer/equivalent.py", "infer/history.py", "infer/stored_groups.py", "infer/carried.py",
    "infer/posterior.py", "infer/predictive.py", "infer/store.py", "infer/synthetic.py", "infer/verdict.py",
    "infer/politics.py", "infer/politics_attention.py", "infer/politics_democracy.py",
    "infer/politics_fit.py", "infer/politics_heldout.py", "infer/politics_sample.py", "infer/politics_support.py",
    "infer/deals.py", "infer/deals_context.py",
}  # fmt: skip
SHIPPED_DRAWS = 400  # what a file of two megabytes holds
LIBRARIES = ("palanca", "jax", "numpyro", "numpy", "scipy", "xarray", "arviz")
REBUILD = "Make one with `palanca fit {case}` (a name or a file), and run with `--fit fit-{case}.nc`."
FILE = read_file.FileKind(FitError, "a fit that `palanca fit` has written", 1_000_000_000)
FIGURES_OR_CODE = {"figures", "code"}
ANOTHER = {
    "case": "another version of the case",
    "figures": "another edition of the figures",
    "revised": "the packaged figures, which the store or the date tells otherwise",
    "code": "other code",
}
PACKED = {"zlib": True, "complevel": 9, "shuffle": True, "fletcher32": True}
MARKS = ("last_month", "case_fingerprint", "series_digests", "code_fingerprint")


@dataclass(frozen=True)
class Marks:
    """What a posterior was made from.

    Args:
        last: Last month of which it used anything, `YYYY-MM`.
        case: Fingerprint of the case up to that month.
        series: Digest of each series up to that month.
        code: Fingerprint of the model's code.
    """

    last: str
    case: str
    series: Mapping[str, str]
    code: str

    @property
    def data(self) -> str:
        """One fingerprint of all series that say anything by then."""
        return digest.of_record({name: told for name, told in self.series.items() if told})


def marks(
    case: Case, figures: Figures | None = None, last: Month | None = None, series: Iterable[str] | None = None
) -> Marks:
    """The fingerprints of a case and of the figures, both up to a month, and of the code of the model.

    Args:
        case: The case.
        figures: Those in force; the packaged ones if nothing.
        last: The month; the last of the case if nothing.
        series: The series that count; those that a run reads if nothing.
    """
    month = last or case.span.last
    told = (figures or packaged_figures()).digests(read_by(case) if series is None else series, str(month))
    return Marks(str(month), schedule.history_fingerprint(case, month), told, code_fingerprint())


def read_by(case: Case) -> tuple[str, ...]:
    """Series that a corridor and its fit read; others may change and a fit still stands."""
    oil = {origin.oil for origin in case.origins.values() if origin.oil is not None}
    return tuple(sorted({*named(series_of(case)), *oil}))


def code_fingerprint() -> str:
    """One fingerprint of the model's equations and parameters as they stand in the code."""
    root = Path(palanca.__file__).parent
    files = [path for package in CODE for path in sorted((root / package).glob("*.py"))]
    files += [root / "spec" / name for name in ("parameters.csv", "mechanisms.csv")]
    named = {path.relative_to(root).as_posix(): path for path in files}
    return digest.of_record({name: digest.of_file(path) for name, path in named.items() if name not in AFTER})


def where(case: Case) -> Path:
    """Where the shipped posterior of a case lies."""
    return SHIPPED / f"{case.case}.nc"


def choose(
    case: Case, path: Path | None = None, *, stale_too: bool = False, figures: Figures | None = None
) -> tuple[Posterior, str]:
    """The posterior that a command uses, by the rule at the head of this file.

    Args:
        case: The case it is wanted for.
        path: File that the user named; the shipped one if nothing.
        stale_too: Whether the user accepts a stale one.
        figures: The figures in force; the packaged ones if nothing.

    Returns:
        The posterior, and a note to show beside results; empty when it is of this case, its months and its figures.

    Raises:
        FitError: Missing, corrupt, of other parameters, or stale or stopped too early and not accepted.
    """
    given = path or where(case)
    found, stale = read(given, case, figures)
    way_out = REBUILD.format(case=case.case)
    early = _stopped(found, given, accepted=stale_too)
    since = " ".join(filter(None, (early, _since(found, case))))
    if not stale:
        return found, since
    refused = [word for word in stale if word != "revised" and (path is not None or word in FIGURES_OR_CODE)]
    if refused and not stale_too:
        raise FitError(
            f"the fit was made from {_another(refused)}",
            where=str(given),
            expected="one made from what is here now",
            way_out=f"{way_out} To use this one all the same, add --allow-stale.",
        )
    note = f"the fit was made from {_another(stale)}; results may not match the figures as well. {way_out}"
    return found, f"{since} Besides, {note}" if since else note


def _stopped(found: Posterior, path: Path, *, accepted: bool) -> str:
    """What a reader must know of a fit that was stopped before it converged; empty of any other.

    Raises:
        FitError: It was, and the user does not accept it.
    """
    done = found.diagnostics
    if done is None or not done.stopped:
        return ""
    share = f"{done.finished:,} of {done.planned:,} iterations"
    if not accepted:
        raise FitError(
            "the fit was stopped before it converged",
            where=str(path),
            found=f"{share}, R-hat up to {np.nanmax(done.r_hat):.2f}",
            expected=f"all iterations, or R-hat at most {MOST_R_HAT} and {LEAST_ESS:.0f} independent draws everywhere",
            way_out="The command that made it goes on from there. To use this one all the same, add --allow-stale.",
        )
    return f"The fit was stopped before it converged, after {share}."


def _another(stale: list[str]) -> str:
    return " and ".join(ANOTHER[word] for word in stale)


def _since(found: Posterior, case: Case) -> str:
    """What a reader must know where the fit ends in another month than the case; empty where it does not."""
    if found.fitted_to is None or found.fitted_to == case.span.last:
        return ""
    month = f"{MONTHS[found.fitted_to.number - 1]} {found.fitted_to.year}"
    later = case.span.last - found.fitted_to
    if later > 0:
        months = counted(later, "month since is", "months since are")
        return f"Parameters are those fitted to {month}; the {months} carried forward without a new fit."
    return (
        f"Parameters are those fitted to {month}: they have seen {counted(-later, 'month')} after the last of the case."
    )


def write(path: Path, found: Posterior, case: Case, *, command: str = "", made_from: Marks | None = None) -> Path:
    """Store a posterior.

    Args:
        path: File to write.
        found: The posterior.
        case: The case it was fitted to.
        command: What the user typed, for the record.
        made_from: Fingerprints, if they are not those of the case, figures and code as they are now.

    Raises:
        OutputError: The folder or the disk refuses; `path` still holds what it held.
    """
    root = xr.Dataset(attrs=_attributes(found, case, command, made_from or marks(case)))
    groups = stored_groups.of(found, case)
    for group in groups.values():
        group.attrs = {key: root.attrs[key] for key in ("how", "note", "inference_library", "creation_library")}
    tree = xr.DataTree.from_dict({"/": root, **{f"/{name}": group for name, group in groups.items()}})
    # one chunk a variable: hundreds of small variables in many chunks would weigh more than their numbers
    packing = {
        f"/{name}": {str(one): PACKED | {"chunksizes": values.shape} for one, values in group.data_vars.items()}
        for name, group in groups.items()
    }
    return save.content(path, seal.sealed(bytes(tree.to_netcdf(engine="h5netcdf", encoding=packing))))


def thinned(found: Posterior, most: int = SHIPPED_DRAWS) -> Posterior:
    """The same posterior with fewer draws, spread evenly over every chain; its mean, spread and diagnostics stay.

    Numbers are rounded to 15 binary digits after the first, a part in 65,000: about a thousandth of a spread at most,
    and the byte left out makes the file smaller.

    Args:
        found: The posterior.
        most: Draws that the file may hold.
    """
    if found.size <= most:
        return found
    chains = np.unique(found.chain)
    each = most // len(chains)
    kept = np.concatenate([_spread_over(np.flatnonzero(found.chain == one), each) for one in chains])
    track = found.track and Track(**{field.name: getattr(found.track, field.name)[kept] for field in fields(Track)})
    return replace(found, free=_rounded(found.free[:, kept]), chain=found.chain[kept], track=track)


def _rounded(free: np.ndarray) -> np.ndarray:
    half, cut = np.int32(1 << 7), np.int32(-(1 << 8))
    return np.asarray(((free.astype(np.float32).view(np.int32) + half) & cut).view(np.float32).astype(float))


def _spread_over(places: np.ndarray, count: int) -> np.ndarray:
    return np.asarray(places[np.linspace(0, len(places) - 1, count).round().astype(int)])


def read(path: Path, case: Case, figures: Figures | None = None) -> tuple[Posterior, list[str]]:
    """Read a posterior and say in which respects it is stale; `choose` refuses those that a command may not use.

    Args:
        path: File of the posterior.
        case: The case it is wanted for.
        figures: The figures in force; the packaged ones if nothing.

    Returns:
        The posterior, and what has changed since it was made: `case`, `figures` (or `revised`, where only a store or a
        date tells other figures than the package), `code`; empty when nothing has.

    Raises:
        FitError: Missing, corrupt, or of a case with other parameters.
    """
    way_out = REBUILD.format(case=case.case)
    if not os.path.lexists(path):
        raise FitError("no fit for this case", where=shown(str(path)), way_out=way_out)
    given, whole = layout(case), _content_of(path, way_out)
    try:
        with xr.open_datatree(io.BytesIO(whole), engine="h5netcdf") as tree:
            held = tree.load()
        made, theirs = _made(held.attrs), stored_groups.numbers(held)
        fitted = stored_groups.posterior(held, given)
        intact = held.attrs["content"] == content(fitted)
    except (KeyError, ValueError, OSError, EOFError, TypeError, AttributeError, RuntimeError, IndexError) as fault:
        raise FitError("cannot read the fit", where=str(path), found=str(fault), way_out=way_out) from fault
    at = carried.places(theirs, stored_groups.of_case(case, given))
    if at is None:
        raise FitError(
            "the fit is of other parameters",
            where=str(path),
            found=f"{len(theirs)} numbers",
            expected=f"{given.length} as the case has them",
            way_out=way_out,
        )
    if not intact:
        raise FitError("cannot read the fit", where=str(path), found="numbers that were altered", way_out=way_out)
    found = replace(carried.onto(fitted, given, at), fitted_to=Month.parse(made.last))
    now = marks(case, figures, found.fitted_to, made.series)
    changed = [] if equivalent.same("case", made.case, now.case) else ["case"]
    if made.data != now.data:
        packaged = packaged_figures().digests(made.series, made.last)
        changed.append("revised" if figures is not None and packaged == made.series else "figures")
    return found, changed if equivalent.same("model", made.code, now.code) else [*changed, "code"]


def _made(attributes: Mapping[Any, object]) -> Marks:
    """What a stored posterior says that it was made from."""
    last, case, series, code = (str(attributes[name]) for name in MARKS)
    return Marks(last, case, {str(name): str(mark) for name, mark in json.loads(series).items()}, code)


def made_from(path: Path) -> Marks:
    """What a stored posterior was made from.

    Raises:
        FitError: It is missing or was altered.
    """
    with xr.open_datatree(io.BytesIO(_content_of(path, "")), engine="h5netcdf") as tree:
        return _made(tree.attrs)


def content_of(path: Path) -> str:
    """The fingerprint of the numbers of a stored posterior, as `content` gives it.

    Raises:
        FitError: It is missing or was altered.
    """
    with xr.open_datatree(io.BytesIO(_content_of(path, "")), engine="h5netcdf") as tree:
        return str(tree.attrs["content"])


def _content_of(path: Path, way_out: str) -> bytes:
    """The bytes of a stored posterior. HDF5 hangs or crashes on some that were altered, so it never sees them."""
    kind = replace(FILE, way_out=way_out)
    try:
        return seal.unsealed(read_file.content(path, kind))
    except ValueError as fault:
        raise kind.refusal(path, str(fault), what="cannot read the fit") from fault


def _attributes(found: Posterior, case: Case, command: str, given: Marks) -> dict[str, object]:
    quick = "Quick mode: draws from the maximum and its curvature, not a sampled posterior."
    sampled = "Sampled by the no-U-turn sampler. Diagnostics are of all iterations, before thinning."
    return {
        "title": f"Parameters of the case {case.case} after the figures",
        "how": str(found.how),
        "note": quick if found.how is How.quick else sampled,
        "case": case.case,
        **dict(zip(MARKS, (given.last, given.case, json.dumps(dict(given.series)), given.code), strict=True)),
        "command": command,
        "versions": "; ".join(f"{name} {version(name)}" for name in LIBRARIES),
        "python": platform.python_version(),
        "inference_library": "numpyro",
        "creation_library": "palanca",
        "search": json.dumps([found.search.value, found.search.slope, found.search.evaluations]),
        "content": content(found),
    }


def content(found: Posterior) -> str:
    """A fingerprint of the numbers that a result depends on, as they are written."""
    fitted = found.free if found.fresh is None else found.free[~found.fresh]
    return digest.of_bytes(np.ascontiguousarray(fitted.astype(np.float32)).tobytes())
