"""`commentary add` through the real command: folders of documents, archives of the web, addresses of a served site."""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.conftest import Command
from tests.flows.archives import OTHERS, objects_of, similar_addresses, varied, write_docx, write_warc
from tests.flows.mortal import Begetter, Surrounded
from tests.flows.watch import gold
from tests.web import formats
from tests.web.site import Site

PLAIN = "The minister opened a bridge on Monday. It is the third bridge over the river, and it is blue."


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """A folder as people keep one: documents of every kind in subfolders, beside what is none."""
    folder = tmp_path / "papers"
    (folder / "2020" / "board").mkdir(parents=True)
    title, paragraphs = gold("01")
    write_docx(folder / "first.docx", title, paragraphs)
    title, paragraphs = gold("02")
    (folder / "2020" / "second.md").write_text(f"# {title}\n\nBy Ada Low\n\n" + "\n\n".join(paragraphs), "utf-8")
    title, paragraphs = gold("03")
    saved = formats.article(title, paragraphs, canonical="https://www.example.org/insights/a-page-that-was-saved")
    (folder / "2020" / "board" / "third.html").write_text(saved, "utf-8")
    (folder / "2020" / "board" / "fourth.txt").write_text(
        f"Title: Fourth\nSource: a friend\nPublished: 2020-01-02\n\n{PLAIN}\n", "utf-8"
    )
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    (folder / "empty.txt").write_text("")
    (folder / ".hidden.txt").write_text(PLAIN)
    (folder / "broken.docx").write_bytes(b"PK\x03\x04 nothing of the kind")
    os.mkfifo(folder / "pipe.txt")
    (folder / "nowhere.txt").symlink_to(tmp_path / "gone")
    return folder


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(folder / "data" / "commentary.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_a_folder_is_added_as_a_set_of_its_own_with_what_was_skipped(
    commentary: Command, papers: Path, tmp_path: Path
) -> None:
    done = commentary("add", papers, "--set", "Board papers", "--sector", "NHS body")
    assert done.returncode == 0, done.stderr
    found = rows(tmp_path, "SELECT url, title, source_id FROM articles ORDER BY title")
    assert {str(title) for _, title, _ in found} == {gold("01")[0], gold("02")[0], gold("03")[0], "Fourth"}
    assert {name for _, _, name in found} == {"board-papers"}
    assert ("https://www.example.org/insights/a-page-that-was-saved",) in rows(tmp_path, "SELECT url FROM articles")
    assert rows(tmp_path, "SELECT name, kind, sector FROM sources WHERE source_id = 'board-papers'") == [
        ("Board papers", "set", "NHS body")
    ]
    said = " ".join(done.stdout.split())
    assert "a kind of file that is not read (.jpg)" in said and "photo.jpg" in said
    assert "empty: " in said and "empty.txt" in said
    assert "broken.docx: no Word document can be read from it" in said
    assert "header line 'Source: a friend' is not known" in said
    assert ".hidden" not in said
    assert "no file but a pipe" in said and "cannot be read (No such file or directory)" in said
    text = rows(tmp_path, "SELECT p.text FROM paragraphs AS p JOIN articles USING (article_id) WHERE title = 'Fourth'")
    assert text == [(PLAIN,)]  # trusted, though it is not similar; and no line of its header is text
    assert rows(tmp_path, "SELECT authors FROM articles WHERE title LIKE '%' AND url LIKE '%second.md'") == [
        (["Ada Low"],)
    ]


