"""Finding new articles on a loopback web: which requests go out, and what is found."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from extractors.web.discover.feeds import Reading, read_feed
from extractors.web.model import Source, SourceKind
from tests.web.clock import FakeTime
from tests.web.conftest import MakeFetcher
from tests.web.memory import Memory
from tests.web.site import Entry, Host, Reply, Site


def _source(host: Host, kind: SourceKind = "site", path: str = "/", **changes: object) -> Source:
    name = host.name.partition(".")[0]
    return Source(name, name, host.url("/"), kind, host.url(path), "think tank", **changes)  # type: ignore[arg-type]


def _feed_link(href: str, kind: str = "application/rss+xml") -> str:
    return f'<html><head><link rel="alternate" type="{kind}" href="{href}"></head><body><p>Welcome</p></body></html>'


def _identity(host: Host, path: str) -> str:
    return f"https://{host.root.removeprefix('http://')}{path}"


@pytest.mark.parametrize("form", ["rss", "atom", "rdf", "json_feed"])
def test_a_named_feed_is_found_and_then_asked_alone(
    web: Site, fetcher_for: MakeFetcher, time: FakeTime, form: str
) -> None:
    host = web.host("a.test")
    kind = "application/feed+json" if form == "json_feed" else "application/rss+xml"
    host.page("/", _feed_link("/news.xml", kind))
    serve: Callable[[str, list[Entry]], None] = getattr(host, form)
    serve("/news.xml", [Entry("/one"), Entry("/two")])
    memory, source = Memory(), _source(host)
    memory.look([source], fetcher_for())
    assert set(memory.candidates) == {_identity(host, "/one"), _identity(host, "/two")}
    assert memory.states["a"].status == "ok"
    web.forget()
    time.advance(days=1)
    memory.look([source], fetcher_for(robots=tuple(memory.robots.values())))
    assert [(request.path, request.conditional) for request in web.requests] == [
        ("/robots.txt", False),
        ("/news.xml", True),
    ]
    serve("/news.xml", [Entry("/three"), Entry("/one"), Entry("/two")])
    time.advance(days=1)
    memory.look([source], fetcher_for())
    assert _identity(host, "/three") in memory.candidates


@pytest.mark.parametrize(
    ("kind", "place"), [("site", "/feed/"), ("site", "/rss"), ("wix", "/blog-feed.xml"), ("wordpress", "/feed/")]
)
def test_feeds_in_known_places(web: Site, fetcher_for: MakeFetcher, kind: SourceKind, place: str) -> None:
    host = web.host("a.test")
    host.page("/", "<html>no word of feeds")
    host.rss(place, [Entry("/one")])
    memory = Memory()
    memory.look([_source(host, kind)], fetcher_for())
    assert [(endpoint.url, endpoint.role) for endpoint in memory.endpoints.values()] == [(host.url(place), "watch")]


def test_a_page_in_a_feeds_place_is_no_feed(web: Site, fetcher_for: MakeFetcher) -> None:
    """Many sites answer 200 with their front page to anything."""
    host = web.host("a.test")
    for path in ("/", "/feed/", "/rss", "/feed.xml", "/rss.xml", "/atom.xml", "/blog-feed.xml", "/sitemap.xml"):
        host.page(path, '<html><a href="/news/why-the-nhs-needs-private-partners-now">Why partners</a>')
    memory = Memory()
    memory.look([_source(host)], fetcher_for())
    assert [endpoint.kind for endpoint in memory.endpoints.values()] == ["listing"]
    assert set(memory.candidates) == {_identity(host, "/news/why-the-nhs-needs-private-partners-now")}


def test_wordpress_by_its_api(web: Site, fetcher_for: MakeFetcher) -> None:
    host = web.host("a.test")
    host.page("/", "<html><head>" + host.wordpress([Entry("/one"), Entry("/two")]))
    memory = Memory()
    memory.look([_source(host)], fetcher_for())
    assert [(e.kind, e.role) for e in memory.endpoints.values()] == [("wordpress", "watch")]
    assert len(memory.candidates) == 2


def test_sitemaps_by_robots_indexes_and_gzip(web: Site, fetcher_for: MakeFetcher, time: FakeTime) -> None:
    host = web.host("a.test")
    host.page("/", _feed_link("/feed/"))
    host.rss("/feed/", [Entry("/latest")])
    host.robots(f"User-agent: *\nSitemap: {host.url('/index.xml')}\n")
    host.sitemap_index("/index.xml", {"/posts.xml.gz": "2026-02-01", "/author-sitemap.xml": None, "/nested.xml": None})
    host.sitemap_index("/nested.xml", {"/old.xml": None})
    host.sitemap("/posts.xml.gz", [Entry("/nhs-and-private-hospitals-together")], compressed_file=True)
    host.sitemap("/old.xml", [Entry("/how-the-nhs-buys-private-care"), Entry("/contact-us")])
    memory, source = Memory(), _source(host)
    memory.look([source], fetcher_for())
    assert {candidate.url for candidate in memory.candidates.values()} == {
        _identity(host, path)
        for path in ("/latest", "/nhs-and-private-hospitals-together", "/how-the-nhs-buys-private-care")
    }
    assert web.count("/author-sitemap.xml") == 0
    web.forget()
    time.advance(days=7)
    host.sitemap_index("/index.xml", {"/posts.xml.gz": "2026-02-01", "/nested.xml": None, "/new.xml": "2026-03-08"})
    host.sitemap("/new.xml", [Entry("/the-nhs-and-independent-providers-a-year-on")])
    memory.look([source], fetcher_for())
    assert _identity(host, "/the-nhs-and-independent-providers-a-year-on") in memory.candidates
    assert web.count("/new.xml") == 1


def test_an_index_that_names_itself_ends(web: Site, fetcher_for: MakeFetcher) -> None:
    host = web.host("a.test")
    host.page("/", "<html>")
    host.sitemap_index("/sitemap.xml", {"/sitemap.xml": None, "/b.xml": None})
    host.sitemap_index("/b.xml", {"/sitemap.xml": None, "/b.xml": None})
    Memory().look([_source(host)], fetcher_for())
    assert web.count("/sitemap.xml") == 1
    assert web.count("/b.xml") == 1


def test_an_index_without_end_is_bounded(web: Site, fetcher_for: MakeFetcher) -> None:
    host = web.host("a.test")
    host.page("/", "<html>")
    host.sitemap_index("/sitemap.xml", {f"/part-{n}.xml": None for n in range(5000)})
    memory = Memory()
    memory.look([_source(host)], fetcher_for())
    assert sum(path.startswith("/part-") for path in web.paths()) == 10
    assert len(memory.endpoints) <= 201


def test_a_section_is_watched_by_its_own_feed_or_page(web: Site, fetcher_for: MakeFetcher) -> None:
    own, page = web.host("own.test"), web.host("page.test")
    for host in (own, page):
        host.page(
            "/society/nhs", _feed_link("/rss") + '<a href="/society/nhs-and-private-hospitals-today">NHS today</a>'
        )
        host.rss("/rss", [Entry("/football")])
    own.rss("/society/nhs/rss", [Entry("/society/one")])
    memory = Memory()
    memory.look([_source(host, "section", "/society/nhs") for host in (own, page)], fetcher_for())
    assert set(memory.candidates) == {
        _identity(own, "/society/one"),
        _identity(page, "/society/nhs-and-private-hospitals-today"),
    }


def test_a_source_that_is_a_feed_or_sitemap_costs_one_request(web: Site, fetcher_for: MakeFetcher) -> None:
    feed, sitemap = web.host("feed.test"), web.host("map.test")
    feed.atom("/x", [Entry("/one")])
    sitemap.sitemap("/x", [Entry("/the-nhs-and-its-private-partners")])
    memory = Memory()
    memory.look([_source(feed, "feed", "/x"), _source(sitemap, "sitemap", "/x")], fetcher_for())
    assert len(memory.candidates) == 2
    assert sorted(web.paths()) == ["/robots.txt", "/robots.txt", "/x", "/x"]


def test_a_lying_etag_cannot_hide_news_for_ever(web: Site, fetcher_for: MakeFetcher, time: FakeTime) -> None:
    """A server that says "not modified" whatever happened is asked without conditions after two weeks."""
    host = web.host("a.test")
    host.rss("/x", [Entry("/one")], etag='"always"')
    memory, source = Memory(), _source(host, "feed", "/x")
    memory.look([source], fetcher_for())
    host.rss("/x", [Entry("/two"), Entry("/one")], etag='"always"')
    for _ in range(25):
        time.advance(days=1)
        memory.look([source], fetcher_for(robots=tuple(memory.robots.values())))
    assert _identity(host, "/two") in memory.candidates
    assert [request.conditional for request in web.requests if request.path == "/x"].count(False) == 2


def test_an_etag_that_changes_without_news_slows_the_watch(web: Site, fetcher_for: MakeFetcher, time: FakeTime) -> None:
    host = web.host("a.test")
    memory, source = Memory(), _source(host, "feed", "/x")
    for day in range(30):
        host.rss("/x", [Entry("/one")], etag=f'"{day}"')
        memory.look([source], fetcher_for(robots=tuple(memory.robots.values())))
        time.advance(days=1)
    assert web.count("/x") < 12


def test_ttl_and_max_age_are_obeyed(web: Site, fetcher_for: MakeFetcher, time: FakeTime) -> None:
    patient, cached = web.host("ttl.test"), web.host("age.test")
    patient.rss("/x", [Entry("/one")], ttl=60 * 24 * 3)
    cached.rss("/x", [Entry("/one")], headers={"Cache-Control": "max-age=259200"})
    memory = Memory()
    sources = [_source(patient, "feed", "/x"), _source(cached, "feed", "/x")]
    for _ in range(4):
        memory.look(sources, fetcher_for(robots=tuple(memory.robots.values())))
        time.advance(days=1)
    assert web.count("/x", "ttl.test") == 2
    assert web.count("/x", "age.test") == 2
    memory.look(sources, fetcher_for(), everything=True)
    assert web.count("/x", "ttl.test") == 2


def test_a_feed_that_is_busy_is_left_until_it_wants(web: Site, fetcher_for: MakeFetcher, time: FakeTime) -> None:
    host = web.host("a.test")
    host.error("/x", 429, Retry_After=str(3 * 86400))
    memory, source = Memory(), _source(host, "feed", "/x")
    memory.look([source], fetcher_for())
    assert memory.states["a"].status == "unreachable"
    host.rss("/x", [Entry("/one")])
    for days, asked in ((1, 1), (1, 1), (1, 2)):
        time.advance(days=days)
        memory.look([source], fetcher_for(robots=tuple(memory.robots.values())))
        assert web.count("/x") == asked
    assert memory.candidates


def test_a_feed_that_heals(web: Site, fetcher_for: MakeFetcher, time: FakeTime) -> None:
    host = web.host("a.test")
    host.page("/", _feed_link("/feed/"))
    host.error("/feed/", 503)
    memory, source = Memory(), _source(host)
    memory.look([source], fetcher_for())
    assert memory.candidates == {}
    host.rss("/feed/", [Entry("/one")])
    time.advance(days=1)
    memory.look([source], fetcher_for())
    assert memory.candidates
    assert memory.states["a"].status == "ok"


def test_entity_bombs_and_rubbish_are_problems_of_their_source_alone(web: Site, fetcher_for: MakeFetcher) -> None:
    bomb, rubbish, good = web.host("bomb.test"), web.host("rubbish.test"), web.host("good.test")
    bomb.page("/x", '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaa">]><rss>&a;</rss>', "application/xml")
    rubbish.page("/x", b"\x00\x01\x02" * 1000, "application/rss+xml")
    good.rss("/x", [Entry("/one")])
    memory = Memory()
    memory.look([_source(host, "feed", "/x") for host in (bomb, rubbish, good)], fetcher_for())
    assert {name: state.status for name, state in memory.states.items()} == {
        "bomb": "unreachable",
        "rubbish": "unreachable",
        "good": "ok",
    }
    assert "entities" in memory.states["bomb"].detail


def test_what_robots_forbids_is_said(web: Site, fetcher_for: MakeFetcher) -> None:
    host = web.host("a.test")
    host.robots("User-agent: *\nDisallow: /")
    host.page("/", "hello")
    memory = Memory()
    memory.look([_source(host)], fetcher_for())
    assert memory.states["a"].status == "forbidden"
    assert "robots.txt" in memory.states["a"].detail
    assert web.paths() == ["/robots.txt"]


def test_a_site_without_anything_to_watch(web: Site, fetcher_for: MakeFetcher) -> None:
    host = web.host("a.test")
    host.page("/", "<html><p>Under construction")
    memory = Memory()
    memory.look([_source(host)], fetcher_for())
    assert memory.states["a"].status == "nothing_found"


def test_sources_that_are_switched_off_are_not_asked(web: Site, fetcher_for: MakeFetcher) -> None:
    host = web.host("a.test")
    assert Memory().look([_source(host, enabled=False)], fetcher_for()) == []
    assert web.requests == []


def test_three_days(web: Site, fetcher_for: MakeFetcher, time: FakeTime) -> None:
    """Day one reads all, day two asks for nothing but what is due, day three finds the new, the edited, the gone."""
    sites = {name: web.host(f"{name}.test") for name in ("alpha", "beta", "gamma")}
    for name, host in sites.items():
        host.page("/", _feed_link("/feed/"))
        host.rss("/feed/", [Entry(f"/{name}-1"), Entry(f"/{name}-2")])
        for number in (1, 2):
            host.article(f"/{name}-{number}", f"Article {number}", ["The NHS and its partners."])
    memory, sources = Memory(), [_source(host) for host in sites.values()]

    def run() -> None:
        fetcher = fetcher_for(robots=tuple(memory.robots.values()))
        memory.look(sources, fetcher)
        memory.read(fetcher)

    run()
    assert {url.rpartition("/")[2] for url in memory.bodies} == {f"{n}-{i}" for n in sites for i in (1, 2)}
    first, bodies = web.forget(), {url: list(kept) for url, kept in memory.bodies.items()}
    assert (
        max(sum(r.path == path and r.host == host for r in first) for host, path in {(r.host, r.path) for r in first})
        == 1
    )

    time.advance(days=1)
    run()
    second = web.forget()
    assert sorted(r.path for r in second) == sorted(
        ["/robots.txt", "/feed/"] * 3 + [f"/{n}-{i}" for n in sites for i in (1, 2)]
    )
    assert all(r.conditional for r in second if r.path != "/robots.txt")
    assert memory.bodies == bodies

    time.advance(days=6)
    sites["alpha"].rss("/feed/", [Entry("/alpha-3"), Entry("/alpha-1"), Entry("/alpha-2")])
    sites["alpha"].article("/alpha-3", "New", ["New words on the NHS."])
    sites["beta"].article("/beta-1", "Article 1", ["Edited words on the NHS."])
    sites["gamma"].remove("/gamma-1", 410)
    run()
    new = {url: kept for url, kept in memory.bodies.items() if bodies.get(url) != kept}
    assert {url.rpartition("/")[2]: len(kept) for url, kept in new.items()} == {"alpha-3": 1, "beta-1": 2}
    gone = [page.url.rpartition("/")[2] for page in memory.pages.values() if page.gone_at is not None]
    assert gone == ["gamma-1"]


def test_the_api_tells_of_changes_with_their_times(web: Site, fetcher_for: MakeFetcher) -> None:
    host = web.host("a.test")
    changed = datetime(2026, 3, 1, 12, tzinfo=UTC)
    host.page("/", "<html><head>" + host.wordpress([Entry("/one", modified=changed)]))
    memory = Memory()
    memory.look([_source(host)], fetcher_for())
    (one,) = memory.candidates.values()
    assert one.modified_hint == changed


def test_a_home_page_that_moves_is_followed(web: Site, fetcher_for: MakeFetcher) -> None:
    old, new = web.host("old.test"), web.host("www.old.test")
    old.reply("/", Reply(status=301, headers={"Location": new.url("/")}))
    new.page("/", _feed_link("/feed/"))
    new.rss("/feed/", [Entry("/one")])
    memory = Memory()
    memory.look([_source(old)], fetcher_for())
    assert set(memory.candidates) == {_identity(old, "/one")}


def test_a_fault_in_reading_one_site_is_that_sites_alone(
    web: Site, fetcher_for: MakeFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = web.host("good.test"), web.host("bad.test")
    for host in (good, bad):
        host.rss("/x", [Entry("/one")])

    def read(body: bytes, url: str, content_type: str | None) -> Reading:
        if "bad.test" in url:
            raise KeyError("a fault that no test foresaw")
        return read_feed(body, url, content_type)

    monkeypatch.setattr("extractors.web.discover.watch.read_feed", read)
    memory = Memory()
    memory.look([_source(host, "feed", "/x") for host in (bad, good)], fetcher_for())
    assert {name: state.status for name, state in memory.states.items()} == {"bad": "unreachable", "good": "ok"}
    assert "fault in reading: KeyError" in memory.states["bad"].detail
