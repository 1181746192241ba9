"""No site takes over another one's article, whatever it says or leads to: two publishers on loopback, one hostile."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.flows.watch import DAY_ONE, Life, gold
from tests.web import formats
from tests.web.site import Entry, Host, Reply, Site

DAY = timedelta(days=1)
HONEST, HOSTILE, UNWATCHED = "127.0.0.51", "127.0.0.52", "127.0.0.53"
NAMES = {HONEST: "Honest", HOSTILE: "Hostile"}
Text = tuple[str, list[str]]


@pytest.fixture
def web() -> Iterator[Site]:
    with Site() as site:
        for name in (HONEST, HOSTILE, UNWATCHED):
            site.host(name)
        yield site


@pytest.fixture
def life(web: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Life:
    monkeypatch.setenv("COMMENTARY_ALLOW_HOSTS", str(list(web.allow)).replace("'", '"'))
    made = Life(tmp_path, monkeypatch)
    made.watch(*(source(name, web.host(host)) for host, name in NAMES.items()))
    return made


def source(name: str, host: Host) -> str:
    feed = host.url("/feed/")
    return f'id = "{name.lower()}"\nname = "{name}"\naddress = "{feed}"\nkind = "feed"\nsector = "think tank"'


class Publisher:
    """A host with what it serves as its own, by path."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.serves: dict[str, Text] = {}

    def put(self, path: str, text: Text, head: str = "", canonical: str | None = None) -> None:
        """Serve an article, its head with more in it."""
        page = formats.article(*text, canonical=canonical)
        assert "<head>" in page
        self.host.page(path, page.replace("<head>", "<head>" + head, 1))
        self.serves[path] = text

    def lists(self, *paths: str) -> None:
        """List these in the feed."""
        self.host.rss("/feed/", [Entry(path) for path in paths])


@pytest.fixture
def honest(web: Site) -> Publisher:
    return Publisher(web.host(HONEST))


@pytest.fixture
def hostile(web: Site) -> Publisher:
    return Publisher(web.host(HOSTILE))


def holds_what_each_served(life: Life, *publishers: Publisher) -> None:
    """The one property: each article has the text that its site served, in its first version, under its site's name."""
    rows = life.rows(
        "SELECT url, publisher, source_id, title, version, list(text ORDER BY paragraph_no) FROM articles "
        "JOIN paragraphs USING (article_id) GROUP BY ALL"
    )
    served = {one.host.url(path): (one, text) for one in publishers for path, text in one.serves.items()}
    for url, publisher, source_id, title, version, paragraphs in rows:
        one, (its_title, its_paragraphs) = served[url]
        name = NAMES[one.host.name]
        assert (publisher, source_id, title, version) == (name, name.lower(), its_title, 1), url
        its_paragraphs = [text.removeprefix("• ") for text in its_paragraphs]  # as a file writes list items
        assert [text for text in map(_plain, paragraphs) if text in its_paragraphs] == its_paragraphs, url


def _plain(text: str) -> str:
    return text.removeprefix("• ")


def titles(life: Life, publisher: str) -> set[str]:
    return {title for (title,) in life.rows(f"SELECT title FROM articles WHERE publisher = '{publisher}'")}


def place(number: int) -> str:
    return f"/insights/{number}-what-the-regime-will-do-to-providers"


def text_of(number: int, by: str) -> Text:
    title, paragraphs = gold(f"{number % 13 + 1:02}")
    return f"{title}, the {number}th of {by}", paragraphs


def og(url: str) -> str:
    return f'<meta property="og:url" content="{url}">'


def json_ld(url: str) -> str:
    named = f'"@id":"{url}","url":"{url}","mainEntityOfPage":"{url}"'
    publisher = '"publisher":{"@type":"Organization","name":"Honest"}'
    return f'<script type="application/ld+json">{{"@type":"Article",{named},{publisher}}}</script>'


def canonical(url: str) -> str:
    return f'<link rel="canonical" href="{url}">'


