"""`commentary backfill` over served archives: behind pagination, by API, by sitemap, by month; killed, and bounded."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from tests.conftest import Command
from tests.flows.archives import archived_path, serve_archive, varied
from tests.flows.gate import Gate
from tests.flows.mortal import Begetter, Surrounded
from tests.web import formats
from tests.web.site import Entry, Host, Reply, Request, Site

BLOG, POSTS, MAPS, MONTHS = "127.0.0.91", "127.0.0.92", "127.0.0.93", "127.0.0.94"


@pytest.fixture
def web() -> Iterator[Site]:
    with Site() as site:
        for name in (BLOG, POSTS, MAPS, MONTHS):
            site.host(name)
        yield site


@pytest.fixture
def surroundings(web: Site, tmp_path: Path) -> dict[str, str]:
    """The environment of the commands: the archives are the sources, and nobody waits between requests."""
    kinds = {BLOG: "site", POSTS: "wordpress", MAPS: "site", MONTHS: "site"}
    tables = [
        f'[[source]]\nid = "s{name[-2:]}"\nname = "S{name[-2:]}"\nsector = "law firm"\nkind = "{kind}"\n'
        f'address = "{web.host(name).url("/")}"\n'
        for name, kind in kinds.items()
    ]
    (tmp_path / "sources.toml").write_text("".join(tables), "utf-8")
    return {
        "COMMENTARY_HOME": str(tmp_path / "data"),
        "COMMENTARY_SOURCES": str(tmp_path / "sources.toml"),
        "COMMENTARY_ALLOW_HOSTS": json.dumps(web.allow),
        "COMMENTARY_HOST_DELAY": "0",
        "COMMENTARY_PAGE": "false",
        "COMMENTARY_PROCESSES": "2",
    }


@pytest.fixture
def begets(begetter: Begetter, surroundings: dict[str, str]) -> Surrounded:
    return begetter.within(surroundings)


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(folder / "data" / "commentary.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def die_at(begets: Surrounded, gate: Gate, answer: int) -> None:
    """A backfill that is killed while it waits for this answer, counted from its first request."""
    gate.hold(answer)
    run = begets.begin("backfill", "s91")
    try:
        assert gate.reached.wait(timeout=900)
    finally:
        run.kill()
        gate.release()


@pytest.mark.parametrize("pages", [60, pytest.param(3000, marks=pytest.mark.soak)])
def test_an_archive_behind_pagination_killed_twice_gives_all_and_only_the_similar_articles(
    begets: Surrounded, web: Site, tmp_path: Path, pages: int
) -> None:
    gate, host, lists = Gate(), web.host(BLOG), pages // 10
    serve_archive(host, pages, gate)
    die_at(begets, gate, 8 + lists // 2)  # among the lists, after what looks for feeds
    die_at(begets, gate, lists + pages // 2)  # among the articles
    last = begets.begin("backfill", "s91")
    assert last.wait() == 0, last.told()[-3000:]
    expected = {host.url(archived_path(number)) for number in range(pages) if varied(number)[0]}
    assert {str(url) for (url,) in rows(tmp_path, "SELECT url FROM articles")} == expected
    assert rows(tmp_path, "SELECT count(*), count(DISTINCT url) FROM fetches WHERE purpose = 'article'") == [
        (pages, pages)
    ]
    assert rows(tmp_path, "SELECT count(*) FROM archive_pages WHERE read_at IS NULL") == [(0,)]
    asked = [path for path in web.paths(BLOG) if path.startswith("/blog/what")]
    assert len(asked) <= pages + 2 and set(asked) == {archived_path(number) for number in range(pages)}
    log = last.told()
    assert "pages to fetch, about" in log and "lists of the archive of s91 were read; 0 pages wait" in log


def article(host: Host, path: str, number: int) -> None:
    _, title, paragraphs = varied(number)
    host.page(path, formats.article(title, paragraphs))


def test_apis_sitemaps_and_months_are_followed_within_the_days_and_the_limit(
    commentary: Command, web: Site, surroundings: dict[str, str], tmp_path: Path
) -> None:
    _serve_posts(web.host(POSTS))
    assert commentary("backfill", "s92", "--limit", "2", **surroundings).returncode == 0
    assert rows(tmp_path, "SELECT count(*) FROM fetches WHERE purpose = 'article'") == [(2,)]
    done = commentary("backfill", "s92", "--since", "2019-01-01", **surroundings)
    assert done.returncode == 0, done.stderr
    asked = [path for path in web.paths(POSTS) if path.startswith("/wp-json/wp/v2/posts?")]
    assert any("after=2018-12-31" in path and "page=2" in path for path in asked)
    assert rows(tmp_path, "SELECT count(*) FROM fetches WHERE purpose = 'article'") == [(5,)]

    host = web.host(MAPS)
    host.page("/", "<html><body><p>Welcome to us.</p></body></html>")
    host.robots(f"Sitemap: {host.url('/map.xml')}\n")
    host.sitemap_index("/map.xml", {"/new.xml": "2023-05-01", "/old.xml": "2012-01-01"})
    new, old = datetime(2023, 4, 1, tzinfo=UTC), datetime(2011, 4, 1, tzinfo=UTC)
    host.sitemap("/new.xml", [Entry("/papers/what-was-said-of-beds-in-march", modified=new), Entry("/contact")])
    host.sitemap("/old.xml", [Entry("/papers/what-was-said-of-beds-long-ago", modified=old)])
    article(host, "/papers/what-was-said-of-beds-in-march", 0)
    article(host, "/papers/what-was-said-of-beds-long-ago", 1)
    assert commentary("backfill", "s93", "--since", "2020-01-01", **surroundings).returncode == 0
    assert [path for path in web.paths(MAPS) if path.startswith("/papers/")] == [
        "/papers/what-was-said-of-beds-in-march"
    ]

    host = web.host(MONTHS)
    months = "".join(f'<a href="/{year}/03/">March {year}</a>' for year in (2014, 2022))
    host.page("/", f'<html><body><p>Welcome.</p>{months}<a rel="next" href="/events/?month=1">Events</a></body></html>')

    def calendar(request: Request) -> Reply:
        month = int(request.path.rpartition("=")[2])
        body = f'<html><body><p>No events.</p><a rel="next" href="/events/?month={month + 1}">Next</a></body></html>'
        return Reply(body.encode(), headers={"Content-Type": "text/html"})

    host.answer("/events/", calendar)
    for year in (2014, 2022):
        path = f"/{year}/03/05/what-was-said-of-wards"
        host.page(f"/{year}/03/", f'<html><body><a href="{path}">What was said of wards</a></body></html>')
        article(host, path, 5 if year == 2022 else 6)
    assert commentary("backfill", "s94", "--until", "2015-12-31", **surroundings).returncode == 0
    assert web.count("/2022/03/", MONTHS) == 0 and web.count("/2022/03/05/what-was-said-of-wards", MONTHS) == 0
    assert web.count("/2014/03/05/what-was-said-of-wards", MONTHS) == 1
    assert sum(path.startswith("/events/") for path in web.paths(MONTHS)) == 3  # it goes on for ever

    refused = commentary("backfill", "nobody", **surroundings)
    assert refused.returncode == 1 and "there is no source 'nobody'" in refused.stderr
    refused = commentary("backfill", "s94", "--since", "2020-01-01", "--until", "2019-01-01", **surroundings)
    assert refused.returncode == 1 and "is after 'until'" in refused.stderr


def _serve_posts(host: Host) -> None:
    """A site of WordPress with five posts, two a page of its API, whatever page size is asked for."""
    link = host.wordpress([])
    host.page("/", f"<html><head>{link}</head><body><p>Welcome.</p></body></html>")
    entries = [
        Entry(f"/post-of-number-{n}-on-beds", f"Beds {n}", published=datetime(2021, n + 1, 2, tzinfo=UTC))
        for n in range(5)
    ]
    for number in range(5):
        article(host, f"/post-of-number-{number}-on-beds", number)

    def answer(request: Request) -> Reply:
        query = dict(pair.partition("=")[::2] for pair in request.path.partition("?")[2].split("&"))
        page = int(query.get("page", 1))
        chosen = entries[(page - 1) * 2 : page * 2]
        if not chosen:
            return Reply(b'{"code":"rest_post_invalid_page_number"}', 400, {"Content-Type": "application/json"})
        headers = {"Content-Type": "application/json", "X-WP-TotalPages": "3"}
        return Reply(formats.posts(host.root, chosen).encode(), headers=headers)

    host.answer("/wp-json/wp/v2/posts", answer)
