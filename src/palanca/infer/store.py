"""A posterior on disk: one netCDF file that ArviZ reads, tied to the fingerprints of what it was made from.

Which posterior a command may use:

- Its parameters must be those of the case. There is no way round that.
- One made from another edition of the figures or another version of the model's code is refused; `--allow-stale` lets
  it through, with a note.
- One that a user names with `--fit` must also be of the very case; again `--allow-stale` lets it through.
- The shipped one is also used for an edited copy of its case that keeps the name, with a note: trying an edit out
  should not cost a fit, but its parameters were learned from the case as shipped.
"""

from __future__ import annotations

import io
import json
import os
import platform
from dataclasses import dataclass, fields, replace
from importlib.metadata import version
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import xarray as xr

import palanca
from palanca.core import digest, read_file, save, seal
from palanca.core.errors import FitError
from palanca.core.wording import shown
from palanca.data.read import Figures, packaged_figures
from palanca.infer import equivalent
from palanca.infer.posterior import Diagnostics, How, Posterior, Search, Track
from palanca.model.parameters import CALENDAR_MONTHS, Layout, layout
from palanca.policy.follow import STAGES
from palanca.spec import schedule
from palanca.spec.schema import Case
from palanca.spec.tables import parameters

SHIPPED = Path(__file__).parent / "shipped"
CODE = ("flows", "policy", "model", "infer", "kernel")
AFTER = {  # these read, judge or show a fit, and cannot change one
    "model/attention.py", "model/ensemble.py", "model/record.py", "kernel/guard.py", "kernel/keys.py",
    "infer/agree.py", "infer/calibrate.py", "infer/check_counts.py", "infer/diagnose.py", "infer/simulated.py",
    "infer/equivalent.py", "infer/history.py",
    "infer/posterior.py", "infer/predictive.py", "infer/store.py", "infer/synthetic.py", "infer/verdict.py",
    "infer/politics.py", "infer/politics_attention.py", "infer/politics_democracy.py",
    "infer/politics_fit.py", "infer/politics_heldout.py", "infer/politics_sample.py", "infer/politics_support.py",
    "infer/deals.py", "infer/deals_context.py",
}  # fmt: skip
SHIPPED_DRAWS = 352  # what a file of two megabytes holds
LIBRARIES = ("palanca", "jax", "numpyro", "numpy", "scipy", "xarray", "arviz")
REBUILD = "Make one with `palanca fit {case}` (a name or a file), and run with `--fit fit-{case}.nc`."
FILE = read_file.FileKind(FitError, "a fit that `palanca fit` has written", 1_000_000_000)
FIGURES_OR_CODE = {"figures", "code"}
PACKED = {"zlib": True, "complevel": 5, "shuffle": True, "fletcher32": True}
TRACK = {  # what ArviZ calls each
    "log_density": "lp",
    "energy": "energy",
    "accepted": "acceptance_rate",
    "steps": "n_steps",
    "diverging": "diverging",
}
BY_NUMBER = ("r_hat", "ess_bulk", "ess_tail")
SUMS = ("divergences", "longest", "finished", "planned")


@dataclass(frozen=True)
class Marks:
    """What a posterior was made from."""

    case: str
    data: str
    code: str


