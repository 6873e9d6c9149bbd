"""Tells by its content, never by its name, which release a file is, and has it read."""

from __future__ import annotations

from pathlib import Path

from palanca.core.wording import listed, nearest
from palanca.data.importers import cbp_border, cbp_state, csvfile, ohss
from palanca.data.importers.release import Release, refuse

_ZIP = b"PK"
_READERS = {cbp_border.HEADER: cbp_border.read, cbp_state.HEADER: cbp_state.read}


def read_release(path: Path) -> Release:
    """Read a published release, whatever its file is called.

    Args:
        path: A workbook of OHSS's monthly tables, or a CSV of CBP's encounters (at the border, or by state).

    Raises:
        ReleaseError: The file cannot be read, is none of these, or is faulty; says where.
    """
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise refuse("cannot read the release", str(path), found=str(fault.strerror), way_out="") from fault
    if content.startswith(_ZIP):
        return ohss.read(content, path.name)
    text = csvfile.text_of(content, path.name)
    names = tuple(csvfile.header_of(text))
    if names in _READERS:
        return _READERS[names](text, path.name)
    for header in _READERS:
        number = csvfile.header_elsewhere(text, header)
        if number:
            raise refuse(
                "the header has moved",
                f"{path.name}:1",
                found=f"it on line {number}",
                expected="it on line 1",
            )
    closest = max(_READERS, key=lambda header: len(set(header) & set(names)))
    missing = [name for name in closest if name not in names]
    hint = nearest(missing[0], names) if missing and names else ""
    raise refuse(
        "not a release that palanca can read",
        f"{path.name}:1",
        found=f"columns {listed(names, 12)}" if any(names) else "no columns",
        expected=f"also {listed(missing, 9)}" + (f" (perhaps renamed {hint!r})" if hint else "")
        if missing
        else f"columns in the order {listed(closest, 9)}",
    )
