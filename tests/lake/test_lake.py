"""A warehouse in a lake: as the file's, kept whole by several writers at once, published by the number of a state."""

import json
import re
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from random import Random

import duckdb
import pytest
from duckdb import DuckDBPyConnection

from extractors.themes import read_codebook
from flows.steps.coding import code
from flows.steps.seeds import find_seeds
from tests.bench.articles import text
from tests.lake.conftest import PostgreSQL
from tests.lake.lakes import LOADER, LakeTemplate, files_of
from tests.warehouse.builders import THEMES, coded, rich
from tests.warehouse.cookbook import COOKBOOK, recipes, seed_warehouse
from tests.warehouse.processes import end, line_of, start
from warehouse.articles import store_articles
from warehouse.codebook import store_themes
from warehouse.coded import CodedArticle
from warehouse.database import (
    TRIES,
    open_for_a_look,
    open_snapshot,
    open_warehouse,
    refuse_another,
    transaction,
    whole_transaction,
)
from warehouse.dictionary import stored_relations
from warehouse.errors import BrokenInvariantError, ConflictError, LockedError, WarehouseError
from warehouse.lake import keep_up, migrate_to
from warehouse.publish import fingerprint, publish, published_snapshot, run_checks
from warehouse.raw_store import RawStore
from warehouse.search import search
from warehouse.target import PREFIX, WRITERS, Lake, catalog_lock, connect_lake, lake_at
from warehouse.workspace import Workspace

NOW = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
LATER = timedelta(days=1000)


@pytest.fixture(scope="session")
def lake_template(postgresql: PostgreSQL, tmp_path_factory: pytest.TempPathFactory) -> LakeTemplate:
    """An empty lake to copy."""
    pytest.importorskip("duckdb_extension_ducklake", reason="run `make scaling`")
    return LakeTemplate.made(postgresql, tmp_path_factory.mktemp("lake"))


@pytest.fixture
def workspace(lake_template: LakeTemplate, tmp_path: Path) -> Workspace:
    """An empty lake that knows three themes."""
    return lake_template.copy(tmp_path / "data")


@pytest.fixture
def connection(workspace: Workspace) -> Iterator[DuckDBPyConnection]:
    """Its open writer."""
    with closing(open_warehouse(workspace)) as opened:
        yield opened


@pytest.fixture
def file(tmp_path: Path) -> Workspace:
    """An empty warehouse in a file."""
    made = Workspace(tmp_path / "file")
    made.prepare()
    with open_warehouse(made) as opened:
        store_themes(opened, THEMES)
    return made


def lake_of(workspace: Workspace) -> Lake:
    assert workspace.lake is not None
    return workspace.lake


def loader(workspace: Workspace, first: int, last: int, *, batch: int, rounds: int = 1) -> subprocess.Popen[str]:
    """A process that loads as soon as it has the lake open."""
    lake = lake_of(workspace)
    home = workspace.home.with_name(f"loader-{first}-{time.monotonic_ns()}")
    return start(LOADER, lake, lake.data_path, home, first, last, batch, rounds)


def outcomes(process: subprocess.Popen[str]) -> list[dict[str, int]]:
    """What a loader tells when it has ended."""
    told, error = process.communicate()
    assert process.returncode == 0, error
    return [json.loads(line) for line in told.splitlines()]


def test_it_has_the_tables_views_and_comments_of_a_file(connection: DuckDBPyConnection, file: Workspace) -> None:
    with open_warehouse(file) as other:
        assert stored_relations(connection) == stored_relations(other)
    assert connection.execute("SELECT count(*) > 200 FROM view_comments").fetchone() == (True,)


def test_what_is_loaded_and_asked_is_what_a_file_holds(
    connection: DuckDBPyConnection, workspace: Workspace, file: Workspace
) -> None:
    articles = [rich(), coded("two"), rich("three", relevance=0.4)]
    with open_warehouse(file) as other:
        for one in (connection, other):
            assert {loaded.outcome for loaded in store_articles(one, articles)} == {"new"}
            assert {loaded.outcome for loaded in store_articles(one, articles)} == {"unchanged"}
            edited = coded("two", "Waiting lists fell.", raw_hash="other")
            assert [(loaded.outcome, loaded.version) for loaded in store_articles(one, [edited])] == [("updated", 2)]
        assert _tables(connection) == _tables(other)
    publish(workspace, NOW)
    publish(file, NOW)
    with open_snapshot(workspace) as here, open_snapshot(file) as there:
        assert search(here, "waiting lists") == search(there, "waiting lists") != ()


