"""Fetching over real HTTP: what goes out, what comes back, and every way in which it fails."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from extractors.web.model import FetchRequest, Purpose
from extractors.web.settings import FetchSettings
from tests.web.clock import DAY_ONE, FakeTime
from tests.web.conftest import MakeFetcher, ask
from tests.web.site import Reply, Request, Site


def test_a_page_and_all_that_is_kept_of_it(web: Site, fetcher_for: MakeFetcher) -> None:
    host = web.host("a.test")
    host.page(
        "/x",
        "<html>café</html>",
        etag='"1"',
        last_modified="Mon, 02 Mar 2026 05:00:00 GMT",
        compressed=True,
        headers={"Set-Cookie": "id=1", "Cache-Control": "max-age=60", "X-Powered-By": "PHP"},
    )
    result = fetcher_for().fetch(ask(host.url("/x?utm_source=feed#top")))
    body = "<html>café</html>".encode()
    assert result.ok
    assert (result.status, result.body, result.media, result.encoding) == (200, body, "html", "utf-8")
    assert result.body_hash == hashlib.sha256(body).hexdigest()
    assert result.final_url == host.url("/x?utm_source=feed")
    assert (result.etag, result.last_modified) == ('"1"', "Mon, 02 Mar 2026 05:00:00 GMT")
    assert 0 < result.wire_bytes != len(body)
    assert result.fresh_until == result.fetched_at + timedelta(seconds=60)
    assert result.address == "127.0.0.1"
    assert {"content-type", "etag", "cache-control"} <= dict(result.headers).keys()
    assert not {"set-cookie", "x-powered-by"} & dict(result.headers).keys()


def test_we_say_who_asks(web: Site, fetcher_for: MakeFetcher) -> None:
    host = web.host("a.test")
    host.page("/", "hello")
    fetcher_for(contact="owner@example.org").fetch(ask(host.url()))
    for request in web.requests:
        assert request.headers["user-agent"] == "CommentaryWarehouse/0.1 (+owner@example.org)"
        assert request.headers["accept-encoding"] == "gzip, deflate"
        assert "cookie" not in request.headers


@pytest.mark.parametrize("contact", ["", "  "])
def test_one_who_asks_without_a_contact_says_so(contact: str) -> None:
    assert FetchSettings(contact=contact).user_agent.endswith("(+no contact set; operators set COMMENTARY_CONTACT)")


@pytest.mark.parametrize("contact", ["a@b.uk\r\nX-Evil: 1", "zoë@b.uk"])
def test_a_contact_is_one_line_of_ascii(contact: str) -> None:
    with pytest.raises(ValueError, match="contact"):
        FetchSettings(contact=contact)


# Conditional requests


def _kept(request: FetchRequest, **changes: str | None) -> FetchRequest:
    return replace(request, **changes)  # type: ignore[arg-type]


def test_what_has_not_changed_is_not_sent_again(web: Site, fetcher_for: MakeFetcher) -> None:
    host = web.host("a.test")
    host.page("/etag", "hello", etag='W/"1"')
    host.page("/date", "hello", last_modified="Mon, 02 Mar 2026 05:00:00 GMT")
    fetcher = fetcher_for()
    for path in ("/etag", "/date"):
        first = fetcher.fetch(ask(host.url(path)))
        again = fetcher.fetch(
            _kept(first.request, etag=first.etag, last_modified=first.last_modified, body_hash=first.body_hash)
        )
        assert (again.status, again.unchanged, again.ok, again.body) == (304, True, True, b"")
        assert not first.unchanged


def test_a_new_etag_on_the_same_body_is_no_change(web: Site, fetcher_for: MakeFetcher) -> None:
    host = web.host("a.test")
    host.reply("/", *[Reply(b"hello", headers={"ETag": f'"{n}"', "Content-Type": "text/html"}) for n in range(3)])
    fetcher = fetcher_for()
    first = fetcher.fetch(ask(host.url()))
    again = fetcher.fetch(_kept(first.request, etag=first.etag, body_hash=first.body_hash))
    assert (again.status, again.unchanged) == (200, True)


def test_an_old_etag_on_a_new_body_is_a_change(web: Site, fetcher_for: MakeFetcher) -> None:
    host = web.host("a.test")
    host.reply("/", *[Reply(b, headers={"ETag": '"1"', "Content-Type": "text/html"}) for b in (b"old", b"new")])
    fetcher = fetcher_for()
    first = fetcher.fetch(ask(host.url()))
    again = fetcher.fetch(_kept(first.request, etag=first.etag, body_hash=first.body_hash))
    assert (again.body, again.unchanged) == (b"new", False)


def test_not_modified_without_having_been_asked_is_a_fault(web: Site, fetcher_for: MakeFetcher) -> None:
    host = web.host("a.test")
    host.reply("/", Reply(status=304))
    result = fetcher_for().fetch(ask(host.url()))
    assert (result.ok, result.error_type) == (False, "protocol")


def test_validators_are_not_told_to_other_sites(web: Site, fetcher_for: MakeFetcher) -> None:
    host, other = web.host("a.test"), web.host("b.test")
    host.redirect("/", other.url("/"))
    other.page("/", "hello")
    fetcher_for().fetch(_kept(ask(host.url()), etag='"1"'))
    asked = {request.host: request.conditional for request in web.requests if request.path == "/"}
    assert asked == {"a.test": True, "b.test": False}


# Redirects


def test_redirects_are_followed_and_recorded(web: Site, fetcher_for: MakeFetcher) -> None:
    first, other = web.host("a.test"), web.host("b.test")
    for number, status in enumerate((301, 302, 303, 307)):
        first.redirect(f"/{number}", f"/{number + 1}", status)
    first.redirect("/4", other.url("/end"), 308)
    other.page("/end", "hello")
    result = fetcher_for().fetch(ask(first.url("/0")))
    assert result.body == b"hello"
    assert result.final_url == other.url("/end")
    assert [step.status for step in result.redirects] == [301, 302, 303, 307, 308]
    assert result.redirects[0].url == first.url("/0")
    assert web.paths("b.test") == ["/robots.txt", "/end"]


def _refreshing(content: str) -> str:
    return f'<html><head><meta http-equiv="Refresh" content="{content}"></head><body>Moved</body></html>'


@pytest.mark.parametrize("content", ["0; url={}", "0;URL='{}'", "3, {}", "1.5; {}"])
def test_a_page_that_sends_its_readers_on_is_followed_like_a_redirect(
    web: Site, fetcher_for: MakeFetcher, content: str
) -> None:
    first, other = web.host("a.test"), web.host("b.test")
    first.page("/old", _refreshing(content.format(other.url("/new?a=1&amp;b=2"))))
    other.page("/new?a=1&b=2", "hello")
    result = fetcher_for().fetch(ask(first.url("/old")))
    assert (result.body, result.final_url) == (b"hello", other.url("/new?a=1&b=2"))
    assert [(step.status, step.url) for step in result.redirects] == [(200, first.url("/old"))]
    assert web.paths("b.test") == ["/robots.txt", "/new?a=1&b=2"]


@pytest.mark.parametrize("purpose", ["home", "listing"])
def test_a_front_page_that_sends_its_readers_on_is_followed_too(
    web: Site, fetcher_for: MakeFetcher, purpose: Purpose
) -> None:
    host = web.host("a.test")
    host.page("/", _refreshing("0; url=/en/"))
    host.page("/en/", "hello")
    assert fetcher_for().fetch(ask(host.url("/"), purpose)).body == b"hello"


@pytest.mark.parametrize(
    ("target", "error"),
    [
        ("http://inside.test:{port}/secret", "unsafe_address"),
        ("file:///etc/passwd", "redirect"),
        ("http://reader:secret@127.0.0.5/in", "redirect"),
        ("/private/in", "disallowed"),
    ],
)
def test_what_a_page_sends_to_is_guarded_like_a_redirect(
    web: Site, fetcher_for: MakeFetcher, target: str, error: str
) -> None:
    host, inside = web.host("127.0.0.5"), web.host("inside.test")  # only the first may be connected to
    host.page("/robots.txt", "User-agent: *\nDisallow: /private/")
    host.page("/old", _refreshing(f"0; url={target.format(port=urlsplit(inside.root).port)}"))
    result = fetcher_for(allow_hosts=("127.0.0.5",)).fetch(ask(host.url("/old")))
    assert (result.error_type, result.body) == (error, b"")
    assert web.paths("127.0.0.5") == ["/robots.txt", "/old"]
    assert web.paths("inside.test") == []


def test_pages_that_send_on_without_end_are_left(web: Site, fetcher_for: MakeFetcher) -> None:
    host = web.host("a.test")
    for number in range(9):
        host.page(f"/{number}", _refreshing(f"0; url=/{number + 1}"))
    assert "more than 5" in (fetcher_for().fetch(ask(host.url("/0"))).error or "")


def test_pages_that_send_in_a_circle_are_left(web: Site, fetcher_for: MakeFetcher) -> None:
    host = web.host("a.test")
    host.page("/a", _refreshing("0; url=/b"))
    host.page("/b", _refreshing("0; url=/a"))
    assert "circle" in (fetcher_for().fetch(ask(host.url("/a"))).error or "")


@pytest.mark.parametrize(
    "page",
    [
        _refreshing("0; url=/page#top"),
        _refreshing("0"),
        _refreshing("900; url=/front"),
        "<noscript><meta http-equiv=refresh content='0; url=/nojs'></noscript>Read this",
        "<!-- <meta http-equiv=refresh content='0; url=/old'> -->Read this",
    ],
)
def test_a_page_that_loads_itself_or_stays_is_read(web: Site, fetcher_for: MakeFetcher, page: str) -> None:
    host = web.host("a.test")
    host.page("/page", page)
    result = fetcher_for().fetch(ask(host.url("/page")))
    assert (result.ok, result.body, result.redirects) == (True, page.encode(), ())


def test_no_more_than_five(web: Site, fetcher_for: MakeFetcher) -> None:
    host = web.host("a.test")
    for number in range(9):
        host.redirect(f"/{number}", f"/{number + 1}")
    result = fetcher_for().fetch(ask(host.url("/0")))
    assert result.error_type == "redirect"
    assert web.paths() == ["/robots.txt", "/0", "/1", "/2", "/3", "/4", "/5"]


def test_a_circle_is_left_at_once(web: Site, fetcher_for: MakeFetcher) -> None:
    host = web.host("a.test")
    host.redirect("/a", "/b")
    host.redirect("/b", "/a")
    result = fetcher_for().fetch(ask(host.url("/a")))
    assert "circle" in (result.error or "")
    assert web.paths() == ["/robots.txt", "/a", "/b"]


def test_redirects_that_lead_nowhere(web: Site, fetcher_for: MakeFetcher) -> None:
    host = web.host("a.test")
    host.reply("/none", Reply(status=302))
    host.redirect("/bad", "http://[")
    fetcher = fetcher_for()
    for path in ("/none", "/bad"):
        assert fetcher.fetch(ask(host.url(path))).error_type == "redirect"


def test_the_body_of_a_redirect_is_not_received(web: Site, fetcher_for: MakeFetcher) -> None:
    host = web.host("a.test")
    host.endless("/endless")
    endless = host.handle(Request("a.test", "/endless", {}, ""))
    host.reply("/", replace(endless, status=302, headers={"Location": "/end"}))
    host.page("/end", "hello")
    result = fetcher_for().fetch(ask(host.url()))
    assert (result.body, result.wire_bytes) == (b"hello", 5)


# Statuses


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, "client_error"),
        (401, "forbidden"),
        (403, "forbidden"),
        (404, "not_found"),
        (410, "gone"),
        (429, "rate_limited"),
        (451, "forbidden"),
        (500, "server_error"),
        (503, "server_error"),
        (202, "protocol"),
        (204, "protocol"),
        (206, "protocol"),
    ],
)
def test_statuses(web: Site, fetcher_for: MakeFetcher, status: int, error: str) -> None:
    host = web.host("a.test")
    host.error("/", status)
    result = fetcher_for().fetch(ask(host.url()))
    assert (result.status, result.error_type, result.body) == (status, error, b"")
    assert str(status) in (result.error or "")


# Hazards


def test_a_body_that_drips_is_cut_off(web: Site, fetcher_for: MakeFetcher) -> None:
    host = web.host("a.test")
    host.drip("/open", pause_s=0.02)
    host.drip("/announced", pause_s=0.02, length=10_000)
    fetcher = fetcher_for(fetch_seconds=0.4, read_seconds=5.0)
    for path in ("/open", "/announced"):
        result = fetcher.fetch(ask(host.url(path)))
        assert result.error_type == "timeout_total"
        assert result.body == b""


def test_headers_that_drip_are_cut_off(web: Site, fetcher_for: MakeFetcher) -> None:
    import time

    host = web.host("a.test")

    def drip(sock: object) -> None:
        while True:
            sock.sendall(b"X-Slow: 1\r\n")  # type: ignore[attr-defined]
            time.sleep(0.02)

    host.reply("/", Reply(raw=b"HTTP/1.1 200 OK\r\n", stream=drip))
    assert fetcher_for(fetch_seconds=0.4, read_seconds=5.0).fetch(ask(host.url())).error_type == "timeout_total"


def test_silence_is_given_up(web: Site, fetcher_for: MakeFetcher) -> None:
    host = web.host("a.test")
    host.drip("/", pause_s=5.0)
    result = fetcher_for(read_seconds=0.3, fetch_seconds=5.0).fetch(ask(host.url()))
    assert result.error_type == "timeout_read"


def test_a_body_without_end_is_cut_off_at_the_cap(web: Site, fetcher_for: MakeFetcher) -> None:
    host = web.host("a.test")
    host.endless("/")
    result = fetcher_for().fetch(ask(host.url()))
    assert result.error_type == "too_large"
    assert result.wire_bytes < 1_200_000


def test_a_body_announced_too_large_is_not_received(web: Site, fetcher_for: MakeFetcher) -> None:
    host = web.host("a.test")
    host.drip("/", length=2_000_000)
    result = fetcher_for().fetch(ask(host.url()))
    assert (result.error_type, result.wire_bytes) == ("too_large", 0)


def test_a_bomb_is_left(web: Site, fetcher_for: MakeFetcher) -> None:
    host = web.host("a.test")
    host.bomb("/", megabytes=500)
    result = fetcher_for().fetch(ask(host.url()))
    assert (result.error_type, result.body) == ("bomb", b"")
    assert result.wire_bytes < 200_000


@pytest.mark.parametrize("coding", ["br", "gzip, gzip", "compress"])
def test_codings_that_were_not_offered(web: Site, fetcher_for: MakeFetcher, coding: str) -> None:
    host = web.host("a.test")
    host.page("/", b"hello", headers={"Content-Encoding": coding})
    assert fetcher_for().fetch(ask(host.url())).error_type == "bad_coding"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 99999 OK\r\n\r\n",
        b"\x00\xff" * 100,
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
    ],
)
def test_what_is_not_http(web: Site, fetcher_for: MakeFetcher, raw: bytes) -> None:
    host = web.host("a.test")
    host.reply("/", Reply(raw=raw))
    result = fetcher_for().fetch(ask(host.url()))
    assert result.error_type == "protocol"
    assert result.body == b""


def test_a_connection_closed_while_idle_is_no_failure(web: Site, fetcher_for: MakeFetcher) -> None:
    host = web.host("a.test")
    host.robots("")
    hello = Reply(b"hello", headers={"Content-Type": "text/html"})
    host.reply("/x", Reply(raw=b""), hello)
    assert fetcher_for().fetch(ask(host.url("/x"))).ok  # the first request went over the connection of robots.txt
    assert web.count("/x") == 2
    web.forget()
    host.reply("/y", Reply(raw=b""))
    assert fetcher_for().fetch(ask(host.url("/y"))).error_type == "protocol"
    assert web.count("/y") == 2


@pytest.mark.parametrize("kind", ["image/png", "video/mp4", "application/zip", "audio/mpeg"])
def test_unwanted_types_are_not_received(web: Site, fetcher_for: MakeFetcher, kind: str) -> None:
    host = web.host("a.test")
    host.page("/", b"x" * 500_000, kind)
    result = fetcher_for().fetch(ask(host.url()))
    assert (result.error_type, result.wire_bytes) == ("content_type", 0)


@pytest.mark.parametrize(
    ("body", "kind", "purpose", "ok"),
    [
        (b"<html>hello", "text/plain", "article", True),
        (b"<html>hello", "application/octet-stream", "article", True),
        (b"%PDF-1.4 x", "text/html", "article", True),
        (b"\x89PNG\r\n\x1a\n\0\0", "text/html", "article", False),
        (b'{"a": 1}', "text/html", "article", False),
        (b"<?xml version='1.0'?><rss/>", "text/html", "feed", True),
        (b'{"a": 1}', "text/plain", "wordpress", True),
        (b"\x1f\x8b\x08rest", "text/plain", "sitemap", True),
    ],
)
def test_the_bytes_decide_what_a_body_is(
    web: Site, fetcher_for: MakeFetcher, body: bytes, kind: str, purpose: Purpose, ok: bool
) -> None:
    host = web.host("a.test")
    host.page("/", body, kind)
    result = fetcher_for().fetch(ask(host.url(), purpose))
    assert result.ok is ok
    assert result.error_type == (None if ok else "content_type")


def test_names_and_ports_where_nobody_is(web: Site, fetcher_for: MakeFetcher) -> None:
    fetcher = fetcher_for()
    assert fetcher.fetch(ask("http://nobody.test/")).error_type == "dns"
    web.host("127.0.0.9")  # listened on at the web's port, not at port 1
    assert fetcher_for(allow_hosts=("127.0.0.9",)).fetch(ask("http://127.0.0.9:1/")).error_type == "connect"


def test_tls_with_who_does_not_speak_it(web: Site, fetcher_for: MakeFetcher) -> None:
    web.host("a.test").page("/", "hello")
    result = fetcher_for().fetch(ask(f"https://a.test:{web.port}/"))
    assert result.error_type == "tls"
    assert web.requests == []


# Demands to wait


def test_retry_after_stops_the_host_and_is_remembered(web: Site, fetcher_for: MakeFetcher, time: FakeTime) -> None:
    host, other = web.host("a.test"), web.host("b.test")
    host.error("/busy", 429, Retry_After="3600")
    host.page("/x", "hello")
    other.page("/x", "hello")
    fetcher = fetcher_for()
    busy = fetcher.fetch(ask(host.url("/busy")))
    assert busy.retry_after == busy.fetched_at + timedelta(hours=1)
    held = fetcher.fetch(ask(host.url("/x")))
    assert (held.error_type, held.sent, held.retry_after) == ("host_down", False, busy.retry_after)
    assert fetcher.fetch(ask(other.url("/x"))).ok
    kept = tuple(fetcher.fresh_robots())
    time.advance(minutes=30)
    assert fetcher_for(robots=kept).fetch(ask(host.url("/x"))).error_type == "host_down"
    time.advance(minutes=31)
    assert fetcher_for(robots=kept).fetch(ask(host.url("/x"))).ok
    assert web.paths("a.test") == ["/robots.txt", "/busy", "/x"]


def test_503_with_retry_after_is_a_demand_and_heals(web: Site, fetcher_for: MakeFetcher, time: FakeTime) -> None:
    host = web.host("a.test")
    html = {"Content-Type": "text/html"}
    host.reply("/x", Reply(status=503, headers={"Retry-After": "60"}), Reply(b"hello", headers=html))
    fetcher = fetcher_for()
    assert fetcher.fetch(ask(host.url("/x"))).error_type == "rate_limited"
    time.advance(seconds=61)
    assert fetcher.fetch(ask(host.url("/x"))).ok


def test_a_host_that_keeps_failing_is_left_alone_for_the_run(web: Site, fetcher_for: MakeFetcher) -> None:
    host = web.host("a.test")
    for number in range(6):
        host.error(f"/{number}", 500)
    fetcher = fetcher_for()
    errors = [fetcher.fetch(ask(host.url(f"/{number}"))).error_type for number in range(6)]
    assert errors == ["server_error"] * 3 + ["host_down"] * 3
    assert len(web.paths()) == 4


def test_errors_with_pages_between_do_not_stop_a_host(web: Site, fetcher_for: MakeFetcher) -> None:
    host = web.host("a.test")
    host.error("/bad", 500)
    host.page("/good", "hello")
    fetcher = fetcher_for()
    for _ in range(4):
        assert fetcher.fetch(ask(host.url("/bad"))).error_type == "server_error"
        assert fetcher.fetch(ask(host.url("/good"))).ok


# Politeness


def test_requests_to_a_host_keep_their_distance(web: Site, fetcher_for: MakeFetcher, time: FakeTime) -> None:
    first, other = web.host("a.test"), web.host("b.test")
    for host in (first, other):
        host.page("/x", "hello")
    fetcher = fetcher_for(host_delay=2.0)
    result = fetcher.fetch(ask(first.url("/x")))
    assert time.slept == [2.0]  # between robots.txt and the page
    assert result.duration_ms == 0  # the wait is not the site's
    fetcher.fetch(ask(other.url("/x")))
    fetcher.fetch(ask(first.url("/x")))
    assert time.slept == [2.0, 2.0]  # the other host's own; the first had its two seconds meanwhile


def test_crawl_delay_is_obeyed_and_a_shorter_one_is_not(web: Site, fetcher_for: MakeFetcher, time: FakeTime) -> None:
    slow, quick = web.host("slow.test"), web.host("quick.test")
    slow.robots("User-agent: *\nCrawl-delay: 10")
    quick.robots("User-agent: *\nCrawl-delay: 0.1")
    fetcher = fetcher_for(host_delay=2.0)
    for host in (slow, quick):
        host.page("/x", "hello")
        for _ in range(3):
            fetcher.fetch(ask(host.url("/x")))
    assert time.slept == [2.0, 10.0, 10.0, 2.0, 2.0, 2.0]


def test_a_host_that_wants_minutes_gets_one_request_a_run(web: Site, fetcher_for: MakeFetcher, time: FakeTime) -> None:
    host = web.host("a.test")
    host.robots("User-agent: *\nCrawl-delay: 600")
    host.page("/x", "hello")
    fetcher = fetcher_for()
    assert fetcher.fetch(ask(host.url("/x"))).ok
    second = fetcher.fetch(ask(host.url("/x")))
    assert (second.error_type, second.sent) == ("host_down", False)
    assert web.count("/x") == 1
    assert time.now() < DAY_ONE + timedelta(minutes=1)
