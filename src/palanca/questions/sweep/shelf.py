"""Where the blocks of a sweep are put as they come: the interface, and the one that holds them in memory."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from palanca.core.errors import UsageError
from palanca.questions.sweep.plan import Blocks


@dataclass(frozen=True)
class Form:
    """How the blocks of one name join on their last axis.

    Args:
        jobs: How many jobs.
        shape: Shape of each job's block, draws last.
        dtype: Kind of number, as NumPy writes it.
        last: Draws of the last job that count.
    """

    jobs: int
    shape: tuple[int, ...]
    dtype: str
    last: int

    @property
    def whole(self) -> tuple[int, ...]:
        """Shape of all blocks joined."""
        return (*self.shape[:-1], (self.jobs - 1) * self.shape[-1] + self.last)

    def place(self, job: int) -> slice:
        """Where a job's draws lie on the joined axis."""
        first = job * self.shape[-1]
        return slice(first, min(first + self.shape[-1], self.whole[-1]))

    def trimmed(self, block: np.ndarray, job: int) -> np.ndarray:
        """A job's block without padding."""
        place = self.place(job)
        return block[..., : place.stop - place.start]


class AbstractShelf(ABC):
    """Holds the blocks of every job that is done."""

    @abstractmethod
    def done(self) -> frozenset[int]:
        """Jobs whose blocks are here, whole and sound."""

    @abstractmethod
    def put(self, job: int, blocks: Blocks) -> None:
        """Take a job's blocks in; afterwards the job is done, whatever happens next."""

    @abstractmethod
    def names(self) -> tuple[str, ...]:
        """What the blocks are called."""

    @abstractmethod
    def block(self, name: str, job: int) -> np.ndarray:
        """One job's block, without padding."""

    @abstractmethod
    def whole(self, name: str) -> np.ndarray:
        """All jobs' blocks joined on the last axis."""


@dataclass(frozen=True, eq=False)
class Memory(AbstractShelf):
    """Blocks in memory, each put straight into its place in the whole.

    Args:
        jobs: How many jobs there are.
        last: Draws of the last job that count; all if nothing.
    """

    jobs: int
    last: int | None
    _forms: dict[str, Form] = field(default_factory=dict)
    _arrays: dict[str, np.ndarray] = field(default_factory=dict)
    _done: set[int] = field(default_factory=set)

    def done(self) -> frozenset[int]:
        """Jobs put here."""
        return frozenset(self._done)

    def put(self, job: int, blocks: Blocks) -> None:
        """Copy a job's blocks into the wholes."""
        if not self._forms:
            self._forms.update(forms(blocks, self.jobs, self.last))
            self._arrays.update({name: np.empty(form.whole, form.dtype) for name, form in self._forms.items()})
        check(blocks, self._forms, job)
        for name, form in self._forms.items():
            self._arrays[name][..., form.place(job)] = form.trimmed(blocks[name], job)
        self._done.add(job)

    def names(self) -> tuple[str, ...]:
        """What the blocks are called."""
        return tuple(self._arrays)

    def block(self, name: str, job: int) -> np.ndarray:
        """A view of one job's draws."""
        return self._arrays[name][..., self._forms[name].place(job)]

    def whole(self, name: str) -> np.ndarray:
        """The joined array itself."""
        return self._arrays[name]


def forms(blocks: Blocks, jobs: int, last: int | None) -> dict[str, Form]:
    """How the blocks of every job join, seen from those of one.

    Raises:
        UsageError: A block has no axis of draws, or is narrower than what is to be kept of the last.
    """
    narrow = {name: block.shape for name, block in blocks.items() if (block.shape or (0,))[-1] < max(last or 0, 1)}
    if narrow or not blocks:
        raise UsageError(
            "a job's blocks cannot be joined to others",
            found=", ".join(f"{name} {shape}" for name, shape in narrow.items()) or "no block",
            expected=f"{max(last or 0, 1)} draws or more on the last axis",
        )
    return {
        name: Form(jobs, block.shape, block.dtype.str, block.shape[-1] if last is None else last)
        for name, block in blocks.items()
    }


def check(blocks: Blocks, known: Mapping[str, Form], job: int) -> None:
    """Refuse a job whose blocks differ from those of the others in name, shape or kind of number.

    Raises:
        UsageError: They differ.
    """
    expected = {name: (form.shape, form.dtype) for name, form in known.items()}
    found = {name: (block.shape, block.dtype.str) for name, block in blocks.items()}
    if found != expected:
        raise UsageError(
            "a job gave blocks of another form than the others",
            where=f"job {job}",
            found=", ".join(f"{name} {shape} {kind}" for name, (shape, kind) in found.items()),
            expected=", ".join(f"{name} {shape} {kind}" for name, (shape, kind) in expected.items()),
        )