def marks(case: Case, figures: Figures | None = None) -> Marks:
    """The fingerprints of a case, of the figures to its last month, and of the code of the model.

    Args:
        case: The case.
        figures: Those in force; the packaged ones if nothing.
    """
    given = (figures or packaged_figures()).until(str(case.span.span.last))
    return Marks(schedule.fingerprint(case), given.fingerprint(), code_fingerprint())


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
        The posterior, and a note to show beside results; empty when nothing has changed since it was made.

    Raises:
        FitError: Missing, corrupt, of other parameters, or stale and not accepted.
    """
    given = path or where(case)
    found, stale = read(given, case, figures)
    way_out = REBUILD.format(case=case.case)
    if not stale:
        return found, ""
    refused = [word for word in stale if path is not None or word in FIGURES_OR_CODE]
    if refused and not stale_too:
        raise FitError(
            f"the fit was made from {_another(refused)}",
            where=str(given),
            expected="one made from what is here now",
            way_out=f"{way_out} To use this one all the same, add --allow-stale.",
        )
    return found, f"the fit was made from {_another(stale)}; results may not match the figures as well. {way_out}"


def _another(stale: list[str]) -> str:
    names = {"case": "another version of the case", "figures": "another edition of the figures", "code": "other code"}
    return " and ".join(names[word] for word in stale)


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
    groups = {"posterior": _named(found, case), "unconstrained_posterior": _free(found)}
    if found.track is not None and found.diagnostics is not None:
        groups["sample_stats"] = _stats(found, found.track, found.diagnostics)
    for group in groups.values():
        group.attrs = {key: root.attrs[key] for key in ("how", "note", "inference_library", "creation_library")}
    tree = xr.DataTree.from_dict({"/": root, **{f"/{name}": group for name, group in groups.items()}})
    packing = {f"/{name}": {str(one): PACKED for one in group.data_vars} for name, group in groups.items()}
    return save.content(path, seal.sealed(bytes(tree.to_netcdf(engine="h5netcdf", encoding=packing))))


def thinned(found: Posterior, most: int = SHIPPED_DRAWS) -> Posterior:
    """The same posterior with fewer draws, spread evenly over every chain; its mean, spread and diagnostics stay.

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
    return replace(found, free=found.free[:, kept], chain=found.chain[kept], track=track)


def _spread_over(places: np.ndarray, count: int) -> np.ndarray:
    return np.asarray(places[np.linspace(0, len(places) - 1, count).round().astype(int)])


def read(path: Path, case: Case, figures: Figures | None = None) -> tuple[Posterior, list[str]]:
    """Read a posterior and say in which respects it is stale; `choose` refuses those that a command may not use.

    Args:
        path: File of the posterior.
        case: The case it is wanted for.
        figures: The figures in force; the packaged ones if nothing.

    Returns:
        The posterior, and what has changed since it was made: `case`, `figures`, `code`; empty when nothing has.

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
        numbers = [str(name) for name in held["unconstrained_posterior"].number.values]
        made = Marks(*(str(held.attrs[f"{name}_fingerprint"]) for name in ("case", "data", "code")))
        found = _posterior(held, given) if numbers == given.names() else None
        intact = found is None or held.attrs["content"] == content(found)
    except (KeyError, ValueError, OSError, EOFError, TypeError, AttributeError, RuntimeError, IndexError) as fault:
        raise FitError("cannot read the fit", where=str(path), found=str(fault), way_out=way_out) from fault
    if found is None:
        raise FitError(
            "the fit is of other parameters",
            where=str(path),
            found=f"{len(numbers)} numbers",
            expected=f"{given.length} as the case has them",
            way_out=way_out,
        )
    if not intact:
        raise FitError("cannot read the fit", where=str(path), found="numbers that were altered", way_out=way_out)
    now = marks(case, figures)
    pairs = (("case", made.case, now.case), ("figures", made.data, now.data))
    changed = [word for word, old, new in pairs if old != new]
    return found, changed if equivalent.same("model", made.code, now.code) else [*changed, "code"]


def fingerprint_of(path: Path) -> str:
    """The fingerprint of a stored posterior.

    Raises:
        FitError: It is missing or was altered.
    """
    return digest.of_bytes(_content_of(path, ""))


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
        "case_fingerprint": given.case,
        "data_fingerprint": given.data,
        "code_fingerprint": given.code,
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
    return digest.of_bytes(np.ascontiguousarray(found.free.astype(np.float32)).tobytes())


def _chained(found: Posterior, values: np.ndarray) -> np.ndarray:
    """From draws last to (chain, draw, ...), as ArviZ has them."""
    chains = len(np.unique(found.chain))
    return np.moveaxis(values, -1, 0).reshape(chains, -1, *values.shape[:-1])


def _chain_axes(found: Posterior) -> dict[str, np.ndarray]:
    chains = len(np.unique(found.chain))
    return {"chain": np.arange(chains), "draw": np.arange(found.size // chains)}


def _named(found: Posterior, case: Case) -> xr.Dataset:
    """Every parameter that is not fixed, in its own unit, on labelled axes."""
    values = found.layout.constrain(jnp.asarray(found.free))
    table = parameters()
    variables = {}
    for entry in found.layout.entries:
        if entry.size:
            row = table[entry.name]
            attrs = {"units": row.unit, "long_name": row.what, "fitted": "yes" if entry.fitted else "no"}
            array = _three_digits(_chained(found, np.asarray(values[entry.name])).astype(np.float32))
            variables[entry.name] = xr.Variable(("chain", "draw", *entry.dims), array, attrs)
    labels = _labels(case, found.layout)
    used = {dim for variable in variables.values() for dim in variable.dims}
    return xr.Dataset(variables, _chain_axes(found) | {dim: labels[dim] for dim in labels if dim in used})


def _three_digits(array: np.ndarray) -> np.ndarray:
    """To 11 binary digits, a part in 4,000: these numbers are for readers, and what is cut compresses well."""
    half, cut = np.int32(1 << 12), np.int32(-(1 << 13))
    return np.asarray(((array.view(np.int32) + half) & cut).view(np.float32))


def _labels(case: Case, given: Layout) -> dict[str, list[str] | list[int]]:
    """Labels of every axis a parameter can have; a knot is a new year's day."""
    first = case.span.span.first.year
    return {
        "origin": list(case.origins),
        "group": list(case.groups),
        "sector": list(case.sectors),
        "calendar_month": list(range(1, CALENDAR_MONTHS + 1)),
        "knot": [first + k for k in range(given.sizes["knot"])],
        "gate": list(STAGES),
    }


