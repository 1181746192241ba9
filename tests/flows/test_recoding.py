"""reextract and rebuild on a real Prefect server: what is out of date is recoded, what is damaged is made anew."""

import shutil
from pathlib import Path

import duckdb

from tests.conftest import ROOT, Command

CODEBOOK = """
[[theme]]
theme_id = "parking"
label = "Car parks"
family = "delivery"
definition = "car parks and what they cost"
not_when = "capital projects"
"""
CUES = """
for_theme = "parking"

[[cue]]
name = "partner words"
weight = 3.0
patterns = ["partnership", "partnerships"]
"""


def one(home: Path, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(home / "commentary.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_another_codebook_recodes_what_is_stored(commentary: Command, tmp_path: Path) -> None:
    home = tmp_path / "data"
    seeds = tmp_path / "seeds"
    shutil.copytree(ROOT / "seeds" / "articles", seeds)
    assert commentary("ingest", "--no-sources", "--seeds", seeds).returncode == 0
    assert "a day to come" in commentary("reextract", "--since", "2999-01-01").stderr
    done = commentary("reextract")
    assert done.returncode == 0
    assert "0 new" in done.stdout
    assert "recoded" not in done.stdout
    versions = one(home, "SELECT article_id, version, content_hash FROM articles ORDER BY ALL")
    book = tmp_path / "book"
    book.mkdir()
    (book / "codebook.toml").write_text(CODEBOOK, "utf-8")
    (book / "parking.toml").write_text(CUES, "utf-8")
    shutil.rmtree(seeds)  # only the stored bytes are needed
    done = commentary("reextract", COMMENTARY_CODEBOOK=f'["{book}"]')
    assert "5 recoded" in done.stdout, done.stdout + done.stderr
    assert one(home, "SELECT count(*) > 5 FROM theme_mentions WHERE theme_id = 'parking'") == [(True,)]
    assert one(home, "SELECT label FROM themes WHERE theme_id = 'parking'") == [("Car parks",)]
    assert one(home, "SELECT article_id, version, content_hash FROM articles ORDER BY ALL") == versions


def test_signatures_of_an_older_format_are_computed_anew_and_find_the_same_copies(
    commentary: Command, tmp_path: Path
) -> None:
    home, seeds = tmp_path / "data", tmp_path / "seeds"
    shutil.copytree(ROOT / "seeds" / "articles", seeds)
    first = sorted(seeds.iterdir())[0]
    assert commentary("ingest", "--no-sources", "--seeds", seeds).returncode == 0
    database = home / "work" / "warehouse.duckdb"
    with duckdb.connect(str(database)) as connection:
        before = connection.execute("SELECT * FROM article_signatures ORDER BY ALL").fetchall()
        rows = [[b"\x00" + stored[1:257], name] for name, _, stored in before]
        connection.executemany("UPDATE article_signatures SET signature = ? WHERE article_id = ?", rows)
        connection.execute("DELETE FROM article_signatures WHERE article_id = ?", [rows[-1][1]])
    (seeds / "copy.txt").write_text(first.read_text("utf-8") + "\nShared with thanks to the author.\n", "utf-8")
    done = commentary("ingest", "--no-sources", "--seeds", seeds)
    assert done.returncode == 0, done.stderr
    assert "5 signatures of texts were computed anew" in done.stdout
    copies = "SELECT a.url, o.url FROM articles AS a JOIN articles AS o ON a.duplicate_of = o.article_id"
    assert one(home, copies) == [("seed:copy.txt", f"seed:{first.name}")]
    with duckdb.connect(str(database), read_only=True) as connection:
        assert set(before) < set(connection.execute("SELECT * FROM article_signatures").fetchall())


def test_an_error_in_a_users_codebook_names_the_place(commentary: Command, tmp_path: Path) -> None:
    book = tmp_path / "mine.toml"
    book.write_text(CODEBOOK.replace("definition", "defintion"), "utf-8")
    done = commentary("ingest", "--no-sources", COMMENTARY_CODEBOOK=f'["{book}"]')
    assert done.returncode == 1
    assert "mine.toml, theme 'parking'" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_damaged_database_is_told_and_made_anew(commentary: Command, tmp_path: Path) -> None:
    home = tmp_path / "data"
    assert commentary("ingest", "--no-sources").returncode == 0
    before = one(home, "SELECT * EXCLUDE (first_seen_at, fetched_at) FROM articles ORDER BY ALL")
    # Both files, so that all comes from the raw store; tests/warehouse has the case of a sound snapshot.
    for path in (home / "work" / "warehouse.duckdb", home / "commentary.duckdb"):
        path.write_bytes(b"\x00" * 4096 + path.read_bytes()[4096:])
    mended = commentary("ingest", "--no-sources")
    assert mended.returncode == 0, mended.stderr
    assert "the database was damaged" in mended.stdout
    assert "set aside" in mended.stdout
    assert one(home, "SELECT * EXCLUDE (first_seen_at, fetched_at) FROM articles ORDER BY ALL") == before
    rebuilt = commentary("rebuild")  # which nothing makes necessary
    assert rebuilt.returncode == 0, rebuilt.stderr
    assert one(home, "SELECT * EXCLUDE (first_seen_at, fetched_at) FROM articles ORDER BY ALL") == before
