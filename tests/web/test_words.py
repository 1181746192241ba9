"""What a host is asked on another site's word is counted for that site alone."""

import pytest

from extractors.web.discover import discover
from extractors.web.model import Source
from tests.conftest import free_port
from tests.web.clock import FakeTime
from tests.web.conftest import MakeFetcher, ask
from tests.web.site import Entry, Host, Reply, Site

HOSTILE, HONEST = "127.0.0.41", "127.0.0.42"


@pytest.fixture
def hosts(web: Site) -> tuple[Host, Host]:
    """A site that sends us to another one, and that other one, which is well."""
    hostile, honest = web.host(HOSTILE), web.host(HONEST)
    for number in range(8):
        honest.page(f"/{number}", f"<p>{number}")
    return hostile, honest


def test_a_redirect_to_a_dead_port_does_not_mark_the_host_as_down(
    hosts: tuple[Host, Host], fetcher_for: MakeFetcher
) -> None:
    hostile, honest = hosts
    fetcher = fetcher_for()
    hostile.redirect("/trap", f"http://{HONEST}:{free_port()}/dead")
    hostile.page("/fine", "<p>Fine")
    assert fetcher.fetch(ask(hostile.url("/trap"))).error_type == "connect"
    assert fetcher.fetch(ask(honest.url("/1"))).ok
    assert fetcher.fetch(ask(hostile.url("/fine"))).ok


def test_what_a_site_leads_to_in_vain_is_not_asked_on_its_word_again(
    web: Site, hosts: tuple[Host, Host], fetcher_for: MakeFetcher
) -> None:
    hostile, honest = hosts
    fetcher = fetcher_for()
    for number in range(3):
        hostile.redirect(f"/{number}", honest.url(f"/broken/{number}"))
        honest.error(f"/broken/{number}", 500)
        assert fetcher.fetch(ask(hostile.url(f"/{number}"))).error_type == "server_error"
    hostile.redirect("/again", honest.url("/1"))
    left = fetcher.fetch(ask(hostile.url("/again")))
    assert left.error_type == "host_down"
    assert HOSTILE in (left.error or "")
    assert web.count("/1", HONEST) == 0
    assert fetcher.fetch(ask(honest.url("/1"))).ok


def test_a_host_that_is_down_itself_is_not_asked_on_any_word(
    hosts: tuple[Host, Host], fetcher_for: MakeFetcher
) -> None:
    hostile, honest = hosts
    fetcher = fetcher_for()
    for number in range(3):
        honest.error(f"/broken/{number}", 500)
        fetcher.fetch(ask(honest.url(f"/broken/{number}")))
    hostile.redirect("/there", honest.url("/1"))
    assert fetcher.fetch(ask(hostile.url("/there"))).error_type == "host_down"


def test_a_demand_to_wait_is_that_of_whom_we_were_sent_by(
    hosts: tuple[Host, Host], fetcher_for: MakeFetcher, time: FakeTime
) -> None:
    hostile, honest = hosts
    fetcher = fetcher_for()
    honest.reply("/always-busy", Reply(b"Busy", 429, {"Retry-After": str(30 * 86400)}))
    hostile.redirect("/trap", honest.url("/always-busy"))
    hostile.redirect("/trap/2", honest.url("/always-busy"))
    assert fetcher.fetch(ask(hostile.url("/trap"))).error_type == "rate_limited"
    assert fetcher.fetch(ask(hostile.url("/trap/2"))).error_type == "host_down"
    assert fetcher.fetch(ask(honest.url("/1"))).ok
    kept = fetcher.fresh_robots()
    assert all(record.not_before is None for record in kept)
    assert fetcher_for(robots=tuple(kept)).fetch(ask(honest.url("/2"))).ok


@pytest.mark.parametrize("place", ["feed", "sitemap", "home"])
def test_an_endpoint_named_on_another_host_does_not_mark_it_as_down(
    web: Site, hosts: tuple[Host, Host], fetcher_for: MakeFetcher, place: str
) -> None:
    hostile, honest = hosts
    dead = f"http://{HONEST}:{free_port()}/dead.xml"
    link = f'<link rel="alternate" type="application/rss+xml" href="{dead}">' if place == "feed" else ""
    hostile.page("/", f"<html><head>{link}</head><p>Welcome</p></html>")
    if place == "sitemap":
        hostile.robots(f"User-agent: *\nSitemap: {dead}")
    if place == "home":
        hostile.redirect("/", f"http://{HONEST}:{free_port()}/")
    honest.rss("/feed/", [Entry("/1"), Entry("/2")])
    sources = [_source("hostile", hostile.url("/"), "site"), _source("honest", honest.url("/feed/"), "feed")]
    fetcher = fetcher_for()
    # One after the other: what the first led to must not matter to the second.
    states = [state for source in sources for state in discover([source], fetcher, lambda found: None)]
    assert {state.source_id: state.status for state in states}["honest"] == "ok"
    assert fetcher.fetch(ask(honest.url("/1"))).ok


@pytest.mark.parametrize("form", ["feed", "atom", "json_feed", "sitemap", "wordpress", "listing"])
def test_addresses_of_another_site_are_not_a_sources_to_offer(
    hosts: tuple[Host, Host], fetcher_for: MakeFetcher, form: str
) -> None:
    hostile, honest = hosts
    port = honest.root.rpartition(":")[2]
    foreign = [
        honest.url("/1"),
        f"http://{HOSTILE}:{port}@{HONEST}:{port}/1",
        f"http://{HONEST}.:{port}/1",
        f"http://{HOSTILE}.{HONEST}.example/1",
        f"http://{HOSTILE}%2e@{HONEST}/1",
    ]
    found: list[str] = []
    offer = [Entry(address, title="A headline of the NHS and its private partners") for address in foreign]
    source = _offered(hostile, form, offer)
    discover([source], fetcher_for(), lambda one: found.extend(c.fetch_url for c in one.candidates))
    assert [address for address in found if not address.startswith(hostile.root)] == []


def _offered(host: Host, form: str, entries: list[Entry]) -> Source:
    if form == "wordpress":
        api = host.wordpress(entries)
        host.page("/", f"<html><head>{api}</head><p>Welcome</p></html>")
        return _source("hostile", host.url("/"), "wordpress")
    if form == "listing":
        links = "".join(f'<li><a href="{entry.link}">{entry.title}</a>' for entry in entries)
        host.page("/", f"<html><ul>{links}</ul></html>")
        return _source("hostile", host.url("/"), "section")
    serve = {"feed": host.rss, "atom": host.atom, "json_feed": host.json_feed, "sitemap": host.sitemap}[form]
    serve("/at", entries)
    return _source("hostile", host.url("/at"), "sitemap" if form == "sitemap" else "feed")


def _source(name: str, address: str, kind: str) -> Source:
    root = "/".join(address.split("/")[:3]) + "/"
    return Source(name, name, root, kind, address, "think tank")  # type: ignore[arg-type]