# What a hostile page puts in its head to be taken for the page at an address of another site.
CLAIMS: tuple[Callable[[str], str], ...] = (
    canonical,
    og,
    json_ld,
    lambda url: canonical(url.replace("http:", "https:")),
    lambda url: canonical(url.replace("//", "//www.")),
    lambda url: canonical(url.replace(HONEST, HONEST + ".")),
    lambda url: canonical(url.replace("//", f"//{HOSTILE}@")),
    lambda url: canonical(url + "?utm_source=x#top"),
    lambda url: canonical(url + "/index.html"),
    lambda url: f'<base href="{url}">' + canonical("/insights/" + url.rpartition("/")[2]),
    lambda url: f'<link rel="alternate" hreflang="en" href="{url}"><link rel="amphtml" href="{url}">',
    lambda url: '<meta property="og:site_name" content="Honest"><meta name="publisher" content="Honest">',
)
# And two that send readers on to that page, by the protocol and by the page itself.
REDIRECT = len(CLAIMS)
REFRESH = REDIRECT + 1


def test_a_site_that_claims_anothers_articles(web: Site, life: Life, honest: Publisher, hostile: Publisher) -> None:
    """In every way: before the other site was asked, when it has its articles, and when pages are read again."""
    numbers = range(len(CLAIMS))
    for number in numbers:
        honest.put(place(number), text_of(number, "Honest"))
        head = CLAIMS[number](honest.host.url(place(number)))
        hostile.put(place(number), text_of(number + 6, "Hostile"), head)
    honest.put(place(REDIRECT), text_of(1, "Honest at last"))
    hostile.host.redirect(place(REDIRECT), honest.host.url(place(REDIRECT)))
    honest.put(place(REFRESH), text_of(0, "Honest by refresh"))
    refresh = f'<meta http-equiv="refresh" content="0; url={honest.host.url(place(REFRESH))}">'
    page = formats.article(*text_of(13, "Hostile")).replace("<head>", "<head>" + refresh, 1)
    hostile.host.page(place(REFRESH), page)
    hostile.lists(*map(place, (*numbers, REDIRECT, REFRESH)))
    life.day(DAY_ONE)
    holds_what_each_served(life, honest, hostile)
    of_hostile = {title for title, _ in hostile.serves.values()}
    assert titles(life, "Hostile") == of_hostile

    honest.lists(*map(place, (*numbers, REDIRECT, REFRESH)))
    life.day(DAY_ONE + DAY)
    holds_what_each_served(life, honest, hostile)
    assert titles(life, "Honest") == {title for title, _ in honest.serves.values()}
    assert titles(life, "Hostile") == of_hostile

    for number in numbers:
        head = canonical(honest.host.url(place(number)))
        hostile.put("/2" + place(number), text_of(number + 3, "Hostile again"), head)
    hostile.put(place(REDIRECT), text_of(2, "Hostile at last"))
    hostile.lists(*("/2" + place(number) for number in numbers))
    life.day(DAY_ONE + 9 * DAY)
    holds_what_each_served(life, honest, hostile)
    assert titles(life, "Honest") == {title for title, _ in honest.serves.values()}
    foreign = life.rows(
        "SELECT d.url, a.url FROM article_addresses AS d JOIN articles AS a USING (article_id) "
        f"WHERE d.url LIKE '%{HONEST}:%' AND a.url NOT LIKE '%{HONEST}:%'"
    )
    assert foreign == []


