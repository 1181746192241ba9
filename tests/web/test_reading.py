"""Reading feeds, sitemaps, listings and APIs, well made and otherwise."""

import gzip
import json
from datetime import UTC, datetime, timedelta

import pytest

from extractors.web.discover.archive import Range, read_archive
from extractors.web.discover.feeds import posts_address, read_feed, read_posts
from extractors.web.discover.links import Link, candidates, is_part_worth_reading, looks_like_article, priority
from extractors.web.discover.pages import read_hints, read_listing
from extractors.web.discover.sitemaps import read_sitemap
from extractors.web.model import EndpointKind, FetchRequest, FetchResult, Source
from extractors.web.outcomes import new_endpoint
from tests.web import formats
from tests.web.clock import DAY_ONE
from tests.web.formats import WHEN, Entry

ROOT = "https://a.uk"
ENTRIES = [Entry("/one", "One & only"), Entry("/two?utm_source=rss", "Two"), Entry("https://other.uk/three", "Three")]
LINKS = [f"{ROOT}/one", f"{ROOT}/two?utm_source=rss", "https://other.uk/three"]
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(8))
    + "]>"
)
LEAK = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("form", [formats.rss, formats.atom, formats.rdf, formats.json_feed])
def test_feeds_of_all_kinds(form: object) -> None:
    reading = read_feed(form(ROOT, ENTRIES).encode(), f"{ROOT}/feed/", None)  # type: ignore[operator]
    assert reading.problem is None
    assert [link.url for link in reading.links] == LINKS
    assert [link.title for link in reading.links] == ["One & only", "Two", "Three"]
    assert {link.published for link in reading.links} == {WHEN}


def test_a_feed_in_another_encoding_than_its_header_says() -> None:
    feed = formats.rss(ROOT, [Entry("/one", "Zoë’s café")]).replace("UTF-8", "windows-1252")
    for content_type in ("application/rss+xml", "text/html; charset=utf-8", "image/png"):
        (link,) = read_feed(feed.encode("cp1252"), ROOT, content_type).links
        assert link.url == f"{ROOT}/one"


def test_a_feeds_wish_to_be_left_alone() -> None:
    assert read_feed(formats.rss(ROOT, ENTRIES, ttl=90).encode(), ROOT, None).ttl == timedelta(minutes=90)
    for ttl in ("0", "-5", "soon", "99999999999999999999"):
        wish = read_feed(
            formats.rss(ROOT, ENTRIES).replace("</link><desc", f"</link><ttl>{ttl}</ttl><desc").encode(), ROOT, None
        )
        assert wish.ttl is None or wish.ttl == timedelta(days=30)


def test_an_empty_feed_is_a_feed() -> None:
    reading = read_feed(formats.rss(ROOT, []).encode(), ROOT, None)
    assert (reading.problem, reading.links) == (None, ())


@pytest.mark.parametrize(
    "body",
    [b"", b"<html><body>hello</body></html>", b"{}", b"[]", b'{"version": 1, "items": []}', b"\x00\x01", b"{" * 9999],
)
def test_what_is_no_feed(body: bytes) -> None:
    assert read_feed(body, ROOT, "application/rss+xml").problem


@pytest.mark.parametrize("head", [BOMB, LEAK])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
def test_entities_are_refused(head: str, encoding: str) -> None:
    feed = formats.rss(ROOT, ENTRIES).partition("?>")[2].replace("News", "&a;&i;")
    reading = read_feed((head + feed).encode(encoding), ROOT, "application/xml")
    assert reading.links == ()
    assert "entities" in (reading.problem or "")
    sitemap = formats.sitemap(ROOT, ENTRIES).partition("?>")[2]
    assert "entities" in (read_sitemap((head + sitemap).encode(encoding), ROOT, None).problem or "")
    assert "entities" in (read_sitemap(gzip.compress((head + sitemap).encode(encoding)), ROOT, None).problem or "")


def test_sitemaps() -> None:
    changed = datetime(2026, 2, 1, tzinfo=UTC)
    body = formats.sitemap(ROOT, [Entry("/one", modified=changed), Entry("/two")]).encode()
    for sent in (body, gzip.compress(body, mtime=0), gzip.compress(gzip.compress(body, mtime=0))):
        reading = read_sitemap(sent, f"{ROOT}/sitemap.xml", "application/xml")
        assert reading.links == (Link(f"{ROOT}/one", modified=changed), Link(f"{ROOT}/two"))


def test_sitemap_indexes() -> None:
    body = formats.sitemap_index(ROOT, {"/posts.xml": "2026-02-01", "/pages.xml.gz": None}).encode()
    parts = read_sitemap(body, f"{ROOT}/sitemap.xml", None).parts
    assert [(part.url, part.modified) for part in parts] == [
        (f"{ROOT}/posts.xml", datetime(2026, 2, 1, tzinfo=UTC)),
        (f"{ROOT}/pages.xml.gz", None),
    ]