def _tables(connection: DuckDBPyConnection) -> dict[str, tuple[int, str]]:
    return {one.table_name: (one.row_count, one.fingerprint) for one in fingerprint(connection)}


def _answers(connection: DuckDBPyConnection) -> dict[str, object]:
    """What each view and each question of the cookbook answers, but which state it is."""
    views = connection.execute(
        "SELECT view_name FROM duckdb_views() WHERE view_name LIKE 'v\\_%' ESCAPE '\\'"
    ).fetchall()
    asked = {name: f"FROM {name}" for (name,) in views}
    asked |= {
        one.question: one.query for one in recipes(COOKBOOK.read_text("utf-8")) if "FROM snapshot" not in one.query
    }
    assert len(asked) > 50
    return {name: sorted(map(repr, connection.execute(query).fetchall())) for name, query in asked.items()}


@pytest.mark.soak
def test_two_thousand_articles_are_the_same_in_both(workspace: Workspace, tmp_path: Path) -> None:
    file = Workspace(tmp_path / "file")
    file.prepare()
    articles = made_up(tmp_path / "texts", RawStore(file.raw), 2_000)
    for target in (workspace, file):
        with open_warehouse(target) as connection:
            store_themes(connection, read_codebook().themes)
            for begins in range(0, len(articles), 500):
                store_articles(connection, articles[begins : begins + 500])
        publish(target, NOW)
    with open_snapshot(workspace) as here, open_snapshot(file) as there:
        assert here.execute("SELECT count(*) FROM articles").fetchone() == (2_000,)
        assert _tables(here) == _tables(there)
        assert _answers(here) == _answers(there)


def made_up(folder: Path, store: RawStore, number: int) -> list[CodedArticle]:
    """Made-up articles, read and coded."""
    rng, codebook = Random(number), read_codebook()
    folder.mkdir()
    for one in range(number):
        (folder / f"{one:05}.txt").write_text(text(rng, one), "utf-8")
    found = find_seeds(folder, store.put, NOW)
    outcomes = [code(material, store.get(material.raw_hash), codebook) for material in found.material]
    return [one for one in outcomes if isinstance(one, CodedArticle)]


def test_the_seeds_moved_to_it_answer_every_question_as_before(lake_template: LakeTemplate, tmp_path: Path) -> None:
    here = seed_warehouse(tmp_path / "data")
    lake = lake_of(lake_template.copy(tmp_path / "there"))
    migrate_to(here, lake, NOW)
    there = Workspace(here.home, lake)
    with open_snapshot(here) as file, open_snapshot(there) as moved:
        assert _tables(moved) == _tables(file)
        assert _answers(moved) == _answers(file)
        assert moved.execute("FROM lineage").fetchall() == file.execute("FROM lineage").fetchall()
    with pytest.raises(WarehouseError, match="holds a warehouse already"):
        migrate_to(here, lake, NOW)
    with pytest.raises(WarehouseError, match="is no warehouse in a file"):
        migrate_to(there, lake, NOW)


def test_the_same_articles_by_two_loaders_are_there_once(workspace: Workspace) -> None:
    several = [loader(workspace, 0, 200, batch=100) for _ in range(2)]
    told = [one for process in several for one in outcomes(process)]
    assert sum(one.get("new", 0) for one in told) == 200 == sum(one.get("unchanged", 0) for one in told)
    with open_for_a_look(workspace) as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (200,)
        assert run_checks(connection) == ()


@pytest.mark.soak
def test_other_articles_by_four_loaders_need_one_try_each(workspace: Workspace) -> None:
    several = [loader(workspace, first, first + 100, batch=50) for first in range(0, 400, 100)]
    told = [one for process in several for one in outcomes(process)]
    assert told == [{"new": 50, "tries": 1}] * 8
    with open_for_a_look(workspace) as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (400,)
        assert run_checks(connection) == ()


