"""Rebuilding: a lost database comes back from the snapshot and the raw store."""

import shutil
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.builders import NOW, THEMES, coded
from warehouse.articles import store_articles
from warehouse.codebook import store_themes
from warehouse.coded import CodedArticle
from warehouse.database import is_damage, open_warehouse
from warehouse.errors import DamagedError, ForeignSnapshotError
from warehouse.publish import TableState, fingerprint, publish, run_checks
from warehouse.raw_store import Journal, Material, RawStore
from warehouse.rebuild import Salvage, open_or_make_anew, restored, set_aside, start_rebuild, unloaded_records
from warehouse.workspace import Workspace, clear_leftovers


def _ingest(workspace: Workspace, name: str, text: str, when: datetime) -> None:
    """What an ingest does with a page: keep its bytes, journal them, read and load."""
    raw_hash = RawStore(workspace.raw).put(text.encode())
    url = f"https://example.org/{name}"
    record = Material(url, url, (), "seeds", raw_hash, url, "text/plain", when, trusted=True)
    Journal(workspace.raw / "journal.jsonl").append([record])
    _replay(workspace, [record])


def _read(workspace: Workspace, record: Material) -> CodedArticle:
    text = RawStore(workspace.raw).get(record.raw_hash).decode()
    name = record.url.removeprefix("https://example.org/")
    return coded(name, text, raw_hash=record.raw_hash, fetched_at=record.fetched_at)


def _replay(workspace: Workspace, records: Iterable[Material]) -> None:
    with open_warehouse(workspace) as connection:
        store_themes(connection, THEMES)
        for record in records:
            store_articles(connection, [_read(workspace, record)])


def _state(workspace: Workspace) -> tuple[TableState, ...]:
    with open_warehouse(workspace) as connection:
        assert run_checks(connection) == ()
        return fingerprint(connection)


def _overwrite(path: Path, content: bytes) -> None:
    path.unlink()
    path.write_bytes(content)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Path:
    """Two articles published, then an edit and a third one that are not."""
    workspace = Workspace(tmp_path_factory.mktemp("history"))
    workspace.prepare()
    shutil.copyfile(template, workspace.database)
    _ingest(workspace, "one", "First text.", NOW)
    _ingest(workspace, "two", "Second text.", NOW)
    _ingest(workspace, "one", "First text, edited.", NOW + timedelta(days=1))
    publish(workspace, NOW + timedelta(days=1, hours=1))
    _ingest(workspace, "one", "First text, edited again.", NOW + timedelta(days=2))
    _ingest(workspace, "three", "Third text.", NOW + timedelta(days=2))
    return workspace.home


@pytest.fixture
def history(made: Path, tmp_path: Path) -> Workspace:
    """That warehouse, for one test."""
    shutil.copytree(made, tmp_path / "data")
    return Workspace(tmp_path / "data")


@pytest.mark.parametrize("snapshot", ["sound", "missing", "damaged", "altered"])
def test_rebuilt_warehouse_equals_the_lost_one(history: Workspace, snapshot: str) -> None:
    lost = _state(history)
    history.database.write_bytes(b"damaged" * 1000)
    if snapshot == "missing":
        history.published.unlink()
    elif snapshot == "damaged":
        _overwrite(history.published, history.published.read_bytes()[:20_000])
    elif snapshot == "altered":
        history.published.chmod(0o644)
        with duckdb.connect(str(history.published)) as connection:
            connection.execute("DELETE FROM paragraphs")
    with pytest.raises(DamagedError, match="commentary rebuild"):
        open_warehouse(history)

    salvage = start_rebuild(history, NOW + timedelta(days=3))
    assert salvage.from_snapshot == (snapshot == "sound")
    names = ["warehouse.duckdb.damaged-20260305T063000Z", "commentary.duckdb.damaged-20260305T063000Z"]
    assert [path.name for path in salvage.set_aside] == names[: 2 if snapshot in {"damaged", "altered"} else 1]
    assert salvage.set_aside[0].read_bytes() == b"damaged" * 1000
    with open_warehouse(history) as connection:
        records = unloaded_records(connection, history)
    assert len(records) == (2 if salvage.from_snapshot else 5)
    _replay(history, records)
    assert _state(history) == lost
    assert publish(history).changed


def test_rebuild_with_nothing_there_starts_empty(tmp_path_factory: pytest.TempPathFactory) -> None:
    workspace = Workspace(tmp_path_factory.mktemp("empty"))
    workspace.prepare()
    salvage = start_rebuild(workspace, NOW)
    assert (salvage.set_aside, salvage.from_snapshot) == ((), False)
    with open_warehouse(workspace) as connection:
        assert unloaded_records(connection, workspace) == ()


