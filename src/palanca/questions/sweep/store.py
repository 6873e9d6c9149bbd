"""Keeps a sweep on disk, one Zarr chunk per job, so that it can be broken off at any point and taken up again.

A folder holds `sweep.json`, what the sweep is of, written first; `blocks.zarr`, one array per name with draws last,
each chunk with its checksum; `form.json`, written once the arrays stand; and an empty file `done/JOB` for every job,
made after its chunks. Each chunk is written beside its place and moved there. A chunk is believed only if its
job is marked as done and its checksum holds, so nothing rests on the order in which a disk that lost its power wrote.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import google_crc32c
import numpy as np
import zarr
from zarr.codecs import Crc32cCodec

from palanca.core import save
from palanca.core.errors import StoreError
from palanca.core.wording import listed
from palanca.questions.sweep.disk import writing
from palanca.questions.sweep.plan import MARKS, Blocks, SweepPlan, versions
from palanca.questions.sweep.shelf import AbstractShelf, Form, check, forms

Array = zarr.Array[Any]
LABEL, FORM, ARRAYS, DONE = "sweep.json", "form.json", "blocks.zarr", "done"
CHECK_BYTES = 4
ELSEWHERE = "Name another folder, or remove this one if what it holds is no longer needed."


@dataclass(frozen=True, eq=False)
class Disk(AbstractShelf):
    """Blocks in a folder.

    Args:
        folder: The folder.
        jobs: How many jobs there are.
        last: Draws of the last job that count; all if nothing.
    """

    folder: Path
    jobs: int
    last: int | None
    _forms: dict[str, Form] = field(default_factory=dict)
    _arrays: dict[str, Array] = field(default_factory=dict)
    _sound: set[int] = field(default_factory=set)

    def done(self) -> frozenset[int]:
        """Jobs whose marks are here and whose chunks hold what was written."""
        return frozenset(self._sound)

    def put(self, job: int, blocks: Blocks) -> None:
        """Write a job's chunks, then its mark.

        Raises:
            OutputError: The disk refused; jobs done before stay done.
        """
        with writing(self.folder):
            if not self._forms:
                self._begin(blocks)
            check(blocks, self._forms, job)
            for name, form in self._forms.items():
                _write(_chunk(self.folder, self._arrays[name], form, job), np.asarray(blocks[name], form.dtype))
            (self.folder / DONE / str(job)).touch()
        self._sound.add(job)

    def names(self) -> tuple[str, ...]:
        """What the blocks are called, as the first job had them."""
        return tuple(self._forms)

    def block(self, name: str, job: int) -> np.ndarray:
        """Read one chunk.

        Raises:
            StoreError: It is missing or damaged.
        """
        try:
            if not _chunk(self.folder, self._arrays[name], self._forms[name], job).is_file():
                raise FileNotFoundError("no such chunk")
            return np.asarray(self._arrays[name][..., self._forms[name].place(job)])
        except (ValueError, OSError) as fault:
            raise StoreError(
                "a chunk is damaged",
                where=f"{self.folder}: {name}, job {job}",
                found=str(fault),
                way_out="Run the same again: the jobs that are damaged are made anew, the others are read.",
            ) from fault

    def whole(self, name: str) -> np.ndarray:
        """Read every chunk into one array.

        Raises:
            StoreError: One is missing or damaged.
        """
        form = self._forms[name]
        found = np.empty(form.whole, form.dtype)
        for job in range(self.jobs):
            found[..., form.place(job)] = self.block(name, job)
        return found

    def _begin(self, blocks: Blocks) -> None:
        """Lay out one array per name; what an earlier start left without finishing any job is replaced."""
        found = forms(blocks, self.jobs, self.last)
        label = json.loads((self.folder / LABEL).read_text(encoding="utf-8"))
        group = zarr.open_group(self.folder / ARRAYS, mode="w", attributes=label)
        for name, form in found.items():
            self._arrays[name] = group.create_array(
                name,
                shape=form.whole,
                chunks=form.shape,
                dtype=np.dtype(form.dtype),
                filters=None,
                compressors=Crc32cCodec(),
            )
        (self.folder / DONE).mkdir(exist_ok=True)
        save.text(self.folder / FORM, json.dumps({name: asdict(form) for name, form in found.items()}))
        self._forms.update(found)

    def _resume(self) -> None:
        """Take up what is there: arrays, and the jobs that are marked and read well."""
        if not (self.folder / FORM).is_file():
            return
        try:
            held = json.loads((self.folder / FORM).read_text(encoding="utf-8"))
            group = zarr.open_group(self.folder / ARRAYS, mode="r+")
            for name, form in held.items():
                self._forms[name] = Form(**form | {"shape": tuple(form["shape"])})
                self._arrays[name] = _array(group, name, self._forms[name])
        except (ValueError, KeyError, TypeError, OSError) as fault:
            raise _unreadable(self.folder, fault) from fault
        marked = (int(path.name) for path in (self.folder / DONE).glob("*") if path.name.isdecimal())
        self._sound.update(job for job in marked if job < self.jobs and self._reads_well(job))

    def _reads_well(self, job: int) -> bool:
        try:
            for name in self._forms:
                self.block(name, job)
        except StoreError:
            return False
        return True


def opened(folder: Path, plan: SweepPlan) -> Disk:
    """The store of a sweep, new or with what was done before.

    Args:
        folder: Folder of the store; the caller holds its lock.
        plan: The sweep.

    Raises:
        StoreError: The folder holds something else, or a sweep of other marks; says which.
        OutputError: The folder cannot be written.
    """
    size = f"{plan.jobs} jobs, the last {plan.last or 'whole'}"
    label = {"sweep": plan.name, "marks": {**plan.marks, "size": size, "versions": versions()}}
    path = folder / LABEL
    if path.is_file():
        _compare(path, label)
    elif others := sorted(found.name for found in folder.iterdir() if not found.name.startswith(".")):
        raise StoreError(
            "the folder holds other things than a sweep", where=str(folder), found=listed(others, 4), way_out=ELSEWHERE
        )
    else:
        save.text(path, json.dumps(label, indent=2, ensure_ascii=False) + "\n")
    disk = Disk(folder, plan.jobs, plan.last)
    disk._resume()
    return disk


def _compare(path: Path, label: Mapping[str, object]) -> None:
    """Refuse a label that is not the one given, naming what differs."""
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        before, now = dict(held["marks"]), dict(label["marks"])  # type: ignore[call-overload]
    except (ValueError, KeyError, TypeError, OSError) as fault:
        raise _unreadable(path, fault) from fault
    differing = [mark for mark in {**now, **before} if before.get(mark) != now.get(mark)]
    if not differing and held.get("sweep") == label["sweep"]:
        return
    raise StoreError(
        f"the store was written from {listed([MARKS.get(mark, mark) for mark in differing]) or 'another sweep'}",
        where=str(path.parent),
        found="; ".join(f"{mark} {before.get(mark, 'none')}" for mark in differing) or str(held.get("sweep")),
        expected="; ".join(f"{mark} {now.get(mark, 'none')}" for mark in differing) or str(label["sweep"]),
        way_out=ELSEWHERE,
    )


def _unreadable(path: Path, fault: Exception) -> StoreError:
    return StoreError("cannot read the store", where=str(path), found=str(fault), way_out=ELSEWHERE)


def _array(group: zarr.Group, name: str, form: Form) -> Array:
    """An array of a store, of the form that was written down."""
    array = group[name]
    if not isinstance(array, zarr.Array):
        raise TypeError(f"{name} is no array")
    if (array.shape, array.chunks, array.dtype.str) != (form.whole, form.shape, form.dtype):
        raise ValueError(f"{name} is {array.dtype} {array.shape} in chunks of {array.chunks}")
    return array


def _write(path: Path, block: np.ndarray) -> None:
    """A chunk's file as Zarr would write it, padding too: its own way through an event loop costs ten times as much."""
    content = block.tobytes()
    whole = content + google_crc32c.value(content).to_bytes(CHECK_BYTES, "little")
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.partial")
    beside.write_bytes(whole)
    beside.replace(path)


def _chunk(folder: Path, array: Array, form: Form, job: int) -> Path:
    """The file of a job's chunk."""
    place = array.metadata.encode_chunk_key((*(0 for _ in form.shape[:-1]), job))
    return folder / ARRAYS / array.path / place
