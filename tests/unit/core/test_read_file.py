"""The door to files that a user names: only regular files of limited size get in, and every fault is palanca's own."""

from __future__ import annotations

import os

import pytest

from palanca.core import read_file
from palanca.core.errors import ReleaseError
from palanca.core.read_file import FileKind

KIND = FileKind(ReleaseError, "a small file", most_bytes=10, way_out="Try another.")
READERS = [read_file.text, read_file.content]


@pytest.fixture(params=READERS, ids=lambda reader: reader.__name__)
def reader(request):
    return request.param


def test_text_loses_its_byte_order_mark_and_foreign_line_ends(tmp_path):
    (tmp_path / "a").write_bytes(b"\xef\xbb\xbfa\r\nb\rc")
    assert read_file.text(tmp_path / "a", KIND) == "a\nb\nc"


def test_a_file_of_just_the_greatest_size_is_read_and_one_byte_more_is_not(tmp_path, reader):
    (tmp_path / "fits").write_bytes(b"x" * 10)
    (tmp_path / "over").write_bytes(b"x" * 11)
    assert read_file.content(tmp_path / "fits", KIND) == b"x" * 10
    with pytest.raises(ReleaseError, match="the file is too large: found more than 10 bytes; expected a small file"):
        reader(tmp_path / "over", KIND)


def test_a_named_pipe_is_refused_at_once_and_nobody_waits_for_a_writer(tmp_path, reader):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ReleaseError, match="not a regular file: found a named pipe"):
        reader(tmp_path / "pipe", KIND)


def test_a_device_without_end_and_a_folder_are_refused(tmp_path, reader):
    with pytest.raises(ReleaseError, match="not a regular file: found a device"):
        reader("/dev/zero", KIND)
    with pytest.raises(ReleaseError, match="not a regular file: found a folder"):
        reader(tmp_path, KIND)


def test_a_link_that_leads_to_a_device_is_refused(tmp_path, reader):
    (tmp_path / "link").symlink_to("/dev/zero")
    with pytest.raises(ReleaseError, match="a device"):
        reader(tmp_path / "link", KIND)


def test_what_is_not_there_says_so_with_the_way_out(tmp_path, reader):
    with pytest.raises(ReleaseError, match=r"cannot read the file: found No such file(.|\n)*Try another\."):
        reader(tmp_path / "none", KIND)


@pytest.mark.parametrize(
    "name", ["n" * 256, "ñ" * 128, "d/" * 2100 + "x", "ab\0c"], ids=["long", "bytes", "path", "nul"]
)
def test_a_name_that_no_file_can_have_is_refused_and_is_no_file(tmp_path, reader, name):
    with pytest.raises(ReleaseError, match=r"a name longer than 255 bytes|a null character") as refused:
        reader(tmp_path / name, KIND)
    assert len(str(refused.value)) < 500
    assert not read_file.is_file(tmp_path / name)
    assert not read_file.is_folder(tmp_path / name)


def test_a_name_of_255_bytes_is_read(tmp_path):
    (tmp_path / ("n" * 255)).write_text("a")
    assert read_file.text(tmp_path / ("n" * 255), KIND) == "a"


def test_text_that_is_not_utf_8_is_refused_at_its_line(tmp_path):
    (tmp_path / "latin").write_bytes("a\nñ".encode("latin-1"))
    with pytest.raises(ReleaseError, match=r"latin:2: not text in UTF-8: found the byte 0xf1"):
        read_file.text(tmp_path / "latin", KIND)


def test_terminal_escapes_in_a_name_reach_the_message_escaped(tmp_path, reader):
    with pytest.raises(ReleaseError) as refused:
        reader(tmp_path / "\x1b[31mred\u202e", KIND)
    assert "\\x1b[31mred\\u202e" in str(refused.value)


def test_files_and_folders_are_told_apart(tmp_path):
    (tmp_path / "a").write_text("")
    assert read_file.is_file(tmp_path / "a")
    assert not read_file.is_folder(tmp_path / "a")
    assert read_file.is_folder(tmp_path)
    assert not read_file.is_file(tmp_path)
