"""Malformed bodies by the thousand: reading them gives a result or a problem, and never ends a run."""

import gzip
import random
from collections.abc import Callable

import pytest

from extractors.text.decode import decode
from extractors.web.address import BadAddressError, canonical, fetchable
from extractors.web.body import BodyError, Wire, media_of, read_body
from extractors.web.discover.feeds import Reading, read_feed, read_posts
from extractors.web.discover.links import candidates
from extractors.web.discover.pages import read_hints, read_listing
from extractors.web.discover.sitemaps import read_sitemap
from extractors.web.model import RobotsRecord, Source
from extractors.web.outcomes import new_endpoint
from extractors.web.robots import Rules
from tests.web import formats
from tests.web.clock import DAY_ONE
from tests.web.conftest import MakeFetcher, ask
from tests.web.formats import Entry
from tests.web.site import Reply, Site

ROOT = "https://a.uk"
SOURCE = Source("a", "A", ROOT + "/", "site", ROOT + "/", "think tank")
ENTRIES = [Entry("/one", "One & only – “quoted”"), Entry("/two?utm_source=rss"), Entry("//b.uk/three", "£5bn")]
PAGE = (
    '<html><head><base href="/x/"><meta charset="utf-8"><link rel="alternate" type="application/rss+xml" href="feed">'
    '<link rel="https://api.w.org/" href="/wp-json/"><meta name="generator" content="WordPress"></head><body><nav>'
    '<a href="/about">About</a></nav><article><a href="/one"><b>One of many words here</b></a>'
    '<time datetime="2026-03-01T10:00Z">then</time></article></body></html>'
)
INDEX = formats.sitemap_index(ROOT, {"/s.xml": "2026-01-01"})
ROBOTS = "User-agent: *\nDisallow: /a*b$\nAllow: /\nCrawl-delay: 2\nRequest-rate: 1/5s 0800-1700\nSitemap: /s.xml\n"


def _rules(body: bytes) -> object:
    record = RobotsRecord(ROOT, DAY_ONE, DAY_ONE, 200, decode(body, None, html=False), DAY_ONE, None, None)
    rules = Rules.of(record, "CommentaryWarehouse")
    assert rules.crawl_delay_s >= 0
    return rules.verdict(ROOT + "/axb", DAY_ONE), rules.sitemaps


def _unpack(body: bytes, coding: str) -> object:
    left = [body]

    def receive(size: int) -> bytes:
        piece, left[0] = left[0][:size], left[0][size:]
        return piece

    try:
        unpacked = read_body(Wire(receive, 10_000), coding, 10_000)
    except BodyError:
        return None
    assert len(unpacked) <= 10_000
    return unpacked


def _address(body: bytes) -> object:
    url = body.decode("utf-8", errors="replace")
    try:
        assert canonical(canonical(url)) == canonical(url)
        return fetchable(url)
    except BadAddressError:
        return None


Reader = Callable[[bytes], object]
CASES: dict[str, tuple[bytes, Reader]] = {
    "rss": (formats.rss(ROOT, ENTRIES, ttl=60).encode(), lambda body: read_feed(body, ROOT, "application/rss+xml")),
    "atom": (formats.atom(ROOT, ENTRIES).encode(), lambda body: read_feed(body, ROOT, None)),
    "rdf": (formats.rdf(ROOT, ENTRIES).encode(), lambda body: read_feed(body, ROOT, "text/html; charset=utf-16")),
    "json": (formats.json_feed(ROOT, ENTRIES).encode(), lambda body: read_feed(body, ROOT, None)),
    "sitemap": (formats.sitemap(ROOT, ENTRIES).encode(), lambda body: read_sitemap(body, ROOT, None)),
    "index": (
        formats.sitemap_index(ROOT, {"/s.xml": "2026-01-01"}).encode(),
        lambda body: read_sitemap(body, ROOT, None),
    ),
    "packed": (gzip.compress(formats.sitemap(ROOT, ENTRIES).encode()), lambda body: read_sitemap(body, ROOT, None)),
    "posts": (formats.posts(ROOT, ENTRIES).encode(), lambda body: read_posts(body, ROOT)),
    "listing": (PAGE.encode(), lambda body: read_listing(body, ROOT, "text/html")),
    "hints": (PAGE.encode(), lambda body: read_hints(body, ROOT, "text/html")),
    "robots": (ROBOTS.encode(), _rules),
    "decode": (PAGE.encode("cp1252"), lambda body: (decode(body, None, html=True), media_of(body, None))),
    "gzip": (gzip.compress(PAGE.encode() * 20), lambda body: _unpack(body, "gzip")),
    "deflate": (gzip.compress(PAGE.encode() * 20)[10:-8], lambda body: _unpack(body, "deflate")),
    "address": (b"https://www.a.uk:443/x/%7Ey/../amp?utm_a=b&c=%zz#d", _address),
}

