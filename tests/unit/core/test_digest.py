"""Fingerprints: the same for the same content, different for any other."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from palanca.core import digest

values = st.one_of(st.integers(), st.text(), st.booleans(), st.floats(allow_nan=False))


def test_a_fingerprint_is_the_head_of_the_sha256():
    assert digest.of_bytes(b"palanca") == hashlib.sha256(b"palanca").hexdigest()[:16]


@given(st.dictionaries(st.text(), values))
def test_the_order_of_keys_does_not_matter(record):
    assert digest.of_record(record) == digest.of_record(dict(reversed(record.items())))


@given(st.binary(), st.binary())
def test_different_content_has_a_different_fingerprint(one, other):
    assert (digest.of_bytes(one) == digest.of_bytes(other)) == (one == other)


def test_a_file_is_known_by_its_content_and_files_together_by_name_too(tmp_path):
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    one.write_text("1,2")
    other.write_text("1,2")
    assert digest.of_file(one) == digest.of_file(other)
    assert digest.of_files([one]) != digest.of_files([other])
    assert digest.of_files([one, other]) == digest.of_files([other, one])