def test_news_sitemaps_have_titles_and_dates() -> None:
    body = b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
      xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc> https://a.uk/one </loc><news:news>
      <news:publication_date>2026-03-01T10:00:00+01:00</news:publication_date><news:title>The NHS</news:title>
      </news:news></url></urlset>"""
    (link,) = read_sitemap(body, ROOT, None).links
    assert (link.title, link.published) == ("The NHS", datetime(2026, 3, 1, 9, tzinfo=UTC))


def test_sitemaps_as_text_and_as_feed() -> None:
    assert read_sitemap(b"https://a.uk/one\n\nhttps://a.uk/two\nrubbish\n", ROOT, "text/plain").links == (
        Link(f"{ROOT}/one"),
        Link(f"{ROOT}/two"),
    )
    assert [link.url for link in read_sitemap(formats.rss(ROOT, ENTRIES).encode(), ROOT, None).links] == LINKS


def test_a_broken_sitemap_gives_what_can_be_read() -> None:
    whole = formats.sitemap(ROOT, [Entry("/one"), Entry("/two")])
    reading = read_sitemap(whole[: whole.index("/two")].encode(), ROOT, "application/xml")
    assert reading.links[0].url == f"{ROOT}/one"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>404</html>",
        b"<?xml version='1.0'?><note/>",
        b"plain words",
        gzip.compress(b"x", mtime=0)[:10],
        b"{}",
    ],
)
def test_what_is_no_sitemap(body: bytes) -> None:
    assert read_sitemap(body, ROOT, "application/xml").problem


def test_a_sitemap_that_unpacks_to_a_mountain() -> None:
    assert "unpacked" in (read_sitemap(gzip.compress(b"\0" * 60_000_000, mtime=0), ROOT, None).problem or "")


def test_wordpress_posts() -> None:
    links = read_posts(formats.posts(ROOT, ENTRIES).encode(), ROOT).links
    assert [link.url for link in links] == LINKS
    assert links[0].title == "One & only"
    assert links[0].published == WHEN
    assert read_posts(b"[]", ROOT).problem is None
    for body in (b"{}", b"<html>", b'[{"id": 1}]', b"[1, null]", b"[" * 99999, json.dumps({"code": "no"}).encode()):
        assert read_posts(body, ROOT).problem


@pytest.mark.parametrize(("page", "further"), [("", 1), ("&page=2", 1), ("&page=last", 0)])
def test_an_archive_that_redirects_to_a_page_without_a_number_ends_there(page: str, further: int) -> None:
    url = f"{ROOT}/wp-json/wp/v2/posts?per_page=100{page}"
    body = formats.posts(ROOT, ENTRIES).encode()
    request = FetchRequest(url, url, "a", "wordpress")
    read = read_archive("wordpress", FetchResult(request, DAY_ONE, url, status=200, body=body), Range())
    assert (len(read.links), len(read.further), read.problem) == (3, further, None)


@pytest.mark.parametrize(
    ("path", "is_archive"),
    [
        ("/blog/2019/", True),
        ("/blog/2019/03", True),
        ("/2019/march/", True),
        ("/blog/archive-2019/", True),
        ("/blog/what-we-said-in-2019", False),
        ("/blog/minutes-of-meeting-1948/", False),
        ("/report2019/", False),
    ],
)
def test_archives_by_year_are_told_from_articles_whose_address_ends_in_one(path: str, is_archive: bool) -> None:
    url = f"{ROOT}/blog/"
    body = f'<html><body><p>Our blog.</p><a href="{path}">What was said</a></body></html>'.encode()
    result = FetchResult(FetchRequest(url, url, "a", "listing"), DAY_ONE, url, status=200, body=body)
    read = read_archive("listing", result, Range())
    assert [page.url for page in read.further] == ([f"{ROOT}{path}"] if is_archive else [])


def test_where_wordpress_lists_its_posts() -> None:
    assert (posts_address("https://a.uk/wp-json/") or "").startswith("https://a.uk/wp-json/wp/v2/posts?per_page=50&")
    assert (posts_address("https://a.uk/?rest_route=/") or "").startswith("https://a.uk/?rest_route=/wp/v2/posts&")


def test_what_a_front_page_says() -> None:
    html = """<html><head><base href="https://a.uk/en/"><meta name="Generator" content="WordPress 6.4">
    <link rel="alternate" type="application/rss+xml" href="feed/" title="News">
    <link rel="alternate" type="application/rss+xml" href="/comments/feed/" title="News &raquo; Comments Feed">
    <link rel="ALTERNATE" type="application/atom+xml; charset=utf-8" href="//a.uk/atom">
    <link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2">
    <link rel="alternate" type="application/feed+json" href="/feed.json">
    <link rel="alternate" hreflang="cy" href="/cy/">
    <link rel="https://api.w.org/" href="https://a.uk/wp-json/"><link rel="sitemap" href="/s.xml">
    <link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">"""
    hints = read_hints(html.encode(), ROOT, "text/html")
    assert hints.feeds == ("https://a.uk/en/feed/", "https://a.uk/atom", "https://a.uk/feed.json")
    assert (hints.api_root, hints.sitemaps, hints.builder) == (
        "https://a.uk/wp-json/",
        ("https://a.uk/s.xml",),
        "wordpress",
    )


