"""Arrays kept on disk, so that long work is done once and goes on where it was interrupted."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from palanca.core import read_file, save, seal
from palanca.core.errors import FitError

FILE = read_file.FileKind(
    FitError, "arrays kept by an earlier command", 2_000_000_000, "Remove the file to make it again."
)
Arrays = dict[str, np.ndarray]


def arrays(path: Path, make: Callable[[], Arrays]) -> Arrays:
    """Arrays from a file, made and kept if it is not there.

    Args:
        path: File; its name must tell what it was made from.
        make: Makes the arrays.

    Raises:
        FitError: The file is there and cannot be read.
        OutputError: It cannot be written.
    """
    if not path.exists():
        stream = io.BytesIO()
        np.savez_compressed(stream, allow_pickle=False, **make())
        save.content(path, seal.sealed(stream.getvalue()))
    try:
        with np.load(io.BytesIO(seal.unsealed(read_file.content(path, FILE))), allow_pickle=False) as parts:
            return {name: np.array(parts[name]) for name in parts.files}
    except (KeyError, ValueError, zipfile.BadZipFile) as fault:
        raise FILE.refusal(path, str(fault), what="cannot read what was kept") from fault
