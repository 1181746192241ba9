"""Three days on a web that behaves as the real one does: busy, broken, lying, dripping, walled; counted on the wire."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.flows.watch import DAY_ONE, Life, gold, serve_gold
from tests.web import formats
from tests.web.site import Entry, Host, Reply, Site

DAY = timedelta(days=1)
HTML = {"Content-Type": "text/html; charset=utf-8"}
LYING = {**HTML, "ETag": '"for ever the same"'}
WALL = """<html><title>We value your privacy</title><div><p>We and our partners store and/or access information on a
device.</p><button>Accept all cookies</button><button>Reject all</button></div></html>"""
SOFT_404 = "<html><title>Page not found</title><h1>Page not found</h1><p>The page you requested was moved.</p></html>"


@pytest.fixture
def web() -> Iterator[Site]:
    with Site() as site:
        for number in range(31, 39):
            site.host(f"127.0.0.{number}")
        yield site


@pytest.fixture
def life(web: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Life:
    monkeypatch.setenv("COMMENTARY_ALLOW_HOSTS", json.dumps(web.allow))
    # Little patience, so that what drips and what has no end is left soon.
    monkeypatch.setenv("COMMENTARY_FETCH_SECONDS", "1.5")
    monkeypatch.setenv("COMMENTARY_PAGE_MEGABYTES", "1")
    return Life(tmp_path, monkeypatch)


def page_of(name: str, *changes: tuple[str, str]) -> bytes:
    """An article of the gold as a page's bytes, with changes."""
    title, paragraphs = gold(name)
    body = formats.article(title, paragraphs)
    for old, new in changes:
        body = body.replace(old, new)
    return body.encode()


def stage(web: Site, life: Life) -> None:
    """An old RDF feed of oddities, a WordPress site that lies, one that is busy, one that is ill, and four traps."""
    old, lying, busy, ill, drip, endless, bomb, walls = (web.host(f"127.0.0.{number}") for number in range(31, 39))
    stage_oddities(old)
    api = lying.wordpress([Entry("/2019/lying"), Entry("/2020/steady")])
    lying.page("/", f"<html><head>{api}</head><p>Welcome</p></html>")
    lying.reply("/2019/lying", Reply(page_of("08"), headers=LYING))
    serve_gold(lying, "/2020/steady", "09")
    two_days = {"Content-Type": "text/html", "Retry-After": str(2 * 86400)}
    busy.reply("/post", Reply(b"Slow down", 429, two_days), Reply(page_of("10"), headers=HTML))
    fault = Reply(b"Down", 503, {"Content-Type": "text/html"})
    ill.reply("/post", fault, fault, Reply(page_of("11"), headers=HTML))
    drip.drip("/post")
    endless.endless("/post")
    bomb.bomb("/post", megabytes=20)
    walls.page("/soft-404", SOFT_404)
    walls.page("/cookies", WALL)
    for host in (busy, ill, drip, endless, bomb):
        host.rss("/feed/", [Entry("/post")])
    walls.rss("/feed/", [Entry("/soft-404"), Entry("/cookies")])
    kinds = {old: "/feed.rdf", lying: "/"}
    life.watch(
        *(
            f'id = "source-{host.name[-2:]}"\nname = "{host.name}"\naddress = "{host.url(kinds.get(host, "/feed/"))}"\n'
            f'kind = "{"site" if host is lying else "feed"}"\nsector = "think tank"'
            for host in (old, lying, busy, ill, drip, endless, bomb, walls)
        )
    )


def stage_oddities(host: Host) -> None:
    """Pages that moved, that are in another encoding than they say, and that are called plain text."""
    host.redirect("/moved", "/moved/twice", 302)
    host.redirect("/moved/twice", "/here")
    serve_gold(host, "/here", "04")
    title, paragraphs = gold("05")
    western = formats.article(title, paragraphs).replace('<meta charset="utf-8">', "").encode("cp1252")
    host.page("/western", western, "text/html; charset=utf-8")
    host.page("/plain", page_of("07"), "text/plain")
    host.rdf("/feed.rdf", [Entry("/moved"), Entry("/western"), Entry("/plain")])


