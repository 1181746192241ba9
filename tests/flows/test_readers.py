"""Analysts read in processes of their own while real runs bring in new, edited and recoded articles."""

import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.flows.watch import DAY_ONE, Life, gold
from tests.warehouse.processes import end, start
from tests.web.site import Entry, Site

PAGES = 4

# Opens the snapshot again and again until it holds as many articles as it is told, and asks what analysts ask.
READER = """
import sys, time
from pathlib import Path
from warehouse.database import open_snapshot
from warehouse.publish import fingerprint
from warehouse.workspace import Workspace
workspace, last = Workspace(Path(sys.argv[1])), int(sys.argv[2])
seen, asked, took = (0, 0, 0, 0), 0, 0.0
while seen[1] < last:
    time.sleep(max(0.5, 3 * took))  # two that never rest would leave no processor to the runs
    if not workspace.published.exists():
        continue
    began = time.monotonic()
    with open_snapshot(workspace) as connection:
        recorded = connection.execute("SELECT * FROM snapshot_tables ORDER BY table_name").fetchall()
        actual = [(t.table_name, t.row_count, t.fingerprint) for t in fingerprint(connection)]
        assert recorded == actual, "a mixture of snapshots"
        now = connection.execute(
            "SELECT (SELECT content_version FROM snapshot), (SELECT count(*) FROM articles), "
            "(SELECT count(*) FROM article_versions), (SELECT count(*) FROM article_addresses)"
        ).fetchone()
        assert all(new >= old for new, old in zip(now, seen)), f"saw less: {now} after {seen}"
        evidence = connection.execute("SELECT count(DISTINCT article_id) FROM v_evidence").fetchone()[0]
        assert evidence == now[1], "an article without its findings"
        connection.execute("FROM v_theme_trend").fetchall()
        connection.execute("FROM search('private company')").fetchall()
        seen, asked, took = now, asked + 1, time.monotonic() - began
print(asked, seen[0])
"""


def seed(life: Life, number: int, amount: int) -> None:
    """Write a seed article of the day, or edit it."""
    (life.seeds / f"{number}.txt").write_text(
        f"Title: Beds and prices, {number}\n\nThe NHS paid a private company £{amount}m for {number + 20} beds.\n\n"
        f"Trust between hospital {number} and its partner is thin, the board of that hospital said.\n",
        "utf-8",
    )


@pytest.fixture(params=[6, pytest.param(20, marks=pytest.mark.soak)])
def runs(request: pytest.FixtureRequest) -> int:
    """How many runs there are."""
    return int(request.param)


@pytest.fixture
def readers(tmp_path: Path, runs: int) -> Iterator[list[subprocess.Popen[str]]]:
    """Two readers of the warehouse in `tmp_path/data`, who stay until it holds what all runs bring."""
    started = [start(READER, tmp_path / "data", runs + PAGES) for _ in range(2)]
    yield started
    for reader in started:
        end(reader)


def test_readers_see_whole_snapshots_that_never_shrink(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    readers: list[subprocess.Popen[str]],
    runs: int,
) -> None:
    with Site() as site:
        host = site.host("127.0.0.11")
        monkeypatch.setenv("COMMENTARY_ALLOW_HOSTS", str(list(site.allow)).replace("'", '"'))
        life = Life(tmp_path, monkeypatch)
        life.watch(
            f'id = "feed"\nname = "Feed"\naddress = "{host.url("/feed/")}"\nkind = "feed"\nsector = "think tank"'
        )
        for day in range(runs):
            seed(life, day, day + 2)
            if day:
                seed(life, day - 1, day + 200)
            if day < PAGES:
                title, paragraphs = gold(f"{day + 1:02}")
                host.article(f"/{day + 1:02}", title, paragraphs)
                host.rss("/feed/", [Entry(f"/{number + 1:02}") for number in range(day + 1)])
            report = life.day(DAY_ONE + timedelta(days=day), watch_sources=day < PAGES)
            assert report.counts.failed == 0
            assert report.republished
        assert (report.counts.ingested, report.counts.updated) == (1, 1)
        for reader in readers:
            output, error = reader.communicate(timeout=600)
            assert reader.returncode == 0, error
            asked, version = map(int, output.split())
            assert version == runs
            assert asked > 2
