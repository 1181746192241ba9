"""Stored bytes: whole or absent, verified when read, and on record in the journal."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.article.model import Published
from tests.warehouse.processes import line_of, start
from tests.warehouse.test_workspace import mounted
from warehouse.errors import DamagedError, DiskFullError
from warehouse.raw_store import Journal, Material, RawStore, journal_of
from warehouse.workspace import Workspace, clear_leftovers

NOW = datetime(2026, 3, 2, 6, 30, 1, 5, tzinfo=UTC)
RECORD = Material(
    url="https://example.org/é?a=1", open_url="https://example.org/b", addresses=("https://example.org/amp",),
    source_id="think", raw_hash="ab" * 32, name="a b.txt", content_type="text/html", fetched_at=NOW, trusted=True,
    local=True, article_id="0123", title="A “title”", publisher="The Tank", authors=("A. Writer", "B. Writer"),
    published=Published(date(2024, 5, 1), "month", "manifest"), source_name="Tank", selector="article",
    fed_title="A “title”, fed", fed_authors=("C. Writer",), fed_on=date(2024, 5, 3),
)  # fmt: skip
PLAIN = Material(
    "https://example.org/b", "https://example.org/b", (), "think", "cd" * 32, "b", "text/html", NOW, trusted=True
)

# Puts ever more objects and journal lines until it is killed.
WRITE = """
import random, sys
from datetime import UTC, datetime
from pathlib import Path
from warehouse.raw_store import Journal
from warehouse.raw_store import Material
from warehouse.raw_store import RawStore
folder = Path(sys.argv[1])
store, journal, rng = RawStore(folder), Journal(folder / "journal.jsonl"), random.Random(int(sys.argv[2]))
for number in range(10_000):
    name = store.put(rng.randbytes(rng.randint(1, 200_000)))
    journal.append([Material(str(number), str(number), (), "s", name, "b", "text/html", datetime.now(UTC), True)])
    print(number, flush=True)
"""


@given(content=st.binary(max_size=2000))
def test_bytes_come_back_as_they_were(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    store = RawStore(tmp_path_factory.getbasetemp() / "raw")
    name = store.put(content)
    assert store.put(content) == name
    assert name in store
    assert store.get(name) == content


def test_pages_are_compressed_and_listed(tmp_path: Path) -> None:
    store = RawStore(tmp_path)
    names = [store.put(b"<p>the same again</p>" * number) for number in (1000, 2000)]
    assert sorted(store) == sorted(names)
    assert sum(path.stat().st_size for path in tmp_path.rglob("*.zst")) < 2000


def test_same_bytes_are_not_written_twice(tmp_path: Path) -> None:
    store = RawStore(tmp_path)
    store.put(b"page")
    [path] = tmp_path.rglob("*.zst")
    before = path.stat().st_mtime_ns
    store.put(b"page")
    assert path.stat().st_mtime_ns == before


@pytest.mark.parametrize("name", ["ab" * 32, "", "../../etc/passwd", "AB" * 32, "ab"])
def test_what_is_not_there_is_a_key_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(KeyError):
        RawStore(tmp_path).get(name)


def test_every_damage_is_noticed(tmp_path: Path) -> None:
    store = RawStore(tmp_path)
    name = store.put(b"a page of some length, " * 20)
    [path] = tmp_path.rglob("*.zst")
    sound = path.read_bytes()
    rng = random.Random(7)
    noticed = 0
    for _ in range(50):
        place = rng.randrange(len(sound))
        damaged = sound[:place] + bytes([sound[place] ^ rng.randrange(1, 256)]) + sound[place + 1 :]
        path.write_bytes(damaged if rng.random() < 0.7 else sound[:place])
        read = _read(store, name)
        assert read in (None, b"a page of some length, " * 20), "never other bytes than were put"
        noticed += read is None
    assert noticed >= 45, "a bit of the frame that means nothing may be lost"
    path.write_bytes(b"")
    with pytest.raises(DamagedError, match=str(path)):
        store.get(name)


def _read(store: RawStore, name: str) -> bytes | None:
    try:
        return store.get(name)
    except DamagedError:
        return None


def test_full_disk_leaves_no_half_object(tmp_path: Path) -> None:
    with mounted(tmp_path / "small", "size=200k") as folder:
        store = RawStore(folder)
        kept = store.put(b"small")
        with pytest.raises(DiskFullError):
            store.put(random.Random(1).randbytes(500_000))
        assert list(store) == [kept]
        assert list(folder.rglob(".*")) == []


def test_journal_comes_back_as_written(workspace: Workspace) -> None:
    journal = Journal(workspace.raw / "journal.jsonl")
    assert list(journal_of(workspace)) == []
    journal.append([RECORD, PLAIN])
    journal.append([])
    journal.append([replace(RECORD, url="https://example.org/c")])
    assert list(journal_of(workspace)) == [RECORD, PLAIN, replace(RECORD, url="https://example.org/c")]


def test_lines_of_earlier_releases_are_read(workspace: Workspace) -> None:
    """They say the address alone, and two fields that are no more."""
    journal = Journal(workspace.raw / "journal.jsonl")
    journal.path.write_text(
        '{"raw_hash":"cd","url":"https://example.org/b","source_id":"think","content_type":"text/html",'
        '"fetched_at":"2026-03-02T06:30:01.000005+00:00","addresses":["https://example.org/a"],"article_id":"01",'
        '"encoding":"utf-8","file_name":"b"}\n'
    )
    url = "https://example.org/b"
    assert list(journal_of(workspace)) == [
        Material(
            url, url, ("https://example.org/a",), "think", "cd", url, "text/html", NOW, trusted=True, article_id="01"
        )
    ]


@pytest.mark.parametrize("torn", [b'{"raw_hash": "ab', b"\xff\xfe", b'{"raw_hash": 1}', b"null", b"{}\n\n[]"])
def test_torn_line_is_passed_over(workspace: Workspace, torn: bytes) -> None:
    journal = Journal(workspace.raw / "journal.jsonl")
    journal.append([RECORD])
    with journal.path.open("ab") as file:
        file.write(torn)
    journal.append([RECORD])
    assert list(journal_of(workspace)) == [RECORD, RECORD]


def test_killed_writer_leaves_whole_objects(workspace: Workspace) -> None:
    rng = random.Random(11)
    store = RawStore(workspace.raw)
    for seed in range(6):
        writer = start(WRITE, workspace.raw, seed)
        for _ in range(rng.randint(1, 12)):
            line_of(writer)
        writer.kill()
        writer.communicate()
    recorded = list(journal_of(workspace))
    assert len(recorded) >= 6
    assert {record.raw_hash for record in recorded} <= set(store)
    for name in store:
        store.get(name)
    clear_leftovers(workspace)
    assert [path.name for path in workspace.raw.rglob(".*")] == []