def test_a_batch_that_another_was_before_is_done_again_with_what_is_there_then(
    workspace: Workspace, connection: DuckDBPyConnection
) -> None:
    """Where the lock was lost: the row that each load changes refuses the second of two."""
    with closing(connect_lake(lake_of(workspace))) as other:
        seen = []

        def work() -> int:
            seen.append(connection.execute("SELECT count(*) FROM sources").fetchone())
            refuse_another(connection)
            if len(seen) < 3:  # another one comes first, without asking for the lock
                other.execute("BEGIN; UPDATE loads SET number = number + 1")
                other.execute("INSERT INTO sources (source_id, name, kind, enabled) VALUES ('x', 'x', 'seeds', true)")
                other.execute("COMMIT")
            return len(seen)

        assert whole_transaction(connection, work) == 3
        assert seen == [(0,), (1,), (2,)]

        def never_first() -> int:
            seen.clear()
            return work()

        with pytest.raises(ConflictError, match="was first"):
            whole_transaction(connection, never_first)
        assert connection.execute("SELECT count(*) FROM sources").fetchone() == (2 + TRIES,)


def test_writers_wait_for_each_other_and_say_so_where_it_takes_too_long(
    workspace: Workspace, connection: DuckDBPyConnection
) -> None:
    with (
        closing(connect_lake(lake_of(workspace))) as other,
        catalog_lock(other, WRITERS),
        pytest.raises(LockedError, match="another writer"),
        catalog_lock(connection, WRITERS, wait_seconds=0.2),
    ):
        pytest.fail("it was not held")
    with transaction(connection):
        connection.execute("UPDATE loads SET number = number")


def test_a_check_that_fails_leaves_readers_where_they_were(
    workspace: Workspace, connection: DuckDBPyConnection
) -> None:
    store_articles(connection, [rich(), coded("two")])
    assert publish(workspace, NOW).changed
    assert not publish(workspace, NOW).changed
    with open_snapshot(workspace) as reader:
        connection.execute("UPDATE figures SET char_start = char_start + 1")
        store_articles(connection, [coded("three")])
        with pytest.raises(BrokenInvariantError, match="figure_evidence"):
            publish(workspace, NOW)
        with open_snapshot(workspace) as later:
            for one in (reader, later):
                assert one.execute("SELECT count(*) FROM articles").fetchone() == (2,)
                assert run_checks(one) == ()
        store_articles(connection, [rich(relevance=0.3)])  # codes it anew
        assert publish(workspace, NOW).changed
        assert reader.execute("SELECT count(*) FROM articles").fetchone() == (2,)
    with open_snapshot(workspace) as latest:
        assert latest.execute("SELECT count(*) FROM articles").fetchone() == (3,)


def test_readers_may_neither_write_nor_reach_anything_else(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="nothing is published yet"):
        open_snapshot(workspace)
    publish(workspace, NOW)
    (tmp_path / "other.csv").write_text("a\n1\n")
    with open_snapshot(workspace) as reader:
        for forbidden in (
            "DELETE FROM articles",
            "DELETE FROM commentary_catalog.public.commentary_published",
            "CALL postgres_execute('commentary_catalog', 'DROP TABLE commentary_published')",
            f"FROM '{tmp_path / 'other.csv'}'",
            f"ATTACH '{lake_of(workspace).catalog}' AS other (TYPE postgres)",
            "SET enable_external_access = true",
        ):
            with pytest.raises(duckdb.Error):
                reader.execute(forbidden)


def test_an_analyst_attaches_it_under_any_name_at_what_is_published(
    workspace: Workspace, connection: DuckDBPyConnection
) -> None:
    store_articles(connection, [rich()])
    publish(workspace, NOW)
    store_articles(connection, [coded("two")])
    (number,) = connection.execute("SELECT max(snapshot_id) FROM commentary_catalog.commentary_published").fetchall()[0]
    with closing(connect_lake(lake_of(workspace), read_only=True)) as mine:
        mine.execute(f"ATTACH '{lake_of(workspace)}' AS ours (READ_ONLY, SNAPSHOT_VERSION {number})")
        mine.execute("USE ours")
        assert mine.execute("SELECT count(*) FROM v_new_articles").fetchone() == (1,)
        assert mine.execute("SELECT count(*) FROM search('waiting')").fetchone() == (1,)
        assert mine.execute("SELECT readable_number(1234.0)").fetchone() == ("1,234",)