def test_the_same_again_adds_nothing_and_an_edit_is_a_new_version(
    commentary: Command, papers: Path, tmp_path: Path
) -> None:
    commentary("add", papers, "--set", "Board papers", "--sector", "NHS body")
    before = rows(tmp_path, "SELECT * FROM articles ORDER BY ALL")
    again = commentary("add", papers, "--set", "Board papers")
    assert again.returncode == 0 and "0 new, 4 unchanged" in again.stdout
    assert rows(tmp_path, "SELECT * FROM articles ORDER BY ALL") == before
    assert rows(tmp_path, "SELECT sector FROM sources WHERE source_id = 'board-papers'") == [("NHS body",)]
    listed = " ".join(commentary("sources", COLUMNS="300").stdout.split())
    assert "Board papers" in listed and "added by hand" in listed and "4 articles" in listed
    fourth = papers / "2020" / "board" / "fourth.txt"
    [(article,)] = rows(tmp_path, "SELECT article_id FROM articles WHERE title = 'Fourth'")
    assert commentary("notes", "comment", f"{article}-p1", "Which river?").returncode == 0
    text = fourth.read_text("utf-8").replace("it is blue", "it is green")
    fourth.write_text(f"{text}\nIt cost £5m, which the NHS paid.\n", "utf-8")
    updated = commentary("add", fourth, "--set", "Board papers").stdout
    assert "0 new, 1 updated" in updated and "1 of the analyst's notes no longer fit the text" in updated
    (tmp_path / "data" / "notes.toml").write_text("[[note]]\nkind = 1\n", "utf-8")  # no run fails for it
    assert rows(tmp_path, "SELECT version FROM articles WHERE title = 'Fourth'") == [(2,)]
    again = commentary("ingest", "--no-sources")
    assert again.returncode == 0 and "the analyst's notes cannot be applied" in again.stdout
    # Neither does it switch the set off.
    assert rows(tmp_path, "SELECT enabled FROM sources WHERE source_id = 'board-papers'") == [(True,)]
    withdrawn = commentary("reject", fourth.as_uri())
    assert "is withdrawn" in withdrawn.stdout
    assert rows(tmp_path, "SELECT count(*) FROM articles WHERE title = 'Fourth'") == [(0,)]


def test_what_cannot_be_used_is_told_before_anything_is_added(commentary: Command, papers: Path) -> None:
    for what, told in (("nowhere", "'nowhere' is no file, no folder"), ("http://", "cannot be asked for")):
        refused = commentary("add", papers, what)
        assert refused.returncode == 1
        assert told in refused.stderr and "way out: " in refused.stderr
    refused = commentary("add", papers, "--set", "Kings Fund")
    commentary("ingest", "--no-sources")
    refused = commentary("add", papers, "--set", "Kings Fund")
    assert refused.returncode == 1 and "is the name of a watched source" in refused.stderr


def test_pages_of_an_archive_are_judged_and_accepted_or_rejected_like_any(commentary: Command, tmp_path: Path) -> None:
    write_warc(tmp_path / "old.warc.gz", 10)
    done = commentary("add", tmp_path / "old.warc.gz", "--set", "Old web")
    assert done.returncode == 0, done.stderr
    found = rows(tmp_path, "SELECT url, fetched_at::DATE::VARCHAR FROM articles")
    assert {str(url) for url, _ in found} == similar_addresses(10)
    assert {day for _, day in found} == {"2021-05-04"}  # when it was captured
    assert rows(tmp_path, "SELECT status, count(*) FROM candidates GROUP BY ALL ORDER BY ALL") == [
        ("ingested", 4),
        ("not_similar", 6),
    ]
    for reason in ("status 404", "no page: image/png", "for machines"):
        assert f"1 skipped: {reason}" in done.stdout
    [(other,)] = rows(tmp_path, "SELECT min(url) FROM candidates WHERE status = 'not_similar'")
    assert "Its bytes are kept" in commentary("accept", str(other)).stdout
    assert "1 new" in commentary("add", tmp_path / "old.warc.gz", "--set", "Old web").stdout


