"""Writing whole or not at all: a full disk, a refused folder or Ctrl-C leaves what was there before."""

from __future__ import annotations

import errno
import os
import shutil
import signal
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


NAMES = ("a.csv", "b.nc", "c.html", "manifest.json")
OLD, NEW = "old " * 10, "new " * 10


def write_all(folder: Path, content: str = NEW) -> None:
    with save.together(folder) as staged:
        for name in NAMES:
            staged.text(name, f"{content}{name}")


def contents(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()}


def whole(content: str) -> dict[str, str]:
    return {name: f"{content}{name}" for name in sorted(NAMES)}


def program(words: str, folder: Path) -> subprocess.Popen[str]:
    """Another process that runs `words` with `folder` and `save` at hand."""
    where = os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), str(ROOT / "src")]))
    lines = "import sys, time, os, signal\nfrom pathlib import Path\nfrom palanca.core import errors, save\n"
    return subprocess.Popen(
        [sys.executable, "-c", f"{lines}folder = Path(sys.argv[1])\n{words}", str(folder)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": where},
    )  # fmt: skip


def test_files_written_together_stand_with_their_folders_and_nothing_beside_them(tmp_path):
    with save.together(tmp_path / "out") as staged:
        assert staged.text("charts/a.svg", "é") == tmp_path / "out" / "charts" / "a.svg"
        staged.content("b.nc", bytes(3))
        assert not (tmp_path / "out" / "b.nc").exists()
    assert {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")} == {
        "out", "out/charts", "out/charts/a.svg", "out/b.nc",
    }  # fmt: skip


def test_files_written_together_replace_the_old_ones_and_leave_others(tmp_path):
    write_all(tmp_path, OLD)
    save.text(tmp_path / "letter.txt", "dear")
    write_all(tmp_path)
    assert contents(tmp_path) == {**whole(NEW), "letter.txt": "dear"}


@pytest.mark.parametrize("before", [True, False], ids=["over old files", "into an empty folder"])
@pytest.mark.parametrize("fails_at", range(4))
def test_a_swap_that_fails_at_any_file_is_undone(tmp_path, monkeypatch, fails_at, before):
    if before:
        write_all(tmp_path, OLD)
    at = {"now": 0}
    replace = Path.replace

    def failing(self: Path, target: Path) -> Path:
        if self.parent.name == "new":
            if at["now"] == fails_at:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            at["now"] += 1
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(OutputError, match=r"Input/output error[^$]*Nothing was replaced"):
        write_all(tmp_path)
    assert contents(tmp_path) == (whole(OLD) if before else {})


def test_what_cannot_be_put_back_is_kept_and_put_back_by_the_next_writer(tmp_path, monkeypatch):
    write_all(tmp_path, OLD)
    replace = Path.replace

    def failing(self: Path, target: Path) -> Path:
        if self.name in ("b.nc", "c.html"):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return replace(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", failing)
        with pytest.raises(OutputError, match=r"could not put back[^$]*kept in"):
            write_all(tmp_path)
    save.check_folder(tmp_path)
    assert contents(tmp_path) == whole(OLD)


@pytest.mark.parametrize("fault", [KeyboardInterrupt(), ValueError("a fault in the writer")], ids=["ctrl-c", "fault"])
def test_whatever_stops_the_block_replaces_nothing(tmp_path, fault):
    def stopped() -> None:
        with save.together(tmp_path) as staged:
            staged.text("a.csv", NEW)
            raise fault

    write_all(tmp_path, OLD)
    with pytest.raises(type(fault)):
        stopped()
    assert contents(tmp_path) == whole(OLD)
    assert len(list(tmp_path.iterdir())) == len(NAMES)


@pytest.fixture
def small_disk(tmp_path):
    """A real disk of 64 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    if sys.platform != "linux" or os.geteuid() or mount is None:
        pytest.skip("only an administrator of Linux may make a small disk")
    if subprocess.run([mount, "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], capture_output=True).returncode:
        pytest.skip("this machine does not let its administrator make a small disk")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_disk_that_is_full_at_the_last_of_four_files_keeps_the_old_four(small_disk):
    write_all(small_disk, OLD)
    with pytest.raises(OutputError, match=r"No space left on device[^$]*Nothing was replaced"):
        write_all(small_disk, "new" * 4_500)
    assert contents(small_disk) == whole(OLD)
    write_all(small_disk)
    assert contents(small_disk) == whole(NEW)


def test_a_folder_in_the_place_of_one_of_the_files_is_refused_and_nothing_replaced(tmp_path):
    write_all(tmp_path, OLD)
    (tmp_path / "c.html").unlink()
    (tmp_path / "c.html").mkdir()
    with pytest.raises(OutputError, match="a folder of that name"):
        write_all(tmp_path)
    assert contents(tmp_path) == {name: text for name, text in whole(OLD).items() if name != "c.html"}


@pytest.mark.parametrize("name", ["../a.csv", "/tmp/a.csv", "charts/../../a.csv"])
def test_a_name_that_leads_out_of_the_folder_is_refused(tmp_path, name):
    with pytest.raises(OutputError, match="out of the folder"), save.together(tmp_path / "out") as staged:
        staged.text(name, "")
    assert list(tmp_path.iterdir()) == []


def test_of_two_processes_with_one_folder_the_second_is_refused_and_the_holder_named(tmp_path):
    hold = "with save.reserved(folder):\n    print('held', flush=True)\n    time.sleep(60)"
    with program(hold, tmp_path / "out") as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "held\n"
        for call in (write_all, save.check_folder):
            with pytest.raises(OutputError, match=f"another command[^$]*process {first.pid} on"):
                call(tmp_path / "out")
        first.kill()
    write_all(tmp_path / "out")
    assert contents(tmp_path / "out") == whole(NEW)


def test_a_folder_reserved_for_the_work_takes_its_own_results(tmp_path):
    with save.reserved(tmp_path / "out"):
        write_all(tmp_path / "out")
    assert contents(tmp_path / "out") == whole(NEW)


def test_a_folder_made_for_results_that_never_came_is_removed(tmp_path):
    with pytest.raises(ZeroDivisionError), save.reserved(tmp_path / "out"):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


KILL = "os.kill(os.getpid(), signal.SIGKILL)"
KILLED = {
    "while a file is written": f"save.atomically(folder / 'a.csv', lambda path: {KILL})",
    "while files are staged": f"with save.together(folder) as staged:\n    staged.text('a.csv', 'new')\n    {KILL}",
    "in the middle of the swap": (
        "replace, done = Path.replace, []\n"
        "def failing(self, target):\n"
        f"    {KILL} if len(done) == 2 else done.append(replace(self, target))\n"
        "Path.replace = failing\n"
        "with save.together(folder) as staged:\n"
        f"    for name in {(*NAMES, '0.new')}: staged.text(name, 'half')"
    ),
}


@pytest.mark.skipif(os.name != "posix", reason="other systems end processes otherwise")
@pytest.mark.parametrize("how", KILLED.values(), ids=KILLED)
def test_what_a_killed_process_left_is_swept_and_undone_by_the_next(tmp_path, how):
    write_all(tmp_path, OLD)
    with program(how, tmp_path) as done:
        assert done.wait(60) == -signal.SIGKILL
    assert any(path.name.startswith(".palanca-") for path in tmp_path.iterdir())
    with save.reserved(tmp_path):
        assert contents(tmp_path).items() - {(".in-use", "")} >= whole(OLD).items()
    assert contents(tmp_path) == whole(OLD)


@pytest.mark.skipif(os.name != "posix", reason="temporary files are locked on Unix only")
def test_the_temporary_file_of_a_process_at_work_is_not_swept(tmp_path):
    slow = "save.atomically(folder / 'a.csv', lambda path: (path.write_text('a'), print(flush=True), time.sleep(1)))"
    with program(slow, tmp_path) as at_work:
        assert at_work.stdout is not None
        at_work.stdout.readline()
        save.text(tmp_path / "b.csv", "b")
        assert len(list(tmp_path.iterdir())) == 2
        assert at_work.wait(60) == 0
    assert contents(tmp_path) == {"a.csv": "a", "b.csv": "b"}
