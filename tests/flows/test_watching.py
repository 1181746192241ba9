"""Three days of watching a loopback web: what is fetched is counted on the wire, what is loaded in the database."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from flows.life import state_of
from tests.flows.watch import DAY_ONE, Life, gold, serve_gold
from tests.web.site import Entry, Site

DAY = timedelta(days=1)


@pytest.fixture
def web() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def life(web: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Life:
    hosts = [f"127.0.0.{number}" for number in range(11, 20)]
    for host in hosts:
        web.host(host)
    monkeypatch.setenv("COMMENTARY_ALLOW_HOSTS", str(list(web.allow)).replace("'", '"'))
    return Life(tmp_path, monkeypatch)


def source(name: str, address: str, kind: str = "feed") -> str:
    return f'id = "{name}"\nname = "{name.title()}"\naddress = "{address}"\nkind = "{kind}"\nsector = "think tank"'


def stage_the_web(web: Site, life: Life) -> None:
    """Five publishers: a feed, a site with an Atom feed, a sitemap index, one that forbids, one that syndicates."""
    feed, site, maps, shut, copies = (web.host(f"127.0.0.{number}") for number in (11, 12, 13, 14, 15))
    serve_gold(feed, "/insights/selection-regime", "01", published="2024-09-12")
    serve_gold(feed, "/insights/divide", "02")
    serve_gold(feed, "/insights/hip-prices", "01", "negatives")
    entries = [Entry(f"/insights/{slug}") for slug in ("selection-regime", "divide", "hip-prices")]
    feed.rss("/feed/", [*entries, Entry("/insights/divide?utm_source=feed")])
    serve_gold(site, "/blog/ready-to-do-more", "03")
    site.page(
        "/blog/members-only", "<html><title>Log in</title><form><input type=password></form><p>Please log in.</p>"
    )
    site.atom("/blog/feed/", [Entry("/blog/ready-to-do-more"), Entry("/blog/members-only")])
    site.page("/", '<html><link rel="alternate" type="application/atom+xml" href="/blog/feed/"><p>Welcome</p></html>')
    serve_gold(maps, "/2021/what-the-nhs-got-for-its-money", "06")
    maps.robots(f"User-agent: *\nSitemap: {maps.url('/sitemap.xml')}")
    maps.sitemap_index("/sitemap.xml", {"/sitemap-1.xml.gz": None})
    maps.sitemap(
        "/sitemap-1.xml.gz",
        [Entry("/2021/what-the-nhs-got-for-its-money", modified=DAY_ONE - DAY)],
        compressed_file=True,
    )
    shut.robots("User-agent: *\nDisallow: /")
    shut.rss("/feed/", [Entry("/secret")])
    serve_gold(copies, "/reprint/selection-regime", "01", canonical=feed.url("/insights/selection-regime"))
    copies.json_feed("/feed.json", [Entry("/reprint/selection-regime")])
    life.watch(
        source("feed", feed.url("/feed/")),
        source("site", site.url("/"), "site"),
        source("maps", maps.url("/sitemap.xml"), "sitemap"),
        source("shut", shut.url("/feed/")),
        source("copies", copies.url("/feed.json")),
    )


def titles(life: Life) -> set[str]:
    return {row[0] for row in life.rows("SELECT title FROM articles")}


def test_three_days(web: Site, life: Life) -> None:
    stage_the_web(web, life)

    report = life.day(DAY_ONE)
    belongs = {gold(name)[0] for name in ("01", "02", "03", "06")}
    assert titles(life) == belongs
    assert report.counts.ingested == 4
    statuses = dict(life.rows("SELECT regexp_extract(url, '[^/]*$'), status FROM candidates ORDER BY ALL"))
    assert statuses["hip-prices"] == "not_similar"
    assert statuses["members-only"] in {"failed", "not_similar"}
    assert statuses["divide"] == "ingested"
    assert web.paths("127.0.0.14") == ["/robots.txt"]
    assert web.count("/insights/divide", "127.0.0.11") == 1, "the tracking address is the same page"
    reasons = life.rows("SELECT reason FROM candidates WHERE status = 'not_similar'")
    assert reasons[0][0]
    addresses = life.rows(
        "SELECT count(*) FROM article_addresses JOIN articles USING (article_id) "
        "WHERE title LIKE 'The Provider Selection%' AND article_addresses.url LIKE '%reprint%'"
    )
    assert addresses[0][0] >= 1, "the syndicated copy is the same article, with its address"

    web.forget()
    before = life.content()
    report = life.day(DAY_ONE + DAY)
    asked = [(request.host, request.path) for request in web.forget()]
    pages = [path for _, path in asked if path.startswith(("/insights/", "/blog/r", "/blog/m", "/2021/", "/reprint/"))]
    feeds = [one for one in asked if one[1] not in pages and one[1] != "/robots.txt"]
    assert len(feeds) == len(set(feeds)), "at most one request a feed"
    assert len(pages) == len(set(pages)), "what is due for its first re-reading is asked for once"
    assert "/insights/hip-prices" not in pages
    assert report.counts.ingested == report.counts.updated == 0
    assert life.content() == before

    feed = web.host("127.0.0.11")
    title, paragraphs = gold("02")
    feed.article("/insights/divide", title, [p.replace("£8.77 billion", "£8.79 billion") for p in paragraphs])
    serve_gold(feed, "/insights/cataracts", "09")
    feed.rss("/feed/", [Entry("/insights/cataracts"), Entry("/insights/divide")])
    web.host("127.0.0.13").remove("/2021/what-the-nhs-got-for-its-money", 410)
    report = life.day(DAY_ONE + 8 * DAY)
    assert titles(life) == belongs | {gold("09")[0]}
    assert (report.counts.ingested, report.counts.updated, report.counts.gone) == (1, 1, 1)
    changed = life.rows("SELECT before, after FROM version_changes WHERE kind = 'figure'")
    assert ("£8.77 billion", "£8.79 billion") in changed
    assert life.rows("SELECT count(*) FROM articles WHERE version = 2") == [(1,)]
    assert life.rows("SELECT status FROM candidates WHERE url LIKE '%for-its-money'") == [("gone",)]


def test_a_seed_and_its_page_are_one_article(web: Site, life: Life) -> None:
    host = web.host("127.0.0.11")
    title, paragraphs = gold("11")
    seed = life.seeds / "venture.txt"
    seed.write_text(f"{title}\n\n" + "\n\n".join(paragraphs[:-1]), "utf-8")
    (life.seeds / "manifest.toml").write_text(
        f'[[article]]\nfile = "venture.txt"\ntitle = "{title}"\nurl = "{host.url("/views/venture/")}"\n', "utf-8"
    )
    host.article("/views/venture", title, paragraphs)
    host.rss("/feed/", [Entry("/views/venture?utm_medium=rss")])
    life.watch(source("feed", host.url("/feed/")))

    life.day(DAY_ONE)
    assert life.rows("SELECT version FROM articles") == [(2,)]
    versions = life.rows("SELECT * FROM article_versions ORDER BY version")
    assert len(versions) == 2
    life.day(DAY_ONE + timedelta(hours=1))
    assert life.rows("SELECT * FROM article_versions ORDER BY version") == versions, "the file is an older version"


def test_an_operator_overrules(web: Site, life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    from flows.cli import group
    from flows.settings import settings

    host = web.host("127.0.0.11")
    serve_gold(host, "/insights/railways", "07", "negatives")
    serve_gold(host, "/insights/divide", "02")
    host.rss("/feed/", [Entry("/insights/railways"), Entry("/insights/divide")])
    life.watch(source("feed", host.url("/feed/")))
    life.day(DAY_ONE)
    assert titles(life) == {gold("02")[0]}

    web.forget()
    accepted = CliRunner().invoke(group, ["accept", host.url("/insights/railways")])
    assert "the next run loads it" in accepted.output
    page = life.home / "report.html"
    page.write_text(gold("02")[0], "utf-8")
    monkeypatch.setenv("COMMENTARY_PAGE", "true")
    settings.cache_clear()
    rejected = CliRunner().invoke(group, ["reject", host.url("/insights/divide")])
    assert "is withdrawn" in rejected.output
    assert gold("02")[0] not in page.read_text("utf-8"), "what is withdrawn is no longer shown"
    assert page.read_text("utf-8").startswith("<!doctype html>")
    assert titles(life) == set()
    life.day(DAY_ONE + timedelta(minutes=5))
    assert titles(life) == {gold("07", "negatives")[0]}
    assert web.paths() == [], "the bytes were kept: nothing is asked for again"


def test_with_no_network_the_seeds_come_in_and_sources_wait(web: Site, life: Life) -> None:
    (life.seeds / "one.txt").write_text("Title: T\n\nThe NHS paid a private company £5m.\n", "utf-8")
    dead = [f"http://127.0.0.{number}:9/feed/" for number in range(11, 17)]
    life.watch(*(source(f"dead-{number}", address) for number, address in enumerate(dead)))
    report = life.day(DAY_ONE)
    assert report.counts.ingested == 1
    assert {status for _, status, _ in report.sources} == {"unreachable"}
    assert len(report.sources) == 6
    assert report.reached_nothing
    assert state_of(report).name == "NothingReached"
    assert life.day(DAY_ONE + timedelta(minutes=5)).sources == ()
    assert len(life.day(DAY_ONE + DAY).sources) == 6
