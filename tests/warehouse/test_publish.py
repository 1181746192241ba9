"""Publishing: whole snapshots or none, only when something changed, whoever reads or kills meanwhile."""

import os
import random
import shutil
import stat
import time
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.builders import NOW, THEMES, coded, rich
from tests.warehouse.processes import end, line_of, start
from tests.warehouse.test_workspace import mounted
from warehouse import runs
from warehouse.articles import store_articles
from warehouse.codebook import store_themes
from warehouse.database import open_snapshot, open_warehouse
from warehouse.errors import BrokenInvariantError, DiskFullError, WarehouseError
from warehouse.publish import fingerprint, publish, run_checks
from warehouse.workspace import Workspace, exclusive


def _load(workspace: Workspace, *names: str, **fields: object) -> None:
    with open_warehouse(workspace) as connection:
        store_articles(connection, [coded(name, **fields) for name in names])  # type: ignore[arg-type]


def test_readers_see_what_was_published(workspace: Workspace) -> None:
    with open_warehouse(workspace) as connection:
        store_articles(connection, [rich()])
    published = publish(workspace, NOW)
    assert (published.path, published.content_version, published.changed) == (workspace.published, 1, True)
    with open_snapshot(workspace) as connection:
        assert connection.execute("SELECT count(*) FROM v_evidence").fetchone() == (4,)
        assert connection.execute(
            "SELECT content_version, published_at = ?::TIMESTAMPTZ FROM snapshot", [NOW]
        ).fetchone() == (
            1,
            True,
        )
        with pytest.raises(duckdb.InvalidInputException, match="read-only"):
            connection.execute("DELETE FROM articles")
    assert sorted(path.name for path in workspace.home.iterdir()) == ["commentary.duckdb", "work"]


def test_any_duckdb_reads_the_snapshot(workspace: Workspace) -> None:
    """Views name no catalog and need no extension: the file may be opened under another name, as analysts do."""
    with open_warehouse(workspace) as connection:
        store_articles(connection, [rich()])
    publish(workspace)
    elsewhere = workspace.home / "renamed by an analyst.db"
    shutil.copyfile(workspace.published, elsewhere)
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    with duckdb.connect(str(elsewhere), read_only=True, config=config) as connection:
        names = connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
        assert len(names) > 10
        for (name,) in names:
            connection.execute(f"SELECT * FROM {name}").fetchall()
        assert len(connection.execute("SELECT * FROM search('waiting')").fetchall()) == 1
        assert len(connection.execute("SELECT * FROM new_articles(DATE '2026-01-01')").fetchall()) == 1
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{elsewhere}' AS theirs (READ_ONLY)")
        assert connection.execute("SELECT count(*) FROM theirs.figures").fetchone() == (2,)


def test_the_published_file_is_read_only(workspace: Workspace) -> None:
    _load(workspace, "one")
    for _ in range(2):
        publish(workspace)
        assert stat.S_IMODE(workspace.published.stat().st_mode) == 0o444
        _load(workspace, "two")
    if os.geteuid():  # whom modes do not bind
        with pytest.raises(duckdb.IOException, match="Permission denied"):
            duckdb.connect(str(workspace.published))


def test_nothing_new_leaves_the_file_alone(workspace: Workspace) -> None:
    _load(workspace, "one")
    publish(workspace)
    before = (workspace.published.stat().st_ino, workspace.published.stat().st_mtime_ns)
    _load(workspace, "one")
    with open_warehouse(workspace) as connection:
        runs.start_run(connection, "r1", "ingest", NOW)
        runs.finish_run(connection, "r1", NOW, "completed", runs.RunCounts(unchanged=1))
    again = publish(workspace)
    assert (again.content_version, again.changed) == (1, False)
    assert (workspace.published.stat().st_ino, workspace.published.stat().st_mtime_ns) == before

    _load(workspace, "two")
    assert publish(workspace).content_version == 2
    with open_snapshot(workspace) as connection:
        assert [run.run_id for run in runs.stored_runs(connection)] == ["r1"], (
            "the next snapshot tells of the runs between"
        )


