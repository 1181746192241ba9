"""Rebuilding: a lost database comes back from the snapshot and the raw store."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import duckdb
import pytest

from tests.warehouse.builders import NOW, THEMES, coded
from warehouse.checks import run_checks
from warehouse.codebook import load_themes
from warehouse.connection import open_warehouse
from warehouse.errors import DamagedError
from warehouse.fingerprint import TableState, fingerprint
from warehouse.journal import Journal
from warehouse.load import load_articles
from warehouse.material import Material
from warehouse.publish import publish
from warehouse.raw_store import RawStore
from warehouse.rebuild import start_rebuild, unloaded_records
from warehouse.records import CodedArticle
from warehouse.workspace import Workspace


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
        load_themes(connection, THEMES)
        for record in records:
            load_articles(connection, [_read(workspace, record)])


def _state(workspace: Workspace) -> tuple[TableState, ...]:
    with open_warehouse(workspace) as connection:
        assert run_checks(connection) == ()
        return fingerprint(connection)


@pytest.fixture
def history(workspace: Workspace) -> Workspace:
    """Two articles published, then an edit and a third one that are not."""
    _ingest(workspace, "one", "First text.", NOW)
    _ingest(workspace, "two", "Second text.", NOW)
    _ingest(workspace, "one", "First text, edited.", NOW + timedelta(days=1))
    publish(workspace, NOW + timedelta(days=1, hours=1))
    _ingest(workspace, "one", "First text, edited again.", NOW + timedelta(days=2))
    _ingest(workspace, "three", "Third text.", NOW + timedelta(days=2))
    return workspace


@pytest.mark.parametrize("snapshot", ["sound", "missing", "damaged", "altered"])
def test_rebuilt_warehouse_equals_the_lost_one(history: Workspace, snapshot: str) -> None:
    lost = _state(history)
    history.database.write_bytes(b"damaged" * 1000)
    if snapshot == "missing":
        history.published.unlink()
    elif snapshot == "damaged":
        history.published.write_bytes(history.published.read_bytes()[:20_000])
    elif snapshot == "altered":
        with duckdb.connect(str(history.published)) as connection:
            connection.execute("DELETE FROM paragraphs")
    with pytest.raises(DamagedError, match="commentary rebuild"):
        open_warehouse(history)

    salvage = start_rebuild(history, NOW + timedelta(days=3))
    assert salvage.from_snapshot == (snapshot == "sound")
    assert [path.name for path in salvage.set_aside] == ["warehouse.duckdb.damaged-20260305T063000Z"]
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