SPICE = [
    b"<", b">", b"&", b'"', b"'", b"\0", b"\xff", b"\xfe\xff", b"]]>", b"<![CDATA[", b"<!--", b"&#0;", b"&#x110000;",
    b"&a;", b"<!DOCTYPE x [", b"<!ENTITY a 'b'>", b"<?xml version='1.0' encoding='utf-7'?>", b"{", b"[", b"null",
    b"1e999", b"-", b"\xed\xa0\x80", b"http://[", b"javascript:", b"%", b"\r\n", b"9" * 400, b"</item>", b"<item>",
    b"<loc>", b"<a href=",
]  # fmt: skip


def _mutated(body: bytes, chance: random.Random) -> bytes:
    """Bytes cut, doubled, turned, sprinkled: what broken software and bad lines make of a body."""
    data = bytearray(body)
    for _ in range(chance.choice((1, 2, 5, 20))):
        at = chance.randrange(len(data) + 1)
        length = chance.choice((1, 2, 8, 64))
        match chance.randrange(6):
            case 0:
                del data[at : at + length]
            case 1:
                data[at:at] = chance.choice(SPICE)
            case 2:
                data[at:at] = data[at : at + length] * chance.choice((1, 3))
            case 3:
                data[at : at + length] = chance.randbytes(length)
            case 4:
                data = data[:at]
            case _:
                data[at:at] = data[: chance.randrange(len(data) + 1)]
        del data[60_000:]
    return bytes(data)


def _fuzz(name: str, rounds: int, seed: int) -> None:
    body, reader = CASES[name]
    chance = random.Random(f"{name} {seed}")
    endpoint = new_endpoint(ROOT + "/feed/", "a", "feed", role="watch", found_by="link", now=DAY_ONE)
    for number in range(rounds):
        broken = _mutated(body, chance)
        try:
            read = reader(broken)
            if isinstance(read, Reading):
                candidates(read.links, SOURCE, endpoint, DAY_ONE)
        except Exception as error:
            raise AssertionError(f"{name}, seed {seed}, round {number}: {broken[:2000]!r}") from error


@pytest.mark.parametrize("name", CASES)
def test_nothing_malformed_ends_a_run(name: str) -> None:
    slow = {"rss", "atom", "rdf", "listing", "hints"}
    _fuzz(name, 100 if name in slow else 300, seed=7)


def _fuzz_wire(web: Site, fetcher_for: MakeFetcher, rounds: int, seed: int) -> None:
    host, chance = web.host("a.test"), random.Random(seed)
    packed = gzip.compress(PAGE.encode())
    whole = b'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nETag: "1"\r\n'
    chunked = b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    sized = b"Content-Length: %d\r\n\r\n%s" % (len(packed), packed)
    for number in range(rounds):
        raw = _mutated(whole + chance.choice((chunked, sized)), chance)
        host.reply("/x", Reply(raw=raw))
        result = fetcher_for(read_seconds=0.5, fetch_seconds=1.0).fetch(ask(host.url("/x")))
        assert result.ok or result.error_type, f"round {number}: {raw[:500]!r}"
        assert result.ok or result.body == b""


def test_no_malformed_answer_ends_a_run(web: Site, fetcher_for: MakeFetcher) -> None:
    _fuzz_wire(web, fetcher_for, 120, seed=3)


@pytest.mark.soak
def test_no_malformed_answer_ends_a_run_at_length(web: Site, fetcher_for: MakeFetcher) -> None:
    _fuzz_wire(web, fetcher_for, 5000, seed=4)


@pytest.mark.soak
@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("seed", range(10))
def test_nothing_malformed_ends_a_run_at_length(name: str, seed: int) -> None:
    _fuzz(name, 3000, seed=seed)


def test_deep_nesting_ends() -> None:
    nested = b"<div>" * 5000 + b'<a href="/one">One</a>'
    assert len(read_listing(nested, ROOT, "text/html").links) == 1
    read_hints(nested, ROOT, "text/html")
    assert read_sitemap(b"<?xml version='1.0'?>" + b"<urlset>" * 5000, ROOT, None).links == ()
    read_feed(b"<rss><channel>" + b"<item>" * 1000, ROOT, None)
    assert read_posts(b"[" * 200_000, ROOT).problem


def test_bodies_of_nothing_but_tags_are_not_parsed() -> None:
    assert "elements" in (read_feed(b"<rss><channel>" + b"<item>" * 200_000, ROOT, None).problem or "")
    assert read_listing(b"<p>" * 200_000, ROOT, None).problem
    assert read_hints(b"<p>" * 200_000, ROOT, None).feeds == ()