@pytest.mark.parametrize("state", ["missing", "damaged"])
def test_snapshot_that_was_lost_is_made_again(workspace: Workspace, state: str) -> None:
    _load(workspace, "one")
    publish(workspace)
    if state == "missing":
        workspace.published.unlink()
    else:
        workspace.published.unlink()
        workspace.published.write_bytes(b"not a database")
    again = publish(workspace)
    assert (again.content_version, again.changed) == (2, True)
    with open_snapshot(workspace) as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (1,)


def test_check_rows_tie_the_tables_together(workspace: Workspace) -> None:
    with open_warehouse(workspace) as connection:
        store_articles(connection, [rich(), coded("two")])
    publish(workspace)
    with open_snapshot(workspace) as connection:
        recorded = connection.execute("SELECT * FROM snapshot_tables ORDER BY table_name").fetchall()
        actual = [(table.table_name, table.row_count, table.fingerprint) for table in fingerprint(connection)]
        assert recorded == actual
        assert dict(row[:2] for row in recorded)["articles"] == 2


def test_full_disk_leaves_the_old_snapshot(tmp_path: Path, template: Path) -> None:
    with mounted(tmp_path / "small", "size=40m") as folder:
        workspace = Workspace(folder / "data")
        workspace.prepare()
        shutil.copyfile(template, workspace.database)
        _load(workspace, "one")
        publish(workspace)
        before = workspace.published.read_bytes()
        _load(workspace, "two")
        (folder / "ballast").write_bytes(
            b"x" * (shutil.disk_usage(folder).free - workspace.database.stat().st_size // 2)
        )
        with pytest.raises(DiskFullError, match="make room"):
            publish(workspace)
        assert workspace.published.read_bytes() == before
        assert list(folder.glob("data/.*")) == [], "no half copy is left"
        (folder / "ballast").unlink()
        assert publish(workspace).changed


def test_full_disk_while_loading_keeps_what_was_loaded(tmp_path: Path, template: Path) -> None:
    with mounted(tmp_path / "small", f"size={template.stat().st_size + 3_000_000}") as folder:
        workspace = Workspace(folder / "data")
        workspace.prepare()
        shutil.copyfile(template, workspace.database)
        _load(workspace, "one")
        rng = random.Random(3)
        huge = coded("two", *(" ".join(rng.randbytes(500).hex() for _ in range(40)) for _ in range(200)))
        with open_warehouse(workspace) as connection, pytest.raises(DiskFullError, match="nothing of this step"):
            store_articles(connection, [huge])
        with open_warehouse(workspace) as again:
            assert again.execute("SELECT url FROM articles").fetchall() == [(coded("one").url,)]
            assert run_checks(again) == ()


READER = """
import sys, time
from pathlib import Path
from warehouse.database import open_snapshot
from warehouse.publish import fingerprint
from warehouse.workspace import Workspace
workspace, last, seen, reopened = Workspace(Path(sys.argv[1])), int(sys.argv[2]), 0, 0
while seen < last:
    with open_snapshot(workspace) as connection:
        version = connection.execute("SELECT content_version FROM snapshot").fetchone()[0]
        assert version >= seen, f"went back from {seen} to {version}"
        recorded = connection.execute("SELECT * FROM snapshot_tables ORDER BY table_name").fetchall()
        actual = [(t.table_name, t.row_count, t.fingerprint) for t in fingerprint(connection)]
        assert recorded == actual, "a mixture of snapshots"
        articles, texts = connection.execute(
            "SELECT count(DISTINCT a.article_id), count(DISTINCT p.article_id) "
            "FROM articles AS a LEFT JOIN paragraphs AS p USING (article_id)"
        ).fetchone()
        assert articles == texts == version, (articles, texts, version)
        seen, reopened = version, reopened + 1
print(reopened, seen)
"""


@pytest.mark.soak  # tests/flows/test_readers.py has it with real runs; here as fast as publishing goes
def test_readers_always_see_one_whole_snapshot(workspace: Workspace) -> None:
    rounds = 40
    _load(workspace, "0")
    publish(workspace)
    readers = [start(READER, workspace.home, rounds + 1) for _ in range(2)]
    for number in range(1, rounds + 1):
        with exclusive(workspace):
            _load(workspace, str(number))
            assert publish(workspace).content_version == number + 1
    for reader in readers:
        output, error = reader.communicate(timeout=600)
        assert reader.returncode == 0, error
        reopened, seen = map(int, output.split())
        assert seen == rounds + 1
        assert reopened >= 1


STAYING_READER = """
import sys, time
from pathlib import Path
from warehouse.database import open_snapshot
from warehouse.workspace import Workspace
workspace = Workspace(Path(sys.argv[1]))
connection = open_snapshot(workspace)
print("open")
while not (workspace.home / "published").exists():
    time.sleep(0.05)
print(connection.execute("SELECT count(*) FROM articles").fetchone()[0])
"""


def test_reader_that_stays_does_not_hinder(workspace: Workspace) -> None:
    _load(workspace, "one")
    publish(workspace)
    reader = start(STAYING_READER, workspace.home)
    try:
        assert line_of(reader) == "open"
        _load(workspace, "two")
        assert publish(workspace).changed
        (workspace.home / "published").touch()
        assert line_of(reader) == "1", "it keeps the snapshot that it opened"
    finally:
        end(reader)


# Loads and publishes the same history of seven batches, from wherever an earlier run was killed.
RUN = """
import sys
from pathlib import Path
from tests.warehouse.test_publish import history
history(Path(sys.argv[1]))
"""


def history(home: Path) -> None:
    """Seven batches of new, edited and recoded articles, some published between."""
    workspace = Workspace(home)
    workspace.prepare()
    with exclusive(workspace, wait_seconds=30):
        with open_warehouse(workspace) as connection:
            store_themes(connection, THEMES)
        for day in range(7):
            with open_warehouse(workspace) as connection:
                texts = [f"On day {day} there were {day} patients waiting. " * 20] * 5
                batch = [
                    coded(f"new{day}", *texts, fetched_at=NOW + timedelta(days=day)),
                    rich(f"rich{day % 3}", extractor_version=str(day), fetched_at=NOW + timedelta(days=day)),
                ]
                store_articles(connection, batch)
            if day % 3 == 0:
                publish(workspace, NOW + timedelta(days=day))


def _content(path: Path) -> list[object]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return list(fingerprint(connection))


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[object], float]:
    """The content after a run that nobody disturbed, and the seconds that it takes as a process."""
    home = tmp_path_factory.mktemp("undisturbed")
    began = time.monotonic()
    process = start(RUN, home)
    _, error = process.communicate(timeout=600)
    assert process.returncode == 0, error
    return _content(Workspace(home).published), time.monotonic() - began


