"""Writing whole or not at all: a full disk, a refused folder or Ctrl-C leaves what was there before."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from palanca.core import save
from palanca.core.errors import OutputError

ROOT = Path(__file__).parents[3]


def half_then(fault: BaseException):
    def write(temporary: Path) -> None:
        temporary.write_text("half of the new")
        raise fault

    return write


def test_a_file_is_written_with_its_folders_and_nothing_is_left_beside_it(tmp_path):
    path = save.text(tmp_path / "a" / "b" / "result.txt", "año\n")
    assert path.read_text(encoding="utf-8") == "año\n"
    assert [found.name for found in path.parent.iterdir()] == ["result.txt"]


def test_bytes_are_written_as_they_are(tmp_path):
    made = bytes(range(256))
    assert save.content(tmp_path / "result.nc", memoryview(made)).read_bytes() == made


def test_a_full_disk_leaves_the_old_file_and_says_so(tmp_path):
    path = save.text(tmp_path / "result.txt", "old")
    with pytest.raises(OutputError) as caught:
        save.atomically(path, half_then(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))))
    assert "No space left on device" in str(caught.value)
    assert str(path) in str(caught.value)
    assert path.read_text() == "old"
    assert [found.name for found in tmp_path.iterdir()] == ["result.txt"]


@pytest.mark.parametrize("fault", [KeyboardInterrupt(), ValueError("a fault in the writer")], ids=["ctrl-c", "fault"])
def test_whatever_else_stops_a_writer_passes_through_and_leaves_the_old_file(tmp_path, fault):
    path = save.text(tmp_path / "result.txt", "old")
    with pytest.raises(type(fault)):
        save.atomically(path, half_then(fault))
    assert path.read_text() == "old"
    assert [found.name for found in tmp_path.iterdir()] == ["result.txt"]


@pytest.mark.parametrize("call", ["text(path, 'new' * 100_000)", "content(path, bytes(300_000))"])
def test_a_disk_that_truly_takes_no_more_leaves_the_old_file(tmp_path, call):
    """A limit on the size of files, set in a process of its own, stands for the full disk."""
    pytest.importorskip("resource", reason="limits on processes exist on Unix only")
    path = save.text(tmp_path / "result.txt", "old")
    program = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from palanca.core import errors, save\n"
        "path = Path(sys.argv[1])\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "try:\n"
        f"    save.{call}\n"
        "except errors.OutputError as fault:\n"
        "    sys.exit(f'refused: {fault}')\n"
    )
    where = os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), str(ROOT / "src")]))
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": where},
    )  # fmt: skip
    assert done.stderr.startswith(f"refused: {path}: could not write"), done.stderr
    assert path.read_text() == "old"
    assert [found.name for found in tmp_path.iterdir()] == ["result.txt"]


@pytest.mark.skipif(os.name != "posix", reason="other systems refuse to replace a file that is being read")
def test_whoever_is_reading_the_old_file_reads_it_to_its_end(tmp_path):
    """The new file takes the old one's name in one step; nobody ever sees a mixture."""
    path = save.text(tmp_path / "result.txt", "old" * 100_000)
    with path.open() as reading:
        start = reading.read(3)
        save.text(path, "new" * 100_000)
        assert start + reading.read() == "old" * 100_000
    assert path.read_text() == "new" * 100_000


def test_a_file_in_the_place_of_a_folder_is_refused_and_kept(tmp_path):
    """Stands for a folder that cannot be written: an administrator may write into any real one."""
    blocking = save.text(tmp_path / "out", "a file")
    for path in (blocking / "result.txt", blocking / "deeper" / "result.txt"):
        with pytest.raises(OutputError, match="could not write") as caught:
            save.text(path, "new")
        assert "--out" in caught.value.way_out
    assert blocking.read_text() == "a file"


def test_a_folder_in_the_place_of_the_file_is_refused_and_kept(tmp_path):
    (tmp_path / "result.txt" / "inside").mkdir(parents=True)
    with pytest.raises(OutputError):
        save.text(tmp_path / "result.txt", "new")
    assert [found.name for found in tmp_path.iterdir()] == ["result.txt"]
    assert (tmp_path / "result.txt" / "inside").is_dir()


@pytest.mark.skipif(os.name != "posix", reason="permissions are those of Unix")
def test_a_result_has_the_permissions_that_any_new_file_would_have(tmp_path):
    plain = tmp_path / "plain.txt"
    plain.write_text("")
    path = save.text(tmp_path / "result.txt", "new")
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)
