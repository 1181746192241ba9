"""`commentary ingest` as the operator runs it: a process, a real Prefect server, a real database."""

import shutil
from pathlib import Path

import duckdb
import pytest

from tests.conftest import ROOT, Command, free_port

CONTENT = (
    "articles", "article_versions", "article_addresses", "paragraphs", "themes", "theme_mentions", "figures", "failures"
)  # fmt: skip


def rows(home: Path, *tables: str) -> dict[str, list[tuple[object, ...]]]:
    """All rows of the tables of the published snapshot, in one order."""
    with duckdb.connect(str(home / "commentary.duckdb"), read_only=True) as connection:
        return {table: connection.execute(f"SELECT * FROM {table} ORDER BY ALL").fetchall() for table in tables}


def query(home: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(home / "commentary.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """A copy of the seeds that a test may change."""
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    return tmp_path / "seeds"


def test_the_seeds_come_in_and_a_second_run_changes_nothing(
    commentary: Command, commentary_process: Command, tmp_path: Path
) -> None:
    first = commentary_process("ingest", "--no-sources")
    assert first.returncode == 0, first.stderr
    assert "5 new" in first.stdout
    assert str(tmp_path / "data" / "commentary.duckdb") in first.stdout
    before = rows(tmp_path / "data", *CONTENT, "snapshot")
    assert len(before["articles"]) == 5
    second = commentary("ingest", "--no-sources")
    assert second.returncode == 0
    assert "0 new, 5 unchanged" in second.stdout
    assert "nothing changed" in second.stdout
    assert rows(tmp_path / "data", *CONTENT, "snapshot") == before


def test_an_edited_article_is_a_new_version_and_one_that_went_away_stays(
    commentary: Command, seeds: Path, tmp_path: Path
) -> None:
    assert commentary("ingest", "--no-sources", "--seeds", seeds).returncode == 0
    before = rows(tmp_path / "data", "articles")["articles"]
    edited = seeds / "articles" / "004_ba3d99f5c7f2feb4.txt"
    edited.write_text(edited.read_text("utf-8").replace("£31 billion", "£32 billion"), "utf-8")
    (seeds / "articles" / "000_e99c0d0e79853d68.txt").unlink()
    done = commentary("ingest", "--no-sources", "--seeds", seeds)
    assert done.returncode == 0
    assert "0 new, 1 updated, 3 unchanged" in done.stdout
    assert "000_e99c0d0e79853d68.txt is in the manifest but not in" in done.stdout
    after = rows(tmp_path / "data", "articles")["articles"]
    assert [row[0] for row in after] == [row[0] for row in before]
    data = tmp_path / "data"
    assert query(data, "SELECT count(*) FROM figures WHERE surface = '£31 billion'") == [(0,)]
    assert query(data, "SELECT count(*) FROM figures WHERE surface = '£32 billion'") == [(1,)]
    assert query(data, "SELECT version, count(*) FROM article_versions GROUP BY ALL ORDER BY ALL") == [(1, 5), (2, 1)]
    changes = query(data, "SELECT kind, change, before, after FROM version_changes WHERE kind = 'figure'")
    assert any("31" in str(row[2]) and "32" in str(row[3]) for row in changes)


def test_bad_files_are_named_and_the_rest_goes_on(commentary: Command, seeds: Path, tmp_path: Path) -> None:
    articles = seeds / "articles"
    (articles / "empty.txt").write_bytes(b"")
    (articles / "binary.txt").write_bytes(bytes(range(256)) * 40)
    (articles / "huge.txt").write_bytes(b"word " * 10_000_000)
    (articles / "legacy.txt").write_bytes("Title: L\n\nThe trust paid £5m to a company.\n".encode("cp1252"))
    (articles / "broken.txt").write_bytes(b"Title: B\n\nThe trust paid \xff\xfe \xa35m.\n")
    with (seeds / "manifest.toml").open("a") as manifest:
        manifest.write('\n[[article]]\nfile = "legacy2.txt"\npublished = "soon"\n')
    done = commentary("ingest", "--no-sources", "--seeds", seeds)
    assert done.returncode == 0
    assert "7 new" in done.stdout
    for name in ("empty.txt is empty", "binary.txt: not a text", "huge.txt has 50 MB", "published: is 'soon'"):
        assert name in done.stdout
    assert query(
        tmp_path / "data", "SELECT surface FROM figures JOIN articles USING (article_id) WHERE title = 'L'"
    ) == [("£5m",)]
    listed = commentary("failures", COLUMNS="500")
    assert "empty.txt" in listed.stdout
    assert "binary.txt" in listed.stdout
    assert "Traceback" not in done.stderr


def test_a_missing_folder_is_an_error_with_a_way_out(commentary: Command, tmp_path: Path) -> None:
    done = commentary("ingest", "--no-sources", "--seeds", tmp_path / "nowhere")
    assert done.returncode == 1
    assert f"{tmp_path / 'nowhere'} does not exist; name another with --seeds DIR" in done.stdout
    assert "Traceback" not in done.stderr


def test_bad_arguments_exit_with_2(commentary: Command) -> None:
    assert commentary("ingest", "--limit", "many").returncode == 2
    assert commentary("nonsense").returncode == 2
    assert commentary("extract").returncode == 2


def test_a_contact_that_a_header_cannot_carry_is_refused_at_once(commentary: Command) -> None:
    done = commentary("ingest", "--no-sources", COMMENTARY_CONTACT="jörg@example.org")
    assert done.returncode == 1
    assert "contact" in done.stderr and "'ö'" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_broken_setting_is_named(commentary: Command, tmp_path: Path) -> None:
    (tmp_path / "commentary.toml").write_text('batch_size = "lots"\nhots_at_once = 3\n')
    done = commentary("ingest", "--no-sources")
    assert done.returncode == 1
    assert "batch_size" in done.stderr
    assert "hots_at_once" in done.stderr


def test_a_file_of_sources_with_a_fault_fails_the_run_and_names_the_line(commentary: Command, tmp_path: Path) -> None:
    sources = tmp_path / "mine.toml"
    sources.write_text('[[source]]\nid = "a"\nname = "A"\nsector = "press"\naddress = "nowhere"\n')
    done = commentary("ingest", "--sources", sources)
    assert done.returncode == 1
    assert f"{sources}, source 'a', address (line 5): cannot be asked for" in done.stdout
    assert query(tmp_path / "data", "SELECT count(*) FROM articles") == [(5,)], "the seeds are there all the same"
    assert query(tmp_path / "data", "SELECT state FROM runs") == [("failed",)]


def test_a_run_that_nobody_answers_ends_with_a_code_of_its_own(commentary: Command, tmp_path: Path) -> None:
    sources = tmp_path / "mine.toml"
    dead = f"http://127.0.0.1:{free_port()}/"
    sources.write_text(f'[[source]]\nid = "a"\nname = "A"\nsector = "press"\naddress = "{dead}"\n')
    done = commentary("ingest", "--sources", sources, COMMENTARY_ALLOW_HOSTS='["127.0.0.1"]')
    assert done.returncode == 3, done.stdout + done.stderr
    assert "nothing could be reached" in done.stdout
    assert commentary("status").returncode == 1
    assert commentary("ingest", "--limit", "-1").returncode == 2


def test_a_run_that_ends_in_an_error_is_not_running_for_ever(
    commentary: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import flows.life

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(flows.life, "store_themes", broken)
        assert commentary("ingest", "--no-sources").returncode == 1
    with duckdb.connect(str(tmp_path / "data" / "work" / "warehouse.duckdb"), read_only=True) as connection:
        assert connection.execute("SELECT state, finished_at IS NOT NULL FROM runs").fetchall() == [("failed", True)]
