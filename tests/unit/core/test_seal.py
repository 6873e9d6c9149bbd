"""What was altered after it was written is told from what was not."""

from __future__ import annotations

import json

import pytest

from palanca.core import seal

CONTENT = bytes(range(256)) * 8
TEXT = '{\n "rows": [1.5, 2, null],\n "name": "año"\n}\n'


def test_bytes_and_json_come_back_as_they_were():
    assert seal.unsealed(seal.sealed(CONTENT)) == CONTENT
    assert seal.unsealed(seal.sealed(b"")) == b""
    assert seal.unsealed_json(seal.sealed_json(TEXT).encode()) == json.loads(TEXT)


@pytest.mark.parametrize("place", [0, 700, 2047, 2050, 2060, -1])
def test_one_altered_byte_is_found_wherever_it_stands(place):
    whole = bytearray(seal.sealed(CONTENT))
    whole[place] ^= 1
    with pytest.raises(ValueError, match=r"checksum|altered"):
        seal.unsealed(bytes(whole))


@pytest.mark.parametrize("kept", [0, 10, 2048, -1])
def test_what_was_cut_is_found(kept):
    with pytest.raises(ValueError, match="no checksum at its end"):
        seal.unsealed(seal.sealed(CONTENT)[:kept])


def test_layout_may_change_and_no_number_may():
    sealed = seal.sealed_json(TEXT)
    assert seal.unsealed_json(json.dumps(json.loads(sealed), indent=4).encode()) == json.loads(TEXT)
    with pytest.raises(ValueError, match="altered"):
        seal.unsealed_json(sealed.replace("1.5", "0.75").encode())


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "null", "[" * 100_000, "\xff"])
def test_what_is_no_sealed_object_is_refused(text):
    with pytest.raises(ValueError, match=r"^.+$"):
        seal.unsealed_json(text.encode("latin-1"))
