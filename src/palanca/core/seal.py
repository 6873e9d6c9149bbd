"""A checksum kept inside a file, so that a file that was altered is told from one that is as it was written."""

from __future__ import annotations

import json

from palanca.core import digest

KEY = "checksum"
_MARK = b"\npalanca checksum "
_DIGITS = 16


def sealed(content: bytes) -> bytes:
    """Bytes with their checksum after them; formats that know their own end, as HDF5 does, are read as before."""
    return content + _MARK + digest.of_bytes(content).encode()


def unsealed(content: bytes) -> bytes:
    """The bytes that were sealed.

    Raises:
        ValueError: They bear no checksum, or another one.
    """
    whole, mark, found = content.rpartition(_MARK)
    if not mark or len(found) != _DIGITS:
        raise ValueError("no checksum at its end: cut short, or not written by this version")
    if found != digest.of_bytes(whole).encode():
        raise ValueError("bytes that were altered after it was written")
    return whole


def sealed_json(text: str) -> str:
    """The text of a JSON object with the checksum of its content as its first entry."""
    return text.replace("{", f'{{\n "{KEY}": "{digest.of_record(json.loads(text))}",', 1)


def unsealed_json(content: bytes) -> dict[str, object]:
    """The object that was sealed, without its checksum.

    Raises:
        ValueError: It is no JSON object, bears no checksum, or another one.
    """
    try:
        record = json.loads(content)
    except RecursionError as fault:
        raise ValueError("brackets within brackets without end") from fault
    if not isinstance(record, dict) or KEY not in record:
        raise ValueError("no checksum")
    if record.pop(KEY) != digest.of_record(record):
        raise ValueError("numbers that were altered after it was written")
    return record