def test_upkeep_merges_and_removes_what_nobody_needs(workspace: Workspace, connection: DuckDBPyConnection) -> None:
    lake = lake_of(workspace)
    for number in range(2):
        store_articles(connection, [rich(), coded(f"number-{number}", relevance=number / 10)])
        publish(workspace, NOW + timedelta(days=number))
    (Path(lake.data_path) / "main" / "stray.parquet").write_bytes(b"left by one that was killed")
    before, count = _answers(connection), len(files_of(lake))
    with open_snapshot(workspace) as reader:
        spared = keep_up(workspace, datetime.now(UTC))
        assert (spared.removed, spared.unknown) == (0, 0) and spared.merged > 10
        done = keep_up(workspace, datetime.now(UTC) + LATER, keep=LATER - timedelta(hours=1), spare=timedelta(0))
        assert done.expired > 0 and done.removed > 10 and done.unknown == 1
        assert len(files_of(lake)) < count
        assert _answers(connection) == before
        assert reader.execute("SELECT count(*) FROM articles").fetchone() == (3,)
    assert files_of(lake) == _known_files(connection)
    snapshot = published_snapshot(workspace)
    assert snapshot is not None and snapshot.content_version == 2


def _known_files(connection: DuckDBPyConnection) -> set[str]:
    """The data and delete files that the catalog knows."""
    query = "SELECT value FROM commentary_catalog.ducklake_metadata WHERE key = 'data_path'"
    path = connection.execute(query).fetchone()
    rows = connection.execute(
        "SELECT 'main/' || t.table_name || '/' || f.path FROM (SELECT table_id, path FROM "
        "commentary_catalog.ducklake_data_file UNION ALL SELECT table_id, path FROM "
        "commentary_catalog.ducklake_delete_file) AS f JOIN (SELECT DISTINCT table_id, table_name FROM "
        "commentary_catalog.ducklake_table) AS t USING (table_id)"
    ).fetchall()
    assert path is not None
    return {f"{path[0]}{name}" for (name,) in rows}


@pytest.mark.parametrize("kills", [3, pytest.param(20, marks=pytest.mark.soak)])
def test_hard_kills_of_a_loader_leave_whole_articles_and_no_file_for_good(workspace: Workspace, kills: int) -> None:
    rng = Random(kills)
    for number in range(kills):
        process = loader(workspace, number * 10, number * 10 + 30, batch=10, rounds=1000)
        assert line_of(process), process.communicate()[1]  # it has loaded a batch
        threading.Event().wait(rng.uniform(0, 1.5))  # it dies wherever it is then
        end(process)
    lake = lake_of(workspace)
    with open_warehouse(workspace) as connection:
        assert run_checks(connection) == ()
        assert connection.execute("SELECT count(*) > 0 FROM articles").fetchone() == (True,)
        publish(workspace, NOW)
        keep_up(workspace, datetime.now(UTC) + LATER, spare=timedelta(0))
        assert files_of(lake) == _known_files(connection)
        assert run_checks(connection) == ()