def _killed_and_completed(home: Path, seed: int, seconds: float, kills: int) -> None:
    rng = random.Random(seed)
    for _ in range(kills):
        process = start(RUN, home)
        time.sleep(rng.uniform(0.3, 1.0) * seconds)
        end(process)
        if Workspace(home).published.exists():
            with open_snapshot(Workspace(home)) as connection:
                recorded = connection.execute("SELECT * FROM snapshot_tables ORDER BY table_name").fetchall()
                actual = [(table.table_name, table.row_count, table.fingerprint) for table in fingerprint(connection)]
                assert recorded == actual
    process = start(RUN, home)
    _, error = process.communicate(timeout=600)
    assert process.returncode == 0, error


def test_killed_at_any_moment_the_next_run_ends_the_same(
    undisturbed: tuple[list[object], float], tmp_path: Path
) -> None:
    content, seconds = undisturbed
    _killed_and_completed(tmp_path, 5, seconds, kills=2)
    assert _content(Workspace(tmp_path).published) == content
    assert [path.name for path in tmp_path.glob(".*")] == []


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(12))
def test_killed_at_many_moments(undisturbed: tuple[list[object], float], tmp_path: Path, seed: int) -> None:
    content, seconds = undisturbed
    _killed_and_completed(tmp_path, 100 + seed, seconds, kills=8)
    assert _content(Workspace(tmp_path).published) == content


def test_publishing_into_a_folder_in_the_way_is_explained(workspace: Workspace) -> None:
    _load(workspace, "one")
    workspace.published.mkdir()
    with pytest.raises(WarehouseError):
        publish(workspace)
    assert list(workspace.home.glob(".*")) == []


