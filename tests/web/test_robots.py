"""robots.txt by RFC 9309: what is forbidden, what is kept, what counts as unreachable."""

from dataclasses import replace
from datetime import timedelta

import pytest

from extractors.web.model import RobotsRecord
from extractors.web.robots import Rules
from tests.web.clock import DAY_ONE, FakeTime
from tests.web.conftest import MakeFetcher, ask
from tests.web.site import Reply, Site

AGENT = "CommentaryWarehouse"


def _record(body: str | None, **changes: object) -> RobotsRecord:
    record = RobotsRecord("https://a.uk", DAY_ONE, DAY_ONE, 200, body, DAY_ONE, None, None)
    return replace(record, **changes)  # type: ignore[arg-type]


def test_our_own_group_wins_and_the_longest_rule_in_it() -> None:
    rules = Rules.of(
        _record(
            "User-agent: *\nDisallow: /\n\nUser-agent: commentarywarehouse\nDisallow: /private\nAllow: /private/open\n"
            "Crawl-delay: 7\nSitemap: https://a.uk/s.xml\nSitemap: https://a.uk/s.xml"
        ),
        AGENT,
    )
    assert rules.verdict("https://a.uk/news", DAY_ONE) == "allowed"
    assert rules.verdict("https://a.uk/private/x", DAY_ONE) == "disallowed"
    assert rules.verdict("https://a.uk/private/open/x", DAY_ONE) == "allowed"
    assert rules.crawl_delay_s == 7
    assert rules.sitemaps == ("https://a.uk/s.xml",)


def test_a_request_rate_is_a_delay() -> None:
    assert Rules.of(_record("User-agent: *\nRequest-rate: 2/1m"), AGENT).crawl_delay_s == 30


def test_a_request_rate_of_any_size_can_be_read() -> None:
    for rate in (f"1/{'9' * 500}s", f"{'9' * 500}/1s", "0/5", "1/0", "-1/5", "a/b"):
        assert Rules.of(_record(f"User-agent: *\nRequest-rate: {rate}"), AGENT).crawl_delay_s >= 0


def test_rubbish_forbids_nothing() -> None:
    for body in ("", "<html>not found</html>", "\0\1\2", "Disallow: /", "User-agent *\n:::\n" * 1000):
        assert Rules.of(_record(body), AGENT).verdict("https://a.uk/x", DAY_ONE) == "allowed"


def test_without_any_copy_all_is_forbidden_for_thirty_days() -> None:
    rules = Rules.of(_record(None, status=503, unreachable_since=DAY_ONE), AGENT)
    assert rules.verdict("https://a.uk/", DAY_ONE + timedelta(days=29)) == "unreachable"
    assert rules.verdict("https://a.uk/", DAY_ONE + timedelta(days=30)) == "allowed"


def test_a_forbidden_page_is_not_asked_for(web: Site, fetcher_for: MakeFetcher) -> None:
    host = web.host("a.test")
    host.robots("User-agent: *\nDisallow: /members")
    host.page("/members/x", "secret")
    host.page("/open", "hello")
    fetcher = fetcher_for()
    forbidden = fetcher.fetch(ask(host.url("/members/x")))
    assert (forbidden.error_type, forbidden.sent) == ("disallowed", False)
    assert fetcher.fetch(ask(host.url("/open"))).ok
    assert web.paths() == ["/robots.txt", "/open"]