@pytest.mark.parametrize(
    ("seconds", "articles", "rounds"), [(0, 20, 2), pytest.param(60, 400, 1000, marks=pytest.mark.soak)]
)
def test_a_reader_beside_two_loaders_and_all_upkeep_sees_whole_states(
    workspace: Workspace, seconds: int, articles: int, rounds: int
) -> None:
    with open_warehouse(workspace) as connection:
        store_articles(connection, [rich(f"number-{number}") for number in range(articles)])
    publish(workspace, NOW)
    half = articles // 2
    loaders = [loader(workspace, first, first + half, batch=half // 2, rounds=rounds) for first in (0, half)]
    lines = [line_of(process) for process in loaders]  # both are at it
    over, troubles, published = threading.Event(), [], []

    def keep_house() -> None:
        try:
            while not over.is_set():
                published.append(publish(workspace).content_version)
                keep_up(workspace, datetime.now(UTC), keep=timedelta(seconds=30), spare=timedelta(seconds=15))
        except Exception as error:
            troubles.append(error)

    house = threading.Thread(target=keep_house)
    house.start()
    deadline, states = time.monotonic() + seconds, set()
    while time.monotonic() < deadline or len(published) < 2:
        with open_snapshot(workspace) as reader:
            told = reader.execute("SELECT table_name, row_count, fingerprint FROM snapshot_tables").fetchall()
            assert {row[0]: tuple(row[1:]) for row in told} == _tables(reader), "a state is torn"
            states.add(reader.execute("SELECT content_version FROM snapshot").fetchone())
        assert not troubles
        over.wait(0.1)
    over.set()
    house.join()
    for process in loaders:
        process.terminate()
        lines += process.communicate()[0].splitlines()
    tries = [json.loads(line)["tries"] for line in lines if line.endswith("}")]
    assert troubles == [] and tries and max(tries) <= 3 and states
    with open_for_a_look(workspace) as connection:
        assert run_checks(connection) == ()


def test_its_data_may_be_in_s3(postgresql: PostgreSQL, tmp_path: Path, s3: str) -> None:
    environment = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "geheim", "AWS_REGION": "eu-west-2"}
    environment["AWS_ENDPOINT_URL_S3"] = s3
    lake = lake_at(PREFIX + postgresql.database(), "s3://commentary/lake", environment)
    assert lake is not None and "geheim" not in repr(lake) + str(lake)
    workspace = Workspace(tmp_path / "data", lake)
    workspace.prepare()
    with open_warehouse(workspace) as connection:
        store_themes(connection, THEMES)
        store_articles(connection, [rich()])
    publish(workspace, NOW)
    with open_snapshot(workspace) as reader:
        assert len(search(reader, "waiting")) == 1
        assert "geheim" not in repr(reader.execute("FROM duckdb_secrets()").fetchall())


@pytest.mark.parametrize("words", ["password=geheim", "password='ge\\'heim'", "password = geheim"])
def test_a_password_is_never_shown(words: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    lake = lake_at(f"{PREFIX}dbname=x {words} host=127.0.0.1 port=1", str(tmp_path))
    assert lake is not None and lake.password is not None and "heim" in lake.password
    pytest.importorskip("duckdb_extension_ducklake", reason="run `make scaling`")
    with pytest.raises(WarehouseError, match="cannot be opened") as caught:
        open_warehouse(Workspace(tmp_path, lake))
    shown = [str(lake), repr(lake), str(caught.value), repr(caught.value.__cause__), repr(caught.value.__context__)]
    assert not any("heim" in one for one in (*shown, *capfd.readouterr()))


def test_a_password_reaches_the_server_and_nobody_else(workspace: Workspace) -> None:
    """The server of the tests asks for none, so that any will do."""
    lake = lake_of(workspace)
    known = lake_at(f"{lake} password=geheim", lake.data_path)
    assert known is not None and str(known) == str(lake)
    publish(Workspace(workspace.home, known), NOW)
    with open_snapshot(Workspace(workspace.home, known)) as reader:
        told = reader.execute("FROM duckdb_databases()").fetchall() + reader.execute("FROM duckdb_secrets()").fetchall()
        assert "geheim" not in repr(told)


@pytest.mark.parametrize(
    "words", ["postgres:dbname=x", "ducklake:sqlite:x", PREFIX, f"{PREFIX}postgresql://u:geheim@h/x"]
)
def test_what_is_no_lake_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match="or a lake") as caught:
        lake_at(words, "lake")
    assert "geheim" not in str(caught.value)


def test_packages_fit_the_duckdb_installed_or_both_versions_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("duckdb_extension_ducklake", reason="run `make scaling`")
    for name in ("ducklake", "postgres-scanner", "httpfs"):
        found = version(f"duckdb-extension-{name}")
        assert found == duckdb.__version__, f"duckdb-extension-{name} {found} is not for DuckDB {duckdb.__version__}"
    monkeypatch.setattr(duckdb, "__version__", "1.5.6")
    lake = lake_at(f"{PREFIX}dbname=x", "lake")
    assert lake is not None
    both = f"{found} is for DuckDB {found}, but DuckDB 1.5.6 is installed; `make scaling`"
    with pytest.raises(WarehouseError, match=re.escape(both)):
        connect_lake(lake)