def test_a_listing_has_links_outside_its_furniture() -> None:
    html = """<nav><a href="/about-the-whole-organisation-here">About the whole organisation here</a></nav>
    <article><a href="/one"><img></a><h2><a href="/one">One on the NHS and its partners</a></h2>
    <time datetime="2026-03-01">1 March</time></article><a href="/two" rel="nofollow">Two</a>
    <a href="#top">Top</a><a href="mailto:x@y.uk">Mail</a><footer><a href="/three">Three</a></footer>"""
    links = read_listing(html.encode(), f"{ROOT}/news", "text/html").links
    assert [link for link in links if link.url == f"{ROOT}/one"] == [
        Link(f"{ROOT}/one", "One on the NHS and its partners", datetime(2026, 3, 1, tzinfo=UTC))
    ]
    assert {link.url for link in links} == {f"{ROOT}/one", f"{ROOT}/news"}


# Which links may be articles


@pytest.mark.parametrize(
    ("path", "title", "is_one"),
    [
        ("/blog/how-the-nhs-works-with-private-providers/", None, True),
        ("/2024/05/nhs-capacity/", None, True),
        ("/comment/who-pays/7024316.article", None, True),
        ("/reports/who-cares.pdf", None, True),
        ("/insight/independence", "Why the independent sector matters now", True),
        ("/", "Home of the best health analysis", False),
        ("/about-us/our-history-and-how-we-work", None, False),
        ("/tag/private-hospitals-and-the-nhs/", None, False),
        ("/category/news/", "All our news on the NHS", False),
        ("/author/a-b-c-d/", None, False),
        ("/events/a-day-on-the-nhs/", None, False),
        ("/jobs/head-of-policy-for-health/", None, False),
        ("/news/page/3/", None, False),
        ("/insights", "Insights", False),
    ],
)
def test_addresses_of_articles(path: str, title: str | None, is_one: bool) -> None:
    assert looks_like_article(path, title) is is_one


def _taken(kind: EndpointKind, url: str, title: str | None = None, **source: object) -> bool:
    watched = Source("a", "A", "https://a.uk/", "site", "https://a.uk/", "think tank", **source)  # type: ignore[arg-type]
    endpoint = new_endpoint("https://a.uk/feed/", "a", kind, role="watch", found_by="link", now=DAY_ONE)
    return bool(candidates([Link(url, title)], watched, endpoint, DAY_ONE))


def test_feeds_are_taken_at_their_word_and_sitemaps_are_not() -> None:
    assert _taken("feed", "https://www.a.uk/anything")
    assert not _taken("sitemap", "https://a.uk/anything")
    assert not _taken("sitemap", "https://a.uk/news/a-long-piece-about-shipping-law")
    assert _taken("sitemap", "https://a.uk/news/a-long-piece-about-the-nhs")
    assert _taken("listing", "https://a.uk/x", "Why private hospitals matter now")


def test_a_sources_own_patterns_decide() -> None:
    assert _taken("sitemap", "https://a.uk/post/shipping", include=("^/post/",))
    assert not _taken("feed", "https://a.uk/news/x", include=("^/post/",))
    assert not _taken("feed", "https://a.uk/post/live/x", include=("^/post/",), exclude=("/live/",))


def test_what_is_never_taken() -> None:
    for url in (
        "https://other.uk/nhs",
        "https://a.uk/photo.jpg",
        "https://a.uk/feed/",
        "mailto:x@a.uk",
        "https://a.uk/" + "x" * 3000,
    ):
        assert not _taken("feed", url), url


def test_claims_that_cannot_be_true_are_dropped() -> None:
    source = Source("a", "A", "https://a.uk/", "site", "https://a.uk/", "think tank")
    endpoint = new_endpoint("https://a.uk/feed/", "a", "feed", role="watch", found_by="link", now=DAY_ONE)
    links = [
        Link("https://a.uk/1", " A \n title ", DAY_ONE + timedelta(days=400), datetime(1970, 1, 1, tzinfo=UTC)),
        Link("https://www.a.uk/1/"),
    ]
    (one,) = candidates(links, source, endpoint, DAY_ONE)
    assert (one.url, one.title, one.published_hint, one.modified_hint) == ("https://a.uk/1", "A title", None, None)


def test_our_subject_comes_first() -> None:
    subject = priority("How private providers and the NHS can be partners", "https://a.uk/x")
    assert subject > priority("NHS waiting times", "https://a.uk/x") > priority("Shipping law", "https://a.uk/x") == 0
    assert priority(None, "https://a.uk/nhs-outsourcing") > priority(None, "https://nhs.uk/shipping")


def test_parts_of_an_index_that_list_no_articles() -> None:
    assert is_part_worth_reading("https://a.uk/post-sitemap.xml")
    assert not is_part_worth_reading("https://a.uk/author-sitemap.xml")
    assert not is_part_worth_reading("https://a.uk/post_tag-sitemap2.xml")