def test_who_serves_what(web: Site, life: Life, honest: Publisher, hostile: Publisher) -> None:
    """A seed that is claimed, a page that begins to lead elsewhere, one that an unwatched site serves, copies that say
    so before and after their originals, and pointers at dead ports and busy pages: each on days of its own."""
    title, paragraphs = text_of(0, "Honest")
    (life.seeds / "one.txt").write_text(f"{title}\n\n" + "\n\n".join(paragraphs), "utf-8")
    (life.seeds / "manifest.toml").write_text(
        f'[[article]]\nfile = "one.txt"\ntitle = "{title}"\npublisher = "Honest"\nsource = "honest"\n'
        f'url = "{honest.host.url(place(0))}"\n',
        "utf-8",
    )
    honest.serves[place(0)] = (title, paragraphs)  # by its file only
    hostile.put(place(0), text_of(6, "Hostile"), canonical(honest.host.url(place(0))))
    honest.put(place(1), text_of(1, "Honest"))
    honest.put(place(2), text_of(2, "Honest"))
    honest.put(place(3), text_of(3, "Honest"))
    hostile.put("/copy/2", text_of(2, "Honest"), canonical(honest.host.url(place(2))))
    hostile.host.page("/copy/3", formats.article(*text_of(3, "Honest"), canonical=honest.host.url(place(3))))
    hostile.host.redirect("/dead", f"http://{HONEST}:9/dead")
    honest.host.reply("/busy", Reply(b"Busy", 429, {"Retry-After": str(20 * 86400)}))
    hostile.host.redirect("/hold", honest.host.url("/busy"))
    elsewhere = web.host(UNWATCHED)
    elsewhere.page(place(4), formats.article(*text_of(4, "nobody")).replace("<head>", "<head>" + CLAIMS[-1](""), 1))
    hostile.host.redirect("/away", elsewhere.url(place(4)))
    hostile.lists(place(0), "/copy/2", "/dead", "/hold")
    honest.lists(place(1), place(3))
    life.day(DAY_ONE)
    holds_what_each_served(life, honest, hostile)
    assert titles(life, "Honest") == {honest.serves[place(number)][0] for number in (0, 1, 3)}

    hostile.put("/theirs" + place(1), text_of(7, "Hostile"))
    honest.host.redirect(place(1), hostile.host.url("/theirs" + place(1)))
    hostile.lists("/copy/3", "/away")
    honest.lists(place(2))
    life.day(DAY_ONE + DAY)
    what_the_second_day_brought(life, honest, hostile, elsewhere)
    told = "SELECT url, title, publisher, source_id, syndicated_from, version FROM articles ORDER BY ALL"
    coding_anew_and_rebuilding_change_nothing_of_it(life, told)

    honest.put(place(1), text_of(1, "Honest"))
    before = life.rows(told)
    life.day(DAY_ONE + 9 * DAY)
    assert life.rows(told) == before


def what_the_second_day_brought(life: Life, honest: Publisher, hostile: Publisher, elsewhere: Host) -> None:
    away = elsewhere.url(place(4))
    assert life.rows(f"SELECT publisher, source_id, syndicated_from FROM articles WHERE url = '{away}'") == [
        (elsewhere.root.removeprefix("http://"), "hostile", away.replace("http:", "https:"))
    ]
    rows = life.rows("SELECT url, title, publisher, version FROM articles WHERE publisher IN ('Honest', 'Hostile')")
    served = {one.host.url(path): text[0] for one in (honest, hostile) for path, text in one.serves.items()}
    assert {(url, title) for url, title, _, _ in rows} == set(served.items())
    assert {(url.split("/")[2].partition(":")[0], publisher, version) for url, _, publisher, version in rows} == {
        (HONEST, "Honest", 1),
        (HOSTILE, "Hostile", 1),
    }
    first = life.rows("SELECT url, syndicated_from, duplicate_of FROM articles WHERE url LIKE '%/copy/2'")
    ((original,),) = life.rows(f"SELECT article_id FROM articles WHERE url = '{honest.host.url(place(2))}'")
    identity = honest.host.url(place(2)).replace("http:", "https:")
    assert first == [(hostile.host.url("/copy/2"), identity, original)], "the copy came first, and is the copy"
    standing = life.rows(f"SELECT duplicate_of FROM articles WHERE article_id = '{original}'")
    assert standing == [(None,)]
    later = life.rows(
        "SELECT a.url FROM article_addresses AS d JOIN articles AS a USING (article_id) WHERE d.url LIKE '%/copy/3'"
    )
    assert set(later) == {(honest.host.url(place(3)),)}, "the copy came later: an address of what its site has"


def coding_anew_and_rebuilding_change_nothing_of_it(life: Life, told: str) -> None:
    from flows.reextract import rebuild_commentary, reextract_commentary

    before = life.rows(told)
    life.run(reextract_commentary, DAY_ONE + 2 * DAY)
    assert life.rows(told) == before
    kept = life.home / "kept.duckdb"
    (life.home / "work/warehouse.duckdb").rename(kept)
    published = (life.home / "commentary.duckdb").rename(life.home / "published.duckdb")
    life.run(rebuild_commentary, DAY_ONE + 2 * DAY)
    assert life.rows(told) == before
    kept.rename(life.home / "work/warehouse.duckdb")
    published.rename(life.home / "commentary.duckdb")