def _opened(workspace: Workspace) -> Salvage | None:
    connection, salvage = open_or_make_anew(workspace, NOW + timedelta(days=3), "1GB")
    with connection:
        records = unloaded_records(connection, workspace)
    if salvage is not None:
        _replay(workspace, records)
        restored(workspace)
    return salvage


@pytest.mark.parametrize("lost", ["deleted", "emptied", "damaged"])
def test_a_run_begins_from_the_snapshot_by_itself(history: Workspace, lost: str) -> None:
    before = _state(history)
    if lost == "deleted":
        history.database.unlink()
    elif lost == "emptied":
        history.database.unlink()
        open_warehouse(history).close()
    else:
        history.database.write_bytes(b"damaged" * 1000)
    salvage = _opened(history)
    assert salvage is not None and salvage.from_snapshot
    assert _state(history) == before
    assert publish(history).changed
    assert _opened(history) is None


def test_a_run_that_was_killed_while_it_restored_is_taken_up(history: Workspace) -> None:
    before = _state(history)
    history.database.unlink()
    connection, salvage = open_or_make_anew(history, NOW, "1GB")
    connection.close()  # and nothing is restored
    assert _opened(history) == salvage
    assert _state(history) == before
    assert _opened(history) is None


def test_nothing_is_published_over_a_snapshot_of_another_warehouse(
    history: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = Workspace(tmp_path_factory.mktemp("other"))
    other.prepare()
    _ingest(other, "four", "Fourth text.", NOW)
    publish(other, NOW + timedelta(days=1, hours=1))
    theirs = other.published.read_bytes()
    _overwrite(history.published, theirs)
    with pytest.raises(ForeignSnapshotError, match="commentary rebuild"):
        open_or_make_anew(history, NOW, "1GB")
    with pytest.raises(ForeignSnapshotError, match="it holds 1 articles"):
        publish(history)
    assert history.published.read_bytes() == theirs
    start_rebuild(history, NOW + timedelta(days=3))
    _opened(history)
    with open_warehouse(history) as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (4,), "theirs and ours"
    assert publish(history).changed


def test_nothing_is_published_over_a_later_snapshot_of_the_same_warehouse(history: Workspace, tmp_path: Path) -> None:
    earlier = history.database.read_bytes()
    publish(history, NOW + timedelta(days=2, hours=1))
    history.database.write_bytes(earlier)
    with pytest.raises(ForeignSnapshotError):
        publish(history)


def test_an_earlier_snapshot_of_the_same_warehouse_is_replaced(history: Workspace) -> None:
    earlier = history.published.read_bytes()
    publish(history, NOW + timedelta(days=2, hours=1))
    _overwrite(history.published, earlier)
    assert _opened(history) is None
    assert publish(history).changed


def test_snapshots_of_releases_without_lineage_are_known_by_their_number(history: Workspace) -> None:
    history.published.chmod(0o644)
    with duckdb.connect(str(history.published)) as connection:
        connection.execute(
            "DROP TABLE lineage; DROP TABLE publications; DELETE FROM schema_migrations WHERE version > 11"
        )
    assert _opened(history) is None
    assert publish(history).changed
    history.published.chmod(0o644)
    with duckdb.connect(str(history.published)) as connection:
        connection.execute("DROP TABLE lineage; UPDATE snapshot SET content_version = 99")
    with pytest.raises(ForeignSnapshotError):
        publish(history)


def test_leftovers_of_killed_runs_are_cleared(history: Workspace) -> None:
    RawStore(history.raw).put(b"kept")
    kept = {path for path in history.home.rglob("*") if path.is_file()}
    spill = history.work / "warehouse.duckdb.tmp"
    spill.mkdir()
    leftovers = (
        history.home / ".commentary.duckdb.0a0b.tmp", history.home / ".report.html.0a0b.tmp",
        history.work / ".warehouse.duckdb.tmp", history.work / ".probe-17", spill / "duckdb_temp_storage-0.tmp",
        next(history.raw.glob("??")) / ".abc.zst.0a0b.tmp",
    )  # fmt: skip
    for path in leftovers:
        path.write_bytes(b"half")
    clear_leftovers(history)
    assert {path for path in history.home.rglob("*") if path.is_file()} == kept


@pytest.mark.parametrize("place", [0, 0.02, 0.9])
def test_flipped_bytes_are_damage_that_a_run_mends(history: Workspace, place: float) -> None:
    """Wherever the damage is: it is told as such, and what was lost comes back."""
    before = _state(history)
    content = bytearray(history.database.read_bytes())
    start = int(len(content) * place)
    content[start : start + 8192] = bytes(byte ^ 0x5A for byte in content[start : start + 8192])
    history.database.write_bytes(content)
    try:
        _opened(history)
        _state(history)
    except (DamagedError, duckdb.Error) as error:
        if isinstance(error, duckdb.Error) and not is_damage(error):
            raise
        set_aside(history, NOW)
        assert _opened(history) is not None
    assert _state(history) == before