def _free(found: Posterior) -> xr.Dataset:
    """The free numbers as runs take them, with each one's mean, spread and prior."""
    many, names = ("chain", "draw", "number"), {"number": found.layout.names()}
    return xr.Dataset(
        {
            "free": (many, _chained(found, found.free).astype(np.float32)),
            "mean": ("number", found.mean),
            "sd": ("number", found.spread),
            "prior_middle": ("number", found.layout.centre()),
            "prior_sd": ("number", found.layout.spread()),
        },
        _chain_axes(found) | names,
    )


def _stats(found: Posterior, track: Track, diagnostics: Diagnostics) -> xr.Dataset:
    variables = {theirs: (("chain", "draw"), _chained(found, getattr(track, ours))) for ours, theirs in TRACK.items()}
    by_number = {name: ("number", getattr(diagnostics, name)) for name in BY_NUMBER}
    sums = {name: ((), np.array(getattr(diagnostics, name))) for name in SUMS}
    return xr.Dataset(
        variables | by_number | sums | {"e_bfmi": ("chain", diagnostics.energy)},
        _chain_axes(found) | {"number": found.layout.names()},
    )


def _posterior(held: xr.DataTree, given: Layout) -> Posterior:
    numbers = held["unconstrained_posterior"].to_dataset()
    free = np.moveaxis(numbers["free"].values.astype(float), -1, 0)
    length, chains, draws = free.shape
    value, slope, evaluations = json.loads(held.attrs["search"])
    group = held.children.get("sample_stats")
    track = diagnostics = None
    if group is not None:
        stats = group.to_dataset()
        track = Track(**{ours: stats[theirs].values.reshape(-1) for ours, theirs in TRACK.items()})
        diagnostics = Diagnostics(
            r_hat=stats["r_hat"].values,
            ess_bulk=stats["ess_bulk"].values,
            ess_tail=stats["ess_tail"].values,
            energy=stats["e_bfmi"].values,
            divergences=int(stats["divergences"]),
            longest=int(stats["longest"]),
            finished=int(stats["finished"]),
            planned=int(stats["planned"]),
        )
    return Posterior(
        given,
        How(held.attrs["how"]),
        free.reshape(length, chains * draws),
        np.repeat(np.arange(chains), draws),
        numbers["mean"].values,
        numbers["sd"].values,
        Search(float(value), float(slope), int(evaluations)),
        track,
        diagnostics,
    )
