"""The whole command on a web that would keep a reader busy for ever: it ends, and what is good is published."""

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests import hostile
from tests.conftest import Command
from tests.flows.watch import gold, serve_gold
from tests.web.site import Entry, Host, Site
from warehouse.raw_store import RawStore
from warehouse.workspace import Workspace

# Of these each took minutes or did not end; most are read in a moment now, or refused before.
PAGES = {
    "/punycode": (hostile.punycode(2_000_000), "text/html"),
    "/attributes": (hostile.attributes(40_000), "text/html"),
    "/nested": (hostile.nested_tags(400_000), "text/html; charset=cp037"),
    "/links": (hostile.links(5_000), "text/html"),
    "/ones": (hostile.ones(200_000), "text/plain"),
    "/sentence": (hostile.sentence(400_000), "text/plain"),
    "/dots": (hostile.dots(200_000), "text/plain"),
    "/forms.pdf": (hostile.nested_forms(30), "application/pdf"),
    "/lines.pdf": (hostile.short_lines(100_000, 15), "application/pdf"),
}
REFUSED = {
    "/punycode": "too_large",
    "/attributes": "too_large",
    "/nested": "too_large",
    "/links": "too_large",
    "/lines.pdf": "too_slow",
}
# Twice as slow as it may be on a fast machine.
SLOW_LISTING = "<html><body>" + "<a href=b a b c d e f g h i j k l m n o p q r s t u v w x y z>" * 90_000


@pytest.fixture
def web() -> Iterator[Site]:
    with Site() as site:
        yield site


def source(host: Host, path: str, kind: str) -> str:
    return (
        f'[[source]]\nid = "at-{host.name.rpartition(".")[2]}"\nname = "{host.name}"\naddress = "{host.url(path)}"\n'
        f'kind = "{kind}"\nsector = "think tank"\n'
    )


def stage(web: Site) -> str:
    """Two good publishers, and four that are none; the file of sources."""
    good, header, quine, blank, pages, listing = (web.host(f"127.0.0.{number}") for number in range(51, 57))
    serve_gold(good, "/2024/selection", "01")
    good.rss("/feed/", [Entry("/2024/selection")])
    serve_gold(header, "/2024/divide", "02", content_type="text/html; charset=" + " " * 60_000 + ";")
    header.rss("/feed/", [Entry("/2024/divide")])
    quine.page("/sitemap.xml", hostile.gzip_quine(), "application/xml")
    blank.page("/feed/", hostile.newlines_before_feed(400_000), "application/rss+xml")
    for path, (body, content_type) in PAGES.items():
        pages.page(path, body, content_type)
    pages.rss("/feed/", [Entry(path) for path in PAGES])
    listing.page("/news", SLOW_LISTING)
    kinds = {quine: ("/sitemap.xml", "sitemap"), listing: ("/news", "section")}
    hosts = (quine, blank, pages, listing, good, header)
    return "".join(source(host, *kinds.get(host, ("/feed/", "feed"))) for host in hosts)


def test_a_hostile_web_costs_itself(web: Site, commentary: Command, tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text(stage(web), "utf-8")
    (tmp_path / "seeds").mkdir()
    done = commentary(
        "ingest",
        *("--seeds", tmp_path / "seeds", "--sources", tmp_path / "sources.toml"),
        COMMENTARY_ALLOW_HOSTS=json.dumps(web.allow),
        COMMENTARY_CONTACT="tests@example.org",
        COMMENTARY_HOST_DELAY="0",
        COMMENTARY_ITEM_SECONDS="2",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    with duckdb.connect(str(tmp_path / "data/commentary.duckdb"), read_only=True) as connection:
        titles = {title for (title,) in connection.execute("SELECT title FROM articles").fetchall()}
        told = connection.execute("SELECT url, error_type, message FROM failures WHERE stage = 'read'").fetchall()
        listings = connection.execute(
            "SELECT url, error_type, next_try_at, last_at FROM failures WHERE stage = 'discover'"
        ).fetchall()
        states = dict(connection.execute("SELECT source_id, detail FROM sources").fetchall())
        pages = dict(connection.execute("SELECT fetch_url, raw_hash FROM fetches WHERE purpose = 'article'").fetchall())
    assert {gold(name)[0] for name in ("01", "02")} <= titles, done.stdout
    reasons = {"/" + url.rpartition("/")[2]: error for url, error, _ in told}
    assert reasons.items() >= REFUSED.items()
    store = RawStore(Workspace(tmp_path / "data").raw)
    for path, (body, _) in PAGES.items():
        assert store.get(next(kept for url, kept in pages.items() if url.endswith(path))) == body
    slow = web.host("127.0.0.56").url("/news")
    assert "packed more than" in states["at-53"]
    assert "s of processor time" in states["at-56"]
    # The page of links is read twice, as the source's address and as what lists its articles; nothing else is too slow.
    assert {(url, error, due >= at) for url, error, due, at in listings} == {(slow, "too_slow", True)}
    assert "failed (discover)" in done.stdout and "/news: reading it takes more than 2 s" in done.stdout
    kept = {store.get(name) for name in store}
    assert SLOW_LISTING.encode() in kept
