"""Backup and restore: everything comes back, also from a backup that was taken while a run wrote."""

import shutil
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.builders import NOW
from tests.warehouse.processes import end, line_of, start
from tests.warehouse.test_rebuild import _ingest, _opened, _state, history, made  # noqa: F401  fixtures
from warehouse.backup import back_up, restore
from warehouse.errors import DamagedError, WarehouseError
from warehouse.publish import publish
from warehouse.raw_store import RawStore, journal_of
from warehouse.workspace import Workspace


def test_a_warehouse_comes_back_whole(history: Workspace, tmp_path: Path) -> None:  # noqa: F811
    before = _state(history)
    history.notes.write_text("# mine\n", "utf-8")
    history.own_sources.write_text("source = []\n", "utf-8")
    contents = back_up(history, tmp_path / "backup", NOW)
    assert (bool(contents.snapshot), contents.objects) == (True, 5)
    empty = Workspace(tmp_path / "elsewhere" / "data")
    assert restore(empty, tmp_path / "backup") == contents
    assert empty.published.read_bytes() == history.published.read_bytes()
    assert empty.published.stat().st_mode & 0o222 == 0
    assert [file.read_text("utf-8") for file in empty.own_files] == ["# mine\n", "source = []\n"]
    salvage = _opened(empty)
    assert salvage is not None and salvage.from_snapshot
    assert _state(empty) == before
    assert publish(empty).changed
    assert list(empty.home.rglob(".*")) == []


def test_a_warehouse_that_published_nothing_comes_back(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="nothing to back up"):
        back_up(workspace, tmp_path / "backup", NOW)
    _ingest(workspace, "one", "First text.", NOW)
    back_up(workspace, tmp_path / "backup", NOW)
    empty = Workspace(tmp_path / "elsewhere")
    restore(empty, tmp_path / "backup")
    assert _opened(empty) is not None
    with duckdb.connect(str(empty.database)) as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (1,)


def test_nothing_is_restored_over_a_warehouse(history: Workspace, tmp_path: Path) -> None:  # noqa: F811
    back_up(history, tmp_path / "backup", NOW)
    before = history.published.read_bytes()
    with pytest.raises(WarehouseError, match="is there already"):
        restore(history, tmp_path / "backup")
    history.database.unlink()
    history.published.unlink()
    with pytest.raises(WarehouseError, match=r"journal\.jsonl: is there already"):
        restore(history, tmp_path / "backup")
    assert before


def test_what_people_wrote_is_not_written_over(history: Workspace, tmp_path: Path) -> None:  # noqa: F811
    history.notes.write_text("# backed up\n", "utf-8")
    back_up(history, tmp_path / "backup", NOW)
    other = Workspace(tmp_path / "elsewhere")
    other.prepare()
    other.notes.write_text("# mine\n", "utf-8")
    with pytest.raises(WarehouseError, match=r"notes\.toml: is there already"):
        restore(other, tmp_path / "backup")
    assert other.notes.read_text("utf-8") == "# mine\n"
    assert not other.published.exists()


@pytest.mark.parametrize("damage", ["cut", "flipped", "text", "empty", "missing"])
def test_a_damaged_backup_restores_nothing(history: Workspace, tmp_path: Path, damage: str) -> None:  # noqa: F811
    path = tmp_path / "backup"
    back_up(history, path, NOW)
    sound = path.read_bytes()
    half = len(sound) // 2
    contents = {
        "cut": sound[: -len(sound) // 10], "text": b"a text\n" * 100, "empty": b"",
        "flipped": sound[:half] + bytes(byte ^ 0xFF for byte in sound[half : half + 64]) + sound[half + 64 :],
    }  # fmt: skip
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(contents[damage])
    empty = Workspace(tmp_path / "elsewhere")
    with pytest.raises(WarehouseError if damage == "missing" else DamagedError, match=str(path)):
        restore(empty, path)
    assert [file for file in empty.home.rglob("*") if file.is_file()] == []


WRITING = """
import sys
from datetime import timedelta
from pathlib import Path
from tests.warehouse.builders import NOW
from tests.warehouse.test_rebuild import _ingest
from warehouse.workspace import exclusive
from warehouse.publish import publish
from warehouse.workspace import Workspace
workspace = Workspace(Path(sys.argv[1]))
with exclusive(workspace):
    for number in range(1000):
        _ingest(workspace, f"more{number}", f"Text number {number}.", NOW + timedelta(days=10 + number))
        if number % 3 == 0:
            publish(workspace, NOW + timedelta(days=10 + number, hours=1))
        print(number, flush=True)
"""


def test_a_backup_is_consistent_while_a_run_writes(history: Workspace, tmp_path: Path) -> None:  # noqa: F811
    run = start(WRITING, history.home)
    try:
        for number in range(2):
            for _ in range(2):
                assert line_of(run), run.communicate()[1]
            back_up(history, tmp_path / f"backup{number}", NOW + timedelta(days=9))
    finally:
        end(run)
    for number in range(2):
        empty = Workspace(tmp_path / f"restored{number}")
        restore(empty, tmp_path / f"backup{number}")
        told = {record.raw_hash for record in journal_of(empty)}
        assert told <= set(RawStore(empty.raw)), "no line without its object"
        assert _opened(empty) is not None
        _state(empty)  # all checks hold
        with duckdb.connect(str(empty.database)) as connection:
            loaded = {name for (name,) in connection.execute("SELECT raw_hash FROM article_versions").fetchall()}
        assert loaded == told
    shutil.rmtree(history.home)
