"""Sources that are switched off, broken, or work again, and failures that tell the truth: weeks on a loopback web."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from flows.cli import group
from flows.steps.troubles import changes, troubled
from tests.flows.watch import DAY_ONE, Life, serve_gold
from tests.web.site import Entry, Host, Site
from warehouse.sources import SourceSilence

DAY = timedelta(days=1)
WORKS = SourceSilence("one", "ok", "feed", True, DAY_ONE, DAY_ONE, None, None)
NEVER_WORKED = SourceSilence("one", "unreachable", "no connection", False, DAY_ONE, None, None, None)


def told(source: SourceSilence, days: int) -> list[str]:
    return [change.trouble for change in changes([source], DAY_ONE + days * DAY, 60)]


def test_a_source_that_never_worked_is_broken_in_time() -> None:
    assert told(NEVER_WORKED, 59) == []
    assert told(NEVER_WORKED, 60) == ["broken"]
    (change,) = troubled([NEVER_WORKED], DAY_ONE + 60 * DAY, 60)
    assert "never worked since it was first asked on 2026-03-02" in change.detail


def test_each_source_has_days_of_its_own() -> None:
    assert told(replace(WORKS, quiet_days=7), 6) == []
    assert told(replace(WORKS, quiet_days=7), 7) == ["quiet"]
    assert told(replace(WORKS, quiet_days=365), 364) == []
    assert told(replace(NEVER_WORKED, quiet_days=2), 2) == ["broken"]


def test_a_change_is_told_once_and_so_is_its_end() -> None:
    broken = replace(NEVER_WORKED, trouble="broken")
    assert told(broken, 90) == []
    assert [trouble.trouble for trouble in troubled([broken], DAY_ONE + 90 * DAY, 60)] == ["broken"], "it still is"
    assert told(replace(WORKS, trouble="broken"), 1) == ["works_again"]
    assert told(replace(WORKS, trouble="quiet"), 1) == ["works_again"]
    assert told(replace(WORKS, trouble="broken"), 60) == ["quiet"]
    assert told(replace(WORKS, trouble="quiet", status="unreachable", last_ok_at=DAY_ONE), 60) == ["broken"]
    assert told(replace(NEVER_WORKED, trouble="broken", last_ok_at=DAY_ONE), 1) == [], "asked again, not well yet"


@pytest.fixture
def web() -> Iterator[Site]:
    with Site() as site:
        for name in ("127.0.0.61", "127.0.0.62"):
            site.host(name)
        yield site


@pytest.fixture
def life(web: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Life:
    monkeypatch.setenv("COMMENTARY_ALLOW_HOSTS", str(list(web.allow)).replace("'", '"'))
    monkeypatch.setenv("COLUMNS", "300")
    return Life(tmp_path, monkeypatch)


def source(name: str, host: Host, more: str = "") -> str:
    feed = host.url("/feed/")
    return f'id = "{name}"\nname = "{name}"\naddress = "{feed}"\nkind = "feed"\nsector = "think tank"\n{more}'


def command(*arguments: str) -> str:
    from flows.settings import settings

    settings.cache_clear()
    done = CliRunner().invoke(group, list(arguments))
    assert done.exception is None, done.exception
    return done.output


def test_weeks_of_two_sources(web: Site, life: Life) -> None:
    well, broken = web.host("127.0.0.61"), web.host("127.0.0.62")
    stage(well)
    broken.error("/feed/", 500)
    life.watch(source("well", well), source("broken", broken, "quiet_days = 3"))
    assert life.day(DAY_ONE).troubled == ()
    failures_tell_the_truth(life, well)
    an_article_that_is_loaded_is_no_failure(web, life, well)
    a_change_is_told_once(life, broken)
    what_is_switched_off_rests(web, life, well, broken)


def stage(host: Host) -> None:
    serve_gold(host, "/one", "01")
    host.page("/wall", "<html><title>Log in</title><form><input type=password></form><p>Please log in.</p></html>")
    host.error("/late-but-the-same-article", 503)
    host.error("/" + "a-very-long-way-down/" * 10 + "broken", 500)
    paths = ("/one", "/wall", "/late-but-the-same-article", "/" + "a-very-long-way-down/" * 10 + "broken")
    host.rss("/feed/", [Entry(path) for path in paths])


def failures_tell_the_truth(life: Life, well: Host) -> None:
    listed = command("failures")
    for path in ("/wall", "/late-but-the-same-article", "/" + "a-very-long-way-down/" * 10 + "broken"):
        assert well.url(path).replace("http:", "https:") + "\n" in listed
    ((read_again,),) = life.rows("SELECT next_read_at FROM pages WHERE url LIKE '%/wall'")
    entry = listed.partition("/wall\n")[2].partition("\n")[0]
    assert entry.endswith(f"next try: {read_again:%Y-%m-%d %H:%M}")
    assert "next try: 2026-03-02 07:10" in listed


def an_article_that_is_loaded_is_no_failure(web: Site, life: Life, well: Host) -> None:
    serve_gold(well, "/b", "02", canonical=well.url("/late-but-the-same-article"))
    serve_gold(well, "/wall", "03")
    well.rss("/feed/", [Entry("/b")])
    web.forget()
    life.day(DAY_ONE + DAY)
    failing = {url for (url,) in life.rows("SELECT url FROM failures")}
    assert [url for url in failing if "broken" not in url] == []
    assert life.rows("SELECT status FROM candidates WHERE url LIKE '%late-but%'") == [("duplicate",)]
    web.forget()
    life.day(DAY_ONE + 2 * DAY)
    assert web.count("/late-but-the-same-article") == 0


def a_change_is_told_once(life: Life, broken: Host) -> None:
    told = [change for day in (4, 5) for change in life.day(DAY_ONE + day * DAY).troubled]
    assert [(change.source_id, change.trouble) for change in told] == [("broken", "broken")]
    serve_gold(broken, "/other", "04")
    broken.rss("/feed/", [Entry("/other"), Entry("/not-there")])
    told = [change for day in (12, 13) for change in life.day(DAY_ONE + day * DAY).troubled]
    assert [(change.source_id, change.trouble) for change in told] == [("broken", "works_again")]


def what_is_switched_off_rests(web: Site, life: Life, well: Host, broken: Host) -> None:
    life.watch(source("well", well, "enabled = false"))
    web.forget()
    life.day(DAY_ONE + 40 * DAY)
    assert web.requests == []
    listed = command("sources", "--sources", str(life.sources))
    assert "1 addresses to fetch and 3 pages to read again rest" in listed
    assert "left the file" in listed
    assert command("failures").count("rests, its source is switched off") == 2
    before = life.rows("SELECT * FROM articles ORDER BY ALL")
    assert "1 candidates" in command("sources", "--sources", str(life.sources), "purge", "well")
    assert "nothing rests" in command("sources", "--sources", str(life.sources))
    assert life.rows("SELECT count(*) FROM robots") == [(1,)]
    assert life.rows("SELECT * FROM articles ORDER BY ALL") == before
    assert well.name not in command("failures")
    life.watch(source("well", well))
    life.day(DAY_ONE + 41 * DAY)
    assert {request.host for request in web.requests} == {well.name}
