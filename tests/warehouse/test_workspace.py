"""The folder of a warehouse: made where it can be, and a clear word where it cannot."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from warehouse.errors import DiskFullError, WarehouseError
from warehouse.workspace import Workspace, disk_error


@contextmanager
def mounted(path: Path, *options: str) -> Iterator[Path]:
    """A small file system of its own at `path`; skips where mounting is not allowed."""
    path.mkdir(parents=True, exist_ok=True)
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", ",".join(options), "tmpfs", str(path)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("mounting a small file system needs root")
    try:
        yield path
    finally:
        subprocess.run(["umount", "-l", str(path)], check=True)


def test_folders_are_made_and_may_be_there_already(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "some" / "data")
    workspace.prepare()
    workspace.prepare()
    assert workspace.raw.is_dir()
    assert list(workspace.work.iterdir()) == [workspace.raw], "nothing is left of the trial"


@pytest.mark.parametrize("place", ["data", "data/work"])
def test_a_file_in_the_way_is_named(tmp_path: Path, place: str) -> None:
    in_the_way = tmp_path / place
    in_the_way.parent.mkdir(exist_ok=True)
    in_the_way.write_text("not a folder")
    with pytest.raises(WarehouseError, match=r"is not a folder.*COMMENTARY_HOME"):
        Workspace(tmp_path / "data").prepare()
    assert in_the_way.read_text() == "not a folder"


def test_read_only_home_is_named_with_the_way_out(tmp_path: Path) -> None:
    with mounted(tmp_path / "ro", "ro,size=1m") as folder:
        with pytest.raises(WarehouseError, match="COMMENTARY_HOME") as caught:
            Workspace(folder / "data").prepare()
        assert str(folder) in str(caught.value)


def test_full_disk_is_told_from_other_faults(tmp_path: Path) -> None:
    with mounted(tmp_path / "small", "size=64k") as folder:
        with pytest.raises(OSError, match="No space"):
            (folder / "ballast").write_bytes(b"x" * 100_000)
        with pytest.raises(DiskFullError, match="make room"):
            Workspace(folder / "data").prepare()


@pytest.mark.parametrize("number", [5, 121])
def test_any_other_fault_of_the_disk_keeps_its_own_words(number: int) -> None:
    message = str(disk_error(Path("/data"), OSError(number, os.strerror(number))))
    assert message.startswith("/data: ")
    assert os.strerror(number) in message