def asked(web: Site) -> tuple[Counter[str], dict[str, bool]]:
    """Since last asked: how often each page was asked for, and of each feed and API whether only for what changed."""
    requests = [r for r in web.forget() if r.path != "/robots.txt"]
    looked = [
        r for r in requests if r.path == "/" or r.path.startswith(("/feed", "/wp-json", "/sitemap", "/wp-sitemap"))
    ]
    assert len({(r.host, r.path) for r in looked}) == len(looked), "at most one request a feed"
    pages = Counter(r.host[-2:] + r.path for r in requests if r not in looked)
    return pages, {r.host[-2:] + r.path.partition("?")[0]: r.conditional for r in looked}


def titles(life: Life) -> set[str]:
    return {title for (title,) in life.rows("SELECT title FROM articles")}


def of_gold(*names: str) -> set[str]:
    return {gold(name)[0] for name in names}


READ = ("31/here", "31/western", "31/plain", "32/2019/lying", "32/2020/steady")
ON_THE_WAY = {"31/moved": 1, "31/moved/twice": 1}
BELONGS = of_gold("04", "05", "07", "08", "09")


def test_three_days_on_a_rough_web(web: Site, life: Life) -> None:
    stage(web, life)
    what_belongs_comes_in(web, life)
    nothing_changes(web, life)
    what_is_new_edited_and_healed_comes_in(web, life)


def what_belongs_comes_in(web: Site, life: Life) -> None:
    life.day(DAY_ONE)
    assert titles(life) == BELONGS
    text = life.rows("SELECT text FROM paragraphs JOIN articles USING (article_id) WHERE title LIKE 'Keep your nerve%'")
    assert [row for (row,) in text] == gold("05")[1], "Windows' quotation marks, whatever the header says"
    told = dict(life.rows("SELECT regexp_extract(url, '([0-9]+:.*)$'), error_type FROM failures"))
    assert {address[:2] + address.partition("/")[2]: error for address, error in told.items()} == {
        "33post": "rate_limited",
        "34post": "server_error",
        "35post": "timeout_total",
        "36post": "too_large",
        "37post": "bomb",
        "38soft-404": "error_page",
        "38cookies": "cookie_wall",
    }
    pages, _ = asked(web)
    traps = {"38/soft-404": 1, "38/cookies": 1, **{f"{number}/post": 1 for number in range(33, 38)}}
    assert pages == {**dict.fromkeys(READ, 1), **ON_THE_WAY, **traps}


def nothing_changes(web: Site, life: Life) -> None:
    before = life.content()
    report = life.day(DAY_ONE + DAY)
    assert (report.counts.ingested, report.counts.updated) == (0, 0)
    assert life.content() == before
    pages, looked = asked(web)
    # The busy one said two days, and what was huge waits for a month.
    due = {"34/post", "35/post", "38/soft-404", "38/cookies"}
    assert set(READ) <= set(pages) <= {*READ, *ON_THE_WAY, *due}
    assert set(pages.values()) == {1}
    assert {"31/feed.rdf", "32/wp-json/wp/v2/posts"} <= set(looked)
    assert all(conditional for place, conditional in looked.items() if "feed" in place)


def what_is_new_edited_and_healed_comes_in(web: Site, life: Life) -> None:
    lying = web.host("127.0.0.32")
    lying.reply("/2019/lying", Reply(page_of("08", ("1.4m", "1.5m")), headers=LYING))
    serve_gold(web.host("127.0.0.31"), "/new", "12")
    web.host("127.0.0.31").rdf("/feed.rdf", [Entry("/new"), Entry("/plain")])
    lying.wordpress([Entry("/2021/newest"), Entry("/2020/steady")])
    serve_gold(lying, "/2021/newest", "13")
    report = life.day(DAY_ONE + 8 * DAY)
    assert titles(life) == BELONGS | of_gold("10", "11", "12", "13")
    assert (report.counts.ingested, report.counts.updated) == (4, 1)
    assert ("1.4m people", "1.5m people") in life.rows(
        "SELECT before, after FROM version_changes WHERE kind = 'figure'"
    )
    pages, _ = asked(web)
    assert set(pages.values()) == {1}
    assert {"33/post", "34/post", "31/new", "32/2021/newest"} <= set(pages)
    assert not {"36/post", "37/post"} & set(pages)