def test_a_broken_archive_gives_what_stands_before_the_break(commentary: Command, tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole.warc.gz", tmp_path / "broken.warc.gz"
    write_warc(whole, 5)
    broken.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    done = commentary("add", broken)
    assert done.returncode == 0, done.stderr
    assert "is broken" in " ".join(done.stdout.split())
    assert 0 < rows(tmp_path, "SELECT count(*) FROM candidates")[0][0] < 5  # type: ignore[operator]


def test_single_addresses_are_fetched_politely_and_trusted(commentary: Command, tmp_path: Path) -> None:
    with Site() as web:
        host = web.host("127.0.0.81")
        host.robots("User-agent: *\nDisallow: /private/\n")
        title, paragraphs = gold(OTHERS[0], "negatives")
        host.article("/about/a-bridge-that-is-blue", title, paragraphs)
        host.article("/private/page", "Not for you", [PLAIN])
        there = {"COMMENTARY_ALLOW_HOSTS": json.dumps(web.allow), "COMMENTARY_HOST_DELAY": "0"}
        pages = (host.url("/about/a-bridge-that-is-blue"), host.url("/private/page"))
        done = commentary("add", *pages, "--set", "By hand", **there)
        assert done.returncode == 0, done.stderr
        assert "forbids it" in " ".join(done.stdout.split())
        assert web.paths() == ["/robots.txt", "/about/a-bridge-that-is-blue"]
        assert rows(tmp_path, "SELECT title, source_id FROM articles") == [(title, "by-hand")]
        assert "1 unchanged" in commentary("add", pages[0], "--set", "By hand", **there).stdout
        assert web.count("/about/a-bridge-that-is-blue") == 1
        host.article("/about/another-bridge", *gold(OTHERS[1], "negatives"))
        listed = tmp_path / "a folder" / "to fetch.txt"
        listed.parent.mkdir()
        listed.write_text(
            f"\ufeff# what to fetch\r\n{pages[0]}\r\n\r\n{host.url('/about/another-bridge')}\r\n", "utf-8"
        )
        told = " ".join(commentary("add", listed.parent, "--set", "By hand", **there).stdout.split())
        assert "a list of addresses; name the file itself" in told
        assert web.count("/about/another-bridge") == 0
        done = commentary("add", listed.as_uri(), "--set", "By hand", **there)
        assert done.returncode == 0 and "1 new, 1 unchanged" in done.stdout, done.stderr


@pytest.fixture
def begets(begetter: Begetter, tmp_path: Path) -> Surrounded:
    return begetter.within(
        {
            "COMMENTARY_HOME": str(tmp_path / "data"),
            "COMMENTARY_PAGE": "false",
            "COMMENTARY_PROCESSES": "2",
            "COMMENTARY_BATCH_SIZE": "10",
        }
    )


def wait_for(reached: Callable[[], bool]) -> None:
    """Wait until something is so, for at most ten minutes."""
    until = time.monotonic() + 600
    while not reached():
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.mark.parametrize("pages", [40, pytest.param(2000, marks=pytest.mark.soak)])
def test_an_archive_killed_twice_gives_all_and_only_the_similar_pages(
    begets: Surrounded, tmp_path: Path, pages: int
) -> None:
    archive, home = tmp_path / "old.warc.gz", tmp_path / "data"
    write_warc(archive, pages)
    run = begets.begin("add", archive, "--set", "Old web")
    wait_for(lambda: sum(1 for _ in objects_of(home)) >= pages // 3)
    run.kill()
    journal = home / "work" / "raw" / "journal.jsonl"
    run = begets.begin("add", archive, "--set", "Old web")
    wait_for(lambda: journal.exists() and '"article_id"' in journal.read_text("utf-8"))
    run.kill()
    run = begets.begin("add", archive, "--set", "Old web")
    assert run.wait() == 0, run.told()[-2000:]
    expected = similar_addresses(pages)
    assert {str(url) for (url,) in rows(tmp_path, "SELECT url FROM articles")} == expected
    assert rows(tmp_path, "SELECT count(*), count(DISTINCT url) FROM fetches") == [(pages, pages)]
    assert rows(tmp_path, "SELECT count(*) FROM article_versions") == [(len(expected),)]
    assert rows(tmp_path, "SELECT count(*) FROM candidates WHERE status = 'not_similar'") == [(pages - len(expected),)]
    assert sum(varied(number)[0] for number in range(pages)) == len(expected)