def test_full_disk_while_indexing_is_told_and_made_good(tmp_path: Path, template: Path) -> None:
    with mounted(tmp_path / "small", f"size={template.stat().st_size + 8_000_000}") as folder:
        workspace = Workspace(folder / "data")
        workspace.prepare()
        shutil.copyfile(template, workspace.database)
        rng = random.Random(3)
        words = [rng.randbytes(4).hex() for _ in range(40_000)]
        _load(workspace, "one")
        with open_warehouse(workspace) as connection:
            store_articles(connection, [coded("two", *(" ".join(words[place::200]) for place in range(200)))])
        ballast = folder / "ballast"
        ballast.write_bytes(b"x" * max(shutil.disk_usage(folder).free - 300_000, 0))
        with pytest.raises(DiskFullError, match="make room"):
            publish(workspace)
        ballast.unlink()
        with open_warehouse(workspace) as connection:
            assert connection.execute("SELECT count(*) FROM articles").fetchone() == (2,)
            assert run_checks(connection) == ()


def _break(workspace: Workspace, statement: str) -> frozenset[str]:
    with open_warehouse(workspace) as connection:
        connection.execute(statement)
        failures = run_checks(connection)
    assert failures and all(failure.by_article for failure in failures)
    return frozenset(article_id for failure in failures for article_id in failure.article_ids)


def test_of_a_broken_article_the_last_rows_that_hold_are_published(workspace: Workspace) -> None:
    _load(workspace, "one")
    with open_warehouse(workspace) as connection:
        store_articles(connection, [rich("two")])
    publish(workspace, NOW)
    query = "SELECT surface, char_start FROM figures WHERE article_id = ? ORDER BY ALL"
    two = rich("two").article_id
    with open_snapshot(workspace) as connection:
        before = connection.execute(query, [two]).fetchall()
    _load(workspace, "three", duplicate_of=two)
    broken = _break(workspace, "UPDATE figures SET char_start = char_start + 1")
    assert broken == {two}

    publication = publish(workspace, NOW + timedelta(days=1), quarantined=broken)
    with open_snapshot(workspace) as connection:
        assert run_checks(connection) == ()
        assert connection.execute(query, [two]).fetchall() == before
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (3,), "what is whole is published"
        assert connection.execute("SELECT content_version FROM snapshot").fetchone() == (publication.content_version,)
        recorded = connection.execute("SELECT * FROM snapshot_tables ORDER BY table_name").fetchall()
        assert recorded == [(t.table_name, t.row_count, t.fingerprint) for t in fingerprint(connection)]
        assert len(connection.execute("SELECT * FROM search('waiting')").fetchall()) == 2, "a copy is folded"
    assert list(workspace.home.glob(".*")) == []
    bytes_before = workspace.published.read_bytes()
    again = publish(workspace, NOW + timedelta(days=2), quarantined=broken)
    assert (again.changed, again.content_version) == (False, publication.content_version)
    assert workspace.published.read_bytes() == bytes_before


def test_a_broken_article_that_never_was_published_is_left_out(workspace: Workspace) -> None:
    _load(workspace, "one")
    publish(workspace, NOW)
    with open_warehouse(workspace) as connection:
        store_articles(connection, [rich("two"), coded("three", duplicate_of=rich("two").article_id)])
    broken = _break(workspace, "INSERT INTO paragraphs SELECT * FROM paragraphs WHERE paragraph_no = 2")
    publish(workspace, NOW + timedelta(days=1), quarantined=broken)
    with open_snapshot(workspace) as connection:
        assert run_checks(connection) == ()
        assert connection.execute("SELECT url, duplicate_of FROM articles ORDER BY ALL").fetchall() == [
            (coded("one").url, None), (coded("three").url, None)
        ]  # fmt: skip
    assert not publish(workspace, NOW + timedelta(days=2), quarantined=broken).changed


def test_what_no_article_broke_keeps_the_snapshot_back(workspace: Workspace) -> None:
    _load(workspace, "one")
    publish(workspace, NOW)
    before = workspace.published.read_bytes()
    with open_warehouse(workspace) as connection:
        connection.execute("INSERT INTO readings SELECT 'https://x.example', 'r', now() FROM range(2)")
    with pytest.raises(BrokenInvariantError, match="unique_keys"):
        publish(workspace, NOW + timedelta(days=1), quarantined=["0"])
    assert workspace.published.read_bytes() == before
    assert list(workspace.home.glob(".*")) == []
