"""The end of a sweep that is in a worker's process: the work is opened once, then asked for one job after another."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass, field
from functools import lru_cache

import jax
from distributed.protocol import pickle

from palanca.core import digest
from palanca.core.errors import ClusterError
from palanca.questions.sweep.plan import Blocks, JobFunction, code, versions

KEPT = 2  # works that a worker of a standing cluster keeps open


@dataclass(frozen=True)
class Parcel:
    """A work packed to be sent to each worker once; parcels of one content are equal.

    Args:
        content: Fingerprint of the packed work.
        code: Fingerprint of the code that packed it.
        versions: Versions of what it ran on.
        compiled: Folder in which the compiler keeps what it makes, if workers share it.
        packed: The work.
    """

    content: str
    code: str
    versions: str
    compiled: str | None
    packed: bytes = field(compare=False, repr=False)


def pack(work: JobFunction, *, compiled: str | None) -> Parcel:
    """Pack a work, with all that tells whether another process would compute the same."""
    packed = pickle.dumps(work)
    return Parcel(digest.of_bytes(packed), code(), versions(), compiled, packed)


def arrive(parcel: Parcel) -> Parcel:
    """Check, once a worker, that it would give the same bits.

    Raises:
        ClusterError: It has other code or other versions.
    """
    _checked(parcel)
    return parcel


def do(parcel: Parcel, job: int) -> Blocks:
    """One job, in the worker's process.

    Raises:
        ClusterError: The worker has other code or other versions.
    """
    return _opened(parcel)(job)


@lru_cache(KEPT)
def _opened(parcel: Parcel) -> JobFunction:
    _checked(parcel)
    jax.config.update("jax_cpu_enable_async_dispatch", False)  # as api/compiler has it: a thread waits for its own work
    if parcel.compiled:
        jax.config.update("jax_compilation_cache_dir", parcel.compiled)
        jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
    work: JobFunction = pickle.loads(parcel.packed)
    return work


def _checked(parcel: Parcel) -> None:
    here = {"code": code(), "versions": versions()}
    there = {"code": parcel.code, "versions": parcel.versions}
    if here != there:
        differing = [name for name, value in here.items() if there[name] != value]
        raise ClusterError(
            "a worker would not give the same results",
            where=f"process {os.getpid()} on {socket.gethostname()}",
            found="; ".join(f"{name} {here[name]}" for name in differing),
            expected="; ".join(f"{name} {there[name]}" for name in differing),
            way_out="Install the same palanca and the same libraries on every worker, and start them again.",
        )