def test_a_redirect_into_a_forbidden_place_is_not_followed(web: Site, fetcher_for: MakeFetcher) -> None:
    first, other = web.host("a.test"), web.host("b.test")
    first.redirect("/x", other.url("/members/x"))
    other.robots("User-agent: *\nDisallow: /members")
    result = fetcher_for().fetch(ask(first.url("/x")))
    assert result.error_type == "disallowed"
    assert web.paths("b.test") == ["/robots.txt"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_no_file_forbids_nothing(web: Site, fetcher_for: MakeFetcher, status: int) -> None:
    host = web.host("a.test")
    host.robots("User-agent: *\nDisallow: /", status)
    host.page("/", "hello")
    assert fetcher_for().fetch(ask(host.url())).ok


@pytest.mark.parametrize("status", [500, 503, 429])
def test_an_unreachable_file_forbids_all(web: Site, fetcher_for: MakeFetcher, status: int) -> None:
    host = web.host("a.test")
    host.robots("", status)
    host.page("/", "hello")
    result = fetcher_for().fetch(ask(host.url()))
    assert result.error_type in {"robots_unreachable", "host_down"}
    assert result.error is not None and (str(status) in result.error or status != 500)
    assert web.paths() == ["/robots.txt"]


def test_it_is_asked_for_once_a_day(web: Site, fetcher_for: MakeFetcher, time: FakeTime) -> None:
    host = web.host("a.test")
    host.robots("User-agent: *\nDisallow: /old")
    host.page("/x", "hello")
    fetcher = fetcher_for()
    for _ in range(3):
        fetcher.fetch(ask(host.url("/x")))
    kept = fetcher.fresh_robots()
    assert len(kept) == 1
    assert fetcher.fresh_robots() == []
    time.advance(hours=23)
    fetcher_for(robots=tuple(kept)).fetch(ask(host.url("/x")))
    assert web.count("/robots.txt") == 1
    time.advance(hours=2)
    host.robots("User-agent: *\nDisallow: /x")
    assert fetcher_for(robots=tuple(kept)).fetch(ask(host.url("/x"))).error_type == "disallowed"
    assert web.count("/robots.txt") == 2


def test_max_age_shortens_its_life_to_an_hour_at_least(web: Site, fetcher_for: MakeFetcher, time: FakeTime) -> None:
    host = web.host("a.test")
    host.robots("", Cache_Control="max-age=60")
    fetcher = fetcher_for()
    fetcher.fetch(ask(host.url("/x")))
    (record,) = fetcher.fresh_robots()
    assert record.expires_at - record.fetched_at == timedelta(hours=1)


def test_an_old_copy_is_obeyed_while_the_file_is_unreachable(
    web: Site, fetcher_for: MakeFetcher, time: FakeTime
) -> None:
    host = web.host("a.test")
    host.robots("User-agent: *\nDisallow: /no")
    host.page("/yes", "hello")
    first = fetcher_for()
    first.fetch(ask(host.url("/yes")))
    kept = tuple(first.fresh_robots())
    host.robots("", 500)
    time.advance(days=40)
    second = fetcher_for(robots=kept)
    assert second.fetch(ask(host.url("/yes"))).ok
    assert second.fetch(ask(host.url("/no"))).error_type == "disallowed"
    (record,) = second.fresh_robots()
    assert record.body == kept[0].body
    assert record.unreachable_since == record.fetched_at


def test_its_redirects_are_followed_and_a_circle_forbids_nothing(web: Site, fetcher_for: MakeFetcher) -> None:
    host, other = web.host("a.test"), web.host("b.test")
    host.redirect("/robots.txt", other.url("/rules.txt"))
    other.page("/rules.txt", "User-agent: *\nDisallow: /no", "text/plain")
    assert fetcher_for().fetch(ask(host.url("/no"))).error_type == "disallowed"
    host.redirect("/robots.txt", "/robots.txt")
    host.page("/no", "hello")
    assert fetcher_for().fetch(ask(host.url("/no"))).ok


def test_half_a_megabyte_of_it_is_read(web: Site, fetcher_for: MakeFetcher) -> None:
    host = web.host("a.test")
    filler = "# nothing\n" * 52_000
    host.robots(f"User-agent: *\nDisallow: /early\n{filler}\nDisallow: /late\n")
    host.page("/late", "hello")
    fetcher = fetcher_for()
    assert fetcher.fetch(ask(host.url("/early"))).error_type == "disallowed"
    assert fetcher.fetch(ask(host.url("/late"))).ok


def test_an_endless_one_ends(web: Site, fetcher_for: MakeFetcher) -> None:
    host = web.host("a.test")
    host.drip("/robots.txt", pause_s=0.0, piece=b"User-agent: *\nDisallow: /no\n" * 1000)
    host.page("/", "hello")
    assert fetcher_for().fetch(ask(host.url("/"))).ok
    assert fetcher_for().fetch(ask(host.url("/no"))).error_type == "disallowed"


def test_each_port_and_scheme_has_its_own(web: Site, fetcher_for: MakeFetcher) -> None:
    host = web.host("a.test")
    host.reply("/robots.txt", Reply(b"User-agent: *\nDisallow: /no", headers={"Content-Type": "text/plain"}))
    fetcher = fetcher_for()
    fetcher.fetch(ask(host.url("/no")))
    assert [record.origin for record in fetcher.fresh_robots()] == [f"http://a.test:{web.port}"]
